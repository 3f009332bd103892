"""What EC2 refuses of address ranges, as pure functions: each gives the refusal, or None.

@see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
@see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from .refusals import Refusal

_UNUSABLE = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_BENCHMARK = "198.19.0.0/16"
# where the first range of a VPC lies, and what cannot be added to it
_RESTRICTED = {
    "10.0.0.0/8": ("172.16.0.0/12", "192.168.0.0/16", _BENCHMARK),
    "172.16.0.0/12": ("10.0.0.0/8", "192.168.0.0/16", "172.31.0.0/16", _BENCHMARK),
    "192.168.0.0/16": ("10.0.0.0/8", "172.16.0.0/12", _BENCHMARK),
    _BENCHMARK: _PRIVATE,
}
_ANYWHERE_ELSE = (*_PRIVATE, _BENCHMARK)
_IPV6_SIZES = range(44, 65, 4)


def canonical(cidr: str) -> str:
    """A range without host bits, as EC2 keeps it; what is no range stays as it is."""
    try:
        return str(ip_network(cidr, strict=False))
    except ValueError:
        return cidr


def vpc_problem(cidr: str) -> Refusal | None:
    """A range of a VPC has between 16 and 65536 addresses that anybody may use."""
    network = _v4(cidr)
    if network is None:
        return _malformed(cidr)
    if not 16 <= network.prefixlen <= 28 or _overlaps(network, _UNUSABLE):
        return Refusal("InvalidVpc.Range", f"The CIDR '{cidr}' is invalid.")
    return None


def association_problem(cidr: str, ranges: list[str], destinations: Iterable[str]) -> Refusal | None:
    """A range to be added to those of a VPC (the first first), whose route tables have the destinations given."""
    problem = vpc_problem(cidr)
    network = _v4(cidr)
    if problem is not None or network is None:
        return problem
    if _overlaps(network, ranges):
        return Refusal("CidrConflict", "CIDR range conflicts")
    if _overlaps(network, _restrictions(ranges)):
        return Refusal(
            "InvalidVpc.Range",
            f"The CIDR '{cidr}' is restricted. Use a CIDR from the same private address range as the current VPC "
            "CIDR, or use a publicly-routable CIDR. For additional restrictions, see "
            "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
        )
    routed = [d for d in destinations if (other := _v4(d)) is not None and other.subnet_of(network)]
    if routed:
        return Refusal("CidrConflict", f"The CIDR '{cidr}' conflicts with the route to {routed[0]}")
    return None


def disassociation_problem(vpc_id: str, cidr: str, subnets: Iterable[str]) -> Refusal | None:
    """A range that a subnet lies in stays."""
    if _overlaps(ip_network(cidr), subnets):
        return Refusal("InvalidCidrBlock.InUse", f"The vpc {vpc_id} currently has a subnet within CIDR block {cidr}")
    return None


def subnet_problem(cidr: str, ranges: Iterable[str], others: Iterable[str]) -> Refusal | None:
    """An IPv4 subnet lies in one range of the VPC and beside the other subnets."""
    network = _v4(cidr)
    if network is None:
        return _malformed(cidr)
    inside = any(network.subnet_of(known) for known in map(_v4, ranges) if known is not None)
    if not inside or not 16 <= network.prefixlen <= 28:
        return Refusal("InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid.")
    return _conflict(network, cidr, others)


def ipv6_subnet_problem(cidr: str, ranges: Iterable[str], others: Iterable[str]) -> Refusal | None:
    """An IPv6 subnet has one of the sizes there are, lies in the VPC's range and beside the other subnets."""
    try:
        network = IPv6Network(cidr, strict=False)
    except ValueError:
        return Refusal(
            "InvalidParameterValue",
            f"Value ({cidr}) for parameter ipv6CidrBlock is invalid. This is not a valid IPv6 CIDR block.",
        )
    inside = any(network.subnet_of(IPv6Network(known)) for known in ranges)
    if not inside or network.prefixlen not in _IPV6_SIZES:
        return Refusal("InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid.")
    return _conflict(network, cidr, others)


def _restrictions(ranges: list[str]) -> list[str]:
    """What cannot be added to a VPC with these ranges, whatever is free of them."""
    first = IPv4Network(ranges[0])
    home = next((known for known in _RESTRICTED if first.subnet_of(IPv4Network(known))), None)
    found = list(_ANYWHERE_ELSE if home is None else _RESTRICTED[home])
    if any(IPv4Network("10.0.0.0/15").supernet_of(IPv4Network(known)) for known in ranges):
        found.append("10.0.0.0/16")
    return found


def _conflict(network: IPv4Network | IPv6Network, cidr: str, others: Iterable[str]) -> Refusal | None:
    if _overlaps(network, others):
        return Refusal("InvalidSubnet.Conflict", f"The CIDR '{cidr}' conflicts with another subnet")
    return None


def _overlaps(network: IPv4Network | IPv6Network, others: Iterable[str]) -> bool:
    known = [ip_network(other) for other in others]
    return any(other.version == network.version and network.overlaps(other) for other in known)


def _v4(cidr: str) -> IPv4Network | None:
    try:
        return IPv4Network(cidr, strict=False)
    except ValueError:
        return None


def _malformed(cidr: str) -> Refusal:
    return Refusal(
        "InvalidParameterValue", f"Value ({cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
    )
