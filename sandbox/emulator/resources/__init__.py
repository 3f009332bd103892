"""The resource types that can be made here."""

from __future__ import annotations

from . import (
    appconfig,
    cloudwatch,
    ec2,
    ec2_flow_logs,
    ec2_gateways,
    ec2_nat,
    ec2_networks,
    ec2_routes,
    eks,
    events,
    firehose,
    functions,
    iam,
    s3,
    services,
    tables,
)
from .handler import Handler, Handlers

_EC2 = (ec2, ec2_flow_logs, ec2_gateways, ec2_nat, ec2_networks, ec2_routes)
_OTHERS = (appconfig, cloudwatch, eks, events, firehose, functions, iam, s3, services, tables)


def handlers(custom: Handler) -> Handlers:
    """A handler of every type, and the one for custom resources."""
    return Handlers([handler() for module in (*_EC2, *_OTHERS) for handler in module.HANDLERS], custom)
