"""What the parts of the API of EKS share."""

from __future__ import annotations

from ..kubernetes import KubernetesApis
from ..service import Service
from .clusters import Cluster, Clusters
from .networks import Surroundings


class Part(Service):
    """The clusters, and what is around them."""

    name = "eks"
    invalid_input = "InvalidParameterException"
    clusters: Clusters
    kubernetes: KubernetesApis
    around: Surroundings

    def _interfaces(self, cluster: Cluster, owner: str, subnet_ids: list[str], groups: list[str]) -> None:
        made = self.around.make_interfaces(cluster.place, subnet_ids, groups, f"Amazon EKS {cluster.name} {owner}")
        cluster.interfaces[owner] = made

    def _drop_interfaces(self, cluster: Cluster, owner: str) -> None:
        self.around.delete_interfaces(cluster.place, cluster.interfaces.pop(owner, []))
