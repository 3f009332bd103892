"""A template: read, checked, and its resources in the order in which they can be made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

import yaml

from ..service import ServiceError

_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


def invalid(message: str) -> ServiceError:
    """What CloudFormation says to a template or a request it does not take."""
    return ServiceError("ValidationError", message)


class Template:
    """A parsed template. It is never changed."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.data = _parse(body)
        self.parameters: dict[str, Any] = self.data.get("Parameters") or {}
        self.conditions: dict[str, Any] = self.data.get("Conditions") or {}
        self.mappings: dict[str, Any] = self.data.get("Mappings") or {}
        self.rules: dict[str, Any] = self.data.get("Rules") or {}
        self.outputs: dict[str, Any] = self.data.get("Outputs") or {}
        self.resources: dict[str, Any] = self.data.get("Resources") or {}
        if not self.resources:
            raise invalid("Template format error: At least one Resources member must be defined.")
        if self.data.get("Transform"):
            raise invalid("the local AWS does not know Transform")
        self._check_references()

    def order(self) -> list[str]:
        """Logical ids, each after everything it needs; among equals as the template has them."""
        needs = {logical_id: self.needs(logical_id) for logical_id in self.resources}
        try:
            sorter = TopologicalSorter(needs)
            sorter.prepare()
        except CycleError as error:
            raise invalid(f"Circular dependency between resources: [{', '.join(sorted(set(error.args[1])))}]") from None
        position = {logical_id: index for index, logical_id in enumerate(self.resources)}
        ordered: list[str] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=position.__getitem__)
            ordered += ready
            sorter.done(*ready)
        return ordered

    def needs(self, logical_id: str) -> set[str]:
        """What a resource waits for: what it refers to and what it names in DependsOn."""
        definition = self.resources[logical_id]
        named = definition.get("DependsOn", [])
        explicit = {named} if isinstance(named, str) else set(named)
        return (explicit | set(references(definition.get("Properties") or {}))) & self.resources.keys()

    def _check_references(self) -> None:
        known = self.resources.keys() | self.parameters.keys()
        for where, part in (("resource", self.resources), ("output", self.outputs)):
            for name, definition in part.items():
                unknown = sorted({r for r in references(definition) if "::" not in r} - known)
                if unknown:
                    raise invalid(
                        f"Template format error: Unresolved resource dependencies [{', '.join(unknown)}] in the {where} {name}"
                    )
                if where == "resource" and "Type" not in definition:
                    raise invalid(f"Template format error: [/Resources/{name}] Every resource must have a Type")


def references(value: Any) -> Iterator[str]:
    """The logical names a value refers to by Ref, Fn::GetAtt or Fn::Sub."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref" and isinstance(inner, str):
                yield inner
            elif key == "Fn::GetAtt":
                yield (inner.split(".")[0] if isinstance(inner, str) else inner[0])
            elif key == "Fn::Sub":
                text, given = (inner, {}) if isinstance(inner, str) else inner
                yield from (name.split(".")[0] for name in _SUB.findall(text) if name not in given)
                yield from references(given)
            else:
                yield from references(inner)


def _parse(body: str) -> dict[str, Any]:
    try:
        data = json.loads(body) if body.lstrip().startswith("{") else yaml.load(body, _Loader)
    except (ValueError, yaml.YAMLError) as error:
        raise invalid(f"Template format error: not well-formed: {error}") from None
    if not isinstance(data, dict):
        raise invalid("Template format error: unsupported structure.")
    return data


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short forms; a date stays the text it is."""


def _short_form(loader: Any, tag: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
