"""What EKS refuses of the network of a cluster, as pure functions: each gives the reason, or None.

@see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

# zone ids in which EKS makes no control planes
_UNSUPPORTED = ("use1-az3", "usw1-az2", "cac1-az3")
_PRIVATE = [ip_network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_LEAST_FREE = 6


def zone_problem(cluster: str, subnets: list[dict[str, Any]], zones: list[dict[str, Any]]) -> str | None:
    """A control plane is not made in every zone."""
    bad = next((subnet for subnet in subnets if subnet["AvailabilityZoneId"] in _UNSUPPORTED), None)
    if bad is None:
        return None
    others = ", ".join(zone["ZoneName"] for zone in zones if zone["ZoneId"] not in _UNSUPPORTED)
    return (
        f"Cannot create cluster '{cluster}' because {bad['AvailabilityZone']}, the targeted availability zone, does not "
        "currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: "
        f"{others}"
    )


def addresses_problem(subnets: list[dict[str, Any]]) -> str | None:
    """The interfaces of a control plane need room, of the family that nodes have too."""
    without = [subnet["SubnetId"] for subnet in subnets if not subnet.get("CidrBlock")]
    if without:
        return f"Subnets {', '.join(without)} have no IPv4 CIDR block: a cluster is in IPv4 or dual-stack subnets"
    crowded = [
        f"{subnet['SubnetId']} ({subnet['AvailableIpAddressCount']})"
        for subnet in subnets
        if subnet["AvailableIpAddressCount"] < _LEAST_FREE
    ]
    if crowded:
        return (
            f"Subnets must each have at least {_LEAST_FREE} free IP addresses for use by Amazon EKS, and these do not: "
            f"{', '.join(crowded)}"
        )
    return None


def family_problem(config: dict[str, Any], vpc: dict[str, Any], subnets: list[dict[str, Any]]) -> str | None:
    """The family of the services decides what the network must have, and who chooses the service range."""
    if config.get("ipFamily", "ipv4") == "ipv4":
        return _service_problem(config.get("serviceIpv4Cidr"), vpc)
    if "serviceIpv4Cidr" in config:
        return 'serviceIpv4Cidr cannot be specified when creating an "ipv6" cluster'
    if not associated(vpc):
        return f'The VPC {vpc["VpcId"]} has no IPv6 CIDR block associated: an "ipv6" cluster needs one'
    without = [subnet["SubnetId"] for subnet in subnets if not associated(subnet)]
    if without:
        return f'Subnets {", ".join(without)} have no IPv6 CIDR block associated: an "ipv6" cluster needs one in each'
    return None


def node_subnets_problem(group: str, family: str, subnets: list[dict[str, Any]]) -> str | None:
    """Nodes of an IPv6 cluster get their IPv6 addresses from the subnet."""
    if family != "ipv6":
        return None
    without = [s["SubnetId"] for s in subnets if not (associated(s) and s["AssignIpv6AddressOnCreation"])]
    if without:
        return (
            f"[Issue(Code=Ec2SubnetMissingIpv6Assignment, Message=One or more Amazon EC2 Subnets of {without} for node "
            f"group {group} do not automatically assign IPv6 addresses to instances launched into them, "
            f"ResourceIds={without})]"
        )
    return None


def default_service_range(vpc: dict[str, Any]) -> str:
    """The range EKS takes for services when none is given: one of two, beside the VPC."""
    return "172.20.0.0/16" if _overlap("10.0.0.0/8", vpc) else "10.100.0.0/16"


def associated(thing: dict[str, Any]) -> list[str]:
    """The IPv6 ranges of a VPC or a subnet."""
    known = thing.get("Ipv6CidrBlockAssociationSet", [])
    return [a["Ipv6CidrBlock"] for a in known if a["Ipv6CidrBlockState"]["State"] == "associated"]


def _service_problem(cidr: str | None, vpc: dict[str, Any]) -> str | None:
    if cidr is None:
        return None
    try:
        network = ip_network(cidr)
    except ValueError:
        return f"serviceIpv4Cidr {cidr} is not a valid CIDR block"
    if network.version != 4 or not any(network.subnet_of(known) for known in _PRIVATE):
        return f"serviceIpv4Cidr {cidr} must be within RFC1918 range"
    if not 12 <= network.prefixlen <= 24:
        return f"serviceIpv4Cidr {cidr} must have netmask size between /12 and /24 inclusive"
    if other := _overlap(cidr, vpc):
        return f"serviceIpv4Cidr {cidr} overlaps with the CIDR {other} of the VPC {vpc['VpcId']}"
    return None


def _overlap(cidr: str, vpc: dict[str, Any]) -> str | None:
    ranges = [association["CidrBlock"] for association in vpc["CidrBlockAssociationSet"]]
    return next((known for known in ranges if ip_network(cidr).overlaps(ip_network(known))), None)
