"""The API of EKS. Everything is done at once: what is made is ACTIVE when the answer is given."""

from __future__ import annotations

import time
import uuid
from typing import Any

from ..accounts import Clients, Place
from ..kubernetes import KubernetesApis
from ..service import Service
from . import rules
from .clusters import Cluster, Clusters, bad_parameter, bad_request, in_use, now, partition
from .networks import Surroundings

_NODE_USER = "system:node:{{EC2PrivateDNSName}}"


class Eks(Service):
    """Clusters and what belongs to them."""

    name = "eks"
    invalid_input = "InvalidParameterException"

    def __init__(self, clients: Clients, clusters: Clusters, kubernetes: KubernetesApis) -> None:
        super().__init__()
        self.clusters, self.kubernetes = clusters, kubernetes
        self.around = Surroundings(clients)

    def _call(self, *arguments: Any) -> Any:
        with self.clusters.lock:
            return super()._call(*arguments)

    # clusters

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
            "kubernetesNetworkConfig": {
                "serviceIpv4Cidr": "10.100.0.0/16",
                "ipFamily": "ipv4",
                **given.get("kubernetes_network_config", {}),
            },
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
            after = self.around.subnets(cluster.place, merged["subnetIds"])
            if {subnet["VpcId"] for subnet in after} != {current["vpcId"]}:
                raise bad_parameter(f"Subnets must be in the VPC of the cluster, {current['vpcId']}")
            zones = [{subnet["AvailabilityZone"] for subnet in subnets} for subnets in (before, after)]
            refuse(rules.zone_change_problem(*zones))
        self.around.check_security_groups(cluster.place, merged["securityGroupIds"], current["vpcId"])
        cluster.data["resourcesVpcConfig"] = merged
        self._drop_interfaces(cluster, "control-plane")
        groups = [current["clusterSecurityGroupId"], *merged["securityGroupIds"]]
        self._interfaces(cluster, "control-plane", merged["subnetIds"], groups)

    def _interfaces(self, cluster: Cluster, owner: str, subnet_ids: list[str], groups: list[str]) -> None:
        made = self.around.make_interfaces(cluster.place, subnet_ids, groups, f"Amazon EKS {cluster.name} {owner}")
        cluster.interfaces[owner] = made

    def _drop_interfaces(self, cluster: Cluster, owner: str) -> None:
        self.around.delete_interfaces(cluster.place, cluster.interfaces.pop(owner, []))

    # node groups

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
        self._own_entry(cluster, given["node_role"], "EC2_LINUX", _NODE_USER)
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

    # Fargate profiles

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

    # add-ons

    def create_addon(self, place: Place, **given: Any) -> dict[str, Any]:
        """An add-on with the configuration and the pod identities asked for."""
        cluster, name = self.clusters.get(place, given["cluster_name"]), given["addon_name"]
        if name in cluster.addons:
            raise in_use(f"Addon already exists with name {name} and cluster name {cluster.name}")
        configuration = given.get("configuration_values")
        refuse(None if configuration is None else rules.configuration_problem(configuration))
        cluster.addons[name] = {
            "addonName": name,
            "clusterName": cluster.name,
            "status": "ACTIVE",
            "addonVersion": given.get("addon_version", "v1.0.0-eksbuild.1"),
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
        if "configuration_values" in given:
            refuse(rules.configuration_problem(given["configuration_values"]))
            addon["configurationValues"] = given["configuration_values"]
        if "addon_version" in given:
            addon["addonVersion"] = given["addon_version"]
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

    # access entries

    def create_access_entry(self, place: Place, **given: Any) -> dict[str, Any]:
        """Lets a role or a user in."""
        cluster, principal = self.clusters.get(place, given["cluster_name"]), given["principal_arn"]
        if principal in cluster.entries:
            raise in_use(f"The specified access entry resource is already in use on this cluster: {principal}")
        kind, groups = given.get("type", "STANDARD"), given.get("kubernetes_groups", [])
        problem = rules.entry_problem(principal, kind, groups, given.get("username"), cluster.mode)
        if problem is not None:
            raise bad_request(problem) if cluster.mode == "CONFIG_MAP" else bad_parameter(problem)
        username = given.get("username") or (_NODE_USER if kind.startswith("EC2") else _username(principal))
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

    # pod identity

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

    # tags

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


def refuse(problem: str | None) -> None:
    """Refuses a value for the reason given, if there is one."""
    if problem is not None:
        raise bad_parameter(problem)


def _username(principal: str) -> str:
    """What EKS calls somebody by default: a user by ARN, a role by its sessions."""
    if ":role/" not in principal:
        return principal
    account, name = principal.split(":")[4], principal.rpartition("/")[2]
    return f"{principal.split(':iam:', maxsplit=1)[0]}:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"


def _logging(given: dict[str, Any] | None) -> dict[str, Any]:
    types = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    on = [t for setup in (given or {}).get("clusterLogging", []) if setup.get("enabled") for t in setup["types"]]
    off = [kind for kind in types if kind not in on]
    parts = [{"types": on, "enabled": True}, {"types": off, "enabled": False}]
    return {"clusterLogging": [part for part in parts if part["types"]]}
