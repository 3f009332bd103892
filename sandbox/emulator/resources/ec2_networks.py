"""VPCs with their ranges, and subnets."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from .ec2 import retag, tag_specification
from .handler import Handler, HandlerError, Made, Properties, Task, changed_keys

_RANGE = frozenset({"AWS::EC2::VPCCidrBlock"})


class Vpc(Handler):
    """AWS::EC2::VPC. Its ranges are told when they are asked for: other resources add to them."""

    type = "AWS::EC2::VPC"
    live_attributes = MappingProxyType({"CidrBlockAssociations": _RANGE, "Ipv6CidrBlocks": _RANGE})

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, "CidrBlock", "InstanceTenancy", "EnableDnsSupport", "EnableDnsHostnames", "Tags")
        ec2 = task.client("ec2")
        request = {name: properties[name] for name in ("CidrBlock", "InstanceTenancy") if name in properties}
        vpc = ec2.create_vpc(**request, TagSpecifications=tag_specification("vpc", properties))["Vpc"]
        vpc_id = vpc["VpcId"]
        self._dns(task, vpc_id, properties)
        mine = [{"Name": "vpc-id", "Values": [vpc_id]}]
        groups = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
        lists = ec2.describe_network_acls(Filters=mine)["NetworkAcls"]
        return Made(
            vpc_id,
            {
                "VpcId": vpc_id,
                "CidrBlock": vpc["CidrBlock"],
                "DefaultSecurityGroup": groups[0]["GroupId"],
                "DefaultNetworkAcl": lists[0]["NetworkAclId"],
            },
        )

    def read(self, task: Task, physical_id: str, name: str) -> Any:
        vpc = task.client("ec2").describe_vpcs(VpcIds=[physical_id])["Vpcs"][0]
        if name == "Ipv6CidrBlocks":
            return [association["Ipv6CidrBlock"] for association in vpc.get("Ipv6CidrBlockAssociationSet", [])]
        return [association["AssociationId"] for association in vpc["CidrBlockAssociationSet"]]

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "EnableDnsSupport", "EnableDnsHostnames", "Tags")
        self._dns(task, physical_id, new)
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        left = self._dependents(task, physical_id)
        if left:
            raise HandlerError(
                f"The vpc '{physical_id}' has dependencies and cannot be deleted: {', '.join(left)} (DependencyViolation)"
            )
        task.client("ec2").delete_vpc(VpcId=physical_id)

    def _dependents(self, task: Task, vpc_id: str) -> list[str]:
        """What keeps a VPC, beside the subnets and route tables that moto looks at."""
        ec2, mine = task.client("ec2"), [{"Name": "vpc-id", "Values": [vpc_id]}]
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc_id]}]
        egress = ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
        natting = ec2.describe_nat_gateways(Filters=mine)["NatGateways"]
        groups = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
        endpoints = ec2.describe_vpc_endpoints(Filters=mine)["VpcEndpoints"]
        gateways = ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]
        return [
            *(group["GroupId"] for group in groups if group["GroupName"] != "default"),
            *(gateway["InternetGatewayId"] for gateway in gateways),
            *(g["EgressOnlyInternetGatewayId"] for g in egress if g["Attachments"][0]["VpcId"] == vpc_id),
            *(gateway["NatGatewayId"] for gateway in natting if gateway["State"] != "deleted"),
            *(endpoint["VpcEndpointId"] for endpoint in endpoints if endpoint["State"] != "deleted"),
        ]

    def _dns(self, task: Task, vpc_id: str, properties: Properties) -> None:
        for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
            value = {"Value": properties.get(name, default)}
            task.client("ec2").modify_vpc_attribute(VpcId=vpc_id, **{name: value})


class VpcCidrBlock(Handler):
    """AWS::EC2::VPCCidrBlock: a further IPv4 range, or an IPv6 range of Amazon's."""

    type = "AWS::EC2::VPCCidrBlock"

    def create(self, task: Task, properties: Properties) -> Made:
        answer = task.client("ec2").associate_vpc_cidr_block(**properties)
        association = answer.get("CidrBlockAssociation") or answer["Ipv6CidrBlockAssociation"]
        identifier = association["AssociationId"]
        return Made(f"{identifier}|{properties['VpcId']}", {"Id": identifier})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").disassociate_vpc_cidr_block(AssociationId=physical_id.partition("|")[0])


class Subnet(Handler):
    """AWS::EC2::Subnet."""

    type = "AWS::EC2::Subnet"
    live_attributes = MappingProxyType({"Ipv6CidrBlocks": frozenset({"AWS::EC2::SubnetCidrBlock"})})
    _placed = ("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock", "Ipv6Native")
    _switches = ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation")

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, *self._placed, *self._switches, "Tags")
        ec2 = task.client("ec2")
        request = {name: properties[name] for name in self._placed if name in properties}
        subnet = ec2.create_subnet(**request, TagSpecifications=tag_specification("subnet", properties))["Subnet"]
        try:
            self._addresses(task, subnet["SubnetId"], properties)
        except Exception:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])  # a resource that failed is not there
            raise
        names = ("SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId")
        return Made(subnet["SubnetId"], {name: subnet[name] for name in names if name in subnet})

    def read(self, task: Task, physical_id: str, name: str) -> Any:
        return [association["Ipv6CidrBlock"] for association in self._ipv6(task, physical_id)]

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, *self._switches, "Ipv6CidrBlock", "Tags")
        ec2 = task.client("ec2")
        if "Ipv6CidrBlock" in changed_keys(old, new):  # in place, with some interruption
            self._switch(task, physical_id, "AssignIpv6AddressOnCreation", on=False)
            for association in self._ipv6(task, physical_id):
                ec2.disassociate_subnet_cidr_block(AssociationId=association["AssociationId"])
            if "Ipv6CidrBlock" in new:
                ec2.associate_subnet_cidr_block(SubnetId=physical_id, Ipv6CidrBlock=new["Ipv6CidrBlock"])
        self._addresses(task, physical_id, new)
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        ec2 = task.client("ec2")
        inside = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [physical_id]}])
        used = [
            interface.get("Description") or interface["NetworkInterfaceId"] for interface in inside["NetworkInterfaces"]
        ]
        if used:
            raise HandlerError(
                f"The subnet '{physical_id}' has dependencies and cannot be deleted: {', '.join(used)} (DependencyViolation)"
            )
        ec2.delete_subnet(SubnetId=physical_id)

    def _addresses(self, task: Task, subnet_id: str, properties: Properties) -> None:
        for name in self._switches:
            self._switch(task, subnet_id, name, on=properties.get(name, False))

    def _switch(self, task: Task, subnet_id: str, name: str, *, on: bool) -> None:
        task.client("ec2").modify_subnet_attribute(SubnetId=subnet_id, **{name: {"Value": on}})

    def _ipv6(self, task: Task, subnet_id: str) -> list[dict[str, Any]]:
        found = task.client("ec2").describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]
        return list(found.get("Ipv6CidrBlockAssociationSet", []))


HANDLERS: list[type[Handler]] = [Vpc, VpcCidrBlock, Subnet]
