"""Flow logs to buckets, and the buckets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, Emulator, Stack, refusal
from .templates import VPC, resource

OPTIONS = {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": False}
LIFECYCLE = {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 90}]}
SETTINGS = {
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [
            {
                "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"},
                "BucketKeyEnabled": True,
            }
        ]
    },
    "LifecycleConfiguration": {
        "Rules": [
            {
                "Id": "old",
                "Status": "Enabled",
                "Prefix": "AWSLogs/",
                "ExpirationInDays": 90,
                "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}],
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
            }
        ]
    },
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    },
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
    "VersioningConfiguration": {"Status": "Enabled"},
    "Tags": [{"Key": "team", "Value": "net"}],
}


def bucket(*, retained: bool = False, **properties: Any) -> dict[str, Any]:
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} if retained else {}
    return {"Type": "AWS::S3::Bucket", "Properties": properties, **kept}


def flow_log(depends_on: str | list[str] | None = None, **properties: Any) -> dict[str, Any]:
    given = {
        "ResourceId": {"Ref": "Vpc"},
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
        "LogDestination": {"Fn::GetAtt": ["Bucket", "Arn"]},
        **properties,
    }
    return resource("FlowLog", depends_on, **{key: value for key, value in given.items() if value is not None})


def policy(*statements: dict[str, Any], depends_on: str | None = None) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    more = {} if depends_on is None else {"DependsOn": depends_on}
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document},
        **more,
    }


def statement(action: str, path: str = "/*", **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": action,
        "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, path]]},
        **more,
    }


DELIVERY = [statement("s3:PutObject"), statement("s3:GetBucketAcl", "")]


class TestFlowLogs:
    def test_one_is_written_as_was_asked_for(self, emulator: Emulator, stack: Stack) -> None:
        folder = {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/flow/"]]}
        base = {"Vpc": VPC, "Bucket": bucket(**SETTINGS), "Policy": policy(*DELIVERY)}
        flow = flow_log(
            "Policy", LogDestination=folder, DestinationOptions=OPTIONS, MaxAggregationInterval=60, TrafficType="REJECT"
        )
        output = {"Id": {"Value": {"Fn::GetAtt": ["Flow", "Id"]}}}
        assert stack.deploy({**base, "Flow": flow}, output) == "CREATE_COMPLETE", stack.reason()
        ec2, name = emulator.client("ec2"), stack.physical_id("Bucket")
        found = ec2.describe_flow_logs(FlowLogIds=[stack.physical_id("Flow")])["FlowLogs"][0]
        assert found["DestinationOptions"] == OPTIONS
        assert (found["LogDestinationType"], found["LogDestination"]) == ("s3", f"arn:aws:s3:::{name}/flow/")
        assert (found["MaxAggregationInterval"], found["TrafficType"]) == (60, "REJECT")
        # what it is, is not changed in place; its tags are
        tagged = {**flow, "Properties": {**flow["Properties"], "Tags": [{"Key": "a", "Value": "b"}]}}
        assert stack.deploy({**base, "Flow": tagged}, output) == "UPDATE_COMPLETE", stack.reason()
        assert stack.physical_id("Flow") == found["FlowLogId"]
        assert stack.deploy({**base, "Flow": flow_log("Policy")}, output) == "UPDATE_COMPLETE", stack.reason()
        assert stack.physical_id("Flow") != found["FlowLogId"]
        assert stack.delete() == "DELETE_COMPLETE"
        assert ec2.describe_flow_logs()["FlowLogs"] == []

    def test_a_bucket_that_lets_the_logs_in_keeps_its_policy(self, emulator: Emulator, stack: Stack) -> None:
        template = {"Vpc": VPC, "Bucket": bucket(), "Policy": policy(*DELIVERY), "Flow": flow_log("Policy")}
        assert stack.deploy(template) == "CREATE_COMPLETE", stack.reason()
        kept = emulator.client("s3").get_bucket_policy(Bucket=stack.physical_id("Bucket"))["Policy"]
        assert [s.get("Sid") for s in json.loads(kept)["Statement"]] == [None, None]
        assert stack.delete() == "DELETE_COMPLETE"

    def test_another_bucket_is_given_the_policy_it_needs(self, emulator: Emulator, stack: Stack) -> None:
        own = policy(statement("s3:GetObject"))
        template = {"Vpc": VPC, "Bucket": bucket(), "Policy": own, "Flow": flow_log("Policy")}
        assert stack.deploy(template) == "CREATE_COMPLETE", stack.reason()
        given = json.loads(emulator.client("s3").get_bucket_policy(Bucket=stack.physical_id("Bucket"))["Policy"])
        assert [s["Sid"] for s in given["Statement"]] == ["AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"]
        assert ACCOUNT in given["Statement"][0]["Resource"]
        assert stack.delete() == "DELETE_COMPLETE"

    def test_which_is_then_in_the_way_of_ones_own(self, stack: Stack) -> None:
        template = {
            "Vpc": VPC,
            "Bucket": bucket(),
            "Flow": flow_log(),
            "Policy": policy(*DELIVERY, depends_on="Flow"),
        }
        assert stack.deploy(template) == "ROLLBACK_COMPLETE"
        assert "The bucket policy already exists on bucket t" in stack.reason()

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"TrafficType": "SOME"}, "'SOME' is not one of ['ACCEPT', 'ALL', 'REJECT']"),
            ({"LogDestinationType": "s4"}, "'s4' is not one of"),
            ({"Nonsense": 1}, "Additional properties are not allowed"),
            ({"DestinationOptions": {**OPTIONS, "FileFormat": "csv"}}, "'csv' is not one of"),
            ({"DestinationOptions": {"FileFormat": "parquet"}}, "'HiveCompatiblePartitions' is a required property"),
            ({"MaxAggregationInterval": 61}, "Invalid Flow Log Max Aggregation Interval"),
            ({"TrafficType": None}, "The request must include the TrafficType parameter."),
            ({"LogDestination": None}, "LogDestination can't be empty if LogGroupName is not provided."),
            (
                {"LogDestination": "arn:aws:s3:::does-not-exist"},
                "Access Denied for LogDestination: does-not-exist. Please check LogDestination permission",
            ),
            ({"LogDestination": {"Ref": "Bucket"}}, "is not the ARN of a bucket"),
            (
                {"LogDestination": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/AWSLogs/"]]}},
                "AWSLogs is reserved",
            ),
            (
                {"DeliverLogsPermissionArn": f"arn:aws:iam::{ACCOUNT}:role/x"},
                "DeliverLogsPermissionArn is not applicable for s3 delivery",
            ),
            (
                {
                    "LogDestinationType": "cloud-watch-logs",
                    "LogDestination": None,
                    "LogGroupName": "x",
                    "DeliverLogsPermissionArn": f"arn:aws:iam::{ACCOUNT}:role/x",
                    "DestinationOptions": OPTIONS,
                },
                "DestinationOptions is not applicable for cloud-watch-logs delivery",
            ),
            ({"LogDestinationType": "kinesis-data-firehose"}, "does not know flow logs of kinesis-data-firehose"),
            ({"ResourceId": "vpc-1"}, "vpc-1"),
            ({"TagFieldSpecifications": [{"ResourceType": "instance", "TagKeys": ["a"]}]}, "does not know TagField"),
        ],
    )
    def test_one_that_cannot_be_fails(self, stack: Stack, changes: dict[str, Any], reason: str) -> None:
        template = {"Vpc": VPC, "Bucket": bucket(), "Flow": flow_log(["Bucket", "Vpc"], **changes)}
        assert stack.deploy(template) == "ROLLBACK_COMPLETE"
        assert reason in stack.reason()

    def test_one_destination_is_written_to_once(self, stack: Stack) -> None:
        base = {"Vpc": VPC, "Bucket": bucket(), "Flow": flow_log()}
        assert stack.deploy({**base, "Again": flow_log("Flow")}) == "ROLLBACK_COMPLETE"
        assert "FlowLogAlreadyExists" in stack.reason()


class TestBuckets:
    def test_a_bucket_has_its_settings_and_loses_them(self, emulator: Emulator, stack: Stack) -> None:
        s3 = emulator.client("s3")
        assert stack.deploy({"Bucket": bucket(**SETTINGS)}) == "CREATE_COMPLETE", stack.reason()
        name = stack.physical_id("Bucket")
        rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]
        assert (lifecycle["ID"], lifecycle["Expiration"], lifecycle["Filter"]) == (
            "old",
            {"Days": 90},
            {"Prefix": "AWSLogs/"},
        )
        assert lifecycle["Transitions"] == [{"StorageClass": "STANDARD_IA", "Days": 30}]
        assert lifecycle["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
        assert lifecycle["NoncurrentVersionExpiration"] == {"NoncurrentDays": 3}
        assert ownership(s3, name) == "BucketOwnerPreferred"
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
        assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "team", "Value": "net"}]

        assert stack.deploy({"Bucket": bucket()}) == "UPDATE_COMPLETE", stack.reason()
        assert stack.physical_id("Bucket") == name
        rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
        assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
        assert "NoSuchLifecycleConfiguration" in refusal(s3.get_bucket_lifecycle_configuration, Bucket=name)
        assert ownership(s3, name) == "BucketOwnerEnforced"
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
        assert "NoSuchTagSet" in refusal(s3.get_bucket_tagging, Bucket=name)
        assert stack.deploy({"Bucket": bucket(BucketName=f"{stack.name}-other")}) == "UPDATE_COMPLETE"
        assert [b["Name"] for b in s3.list_buckets()["Buckets"] if stack.name in b["Name"]] == [f"{stack.name}-other"]
        assert stack.delete() == "DELETE_COMPLETE"

    def test_a_new_bucket_is_closed_and_encrypted(self, emulator: Emulator, stack: Stack) -> None:
        s3 = emulator.client("s3")
        stack.deploy({"Bucket": bucket(LifecycleConfiguration=LIFECYCLE)})
        name = stack.physical_id("Bucket")
        closed = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert set(closed.values()) == {True}
        assert ownership(s3, name) == "BucketOwnerEnforced"
        assert s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        assert stack.delete() == "DELETE_COMPLETE"

    @pytest.mark.parametrize("versioning", [{}, {"VersioningConfiguration": {"Status": "Enabled"}}])
    def test_a_bucket_with_something_in_it_is_not_deleted(
        self, emulator: Emulator, stack: Stack, versioning: dict[str, Any]
    ) -> None:
        s3 = emulator.client("s3")
        stack.deploy({"Bucket": bucket(**versioning)})
        name = stack.physical_id("Bucket")
        version = s3.put_object(Bucket=name, Key="a", Body=b"a").get("VersionId")
        stack_id = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        assert stack.delete() == "DELETE_FAILED"
        assert "The bucket you tried to delete is not empty" in stack.reason()
        assert "(BucketNotEmpty)" in stack.reason()
        s3.delete_object(Bucket=name, Key="a", **({"VersionId": version} if version else {}))
        stack.cloudformation.delete_stack(StackName=stack.name)
        assert stack.wait(stack_id) == "DELETE_COMPLETE"

    def test_a_retained_bucket_stays_with_what_is_in_it(self, emulator: Emulator, stack: Stack) -> None:
        s3 = emulator.client("s3")
        stack.deploy({"Vpc": VPC, "Bucket": bucket(retained=True), "Flow": flow_log()})
        name = stack.physical_id("Bucket")
        s3.put_object(Bucket=name, Key="a", Body=b"a")
        assert stack.delete() == "DELETE_COMPLETE"
        assert s3.get_object(Bucket=name, Key="a")["Body"].read() == b"a"
        s3.delete_object(Bucket=name, Key="a")
        s3.delete_bucket(Bucket=name)

    @pytest.mark.parametrize(
        ("properties", "reason"),
        [
            ({"AccelerateConfiguration": {"AccelerationStatus": "Enabled"}}, "does not know AccelerateConfiguration"),
            ({"Encryption": True}, "Additional properties are not allowed"),
            (
                {"OwnershipControls": {"Rules": [{"ObjectOwnership": "Mine"}]}},
                "'Mine' is not one of",
            ),
            ({"AccessControl": "LogDeliveryWrite"}, "(InvalidBucketAclWithObjectOwnership)"),
            ({"LifecycleConfiguration": {"Rules": [{"Status": "On", "ExpirationInDays": 1}]}}, "'On' is not one of"),
            (
                {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled"}]}},
                "At least one action needs to be specified in a rule",
            ),
            (
                {
                    "LifecycleConfiguration": {
                        "Rules": [
                            {
                                "Status": "Enabled",
                                "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 7}],
                            }
                        ]
                    }
                },
                "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
            ),
            (
                {
                    "LifecycleConfiguration": {
                        "Rules": [
                            {
                                "Status": "Enabled",
                                "ExpirationInDays": 60,
                                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 90}],
                            }
                        ]
                    }
                },
                "'Days' in the Expiration action for filter '(prefix=)' must be greater than 'Days' in the Transition",
            ),
        ],
    )
    def test_a_bucket_that_cannot_be_fails(self, stack: Stack, properties: dict[str, Any], reason: str) -> None:
        assert stack.deploy({"Bucket": bucket(**properties)}) == "ROLLBACK_COMPLETE"
        assert reason in stack.reason()

    def test_a_policy_is_about_its_bucket_and_changes_with_its_template(self, emulator: Emulator, stack: Stack) -> None:
        s3, secure = emulator.client("s3"), {"Bool": {"aws:SecureTransport": "false"}}
        refused = {"Bucket": bucket(), "Policy": policy(statement("s3:PutObject", "-other/*"))}
        assert stack.deploy({"Bucket": bucket()}) == "CREATE_COMPLETE"
        assert stack.deploy(refused) == "UPDATE_ROLLBACK_COMPLETE"
        assert "Policy has invalid resource" in stack.reason()
        denied = {**statement("s3:*", Condition=secure), "Effect": "Deny", "Principal": "*"}
        assert stack.deploy({"Bucket": bucket(), "Policy": policy(*DELIVERY, denied)}) == "UPDATE_COMPLETE"
        name = stack.physical_id("Bucket")
        kept = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
        assert [s["Action"] for s in kept] == ["s3:PutObject", "s3:GetBucketAcl"]  # plain HTTP is what there is here
        assert stack.deploy({"Bucket": bucket(), "Policy": policy(denied)}) == "UPDATE_COMPLETE"
        assert "NoSuchBucketPolicy" in refusal(s3.get_bucket_policy, Bucket=name)
        assert stack.deploy({"Bucket": bucket()}) == "UPDATE_COMPLETE"
        assert stack.delete() == "DELETE_COMPLETE"


def ownership(s3: Any, name: str) -> str:
    return str(s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"][0]["ObjectOwnership"])
