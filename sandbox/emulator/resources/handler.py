"""What makes, changes and deletes one type of resource, through the API of its service, as AWS's own handlers do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..accounts import Clients, Place

Properties = dict[str, Any]


class HandlerError(Exception):
    """Why a resource could not be made, changed or deleted."""


@dataclass(frozen=True)
class Made:
    """A resource that exists now: what Ref gives, and what Fn::GetAtt gives."""

    physical_id: str
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """For which resource of which stack a handler works."""

    clients: Clients
    place: Place
    stack_name: str
    stack_id: str
    logical_id: str
    resource_type: str
    token: str  # of this attempt

    def client(self, service: str) -> Any:
        """A client of a service, where the stack is."""
        return self.clients.get(service, self.place)

    def name(self, longest: int = 64, *, lower: bool = False) -> str:
        """A name made up as CloudFormation makes one: stack, logical id, something unique."""
        unique = hashlib.sha256(f"{self.stack_id}{self.logical_id}{self.token}".encode()).hexdigest()[:12]
        room = longest - len(unique) - 2
        stem = f"{self.stack_name[: room // 2]}-{self.logical_id[: room - room // 2]}-{unique}"
        return stem.lower() if lower else f"{stem[:-12]}{unique.upper()}"


class Handler:
    """One resource type. What cannot be done fails; nothing is passed over in silence."""

    type: str
    # whether only one such operation runs at a time; one that waits for something outside must not
    exclusive = True
    # attributes that another version of the same resource gives another value
    late_attributes: frozenset[str] = frozenset()
    # attributes that other resources change, and of which types those are: they are read when they are asked for
    live_attributes: Mapping[str, frozenset[str]] = MappingProxyType({})

    def create(self, task: Task, properties: Properties) -> Made:
        """Makes the resource."""
        raise NotImplementedError

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        """Changes the resource in place. Properties whose change replaces never come here."""
        changed = ", ".join(sorted(changed_keys(old, new)))
        raise HandlerError(f"the local AWS cannot change {changed} of a {self.type} in place")

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        """Deletes the resource."""
        raise NotImplementedError

    def read(self, task: Task, physical_id: str, name: str) -> Any:
        """A live attribute, as it is now."""
        raise NotImplementedError

    def know(self, properties: Properties, *known: str) -> None:
        """Fails if anything but the properties known is given: what is not made here is not passed over."""
        unknown = properties.keys() - set(known)
        if unknown:
            raise HandlerError(f"the local AWS does not know {', '.join(sorted(unknown))} of a {self.type}")

    def only(self, old: Properties, new: Properties, *known: str) -> None:
        """Fails if anything but the properties known changed."""
        unknown = changed_keys(old, new) - set(known)
        if unknown:
            raise HandlerError(f"the local AWS cannot change {', '.join(sorted(unknown))} of a {self.type} in place")


class Handlers:
    """Every type there is a handler for."""

    def __init__(self, handlers: list[Handler], custom: Handler) -> None:
        self._by_type = {handler.type: handler for handler in handlers}
        self._custom = custom

    def of(self, resource_type: str) -> Handler:
        """The handler of a type; a type without one fails, it is never skipped."""
        if resource_type.startswith("Custom::"):
            return self._custom
        handler = self._by_type.get(resource_type)
        if handler is None:
            raise HandlerError(f"the local AWS has no {resource_type}")
        return handler


def changed_keys(old: Properties, new: Properties) -> set[str]:
    """The properties that differ."""
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def tag_changes(old: Properties, new: Properties) -> tuple[list[dict[str, str]], list[str]]:
    """The tags to set and the keys to take away."""
    before = {tag["Key"]: tag["Value"] for tag in old.get("Tags", [])}
    after = {tag["Key"]: tag["Value"] for tag in new.get("Tags", [])}
    put = [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]
    return put, [key for key in before if key not in after]
