"""What EKS refuses beyond the shape of a request, as pure functions: each gives the reason, or None.

@see https://docs.aws.amazon.com/eks/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import re
from typing import Any

_MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
_VERSION = re.compile(r"1\.(\d+)")
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+")
_POLICY = re.compile(r"arn:aws[a-z-]*:eks::aws:cluster-access-policy/Amazon\w+")
# https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
_RESERVED_GROUPS = ("system:", "eks:", "aws:", "amazon:", "iam:")


def zones_problem(zones: set[str]) -> str | None:
    """The control plane needs two zones."""
    if len(zones) < 2:
        return f"Subnets specified must be in at least two different AZs (got {', '.join(sorted(zones)) or 'none'})"
    return None


def zone_change_problem(before: set[str], after: set[str]) -> str | None:
    """A cluster stays in the zones it was made in."""
    if before != after:
        return (
            "Provided subnets must belong to the same set of availability zones as those provided during cluster "
            f"creation: {', '.join(sorted(before))}, not {', '.join(sorted(after))}"
        )
    return None


def mode_problem(before: str, after: str) -> str | None:
    """Authentication modes go one way only."""
    if _MODES.index(after) < _MODES.index(before):
        return f"Unsupported authentication mode update from {before} to {after}"
    return None


def version_problem(before: str, after: str) -> str | None:
    """A control plane goes up one minor at a time, never down."""
    old, new = _VERSION.fullmatch(before), _VERSION.fullmatch(after)
    if new is None or old is None:
        return f"unsupported Kubernetes version {after}"
    if int(new[1]) not in (int(old[1]), int(old[1]) + 1):
        return f"Unsupported Kubernetes minor version update from {before} to {after}"
    return None


def node_version_problem(cluster: str, nodes: str) -> str | None:
    """Nodes are never newer than their control plane."""
    match, of_nodes = _VERSION.fullmatch(cluster), _VERSION.fullmatch(nodes)
    if of_nodes is None or match is None:
        return f"unsupported Kubernetes version {nodes}"
    if int(of_nodes[1]) > int(match[1]):
        return f"Nodegroup Kubernetes version {nodes} cannot be newer than that of the cluster, {cluster}"
    return None


def endpoint_problem(vpc: dict[str, Any]) -> str | None:
    """Somebody must be able to reach the API."""
    if not vpc.get("endpointPublicAccess", True) and not vpc.get("endpointPrivateAccess", False):
        return "Private and public endpoint access cannot both be disabled"
    return None


def entry_problem(principal: str, kind: str, groups: list[str], username: str | None, mode: str) -> str | None:
    """An access entry names a role or a user, and takes nothing that Kubernetes keeps for itself."""
    if mode == "CONFIG_MAP":
        return "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
    if not _PRINCIPAL.fullmatch(principal):
        return f"The specified principalArn is invalid: {principal} is not the ARN of an IAM role or user"
    if ":role/aws-service-role/" in principal:
        return f"The specified principalArn is invalid: {principal} is a service-linked role"
    reserved = [group for group in groups if group.startswith(_RESERVED_GROUPS)]
    if reserved:
        return f"The kubernetes group name {reserved[0]} is invalid, it cannot start with {', '.join(_RESERVED_GROUPS)}"
    if kind != "STANDARD":
        if groups:
            return f"kubernetesGroups cannot be given for an access entry of type {kind}"
        if username is not None:
            return f"username cannot be given for an access entry of type {kind}"
        if ":user/" in principal:
            return f"an access entry of type {kind} needs a role, not {principal}"
    if username is not None and username.startswith(_RESERVED_GROUPS):
        return f"The username {username} is invalid, it cannot start with {', '.join(_RESERVED_GROUPS)}"
    return None


def policy_problem(kind: str, policy: str, scope: dict[str, Any]) -> str | None:
    """Access policies belong to people's entries, with namespaces if and only if their scope has them."""
    if kind != "STANDARD":
        return f"The access entry is of type {kind}: only STANDARD ones take access policies"
    if not _POLICY.fullmatch(policy):
        return f"The policyArn {policy} is not that of an access policy"
    namespaces = scope.get("namespaces", [])
    if scope.get("type") == "namespace" and not namespaces:
        return "The access scope namespace needs namespaces"
    if scope.get("type") == "cluster" and namespaces:
        return "The access scope cluster takes no namespaces"
    return None


def scaling_problem(scaling: dict[str, int]) -> str | None:
    """Min <= desired <= max."""
    least, most, wanted = scaling.get("minSize", 1), scaling.get("maxSize", 2), scaling.get("desiredSize")
    if most < least:
        return f"Minimum capacity {least} can't be greater than maximum size {most}"
    if wanted is not None and wanted < least:
        return f"Minimum capacity {least} can't be greater than desired size {wanted}"
    if wanted is not None and wanted > most:
        return f"desired capacity {wanted} can't be greater than max size {most}"
    return None


def launch_template_problem(request: dict[str, Any], data: dict[str, Any]) -> str | None:
    """What stands in a launch template cannot stand beside it.

    @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    """
    if "diskSize" in request:
        return "Disk size must be specified within the launch template."
    if "remoteAccess" in request:
        return "Remote access configuration cannot be specified with a launch template."
    if "instanceTypes" in request and "InstanceType" in data:
        return "Instance types cannot be specified both in the launch template and in the API request."
    if request.get("amiType", "CUSTOM") != "CUSTOM" and "ImageId" in data:
        return "You cannot specify an AMI type other than CUSTOM, when specifying an image id in your launch template."
    if "IamInstanceProfile" in data:
        return "Launch template must not specify an instance profile."
    if "NetworkInterfaces" in data and any("SubnetId" in interface for interface in data["NetworkInterfaces"]):
        return "Launch template must not specify a subnet."
    return None


def fargate_problem(name: str, selectors: list[dict[str, Any]]) -> str | None:
    """A profile selects something, at most five times, and leaves EKS its names."""
    if name.startswith("eks-"):
        return f"The Fargate profile name {name} cannot start with the reserved prefix eks-"
    if not selectors:
        return "A Fargate profile needs at least one selector"
    if len(selectors) > 5:
        return f"A Fargate profile takes at most 5 selectors, not {len(selectors)}"
    crowded = [selector for selector in selectors if len(selector.get("labels", {})) > 5]
    if crowded:
        return f"A selector takes at most 5 labels (namespace {crowded[0].get('namespace')})"
    return None
