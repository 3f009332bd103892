"""What CloudFormation remembers, as its API tells it."""

from __future__ import annotations

from typing import Any

from .store import Change, Resource, Stack
from .template import Template


def described(stack: Stack) -> dict[str, Any]:
    """A stack as DescribeStacks gives it."""
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "Parameters": []
        if stack.template is None
        else listed_parameters(stack.template, stack.parameters, stack.values),
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": False,
        "EnableTerminationProtection": stack.protected,
        "Outputs": stack.outputs,
        "Tags": listed(stack.tags),
        "NotificationARNs": [],
        "Capabilities": [],
    }


def summary(resource: Resource) -> dict[str, Any]:
    """A resource in short."""
    return {
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "ResourceStatus": resource.status,
    }


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as a list."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def listed_parameters(template: Template, given: dict[str, Any], values: dict[str, Any]) -> list[dict[str, str]]:
    """Parameters with what was given, and what SSM made of it."""
    listed = []
    for key, definition in template.parameters.items():
        entry = {"ParameterKey": key, "ParameterValue": str(given.get(key, definition.get("Default", "")))}
        if definition.get("Type", "").startswith("AWS::SSM::"):
            entry["ResolvedValue"] = str(values.get(key, ""))
        listed.append(entry)
    return listed


def listed_change(change: Change) -> dict[str, Any]:
    """A change as DescribeChangeSet gives it."""
    details = [
        {
            "Target": {"Attribute": "Properties", "Name": path},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for path in change.paths
    ]
    return {
        "Type": "Resource",
        "ResourceChange": {
            "Action": change.action,
            "LogicalResourceId": change.logical_id,
            "PhysicalResourceId": change.physical_id,
            "ResourceType": change.type,
            "Replacement": change.replacement,
            "Scope": list(change.scope),
            "Details": details,
        },
    }
