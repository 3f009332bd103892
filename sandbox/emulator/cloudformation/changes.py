"""What a new template would do to a stack, before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..resources.handler import Handlers
from .intrinsics import Scope, Unknown
from .schemas import schema_of
from .store import Change, Resource, Stack
from .template import Template, invalid

_ATTRIBUTES = ("Metadata", "DeletionPolicy", "UpdateReplacePolicy")


def changes_of(
    stack: Stack,
    template: Template,
    scope: Scope,
    handlers: Handlers,
    read: Callable[[Resource, str], Any],
) -> list[Change]:
    """The changes, in the order of the new template, removals last. The scope learns what stays as it is."""
    replaced: set[str] = set()
    touched: set[str] = set()
    changes: list[Change] = []

    def ref(logical_id: str) -> Any:
        existing = stack.resources.get(logical_id)
        return Unknown() if existing is None or logical_id in replaced else existing.physical_id

    def attribute(logical_id: str, name: str) -> Any:
        existing = stack.resources.get(logical_id)
        if existing is None or logical_id in replaced:
            return Unknown()
        feeders = handlers.of(existing.type).live_attributes.get(name)
        if feeders is not None:
            fed = any(change.type in feeders and change.makes_another for change in changes)
            return Unknown() if fed else read(existing, name)
        if name not in existing.attributes:
            return Unknown()
        if logical_id in touched and name in handlers.of(existing.type).late_attributes:
            return Unknown()
        return existing.attributes[name]

    scope.ref, scope.attribute = ref, attribute
    for logical_id in template.order():
        definition = template.resources[logical_id]
        if not scope.active(definition):
            continue
        existing = stack.resources.get(logical_id)
        if existing is None:
            changes.append(Change("Add", logical_id, definition["Type"]))
            continue
        change = _modification(existing, definition, scope)
        if change is not None:
            changes.append(change)
            touched.add(logical_id)
            if change.makes_another:
                replaced.add(logical_id)
    for logical_id, existing in stack.resources.items():
        if logical_id not in template.resources or not scope.active(template.resources[logical_id]):
            changes.append(Change("Remove", logical_id, existing.type, existing.physical_id))
    return changes


def _modification(existing: Resource, definition: dict[str, Any], scope: Scope) -> Change | None:
    if definition["Type"] != existing.type:
        raise invalid(
            f"Update of resource type is not permitted. The new template modifies resource type of the following resources: [{existing.logical_id}]"
        )
    schema = schema_of(existing.type, scope.pseudo["AWS::Region"])
    wanted = scope.resolve(definition.get("Properties") or {})
    new = wanted if schema is None else schema.coerce(wanted)
    old = existing.properties
    paths = tuple(key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key))
    scopes = tuple(name for name in _ATTRIBUTES if definition.get(name) != existing.definition.get(name))
    if not paths and not scopes:
        return None
    replacement = schema is not None and bool(schema.replaced_by(old, new))
    return Change(
        "Modify",
        existing.logical_id,
        existing.type,
        existing.physical_id,
        str(replacement),
        (*(("Properties",) if paths else ()), *scopes),
        paths,
    )
