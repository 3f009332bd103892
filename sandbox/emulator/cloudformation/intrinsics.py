"""The intrinsic functions. One that is not known here fails; nothing is passed over."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .template import Template, invalid

NO_VALUE = object()
_SUB = re.compile(r"\$\{([^}]*)\}")


class Unknown(str):
    """A value that is known only after a change was carried out. Whatever is made of it is unknown too."""

    __slots__ = ()

    def __new__(cls) -> Unknown:
        return super().__new__(cls, "{{changeSet:KNOWN_AFTER_APPLY}}")


@dataclass
class Scope:
    """What names mean: parameters, resources, imports, conditions."""

    template: Template
    pseudo: Mapping[str, Any]
    values: Mapping[str, Any]
    ref: Callable[[str], Any] = lambda _logical_id: Unknown()
    attribute: Callable[[str, str], Any] = lambda _logical_id, _name: Unknown()
    export: Callable[[str], str] | None = None
    imports: set[str] = field(default_factory=set)
    _conditions: dict[str, bool] = field(default_factory=dict)

    def condition(self, name: str) -> bool:
        """Whether a named condition holds."""
        if name not in self.template.conditions:
            raise invalid(f"Template error: unresolved condition dependency {name}")
        if name not in self._conditions:
            self._conditions[name] = as_bool(self.resolve(self.template.conditions[name]))
        return self._conditions[name]

    def active(self, definition: Mapping[str, Any]) -> bool:
        """Whether a resource or output is there at all."""
        return "Condition" not in definition or self.condition(definition["Condition"])

    def resolve(self, value: Any) -> Any:
        """A value of the template with every function in it carried out."""
        if isinstance(value, list):
            return [inner for inner in map(self.resolve, value) if inner is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if name.startswith("Fn::"):
                function = _FUNCTIONS.get(name)
                if function is None:
                    raise invalid(f"Template error: the local AWS does not know {name}")
                return function(self, argument)
        resolved = {key: self.resolve(inner) for key, inner in value.items()}
        return {key: inner for key, inner in resolved.items() if inner is not NO_VALUE}

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.values:
            return self.values[name]
        if name in self.template.resources:
            return self.ref(name)
        raise invalid(f"Template error: Ref of unknown {name}")

    def get_att(self, argument: Any) -> Any:
        logical_id, name = argument.split(".", 1) if isinstance(argument, str) else argument
        if logical_id not in self.template.resources:
            raise invalid(f"Template error: Fn::GetAtt of unknown {logical_id}")
        return self.attribute(logical_id, self.resolve(name))

    def import_value(self, argument: Any) -> Any:
        name = self.resolve(argument)
        self.imports.add(name)
        if self.export is None:
            raise invalid("Fn::ImportValue cannot be used here")
        return self.export(name)

    def join(self, argument: Any) -> Any:
        separator, items = argument[0], self.resolve(argument[1])
        if isinstance(items, Unknown) or any(isinstance(item, Unknown) for item in items):
            return Unknown()
        return separator.join(as_text(item) for item in items)

    def sub(self, argument: Any) -> Any:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        parts: list[Any] = []

        def replaced(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in given:
                value = self.resolve(given[name])
            else:
                value = self.get_att(name) if "." in name else self._ref(name)
            parts.append(value)
            return as_text(value)

        result = _SUB.sub(replaced, text)
        return Unknown() if any(isinstance(part, Unknown) for part in parts) else result

    def select(self, argument: Any) -> Any:
        index, items = int(self.resolve(argument[0])), self.resolve(argument[1])
        if isinstance(items, Unknown):
            return Unknown()
        if not 0 <= index < len(items):
            raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return items[index]

    def split(self, argument: Any) -> Any:
        text = self.resolve(argument[1])
        return text if isinstance(text, Unknown) else text.split(argument[0])

    def cidr(self, argument: Any) -> Any:
        block, count, bits = (self.resolve(part) for part in argument)
        if isinstance(block, Unknown):
            return Unknown()
        try:
            network = ipaddress.ip_network(block)
        except ValueError as error:
            raise invalid(f"Template error: Fn::Cidr: {error}") from None
        size = network.max_prefixlen - int(bits)
        if not 1 <= int(count) <= 256 or not network.prefixlen <= size <= network.max_prefixlen:
            raise invalid(f"Template error: Fn::Cidr cannot make {count} blocks of {bits} bits of {block}")
        if int(count) > 2 ** (size - network.prefixlen):
            raise invalid(f"Template error: Fn::Cidr: {block} has no room for {count} blocks of {bits} bits")
        return [str(subnet) for subnet, _ in zip(network.subnets(new_prefix=size), range(int(count)), strict=False)]

    def get_zones(self, argument: Any) -> Any:
        from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend as Known  # half a second

        return [zone.name for zone in Known.zones[self.resolve(argument) or self.pseudo["AWS::Region"]]]

    def condition_if(self, argument: Any) -> Any:
        name, yes, no = argument
        return self.resolve(yes if self.condition(name) else no)

    def find_in_map(self, argument: Any) -> Any:
        name, first, second = (self.resolve(part) for part in argument[:3])
        try:
            return self.template.mappings[name][first][second]
        except KeyError:
            raise invalid(f"Template error: Unable to get mapping for {name}::{first}::{second}") from None

    def base64(self, argument: Any) -> Any:
        text = self.resolve(argument)
        return text if isinstance(text, Unknown) else base64.b64encode(text.encode()).decode()


def as_text(value: Any) -> str:
    """A scalar as CloudFormation writes it into text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_bool(value: Any) -> bool:
    """A truth, which a parameter may give as text."""
    return value == "true" if isinstance(value, str) else bool(value)


_FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Fn::GetAtt": Scope.get_att,
    "Fn::ImportValue": Scope.import_value,
    "Fn::Join": Scope.join,
    "Fn::Sub": Scope.sub,
    "Fn::Select": Scope.select,
    "Fn::Split": Scope.split,
    "Fn::Cidr": Scope.cidr,
    "Fn::If": Scope.condition_if,
    "Fn::FindInMap": Scope.find_in_map,
    "Fn::Base64": Scope.base64,
    "Fn::GetAZs": Scope.get_zones,
    "Fn::Equals": lambda scope, argument: as_text(scope.resolve(argument[0])) == as_text(scope.resolve(argument[1])),
    "Fn::Not": lambda scope, argument: not as_bool(scope.resolve(argument[0])),
    "Fn::And": lambda scope, argument: all(as_bool(scope.resolve(part)) for part in argument),
    "Fn::Or": lambda scope, argument: any(as_bool(scope.resolve(part)) for part in argument),
    "Fn::Contains": lambda scope, argument: scope.resolve(argument[1]) in scope.resolve(argument[0]),
}
