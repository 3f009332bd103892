"""Access entries: who is let in."""

from __future__ import annotations

import time
import uuid
from typing import Any

from ..accounts import Place
from . import rules
from .clusters import Cluster, bad_parameter, bad_request, in_use, now, refuse
from .part import Part

NODE_USER = "system:node:{{EC2PrivateDNSName}}"


class Access(Part):
    """The operations on access entries and their policies."""

    def create_access_entry(self, place: Place, **given: Any) -> dict[str, Any]:
        """Lets a role or a user in."""
        cluster, principal = self.clusters.get(place, given["cluster_name"]), given["principal_arn"]
        if principal in cluster.entries:
            raise in_use(f"The specified access entry resource is already in use on this cluster: {principal}")
        kind, groups = given.get("type", "STANDARD"), given.get("kubernetes_groups", [])
        problem = rules.entry_problem(principal, kind, groups, given.get("username"), cluster.mode)
        if problem is not None:
            raise bad_request(problem) if cluster.mode == "CONFIG_MAP" else bad_parameter(problem)
        username = given.get("username") or (NODE_USER if kind.startswith("EC2") else _username(principal))
        node_groups = ["system:nodes"] if kind.startswith("EC2") else []
        return {
            "accessEntry": self._entry(cluster, principal, kind, username, groups or node_groups, given.get("tags"))
        }

    def describe_access_entry(self, place: Place, **given: Any) -> dict[str, Any]:
        """Who is let in as what."""
        cluster = self.clusters.get(place, given["cluster_name"])
        return {"accessEntry": cluster.part("entries", given["principal_arn"])}

    def list_access_entries(self, place: Place, **given: Any) -> dict[str, Any]:
        """The principals let in."""
        return {"accessEntries": list(self.clusters.get(place, given["cluster_name"]).entries)}

    def update_access_entry(self, place: Place, **given: Any) -> dict[str, Any]:
        """Another user name or other groups."""
        cluster = self.clusters.get(place, given["cluster_name"])
        entry = cluster.part("entries", given["principal_arn"])
        groups = given.get("kubernetes_groups", entry["kubernetesGroups"])
        refuse(rules.entry_problem(given["principal_arn"], entry["type"], groups, given.get("username"), cluster.mode))
        entry |= {"kubernetesGroups": groups, "username": given.get("username", entry["username"]), "modifiedAt": now()}
        return {"accessEntry": entry}

    def delete_access_entry(self, place: Place, **given: Any) -> dict[str, Any]:
        """Lets somebody in no longer."""
        cluster = self.clusters.get(place, given["cluster_name"])
        cluster.part("entries", given["principal_arn"])
        self._drop_entry(cluster, given["principal_arn"])
        return {}

    def associate_access_policy(self, place: Place, **given: Any) -> dict[str, Any]:
        """Gives an entry what an access policy permits."""
        cluster, principal = self.clusters.get(place, given["cluster_name"]), given["principal_arn"]
        entry = cluster.part("entries", principal)
        refuse(rules.policy_problem(entry["type"], given["policy_arn"], given["access_scope"]))
        association = {
            "policyArn": given["policy_arn"],
            "accessScope": {"namespaces": [], **given["access_scope"]},
            "associatedAt": now(),
            "modifiedAt": now(),
        }
        cluster.policies.setdefault(principal, {})[given["policy_arn"]] = association
        return {"clusterName": cluster.name, "principalArn": principal, "associatedAccessPolicy": association}

    def disassociate_access_policy(self, place: Place, **given: Any) -> dict[str, Any]:
        """Takes an access policy from an entry."""
        cluster = self.clusters.get(place, given["cluster_name"])
        cluster.part("entries", given["principal_arn"])
        cluster.policies.get(given["principal_arn"], {}).pop(given["policy_arn"], None)
        return {}

    def list_associated_access_policies(self, place: Place, **given: Any) -> dict[str, Any]:
        """The access policies of an entry."""
        cluster, principal = self.clusters.get(place, given["cluster_name"]), given["principal_arn"]
        cluster.part("entries", principal)
        found = list(cluster.policies.get(principal, {}).values())
        return {"clusterName": cluster.name, "principalArn": principal, "associatedAccessPolicies": found}

    def _entry(
        self, cluster: Cluster, principal: str, kind: str, username: str, groups: list[str], tags: Any = None
    ) -> dict[str, Any]:
        owner, _, name = principal.split(":", 5)[5].partition("/")
        path = (owner, principal.split(":")[4], name.rpartition("/")[2], str(uuid.uuid4()))
        entry = {
            "clusterName": cluster.name,
            "principalArn": principal,
            "kubernetesGroups": groups,
            "accessEntryArn": cluster.arn("access-entry", *path),
            "createdAt": now(),
            "modifiedAt": now(),
            "tags": tags or {},
            "username": username,
            "type": kind,
        }
        cluster.entries[principal] = entry
        cluster.born[principal] = time.monotonic()
        return entry

    def _own_entry(self, cluster: Cluster, role: str, kind: str, username: str) -> None:
        """The entry EKS makes by itself for the role of nodes."""
        if cluster.mode != "CONFIG_MAP" and role not in cluster.entries:
            self._entry(cluster, role, kind, username, ["system:nodes"])

    def _drop_entry(self, cluster: Cluster, principal: str) -> None:
        cluster.entries.pop(principal, None)
        cluster.policies.pop(principal, None)
        cluster.born.pop(principal, None)


def _username(principal: str) -> str:
    """What EKS calls somebody by default: a user by ARN, a role by its sessions."""
    if ":role/" not in principal:
        return principal
    account, name = principal.split(":")[4], principal.rpartition("/")[2]
    return f"{principal.split(':iam:', maxsplit=1)[0]}:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"
