"""Roles and policies."""

from __future__ import annotations

import json
from typing import Any

from .handler import Handler, Made, Properties, Task, tag_changes


class Role(Handler):
    """AWS::IAM::Role."""

    type = "AWS::IAM::Role"

    def create(self, task: Task, properties: Properties) -> Made:
        iam = task.client("iam")
        copied = ("Path", "Description", "MaxSessionDuration", "PermissionsBoundary", "Tags")
        role = iam.create_role(
            RoleName=properties.get("RoleName", task.name(64)),
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
            **{key: properties[key] for key in copied if key in properties},
        )["Role"]
        self._grant(iam, role["RoleName"], {}, properties)
        return Made(role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(
            old,
            new,
            "AssumeRolePolicyDocument",
            "ManagedPolicyArns",
            "Policies",
            "Description",
            "MaxSessionDuration",
            "Tags",
        )
        iam = task.client("iam")
        document = json.dumps(new["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=physical_id, PolicyDocument=document)
        described = {key: new[key] for key in ("Description", "MaxSessionDuration") if key in new}
        iam.update_role(RoleName=physical_id, **{"Description": "", **described})
        self._grant(iam, physical_id, old, new)
        put, gone = tag_changes(old, new)
        if put:
            iam.tag_role(RoleName=physical_id, Tags=put)
        if gone:
            iam.untag_role(RoleName=physical_id, TagKeys=gone)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        iam = task.client("iam")
        self._grant(iam, physical_id, properties, {})
        iam.delete_role(RoleName=physical_id)

    def _grant(self, iam: Any, role: str, old: Properties, new: Properties) -> None:
        before, after = set(old.get("ManagedPolicyArns", [])), set(new.get("ManagedPolicyArns", []))
        for arn in sorted(before - after):
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for arn in sorted(after - before):
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        inline = {policy["PolicyName"]: policy["PolicyDocument"] for policy in new.get("Policies", [])}
        for policy in old.get("Policies", []):
            if policy["PolicyName"] not in inline:
                iam.delete_role_policy(RoleName=role, PolicyName=policy["PolicyName"])
        for name, document in inline.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


class Policy(Handler):
    """AWS::IAM::Policy: one inline policy of several roles."""

    type = "AWS::IAM::Policy"

    def create(self, task: Task, properties: Properties) -> Made:
        name = task.name(64)
        self._put(task, properties)
        return Made(name, {"Id": name})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "PolicyDocument", "PolicyName", "Roles")
        kept = {(role, new["PolicyName"]) for role in new.get("Roles", [])}
        self._put(task, new)
        for role in old.get("Roles", []):
            if (role, old["PolicyName"]) not in kept:
                task.client("iam").delete_role_policy(RoleName=role, PolicyName=old["PolicyName"])
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        for role in properties.get("Roles", []):
            task.client("iam").delete_role_policy(RoleName=role, PolicyName=properties["PolicyName"])

    def _put(self, task: Task, properties: Properties) -> None:
        for role in properties.get("Roles", []):
            document = json.dumps(properties["PolicyDocument"])
            task.client("iam").put_role_policy(
                RoleName=role, PolicyName=properties["PolicyName"], PolicyDocument=document
            )


class ManagedPolicy(Handler):
    """AWS::IAM::ManagedPolicy."""

    type = "AWS::IAM::ManagedPolicy"

    def create(self, task: Task, properties: Properties) -> Made:
        iam = task.client("iam")
        copied = ("Path", "Description", "Tags")
        arn = iam.create_policy(
            PolicyName=properties.get("ManagedPolicyName", task.name(128)),
            PolicyDocument=json.dumps(properties["PolicyDocument"]),
            **{key: properties[key] for key in copied if key in properties},
        )["Policy"]["Arn"]
        for role in properties.get("Roles", []):
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        return Made(arn, {"PolicyArn": arn})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "PolicyDocument", "Roles")
        iam = task.client("iam")
        if old["PolicyDocument"] != new["PolicyDocument"]:
            for version in iam.list_policy_versions(PolicyArn=physical_id)["Versions"]:
                if not version["IsDefaultVersion"]:
                    iam.delete_policy_version(PolicyArn=physical_id, VersionId=version["VersionId"])
            document = json.dumps(new["PolicyDocument"])
            iam.create_policy_version(PolicyArn=physical_id, PolicyDocument=document, SetAsDefault=True)
        before, after = set(old.get("Roles", [])), set(new.get("Roles", []))
        for role in after - before:
            iam.attach_role_policy(RoleName=role, PolicyArn=physical_id)
        for role in before - after:
            iam.detach_role_policy(RoleName=role, PolicyArn=physical_id)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        iam = task.client("iam")
        for role in properties.get("Roles", []):
            iam.detach_role_policy(RoleName=role, PolicyArn=physical_id)
        iam.delete_policy(PolicyArn=physical_id)


HANDLERS: list[type[Handler]] = [Role, Policy, ManagedPolicy]
