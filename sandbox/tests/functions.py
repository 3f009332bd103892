"""Functions as tests deploy them: one file of JavaScript, in a bucket, with a role."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from .conftest import Emulator

BUCKET = "code-of-functions"


def role(service: str) -> dict[str, Any]:
    """A role a service may assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}


def function(emulator: Emulator, name: str, code: str, timeout: int = 10, **more: Any) -> dict[str, Any]:
    """A function of that code, `exports.handler = …`; the role is the resource `FunctionRole`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", code)
    s3 = emulator.client("s3")
    if BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    s3.put_object(Bucket=BUCKET, Key=name, Body=packed.getvalue())
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": BUCKET, "S3Key": name},
            "Handler": "index.handler",
            "Runtime": "nodejs22.x",
            "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
            "Timeout": timeout,
            "MemorySize": 128,
            **more,
        },
    }
