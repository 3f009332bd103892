"""NAT gateways and the addresses they have."""

from __future__ import annotations

from typing import Any

from .ec2 import retag, tag_specification, without
from .handler import Handler, HandlerError, Made, Properties, Task, changed_keys


class ElasticIp(Handler):
    """AWS::EC2::EIP."""

    type = "AWS::EC2::EIP"

    def create(self, task: Task, properties: Properties) -> Made:
        request = without(properties, "Tags")
        answer = task.client("ec2").allocate_address(
            **request, TagSpecifications=tag_specification("elastic-ip", properties)
        )
        return Made(answer["PublicIp"], {"PublicIp": answer["PublicIp"], "AllocationId": answer["AllocationId"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Tags")
        retag(task, self._address(task, physical_id)["AllocationId"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        address = self._address(task, physical_id)
        ec2 = task.client("ec2")
        gateways = ec2.describe_nat_gateways(Filters=[{"Name": "state", "Values": ["available"]}])["NatGateways"]
        if any(a.get("AllocationId") == address["AllocationId"] for g in gateways for a in g["NatGatewayAddresses"]):
            raise HandlerError(f"The address {physical_id} is in use by a NAT gateway (InvalidIPAddress.InUse)")
        ec2.release_address(AllocationId=address["AllocationId"])

    def _address(self, task: Task, public_ip: str) -> Properties:
        found = task.client("ec2").describe_addresses(PublicIps=[public_ip])
        return dict(found["Addresses"][0])


class NatGateway(Handler):
    """AWS::EC2::NatGateway: zonal, in a subnet, or regional, in every zone of a VPC."""

    type = "AWS::EC2::NatGateway"
    _sent = ("AvailabilityMode", "ConnectivityType", "SubnetId", "AllocationId", "VpcId", "AvailabilityZoneAddresses")

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, *self._sent, "Tags")
        answer = task.client("ec2").create_nat_gateway(
            **{name: properties[name] for name in self._sent if name in properties},
            TagSpecifications=tag_specification("natgateway", properties),
        )["NatGateway"]
        attributes = {"NatGatewayId": answer["NatGatewayId"]}
        if answer["AvailabilityMode"] == "regional":
            names = ("RouteTableId", "AutoProvisionZones", "AutoScalingIps")
            attributes |= {name: answer[name] for name in names}
        else:
            attributes["EniId"] = answer["NatGatewayAddresses"][0]["NetworkInterfaceId"]
        return Made(answer["NatGatewayId"], attributes)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "AvailabilityZoneAddresses", "Tags")
        if "AvailabilityZoneAddresses" in changed_keys(old, new):
            if not (old.get("AvailabilityZoneAddresses") and new.get("AvailabilityZoneAddresses")):
                raise HandlerError(f"the local AWS cannot change who chooses the addresses of a {self.type} in place")
            self._readdress(task, physical_id, new["AvailabilityZoneAddresses"])
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").delete_nat_gateway(NatGatewayId=physical_id)

    def _readdress(self, task: Task, gateway_id: str, entries: list[dict[str, Any]]) -> None:
        """Gives each zone the addresses it should have. What leaves goes first: another zone may want it."""
        ec2 = task.client("ec2")
        wanted = {allocation: without(e, "AllocationIds") for e in entries for allocation in e["AllocationIds"]}
        there = ec2.describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"][0]["NatGatewayAddresses"]
        kept = {a["AllocationId"] for a in there if _is_in(wanted.get(a["AllocationId"]), a)}
        gone = [address["AssociationId"] for address in there if address["AllocationId"] not in kept]
        if gone:
            ec2.disassociate_nat_gateway_address(NatGatewayId=gateway_id, AssociationIds=gone)
        for allocation, zone in wanted.items():
            if allocation not in kept:
                ec2.associate_nat_gateway_address(NatGatewayId=gateway_id, AllocationIds=[allocation], **zone)


def _is_in(zone: dict[str, str] | None, address: dict[str, str]) -> bool:
    """Whether an address is used in the zone named, by name or by id."""
    return zone is not None and all(address[key] == value for key, value in zone.items())


HANDLERS: list[type[Handler]] = [ElasticIp, NatGateway]
