"""VPCs with several ranges and subnets of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.ec2.models import EC2Backend

from . import ranges
from .refusals import Refusal, refuse


class Networks(EC2Backend):
    """What is refused of VPCs and subnets beyond what moto refuses."""

    __module__ = "moto.ec2.models"  # moto finds the addresses of a service by the module of its backend

    def create_vpc(self, cidr_block: str, *given: Any, **named: Any) -> Any:
        """A VPC with a range that can be one."""
        refuse(ranges.vpc_problem(str(cidr_block)))
        return super().create_vpc(ranges.canonical(cidr_block), *given, **named)

    def associate_vpc_cidr_block(
        self, vpc_id: str, cidr_block: str | None, amazon_provided_ipv6_cidr_block: bool
    ) -> dict[str, Any]:
        """Another range; moto counts them."""
        vpc = self.get_vpc(vpc_id)
        if amazon_provided_ipv6_cidr_block:
            return super().associate_vpc_cidr_block(vpc_id, "", True)
        tables = [table for table in self.route_tables.values() if table.vpc_id == vpc_id]
        routes = [route for table in tables for route in table._routes.values() if not route.local]
        destinations = [route.destination_cidr_block for route in routes if route.destination_cidr_block]
        cidr = str(cidr_block)
        known = [vpc.cidr_block, *(r["cidr_block"] for r in vpc.get_cidr_block_association_set())]
        refuse(ranges.association_problem(cidr, known, destinations))
        return super().associate_vpc_cidr_block(vpc_id, ranges.canonical(cidr), False)

    def disassociate_vpc_cidr_block(self, association_id: str) -> dict[str, Any]:
        """Takes a range away in which no subnet lies."""
        for vpc in self.vpcs.values():
            if association_id not in vpc._cidr_block_association_set:
                continue
            cidr = vpc._cidr_block_association_set[association_id]["cidr_block"]
            if cidr != vpc.cidr_block:
                refuse(ranges.disassociation_problem(vpc.id, cidr, self._subnet_ranges(vpc.id)))
            answer = super().disassociate_vpc_cidr_block(association_id)
            # moto would go on to count it among the ranges of the VPC
            vpc._cidr_block_association_set.pop(association_id, None)
            return answer
        return super().disassociate_vpc_cidr_block(association_id)

    def create_subnet(
        self,
        vpc_id: str,
        cidr_block: str | None,
        ipv6_cidr_block: str | None = None,
        availability_zone: str | None = None,
        availability_zone_id: str | None = None,
        ipv6_native: bool = False,
        tags: Any = None,
    ) -> Any:
        """A subnet in a zone of the region, in ranges of its VPC."""
        zones = self.zones[self.region_name]
        wanted = availability_zone or availability_zone_id
        zone = next((zone.name for zone in zones if wanted in (zone.name, zone.zone_id)), None)
        if zone is None:
            refuse(_no_zone(str(wanted), [zone.name for zone in zones]))
        vpc, others = self.get_vpc(vpc_id), list(self._subnet_ranges(vpc_id))
        if cidr_block:
            known = [r["cidr_block"] for r in vpc.get_cidr_block_association_set()]
            refuse(ranges.subnet_problem(cidr_block, known, others))
            cidr_block = ranges.canonical(cidr_block)
        elif not ipv6_native:
            refuse(Refusal("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided."))
        if ipv6_cidr_block:
            self._check_ipv6(vpc, ipv6_cidr_block, others)
            ipv6_cidr_block = ranges.canonical(ipv6_cidr_block)
        return super().create_subnet(vpc_id, cidr_block, ipv6_cidr_block, zone, None, ipv6_native, tags)

    def associate_subnet_cidr_block(self, subnet_id: str, ipv6_cidr_block: str) -> dict[str, Any]:
        """An IPv6 range for a subnet that has none."""
        subnet = self.get_subnet(subnet_id)
        if subnet.ipv6_cidr_block_association_set:
            refuse(Refusal("CidrLimitExceeded", f"The subnet '{subnet_id}' has an IPv6 CIDR block already"))
        self._check_ipv6(self.get_vpc(subnet.vpc_id), ipv6_cidr_block, list(self._subnet_ranges(subnet.vpc_id)))
        return super().associate_subnet_cidr_block(subnet_id, ranges.canonical(ipv6_cidr_block))

    def modify_subnet_attribute(self, subnet_id: str, attr_name: str, attr_value: bool) -> None:
        """IPv6 addresses are given out by subnets that have some."""
        subnet = self.get_subnet(subnet_id)
        lacking = not subnet.ipv6_cidr_block_association_set
        if attr_name == "assign_ipv6_address_on_creation" and attr_value and lacking:
            refuse(
                Refusal(
                    "InvalidParameterValue",
                    "Invalid value 'true' for assignIpv6AddressOnCreation. Subnet must have an IPv6 CIDR block associated first.",
                )
            )
        super().modify_subnet_attribute(subnet_id, attr_name, attr_value)

    def _check_ipv6(self, vpc: Any, cidr: str, others: list[str]) -> None:
        known = [r["cidr_block"] for r in vpc.get_cidr_block_association_set(ipv6=True)]
        refuse(ranges.ipv6_subnet_problem(cidr, known, others))

    def _subnet_ranges(self, vpc_id: str) -> Iterator[str]:
        """The ranges of the subnets of a VPC, of both families."""
        for subnet in self.describe_subnets(filters={"vpc-id": vpc_id}):
            if subnet.cidr_block:
                yield str(subnet.cidr)
            yield from (r["ipv6CidrBlock"] for r in subnet.ipv6_cidr_block_association_set)


def _no_zone(wanted: str, zones: list[str]) -> Refusal:
    return Refusal(
        "InvalidParameterValue",
        f"Value ({wanted}) for parameter availabilityZone is invalid. Subnets can currently only be created in the "
        f"following availability zones: {', '.join(zones)}.",
    )
