"""Clusters: their control planes."""

from __future__ import annotations

import uuid
from typing import Any

from ..accounts import Place
from . import network_rules, rules
from .clusters import Cluster, bad_parameter, bad_request, in_use, now, partition, refuse, unsupported_zone
from .part import Part


class ControlPlanes(Part):
    """The operations on clusters."""

    def create_cluster(self, place: Place, **given: Any) -> dict[str, Any]:
        """A control plane with its security group and its interfaces in the subnets given."""
        name, vpc = given["name"], given["resources_vpc_config"]
        if self.clusters.find(place, name) is not None:
            raise in_use(f"Cluster already exists with name: {name}")
        self.around.check_role(place, given["role_arn"], "eks")
        subnets = self.around.subnets(place, vpc.get("subnetIds", []))
        refuse(rules.zones_problem({subnet["AvailabilityZone"] for subnet in subnets}))
        refuse(rules.endpoint_problem(vpc))
        vpc_id = subnets[0]["VpcId"]
        if any(subnet["VpcId"] != vpc_id for subnet in subnets):
            raise bad_parameter("Subnets must all be in the same VPC")
        family = given.get("kubernetes_network_config", {})
        self._check_network(place, name, family, subnets)
        self.around.check_security_groups(place, vpc.get("securityGroupIds", []), vpc_id)
        for encryption in given.get("encryption_config", []):
            self.around.check_key(place, encryption["provider"]["keyArn"])
        access = {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True}
        identifier = uuid.uuid4().hex.upper()
        group_id = self.around.make_security_group(place, name, vpc_id, f"eks-cluster-sg-{name}-{identifier[:8]}")
        endpoint, authority = self.kubernetes.open(place.account, place.region, name)
        cluster = Cluster(place, {"name": name})
        cluster.data |= {
            "arn": f"arn:{partition(place)}:eks:{place.region}:{place.account}:cluster/{name}",
            "createdAt": now(),
            "version": given.get("version", "1.35"),
            "endpoint": endpoint,
            "roleArn": given["role_arn"],
            "resourcesVpcConfig": {
                "endpointPublicAccess": True,
                "endpointPrivateAccess": False,
                "publicAccessCidrs": ["0.0.0.0/0"] if vpc.get("endpointPublicAccess", True) else [],
                "securityGroupIds": [],
                **vpc,
                "clusterSecurityGroupId": group_id,
                "vpcId": vpc_id,
            },
            "kubernetesNetworkConfig": self._services(place, vpc_id, family),
            "logging": _logging(given.get("logging")),
            "identity": {"oidc": {"issuer": f"https://oidc.eks.{place.region}.amazonaws.com/id/{identifier}"}},
            "status": "ACTIVE",
            "certificateAuthority": {"data": authority},
            "platformVersion": "eks.1",
            "tags": given.get("tags", {}),
            "encryptionConfig": given.get("encryption_config", []),
            "health": {"issues": []},
            "accessConfig": {**access, **given.get("access_config", {})},
            "upgradePolicy": {"supportType": "EXTENDED", **given.get("upgrade_policy", {})},
            "zonalShiftConfig": {"enabled": False, **given.get("zonal_shift_config", {})},
            "deletionProtection": given.get("deletion_protection", False),
        }
        self._interfaces(cluster, "control-plane", vpc["subnetIds"], [group_id, *vpc.get("securityGroupIds", [])])
        self.clusters.add(cluster)
        return {"cluster": cluster.data}

    def describe_cluster(self, place: Place, **given: Any) -> dict[str, Any]:
        """A cluster as it was asked for."""
        return {"cluster": self.clusters.get(place, given["name"]).data}

    def list_clusters(self, place: Place, **_given: Any) -> dict[str, Any]:
        """The names of the clusters."""
        return {"clusters": [cluster.name for cluster in self.clusters.here(place)]}

    def delete_cluster(self, place: Place, **given: Any) -> dict[str, Any]:
        """Deletes a control plane that nothing stands on."""
        cluster = self.clusters.get(place, given["name"])
        if cluster.data["deletionProtection"]:
            raise bad_request(
                f"Cluster {cluster.name} has deletion protection enabled: disable it to delete the cluster"
            )
        for kind, parts in (("nodegroups", cluster.node_groups), ("Fargate profiles", cluster.fargate_profiles)):
            if parts:
                raise in_use(f"Cluster has {kind} attached: {', '.join(parts)}")
        for owner in list(cluster.interfaces):
            self._drop_interfaces(cluster, owner)
        self.around.delete_security_group(place, cluster.data["resourcesVpcConfig"]["clusterSecurityGroupId"])
        self.kubernetes.close(place.account, place.region, cluster.name)
        self.clusters.remove(cluster)
        return {"cluster": {**cluster.data, "status": "DELETING"}}

    def update_cluster_config(self, place: Place, **given: Any) -> dict[str, Any]:
        """Changes one kind of setting at a time, as EKS does."""
        cluster = self.clusters.get(place, given.pop("name"))
        given.pop("client_request_token", None)
        if len(given) != 1:
            raise bad_request(f"Only one type of update can be allowed, not {', '.join(sorted(given)) or 'none'}")
        ((what, value),) = given.items()
        if what == "resources_vpc_config":
            self._update_network(cluster, value)
            return {"update": cluster.updated("VpcConfigUpdate", {})}
        if what == "access_config":
            mode = value.get("authenticationMode", cluster.mode)
            refuse(rules.mode_problem(cluster.mode, mode))
            cluster.data["accessConfig"]["authenticationMode"] = mode
            return {"update": cluster.updated("AccessConfigUpdate", {"AuthenticationMode": mode})}
        if what == "logging":
            cluster.data["logging"] = _logging(value)
            return {"update": cluster.updated("LoggingUpdate", {})}
        known = {
            "deletion_protection": "deletionProtection",
            "upgrade_policy": "upgradePolicy",
            "zonal_shift_config": "zonalShiftConfig",
        }
        if what not in known:
            raise bad_request(f"the local AWS cannot update {what}")
        cluster.data[known[what]] = value
        return {"update": cluster.updated("ConfigUpdate", {})}

    def update_cluster_version(self, place: Place, **given: Any) -> dict[str, Any]:
        """Raises the Kubernetes minor by one."""
        cluster, version = self.clusters.get(place, given["name"]), given["version"]
        refuse(rules.version_problem(cluster.data["version"], version))
        cluster.data["version"] = version
        return {"update": cluster.updated("VersionUpdate", {"Version": version})}

    def describe_update(self, place: Place, **given: Any) -> dict[str, Any]:
        """An update, always done."""
        return {"update": self.clusters.get(place, given["name"]).part("updates", given["update_id"])}

    def list_updates(self, place: Place, **given: Any) -> dict[str, Any]:
        """The ids of the updates of a cluster."""
        return {"updateIds": list(self.clusters.get(place, given["name"]).updates)}

    def _update_network(self, cluster: Cluster, wanted: dict[str, Any]) -> None:
        current = cluster.data["resourcesVpcConfig"]
        merged = {**current, **wanted}
        refuse(rules.endpoint_problem(merged))
        if set(merged["subnetIds"]) != set(current["subnetIds"]):
            before = self.around.subnets(cluster.place, current["subnetIds"])
            fresh = [s for s in merged["subnetIds"] if s not in current["subnetIds"]]
            after = self.around.subnets(cluster.place, merged["subnetIds"])
            if {subnet["VpcId"] for subnet in after} != {current["vpcId"]}:
                raise bad_parameter(f"Subnets must be in the VPC of the cluster, {current['vpcId']}")
            zones = [{subnet["AvailabilityZone"] for subnet in subnets} for subnets in (before, after)]
            refuse(rules.zone_change_problem(*zones))
            refuse(network_rules.addresses_problem([s for s in after if s["SubnetId"] in fresh]))
            family = {"ipFamily": cluster.family}
            refuse(network_rules.family_problem(family, self.around.vpc(cluster.place, current["vpcId"]), after))
        self.around.check_security_groups(cluster.place, merged["securityGroupIds"], current["vpcId"])
        cluster.data["resourcesVpcConfig"] = merged
        self._drop_interfaces(cluster, "control-plane")
        groups = [current["clusterSecurityGroupId"], *merged["securityGroupIds"]]
        self._interfaces(cluster, "control-plane", merged["subnetIds"], groups)

    def _check_network(self, place: Place, name: str, family: dict[str, Any], subnets: list[dict[str, Any]]) -> None:
        problem = network_rules.zone_problem(name, subnets, self.around.zones(place))
        if problem is not None:
            raise unsupported_zone(problem)
        refuse(network_rules.addresses_problem(subnets))
        refuse(network_rules.family_problem(family, self.around.vpc(place, subnets[0]["VpcId"]), subnets))

    def _services(self, place: Place, vpc_id: str, family: dict[str, Any]) -> dict[str, Any]:
        """The range of the services: chosen by EKS for IPv6, and for IPv4 if none was given."""
        if family.get("ipFamily") == "ipv6":
            unique = uuid.uuid4().hex
            return {**family, "serviceIpv6Cidr": f"fd{unique[:2]}:{unique[2:6]}:{unique[6:10]}::/108"}
        chosen = network_rules.default_service_range(self.around.vpc(place, vpc_id))
        return {"serviceIpv4Cidr": chosen, "ipFamily": "ipv4", **family}


def _logging(given: dict[str, Any] | None) -> dict[str, Any]:
    types = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    on = [t for setup in (given or {}).get("clusterLogging", []) if setup.get("enabled") for t in setup["types"]]
    off = [kind for kind in types if kind not in on]
    parts = [{"types": on, "enabled": True}, {"types": off, "enabled": False}]
    return {"clusterLogging": [part for part in parts if part["types"]]}
