"""Add-ons, and the roles of service accounts."""

from __future__ import annotations

import uuid
from typing import Any

from ..accounts import Place
from .clusters import Cluster, in_use, now, refuse
from .configurations import Schemas
from .part import Part


class Addons(Part):
    """The operations on add-ons and pod identities."""

    schemas: Schemas

    def create_addon(self, place: Place, **given: Any) -> dict[str, Any]:
        """An add-on with the configuration and the pod identities asked for."""
        cluster, name = self.clusters.get(place, given["cluster_name"]), given["addon_name"]
        if name in cluster.addons:
            raise in_use(f"Addon already exists with name {name} and cluster name {cluster.name}")
        version = given.get("addon_version", "v1.0.0-eksbuild.1")
        configuration = given.get("configuration_values")
        refuse(None if configuration is None else self.schemas.problem(name, version, configuration))
        cluster.addons[name] = {
            "addonName": name,
            "clusterName": cluster.name,
            "status": "ACTIVE",
            "addonVersion": version,
            "health": {"issues": []},
            "addonArn": cluster.arn("addon", name, str(uuid.uuid4())),
            "createdAt": now(),
            "modifiedAt": now(),
            "tags": given.get("tags", {}),
            "owner": "aws",
            **({"configurationValues": configuration} if configuration is not None else {}),
            **({"serviceAccountRoleArn": r} if (r := given.get("service_account_role_arn")) else {}),
            "podIdentityAssociations": [],
        }
        self._addon_identities(place, cluster, name, given.get("pod_identity_associations", []))
        return {"addon": cluster.addons[name]}

    def describe_addon(self, place: Place, **given: Any) -> dict[str, Any]:
        """An add-on as it was asked for."""
        return {"addon": self.clusters.get(place, given["cluster_name"]).part("addons", given["addon_name"])}

    def list_addons(self, place: Place, **given: Any) -> dict[str, Any]:
        """The names of the add-ons, in the order they were made."""
        return {"addons": list(self.clusters.get(place, given["cluster_name"]).addons)}

    def update_addon(self, place: Place, **given: Any) -> dict[str, Any]:
        """Another version or configuration."""
        cluster = self.clusters.get(place, given["cluster_name"])
        addon = cluster.part("addons", given["addon_name"])
        version = given.get("addon_version", addon["addonVersion"])
        configuration = given.get("configuration_values", addon.get("configurationValues"))
        if configuration is not None:
            refuse(self.schemas.problem(addon["addonName"], version, configuration))
            addon["configurationValues"] = configuration
        addon["addonVersion"] = version
        if "service_account_role_arn" in given:
            addon["serviceAccountRoleArn"] = given["service_account_role_arn"]
        if "pod_identity_associations" in given:
            self._drop_addon_identities(cluster, addon["addonName"])
            self._addon_identities(place, cluster, addon["addonName"], given["pod_identity_associations"])
        addon["modifiedAt"] = now()
        return {"update": cluster.updated("AddonUpdate", {})}

    def delete_addon(self, place: Place, **given: Any) -> dict[str, Any]:
        """Deletes an add-on and its pod identities."""
        cluster = self.clusters.get(place, given["cluster_name"])
        addon = cluster.part("addons", given["addon_name"])
        self._drop_addon_identities(cluster, addon["addonName"])
        del cluster.addons[addon["addonName"]]
        return {"addon": {**addon, "status": "DELETING"}}

    def _addon_identities(self, place: Place, cluster: Cluster, name: str, wanted: list[dict[str, str]]) -> None:
        addon = cluster.addons[name]
        made = [
            self._associate(place, cluster, "kube-system", w["serviceAccount"], w["roleArn"], owner=addon["addonArn"])
            for w in wanted
        ]
        addon["podIdentityAssociations"] = [association["associationArn"] for association in made]

    def _drop_addon_identities(self, cluster: Cluster, name: str) -> None:
        arn = cluster.addons[name]["addonArn"]
        cluster.associations = {k: v for k, v in cluster.associations.items() if v.get("ownerArn") != arn}

    def create_pod_identity_association(self, place: Place, **given: Any) -> dict[str, Any]:
        """Gives a service account a role."""
        cluster = self.clusters.get(place, given["cluster_name"])
        made = self._associate(
            place, cluster, given["namespace"], given["service_account"], given["role_arn"], tags=given.get("tags")
        )
        return {"association": made}

    def describe_pod_identity_association(self, place: Place, **given: Any) -> dict[str, Any]:
        """Which role a service account has."""
        cluster = self.clusters.get(place, given["cluster_name"])
        return {"association": cluster.part("associations", given["association_id"])}

    def list_pod_identity_associations(self, place: Place, **given: Any) -> dict[str, Any]:
        """The associations of a cluster."""
        return {"associations": list(self.clusters.get(place, given["cluster_name"]).associations.values())}

    def update_pod_identity_association(self, place: Place, **given: Any) -> dict[str, Any]:
        """Gives a service account another role."""
        cluster = self.clusters.get(place, given["cluster_name"])
        association = cluster.part("associations", given["association_id"])
        if "role_arn" in given:
            self.around.check_role(place, given["role_arn"], "pods.eks")
            association["roleArn"] = given["role_arn"]
        return {"association": association}

    def delete_pod_identity_association(self, place: Place, **given: Any) -> dict[str, Any]:
        """Takes the role away."""
        cluster = self.clusters.get(place, given["cluster_name"])
        association = cluster.part("associations", given["association_id"])
        del cluster.associations[association["associationId"]]
        return {"association": association}

    def _associate(
        self,
        place: Place,
        cluster: Cluster,
        namespace: str,
        service_account: str,
        role: str,
        owner: str | None = None,
        tags: Any = None,
    ) -> dict[str, Any]:
        taken = {(a["namespace"], a["serviceAccount"]) for a in cluster.associations.values()}
        if (namespace, service_account) in taken:
            raise in_use(f"Association already exists: {namespace}/{service_account}")
        self.around.check_role(place, role, "pods.eks")
        identifier = f"a-{uuid.uuid4().hex[:17]}"
        cluster.associations[identifier] = {
            "clusterName": cluster.name,
            "namespace": namespace,
            "serviceAccount": service_account,
            "roleArn": role,
            "associationArn": cluster.arn("podidentityassociation", identifier),
            "associationId": identifier,
            "tags": tags or {},
            "createdAt": now(),
            "modifiedAt": now(),
            **({} if owner is None else {"ownerArn": owner}),
        }
        return cluster.associations[identifier]
