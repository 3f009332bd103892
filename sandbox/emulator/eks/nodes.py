"""Node groups and Fargate profiles."""

from __future__ import annotations

import uuid
from typing import Any

from ..accounts import Place
from . import network_rules, rules
from .access import NODE_USER, Access
from .clusters import bad_parameter, in_use, now, refuse


class Nodes(Access):
    """The operations on what nodes come from."""

    def create_nodegroup(self, place: Place, **given: Any) -> dict[str, Any]:
        """A node group; its role gets an access entry by itself."""
        cluster, name = self.clusters.get(place, given["cluster_name"]), given["nodegroup_name"]
        if name in cluster.node_groups:
            raise in_use(f"NodeGroup already exists with name {name} and cluster name {cluster.name}")
        if len(name) > 63:
            raise bad_parameter(f"The nodegroup name can't be longer than 63 characters, not {len(name)}")
        scaling = {"minSize": 1, "maxSize": 2, "desiredSize": 2, **given.get("scaling_config", {})}
        refuse(rules.scaling_problem(scaling))
        version = given.get("version", cluster.data["version"])
        refuse(rules.node_version_problem(cluster.data["version"], version))
        self.around.check_role(place, given["node_role"], "ec2")
        subnets = self.around.subnets(place, given["subnets"])
        strangers = [s["SubnetId"] for s in subnets if s["VpcId"] != cluster.data["resourcesVpcConfig"]["vpcId"]]
        if strangers:
            raise bad_parameter(f"Subnets {', '.join(strangers)} are not in the VPC of the cluster")
        refuse(network_rules.node_subnets_problem(name, cluster.family, subnets))
        self._check_launch_template(place, given)
        group = {
            "nodegroupName": name,
            "nodegroupArn": cluster.arn("nodegroup", name, str(uuid.uuid4())),
            "clusterName": cluster.name,
            "version": version,
            "releaseVersion": given.get("release_version"),
            "createdAt": now(),
            "modifiedAt": now(),
            "status": "ACTIVE",
            "capacityType": given.get("capacity_type", "ON_DEMAND"),
            "scalingConfig": scaling,
            "instanceTypes": given.get("instance_types", [] if "launch_template" in given else ["t3.medium"]),
            "subnets": given["subnets"],
            "remoteAccess": given.get("remote_access"),
            "amiType": given.get("ami_type", "AL2023_x86_64_STANDARD"),
            "nodeRole": given["node_role"],
            "labels": given.get("labels", {}),
            "taints": given.get("taints", []),
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{uuid.uuid4()}"}]},
            "diskSize": None if "launch_template" in given else given.get("disk_size", 20),
            "health": {"issues": []},
            "updateConfig": given.get("update_config", {"maxUnavailable": 1}),
            "nodeRepairConfig": given.get("node_repair_config"),
            "launchTemplate": given.get("launch_template"),
            "tags": given.get("tags", {}),
        }
        cluster.node_groups[name] = {key: value for key, value in group.items() if value is not None}
        self._interfaces(cluster, f"nodegroup {name}", given["subnets"], [])
        self._own_entry(cluster, given["node_role"], "EC2_LINUX", NODE_USER)
        return {"nodegroup": cluster.node_groups[name]}

    def describe_nodegroup(self, place: Place, **given: Any) -> dict[str, Any]:
        """A node group as it was asked for."""
        cluster = self.clusters.get(place, given["cluster_name"])
        return {"nodegroup": cluster.part("node_groups", given["nodegroup_name"])}

    def list_nodegroups(self, place: Place, **given: Any) -> dict[str, Any]:
        """The names of the node groups."""
        return {"nodegroups": list(self.clusters.get(place, given["cluster_name"]).node_groups)}

    def update_nodegroup_config(self, place: Place, **given: Any) -> dict[str, Any]:
        """Scaling, labels, taints, how updates go."""
        cluster = self.clusters.get(place, given["cluster_name"])
        group = cluster.part("node_groups", given["nodegroup_name"])
        scaling = {**group["scalingConfig"], **given.get("scaling_config", {})}
        refuse(rules.scaling_problem(scaling))
        group["scalingConfig"] = scaling
        labels = given.get("labels", {})
        group["labels"] = {**group["labels"], **labels.get("addOrUpdateLabels", {})}
        for key in labels.get("removeLabels", []):
            group["labels"].pop(key, None)
        taints = given.get("taints", {})
        dropped = [(taint["key"], taint["effect"]) for taint in taints.get("removeTaints", [])]
        added = taints.get("addOrUpdateTaints", [])
        dropped += [(taint["key"], taint["effect"]) for taint in added]
        group["taints"] = [t for t in group["taints"] if (t["key"], t["effect"]) not in dropped] + added
        if "update_config" in given:
            group["updateConfig"] = given["update_config"]
        if "node_repair_config" in given:
            group["nodeRepairConfig"] = given["node_repair_config"]
        group["modifiedAt"] = now()
        return {"update": cluster.updated("ConfigUpdate", {})}

    def update_nodegroup_version(self, place: Place, **given: Any) -> dict[str, Any]:
        """Another version of Kubernetes, of the AMI or of the launch template: the nodes are replaced."""
        cluster = self.clusters.get(place, given["cluster_name"])
        group = cluster.part("node_groups", given["nodegroup_name"])
        version = given.get("version", group["version"])
        refuse(rules.node_version_problem(cluster.data["version"], version))
        if "launch_template" in given:
            if "launchTemplate" not in group:
                raise bad_parameter("You cannot specify a launch template for a node group that was made without one.")
            data = self.around.launch_template_data(place, given["launch_template"])
            refuse(rules.launch_template_problem({}, data))
            group["launchTemplate"] = given["launch_template"]
        group["version"] = version
        if "release_version" in given:
            group["releaseVersion"] = given["release_version"]
        group["modifiedAt"] = now()
        return {"update": cluster.updated("VersionUpdate", {"Version": version})}

    def delete_nodegroup(self, place: Place, **given: Any) -> dict[str, Any]:
        """Deletes a node group, and the access entry of its role when no other needs it."""
        cluster = self.clusters.get(place, given["cluster_name"])
        group = cluster.part("node_groups", given["nodegroup_name"])
        del cluster.node_groups[group["nodegroupName"]]
        self._drop_interfaces(cluster, f"nodegroup {group['nodegroupName']}")
        if all(other["nodeRole"] != group["nodeRole"] for other in cluster.node_groups.values()):
            self._drop_entry(cluster, group["nodeRole"])
        return {"nodegroup": {**group, "status": "DELETING"}}

    def _check_launch_template(self, place: Place, given: dict[str, Any]) -> None:
        if "launch_template" not in given:
            return
        names = {"disk_size": "diskSize", "remote_access": "remoteAccess", "instance_types": "instanceTypes"}
        request = {name: given[key] for key, name in {**names, "ami_type": "amiType"}.items() if key in given}
        data = self.around.launch_template_data(place, given["launch_template"])
        refuse(rules.launch_template_problem(request, data))

    def create_fargate_profile(self, place: Place, **given: Any) -> dict[str, Any]:
        """A Fargate profile in private subnets."""
        cluster, name = self.clusters.get(place, given["cluster_name"]), given["fargate_profile_name"]
        if name in cluster.fargate_profiles:
            raise in_use(f"FargateProfile already exists with name {name} and cluster name {cluster.name}")
        refuse(rules.fargate_problem(name, given.get("selectors", [])))
        self.around.check_role(place, given["pod_execution_role_arn"], "eks-fargate-pods")
        ids = given.get("subnets") or cluster.data["resourcesVpcConfig"]["subnetIds"]
        for subnet in self.around.subnets(place, ids):
            if self.around.public(place, subnet):
                raise bad_parameter(
                    f"Subnet {subnet['SubnetId']} provided in Fargate Profile is not a private subnet: it has a direct route to an internet gateway"
                )
        cluster.fargate_profiles[name] = {
            "fargateProfileName": name,
            "fargateProfileArn": cluster.arn("fargateprofile", name, str(uuid.uuid4())),
            "clusterName": cluster.name,
            "createdAt": now(),
            "podExecutionRoleArn": given["pod_execution_role_arn"],
            "subnets": ids,
            "selectors": given["selectors"],
            "status": "ACTIVE",
            "tags": given.get("tags", {}),
            "health": {"issues": []},
        }
        self._own_entry(cluster, given["pod_execution_role_arn"], "FARGATE_LINUX", "system:node:{{SessionName}}")
        return {"fargateProfile": cluster.fargate_profiles[name]}

    def describe_fargate_profile(self, place: Place, **given: Any) -> dict[str, Any]:
        """A Fargate profile as it was asked for."""
        cluster = self.clusters.get(place, given["cluster_name"])
        return {"fargateProfile": cluster.part("fargate_profiles", given["fargate_profile_name"])}

    def list_fargate_profiles(self, place: Place, **given: Any) -> dict[str, Any]:
        """The names of the Fargate profiles."""
        return {"fargateProfileNames": list(self.clusters.get(place, given["cluster_name"]).fargate_profiles)}

    def delete_fargate_profile(self, place: Place, **given: Any) -> dict[str, Any]:
        """Deletes a Fargate profile, and the access entry of its role when no other needs it."""
        cluster = self.clusters.get(place, given["cluster_name"])
        profile = cluster.part("fargate_profiles", given["fargate_profile_name"])
        del cluster.fargate_profiles[profile["fargateProfileName"]]
        role = profile["podExecutionRoleArn"]
        if all(other["podExecutionRoleArn"] != role for other in cluster.fargate_profiles.values()):
            self._drop_entry(cluster, role)
        return {"fargateProfile": {**profile, "status": "DELETING"}}
