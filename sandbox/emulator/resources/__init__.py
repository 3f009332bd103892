"""The resource types that can be made here."""

from __future__ import annotations

from . import ec2, ec2_flow_logs, ec2_gateways, ec2_nat, ec2_networks, ec2_routes, eks, iam, s3, services
from .handler import Handler, Handlers


def handlers(custom: Handler) -> Handlers:
    """A handler of every type, and the one for custom resources."""
    modules = (ec2, ec2_flow_logs, ec2_gateways, ec2_nat, ec2_networks, ec2_routes, eks, iam, s3, services)
    return Handlers([handler() for module in modules for handler in module.HANDLERS], custom)
