"""Whether a value is what a botocore shape says: required members, enums at every depth, patterns, lengths, ranges."""

from __future__ import annotations

from typing import Any

import regex
from botocore.model import Shape


def shape_problems(value: Any, shape: Shape, path: str = "") -> list[str]:
    """What is wrong with a value, one sentence each; empty if nothing."""
    kind = shape.type_name
    if kind == "structure":
        return _structure_problems(value, shape, path)
    if kind == "list":
        items = [p for i, item in enumerate(value) for p in shape_problems(item, shape.member, f"{path}[{i}]")]
        return _range_problems(len(value), shape, f"the number of items of {path}") + items
    if kind == "map":
        inner = [p for k, v in value.items() for p in shape_problems(v, shape.value, f"{path}.{k}")]
        keys = [p for k in value for p in shape_problems(k, shape.key, f"key of {path}")]
        return _range_problems(len(value), shape, f"the number of entries of {path}") + keys + inner
    if kind == "string":
        return _string_problems(value, shape, path)
    if kind in ("integer", "long", "float", "double"):
        return _range_problems(value, shape, path)
    return []


def _structure_problems(value: Any, shape: Any, path: str) -> list[str]:
    prefix = f"{path}." if path else ""
    problems = [f"{prefix}{name} is required" for name in shape.required_members if value.get(name) is None]
    for name, member in value.items():
        if name not in shape.members:
            problems.append(f"{prefix}{name} is unknown; there are {', '.join(sorted(shape.members))}")
        elif member is not None:
            problems += shape_problems(member, shape.members[name], f"{prefix}{name}")
    return problems


def _string_problems(value: str, shape: Shape, path: str) -> list[str]:
    metadata = shape.metadata
    if "enum" in metadata and value not in metadata["enum"]:
        return [f"{path} must be one of {', '.join(metadata['enum'])}, not {value!r}"]
    # classes such as \p{L} are for `regex`; Python's own engine cannot read them
    if "pattern" in metadata and not regex.fullmatch(metadata["pattern"], value):
        return [f"{path} must match {metadata['pattern']}, not {value!r}"]
    return _range_problems(len(value), shape, f"the length of {path}")


def _range_problems(number: float, shape: Shape, what: str) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and number < least:
        return [f"{what} must be at least {least}, not {number}"]
    if most is not None and number > most:
        return [f"{what} must be at most {most}, not {number}"]
    return []
