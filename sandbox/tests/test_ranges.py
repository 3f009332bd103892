"""The ranges of a VPC and of its subnets: which EC2 takes, which it refuses, and in what words."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.ec2 import ranges

from .conftest import REGION, Emulator, Stack, refusal
from .templates import VPC, cidr_block, subnet

RESTRICTED = "is restricted. Use a CIDR from the same private address range as the current VPC CIDR"
ASSOCIATIONS = [
    # first range of the VPC, range to add, what is said
    ("10.0.0.0/16", "10.2.0.0/16", None),
    ("10.0.0.0/16", "10.1.0.0/28", None),
    ("10.0.0.0/16", "100.64.0.0/16", None),
    ("10.0.0.0/16", "198.18.0.0/16", None),
    ("10.0.0.0/16", "203.0.113.0/24", None),
    ("10.0.0.0/16", "172.16.0.0/16", RESTRICTED),
    ("10.0.0.0/16", "192.168.0.0/24", RESTRICTED),
    ("10.0.0.0/16", "198.19.0.0/20", RESTRICTED),
    ("10.1.0.0/16", "10.0.0.0/16", RESTRICTED),
    ("10.0.0.0/20", "10.0.16.0/20", RESTRICTED),
    ("10.2.0.0/16", "10.0.0.0/16", None),
    ("172.16.0.0/16", "172.17.0.0/16", None),
    ("172.16.0.0/16", "100.127.0.0/16", None),
    ("172.16.0.0/16", "172.31.0.0/24", RESTRICTED),
    ("172.16.0.0/16", "10.0.0.0/16", RESTRICTED),
    ("192.168.0.0/17", "192.168.128.0/17", None),
    ("192.168.0.0/17", "10.0.0.0/16", RESTRICTED),
    ("192.168.0.0/17", "198.19.0.0/16", RESTRICTED),
    ("198.19.0.0/17", "198.19.128.0/17", None),
    ("198.19.0.0/17", "10.0.0.0/16", RESTRICTED),
    ("100.64.0.0/16", "100.65.0.0/16", None),
    ("100.64.0.0/16", "10.0.0.0/16", RESTRICTED),
    ("100.64.0.0/16", "198.19.0.0/16", RESTRICTED),
    ("10.0.0.0/16", "10.0.128.0/20", "CIDR range conflicts"),
    ("10.0.128.0/20", "10.0.0.0/16", "CIDR range conflicts"),
    ("10.0.0.0/16", "100.64.0.0/10", "The CIDR '100.64.0.0/10' is invalid."),
    ("10.0.0.0/16", "100.64.0.0/29", "The CIDR '100.64.0.0/29' is invalid."),
    ("10.0.0.0/16", "169.254.0.0/24", "The CIDR '169.254.0.0/24' is invalid."),
    ("10.0.0.0/16", "100.64.0.0", "The CIDR '100.64.0.0' is invalid."),
    ("10.0.0.0/16", "100.64.0.0/x", "This is not a valid CIDR block."),
]


@pytest.mark.parametrize(("first", "cidr", "message"), ASSOCIATIONS)
def test_which_range_goes_with_which(first: str, cidr: str, message: str | None) -> None:
    problem = ranges.association_problem(cidr, [first], [])
    assert (problem is None) if message is None else (problem is not None and message in problem.message)


def test_every_range_counts_not_the_first_alone() -> None:
    known = ["10.2.0.0/16", "10.1.0.0/16", "100.64.0.0/16"]
    assert ranges.association_problem("10.3.0.0/16", known, []) is None
    assert RESTRICTED in str(ranges.association_problem("10.0.0.0/16", known, []))
    assert ranges.association_problem("100.64.1.0/24", known, []) == ("CidrConflict", "CIDR range conflicts")


def test_a_route_keeps_its_destination() -> None:
    """The example of the user guide."""
    known, routed = ["10.2.0.0/16"], ["10.0.0.0/24"]
    for cidr in ("10.0.0.0/16", "10.0.0.0/24"):
        assert "conflicts with the route to 10.0.0.0/24" in str(ranges.association_problem(cidr, known, routed))
    assert ranges.association_problem("10.0.0.0/25", known, routed) is None


IPV6 = ["2001:db8:1234:1a00::/56"]
SUBNETS = [
    ("2001:db8:1234:1a00::/64", None),
    ("2001:db8:1234:1a10::/60", None),
    ("2001:db8:1234:1a00::/56", None),
    ("2001:db8:1234:1a00::/62", "The CIDR '2001:db8:1234:1a00::/62' is invalid."),
    ("2001:db8:1234:1a00::/65", "is invalid."),
    ("2001:db8:1234:1b00::/64", "is invalid."),
    ("2001:db8:1234:1000::/52", "is invalid."),
    ("10.0.0.0/24", "This is not a valid IPv6 CIDR block."),
]


@pytest.mark.parametrize(("cidr", "message"), SUBNETS)
def test_which_ipv6_range_a_subnet_takes(cidr: str, message: str | None) -> None:
    problem = ranges.ipv6_subnet_problem(cidr, IPV6, [])
    assert (problem is None) if message is None else (problem is not None and message in problem.message)


def test_ipv6_subnets_do_not_overlap() -> None:
    others = ["10.0.0.0/24", "2001:db8:1234:1a00::/64"]
    assert ranges.ipv6_subnet_problem("2001:db8:1234:1a01::/64", IPV6, others) is None
    problem = ranges.ipv6_subnet_problem("2001:db8:1234:1a00::/60", IPV6, others)
    assert problem == ("InvalidSubnet.Conflict", "The CIDR '2001:db8:1234:1a00::/60' conflicts with another subnet")


class TestSecondaryRanges:
    def test_subnets_of_another_range_come_and_go_with_it(self, emulator: Emulator, stack: Stack) -> None:
        more = {"Vpc": VPC, "More": cidr_block("100.64.0.0/16")}
        pods = {**subnet("100.64.0.0/18"), "DependsOn": "More"}
        output = {"Id": {"Value": {"Fn::GetAtt": ["More", "Id"]}}, "Ref": {"Value": {"Ref": "More"}}}
        assert stack.deploy({**more, "Pods": pods, "Nodes": subnet()}, output) == "CREATE_COMPLETE", stack.reason()
        told = {o["OutputKey"]: o["OutputValue"] for o in outputs(stack)}
        assert told["Id"].startswith("vpc-cidr-assoc-")
        assert told["Ref"] == f"{told['Id']}|{stack.physical_id('Vpc')}" == stack.physical_id("More")
        vpc = emulator.client("ec2").describe_vpcs(VpcIds=[stack.physical_id("Vpc")])["Vpcs"][0]
        assert [a["CidrBlock"] for a in vpc["CidrBlockAssociationSet"]] == ["10.0.0.0/16", "100.64.0.0/16"]
        assert stack.deploy({"Vpc": VPC, "Nodes": subnet()}) == "UPDATE_COMPLETE"
        assert [n for n, s, _ in stack.events() if s == "DELETE_COMPLETE"] == ["Pods", "More"]
        vpc = emulator.client("ec2").describe_vpcs(VpcIds=[stack.physical_id("Vpc")])["Vpcs"][0]
        assert [a["CidrBlock"] for a in vpc["CidrBlockAssociationSet"]] == ["10.0.0.0/16"]
        assert stack.delete() == "DELETE_COMPLETE"

    def test_without_an_order_the_subnet_may_be_too_early(self, stack: Stack) -> None:
        assert stack.deploy({"Vpc": VPC, "Pods": subnet("100.64.0.0/18"), "More": cidr_block("100.64.0.0/16")}) == (
            "ROLLBACK_COMPLETE"
        )
        assert "The CIDR '100.64.0.0/18' is invalid." in stack.reason()
        assert "(InvalidSubnet.Range)" in stack.reason()

    @pytest.mark.parametrize(
        ("resource", "reason"),
        [
            (cidr_block("172.16.0.0/16"), f"The CIDR '172.16.0.0/16' {RESTRICTED}"),
            (cidr_block("10.0.4.0/24"), "CIDR range conflicts"),
            (cidr_block("100.64.0.0/15"), "The CIDR '100.64.0.0/15' is invalid."),
            (subnet("10.1.0.0/24"), "The CIDR '10.1.0.0/24' is invalid."),
            (subnet("10.0.0.0/15"), "(InvalidSubnet.Range)"),
            (subnet("10.0.0.0/29"), "(InvalidSubnet.Range)"),
            (subnet("10.0.9.128/25"), "The CIDR '10.0.9.128/25' conflicts with another subnet"),
            (subnet(zone="b"), "Subnets can currently only be created in the following availability zones: ap-north"),
            (subnet(AvailabilityZone="us-east-1a"), "Value (us-east-1a) for parameter availabilityZone is invalid."),
            (subnet(Nonsense=True), "Additional properties are not allowed"),
            (subnet(EnableDns64=True), "the local AWS does not know EnableDns64 of a AWS::EC2::Subnet"),
            (
                {"Type": "AWS::EC2::VPCCidrBlock", "Properties": {"VpcId": {"Ref": "Vpc"}}},
                "You must specify one of the following in the request",
            ),
            (
                {
                    "Type": "AWS::EC2::VPCCidrBlock",
                    "Properties": {"VpcId": {"Ref": "Vpc"}, "Ipv4IpamPoolId": "x", "Ipv4NetmaskLength": 20},
                },
                "the local AWS does not know Ipv4IpamPoolId",
            ),
        ],
    )
    def test_a_range_that_cannot_be_fails_the_stack(self, stack: Stack, resource: dict[str, Any], reason: str) -> None:
        template = {"Vpc": VPC, "Other": subnet("10.0.9.0/24"), "It": {**resource, "DependsOn": "Other"}}
        assert stack.deploy(template) == "ROLLBACK_COMPLETE"
        assert reason in stack.reason()

    def test_five_ranges_are_the_quota(self, stack: Stack) -> None:
        more = {f"R{i}": cidr_block(f"10.{i}.0.0/16") for i in range(1, 5)}
        assert stack.deploy({"Vpc": VPC, **more}) == "CREATE_COMPLETE", stack.reason()
        assert stack.deploy({"Vpc": VPC, **more, "R5": cidr_block("10.5.0.0/16")}) == "UPDATE_ROLLBACK_COMPLETE"
        assert "has met its maximum number of allowed CIDRs: 5 " in f"{stack.reason()} ".replace('"', " ")
        # one that was taken away no longer counts
        del more["R4"]
        assert stack.deploy({"Vpc": VPC, **more}) == "UPDATE_COMPLETE"
        assert stack.deploy({"Vpc": VPC, **more, "R5": cidr_block("10.5.0.0/16")}) == "UPDATE_COMPLETE", stack.reason()
        assert stack.delete() == "DELETE_COMPLETE"

    def test_another_range_is_another_resource(self, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "More": cidr_block("10.1.0.0/16")})
        before = stack.physical_id("More")
        assert stack.deploy({"Vpc": VPC, "More": cidr_block("10.2.0.0/16")}) == "UPDATE_COMPLETE"
        assert stack.physical_id("More") != before
        # a smaller part of it overlaps what is still there
        assert stack.deploy({"Vpc": VPC, "More": cidr_block("10.2.0.0/17")}) == "UPDATE_ROLLBACK_COMPLETE"
        assert "(CidrConflict)" in stack.reason()

    def test_a_range_with_a_subnet_stays(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC, "More": cidr_block("10.1.0.0/16")})
        ec2, vpc = emulator.client("ec2"), stack.physical_id("Vpc")
        made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.8.0/24", AvailabilityZone=f"{REGION}a")["Subnet"]
        stack_id = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        assert stack.delete() == "DELETE_FAILED"
        assert f"The vpc {vpc} currently has a subnet within CIDR block 10.1.0.0/16" in stack.reason()
        assert "(InvalidCidrBlock.InUse)" in stack.reason()
        ec2.delete_subnet(SubnetId=made["SubnetId"])
        stack.cloudformation.delete_stack(StackName=stack.name)
        assert stack.wait(stack_id) == "DELETE_COMPLETE"

    def test_the_first_range_stays(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy({"Vpc": VPC})
        ec2 = emulator.client("ec2")
        vpc = ec2.describe_vpcs(VpcIds=[stack.physical_id("Vpc")])["Vpcs"][0]
        first = vpc["CidrBlockAssociationSet"][0]["AssociationId"]
        assert "OperationNotPermitted" in refusal(ec2.disassociate_vpc_cidr_block, AssociationId=first)


def outputs(stack: Stack) -> list[dict[str, str]]:
    return list(stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"])
