"""What CloudFormation itself says of a resource type: its registry schema, in the copy that cfn-lint ships.

@see https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint
import regex
from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

_SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas"


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    r"""Patterns as the registry writes them, with classes such as \\p{L} that Python's own engine cannot read."""
    if isinstance(value, str) and not regex.search(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator = extend(Draft7Validator, {"pattern": _pattern})


class Schema:
    """The schema of one type in one region."""

    def __init__(self, definition: dict[str, Any]) -> None:
        self._definition = definition
        self._validator = _Validator(definition)
        self._create_only = [_path(pointer) for pointer in definition.get("createOnlyProperties", [])]
        self._read_only = [_path(pointer) for pointer in definition.get("readOnlyProperties", [])]

    def coerce(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Scalars as the schema types them: CloudFormation takes `"true"` for true and `"3"` for 3."""
        return dict(self._coerced(properties, self._definition))

    def problems(self, properties: dict[str, Any]) -> list[str]:
        """What the registry refuses: unknown, missing and read-only properties, types, enums, patterns."""
        given = [f"#/{'/'.join(path)}: is read-only" for path in self._read_only if _given(properties, path)]
        found = []
        for error in self._validator.iter_errors(properties):
            where = "/".join(map(str, error.absolute_path))
            found.append(f"#/{where}: {_short(error.message)}")
        return given + sorted(found)

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
        """The create-only properties that differ: a change of one makes another resource."""
        return ["/".join(path) for path in self._create_only if _at(old, path) != _at(new, path)]

    def _coerced(self, value: Any, schema: dict[str, Any]) -> Any:
        schema = self._deref(schema)
        if isinstance(value, dict):
            members, rest = schema.get("properties", {}), schema.get("additionalProperties")
            patterns = schema.get("patternProperties", {})
            other = next(iter(patterns.values()), rest if isinstance(rest, dict) else {})
            return {key: self._coerced(inner, members.get(key, other)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._coerced(inner, schema.get("items", {})) for inner in value]
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if isinstance(value, str) and type(value) is str and "string" not in kinds:
            if "boolean" in kinds and value in ("true", "false"):
                return value == "true"
            if ("integer" in kinds or "number" in kinds) and re.fullmatch(r"-?\d+", value):
                return int(value)
        if isinstance(value, (int, float)) and kinds == ["string"]:
            return str(value).lower() if isinstance(value, bool) else str(value)
        return value

    def _deref(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        target: Any = self._definition
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return self._deref(target)


@cache
def schema_of(resource_type: str, region: str) -> Schema | None:
    """The schema of a type where it is offered; None for a type that is not AWS's own."""
    file = _index(region).get(resource_type)
    return None if file is None else Schema(json.loads((_SCHEMAS / "resources" / f"{file}.json").read_text()))


@cache
def _index(region: str) -> dict[str, str]:
    provider = _SCHEMAS / "providers" / f"{region}.json"
    return dict(json.loads(provider.read_text())) if provider.exists() else {}


def _path(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.removeprefix("/properties/").split("/"))


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if not isinstance(value, dict):
            return value  # a list on the way ('*'): compared as a whole
        value = value.get(part)
    return value


def _given(value: Any, path: tuple[str, ...]) -> bool:
    """Whether there is anything at a path; what is in lists is not looked at."""
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True


def _short(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:300]}…"
