"""Carries out what a change set says, and undoes it when it fails."""

from __future__ import annotations

import copy
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..accounts import Clients, Place
from ..resources.handler import HandlerError, Handlers, Made, Task
from ..service import ServiceError
from .changes import changes_of
from .intrinsics import Scope, Unknown
from .schemas import schema_of
from .store import Change, ChangeSet, Resource, Stack, Store, now
from .template import Template

# an answer within this time saves the caller a poll; nothing waits longer for it
_PATIENCE = 4.0


class Failed(Exception):
    """An operation on a stack failed, for the reason given."""


class Engine:
    """Works on stacks side by side: operations on resources take turns, what they wait for does not."""

    def __init__(self, clients: Clients, store: Store, handlers: Handlers) -> None:
        self.clients, self.store, self.handlers = clients, store, handlers
        self.delays: dict[str, float] = {}  # stack name to seconds, to make overlap visible
        self.timeline: list[dict[str, Any]] = []
        self._turn = threading.RLock()

    def scope(self, stack: Stack, template: Template, values: dict[str, Any]) -> Scope:
        """What names mean in a template of this stack."""
        return Scope(template, stack.pseudo_parameters, values, export=lambda name: self._export(stack.place, name))

    def changes(self, stack: Stack, template: Template, scope: Scope) -> list[Change]:
        """What a template would do to a stack."""
        return changes_of(stack, template, scope, self.handlers, partial(self.attribute, stack))

    def execute(self, stack: Stack, change_set: ChangeSet, *, rollback: bool = True) -> None:
        """Begins to carry out a change set."""
        change_set.execution = "EXECUTE_IN_PROGRESS"
        stack.become(f"{change_set.kind}_IN_PROGRESS", "User Initiated")
        self._begin(stack, change_set.kind, lambda: self._execute(stack, change_set, rollback))

    def delete(self, stack: Stack, retain: list[str]) -> None:
        """Begins to delete a stack."""
        stack.become("DELETE_IN_PROGRESS", "User Initiated")
        self._begin(stack, "DELETE", lambda: self._delete(stack, retain))

    def _begin(self, stack: Stack, operation: str, work: Callable[[], None]) -> None:
        delay = self.delays.get(stack.name, 0)

        def run() -> None:
            start = time.monotonic()
            try:
                time.sleep(delay)
                work()
            except Exception as error:  # a fault here must end in a status, or the caller waits for ever
                traceback.print_exc(file=sys.stderr)
                stack.become(f"{operation}_FAILED", f"fault in the local AWS: {type(error).__name__}: {error}")
            end = time.monotonic()
            self.timeline.append({"stack": stack.name, "operation": operation, "start": start, "end": end})

        thread = threading.Thread(target=run, daemon=True, name=f"{operation} {stack.name}")
        thread.start()
        thread.join(0 if delay else _PATIENCE)

    def _execute(self, stack: Stack, change_set: ChangeSet, rollback: bool) -> None:
        creating = change_set.kind == "CREATE"
        before = (stack.template, stack.parameters, stack.values, stack.tags, stack.outputs, set(stack.imports))
        undo: list[Callable[[], None]] = []
        scope = self.scope(stack, change_set.template, change_set.values)
        scope.imports = stack.imports  # in use from the first moment, also what was imported before
        try:
            self._check_exports(stack, change_set)
            left = self._apply(stack, change_set.template, scope, undo)
            outputs = self._outputs(stack, change_set.template, scope)
        except Failed as failure:
            change_set.execution = "EXECUTE_FAILED"
            self._undo(stack, undo, str(failure), creating=creating, rollback=rollback)
            stack.template, stack.parameters, stack.values, stack.tags, stack.outputs, stack.imports = before
            if creating:
                stack.template = change_set.template
            return
        stack.template, stack.parameters, stack.values = change_set.template, change_set.parameters, change_set.values
        stack.tags, stack.outputs = change_set.tags, outputs
        fresh = self.scope(stack, change_set.template, change_set.values)
        self._resolve_all(stack, change_set.template, fresh)
        stack.imports = fresh.imports
        if not creating:
            stack.become("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            for resource in left:
                self._remove(
                    stack, resource, "UpdateReplacePolicy" if resource.status == "REPLACED" else "DeletionPolicy"
                )
            stack.updated = now()
        change_set.execution = "EXECUTE_COMPLETE"
        stack.change_sets.clear()
        stack.become(f"{change_set.kind}_COMPLETE")

    def _check_exports(self, stack: Stack, change_set: ChangeSet) -> None:
        """Before anything is touched: what others import must stay, with the value it has."""
        current = stack.exports
        scope = self.scope(stack, change_set.template, change_set.values)
        wanted: dict[str, Any] = {}
        try:
            self.changes(stack, change_set.template, scope)  # the scope knows now what will stay
            for definition in change_set.template.outputs.values():
                if "Export" in definition and scope.active(definition):
                    wanted[scope.resolve(definition["Export"]["Name"])] = scope.resolve(definition["Value"])
        except (ServiceError, HandlerError) as error:
            raise Failed(_reason(error)) from error
        for name, value in current.items():
            users = self.store.importers(stack, name)
            if users and name not in wanted:
                raise Failed(f"Export {name} cannot be deleted as it is in use by {' and '.join(users)}")
            if users and (isinstance(wanted[name], Unknown) or str(wanted[name]) != value):
                raise Failed(f"Export {name} cannot be updated as it is in use by {' and '.join(users)}")
        for name, (other, _) in self.store.exports(stack.place).items():
            if name in wanted and other is not stack:
                raise Failed(f"Export with name {name} is already exported by stack {other.name}")

    def _apply(self, stack: Stack, template: Template, scope: Scope, undo: list[Callable[[], None]]) -> list[Resource]:
        """Makes and changes resources; returns those to be removed once all went well, dependents first."""
        replaced: list[Resource] = []
        scope.ref = lambda logical_id: self._living(stack, logical_id).physical_id
        scope.attribute = lambda logical_id, name: self.attribute(stack, self._living(stack, logical_id), name)
        active = []
        for logical_id in template.order():
            definition = template.resources[logical_id]
            if not scope.active(definition):
                continue
            active.append(logical_id)
            existing = stack.resources.get(logical_id)
            if existing is None:
                self._create(stack, logical_id, definition, scope)
                undo.append(lambda logical_id=logical_id: self._undo_create(stack, logical_id))
            elif (old := self._change(stack, existing, definition, scope, undo)) is not None:
                replaced.append(old)
        gone = [resource for logical_id, resource in stack.resources.items() if logical_id not in active]
        former = (stack.template or template).order()
        return sorted(replaced + gone, key=lambda resource: -former.index(resource.logical_id))

    def _create(self, stack: Stack, logical_id: str, definition: dict[str, Any], scope: Scope) -> None:
        def make() -> Resource:
            properties = self._properties(stack, definition, scope)
            made = self._handle(stack, definition["Type"], logical_id, "create", properties)
            return Resource(
                logical_id,
                definition["Type"],
                made.physical_id,
                properties,
                made.attributes,
                definition,
                "CREATE_COMPLETE",
            )

        stack.resources[logical_id] = self._step(stack, logical_id, definition["Type"], "CREATE", "", make)

    def _change(
        self, stack: Stack, existing: Resource, definition: dict[str, Any], scope: Scope, undo: list[Callable[[], None]]
    ) -> Resource | None:
        """Changes a resource if its properties differ; returns the old one if another took its place."""
        logical_id, kind = existing.logical_id, existing.type
        try:
            properties = self._properties(stack, definition, scope)
        except (ServiceError, HandlerError) as error:
            stack.event(logical_id, existing.physical_id, kind, "UPDATE_FAILED", _reason(error))
            raise Failed(f"The following resource(s) failed to update: [{logical_id}]. ") from error
        former = copy.copy(existing)
        if properties == existing.properties:
            if definition != existing.definition:
                existing.definition = definition
                undo.append(lambda: stack.resources.__setitem__(logical_id, former))
            return None
        schema = schema_of(kind, stack.place.region)
        if schema is not None and schema.replaced_by(existing.properties, properties):

            def make_another() -> Resource:
                made = self._handle(stack, kind, logical_id, "create", properties)
                return Resource(
                    logical_id, kind, made.physical_id, properties, made.attributes, definition, "UPDATE_COMPLETE"
                )

            another = self._step(stack, logical_id, kind, "UPDATE", existing.physical_id, make_another)
            stack.resources[logical_id] = another
            undo.append(lambda: self._undo_replace(stack, another, former))
            return replace(former, status="REPLACED")

        def change() -> Resource:
            made = self._handle(
                stack, kind, logical_id, "update", existing.physical_id, existing.properties, properties
            )
            attributes = {**existing.attributes, **made.attributes}
            return Resource(logical_id, kind, made.physical_id, properties, attributes, definition, "UPDATE_COMPLETE")

        changed = self._step(stack, logical_id, kind, "UPDATE", existing.physical_id, change)
        stack.resources[logical_id] = changed
        if changed.physical_id != former.physical_id:  # a custom resource that answered with another id
            undo.append(lambda: self._undo_replace(stack, changed, former))
            return replace(former, status="REPLACED")
        undo.append(lambda: self._undo_change(stack, changed, former))
        return None

    def _undo(
        self, stack: Stack, undo: list[Callable[[], None]], reason: str, *, creating: bool, rollback: bool
    ) -> None:
        if not rollback:
            stack.become("CREATE_FAILED" if creating else "UPDATE_FAILED", reason)
            return
        prefix = "" if creating else "UPDATE_"
        stack.become(f"{prefix}ROLLBACK_IN_PROGRESS", reason)
        try:
            for step in reversed(undo):
                step()
        except Failed as failure:
            stack.become(f"{prefix}ROLLBACK_FAILED", str(failure))
            return
        stack.become(f"{prefix}ROLLBACK_COMPLETE")

    def _undo_create(self, stack: Stack, logical_id: str) -> None:
        self._remove(stack, stack.resources[logical_id], "DeletionPolicy", rolled_back=True, strict=True)
        stack.resources.pop(logical_id, None)

    def _undo_replace(self, stack: Stack, another: Resource, former: Resource) -> None:
        self._remove(stack, another, "DeletionPolicy", rolled_back=True, strict=True)
        stack.resources[former.logical_id] = former

    def _undo_change(self, stack: Stack, changed: Resource, former: Resource) -> None:
        def back() -> Resource:
            self._handle(
                stack,
                former.type,
                former.logical_id,
                "update",
                former.physical_id,
                changed.properties,
                former.properties,
            )
            return former

        self._step(stack, former.logical_id, former.type, "UPDATE", former.physical_id, back)
        stack.resources[former.logical_id] = former

    def _delete(self, stack: Stack, retain: list[str]) -> None:
        kept: set[str] = set()
        template = stack.template
        order = list(reversed(template.order())) if template is not None else []
        for logical_id in order:
            resource = stack.resources.get(logical_id)
            if resource is None or template is None:
                continue
            waiting = [other for other in kept if logical_id in template.needs(other)]
            if logical_id in retain:
                stack.event(logical_id, resource.physical_id, resource.type, "DELETE_SKIPPED")
            elif waiting or not self._remove(stack, resource, "DeletionPolicy"):
                kept.add(logical_id)
        if kept:
            stack.become("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(sorted(kept))}]. ")
            return
        stack.outputs, stack.imports, stack.deleted = [], set(), now()
        stack.become("DELETE_COMPLETE")

    def _remove(
        self, stack: Stack, resource: Resource, policy: str, *, rolled_back: bool = False, strict: bool = False
    ) -> bool:
        """Deletes a resource unless its policy keeps it; True if it is no longer the stack's."""
        logical_id, wish = resource.logical_id, resource.definition.get(policy)
        if wish == "Retain" or (wish == "RetainExceptOnCreate" and not rolled_back):
            stack.event(logical_id, resource.physical_id, resource.type, "DELETE_SKIPPED")
        else:
            try:
                self._step(
                    stack,
                    logical_id,
                    resource.type,
                    "DELETE",
                    resource.physical_id,
                    lambda: self._handle(
                        stack, resource.type, logical_id, "delete", resource.physical_id, resource.properties
                    ),
                )
            except Failed:
                if strict:
                    raise
                resource.status = "DELETE_FAILED"
                return False
        if stack.resources.get(logical_id) is resource:
            del stack.resources[logical_id]
        return True

    def _handle(self, stack: Stack, kind: str, logical_id: str, verb: str, *arguments: Any) -> Any:
        handler, task = self.handlers.of(kind), self._task(stack, kind, logical_id)
        if not handler.exclusive:
            return getattr(handler, verb)(task, *arguments)
        with self._turn:
            return getattr(handler, verb)(task, *arguments)

    def _task(self, stack: Stack, kind: str, logical_id: str) -> Task:
        return Task(self.clients, stack.place, stack.name, stack.id, logical_id, kind, uuid.uuid4().hex)

    def _step(
        self, stack: Stack, logical_id: str, kind: str, verb: str, physical_id: str, work: Callable[[], Any]
    ) -> Any:
        """One operation on one resource, with its events."""
        stack.event(logical_id, physical_id, kind, f"{verb}_IN_PROGRESS")
        try:
            result = work()
        except (HandlerError, ServiceError, ClientError, BotoCoreError) as error:
            stack.event(logical_id, physical_id, kind, f"{verb}_FAILED", _reason(error))
            raise Failed(f"The following resource(s) failed to {verb.lower()}: [{logical_id}]. ") from error
        done = result.physical_id if isinstance(result, (Resource, Made)) else physical_id
        stack.event(logical_id, done, kind, f"{verb}_COMPLETE")
        return result

    def _properties(self, stack: Stack, definition: dict[str, Any], scope: Scope) -> dict[str, Any]:
        """The resolved properties, refused if the schema of their type refuses them."""
        kind = definition["Type"]
        properties = scope.resolve(definition.get("Properties") or {})
        self.handlers.of(kind)
        schema = schema_of(kind, stack.place.region)
        if schema is None:
            return dict(properties)
        properties = schema.coerce(properties)
        problems = schema.problems(properties)
        if problems:
            raise HandlerError(f"Properties validation failed for a {kind}: {'; '.join(problems)}")
        return properties

    def _outputs(self, stack: Stack, template: Template, scope: Scope) -> list[dict[str, Any]]:
        outputs = []
        for key, definition in template.outputs.items():
            if not scope.active(definition):
                continue
            try:
                output = {"OutputKey": key, "OutputValue": str(scope.resolve(definition["Value"]))}
                if "Export" in definition:
                    output["ExportName"] = scope.resolve(definition["Export"]["Name"])
            except (ServiceError, HandlerError) as error:
                raise Failed(_reason(error)) from error
            if "Description" in definition:
                output["Description"] = definition["Description"]
            outputs.append(output)
        return outputs

    def _resolve_all(self, stack: Stack, template: Template, scope: Scope) -> None:
        """Resolves everything once more, only to see what is imported."""
        scope.ref = lambda logical_id: self._living(stack, logical_id).physical_id
        scope.attribute = lambda logical_id, name: self.attribute(stack, self._living(stack, logical_id), name)
        for definition in (*template.resources.values(), *template.outputs.values()):
            if scope.active(definition):
                scope.resolve(definition.get("Properties") or definition.get("Value") or {})

    def _living(self, stack: Stack, logical_id: str) -> Resource:
        resource = stack.resources.get(logical_id)
        if resource is None:
            raise HandlerError(f"{logical_id} does not exist")
        return resource

    def attribute(self, stack: Stack, resource: Resource, name: str) -> Any:
        """What Fn::GetAtt gives: what was so when the resource was made, or what is so now."""
        handler = self.handlers.of(resource.type)
        if name in handler.live_attributes:
            task = self._task(stack, resource.type, resource.logical_id)
            try:
                return handler.read(task, resource.physical_id, name)
            except ClientError as error:
                raise HandlerError(_reason(error)) from error
        if name not in resource.attributes:
            known = ", ".join(sorted(resource.attributes))
            raise HandlerError(f"{resource.type} has no attribute {name}; there are {known}")
        return resource.attributes[name]

    def _export(self, place: Place, name: str) -> str:
        found = self.store.exports(place).get(name)
        if found is None:
            raise ServiceError("ValidationError", f"No export named {name} found. Rollback requested by user.")
        return found[1]


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        return f'Resource handler returned message: "{told.get("Message") or error}" ({told.get("Code", "Unknown")})'
    return str(error)
