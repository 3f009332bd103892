"""Delivery streams, through the API of Firehose."""

from __future__ import annotations

import json
from typing import Any

from .handler import Handler, HandlerError, Made, Properties, Task, tag_changes


class DeliveryStream(Handler):
    """AWS::KinesisFirehose::DeliveryStream to S3."""

    type = "AWS::KinesisFirehose::DeliveryStream"
    _copied = ("DeliveryStreamType", "DeliveryStreamEncryptionConfigurationInput", "ExtendedS3DestinationConfiguration")

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, *self._copied, "DeliveryStreamName", "Tags")
        name = properties.get("DeliveryStreamName", task.name(64))
        self._check_roles(task, properties["ExtendedS3DestinationConfiguration"])
        tags = {"Tags": properties["Tags"]} if properties.get("Tags") else {}
        made = task.client("firehose").create_delivery_stream(
            DeliveryStreamName=name, **{key: properties[key] for key in self._copied if key in properties}, **tags
        )
        return Made(name, {"Arn": made["DeliveryStreamARN"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "ExtendedS3DestinationConfiguration", "Tags")
        firehose = task.client("firehose")
        if old["ExtendedS3DestinationConfiguration"] != new["ExtendedS3DestinationConfiguration"]:
            self._check_roles(task, new["ExtendedS3DestinationConfiguration"])
            described = firehose.describe_delivery_stream(DeliveryStreamName=physical_id)["DeliveryStreamDescription"]
            update = {"S3BackupMode": "Disabled", **new["ExtendedS3DestinationConfiguration"]}
            if "S3BackupConfiguration" in update:
                update["S3BackupUpdate"] = update.pop("S3BackupConfiguration")
            firehose.update_destination(
                DeliveryStreamName=physical_id,
                CurrentDeliveryStreamVersionId=described["VersionId"],
                DestinationId=described["Destinations"][0]["DestinationId"],
                ExtendedS3DestinationUpdate=update,
            )
        put, gone = tag_changes(old, new)
        if put:
            firehose.tag_delivery_stream(DeliveryStreamName=physical_id, Tags=put)
        if gone:
            firehose.untag_delivery_stream(DeliveryStreamName=physical_id, TagKeys=gone)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("firehose").delete_delivery_stream(DeliveryStreamName=physical_id)

    def _check_roles(self, task: Task, configuration: dict[str, Any]) -> None:
        for part in (configuration, configuration.get("S3BackupConfiguration", {})):
            arn = part.get("RoleARN")
            if arn is None:
                continue
            role = task.client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
            if "firehose.amazonaws.com" not in json.dumps(role["AssumeRolePolicyDocument"]):
                raise HandlerError(f"Firehose is unable to assume role {arn}. Please check the role provided.")


HANDLERS: list[type[Handler]] = [DeliveryStream]
