"""The API of EKS. Everything is done at once: what is made is ACTIVE when the answer is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..accounts import Clients, Place
from ..kubernetes import KubernetesApis
from .addons import Addons
from .clusters import Clusters, bad_parameter
from .configurations import Schemas
from .control_planes import ControlPlanes
from .networks import Surroundings
from .nodes import Nodes


class Eks(ControlPlanes, Nodes, Addons):
    """Clusters and what belongs to them."""

    def __init__(self, clients: Clients, clusters: Clusters, kubernetes: KubernetesApis, addon_schemas: Path) -> None:
        super().__init__()
        self.clusters, self.kubernetes = clusters, kubernetes
        self.schemas = Schemas(addon_schemas)
        self.around = Surroundings(clients)

    def _call(self, *arguments: Any) -> Any:
        with self.clusters.lock:
            return super()._call(*arguments)

    def tag_resource(self, place: Place, **given: Any) -> dict[str, Any]:
        """Adds tags to anything that has an ARN here."""
        self._tags(place, given["resource_arn"]).update(given["tags"])
        return {}

    def untag_resource(self, place: Place, **given: Any) -> dict[str, Any]:
        """Takes tags away."""
        tags = self._tags(place, given["resource_arn"])
        for key in given["tag_keys"]:
            tags.pop(key, None)
        return {}

    def list_tags_for_resource(self, place: Place, **given: Any) -> dict[str, Any]:
        """The tags of anything that has an ARN here."""
        return {"tags": self._tags(place, given["resource_arn"])}

    def _tags(self, place: Place, arn: str) -> dict[str, str]:
        for cluster in self.clusters.here(place):
            kinds = (
                cluster.node_groups,
                cluster.fargate_profiles,
                cluster.addons,
                cluster.entries,
                cluster.associations,
            )
            for data in (cluster.data, *(part for parts in kinds for part in parts.values())):
                if arn in data.values():
                    tags: dict[str, str] = data.setdefault("tags", {})
                    return tags
        raise bad_parameter(f"there is no resource {arn}")
