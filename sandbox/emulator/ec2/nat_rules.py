"""What EC2 refuses of NAT gateways, as pure functions: each gives the refusal, or None.

@see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
@see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
"""

from __future__ import annotations

from typing import Any

from .refusals import Refusal

# by availability mode: what must be given, and what cannot be
_NEEDED = {"zonal": ("SubnetId",), "regional": ("VpcId",)}
_FOREIGN = {"zonal": ("VpcId", "AvailabilityZoneAddresses"), "regional": ("SubnetId", "AllocationId")}
_MOST_PER_ZONE = 32


def gateway_problem(request: dict[str, Any]) -> Refusal | None:
    """A zonal gateway is in a subnet, a regional one in a VPC; a public one has addresses."""
    mode, kind = request.get("AvailabilityMode") or "zonal", request.get("ConnectivityType") or "public"
    for name in _NEEDED[mode]:
        if not request.get(name):
            return _missing(name)
    for name in _FOREIGN[mode]:
        if request.get(name):
            return Refusal(
                "InvalidParameterCombination",
                f"{name} cannot be specified for a NAT Gateway with Availability Mode {mode}.",
            )
    if mode == "regional":
        if kind == "private":
            return Refusal(
                "InvalidParameterCombination",
                "Connectivity Type private cannot be specified for a NAT Gateway with Availability Mode regional.",
            )
        return zone_addresses_problem(request.get("AvailabilityZoneAddresses") or [])
    if kind == "private" and request.get("AllocationId"):
        return Refusal(
            "InvalidParameterCombination",
            "AllocationId cannot be specified for a NAT Gateway with Connectivity Type private.",
        )
    if kind == "public" and not request.get("AllocationId"):
        return _missing("AllocationId")
    return None


def zone_addresses_problem(entries: list[dict[str, Any]]) -> Refusal | None:
    """Each entry names one zone, by name or by id, and addresses of its own."""
    zones: list[str] = []
    addresses: list[str] = []
    for entry in entries:
        named = [entry[key] for key in ("AvailabilityZone", "AvailabilityZoneId") if entry.get(key)]
        if len(named) != 1:
            return Refusal(
                "InvalidParameterCombination",
                "Exactly one of AvailabilityZone and AvailabilityZoneId must be specified in AvailabilityZoneAddresses.",
            )
        given = entry.get("AllocationIds") or []
        if not given:
            return _missing("AllocationIds")
        if len(given) > _MOST_PER_ZONE:
            return Refusal(
                "NatGatewayAddressLimitExceeded",
                f"A regional NAT gateway takes at most {_MOST_PER_ZONE} addresses in a zone, not {len(given)}",
            )
        zones += named
        addresses += given
    twice = _repeated(zones) or _repeated(addresses)
    if twice is not None:
        return Refusal("InvalidParameterValue", f"{twice} is specified twice in AvailabilityZoneAddresses.")
    return None


def _missing(name: str) -> Refusal:
    return Refusal("MissingParameter", f"The request must include the {name} parameter.")


def _repeated(items: list[str]) -> str | None:
    return next((item for item in items if items.count(item) > 1), None)
