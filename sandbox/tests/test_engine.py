"""Canaries of the CloudFormation engine: that it fails where CloudFormation fails, and leaves what it leaves."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .conftest import ACCOUNT, REGION, Emulator, Stack, refusal

GROUP = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def subnet(vpc: str = "Vpc", cidr: str = "10.0.0.0/24", zone: str = "a") -> dict[str, Any]:
    where = {"VpcId": {"Ref": vpc}, "CidrBlock": cidr, "AvailabilityZone": f"{REGION}{zone}"}
    return {"Type": "AWS::EC2::Subnet", "Properties": where}


def parameter(value: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **more}


def exported(value: Any, name: str) -> dict[str, Any]:
    return {"Exported": {"Value": value, "Export": {"Name": name}}}


class TestStrictness:
    @pytest.mark.parametrize(
        ("resource", "reason"),
        [
            ({"Type": "AWS::Neptune::DBCluster"}, "the local AWS has no AWS::Neptune::DBCluster"),
            ({"Type": "Custom::Thing", "Properties": {"ServiceToken": "arn:aws:sns:x"}}, "must be the ARN of a Lambda"),
            (
                {
                    "Type": "AWS::CloudFormation::CustomResource",
                    "Properties": {"ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none"},
                },
                "the local AWS has no AWS::CloudFormation::CustomResource",
            ),
            (
                {
                    "Type": "Custom::Thing",
                    "Properties": {"ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none"},
                },
                "there is no function",
            ),
            (parameter({"Fn::GetStackOutput": {"StackName": "x"}}), "does not know Fn::GetStackOutput"),
            (parameter({"Fn::Length": [1]}), "does not know Fn::Length"),
            ({**GROUP, "Properties": {"RetentionInDays": 8}}, "8 is not one of"),
            ({**GROUP, "Properties": {"Retention": 7}}, "Additional properties are not allowed"),
            ({"Type": "AWS::EC2::Subnet", "Properties": {}}, "'VpcId' is a required property"),
            ({**GROUP, "Properties": {"Arn": "x"}}, "is read-only"),
            (parameter({"Fn::ImportValue": "nobody-exports-this"}), "No export named nobody-exports-this found"),
        ],
    )
    def test_a_resource_that_cannot_be_made_fails_the_stack(
        self, stack: Stack, resource: dict[str, Any], reason: str
    ) -> None:
        assert stack.deploy({"Before": GROUP, "It": {**resource, "DependsOn": "Before"}}) == "ROLLBACK_COMPLETE"
        assert reason in stack.reason()

    def test_an_unknown_attribute_fails(self, stack: Stack) -> None:
        status = stack.deploy({"Vpc": VPC, "It": parameter({"Fn::GetAtt": ["Vpc", "Nonsense"]})})
        assert status == "ROLLBACK_COMPLETE"
        assert "AWS::EC2::VPC has no attribute Nonsense" in stack.reason()

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"Resources": {}}, "At least one Resources member"),
            ({"Resources": {"A": parameter({"Ref": "Nobody"})}}, "Unresolved resource dependencies [Nobody]"),
            (
                {"Resources": {"A": parameter("x", DependsOn="B"), "B": parameter("x", DependsOn="A")}},
                "Circular dependency",
            ),
            ({"Resources": {"A": GROUP}, "Parameters": {"P": {"Type": "String"}}}, "[P] must have values"),
            (
                {
                    "Resources": {"A": GROUP},
                    "Rules": {"R": {"Assertions": [{"Assert": {"Fn::Equals": ["1", "2"]}, "AssertDescription": "no"}]}},
                },
                "Template validation error: no",
            ),
        ],
    )
    def test_a_template_that_cannot_be_is_refused(self, stack: Stack, body: dict[str, Any], message: str) -> None:
        with pytest.raises(Exception, match="ValidationError") as raised:
            stack.change_set(body)
        assert message in str(raised.value)
        assert stack.status() is None  # nothing half-made

    def test_iam_needs_its_capability(self, stack: Stack) -> None:
        role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x", "AssumeRolePolicyDocument": {}}}
        message = refusal(
            stack.cloudformation.create_change_set,
            StackName=stack.name,
            ChangeSetName="c",
            ChangeSetType="CREATE",
            TemplateBody=f'{{"Resources": {{"R": {str(role).replace(chr(39), chr(34))}}}}}',
        )
        assert "CAPABILITY_NAMED_IAM" in message


class TestStacks:
    def test_every_resource_of_the_template_is_in_the_stack(self, stack: Stack) -> None:
        template = {"Vpc": VPC, "A": subnet(), "B": subnet(cidr="10.0.1.0/24"), "Group": GROUP}
        assert stack.deploy(template) == "CREATE_COMPLETE"
        found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
        assert sorted(r["LogicalResourceId"] for r in found) == sorted(template)

    def test_no_change_is_told_in_the_words_the_command_line_knows(self, stack: Stack) -> None:
        stack.deploy({"Group": GROUP})
        answer = stack.change_set({"Resources": {"Group": GROUP}})
        assert answer["Status"] == "FAILED"
        assert answer["StatusReason"].startswith("The submitted information didn't contain changes.")

    def test_a_change_set_tells_what_would_be_replaced(self, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "A": subnet(), "Old": GROUP, "Kept": GROUP})
        changed = {"Resources": {"Vpc": VPC, "A": subnet(cidr="10.0.1.0/24"), "New": GROUP, "Kept": GROUP}}
        changed["Resources"]["Kept"] = {**GROUP, "Properties": {"RetentionInDays": 14}}
        changes = [change["ResourceChange"] for change in stack.change_set(changed)["Changes"]]
        assert {(c["LogicalResourceId"], c["Action"], c.get("Replacement")) for c in changes} == {
            ("A", "Modify", "True"),
            ("New", "Add", None),
            ("Kept", "Modify", "False"),
            ("Old", "Remove", None),
        }

    def test_change_sets_of_one_name_belong_to_their_stacks(self, stack: Stack, another: Stack) -> None:
        stack.change_set({"Resources": {"Mine": GROUP}})
        answer = another.change_set({"Resources": {"Theirs": GROUP}})
        assert [c["ResourceChange"]["LogicalResourceId"] for c in answer["Changes"]] == ["Theirs"]

    def test_a_failed_creation_leaves_nothing(self, emulator: Emulator, stack: Stack) -> None:
        before = len(emulator.client("ec2").describe_vpcs()["Vpcs"])
        assert stack.deploy({"Vpc": VPC, "Bad": {"Type": "AWS::X::Y", "DependsOn": "Vpc"}}) == "ROLLBACK_COMPLETE"
        assert len(emulator.client("ec2").describe_vpcs()["Vpcs"]) == before
        assert stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"] == []

    def test_a_failed_update_puts_everything_back(self, emulator: Emulator, stack: Stack) -> None:
        logs = emulator.client("logs")
        stack.deploy({"Kept": GROUP, "Gone": GROUP})
        kept, gone = stack.physical_id("Kept"), stack.physical_id("Gone")
        worse = {
            "Kept": {**GROUP, "Properties": {"RetentionInDays": 30}},
            "New": GROUP,
            "Bad": {"Type": "AWS::X::Y", "DependsOn": ["Kept", "New"]},
        }
        assert stack.deploy(worse) == "UPDATE_ROLLBACK_COMPLETE"
        found = {g["logGroupName"]: g.get("retentionInDays") for g in logs.describe_log_groups()["logGroups"]}
        assert found[kept] == 7 and found[gone] == 7
        assert not [name for name in found if f"{stack.name}-New" in name]
        assert (
            stack.deploy({"Kept": GROUP, "Gone": {**GROUP, "Properties": {"RetentionInDays": 1}}}) == "UPDATE_COMPLETE"
        )

    def test_an_update_removes_in_reverse_order(self, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "A": subnet(), "B": subnet(cidr="10.0.1.0/24"), "Kept": GROUP})
        assert stack.deploy({"Kept": GROUP}) == "UPDATE_COMPLETE"
        gone = [name for name, status, _ in stack.events() if status == "DELETE_COMPLETE"]
        assert gone == ["B", "A", "Vpc"]

    def test_a_replacement_comes_before_the_deletion_of_the_old(self, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "A": subnet()})
        old = stack.physical_id("A")
        assert stack.deploy({"Vpc": VPC, "A": subnet(cidr="10.0.9.0/24")}) == "UPDATE_COMPLETE"
        assert stack.physical_id("A") != old
        statuses = [status for name, status, _ in stack.events() if name == "A"]
        assert statuses[-4:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]

    def test_a_replacement_with_the_same_name_fails(self, stack: Stack) -> None:
        stack.deploy({"P": {"Type": "AWS::IAM::Role", "Properties": role("fixed", "/a/")}})
        assert (
            stack.deploy({"P": {"Type": "AWS::IAM::Role", "Properties": role("fixed", "/b/")}})
            == "UPDATE_ROLLBACK_COMPLETE"
        )
        assert "already exists" in stack.reason()

    def test_retained_resources_are_told_and_stay(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({"Kept": {**GROUP, "DeletionPolicy": "Retain"}, "Gone": GROUP})
        kept = stack.physical_id("Kept")
        stack_id = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        assert stack.delete() == "DELETE_COMPLETE"
        groups = emulator.client("logs").describe_log_groups(logGroupNamePrefix=kept)["logGroups"]
        assert [group["logGroupName"] for group in groups] == [kept]
        events = stack.cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
        assert ("Kept", "DELETE_SKIPPED") in [(e["LogicalResourceId"], e["ResourceStatus"]) for e in events]

    def test_what_is_in_use_cannot_be_deleted(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "A": subnet()})
        ec2 = emulator.client("ec2")
        interface = ec2.create_network_interface(SubnetId=stack.physical_id("A"))["NetworkInterface"]
        stack_id = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        assert stack.delete() == "DELETE_FAILED"
        assert "DependencyViolation" in stack.reason()
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
        stack.cloudformation.delete_stack(StackName=stack.name)
        assert stack.wait(stack_id) == "DELETE_COMPLETE"

    def test_a_protected_stack_is_not_deleted(self, stack: Stack) -> None:
        stack.deploy({"Group": GROUP})
        stack.cloudformation.update_termination_protection(StackName=stack.name, EnableTerminationProtection=True)
        assert "TerminationProtection" in refusal(stack.cloudformation.delete_stack, StackName=stack.name)
        assert stack.status() == "CREATE_COMPLETE"

    def test_previous_values_are_those_given_not_those_resolved(self, emulator: Emulator, stack: Stack) -> None:
        ssm = emulator.client("ssm")
        ssm.put_parameter(Name="/canary", Type="String", Value="30", Overwrite=True)
        kind = {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/canary"}}
        assert stack.deploy({"It": parameter({"Ref": "P"})}, Parameters=kind) == "CREATE_COMPLETE"
        ssm.put_parameter(Name="/canary", Type="String", Value="31", Overwrite=True)
        stack.cloudformation.create_change_set(
            StackName=stack.name,
            ChangeSetName="again",
            UsePreviousTemplate=True,
            Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}],
        )
        answer = stack.cloudformation.describe_change_set(StackName=stack.name, ChangeSetName="again")
        assert [c["ResourceChange"]["LogicalResourceId"] for c in answer["Changes"]] == ["It"]


class TestExports:
    def test_an_export_in_use_is_neither_removed_nor_deleted_nor_changed(self, stack: Stack, another: Stack) -> None:
        name = f"{stack.name}:x"
        both = {"Vpc": VPC, "A": subnet()}
        stack.deploy(both, exported({"Ref": "A"}, name))
        assert another.deploy({"Uses": parameter({"Fn::ImportValue": name})}) == "CREATE_COMPLETE"
        before = described(stack)

        # removed: and with it a subnet that must still be there afterwards
        assert stack.deploy({"Vpc": VPC, "New": subnet(cidr="10.0.2.0/24")}) == "UPDATE_ROLLBACK_COMPLETE"
        assert f"Export {name} cannot be deleted as it is in use by {another.name}" in last_reason(stack)
        assert described(stack) == before
        # changed, because the resource behind it would be replaced
        changed = {"Vpc": VPC, "A": subnet(cidr="10.0.3.0/24")}
        assert stack.deploy(changed, exported({"Ref": "A"}, name)) == "UPDATE_ROLLBACK_COMPLETE"
        assert f"Export {name} cannot be updated as it is in use by {another.name}" in last_reason(stack)
        assert described(stack) == before
        # changed, because it is another value now
        assert stack.deploy(both, exported({"Ref": "Vpc"}, name)) == "UPDATE_ROLLBACK_COMPLETE"
        assert "cannot be updated" in last_reason(stack)
        # deleted
        assert "cannot be deleted as it is in use" in refusal(stack.cloudformation.delete_stack, StackName=stack.name)

        assert another.delete() == "DELETE_COMPLETE"
        assert stack.delete() == "DELETE_COMPLETE"

    def test_nothing_was_touched_by_a_refused_update(self, stack: Stack, another: Stack) -> None:
        name = f"{stack.name}:x"
        stack.deploy({"Vpc": VPC}, exported({"Ref": "Vpc"}, name))
        another.deploy({"Uses": parameter({"Fn::ImportValue": name})})
        seen = len(stack.events())
        stack.deploy({"Vpc": VPC, "A": subnet()})
        assert {event[0] for event in stack.events()[seen:]} == {stack.name}

    def test_two_stacks_cannot_export_one_name(self, stack: Stack, another: Stack) -> None:
        stack.deploy({"Group": GROUP}, exported({"Ref": "Group"}, f"{stack.name}:x"))
        assert another.deploy({"Group": GROUP}, exported({"Ref": "Group"}, f"{stack.name}:x")) == "ROLLBACK_COMPLETE"
        assert "is already exported by stack" in last_reason(another)


def test_stacks_are_worked_on_side_by_side(emulator: Emulator, stack: Stack, another: Stack) -> None:
    emulator.control("POST", "delays", {stack.name: 3.0, another.name: 2.5})
    started = time.monotonic()
    for one in (stack, another):
        one.change_set({"Resources": {"Group": GROUP}})
        one.cloudformation.execute_change_set(StackName=one.name, ChangeSetName="cdk-deploy-change-set")
    # the answers came before the work was done
    assert stack.wait() == another.wait() == "CREATE_COMPLETE"
    spans = {span["stack"]: span for span in emulator.control("GET", "timeline")}
    assert spans[another.name]["start"] < spans[stack.name]["end"]
    assert time.monotonic() - started < 5.4


def test_everything_is_deleted(emulator: Emulator, stack: Stack) -> None:
    ec2 = emulator.client("ec2")
    before = inventory(emulator)
    template = {
        "Vpc": VPC,
        "A": subnet(),
        "Gateway": {"Type": "AWS::EC2::InternetGateway"},
        "Attached": {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}},
        },
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        "Route": {
            "Type": "AWS::EC2::Route",
            "DependsOn": "Attached",
            "Properties": {
                "RouteTableId": {"Ref": "Table"},
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": {"Ref": "Gateway"},
            },
        },
        "Association": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": {"Ref": "Table"}, "SubnetId": {"Ref": "A"}},
        },
        "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
        "Nat": {
            "Type": "AWS::EC2::NatGateway",
            "DependsOn": "Attached",
            "Properties": {"SubnetId": {"Ref": "A"}, "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}},
        },
        "Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "ServiceName": f"com.amazonaws.{REGION}.sts",
                "VpcEndpointType": "Interface",
                "SubnetIds": [{"Ref": "A"}],
                "SecurityGroupIds": [{"Ref": "Security"}],
            },
        },
        "Security": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "x",
                "VpcId": {"Ref": "Vpc"},
                "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIp": "10.0.0.0/8"}],
            },
        },
        "Launch": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {"LaunchTemplateData": {"UserData": "eA==", "MetadataOptions": {"HttpTokens": "required"}}},
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": role()},
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "p",
                "Roles": [{"Ref": "Role"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
                },
            },
        },
        "Group": GROUP,
        "Flow": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {
                "ResourceId": {"Ref": "Vpc"},
                "ResourceType": "VPC",
                "TrafficType": "ALL",
                "LogGroupName": {"Ref": "Group"},
                "DeliverLogsPermissionArn": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        },
        "Parameter": parameter({"Fn::GetAtt": ["Launch", "LatestVersionNumber"]}),
        "Bucket": {"Type": "AWS::S3::Bucket"},
    }
    assert stack.deploy(template) == "CREATE_COMPLETE", stack.reason()
    egress = ec2.describe_security_groups(GroupIds=[stack.physical_id("Security")])["SecurityGroups"][0]
    assert [rule["IpProtocol"] for rule in egress["IpPermissionsEgress"]] == ["tcp"]
    assert inventory(emulator) != before
    assert stack.delete() == "DELETE_COMPLETE"
    assert inventory(emulator) == before


def test_a_changed_launch_template_is_a_new_version(emulator: Emulator, stack: Stack) -> None:
    def template(data: str) -> dict[str, Any]:
        launch = {"LaunchTemplateData": {"UserData": data}}
        return {
            "Launch": {"Type": "AWS::EC2::LaunchTemplate", "Properties": launch},
            "Version": parameter({"Fn::GetAtt": ["Launch", "LatestVersionNumber"]}),
        }

    stack.deploy(template("eA=="))
    changes = stack.change_set({"Resources": template("eQ==")})["Changes"]
    assert [c["ResourceChange"]["LogicalResourceId"] for c in changes] == ["Launch", "Version"]
    stack.cloudformation.execute_change_set(StackName=stack.name, ChangeSetName="cdk-deploy-change-set")
    assert stack.wait() == "UPDATE_COMPLETE"
    value = emulator.client("ssm").get_parameter(Name=stack.physical_id("Version"))["Parameter"]["Value"]
    assert value == "2"


def role(name: str | None = None, path: str = "/") -> dict[str, Any]:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    return {"AssumeRolePolicyDocument": document, "Path": path, **({"RoleName": name} if name else {})}


def last_reason(stack: Stack) -> str:
    """Why the stack itself went back."""
    return [reason for name, status, reason in stack.events() if status.endswith("ROLLBACK_IN_PROGRESS")][-1]


def described(stack: Stack) -> list[tuple[str, str]]:
    found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    return [(r["LogicalResourceId"], r["PhysicalResourceId"]) for r in found]


def inventory(emulator: Emulator) -> dict[str, list[str]]:
    """What exists, by id."""
    ec2, iam = emulator.client("ec2"), emulator.client("iam")

    def ids(operation: str, key: str, name: str) -> list[str]:
        return sorted(item[name] for item in getattr(ec2, f"describe_{operation}")()[key])

    return {
        "vpcs": ids("vpcs", "Vpcs", "VpcId"),
        "subnets": ids("subnets", "Subnets", "SubnetId"),
        "tables": ids("route_tables", "RouteTables", "RouteTableId"),
        "gateways": ids("internet_gateways", "InternetGateways", "InternetGatewayId"),
        "groups": ids("security_groups", "SecurityGroups", "GroupId"),
        "interfaces": ids("network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
        "addresses": ids("addresses", "Addresses", "PublicIp"),
        "launch templates": ids("launch_templates", "LaunchTemplates", "LaunchTemplateId"),
        "flow logs": ids("flow_logs", "FlowLogs", "FlowLogId"),
        "nat": sorted(n["NatGatewayId"] for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] != "deleted"),
        "endpoints": sorted(
            e["VpcEndpointId"] for e in ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["State"] != "deleted"
        ),
        "roles": sorted(r["RoleName"] for r in iam.list_roles()["Roles"]),
        "log groups": sorted(g["logGroupName"] for g in emulator.client("logs").describe_log_groups()["logGroups"]),
        "parameters": sorted(p["Name"] for p in emulator.client("ssm").describe_parameters()["Parameters"]),
        "buckets": sorted(b["Name"] for b in emulator.client("s3").list_buckets()["Buckets"]),
        "clusters": emulator.client("eks").list_clusters()["clusters"],
    }
