"""Flow logs to CloudWatch Logs and to S3."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.ec2.exceptions import FlowLogAlreadyExists
from moto.ec2.models import EC2Backend
from moto.s3.models import s3_backends

from .refusals import Refusal, refuse

_KINDS = ("VPC", "Subnet", "NetworkInterface")
_BUCKET = re.compile(r"arn:aws[a-z-]*:s3:::([a-z0-9.-]{3,63})(?:/(.*))?")
_DELIVERY = "delivery.logs.amazonaws.com"


class FlowLogs(EC2Backend):
    """What is refused of flow logs beyond what moto refuses, and what one does to its bucket."""

    __module__ = "moto.ec2.models"

    def prepare_flow_logs(self, request: dict[str, Any]) -> None:
        """Before they are made: what cannot be is refused, and the bucket lets the logs in."""
        refuse(flow_log_problem(request))
        if request.get("LogDestinationType") != "s3":
            return
        name = _bucket_of(request["LogDestination"])
        known = s3_backends[self.account_id][self.partition].buckets
        if name not in known:
            message = f"Access Denied for LogDestination: {name}. Please check LogDestination permission"
            refuse(Refusal("InvalidParameter", message))
        policy = known[name].policy
        if not lets_logs_in(None if policy is None else json.loads(policy)):
            # as documented: this overwrites whatever policy there is
            known[name].policy = json.dumps(delivery_policy(name, self.account_id)).encode()

    def create_flow_logs(self, resource_ids: list[str], log_destination: str | None, **named: Any) -> Any:
        """Flow logs, also to a folder of a bucket, which moto takes for the name of another bucket."""
        folder = named.get("log_destination_type") == "s3" and log_destination is not None
        if folder:
            same = {"log-destination-type": ["s3"], "resource-id": resource_ids}
            if any(known.log_destination == log_destination for known in self.describe_flow_logs(filters=same)):
                raise FlowLogAlreadyExists()
        bucket = f"arn:{self.partition}:s3:::{_bucket_of(log_destination)}" if folder else log_destination
        made, failed = super().create_flow_logs(resource_ids=resource_ids, log_destination=bucket, **named)
        for flow_log in made:
            flow_log.log_destination = log_destination
        return made, failed


def flow_log_problem(request: dict[str, Any]) -> Refusal | None:
    """What fits what, as far as the schema of the resource does not say it."""
    destination = request.get("LogDestinationType") or "cloud-watch-logs"
    if destination == "kinesis-data-firehose" or request.get("ResourceType") not in _KINDS:
        what = destination if destination == "kinesis-data-firehose" else request.get("ResourceType")
        return Refusal("InvalidParameter", f"the local AWS does not know flow logs of {what}")
    if not request.get("TrafficType"):
        return Refusal("MissingParameter", "The request must include the TrafficType parameter.")
    if destination == "cloud-watch-logs":
        if request.get("DestinationOptions"):
            return Refusal("InvalidParameter", "DestinationOptions is not applicable for cloud-watch-logs delivery")
        return None
    if request.get("DeliverLogsPermissionArn"):
        return Refusal("InvalidParameter", "DeliverLogsPermissionArn is not applicable for s3 delivery")
    match = _BUCKET.fullmatch(request.get("LogDestination") or "")
    if request.get("LogDestination") and match is None:
        return Refusal("InvalidParameter", f"LogDestination {request['LogDestination']} is not the ARN of a bucket")
    if match is not None and (match[2] or "").split("/")[0] == "AWSLogs":
        return Refusal("InvalidParameter", "AWSLogs is reserved and cannot be a subfolder of LogDestination")
    if match is None:
        return Refusal("InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")
    return None


def lets_logs_in(policy: dict[str, Any] | None) -> bool:
    """Whether a bucket policy allows what the delivery of logs needs."""
    allowed: set[str] = set()
    for statement in _list((policy or {}).get("Statement", [])):
        principal = statement.get("Principal", {})
        services = _list(principal.get("Service", [])) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and _DELIVERY in services:
            allowed |= set(_list(statement.get("Action", [])))
    needed = {"s3:PutObject", "s3:GetBucketAcl"}
    return needed <= allowed or "s3:*" in allowed


def delivery_policy(bucket: str, account: str) -> dict[str, Any]:
    """The policy that EC2 gives a bucket that does not let its logs in.

    @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    """
    common = {"Effect": "Allow", "Principal": {"Service": _DELIVERY}}
    mine = {"StringEquals": {"aws:SourceAccount": account}}
    written = {"StringEquals": {**mine["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"}}
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AWSLogDeliveryWrite",
                **common,
                "Action": "s3:PutObject",
                "Resource": f"{arn}/AWSLogs/{account}/*",
                "Condition": written,
            },
            {
                "Sid": "AWSLogDeliveryAclCheck",
                **common,
                "Action": "s3:GetBucketAcl",
                "Resource": arn,
                "Condition": mine,
            },
        ],
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _bucket_of(destination: str | None) -> str:
    match = _BUCKET.fullmatch(destination or "")
    return match[1] if match else ""
