"""The resource types of EKS, through the API of EKS: what it refuses fails the resource."""

from __future__ import annotations

from typing import Any

from .handler import Handler, HandlerError, Made, Properties, Task, changed_keys

_MAPS = ("labels",)


def to_api(value: Any, key: str = "") -> Any:
    """PascalCase properties as the camelCase the API speaks; free-form maps keep their keys."""
    if isinstance(value, list):
        if key == "tags":
            return {tag["Key"]: tag["Value"] for tag in value}
        return [to_api(item, key) for item in value]
    if not isinstance(value, dict):
        return value
    if key in _MAPS:
        return dict(value)
    return {name: to_api(inner, name) for name, inner in ((k[0].lower() + k[1:], v) for k, v in value.items())}


class EksHandler(Handler):
    """What the types share: tags through one call."""

    def retag(self, task: Task, arn: str, old: Properties, new: Properties) -> None:
        """Sets and takes away tags that differ."""
        before, after = to_api(old.get("Tags", []), "tags"), to_api(new.get("Tags", []), "tags")
        put = {key: value for key, value in after.items() if before.get(key) != value}
        gone = [key for key in before if key not in after]
        if put:
            task.client("eks").tag_resource(resourceArn=arn, tags=put)
        if gone:
            task.client("eks").untag_resource(resourceArn=arn, tagKeys=gone)


class Cluster(EksHandler):
    """AWS::EKS::Cluster."""

    type = "AWS::EKS::Cluster"

    def create(self, task: Task, properties: Properties) -> Made:
        request = to_api(properties)
        request.setdefault("name", task.name(100))
        if "logging" in request:
            request["logging"] = self._logging(properties)
        cluster = task.client("eks").create_cluster(**request)["cluster"]
        keys = [encryption["provider"]["keyArn"] for encryption in cluster.get("encryptionConfig", [])]
        services = cluster["kubernetesNetworkConfig"].get("serviceIpv6Cidr")
        return Made(
            cluster["name"],
            {
                "Id": cluster["arn"],
                "Arn": cluster["arn"],
                "Endpoint": cluster["endpoint"],
                "CertificateAuthorityData": cluster["certificateAuthority"]["data"],
                "ClusterSecurityGroupId": cluster["resourcesVpcConfig"]["clusterSecurityGroupId"],
                "OpenIdConnectIssuerUrl": cluster["identity"]["oidc"]["issuer"],
                "EncryptionConfigKeyArn": keys[0] if keys else "",
                **({} if services is None else {"KubernetesNetworkConfig.ServiceIpv6Cidr": services}),
            },
        )

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        single = {
            "ResourcesVpcConfig": "resourcesVpcConfig",
            "AccessConfig": "accessConfig",
            "DeletionProtection": "deletionProtection",
            "UpgradePolicy": "upgradePolicy",
            "ZonalShiftConfig": "zonalShiftConfig",
        }
        self.only(old, new, *single, "Version", "Logging", "Tags")
        eks, changed = task.client("eks"), changed_keys(old, new)
        for name, parameter in single.items():
            if name in changed:
                default: Any = False if name == "DeletionProtection" else {}
                value = to_api(new.get(name, default), parameter)
                if name == "AccessConfig":  # the other member is for creation only
                    value = {"authenticationMode": value.get("authenticationMode", "CONFIG_MAP")}
                eks.update_cluster_config(name=physical_id, **{parameter: value})
        if "Logging" in changed:
            eks.update_cluster_config(name=physical_id, logging=self._logging(new))
        if "Version" in changed:
            if "Version" not in new:
                raise HandlerError("the version of a cluster cannot be taken away")
            eks.update_cluster_version(name=physical_id, version=new["Version"])
        self.retag(task, eks.describe_cluster(name=physical_id)["cluster"]["arn"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("eks").delete_cluster(name=physical_id)

    def _logging(self, properties: Properties) -> dict[str, Any]:
        enabled = properties.get("Logging", {}).get("ClusterLogging", {}).get("EnabledTypes", [])
        every = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
        on = [entry["Type"] for entry in enabled]
        setups = [(on, True), ([kind for kind in every if kind not in on], False)]
        return {"clusterLogging": [{"types": types, "enabled": flag} for types, flag in setups if types]}


class NodeGroup(EksHandler):
    """AWS::EKS::Nodegroup."""

    type = "AWS::EKS::Nodegroup"

    def create(self, task: Task, properties: Properties) -> Made:
        request = to_api({k: v for k, v in properties.items() if k != "ForceUpdateEnabled"})
        request.setdefault("nodegroupName", task.name(63))
        group = task.client("eks").create_nodegroup(**request)["nodegroup"]
        cluster, name = group["clusterName"], group["nodegroupName"]
        identifier = f"{cluster}/{name}"
        attributes = {"Arn": group["nodegroupArn"], "Id": identifier, "ClusterName": cluster, "NodegroupName": name}
        return Made(identifier, attributes)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        config = ("ScalingConfig", "Labels", "Taints", "UpdateConfig", "NodeRepairConfig")
        version = ("Version", "ReleaseVersion", "LaunchTemplate")
        self.only(old, new, *config, *version, "Tags", "ForceUpdateEnabled")
        eks, changed = task.client("eks"), changed_keys(old, new)
        cluster, name = physical_id.split("/")
        key = {"clusterName": cluster, "nodegroupName": name}
        if changed & set(config):
            request = {
                n[0].lower() + n[1:]: to_api(new[n], n[0].lower() + n[1:]) for n in config if n in changed & new.keys()
            }
            if "Labels" in changed:
                before, after = old.get("Labels", {}), new.get("Labels", {})
                request["labels"] = {"addOrUpdateLabels": after, "removeLabels": [k for k in before if k not in after]}
            if "Taints" in changed:
                before, after = to_api(old.get("Taints", [])), to_api(new.get("Taints", []))
                gone = [taint for taint in before if taint not in after]
                request["taints"] = {"addOrUpdateTaints": after, "removeTaints": gone}
            eks.update_nodegroup_config(**key, **request)
        if changed & set(version):
            request = {n[0].lower() + n[1:]: to_api(new[n]) for n in version if n in changed & new.keys()}
            eks.update_nodegroup_version(**key, **request)
        self.retag(task, eks.describe_nodegroup(**key)["nodegroup"]["nodegroupArn"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        cluster, name = physical_id.split("/")
        task.client("eks").delete_nodegroup(clusterName=cluster, nodegroupName=name)


class FargateProfile(EksHandler):
    """AWS::EKS::FargateProfile."""

    type = "AWS::EKS::FargateProfile"

    def create(self, task: Task, properties: Properties) -> Made:
        request = to_api({k: v for k, v in properties.items() if k != "Selectors"})
        request.setdefault("fargateProfileName", task.name(63))
        request["selectors"] = [
            {
                "namespace": selector["Namespace"],
                "labels": {label["Key"]: label["Value"] for label in selector.get("Labels", [])},
            }
            for selector in properties["Selectors"]
        ]
        profile = task.client("eks").create_fargate_profile(**request)["fargateProfile"]
        identifier = f"{profile['clusterName']}|{profile['fargateProfileName']}"
        return Made(identifier, {"Arn": profile["fargateProfileArn"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Tags")
        cluster, name = physical_id.split("|")
        profile = task.client("eks").describe_fargate_profile(clusterName=cluster, fargateProfileName=name)
        self.retag(task, profile["fargateProfile"]["fargateProfileArn"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        cluster, name = physical_id.split("|")
        task.client("eks").delete_fargate_profile(clusterName=cluster, fargateProfileName=name)


class Addon(EksHandler):
    """AWS::EKS::Addon."""

    type = "AWS::EKS::Addon"

    def create(self, task: Task, properties: Properties) -> Made:
        request = to_api({k: v for k, v in properties.items() if k != "PreserveOnDelete"})
        addon = task.client("eks").create_addon(**request)["addon"]
        return Made(f"{addon['clusterName']}|{addon['addonName']}", {"Arn": addon["addonArn"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        cluster, name = physical_id.split("|")
        eks, changed = task.client("eks"), changed_keys(old, new)
        sent = ("AddonVersion", "ConfigurationValues", "PodIdentityAssociations", "ServiceAccountRoleArn")
        self.only(old, new, *sent, "ResolveConflicts", "PreserveOnDelete", "Tags")
        if changed & set(sent):
            request = {n: new[n] for n in (*sent, "ResolveConflicts") if n in new}
            request.setdefault("ConfigurationValues", "{}")
            request.setdefault("PodIdentityAssociations", [])
            eks.update_addon(clusterName=cluster, addonName=name, **to_api(request))
        addon = eks.describe_addon(clusterName=cluster, addonName=name)["addon"]
        self.retag(task, addon["addonArn"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        cluster, name = physical_id.split("|")
        task.client("eks").delete_addon(
            clusterName=cluster, addonName=name, preserve=properties.get("PreserveOnDelete", False)
        )


class AccessEntry(EksHandler):
    """AWS::EKS::AccessEntry."""

    type = "AWS::EKS::AccessEntry"

    def create(self, task: Task, properties: Properties) -> Made:
        eks = task.client("eks")
        request = to_api({k: v for k, v in properties.items() if k != "AccessPolicies"})
        entry = eks.create_access_entry(**request)["accessEntry"]
        key = {"clusterName": entry["clusterName"], "principalArn": entry["principalArn"]}
        try:
            for policy in properties.get("AccessPolicies", []):
                eks.associate_access_policy(**key, **to_api(policy))
        except Exception:
            eks.delete_access_entry(**key)  # a resource that failed is not there
            raise
        return Made(f"{entry['principalArn']}|{entry['clusterName']}", {"AccessEntryArn": entry["accessEntryArn"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "AccessPolicies", "KubernetesGroups", "Username", "Tags")
        eks, changed = task.client("eks"), changed_keys(old, new)
        principal, cluster = physical_id.split("|")
        key = {"clusterName": cluster, "principalArn": principal}
        if changed & {"KubernetesGroups", "Username"}:
            names = {n: new[n] for n in ("Username",) if n in new}
            eks.update_access_entry(**key, kubernetesGroups=new.get("KubernetesGroups", []), **to_api(names))
        wanted = [to_api(policy) for policy in new.get("AccessPolicies", [])]
        for policy in map(to_api, old.get("AccessPolicies", [])):
            if policy["policyArn"] not in [other["policyArn"] for other in wanted]:
                eks.disassociate_access_policy(**key, policyArn=policy["policyArn"])
        for policy in wanted:
            eks.associate_access_policy(**key, **policy)
        self.retag(task, eks.describe_access_entry(**key)["accessEntry"]["accessEntryArn"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        principal, cluster = physical_id.split("|")
        task.client("eks").delete_access_entry(clusterName=cluster, principalArn=principal)


class PodIdentityAssociation(EksHandler):
    """AWS::EKS::PodIdentityAssociation."""

    type = "AWS::EKS::PodIdentityAssociation"

    def create(self, task: Task, properties: Properties) -> Made:
        made = task.client("eks").create_pod_identity_association(**to_api(properties))["association"]
        return Made(
            made["associationId"],
            {"AssociationArn": made["associationArn"], "AssociationId": made["associationId"]},
        )

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "RoleArn", "Tags")
        eks = task.client("eks")
        key = {"clusterName": new["ClusterName"], "associationId": physical_id}
        association = eks.update_pod_identity_association(**key, roleArn=new["RoleArn"])["association"]
        self.retag(task, association["associationArn"], old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("eks").delete_pod_identity_association(
            clusterName=properties["ClusterName"], associationId=physical_id
        )


HANDLERS: list[type[Handler]] = [Cluster, NodeGroup, FargateProfile, Addon, AccessEntry, PodIdentityAssociation]
