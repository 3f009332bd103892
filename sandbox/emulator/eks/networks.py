"""What EKS looks at, makes and deletes in EC2 and IAM."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..accounts import Clients, Place
from .clusters import bad_parameter


class Surroundings:
    """The account around the clusters."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def subnets(self, place: Place, ids: list[str]) -> list[dict[str, Any]]:
        """The subnets; refused if one does not exist."""
        try:
            return list(self._ec2(place).describe_subnets(SubnetIds=ids)["Subnets"])
        except ClientError as error:
            raise bad_parameter(f"The subnet ID is invalid: {_message(error)}") from None

    def vpc(self, place: Place, vpc_id: str) -> dict[str, Any]:
        """A VPC with its ranges."""
        return dict(self._ec2(place).describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0])

    def zones(self, place: Place) -> list[dict[str, Any]]:
        """The zones of the region."""
        return list(self._ec2(place).describe_availability_zones()["AvailabilityZones"])

    def check_role(self, place: Place, arn: str, service: str) -> None:
        """Refuses a role that does not exist or does not trust the service."""
        name = arn.rpartition("/")[2]
        try:
            role = self._clients.get("iam", place).get_role(RoleName=name)["Role"]
        except ClientError:
            raise bad_parameter(f"The role {arn} does not exist") from None
        statements = role["AssumeRolePolicyDocument"]["Statement"]
        trusted: list[str] = []
        for statement in statements if isinstance(statements, list) else [statements]:
            named = statement.get("Principal", {}).get("Service", [])
            trusted += [named] if isinstance(named, str) else named
        if not any(principal.startswith(f"{service}.") for principal in trusted):
            raise bad_parameter(f"Role with arn: {arn}, could not be assumed because {service} is not trusted")

    def check_key(self, place: Place, arn: str) -> None:
        """Refuses a key that does not exist or is on its way out."""
        try:
            key = self._clients.get("kms", place).describe_key(KeyId=arn)["KeyMetadata"]
        except ClientError as error:
            raise bad_parameter(f"The keyArn {arn} is invalid: {_message(error)}") from None
        if key["KeyState"] != "Enabled":
            raise bad_parameter(f"The key {arn} is {key['KeyState']}")

    def check_security_groups(self, place: Place, ids: list[str], vpc_id: str) -> None:
        """Refuses security groups that do not exist or are of another VPC."""
        if not ids:
            return
        try:
            groups = self._ec2(place).describe_security_groups(GroupIds=ids)["SecurityGroups"]
        except ClientError as error:
            raise bad_parameter(_message(error)) from None
        strangers = [group["GroupId"] for group in groups if group["VpcId"] != vpc_id]
        if strangers:
            raise bad_parameter(f"Security group(s) {', '.join(strangers)} are not in the VPC {vpc_id}")

    def launch_template_data(self, place: Place, template: dict[str, Any]) -> dict[str, Any]:
        """What a launch template says; refused if there is no such version of it."""
        key = {"LaunchTemplateId": template["id"]} if "id" in template else {"LaunchTemplateName": template["name"]}
        version = str(template.get("version", "$Default"))
        try:
            found = self._ec2(place).describe_launch_template_versions(**key, Versions=[version])
        except ClientError as error:
            raise bad_parameter(f"Launch template is invalid: {_message(error)}") from None
        versions = found["LaunchTemplateVersions"]
        if not versions:
            raise bad_parameter(f"Launch template {template} has no version {version}")
        return dict(versions[0]["LaunchTemplateData"])

    def public(self, place: Place, subnet: dict[str, Any]) -> bool:
        """Whether a subnet has a route to an internet gateway."""
        ec2 = self._ec2(place)
        mine = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet["SubnetId"]]}])
        main = [{"Name": "vpc-id", "Values": [subnet["VpcId"]]}, {"Name": "association.main", "Values": ["true"]}]
        tables = mine["RouteTables"] or ec2.describe_route_tables(Filters=main)["RouteTables"]
        return any(r.get("GatewayId", "").startswith("igw-") for table in tables for r in table["Routes"])

    def make_security_group(self, place: Place, cluster: str, vpc_id: str, name: str) -> str:
        """The security group EKS makes for a cluster: its members reach each other."""
        ec2 = self._ec2(place)
        tags = [{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}, {"Key": "Name", "Value": name}]
        description = "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes"
        group_id = str(
            ec2.create_security_group(
                GroupName=name,
                Description=description,
                VpcId=vpc_id,
                TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}],
            )["GroupId"]
        )
        ec2.authorize_security_group_ingress(
            GroupId=group_id, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]}]
        )
        return group_id

    def delete_security_group(self, place: Place, group_id: str) -> None:
        """Deletes the security group of a cluster."""
        self._ec2(place).delete_security_group(GroupId=group_id)

    def make_interfaces(self, place: Place, subnet_ids: list[str], groups: list[str], description: str) -> list[str]:
        """A network interface in each subnet: what keeps a subnet from being deleted."""
        ec2 = self._ec2(place)
        made = [
            ec2.create_network_interface(SubnetId=subnet_id, Groups=groups, Description=description)
            for subnet_id in subnet_ids
        ]
        return [answer["NetworkInterface"]["NetworkInterfaceId"] for answer in made]

    def delete_interfaces(self, place: Place, ids: list[str]) -> None:
        """Deletes network interfaces."""
        for interface_id in ids:
            self._ec2(place).delete_network_interface(NetworkInterfaceId=interface_id)

    def _ec2(self, place: Place) -> Any:
        return self._clients.get("ec2", place)


def _message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", error))
