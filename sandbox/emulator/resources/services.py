"""One or two types of services that a platform touches in passing: keys, logs, parameters, repositories."""

from __future__ import annotations

import json

from .handler import Handler, Made, Properties, Task, tag_changes


class Key(Handler):
    """AWS::KMS::Key. Deleting it schedules its deletion, as KMS does."""

    type = "AWS::KMS::Key"

    def create(self, task: Task, properties: Properties) -> Made:
        kms = task.client("kms")
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
        policy = {"Policy": json.dumps(properties["KeyPolicy"])} if "KeyPolicy" in properties else {}
        key = kms.create_key(Description=properties.get("Description", ""), Tags=tags, **policy)["KeyMetadata"]
        if properties.get("EnableKeyRotation"):
            kms.enable_key_rotation(KeyId=key["KeyId"])
        return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "KeyPolicy", "Description", "EnableKeyRotation", "Tags", "PendingWindowInDays")
        kms = task.client("kms")
        if "KeyPolicy" in new:
            kms.put_key_policy(KeyId=physical_id, PolicyName="default", Policy=json.dumps(new["KeyPolicy"]))
        kms.update_key_description(KeyId=physical_id, Description=new.get("Description", ""))
        rotate = kms.enable_key_rotation if new.get("EnableKeyRotation") else kms.disable_key_rotation
        rotate(KeyId=physical_id)
        put, gone = tag_changes(old, new)
        if put:
            kms.tag_resource(KeyId=physical_id, Tags=[{"TagKey": t["Key"], "TagValue": t["Value"]} for t in put])
        if gone:
            kms.untag_resource(KeyId=physical_id, TagKeys=gone)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        days = properties.get("PendingWindowInDays", 30)
        task.client("kms").schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=days)


class Alias(Handler):
    """AWS::KMS::Alias."""

    type = "AWS::KMS::Alias"

    def create(self, task: Task, properties: Properties) -> Made:
        task.client("kms").create_alias(**properties)
        return Made(properties["AliasName"])

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        task.client("kms").update_alias(**new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("kms").delete_alias(AliasName=physical_id)


class LogGroup(Handler):
    """AWS::Logs::LogGroup."""

    type = "AWS::Logs::LogGroup"

    def create(self, task: Task, properties: Properties) -> Made:
        logs, name = task.client("logs"), properties.get("LogGroupName", task.name(512))
        key = {"kmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}
        logs.create_log_group(
            logGroupName=name, tags={tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}, **key
        )
        self._retention(task, name, properties)
        return Made(name, {"Arn": f"{self._arn(task, name)}:*"})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "RetentionInDays", "ResourcePolicyDocument", "Tags")  # no policy is evaluated here
        self._retention(task, physical_id, new)
        put, gone = tag_changes(old, new)
        arn = self._arn(task, physical_id)
        if put:
            tags = {tag["Key"]: tag["Value"] for tag in put}
            task.client("logs").tag_resource(resourceArn=arn, tags=tags)
        if gone:
            task.client("logs").untag_resource(resourceArn=arn, tagKeys=gone)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("logs").delete_log_group(logGroupName=physical_id)

    def _retention(self, task: Task, name: str, properties: Properties) -> None:
        logs = task.client("logs")
        if "RetentionInDays" in properties:
            logs.put_retention_policy(logGroupName=name, retentionInDays=properties["RetentionInDays"])
        else:
            logs.delete_retention_policy(logGroupName=name)

    def _arn(self, task: Task, name: str) -> str:
        return f"arn:aws:logs:{task.place.region}:{task.place.account}:log-group:{name}"


class Parameter(Handler):
    """AWS::SSM::Parameter."""

    type = "AWS::SSM::Parameter"

    def create(self, task: Task, properties: Properties) -> Made:
        name = properties.get("Name", f"CFN-{task.name(60)}")
        self._put(task, name, properties, overwrite=False)
        return Made(name, {"Type": properties["Type"], "Value": properties["Value"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Value", "Description", "Type")
        self._put(task, physical_id, new, overwrite=True)
        return Made(physical_id, {"Type": new["Type"], "Value": new["Value"]})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ssm").delete_parameter(Name=physical_id)

    def _put(self, task: Task, name: str, properties: Properties, *, overwrite: bool) -> None:
        described = {"Description": properties["Description"]} if "Description" in properties else {}
        task.client("ssm").put_parameter(
            Name=name, Type=properties["Type"], Value=properties["Value"], Overwrite=overwrite, **described
        )


class Repository(Handler):
    """AWS::ECR::Repository."""

    type = "AWS::ECR::Repository"

    def create(self, task: Task, properties: Properties) -> Made:
        ecr, name = task.client("ecr"), properties.get("RepositoryName", task.name(256, lower=True))
        repository = ecr.create_repository(
            repositoryName=name, imageTagMutability=properties.get("ImageTagMutability", "MUTABLE")
        )["repository"]
        self._configure(task, name, properties)
        return Made(name, {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "LifecyclePolicy", "RepositoryPolicyText")
        self._configure(task, physical_id, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ecr").delete_repository(repositoryName=physical_id)

    def _configure(self, task: Task, name: str, properties: Properties) -> None:
        ecr = task.client("ecr")
        lifecycle = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
        if lifecycle:
            ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=lifecycle)
        if "RepositoryPolicyText" in properties:
            text = json.dumps(properties["RepositoryPolicyText"])
            ecr.set_repository_policy(repositoryName=name, policyText=text)


class LogStream(Handler):
    """AWS::Logs::LogStream."""

    type = "AWS::Logs::LogStream"

    def create(self, task: Task, properties: Properties) -> Made:
        name = properties.get("LogStreamName", task.name(512))
        task.client("logs").create_log_stream(logGroupName=properties["LogGroupName"], logStreamName=name)
        return Made(name)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("logs").delete_log_stream(logGroupName=properties["LogGroupName"], logStreamName=physical_id)


class CdkMetadata(Handler):
    """AWS::CDK::Metadata: what CDK tells of itself."""

    type = "AWS::CDK::Metadata"

    def create(self, task: Task, properties: Properties) -> Made:
        return Made(task.logical_id)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        """Nothing is left."""


HANDLERS: list[type[Handler]] = [
    Key,
    Alias,
    LogGroup,
    LogStream,
    Parameter,
    Repository,
    CdkMetadata,
]
