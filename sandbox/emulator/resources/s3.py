"""Buckets and their policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from . import s3_rules
from .handler import Handler, HandlerError, Made, Properties, Task

# as CloudFormation names them, and as S3 does
_ACLS = {
    "Private": "private",
    "PublicRead": "public-read",
    "PublicReadWrite": "public-read-write",
    "AuthenticatedRead": "authenticated-read",
    "LogDeliveryWrite": "log-delivery-write",
    "BucketOwnerRead": "bucket-owner-read",
    "BucketOwnerFullControl": "bucket-owner-full-control",
    "AwsExecRead": "aws-exec-read",
}
# property to: the operation without its verb, its parameter, how that wants the value
_ASPECTS: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "VersioningConfiguration": ("bucket_versioning", "VersioningConfiguration", dict),
    "OwnershipControls": ("bucket_ownership_controls", "OwnershipControls", dict),
    "PublicAccessBlockConfiguration": ("public_access_block", "PublicAccessBlockConfiguration", dict),
    "BucketEncryption": ("bucket_encryption", "ServerSideEncryptionConfiguration", s3_rules.encryption),
    "LifecycleConfiguration": ("bucket_lifecycle_configuration", "LifecycleConfiguration", s3_rules.lifecycle),
    "NotificationConfiguration": (
        "bucket_notification_configuration",
        "NotificationConfiguration",
        s3_rules.notification,
    ),
    "Tags": ("bucket_tagging", "Tagging", lambda tags: {"TagSet": tags}),
}


class Bucket(Handler):
    """AWS::S3::Bucket."""

    type = "AWS::S3::Bucket"
    _configured = ("AccessControl", *_ASPECTS)

    def create(self, task: Task, properties: Properties) -> Made:
        self._check(properties)
        s3, name = task.client("s3"), properties.get("BucketName", task.name(63, lower=True))
        region = task.place.region
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
        try:
            self._configure(task, name, {}, {**s3_rules.NEW, **properties})
        except Exception:
            s3.delete_bucket(Bucket=name)  # a resource that failed is not there
            raise
        return Made(
            name,
            {
                "Arn": f"arn:aws:s3:::{name}",
                "DomainName": f"{name}.s3.amazonaws.com",
                "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
                "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
                "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
            },
        )

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self._check(new)
        self.only(old, new, *self._configured, "MetricsConfigurations")  # requests are not counted here
        self._configure(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("s3").delete_bucket(Bucket=physical_id)

    def _check(self, properties: Properties) -> None:
        self.know(properties, *self._configured, "BucketName", "MetricsConfigurations")
        self.know(properties.get("NotificationConfiguration", {}), "EventBridgeConfiguration")
        for problem in (s3_rules.acl_problem(properties), s3_rules.lifecycle_problem(properties)):
            if problem is not None:
                raise HandlerError(problem)

    def _configure(self, task: Task, name: str, old: Properties, new: Properties) -> None:
        """Sets what differs, and takes away what is no longer there."""
        s3 = task.client("s3")
        if new.get("AccessControl", "Private") != old.get("AccessControl", "Private"):
            s3.put_bucket_acl(Bucket=name, ACL=_ACLS[new.get("AccessControl", "Private")])
        for key, (aspect, parameter, convert) in _ASPECTS.items():
            if key in new and new[key] != old.get(key):
                getattr(s3, f"put_{aspect}")(Bucket=name, **{parameter: convert(new[key])})
            elif key in old and key not in new:
                if key in s3_rules.DEFAULTS:
                    getattr(s3, f"put_{aspect}")(Bucket=name, **{parameter: convert(s3_rules.DEFAULTS[key])})
                else:
                    getattr(s3, f"delete_{aspect.removesuffix('_configuration')}")(Bucket=name)


class BucketPolicy(Handler):
    """AWS::S3::BucketPolicy: the one policy of a bucket."""

    type = "AWS::S3::BucketPolicy"

    def create(self, task: Task, properties: Properties) -> Made:
        name = properties["Bucket"]
        if self._exists(task, name):
            raise HandlerError(f"The bucket policy already exists on bucket {name}.")
        self._put(task, properties)
        return Made(name)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self._put(task, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("s3").delete_bucket_policy(Bucket=physical_id)

    def _put(self, task: Task, properties: Properties) -> None:
        s3, name, document = task.client("s3"), properties["Bucket"], properties["PolicyDocument"]
        document = json.loads(document) if isinstance(document, str) else document
        statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
        problem = s3_rules.policy_problem(statements, name)
        if problem is not None:
            raise HandlerError(problem)
        # moto passes over conditions, so what denies plain HTTP would deny everything on the loopback interface
        kept = [s for s in statements if "aws:SecureTransport" not in json.dumps(s.get("Condition", {}))]
        if kept:
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps({**document, "Statement": kept}))
        else:
            s3.delete_bucket_policy(Bucket=name)

    def _exists(self, task: Task, name: str) -> bool:
        try:
            task.client("s3").get_bucket_policy(Bucket=name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucketPolicy":
                return False
            raise
        return True


HANDLERS: list[type[Handler]] = [Bucket, BucketPolicy]
