"""NAT gateways: zonal ones as moto has them, and regional ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import iso_8601_datetime_with_milliseconds, utcnow
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import random_eip_association_id, random_nat_gateway_id

from . import nat_rules
from .refusals import Refusal, refuse


@dataclass
class ZoneAddress:
    """An address that a regional gateway uses in one zone."""

    allocation_id: str
    public_ip: str
    association_id: str
    availability_zone: str
    availability_zone_id: str
    status: str = "succeeded"


@dataclass
class ZonedAddresses:
    """The addresses of a regional gateway, and who chose them."""

    manual: bool
    addresses: list[ZoneAddress] = field(default_factory=list)


class RegionalNatGateway(TaggedEC2Resource):
    """One gateway in every zone of a VPC, or in those it was given addresses for. The names are those of the answer."""

    subnet_id = None
    connectivity_type = "public"
    availability_mode = "regional"

    def __init__(self, backend: Any, vpc_id: str, route_table_id: str, *, manual: bool) -> None:
        self.ec2_backend, self.vpc_id, self.route_table_id = backend, vpc_id, route_table_id
        self.id = random_nat_gateway_id()
        self.state = "available"
        self.create_time = iso_8601_datetime_with_milliseconds(utcnow())
        self.zoned = ZonedAddresses(manual)

    @property
    def nat_gateway_addresses(self) -> list[ZoneAddress]:
        """Its addresses."""
        return self.zoned.addresses

    @property
    def auto_provision_zones(self) -> str:
        """Whether AWS chooses the zones."""
        return "disabled" if self.zoned.manual else "enabled"

    @property
    def auto_scaling_ips(self) -> str:
        """Whether AWS adds addresses."""
        return self.auto_provision_zones


class NatGateways(EC2Backend):
    """NAT gateways that are refused, and that take with them what is theirs."""

    __module__ = "moto.ec2.models"

    def make_nat_gateway(self, request: dict[str, Any], tags: dict[str, str]) -> Any:
        """A gateway of either mode."""
        refuse(nat_rules.gateway_problem(request))
        regional = request.get("AvailabilityMode") == "regional"
        vpc_id = request["VpcId"] if regional else self.get_subnet(request["SubnetId"]).vpc_id
        gateway = self._internet_gateway(vpc_id)
        if request.get("ConnectivityType") != "private" and gateway is None:
            refuse(Refusal("Gateway.NotAttached", f"Network {vpc_id} has no Internet gateway attached"))
        if regional:
            return self._make_regional(request, gateway, tags)
        allocation_id = request.get("AllocationId")
        if allocation_id:
            self._check_free([allocation_id])
        made = self.create_nat_gateway(
            request["SubnetId"], allocation_id, tags, request.get("ConnectivityType") or "public"
        )
        made.availability_mode = "zonal"
        return made

    def delete_nat_gateway(self, nat_gateway_id: str) -> Any:
        """Deletes a gateway, its interface or its route table, and gives its addresses back."""
        gateway = self.nat_gateways.get(nat_gateway_id)
        if gateway is None or gateway.state == "deleted":
            refuse(Refusal("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found"))
        if isinstance(gateway, RegionalNatGateway):
            self._drop_addresses(gateway, gateway.nat_gateway_addresses)
            self.delete_route_table(gateway.route_table_id)
        else:
            for address in self.addresses:
                if address.eni is gateway._eni:
                    self.disassociate_address(address=address.public_ip)
            self.delete_network_interface(gateway._eni.id)
        return super().delete_nat_gateway(nat_gateway_id)

    def add_zone_addresses(self, gateway_id: str, entries: list[dict[str, Any]]) -> RegionalNatGateway:
        """More addresses for a regional gateway whose addresses are chosen by hand."""
        gateway = self._manual(gateway_id)
        refuse(nat_rules.zone_addresses_problem(entries))
        self._check_free([allocation for entry in entries for allocation in entry["AllocationIds"]])
        for entry in entries:
            zone = self._zone(entry)
            self._use(gateway, zone, [self.address_by_allocation([given])[0] for given in entry["AllocationIds"]])
        return gateway

    def remove_zone_addresses(self, gateway_id: str, associations: list[str]) -> RegionalNatGateway:
        """Fewer addresses for such a gateway."""
        gateway = self._manual(gateway_id)
        gone = [address for address in gateway.nat_gateway_addresses if address.association_id in associations]
        if len(gone) < len(associations):
            refuse(Refusal("InvalidAssociationID.NotFound", f"{', '.join(associations)} not found on {gateway_id}"))
        self._drop_addresses(gateway, gone)
        return gateway

    def create_subnet(self, vpc_id: str, *given: Any, **named: Any) -> Any:
        """A subnet; gateways that choose their zones come to a zone that is new."""
        subnet = super().create_subnet(vpc_id, *given, **named)
        self._cover(vpc_id)
        return subnet

    def delete_subnet(self, subnet_id: str) -> Any:
        """Deletes a subnet; gateways that choose their zones leave one without subnets."""
        deleted = super().delete_subnet(subnet_id)
        self._cover(deleted.vpc_id)
        return deleted

    def _make_regional(self, request: dict[str, Any], gateway: Any, tags: dict[str, str]) -> RegionalNatGateway:
        entries = request.get("AvailabilityZoneAddresses") or []
        self._check_free([allocation for entry in entries for allocation in entry["AllocationIds"]])
        for entry in entries:
            self._zone(entry)
        table = self.create_route_table(request["VpcId"])
        self.create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)
        made = RegionalNatGateway(self, request["VpcId"], table.id, manual=bool(entries))
        made.add_tags(tags)
        self.nat_gateways[made.id] = made
        if entries:
            self.add_zone_addresses(made.id, entries)
        else:
            self._cover(made.vpc_id)
        return made

    def _cover(self, vpc_id: str) -> None:
        """Brings the gateways that choose their zones to every zone with subnets, and out of the others."""
        wanted = {subnet.availability_zone for subnet in self.describe_subnets(filters={"vpc-id": vpc_id})}
        for gateway in list(self.nat_gateways.values()):
            if not isinstance(gateway, RegionalNatGateway) or gateway.vpc_id != vpc_id:
                continue
            if gateway.zoned.manual or gateway.state != "available":
                continue
            there = {address.availability_zone for address in gateway.nat_gateway_addresses}
            for name in sorted(wanted - there):
                address = self.allocate_address("vpc")
                address.service_managed = "rnat"
                self._use(gateway, self.get_zone_by_name(name), [address])
            left = [a for a in gateway.nat_gateway_addresses if a.availability_zone not in wanted]
            self._drop_addresses(gateway, left)

    def _use(self, gateway: RegionalNatGateway, zone: Any, addresses: list[Any]) -> None:
        for address in addresses:
            address.association_id = random_eip_association_id()
            gateway.nat_gateway_addresses.append(
                ZoneAddress(address.allocation_id, address.public_ip, address.association_id, zone.name, zone.zone_id)
            )

    def _drop_addresses(self, gateway: RegionalNatGateway, gone: list[ZoneAddress]) -> None:
        for used in list(gone):
            gateway.nat_gateway_addresses.remove(used)
            address = self.address_by_allocation([used.allocation_id])[0]
            address.association_id = None
            if not gateway.zoned.manual:
                self.addresses.remove(address)

    def _check_free(self, allocations: list[str]) -> None:
        for allocation_id in allocations:
            address = self.address_by_allocation([allocation_id])[0]
            if address.association_id is not None:
                refuse(
                    Refusal("Resource.AlreadyAssociated", f"Elastic IP address {allocation_id} is already associated")
                )

    def _zone(self, entry: dict[str, Any]) -> Any:
        wanted = entry.get("AvailabilityZone") or entry.get("AvailabilityZoneId")
        zones = self.describe_availability_zones()
        zone = next((zone for zone in zones if wanted in (zone.name, zone.zone_id)), None)
        if zone is None:
            refuse(Refusal("InvalidParameterValue", f"Invalid availability zone: [{wanted}]"))
        return zone

    def _manual(self, gateway_id: str) -> RegionalNatGateway:
        gateway = self.nat_gateways.get(gateway_id)
        if not isinstance(gateway, RegionalNatGateway) or not gateway.zoned.manual:
            refuse(
                Refusal(
                    "InvalidParameter",
                    f"the local AWS changes the addresses of regional NAT gateways in manual mode only, and {gateway_id} is none",
                )
            )
        return gateway

    def _internet_gateway(self, vpc_id: str) -> Any:
        gateways = self.internet_gateways.values()
        return next((g for g in gateways if g.vpc is not None and g.vpc.id == self.get_vpc(vpc_id).id), None)
