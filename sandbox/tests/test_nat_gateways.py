"""NAT gateways: in one zone, in every zone of a VPC, and those that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import REGION, Emulator, Stack
from .templates import GATEWAY, VPC, resource, subnet

BASE = {"Vpc": VPC, **GATEWAY, "A": subnet("10.0.0.0/24"), "C": subnet("10.0.1.0/24", "c")}


def address() -> dict[str, Any]:
    return {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}}


def allocation(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "AllocationId"]}


def nat(**properties: Any) -> dict[str, Any]:
    return resource("NatGateway", ["Attached", "A", "C"], **properties)


def regional(**properties: Any) -> dict[str, Any]:
    return nat(**{"AvailabilityMode": "regional", "VpcId": {"Ref": "Vpc"}, "ConnectivityType": "public", **properties})


def manual(**zones: Any) -> dict[str, Any]:
    """By zone: the names of its addresses."""
    entries = [
        {"AvailabilityZone": f"{REGION}{zone}", "AllocationIds": [allocation(name) for name in names]}
        for zone, names in zones.items()
    ]
    return regional(AvailabilityZoneAddresses=entries)


def described(emulator: Emulator, stack: Stack) -> dict[str, Any]:
    ec2 = emulator.client("ec2")
    return dict(ec2.describe_nat_gateways(NatGatewayIds=[stack.physical_id("Nat")])["NatGateways"][0])


def zones(gateway: dict[str, Any]) -> list[str]:
    return sorted(a["AvailabilityZone"].removeprefix(REGION) for a in gateway["NatGatewayAddresses"])


class TestZonal:
    def test_it_has_an_interface_and_an_address(self, emulator: Emulator, stack: Stack) -> None:
        ec2 = emulator.client("ec2")
        before = len(ec2.describe_network_interfaces()["NetworkInterfaces"])
        zonal = nat(SubnetId={"Ref": "A"}, AllocationId=allocation("E"))
        output = {"Eni": {"Value": {"Fn::GetAtt": ["Nat", "EniId"]}}}
        assert stack.deploy({**BASE, "E": address(), "Nat": zonal}, output) == "CREATE_COMPLETE", stack.reason()
        gateway = described(emulator, stack)
        assert (gateway["AvailabilityMode"], gateway["ConnectivityType"]) == ("zonal", "public")
        told = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"]
        assert told[0]["OutputValue"] == gateway["NatGatewayAddresses"][0]["NetworkInterfaceId"]
        # the mode is given at creation
        changed = {**BASE, "E": address(), "Nat": regional()}
        changes = stack.change_set({"Resources": changed})["Changes"]
        told = {(c["ResourceChange"]["LogicalResourceId"], c["ResourceChange"]["Replacement"]) for c in changes}
        assert told == {("Nat", "True")}
        assert stack.delete() == "DELETE_COMPLETE"
        assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == before

    def test_its_address_is_free_again_when_it_is_gone(self, emulator: Emulator, stack: Stack) -> None:
        both = {**BASE, "E": address()}
        stack.deploy({**both, "Nat": nat(SubnetId={"Ref": "A"}, AllocationId=allocation("E"))})
        assert stack.deploy(both) == "UPDATE_COMPLETE"
        assert stack.deploy({**both, "Again": nat(SubnetId={"Ref": "C"}, AllocationId=allocation("E"))}) == (
            "UPDATE_COMPLETE"
        )
        second = nat(SubnetId={"Ref": "A"}, AllocationId=allocation("E"))
        status = stack.deploy(
            {**both, "Again": nat(SubnetId={"Ref": "C"}, AllocationId=allocation("E")), "Nat": second}
        )
        assert status == "UPDATE_ROLLBACK_COMPLETE"
        assert "(Resource.AlreadyAssociated)" in stack.reason()
        assert stack.delete() == "DELETE_COMPLETE"

    def test_a_private_one_has_no_address(self, stack: Stack) -> None:
        private = resource("NatGateway", SubnetId={"Ref": "A"}, ConnectivityType="private")
        assert stack.deploy({"Vpc": VPC, "A": subnet(), "Nat": private}) == "CREATE_COMPLETE", stack.reason()
        assert stack.delete() == "DELETE_COMPLETE"


class TestRegional:
    def test_it_is_in_every_zone_with_subnets(self, emulator: Emulator, stack: Stack) -> None:
        ec2 = emulator.client("ec2")
        table = {"Table": resource("RouteTable", VpcId={"Ref": "Vpc"})}
        route = resource(
            "Route",
            RouteTableId={"Ref": "Table"},
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId={"Ref": "Nat"},
        )
        output = {
            name: {"Value": {"Fn::GetAtt": ["Nat", name]}}
            for name in ("NatGatewayId", "RouteTableId", "AutoProvisionZones", "AutoScalingIps")
        }
        template = {**BASE, **table, "Nat": regional(), "Route": route}
        assert stack.deploy(template, output) == "CREATE_COMPLETE", stack.reason()
        gateway = described(emulator, stack)
        assert (gateway["AvailabilityMode"], gateway["VpcId"]) == ("regional", stack.physical_id("Vpc"))
        assert "SubnetId" not in gateway
        assert zones(gateway) == ["a", "c"]
        told = {
            o["OutputKey"]: o["OutputValue"]
            for o in stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"]
        }
        assert (told["AutoProvisionZones"], told["AutoScalingIps"]) == ("enabled", "enabled")
        own = ec2.describe_route_tables(RouteTableIds=[told["RouteTableId"]])["RouteTables"][0]
        assert stack.physical_id("Gateway") in [r.get("GatewayId") for r in own["Routes"]]
        managed = [a for a in ec2.describe_addresses()["Addresses"] if a.get("ServiceManaged") == "rnat"]
        assert len(managed) == 2
        # it follows the subnets
        tagged = regional(Tags=[{"Key": "Name", "Value": "out"}])
        more = {**template, "Nat": tagged, "D": subnet("10.0.2.0/24", "d")}
        assert stack.deploy(more, output) == "UPDATE_COMPLETE", stack.reason()
        assert described(emulator, stack)["NatGatewayId"] == gateway["NatGatewayId"]
        assert zones(described(emulator, stack)) == ["a", "c", "d"]
        assert stack.deploy({**template, "Nat": tagged}, output) == "UPDATE_COMPLETE", stack.reason()
        assert zones(described(emulator, stack)) == ["a", "c"]
        assert stack.delete() == "DELETE_COMPLETE"
        assert [a for a in ec2.describe_addresses()["Addresses"] if a.get("ServiceManaged") == "rnat"] == []
        left = [table["RouteTableId"] for table in ec2.describe_route_tables()["RouteTables"]]
        assert told["RouteTableId"] not in left

    def test_it_has_the_addresses_it_was_given(self, emulator: Emulator, stack: Stack) -> None:
        base = {**BASE, "E1": address(), "E2": address(), "E3": address()}
        assert stack.deploy({**base, "Nat": manual(a=["E1"], c=["E2"])}) == "CREATE_COMPLETE", stack.reason()
        gateway = described(emulator, stack)
        assert (gateway["AutoProvisionZones"], gateway["AutoScalingIps"]) == ("disabled", "disabled")
        assert zones(gateway) == ["a", "c"]
        # one more, one to another zone: in place
        assert stack.deploy({**base, "Nat": manual(a=["E1", "E3"], d=["E2"])}) == "UPDATE_COMPLETE", stack.reason()
        assert described(emulator, stack)["NatGatewayId"] == gateway["NatGatewayId"]
        assert zones(described(emulator, stack)) == ["a", "a", "d"]
        # who chooses them is not changed in place here
        assert stack.deploy({**base, "Nat": regional()}) == "UPDATE_ROLLBACK_COMPLETE"
        assert "cannot change who chooses the addresses" in stack.reason()
        assert zones(described(emulator, stack)) == ["a", "a", "d"]
        # an address in use is not given back
        ids = [a["AllocationId"] for a in gateway["NatGatewayAddresses"]]
        assert stack.deploy({**BASE, "E2": address(), "Nat": manual(d=["E2"])}) == "UPDATE_COMPLETE", stack.reason()
        assert len([a for a in described(emulator, stack)["NatGatewayAddresses"] if a["AllocationId"] in ids]) == 1
        assert stack.delete() == "DELETE_COMPLETE"

    def test_zones_go_by_id_too(self, emulator: Emulator, stack: Stack) -> None:
        by_id = {"AvailabilityZoneId": "apne1-az4", "AllocationIds": [allocation("E")]}
        template = {**BASE, "E": address(), "Nat": regional(AvailabilityZoneAddresses=[by_id])}
        assert stack.deploy(template) == "CREATE_COMPLETE", stack.reason()
        assert zones(described(emulator, stack)) == ["a"]
        assert stack.delete() == "DELETE_COMPLETE"

    def test_it_keeps_its_vpc_and_the_gateway_of_that(self, emulator: Emulator, stack: Stack) -> None:
        stack.deploy(BASE)
        ec2 = emulator.client("ec2")
        made = ec2.create_nat_gateway(AvailabilityMode="regional", VpcId=stack.physical_id("Vpc"))["NatGateway"]
        stack_id = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        assert stack.delete() == "DELETE_FAILED"
        assert "has some mapped public address(es)" in stack.reason()
        ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
        stack.cloudformation.delete_stack(StackName=stack.name)
        assert stack.wait(stack_id) == "DELETE_COMPLETE"


ZONE_A = {"AvailabilityZone": f"{REGION}a", "AllocationIds": [allocation("E")]}


@pytest.mark.parametrize(
    ("resource_", "reason"),
    [
        (nat(AllocationId=allocation("E")), "The request must include the SubnetId parameter."),
        (nat(SubnetId={"Ref": "A"}), "The request must include the AllocationId parameter."),
        (
            nat(SubnetId={"Ref": "A"}, AllocationId=allocation("E"), ConnectivityType="private"),
            "AllocationId cannot be specified for a NAT Gateway with Connectivity Type private.",
        ),
        (
            nat(SubnetId={"Ref": "A"}, AllocationId=allocation("E"), AvailabilityZoneAddresses=[ZONE_A]),
            "AvailabilityZoneAddresses cannot be specified for a NAT Gateway with Availability Mode zonal.",
        ),
        (nat(SubnetId={"Ref": "A"}, AllocationId="eipalloc-1"), "(InvalidAllocationID.NotFound)"),
        (nat(AvailabilityMode="regional"), "The request must include the VpcId parameter."),
        (
            regional(SubnetId={"Ref": "A"}),
            "SubnetId cannot be specified for a NAT Gateway with Availability Mode regional.",
        ),
        (
            regional(AllocationId=allocation("E")),
            "AllocationId cannot be specified for a NAT Gateway with Availability Mode regional.",
        ),
        (
            regional(ConnectivityType="private"),
            "Connectivity Type private cannot be specified for a NAT Gateway with Availability Mode regional.",
        ),
        (regional(AvailabilityMode="global"), "'global' is not one of ['regional', 'zonal']"),
        (regional(Zones=["a"]), "Additional properties are not allowed"),
        (
            regional(AvailabilityZoneAddresses=[{"AllocationIds": [allocation("E")]}]),
            "Exactly one of AvailabilityZone and AvailabilityZoneId",
        ),
        (
            regional(AvailabilityZoneAddresses=[{**ZONE_A, "AvailabilityZoneId": "apne1-az4"}]),
            "Exactly one of AvailabilityZone and AvailabilityZoneId",
        ),
        (regional(AvailabilityZoneAddresses=[{"AvailabilityZone": f"{REGION}a"}]), "'AllocationIds' is a required"),
        (regional(AvailabilityZoneAddresses=[{**ZONE_A, "AllocationIds": []}]), "must include the AllocationIds"),
        (
            regional(AvailabilityZoneAddresses=[{**ZONE_A, "AvailabilityZone": f"{REGION}b"}]),
            f"Invalid availability zone: [{REGION}b]",
        ),
        (
            regional(AvailabilityZoneAddresses=[ZONE_A, {**ZONE_A, "AvailabilityZone": f"{REGION}c"}]),
            "is specified twice in AvailabilityZoneAddresses",
        ),
        (regional(MaxDrainDurationSeconds=400), "does not know MaxDrainDurationSeconds of a AWS::EC2::NatGateway"),
    ],
)
def test_a_gateway_that_cannot_be_fails_and_leaves_nothing(
    stack: Stack, resource_: dict[str, Any], reason: str
) -> None:
    assert stack.deploy({**BASE, "E": address(), "It": resource_}) == "ROLLBACK_COMPLETE"
    assert reason in stack.reason()


@pytest.mark.parametrize(
    "properties",
    [
        {"SubnetId": {"Ref": "A"}, "AllocationId": allocation("E")},
        {"AvailabilityMode": "regional", "VpcId": {"Ref": "Vpc"}},
    ],
)
def test_without_an_internet_gateway_there_is_no_public_one(stack: Stack, properties: dict[str, Any]) -> None:
    loose = {"Vpc": VPC, "A": subnet(), "E": address(), "Gateway": GATEWAY["Gateway"]}
    assert stack.deploy({**loose, "Nat": resource("NatGateway", **properties)}) == "ROLLBACK_COMPLETE"
    assert "has no Internet gateway attached" in stack.reason()
    assert "(Gateway.NotAttached)" in stack.reason()
