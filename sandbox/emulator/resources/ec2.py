"""Security groups and launch templates, and what every type of EC2 needs."""

from __future__ import annotations

from typing import Any

from .handler import Handler, HandlerError, Made, Properties, Task, tag_changes


def tag_specification(kind: str, properties: Properties) -> list[dict[str, Any]]:
    """The Tags of a resource as the EC2 API wants them."""
    return [{"ResourceType": kind, "Tags": properties["Tags"]}] if properties.get("Tags") else []


def retag(task: Task, resource_id: str, old: Properties, new: Properties) -> None:
    """Sets and takes away tags that differ."""
    put, gone = tag_changes(old, new)
    if put:
        task.client("ec2").create_tags(Resources=[resource_id], Tags=put)
    if gone:
        task.client("ec2").delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in gone])


def without(properties: Properties, *keys: str) -> Properties:
    """Properties but for some."""
    return {key: value for key, value in properties.items() if key not in keys}


class SecurityGroup(Handler):
    """AWS::EC2::SecurityGroup."""

    type = "AWS::EC2::SecurityGroup"

    def create(self, task: Task, properties: Properties) -> Made:
        ec2 = task.client("ec2")
        group_id = ec2.create_security_group(
            GroupName=properties.get("GroupName", task.name(255)),
            Description=properties["GroupDescription"],
            VpcId=properties["VpcId"],
            TagSpecifications=tag_specification("security-group", properties),
        )["GroupId"]
        if "SecurityGroupEgress" in properties:  # instead of the rule that lets everything out
            ec2.revoke_security_group_egress(
                GroupId=group_id, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
            )
        self._authorize(ec2, group_id, properties)
        return Made(group_id, {"GroupId": group_id, "Id": group_id, "VpcId": properties["VpcId"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "SecurityGroupIngress", "SecurityGroupEgress", "Tags")
        ec2 = task.client("ec2")
        for rule in old.get("SecurityGroupIngress", []):
            ec2.revoke_security_group_ingress(GroupId=physical_id, IpPermissions=[permission(rule)])
        for rule in old.get("SecurityGroupEgress", []):
            ec2.revoke_security_group_egress(GroupId=physical_id, IpPermissions=[permission(rule)])
        self._authorize(ec2, physical_id, new)
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        ec2 = task.client("ec2")
        used = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [physical_id]}])
        functions = task.client("lambda").list_functions()["Functions"]
        users = [interface["NetworkInterfaceId"] for interface in used["NetworkInterfaces"]]
        users += [
            f["FunctionName"] for f in functions if physical_id in f.get("VpcConfig", {}).get("SecurityGroupIds", [])
        ]
        if users:
            raise HandlerError(
                f"resource {physical_id} has a dependent object: {', '.join(users)} (DependencyViolation)"
            )
        ec2.delete_security_group(GroupId=physical_id)

    def _authorize(self, ec2: Any, group_id: str, properties: Properties) -> None:
        for rule in properties.get("SecurityGroupIngress", []):
            ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission(rule)])
        for rule in properties.get("SecurityGroupEgress", []):
            ec2.authorize_security_group_egress(GroupId=group_id, IpPermissions=[permission(rule)])


class SecurityGroupIngress(Handler):
    """AWS::EC2::SecurityGroupIngress."""

    type = "AWS::EC2::SecurityGroupIngress"
    direction = "ingress"

    def create(self, task: Task, properties: Properties) -> Made:
        authorize = getattr(task.client("ec2"), f"authorize_security_group_{self.direction}")
        rules = authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])["SecurityGroupRules"]
        rule_id = rules[0]["SecurityGroupRuleId"]
        return Made(rule_id, {"Id": rule_id})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        revoke = getattr(task.client("ec2"), f"revoke_security_group_{self.direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])


class SecurityGroupEgress(SecurityGroupIngress):
    """AWS::EC2::SecurityGroupEgress."""

    type = "AWS::EC2::SecurityGroupEgress"
    direction = "egress"


class LaunchTemplate(Handler):
    """AWS::EC2::LaunchTemplate: a change makes another version of it."""

    type = "AWS::EC2::LaunchTemplate"
    late_attributes = frozenset({"LatestVersionNumber"})

    def create(self, task: Task, properties: Properties) -> Made:
        template = task.client("ec2").create_launch_template(
            LaunchTemplateName=properties.get("LaunchTemplateName", task.name(128)),
            LaunchTemplateData=properties["LaunchTemplateData"],
            TagSpecifications=properties.get("TagSpecifications", []),
        )["LaunchTemplate"]
        template_id = template["LaunchTemplateId"]
        return Made(
            template_id, {"LaunchTemplateId": template_id, "LatestVersionNumber": "1", "DefaultVersionNumber": "1"}
        )

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "LaunchTemplateData", "VersionDescription")
        version = task.client("ec2").create_launch_template_version(
            LaunchTemplateId=physical_id, LaunchTemplateData=new["LaunchTemplateData"]
        )["LaunchTemplateVersion"]
        return Made(physical_id, {"LatestVersionNumber": str(version["VersionNumber"])})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").delete_launch_template(LaunchTemplateId=physical_id)


def permission(rule: Properties) -> dict[str, Any]:
    """A rule of a security group as the EC2 API wants it."""
    described = {"Description": rule["Description"]} if "Description" in rule else {}
    result = {key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in rule}
    group = next((rule[key] for key in ("SourceSecurityGroupId", "DestinationSecurityGroupId") if key in rule), None)
    prefix = next((rule[key] for key in ("SourcePrefixListId", "DestinationPrefixListId") if key in rule), None)
    if "CidrIp" in rule:
        result["IpRanges"] = [{"CidrIp": rule["CidrIp"], **described}]
    if "CidrIpv6" in rule:
        result["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **described}]
    if group is not None:
        result["UserIdGroupPairs"] = [{"GroupId": group, **described}]
    if prefix is not None:
        result["PrefixListIds"] = [{"PrefixListId": prefix, **described}]
    return result


HANDLERS: list[type[Handler]] = [SecurityGroup, SecurityGroupIngress, SecurityGroupEgress, LaunchTemplate]
