"""The API of CloudFormation, as far as the CDK command line and people with a stack use it."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import unquote, urlsplit

from ..accounts import Place
from ..resources.handler import HandlerError
from ..service import Service, ServiceError
from .answers import described, listed, listed_change, listed_parameters, summary
from .engine import Engine
from .parameters import check_rules, given_parameters, parameter_values
from .store import ChangeSet, Stack, Store
from .template import Template, invalid

# the command line looks for these very words
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
_NAMES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
}


class CloudFormation(Service):
    """Stacks and change sets."""

    name = "cloudformation"

    def __init__(self, engine: Engine, store: Store) -> None:
        super().__init__()
        self.engine, self.store = engine, store

    def create_change_set(self, place: Place, **given: Any) -> dict[str, Any]:
        """Looks at what a template would do; the answer is in DescribeChangeSet."""
        name, kind = given["stack_name"], given.get("change_set_type", "UPDATE")
        stack = self.store.find(place, name)
        if kind == "CREATE":
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise ServiceError("AlreadyExistsException", f"Stack [{name}] already exists")
        elif kind == "UPDATE":
            stack = self._existing(place, name)
            self._check_updatable(stack)
        else:
            raise invalid(f"the local AWS does not know change sets of type {kind}")
        template = self._template(place, given, stack)
        review = stack if stack is not None else self.store.add(place, name)
        try:
            change_set = self._prepare(review, kind, template, given)
        except ServiceError:
            if stack is None:
                self.store.forget(review)
            raise
        if change_set.name in review.change_sets:
            raise ServiceError("AlreadyExistsException", f"ChangeSet {change_set.name} already exists")
        if not review.events:
            review.become("REVIEW_IN_PROGRESS", "User Initiated")
        review.change_sets[change_set.name] = change_set
        return {"Id": change_set.id, "StackId": review.id}

    def describe_change_set(self, place: Place, **given: Any) -> dict[str, Any]:
        """What a change set would do, or why it could not be made."""
        stack, change_set = self._change_set(place, given)
        return {
            "ChangeSetName": change_set.name,
            "ChangeSetId": change_set.id,
            "StackId": stack.id,
            "StackName": stack.name,
            "Description": change_set.description,
            "Parameters": listed_parameters(change_set.template, change_set.parameters, change_set.values),
            "CreationTime": change_set.created,
            "ExecutionStatus": change_set.execution,
            "Status": change_set.status,
            "StatusReason": change_set.reason,
            "Tags": listed(change_set.tags),
            "Changes": [listed_change(change) for change in change_set.changes],
            "Capabilities": [],
            "NotificationARNs": [],
        }

    def list_change_sets(self, place: Place, **given: Any) -> dict[str, Any]:
        """The change sets of a stack."""
        stack = self._existing(place, given["stack_name"])
        return {
            "Summaries": [
                {
                    "StackId": stack.id,
                    "StackName": stack.name,
                    "ChangeSetId": change_set.id,
                    "ChangeSetName": change_set.name,
                    "ExecutionStatus": change_set.execution,
                    "Status": change_set.status,
                    "StatusReason": change_set.reason,
                    "CreationTime": change_set.created,
                }
                for change_set in stack.change_sets.values()
            ]
        }

    def delete_change_set(self, place: Place, **given: Any) -> dict[str, Any]:
        """Forgets a change set; one that is not there is no error."""
        try:
            stack, change_set = self._change_set(place, given)
        except ServiceError:
            return {}
        stack.change_sets.pop(change_set.name, None)
        return {}

    def execute_change_set(self, place: Place, **given: Any) -> dict[str, Any]:
        """Begins to carry a change set out."""
        with self.store.lock:
            stack, change_set = self._change_set(place, given)
            if stack.busy or change_set.execution != "AVAILABLE":
                raise ServiceError(
                    "InvalidChangeSetStatus",
                    f"ChangeSet [{change_set.id}] cannot be executed in its current status of [{change_set.status}]",
                )
        self.engine.execute(stack, change_set, rollback=not given.get("disable_rollback", False))
        return {}

    def create_stack(self, place: Place, **given: Any) -> dict[str, Any]:
        """A change set made and carried out at once."""
        if self.store.find(place, given["stack_name"]) is not None:
            raise ServiceError("AlreadyExistsException", f"Stack [{given['stack_name']}] already exists")
        return self._at_once(place, "CREATE", given)

    def update_stack(self, place: Place, **given: Any) -> dict[str, Any]:
        """A change set made and carried out at once; without changes it is an error."""
        self._existing(place, given["stack_name"])
        return self._at_once(place, "UPDATE", given)

    def delete_stack(self, place: Place, **given: Any) -> dict[str, Any]:
        """Begins to delete a stack; one that does not exist is no error."""
        stack = self.store.find(place, given["stack_name"])
        if stack is None or stack.deleted is not None:
            return {}
        if stack.protected:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        for export in stack.exports:
            users = self.store.importers(stack, export)
            if users:
                raise invalid(f"Export {export} cannot be deleted as it is in use by {' and '.join(users)}")
        if stack.busy:
            raise invalid(f"Stack [{stack.id}] cannot be deleted while in status {stack.status}")
        if stack.status == "REVIEW_IN_PROGRESS":
            self.store.forget(stack)
            return {}
        self.engine.delete(stack, given.get("retain_resources", []))
        return {}

    def describe_stacks(self, place: Place, **given: Any) -> dict[str, Any]:
        """One stack by name or id, or all that exist."""
        if "stack_name" in given:
            return {"Stacks": [described(self._existing(place, given["stack_name"], deleted=True))]}
        return {"Stacks": [described(stack) for stack in self.store.here(place) if stack.deleted is None]}

    def list_stacks(self, place: Place, **given: Any) -> dict[str, Any]:
        """Every stack, also deleted ones."""
        wanted = given.get("stack_status_filter")
        return {
            "StackSummaries": [
                {
                    "StackId": stack.id,
                    "StackName": stack.name,
                    "CreationTime": stack.created,
                    "DeletionTime": stack.deleted,
                    "StackStatus": stack.status,
                    "StackStatusReason": stack.reason,
                }
                for stack in self.store.here(place)
                if not wanted or stack.status in wanted
            ]
        }

    def describe_stack_events(self, place: Place, **given: Any) -> dict[str, Any]:
        """The events of a stack, the last first."""
        return {"StackEvents": list(reversed(self._existing(place, given["stack_name"], deleted=True).events))}

    def describe_stack_resources(self, place: Place, **given: Any) -> dict[str, Any]:
        """The resources of a stack, or one of them."""
        stack = self._existing(place, given["stack_name"], deleted=True)
        wanted = given.get("logical_resource_id")
        return {
            "StackResources": [
                {"StackName": stack.name, "StackId": stack.id, "Timestamp": resource.changed, **summary(resource)}
                for resource in stack.resources.values()
                if wanted in (None, resource.logical_id)
            ]
        }

    def describe_stack_resource(self, place: Place, **given: Any) -> dict[str, Any]:
        """One resource of a stack."""
        stack, wanted = self._existing(place, given["stack_name"]), given["logical_resource_id"]
        resource = stack.resources.get(wanted)
        if resource is None:
            raise invalid(f"Resource {wanted} does not exist for stack {stack.name}")
        detail = {"StackName": stack.name, "StackId": stack.id, "LastUpdatedTimestamp": resource.changed}
        return {"StackResourceDetail": {**detail, **summary(resource)}}

    def list_stack_resources(self, place: Place, **given: Any) -> dict[str, Any]:
        """The resources of a stack, in short."""
        stack = self._existing(place, given["stack_name"], deleted=True)
        return {
            "StackResourceSummaries": [
                {"LastUpdatedTimestamp": resource.changed, **summary(resource)} for resource in stack.resources.values()
            ]
        }

    def get_template(self, place: Place, **given: Any) -> dict[str, Any]:
        """The template as it was given."""
        if "change_set_name" in given:
            template: Template | None = self._change_set(place, given)[1].template
        else:
            template = self._existing(place, given["stack_name"], deleted=True).template
        return {
            "TemplateBody": "{}" if template is None else template.body,
            "StagesAvailable": ["Original", "Processed"],
        }

    def get_template_summary(self, place: Place, **given: Any) -> dict[str, Any]:
        """The parameters and types of a template."""
        stack = self._existing(place, given["stack_name"]) if "stack_name" in given else None
        if stack is not None and stack.template is not None:
            template = stack.template
        else:
            template = self._template(place, given, stack)
        return {
            "Parameters": [
                {"ParameterKey": key, "ParameterType": value.get("Type"), "DefaultValue": value.get("Default")}
                for key, value in template.parameters.items()
            ],
            "ResourceTypes": [definition["Type"] for definition in template.resources.values()],
            "Metadata": json.dumps(template.data.get("Metadata", {})),
        }

    def validate_template(self, place: Place, **given: Any) -> dict[str, Any]:
        """Whether a template can be read."""
        template = self._template(place, given, None)
        return {"Parameters": [{"ParameterKey": key} for key in template.parameters]}

    def list_exports(self, place: Place, **_given: Any) -> dict[str, Any]:
        """Every export."""
        return {
            "Exports": [
                {"ExportingStackId": stack.id, "Name": name, "Value": value}
                for name, (stack, value) in self.store.exports(place).items()
            ]
        }

    def list_imports(self, place: Place, **given: Any) -> dict[str, Any]:
        """The stacks that import an export."""
        name = given["export_name"]
        found = self.store.exports(place).get(name)
        users = [] if found is None else self.store.importers(found[0], name)
        if not users:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        return {"Imports": users}

    def update_termination_protection(self, place: Place, **given: Any) -> dict[str, Any]:
        """Protects a stack from deletion, or no longer."""
        stack = self._existing(place, given["stack_name"])
        stack.protected = given["enable_termination_protection"]
        return {"StackId": stack.id}

    def _at_once(self, place: Place, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        name = f"direct-{uuid.uuid4()}"
        created = self.create_change_set(place, **{**given, "change_set_type": kind, "change_set_name": name})
        stack = self._existing(place, created["StackId"])
        change_set = stack.change_sets[name]
        if change_set.status == "FAILED":
            del stack.change_sets[name]
            raise invalid(
                "No updates are to be performed." if change_set.reason == NO_CHANGES else change_set.reason or ""
            )
        stack.protected = given.get("enable_termination_protection", stack.protected)
        self.engine.execute(stack, change_set, rollback=not given.get("disable_rollback", False))
        return {"StackId": stack.id}

    def _prepare(self, stack: Stack, kind: str, template: Template, given: dict[str, Any]) -> ChangeSet:
        previous = stack.parameters if kind == "UPDATE" else None
        parameters = given_parameters(template, given.get("parameters", []), previous)
        values = parameter_values(template, parameters, self.engine.clients, stack.place)
        check_rules(template, stack.pseudo_parameters, values)
        _check_capabilities(template, given.get("capabilities", []))
        template.order()  # a cycle is refused here
        tags = {tag["Key"]: tag["Value"] for tag in given.get("tags", [])}
        scope = self.engine.scope(stack, template, values)
        status, reason, changes = "CREATE_COMPLETE", None, []
        try:
            changes = self.engine.changes(stack, template, scope)
            outputs = {key: scope.resolve(d) for key, d in template.outputs.items() if scope.active(d)}
        except (ServiceError, HandlerError) as error:
            status, reason = "FAILED", str(error)
        else:
            if kind == "UPDATE" and not changes and not self._differs(stack, outputs, tags):
                status, reason = "FAILED", NO_CHANGES
        name = given["change_set_name"]
        arn = f"arn:aws:cloudformation:{stack.place.region}:{stack.place.account}:changeSet/{name}/{uuid.uuid4()}"
        return ChangeSet(
            name,
            stack.id,
            kind,
            template,
            parameters,
            values,
            tags,
            changes,
            status,
            reason,
            execution="AVAILABLE" if status == "CREATE_COMPLETE" else "UNAVAILABLE",
            description=given.get("description"),
            id=arn,
        )

    def _differs(self, stack: Stack, outputs: dict[str, Any], tags: dict[str, str]) -> bool:
        now = {o["OutputKey"]: (o["OutputValue"], o.get("ExportName"), o.get("Description")) for o in stack.outputs}
        then = {
            key: (str(d["Value"]), d.get("Export", {}).get("Name"), d.get("Description")) for key, d in outputs.items()
        }
        return now != then or stack.tags != tags

    def _template(self, place: Place, given: dict[str, Any], stack: Stack | None) -> Template:
        if given.get("use_previous_template"):
            if stack is None or stack.template is None:
                raise invalid("there is no previous template")
            return stack.template
        if "template_body" in given:
            return Template(given["template_body"])
        if "template_url" not in given:
            raise invalid("Either Template URL or Template Body must be specified.")
        bucket, key = _bucket_and_key(given["template_url"])
        s3 = self.engine.clients.get("s3", place)
        try:
            return Template(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
        except s3.exceptions.ClientError as error:
            raise invalid(f"S3 error: {error}") from None

    def _existing(self, place: Place, name: str, *, deleted: bool = False) -> Stack:
        stack = self.store.find(place, name)
        if stack is None or (stack.deleted is not None and not deleted):
            raise invalid(f"Stack with id {name} does not exist")
        return stack

    def _check_updatable(self, stack: Stack) -> None:
        if stack.busy or stack.status in (
            "REVIEW_IN_PROGRESS",
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
            "DELETE_FAILED",
        ):
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")

    def _change_set(self, place: Place, given: dict[str, Any]) -> tuple[Stack, ChangeSet]:
        """A change set by its id, or by its name and its stack: every stack may have one of the same name."""
        wanted, name = given["change_set_name"], given.get("stack_name")
        stacks = self.store.here(place) if name is None else [self._existing(place, name)]
        for stack in stacks:
            for change_set in stack.change_sets.values():
                if wanted == change_set.id or (name is not None and wanted == change_set.name):
                    return stack, change_set
        raise ServiceError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist")


def _check_capabilities(template: Template, given: list[str]) -> None:
    found = [d for d in template.resources.values() if d["Type"] in _NAMES]
    named = any((_NAMES[d["Type"]] or "") in (d.get("Properties") or {}) for d in found)
    needed = "CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"
    enough = {"CAPABILITY_NAMED_IAM"} if named else {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}
    if found and not enough & set(given):
        raise ServiceError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")


def _bucket_and_key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path).lstrip("/")
    if host in ("localhost", "127.0.0.1") or host.startswith(("s3.", "s3-")):
        bucket, _, key = path.partition("/")
        return bucket, key
    return host.split(".s3")[0], path
