"""IPv6 in a VPC: ranges, subnets, gateways and routes, as stacks make, change and delete them."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from .conftest import REGION, Emulator, Stack, refusal
from .templates import GATEWAY, SIX, VPC, part, resource, six, subnet

TABLE = {"Table": resource("RouteTable", VpcId={"Ref": "Vpc"})}
EGRESS = {"Egress": resource("EgressOnlyInternetGateway", VpcId={"Ref": "Vpc"})}


def route(depends_on: Any = None, **properties: Any) -> dict[str, Any]:
    return resource("Route", depends_on, RouteTableId={"Ref": "Table"}, **properties)


def out(depends_on: Any = None, **target: Any) -> dict[str, Any]:
    """A route for everything of IPv6."""
    return route(depends_on, DestinationIpv6CidrBlock="::/0", **target)


def described(emulator: Emulator, stack: Stack, name: str) -> dict[str, Any]:
    return dict(emulator.client("ec2").describe_subnets(SubnetIds=[stack.physical_id(name)])["Subnets"][0])


def ranges(thing: dict[str, Any]) -> list[str]:
    return [
        a["Ipv6CidrBlock"]
        for a in thing["Ipv6CidrBlockAssociationSet"]
        if a["Ipv6CidrBlockState"]["State"] == "associated"
    ]


class TestSubnets:
    def test_a_subnet_has_its_part_of_the_range(self, emulator: Emulator, stack: Stack) -> None:
        template = {**SIX, "A": six(0, AssignIpv6AddressOnCreation=True), "C": six(1, "c")}
        output = {
            "Whole": {"Value": {"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]}},
            "Mine": {"Value": {"Fn::Select": [0, {"Fn::GetAtt": ["C", "Ipv6CidrBlocks"]}]}},
        }
        assert stack.deploy(template, output) == "CREATE_COMPLETE", stack.reason()
        vpc = emulator.client("ec2").describe_vpcs(VpcIds=[stack.physical_id("Vpc")])["Vpcs"][0]
        whole = ip_network(ranges(vpc)[0])
        parts = [str(network) for network in whole.subnets(new_prefix=64)]
        assert whole.prefixlen == 56
        a, c = described(emulator, stack, "A"), described(emulator, stack, "C")
        assert (ranges(a), a["AssignIpv6AddressOnCreation"]) == ([parts[0]], True)
        assert (ranges(c), c["AssignIpv6AddressOnCreation"]) == ([parts[1]], False)
        told = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"]
        assert {o["OutputKey"]: ip_network(o["OutputValue"]) for o in told} == {
            "Whole": whole,
            "Mine": ip_network(parts[1]),
        }
        again = stack.change_set({"Resources": template, "Outputs": output})
        assert again["StatusReason"].startswith("The submitted information didn't contain changes.")
        assert stack.delete() == "DELETE_COMPLETE"

    def test_the_range_is_there_when_it_was_made_and_not_before(self, stack: Stack) -> None:
        early = {**six(0)}
        del early["DependsOn"]
        assert stack.deploy({"Vpc": VPC, "A": early, "Six": SIX["Six"]}) == "ROLLBACK_COMPLETE"
        assert "Fn::Select cannot select nonexistent value at index 0" in stack.reason()

    def test_a_range_comes_to_a_vpc_that_is_there(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "A": subnet("10.0.0.0/24"), "Kept": subnet("10.0.9.0/24", "c")})
        before = stack.physical_id("A")
        template = {**SIX, "A": six(0, AssignIpv6AddressOnCreation=True), "Kept": subnet("10.0.9.0/24", "c")}
        changes = [c["ResourceChange"] for c in stack.change_set({"Resources": template})["Changes"]]
        told = {(c["LogicalResourceId"], c["Action"], c.get("Replacement")) for c in changes}
        assert told == {("Six", "Add", None), ("A", "Modify", "False")}
        stack.cloudformation.execute_change_set(StackName=stack.name, ChangeSetName="cdk-deploy-change-set")
        assert stack.wait() == "UPDATE_COMPLETE", stack.reason()
        assert stack.physical_id("A") == before
        assert described(emulator, stack, "A")["AssignIpv6AddressOnCreation"] is True
        # another part of it, in place
        template["A"] = six(0, AssignIpv6AddressOnCreation=True, Ipv6CidrBlock=part(7))
        assert stack.deploy(template) == "UPDATE_COMPLETE", stack.reason()
        assert stack.physical_id("A") == before
        assert ranges(described(emulator, stack, "A"))[0].split("::")[0].endswith("7")
        # and none: then the range can go in the same update
        assert stack.deploy({"Vpc": VPC, "A": subnet("10.0.0.0/24")}) == "UPDATE_COMPLETE", stack.reason()
        assert ranges(described(emulator, stack, "A")) == []
        assert stack.delete() == "DELETE_COMPLETE"

    @pytest.mark.parametrize(
        ("resource_", "reason"),
        [
            (six(1, Ipv6CidrBlock="2001:db8::/64"), "The CIDR '2001:db8::/64' is invalid."),
            (six(1, Ipv6CidrBlock=part(0)), "conflicts with another subnet"),
            (
                {**subnet("10.0.1.0/24", AssignIpv6AddressOnCreation=True), "DependsOn": "Six"},
                "Invalid value 'true' for assignIpv6AddressOnCreation. Subnet must have an IPv6 CIDR block associated",
            ),
            (six(1, Ipv6CidrBlock={"Fn::GetAtt": ["Vpc", "Ipv6CidrBlock"]}), "has no attribute Ipv6CidrBlock"),
            (
                six(1, Ipv6CidrBlock={"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/24", 257, 8]}]}),
                "Fn::Cidr cannot make 257",
            ),
            (six(1, Ipv6CidrBlock={"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/24", 3, 7]}]}), "has no room for 3"),
            (six(1, Ipv6CidrBlock={"Fn::Select": [0, {"Fn::Cidr": ["fd00::1/56", 1, 64]}]}), "has host bits set"),
        ],
    )
    def test_a_subnet_that_cannot_be_fails_and_leaves_nothing(
        self, stack: Stack, resource_: dict[str, Any], reason: str
    ) -> None:
        assert stack.deploy({**SIX, "A": six(0), "It": {**resource_, "DependsOn": ["Six", "A"]}}) == "ROLLBACK_COMPLETE"
        assert reason in stack.reason()

    def test_without_a_range_there_is_no_part_of_it(self, stack: Stack) -> None:
        template = {"Vpc": VPC, "A": subnet(Ipv6CidrBlock="2001:db8::/64")}
        assert stack.deploy(template) == "ROLLBACK_COMPLETE"
        assert "(InvalidSubnet.Range)" in stack.reason()

    def test_a_vpc_that_somebody_else_deleted_is_told(self, emulator: Emulator, stack: Stack) -> None:
        output = {"Ranges": {"Value": {"Fn::Join": [",", {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]}}}
        stack.deploy({"Vpc": VPC}, output)
        emulator.client("ec2").delete_vpc(VpcId=stack.physical_id("Vpc"))
        answer = stack.change_set({"Resources": {"Vpc": VPC}, "Outputs": output})
        assert answer["Status"] == "FAILED"
        assert "(InvalidVpcID.NotFound)" in answer["StatusReason"]

    def test_the_range_stays_while_a_subnet_is_in_it(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({**SIX, "A": six(0)})
        block = stack.physical_id("Six").partition("|")[0]
        message = refusal(emulator.client("ec2").disassociate_vpc_cidr_block, AssociationId=block)
        assert message.startswith("InvalidCidrBlock.InUse: The vpc vpc-")
        assert stack.deploy({**SIX, "A": six(0), "Six2": SIX["Six"]}) == "UPDATE_ROLLBACK_COMPLETE"
        assert "(CidrLimitExceeded)" in stack.reason()
        assert stack.delete() == "DELETE_COMPLETE"


class TestRoutes:
    def test_ipv6_goes_out_and_in_or_only_out(self, emulator: Emulator, stack: Stack) -> None:
        template = {**SIX, **GATEWAY, **TABLE, **EGRESS}
        egress = {"EgressOnlyInternetGatewayId": {"Ref": "Egress"}}
        output = {"Id": {"Value": {"Fn::GetAtt": ["Egress", "Id"]}}}
        assert stack.deploy({**template, "Out": out("Attached", GatewayId={"Ref": "Gateway"})}, output) == (
            "CREATE_COMPLETE"
        )
        assert targets(emulator, stack) == {"::/0": stack.physical_id("Gateway")}
        assert stack.physical_id("Out") == f"{stack.physical_id('Table')}|::/0"
        assert stack.deploy({**template, "Out": out(**egress)}, output) == "UPDATE_COMPLETE", stack.reason()
        assert targets(emulator, stack) == {"::/0": stack.physical_id("Egress")}
        assert stack.physical_id("Egress").startswith("eigw-")
        narrow = {**template, "Out": route(DestinationIpv6CidrBlock="64:ff9b::/96", **egress)}
        assert stack.deploy(narrow, output) == "UPDATE_COMPLETE", stack.reason()
        assert targets(emulator, stack) == {"64:ff9b::/96": stack.physical_id("Egress")}
        assert stack.delete() == "DELETE_COMPLETE"
        assert emulator.client("ec2").describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"] == []

    def test_another_vpc_is_another_gateway_and_tags_are_not(self, emulator: Emulator, stack: Stack) -> None:
        both = {"Vpc": VPC, "Other": VPC}
        stack.deploy({**both, **EGRESS})
        before = stack.physical_id("Egress")
        tagged = resource("EgressOnlyInternetGateway", VpcId={"Ref": "Vpc"}, Tags=[{"Key": "a", "Value": "b"}])
        assert stack.deploy({**both, "Egress": tagged}) == "UPDATE_COMPLETE"
        assert stack.physical_id("Egress") == before
        moved = resource("EgressOnlyInternetGateway", VpcId={"Ref": "Other"})
        assert stack.deploy({**both, "Egress": moved}) == "UPDATE_COMPLETE"
        assert stack.physical_id("Egress") != before
        assert stack.delete() == "DELETE_COMPLETE"

    @pytest.mark.parametrize(
        ("resource_", "reason"),
        [
            (out(GatewayId={"Ref": "Loose"}), "belong to different networks"),
            (out(EgressOnlyInternetGatewayId={"Ref": "Far"}), "and network gateway eigw-"),
            (out(EgressOnlyInternetGatewayId="eigw-1"), "The eigw ID 'eigw-1' does not exist"),
            (out(NatGatewayId="nat-1"), "cannot be the next hop for an IPv6 destination CIDR block outside the CIDR"),
            (
                route(DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-1"),
                "The natGateway ID 'nat-1' does not exist",
            ),
            (
                route(DestinationCidrBlock="0.0.0.0/0", EgressOnlyInternetGatewayId={"Ref": "Egress"}),
                "takes IPv6 traffic only",
            ),
            (out(), "exactly one of gatewayId, carrierGatewayId, natGatewayId, networkInterfaceId"),
            (
                out(GatewayId={"Ref": "Loose"}, EgressOnlyInternetGatewayId={"Ref": "Egress"}),
                "The request must contain exactly one of gatewayId",
            ),
            (
                out(DestinationCidrBlock="0.0.0.0/0", EgressOnlyInternetGatewayId={"Ref": "Egress"}),
                "exactly one of destinationCidrBlock, destinationIpv6CidrBlock or destinationPrefixListId",
            ),
            (
                route(DestinationIpv6CidrBlock="10.0.0.0/8", EgressOnlyInternetGatewayId={"Ref": "Egress"}),
                "This is not a valid IPv6 CIDR block.",
            ),
            (
                route("Out", DestinationIpv6CidrBlock="0::/0", EgressOnlyInternetGatewayId={"Ref": "Egress"}),
                "The route identified by ::/0 already exists.",
            ),
        ],
    )
    def test_a_route_that_cannot_be_fails(self, stack: Stack, resource_: dict[str, Any], reason: str) -> None:
        around = {
            **SIX,
            **TABLE,
            **EGRESS,
            "Loose": {"Type": "AWS::EC2::InternetGateway"},
            "Elsewhere": VPC,
            "Far": resource("EgressOnlyInternetGateway", VpcId={"Ref": "Elsewhere"}),
        }
        if resource_.get("DependsOn") == "Out":
            around["Out"] = out(EgressOnlyInternetGatewayId={"Ref": "Egress"})
        assert stack.deploy({**around, "It": resource_}) == "ROLLBACK_COMPLETE"
        assert reason in stack.reason()

    def test_an_egress_only_gateway_keeps_its_vpc(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC})
        ec2, vpc = emulator.client("ec2"), stack.physical_id("Vpc")
        made = ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
        stack_id = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        assert stack.delete() == "DELETE_FAILED"
        assert made["EgressOnlyInternetGatewayId"] in stack.reason()
        ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=made["EgressOnlyInternetGatewayId"])
        stack.cloudformation.delete_stack(StackName=stack.name)
        assert stack.wait(stack_id) == "DELETE_COMPLETE"


def test_zones_are_those_of_the_region(stack: Stack) -> None:
    zones = {"Zones": {"Value": {"Fn::Join": [",", {"Fn::GetAZs": ""}]}}}
    assert stack.deploy({"Vpc": VPC}, zones) == "CREATE_COMPLETE"
    told = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"]
    assert told[0]["OutputValue"] == ",".join(f"{REGION}{zone}" for zone in "acd")


def test_user_data_is_kept_by_version(emulator: Emulator, stack: Stack) -> None:
    def template(data: str) -> dict[str, Any]:
        return {"Launch": resource("LaunchTemplate", LaunchTemplateData={"UserData": {"Fn::Base64": data}})}

    stack.deploy(template("[settings]\na = 1\n"))
    assert stack.deploy(template("[settings]\na = 2\n")) == "UPDATE_COMPLETE"
    found = emulator.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=stack.physical_id("Launch"), Versions=["1", "2"]
    )["LaunchTemplateVersions"]
    kept = {v["VersionNumber"]: v["LaunchTemplateData"]["UserData"] for v in found}
    assert kept == {1: "W3NldHRpbmdzXQphID0gMQo=", 2: "W3NldHRpbmdzXQphID0gMgo="}
    assert stack.delete() == "DELETE_COMPLETE"


def targets(emulator: Emulator, stack: Stack) -> dict[str, str]:
    """IPv6 destination to target, without what is local."""
    tables = emulator.client("ec2").describe_route_tables(RouteTableIds=[stack.physical_id("Table")])["RouteTables"]
    return {
        r["DestinationIpv6CidrBlock"]: r.get("EgressOnlyInternetGatewayId") or r["GatewayId"]
        for r in tables[0]["Routes"]
        if "DestinationIpv6CidrBlock" in r and r.get("GatewayId") != "local"
    }
