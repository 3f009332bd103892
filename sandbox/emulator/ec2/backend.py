"""Puts this EC2 in the place of moto's."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2 import urls
from moto.ec2.models import ec2_backends
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification

from .flow_logs import FlowLogs
from .nat_gateways import NatGateways
from .networks import Networks
from .refusals import Refusal, refuse
from .routes import Routes

_RANGES = ("Ipv6Pool", "Ipv6CidrBlock", "Ipv4IpamPoolId", "Ipv6IpamPoolId", "Ipv6CidrBlockNetworkBorderGroup")
_NAT = ("AvailabilityMode", "ConnectivityType", "SubnetId", "AllocationId", "VpcId", "AvailabilityZoneAddresses")
_NAT_UNKNOWN = (
    "PrivateIpAddress",
    "SecondaryAllocationIds",
    "SecondaryPrivateIpAddresses",
    "SecondaryPrivateIpAddressCount",
)
_FLOW_LOG = (
    "ResourceType",
    "TrafficType",
    "LogDestinationType",
    "LogDestination",
    "LogGroupName",
    "DeliverLogsPermissionArn",
    "DestinationOptions",
)


class Ec2(NatGateways, Networks, Routes, FlowLogs):
    """moto's EC2 with the refusals of the real one."""

    __module__ = "moto.ec2.models"


class Requests(EC2Response):
    """The requests that moto reads otherwise, or not at all."""

    def associate_vpc_cidr_block(self) -> ActionResult:
        """One range of either family."""
        self._know_nothing_of(*_RANGES)
        wanted = [name for name in ("CidrBlock", "AmazonProvidedIpv6CidrBlock") if self._get_param(name)]
        if len(wanted) != 1:
            refuse(
                Refusal(
                    "InvalidParameterCombination" if wanted else "MissingParameter",
                    "You must specify one of the following in the request: an IPv4 CIDR block, an IPv6 pool, or an "
                    "Amazon-provided IPv6 CIDR block.",
                )
            )
        return super().associate_vpc_cidr_block()

    def create_nat_gateway(self) -> ActionResult:
        """A gateway of either mode."""
        self._know_nothing_of(*_NAT_UNKNOWN)
        request = {name: self._get_param(name) for name in _NAT}
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        return ActionResult({"NatGateway": self.ec2_backend.make_nat_gateway(request, tags)})

    def associate_nat_gateway_address(self) -> ActionResult:
        """Addresses in one zone of a regional gateway."""
        self._know_nothing_of("PrivateIpAddresses")
        names = ("AvailabilityZone", "AvailabilityZoneId", "AllocationIds")
        entry = {name: self._get_param(name) for name in names}
        gateway = self.ec2_backend.add_zone_addresses(self._get_param("NatGatewayId"), [entry])
        return _addresses(gateway)

    def disassociate_nat_gateway_address(self) -> ActionResult:
        """Addresses of a regional gateway, given back."""
        gateway = self.ec2_backend.remove_zone_addresses(
            self._get_param("NatGatewayId"), self._get_param("AssociationIds", [])
        )
        return _addresses(gateway)

    def create_flow_logs(self) -> ActionResult:
        """Flow logs with the options of their destination, which moto drops."""
        request = {name: self._get_param(name) for name in _FLOW_LOG}
        self.ec2_backend.prepare_flow_logs(request)
        answer = super().create_flow_logs()
        for flow_log_id in answer.result["FlowLogIds"]:
            self.ec2_backend.flow_logs[flow_log_id].destination_options = request["DestinationOptions"]
        return answer

    def _know_nothing_of(self, *names: str) -> None:
        given = [name for name in names if self._get_param(name)]
        if given:
            refuse(Refusal("UnsupportedOperation", f"the local AWS does not know {', '.join(given)} here"))


def install() -> None:
    """From now on every account and region has this EC2; before the first request."""
    ec2_backends.backend = Ec2
    Subnet.ipv6_cidr_block_association_set = property(_ipv6_associations)
    urls.url_paths["{0}/"] = Requests.dispatch


def _addresses(gateway: Any) -> ActionResult:
    return ActionResult({"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.nat_gateway_addresses})


def _ipv6_associations(subnet: Subnet) -> list[dict[str, Any]]:
    """The IPv6 ranges of a subnet; moto answers with a state inside the state."""
    known = subnet.ipv6_cidr_block_associations.values()
    return [association for association in known if association["ipv6CidrBlockState"]["State"] == "associated"]
