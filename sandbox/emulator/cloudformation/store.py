"""What CloudFormation remembers: stacks, their resources, change sets, events, exports."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..accounts import Place
from .template import Template


def now() -> datetime:
    """The time, as the serializers want it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class Resource:
    """A resource that exists. `properties` are as they were resolved when it was made or last changed."""

    logical_id: str
    type: str
    physical_id: str
    properties: dict[str, Any]
    attributes: dict[str, Any]
    definition: dict[str, Any]
    status: str
    changed: datetime = field(default_factory=now)


@dataclass
class Change:
    """What a change set will do to one resource."""

    action: str  # Add | Modify | Remove
    logical_id: str
    type: str
    physical_id: str | None = None
    replacement: str | None = None  # True | False, for Modify
    scope: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def makes_another(self) -> bool:
        """Whether there will be a resource that is not there now."""
        return self.action == "Add" or self.replacement == "True"


@dataclass
class ChangeSet:
    """What would happen, and what it needs to happen."""

    name: str
    stack_id: str
    kind: str  # CREATE | UPDATE
    template: Template
    parameters: dict[str, Any]  # as given
    values: dict[str, Any]  # as resolved
    tags: dict[str, str]
    changes: list[Change]
    status: str
    reason: str | None = None
    execution: str = "AVAILABLE"
    description: str | None = None
    created: datetime = field(default_factory=now)
    id: str = ""


@dataclass
class Stack:
    """A stack. Its resources are in the order they were made."""

    place: Place
    name: str
    id: str
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    template: Template | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    protected: bool = False
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None

    @property
    def exports(self) -> dict[str, str]:
        """Export name to value."""
        return {output["ExportName"]: output["OutputValue"] for output in self.outputs if "ExportName" in output}

    @property
    def busy(self) -> bool:
        """Whether an operation is under way."""
        return self.status.endswith("IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def pseudo_parameters(self) -> dict[str, Any]:
        """AWS::Region and its like."""
        china = self.place.region.startswith("cn-")
        return {
            "AWS::AccountId": self.place.account,
            "AWS::Region": self.place.region,
            "AWS::Partition": "aws-cn" if china else "aws",
            "AWS::URLSuffix": "amazonaws.com.cn" if china else "amazonaws.com",
            "AWS::StackName": self.name,
            "AWS::StackId": self.id,
            "AWS::NotificationARNs": [],
        }

    def event(self, logical_id: str, physical_id: str, kind: str, status: str, reason: str | None = None) -> None:
        """Adds an event of a resource."""
        self.events.append(
            {
                "StackId": self.id,
                "EventId": str(uuid.uuid4()),
                "StackName": self.name,
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": physical_id,
                "ResourceType": kind,
                "Timestamp": now(),
                "ResourceStatus": status,
                **({} if reason is None else {"ResourceStatusReason": reason}),
            }
        )

    def become(self, status: str, reason: str | None = None) -> None:
        """Changes the status of the stack itself, with an event."""
        self.event(self.name, self.id, "AWS::CloudFormation::Stack", status, reason)
        self.reason = reason
        self.status = status


class Store:
    """The stacks of every account and region. Deleted ones stay readable by id."""

    def __init__(self) -> None:
        self._stacks: list[Stack] = []
        self.lock = threading.RLock()

    def all(self) -> list[tuple[Place, Stack]]:
        """Every stack there is."""
        with self.lock:
            return [(stack.place, stack) for stack in self._stacks if stack.deleted is None]

    def here(self, place: Place) -> list[Stack]:
        """The stacks of a place, also deleted ones."""
        with self.lock:
            return [stack for stack in self._stacks if stack.place == place]

    def find(self, place: Place, name_or_id: str) -> Stack | None:
        """By name, the one that exists; by id, also a deleted one."""
        for stack in self.here(place):
            if stack.id == name_or_id or (stack.name == name_or_id and stack.deleted is None):
                return stack
        return None

    def add(self, place: Place, name: str) -> Stack:
        """A stack to be, in review."""
        with self.lock:
            arn = f"arn:aws:cloudformation:{place.region}:{place.account}:stack/{name}/{uuid.uuid4()}"
            stack = Stack(place, name, arn)
            self._stacks.append(stack)
            return stack

    def forget(self, stack: Stack) -> None:
        """Drops a stack that never was more than a review."""
        with self.lock:
            self._stacks.remove(stack)

    def exports(self, place: Place) -> dict[str, tuple[Stack, str]]:
        """Every export of a place: which stack, which value."""
        return {
            name: (stack, value)
            for stack in self.here(place)
            if stack.deleted is None
            for name, value in stack.exports.items()
        }

    def importers(self, stack: Stack, export: str) -> list[str]:
        """The names of the stacks that import an export of this one."""
        return [
            other.name
            for other in self.here(stack.place)
            if other is not stack and other.deleted is None and export in other.imports
        ]
