"""Canaries of EKS: what it refuses, what it makes by itself, and that it describes what was asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import ACCOUNT, REGION, Emulator, Stack, refusal

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def role(service: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}


def subnet(number: int, zone: str) -> dict[str, Any]:
    where = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": f"10.0.{number}.0/24", "AvailabilityZone": f"{REGION}{zone}"}
    return {"Type": "AWS::EC2::Subnet", "Properties": where}


NETWORK = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "A": subnet(0, "a"),
    "C": subnet(1, "c"),
    "C2": subnet(2, "c"),
    "D": subnet(3, "d"),
    "Public": subnet(4, "a"),
    "Gateway": {"Type": "AWS::EC2::InternetGateway"},
    "Attached": {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}},
    },
    "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "Route": {
        "Type": "AWS::EC2::Route",
        "DependsOn": "Attached",
        "Properties": {
            "RouteTableId": {"Ref": "Table"},
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": {"Ref": "Gateway"},
        },
    },
    "Association": {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": {"RouteTableId": {"Ref": "Table"}, "SubnetId": {"Ref": "Public"}},
    },
    "ClusterRole": role("eks"),
    "NodeRole": role("ec2"),
    "FargateRole": role("eks-fargate-pods"),
    "PodRole": role("pods.eks"),
    "Launch": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {"LaunchTemplateData": {"InstanceType": "m7g.large", "ImageId": "ami-1"}},
    },
}


class Ground:
    """A network with roles, to stand clusters on."""

    def __init__(self, emulator: Emulator, name: str = "ground") -> None:
        self.emulator, self.eks = emulator, emulator.client("eks")
        self.stack = stack = Stack(emulator, name)
        assert stack.deploy(NETWORK) == "CREATE_COMPLETE", stack.reason()
        found = stack.cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        self.ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found}
        self.vpc_id = self.ids["Vpc"]

    def arn(self, role_name: str) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/{self.ids[role_name]}"

    def subnets(self, *names: str) -> list[str]:
        return [self.ids[name] for name in names]

    def cluster_request(self, **changes: Any) -> dict[str, Any]:
        return {
            "name": f"c{uuid.uuid4().hex[:8]}",
            "version": "1.34",
            "roleArn": self.arn("ClusterRole"),
            "resourcesVpcConfig": {"subnetIds": self.subnets("A", "C")},
            "accessConfig": {
                "authenticationMode": "API_AND_CONFIG_MAP",
                "bootstrapClusterCreatorAdminPermissions": False,
            },
            **changes,
        }

    def cluster(self, **changes: Any) -> str:
        return str(self.eks.create_cluster(**self.cluster_request(**changes))["cluster"]["name"])

    def group_request(self, cluster: str, **changes: Any) -> dict[str, Any]:
        given = {
            "clusterName": cluster,
            "nodegroupName": "system",
            "nodeRole": self.arn("NodeRole"),
            "subnets": self.subnets("A", "C"),
            **changes,
        }
        return {key: value for key, value in given.items() if value is not None}


@pytest.fixture(scope="module")
def ground(emulator: Emulator) -> Iterator[Ground]:
    yield Ground(emulator)


@pytest.fixture(scope="module")
def shared(ground: Ground) -> str:
    """A cluster for what is refused: nothing ever changes it."""
    return ground.cluster(name="shared")


CREATE = [
    ("one zone", lambda g: {"resourcesVpcConfig": {"subnetIds": g.subnets("C", "C2")}}, "at least two different AZs"),
    (
        "no such subnet",
        lambda g: {"resourcesVpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]}},
        "subnet ID is invalid",
    ),
    (
        "no endpoint",
        lambda g: {
            "resourcesVpcConfig": {
                "subnetIds": g.subnets("A", "C"),
                "endpointPublicAccess": False,
                "endpointPrivateAccess": False,
            }
        },
        "cannot both be disabled",
    ),
    (
        "nested enum",
        lambda g: {"accessConfig": {"authenticationMode": "NOPE"}},
        "accessConfig.authenticationMode must be one of",
    ),
    (
        "deep enum",
        lambda g: {"logging": {"clusterLogging": [{"types": ["nope"], "enabled": True}]}},
        "logging.clusterLogging[0].types[0] must be one of",
    ),
    ("bad name", lambda g: {"name": "-x"}, "name must match"),
    ("long name", lambda g: {"name": "x" * 101}, "the length of name must be at most 100"),
    ("the name taken", lambda g: {"name": "shared"}, "Cluster already exists with name: shared"),
    ("no such role", lambda g: {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/none"}, "does not exist"),
    ("a role for something else", lambda g: {"roleArn": g.arn("NodeRole")}, "could not be assumed"),
    (
        "no such key",
        lambda g: {
            "encryptionConfig": [
                {"resources": ["secrets"], "provider": {"keyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/none"}}
            ]
        },
        "keyArn",
    ),
    (
        "no such security group",
        lambda g: {"resourcesVpcConfig": {"subnetIds": g.subnets("A", "C"), "securityGroupIds": ["sg-1"]}},
        "sg-1",
    ),
]


@pytest.mark.parametrize(("changes", "message"), [row[1:] for row in CREATE], ids=[row[0] for row in CREATE])
def test_a_cluster_that_cannot_be_is_refused(ground: Ground, shared: str, changes: Any, message: str) -> None:
    assert message in refusal(ground.eks.create_cluster, **ground.cluster_request(**changes(ground)))


UPDATE = [
    (
        "other zones",
        lambda g: {"resourcesVpcConfig": {"subnetIds": g.subnets("A", "D")}},
        "same set of availability zones",
    ),
    ("fewer zones", lambda g: {"resourcesVpcConfig": {"subnetIds": g.subnets("A")}}, "same set of availability zones"),
    (
        "more zones",
        lambda g: {"resourcesVpcConfig": {"subnetIds": g.subnets("A", "C", "D")}},
        "same set of availability",
    ),
    (
        "a mode back",
        lambda g: {"accessConfig": {"authenticationMode": "CONFIG_MAP"}},
        "Unsupported authentication mode",
    ),
    (
        "two at once",
        lambda g: {"deletionProtection": True, "logging": {"clusterLogging": []}},
        "Only one type of update",
    ),
]


@pytest.mark.parametrize(("changes", "message"), [row[1:] for row in UPDATE], ids=[row[0] for row in UPDATE])
def test_an_update_that_cannot_be_is_refused(ground: Ground, shared: str, changes: Any, message: str) -> None:
    before = ground.eks.describe_cluster(name=shared)["cluster"]
    assert message in refusal(ground.eks.update_cluster_config, name=shared, **changes(ground))
    assert ground.eks.describe_cluster(name=shared)["cluster"] == before


@pytest.mark.parametrize("version", ["1.33", "1.36", "2.0", "latest"])
def test_versions_go_up_one_minor_at_a_time(ground: Ground, shared: str, version: str) -> None:
    message = refusal(ground.eks.update_cluster_version, name=shared, version=version)
    assert "nsupported Kubernetes" in message


def test_what_may_change_changes(ground: Ground) -> None:
    eks, name = ground.eks, ground.cluster()
    eks.update_cluster_config(name=name, resourcesVpcConfig={"subnetIds": ground.subnets("A", "C2")})
    eks.update_cluster_config(name=name, accessConfig={"authenticationMode": "API"})
    eks.update_cluster_version(name=name, version="1.35")
    cluster = eks.describe_cluster(name=name)["cluster"]
    assert cluster["resourcesVpcConfig"]["subnetIds"] == ground.subnets("A", "C2")
    assert (cluster["version"], cluster["accessConfig"]["authenticationMode"]) == ("1.35", "API")
    eks.delete_cluster(name=name)


def test_deletion_protection_is_honoured(ground: Ground) -> None:
    name = ground.cluster(deletionProtection=True)
    assert "deletion protection" in refusal(ground.eks.delete_cluster, name=name)
    ground.eks.update_cluster_config(name=name, deletionProtection=False)
    ground.eks.delete_cluster(name=name)


def test_a_cluster_that_nodes_stand_on_is_not_deleted(ground: Ground) -> None:
    name = ground.cluster()
    ground.eks.create_nodegroup(**ground.group_request(name))
    assert "Cluster has nodegroups attached: system" in refusal(ground.eks.delete_cluster, name=name)
    ground.eks.delete_nodegroup(clusterName=name, nodegroupName="system")
    ground.eks.delete_cluster(name=name)


def test_a_cluster_comes_and_goes_with_its_group_and_interfaces(ground: Ground) -> None:
    ec2 = ground.emulator.client("ec2")
    mine = [{"Name": "vpc-id", "Values": [ground.vpc_id]}]

    def there() -> tuple[int, int]:
        groups = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
        return len(groups), len(ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"])

    before = there()
    name = ground.cluster()
    assert there() == (before[0] + 1, before[1] + 2)
    ground.eks.delete_cluster(name=name)
    assert there() == before


GROUPS = [
    (
        "min over max",
        lambda g: {"scalingConfig": {"minSize": 3, "maxSize": 2, "desiredSize": 2}},
        "can't be greater than maximum",
    ),
    (
        "desired below min",
        lambda g: {"scalingConfig": {"minSize": 3, "maxSize": 5, "desiredSize": 2}},
        "than desired size 2",
    ),
    (
        "desired over max",
        lambda g: {"scalingConfig": {"minSize": 1, "maxSize": 5, "desiredSize": 6}},
        "than max size 5",
    ),
    ("long name", lambda g: {"nodegroupName": "x" * 64}, "63 characters"),
    ("newer than the cluster", lambda g: {"version": "1.35"}, "cannot be newer"),
    ("bad AMI type", lambda g: {"amiType": "AL3"}, "amiType must be one of"),
    (
        "bad taint effect",
        lambda g: {"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}]},
        "taints[0].effect",
    ),
    ("bad capacity", lambda g: {"capacityType": "CHEAP"}, "capacityType must be one of"),
    ("no such role", lambda g: {"nodeRole": f"arn:aws:iam::{ACCOUNT}:role/none"}, "does not exist"),
    ("no such subnet", lambda g: {"subnets": ["subnet-1"]}, "subnet ID is invalid"),
    (
        "disk beside a launch template",
        lambda g: {"launchTemplate": {"id": g.ids["Launch"]}, "diskSize": 20},
        "Disk size must be specified within",
    ),
    (
        "types twice",
        lambda g: {"launchTemplate": {"id": g.ids["Launch"]}, "instanceTypes": ["m7g.large"]},
        "both in the launch template",
    ),
    (
        "AMI type beside an image",
        lambda g: {"launchTemplate": {"id": g.ids["Launch"]}, "amiType": "AL2023_ARM_64_STANDARD"},
        "You cannot specify an AMI type other than CUSTOM",
    ),
    ("no such version", lambda g: {"launchTemplate": {"id": g.ids["Launch"], "version": "7"}}, "aunch template"),
]


@pytest.mark.parametrize(("changes", "message"), [row[1:] for row in GROUPS], ids=[row[0] for row in GROUPS])
def test_a_node_group_that_cannot_be_is_refused(ground: Ground, shared: str, changes: Any, message: str) -> None:
    assert message in refusal(ground.eks.create_nodegroup, **ground.group_request(shared, **changes(ground)))
    assert ground.eks.list_nodegroups(clusterName=shared)["nodegroups"] == []


FARGATE = [
    ("a public subnet", lambda g: {"subnets": g.subnets("Public")}, "is not a private subnet"),
    ("a reserved name", lambda g: {"fargateProfileName": "eks-x"}, "reserved prefix eks-"),
    ("six selectors", lambda g: {"selectors": [{"namespace": f"n{i}"} for i in range(6)]}, "at most 5 selectors"),
    (
        "six labels",
        lambda g: {"selectors": [{"namespace": "n", "labels": {f"k{i}": "v" for i in range(6)}}]},
        "at most 5 labels",
    ),
    ("no selector", lambda g: {"selectors": []}, "at least one selector"),
    ("a role for something else", lambda g: {"podExecutionRoleArn": g.arn("NodeRole")}, "could not be assumed"),
]


@pytest.mark.parametrize(("changes", "message"), [row[1:] for row in FARGATE], ids=[row[0] for row in FARGATE])
def test_a_fargate_profile_that_cannot_be_is_refused(ground: Ground, shared: str, changes: Any, message: str) -> None:
    request = {
        "clusterName": shared,
        "fargateProfileName": "f",
        "podExecutionRoleArn": ground.arn("FargateRole"),
        "subnets": ground.subnets("A"),
        "selectors": [{"namespace": "default"}],
        **changes(ground),
    }
    assert message in refusal(ground.eks.create_fargate_profile, **request)


ROLE = f"arn:aws:iam::{ACCOUNT}:role/x"
ENTRIES = [
    ("a session", {"principalArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/x/y"}, "not the ARN of an IAM role or user"),
    ("a group", {"principalArn": f"arn:aws:iam::{ACCOUNT}:group/x"}, "not the ARN of an IAM role or user"),
    (
        "a service-linked role",
        {"principalArn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"},
        "service-linked role",
    ),
    ("a system group", {"principalArn": ROLE, "kubernetesGroups": ["system:masters"]}, "system:masters is invalid"),
    ("groups of nodes", {"principalArn": ROLE, "type": "EC2_LINUX", "kubernetesGroups": ["a"]}, "cannot be given"),
    ("a name for nodes", {"principalArn": ROLE, "type": "EC2_LINUX", "username": "a"}, "cannot be given"),
    ("a system name", {"principalArn": ROLE, "username": "system:node:x"}, "cannot start with"),
    ("a user as nodes", {"principalArn": f"arn:aws:iam::{ACCOUNT}:user/x", "type": "EC2_LINUX"}, "needs a role"),
]


@pytest.mark.parametrize(("request_", "message"), [row[1:] for row in ENTRIES], ids=[row[0] for row in ENTRIES])
def test_an_access_entry_that_cannot_be_is_refused(ground: Ground, shared: str, request_: Any, message: str) -> None:
    assert message in refusal(ground.eks.create_access_entry, clusterName=shared, **request_)


POLICIES = [
    ("no namespaces", ADMIN, {"type": "namespace"}, "needs namespaces"),
    ("needless namespaces", ADMIN, {"type": "cluster", "namespaces": ["a"]}, "takes no namespaces"),
    (
        "another policy",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        {"type": "cluster"},
        "not that of an access policy",
    ),
    ("a wrong scope", ADMIN, {"type": "everything"}, "accessScope.type must be one of"),
]


@pytest.mark.parametrize(
    ("policy", "scope", "message"), [row[1:] for row in POLICIES], ids=[row[0] for row in POLICIES]
)
def test_a_policy_that_cannot_be_is_refused(ground: Ground, policy: str, scope: Any, message: str) -> None:
    name = ground.cluster()
    ground.eks.create_access_entry(clusterName=name, principalArn=ROLE)
    request = {"clusterName": name, "principalArn": ROLE, "policyArn": policy, "accessScope": scope}
    assert message in refusal(ground.eks.associate_access_policy, **request)
    ground.eks.delete_cluster(name=name)


def test_nodes_take_no_policies_and_nobody_comes_twice(ground: Ground) -> None:
    name = ground.cluster()
    ground.eks.create_access_entry(clusterName=name, principalArn=ROLE, type="EC2_LINUX")
    request = {"clusterName": name, "principalArn": ROLE, "policyArn": ADMIN, "accessScope": {"type": "cluster"}}
    assert "only STANDARD" in refusal(ground.eks.associate_access_policy, **request)
    assert "already in use" in refusal(ground.eks.create_access_entry, clusterName=name, principalArn=ROLE)
    ground.eks.delete_cluster(name=name)


def test_without_the_api_mode_there_are_no_entries(ground: Ground) -> None:
    name = ground.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    message = refusal(ground.eks.create_access_entry, clusterName=name, principalArn=ROLE)
    assert "authentication mode must be set to one of [API, API_AND_CONFIG_MAP]" in message
    ground.eks.create_nodegroup(**ground.group_request(name))
    assert ground.eks.list_access_entries(clusterName=name)["accessEntries"] == []
    ground.eks.delete_nodegroup(clusterName=name, nodegroupName="system")
    ground.eks.delete_cluster(name=name)


def test_entries_are_filled_in_as_eks_does(ground: Ground) -> None:
    name = ground.cluster()
    principal = f"arn:aws:iam::{ACCOUNT}:role/team/Deployer"
    entry = ground.eks.create_access_entry(clusterName=name, principalArn=principal)["accessEntry"]
    assert entry["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deployer/{{{{SessionName}}}}"
    assert (entry["type"], entry["kubernetesGroups"]) == ("STANDARD", [])
    assert f":access-entry/{name}/role/{ACCOUNT}/Deployer/" in entry["accessEntryArn"]
    user = f"arn:aws:iam::{ACCOUNT}:user/ann"
    assert ground.eks.create_access_entry(clusterName=name, principalArn=user)["accessEntry"]["username"] == user
    ground.eks.delete_cluster(name=name)


def test_nodes_get_their_entries_by_themselves(ground: Ground) -> None:
    name, nodes, pods = ground.cluster(), ground.arn("NodeRole"), ground.arn("FargateRole")
    ground.eks.create_nodegroup(**ground.group_request(name))
    ground.eks.create_fargate_profile(
        clusterName=name,
        fargateProfileName="f",
        podExecutionRoleArn=pods,
        subnets=ground.subnets("A"),
        selectors=[{"namespace": "default"}],
    )
    entry = ground.eks.describe_access_entry(clusterName=name, principalArn=nodes)["accessEntry"]
    assert (entry["type"], entry["kubernetesGroups"]) == ("EC2_LINUX", ["system:nodes"])
    assert entry["username"] == "system:node:{{EC2PrivateDNSName}}"
    assert (
        ground.eks.describe_access_entry(clusterName=name, principalArn=pods)["accessEntry"]["type"] == "FARGATE_LINUX"
    )
    ground.eks.delete_fargate_profile(clusterName=name, fargateProfileName="f")
    ground.eks.delete_nodegroup(clusterName=name, nodegroupName="system")
    assert ground.eks.list_access_entries(clusterName=name)["accessEntries"] == []
    ground.eks.delete_cluster(name=name)


def test_an_addon_has_what_was_asked_for(ground: Ground) -> None:
    name, eks = ground.cluster(), ground.eks
    identity = {"serviceAccount": "aws-node", "roleArn": ground.arn("PodRole")}
    request = {"clusterName": name, "addonName": "vpc-cni", "addonVersion": "v1.21.1-eksbuild.1"}
    eks.create_addon(**request, configurationValues='{"env":{"A":"b"}}', podIdentityAssociations=[identity])
    addon = eks.describe_addon(clusterName=name, addonName="vpc-cni")["addon"]
    assert (addon["addonVersion"], addon["configurationValues"]) == ("v1.21.1-eksbuild.1", '{"env":{"A":"b"}}')
    listed = eks.list_pod_identity_associations(clusterName=name)["associations"]
    assert [(a["serviceAccount"], a["ownerArn"]) for a in listed] == [("aws-node", addon["addonArn"])]
    assert "already exists" in refusal(eks.create_addon, **request)
    assert "resolveConflicts must be one of" in refusal(eks.update_addon, **request, resolveConflicts="MAYBE")
    assert "is not in valid YAML or JSON format" in refusal(eks.update_addon, **request, configurationValues="{")
    assert "could not be assumed" in refusal(
        eks.create_addon,
        clusterName=name,
        addonName="other",
        podIdentityAssociations=[{**identity, "serviceAccount": "x", "roleArn": ground.arn("NodeRole")}],
    )
    eks.delete_addon(clusterName=name, addonName="vpc-cni")
    assert eks.list_pod_identity_associations(clusterName=name)["associations"] == []
    eks.delete_cluster(name=name)


def test_a_stack_tells_why_eks_refused(ground: Ground, stack: Stack) -> None:
    cluster = {
        "Type": "AWS::EKS::Cluster",
        "Properties": {
            "RoleArn": ground.arn("ClusterRole"),
            "ResourcesVpcConfig": {"SubnetIds": ground.subnets("C", "C2")},
        },
    }
    assert stack.deploy({"Cluster": cluster}) == "ROLLBACK_COMPLETE"
    assert "at least two different AZs" in stack.reason()
    assert "(InvalidParameterException)" in stack.reason()


def test_another_account_is_another_world(emulator: Emulator, ground: Ground, shared: str) -> None:
    keys = emulator.client("sts").assume_role(RoleArn="arn:aws:iam::444455556666:role/sandbox", RoleSessionName="test")[
        "Credentials"
    ]
    theirs = emulator.client(
        "eks",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    assert theirs.list_clusters()["clusters"] == []
    assert "No cluster found for name: shared." in refusal(theirs.describe_cluster, name=shared)
