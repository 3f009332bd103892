"""Routes to gateways that are there, and are of the same VPC."""

from __future__ import annotations

from ipaddress import IPv6Network, ip_network
from typing import Any

from moto.ec2.models import EC2Backend

from . import ranges
from .refusals import Refusal, refuse

_DESTINATIONS = ("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id")
_TARGETS = (
    "gateway_id",
    "carrier_gateway_id",
    "nat_gateway_id",
    "interface_id",
    "vpc_peering_connection_id",
    "egress_only_igw_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "instance_id",
)
# where DNS64 puts IPv4 addresses, for a NAT gateway to translate
_NAT64 = IPv6Network("64:ff9b::/96")


class Routes(EC2Backend):
    """What is refused of routes beyond what moto refuses."""

    __module__ = "moto.ec2.models"

    def create_route(
        self,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
        local: bool = False,
        **targets: Any,
    ) -> Any:
        """A route to one target that there is."""
        places = (destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id)
        if not local:
            destination = self._check_route(route_table_id, places, targets)
            taken = {
                route.destination_ipv6_cidr_block for route in self.get_route_table(route_table_id)._routes.values()
            }
            if destination_ipv6_cidr_block and destination in taken:
                refuse(Refusal("RouteAlreadyExists", f"The route identified by {destination} already exists."))
            places = tuple(place and ranges.canonical(place) for place in places)
        return super().create_route(route_table_id, *places, local, **targets)

    def replace_route(
        self,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
        nat_gateway_id: str | None = None,
        egress_only_igw_id: str | None = None,
        transit_gateway_id: str | None = None,
        **others: Any,
    ) -> Any:
        """Another target of a route that is there."""
        places = (destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id)
        targets = {
            "nat_gateway_id": nat_gateway_id,
            "egress_only_igw_id": egress_only_igw_id,
            "transit_gateway_id": transit_gateway_id,
            **others,
        }
        self._check_route(route_table_id, places, targets)
        return super().replace_route(
            route_table_id, *(place and ranges.canonical(place) for place in places), **targets
        )

    def delete_route(
        self,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
    ) -> Any:
        """A route by its destination, however that is written; what moto made itself it finds by its own text."""
        places = [destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id]
        known = self.get_route_table(route_table_id)._routes
        if not any(f"{route_table_id}~{place}" in known for place in places if place):
            places = [place and ranges.canonical(place) for place in places]
        return super().delete_route(route_table_id, *places)

    def _check_route(self, table_id: str, places: tuple[str | None, ...], targets: dict[str, Any]) -> str:
        """Refuses a route that cannot be; its destination."""
        given = [place for place in places if place]
        if len(given) != 1:
            refuse(_exactly_one([_camel(name) for name in _DESTINATIONS]))
        if len([name for name in _TARGETS if targets.get(name)]) != 1:
            refuse(_exactly_one([_camel(name) for name in _TARGETS]))
        if places[1]:
            refuse(ipv6_destination_problem(places[1], nat=bool(targets.get("nat_gateway_id"))))
        elif targets.get("egress_only_igw_id"):
            refuse(
                Refusal(
                    "InvalidParameterValue", f"An egress-only internet gateway takes IPv6 traffic only, not {given[0]}"
                )
            )
        table = self.get_route_table(table_id)
        for gateway_id, vpc_id in self._gateways(targets):
            if vpc_id != table.vpc_id:
                refuse(
                    Refusal(
                        "InvalidParameterValue",
                        f"route table {table_id} and network gateway {gateway_id} belong to different networks",
                    )
                )
        return ranges.canonical(given[0])

    def _gateways(self, targets: dict[str, Any]) -> list[tuple[str, str | None]]:
        """The gateways among the targets, each with the VPC it is attached to."""
        found: list[tuple[str, str | None]] = []
        gateway_id = targets.get("gateway_id")
        if gateway_id and gateway_id.startswith("igw-"):
            vpc = self.get_internet_gateway(gateway_id).vpc
            found.append((gateway_id, None if vpc is None else vpc.id))
        if egress_id := targets.get("egress_only_igw_id"):
            found.append((egress_id, self.get_egress_only_igw(egress_id).vpc_id))
        if nat_id := targets.get("nat_gateway_id"):
            nat = self.nat_gateways.get(nat_id)
            if nat is None or nat.state != "available":
                refuse(Refusal("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat_id}' does not exist"))
            found.append((nat_id, nat.vpc_id))
        return found


def ipv6_destination_problem(cidr: str, *, nat: bool) -> Refusal | None:
    """An IPv6 destination is a range, and a NAT gateway takes one alone."""
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != 6:
        return Refusal(
            "InvalidParameterValue",
            f"Value ({cidr}) for parameter destinationIpv6CidrBlock is invalid. This is not a valid IPv6 CIDR block.",
        )
    if nat and not network.subnet_of(_NAT64):
        return Refusal(
            "InvalidParameterValue",
            "An interface that is part of a NAT gateway cannot be the next hop for an IPv6 destination CIDR block "
            f"outside the CIDR range {_NAT64} or IPv6 prefix list.",
        )
    return None


def _exactly_one(names: list[str]) -> Refusal:
    return Refusal(
        "MissingParameter", f"The request must contain exactly one of {', '.join(names[:-1])} or {names[-1]}"
    )


def _camel(name: str) -> str:
    first, *rest = {
        "interface_id": "network_interface_id",
        "egress_only_igw_id": "egress_only_internet_gateway_id",
    }.get(name, name).split("_")
    return first + "".join(part.capitalize() for part in rest)
