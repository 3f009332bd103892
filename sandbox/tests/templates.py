"""Resources of templates, as several files of tests write them."""

from __future__ import annotations

from typing import Any

from .conftest import REGION

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
GATEWAY = {
    "Gateway": {"Type": "AWS::EC2::InternetGateway"},
    "Attached": {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}},
    },
}
# a VPC with an IPv6 range of Amazon's
SIX = {
    "Vpc": VPC,
    "Six": {
        "Type": "AWS::EC2::VPCCidrBlock",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "AmazonProvidedIpv6CidrBlock": True},
    },
}


def resource(kind: str, depends_on: str | list[str] | None = None, **properties: Any) -> dict[str, Any]:
    """A resource of EC2."""
    more = {} if depends_on is None else {"DependsOn": depends_on}
    return {"Type": f"AWS::EC2::{kind}", "Properties": properties, **more}


def cidr_block(cidr: str) -> dict[str, Any]:
    return resource("VPCCidrBlock", VpcId={"Ref": "Vpc"}, CidrBlock=cidr)


def subnet(cidr: str = "10.0.0.0/24", zone: str = "a", **more: Any) -> dict[str, Any]:
    where = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": cidr, "AvailabilityZone": f"{REGION}{zone}"}
    return resource("Subnet", **{**where, **more})


def part(number: int) -> dict[str, Any]:
    """The /64 of that number of the VPC's IPv6 range, as CDK writes it."""
    whole = {"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]}
    return {"Fn::Select": [number, {"Fn::Cidr": [whole, 256, 64]}]}


def six(number: int, zone: str = "a", **more: Any) -> dict[str, Any]:
    """A dual-stack subnet."""
    return {**subnet(f"10.0.{number}.0/24", zone, **{"Ipv6CidrBlock": part(number), **more}), "DependsOn": "Six"}
