"""The network of a cluster: the family of its addresses, its service range, its subnets and zones."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from emulator.eks import network_rules

from .conftest import ACCOUNT, Emulator, Stack, refusal
from .templates import SIX, six, subnet
from .test_eks import role

GROUND = {
    **SIX,
    "A": six(0, AssignIpv6AddressOnCreation=True),
    "C": six(1, "c", AssignIpv6AddressOnCreation=True),
    "C2": six(2, "c"),
    "Four": subnet("10.0.8.0/24"),
    "Small": subnet("10.0.9.0/28"),
    "Native": six(5, CidrBlock={"Ref": "AWS::NoValue"}, Ipv6Native=True),
    "ClusterRole": role("eks"),
    "NodeRole": role("ec2"),
}


class Ground:
    """A dual-stack VPC to stand clusters in."""

    def __init__(self, emulator: Emulator) -> None:
        self.eks, self.ec2 = emulator.client("eks"), emulator.client("ec2")
        self.stack = Stack(emulator, "ground-six")
        assert self.stack.deploy(GROUND) == "CREATE_COMPLETE", self.stack.reason()
        found = self.stack.cloudformation.describe_stack_resources(StackName=self.stack.name)["StackResources"]
        self.ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found}

    def role(self, name: str = "ClusterRole") -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/{self.ids[name]}"

    def request(self, *subnets: str, **network: Any) -> dict[str, Any]:
        return {
            "name": "six",
            "roleArn": self.role(),
            "resourcesVpcConfig": {"subnetIds": [self.ids[name] for name in subnets or ("A", "C")]},
            "kubernetesNetworkConfig": network,
        }

    def resource(self, *subnets: str, **network: Any) -> dict[str, Any]:
        """A cluster of a template, without a name of its own."""
        properties = {
            "RoleArn": self.role(),
            "ResourcesVpcConfig": {"SubnetIds": [self.ids[name] for name in subnets or ("A", "C")]},
            **({"KubernetesNetworkConfig": network} if network else {}),
        }
        return {"Type": "AWS::EKS::Cluster", "Properties": properties}


@pytest.fixture(scope="module")
def ground(emulator: Emulator) -> Iterator[Ground]:
    ground = Ground(emulator)
    yield ground
    assert ground.stack.delete() == "DELETE_COMPLETE", ground.stack.reason()


class TestFamily:
    def test_an_ipv6_cluster_tells_its_service_range(self, ground: Ground, stack: Stack) -> None:
        attribute = {"Fn::GetAtt": ["Cluster", "KubernetesNetworkConfig.ServiceIpv6Cidr"]}
        template = {"Cluster": ground.resource(IpFamily="ipv6")}
        assert stack.deploy(template, {"Services": {"Value": attribute}}) == "CREATE_COMPLETE", stack.reason()
        first = stack.physical_id("Cluster")
        network = ground.eks.describe_cluster(name=first)["cluster"]["kubernetesNetworkConfig"]
        assert set(network) == {"ipFamily", "serviceIpv6Cidr"}
        assert ip_network(network["serviceIpv6Cidr"]).prefixlen == 108
        assert ip_network(network["serviceIpv6Cidr"]).subnet_of(ip_network("fd00::/8"))
        told = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"]
        assert told[0]["OutputValue"] == network["serviceIpv6Cidr"]
        # another family is another cluster
        changed = {"Resources": {"Cluster": ground.resource(IpFamily="ipv4")}}
        change = stack.change_set(changed)["Changes"][0]["ResourceChange"]
        assert (change["Action"], change["Replacement"]) == ("Modify", "True")
        stack.cloudformation.execute_change_set(StackName=stack.name, ChangeSetName="cdk-deploy-change-set")
        assert stack.wait() == "UPDATE_COMPLETE", stack.reason()
        assert stack.physical_id("Cluster") != first
        assert "No cluster found" in refusal(ground.eks.describe_cluster, name=first)
        assert stack.delete() == "DELETE_COMPLETE"

    def test_an_ipv4_cluster_has_a_range_beside_its_vpc(self, ground: Ground) -> None:
        made = ground.eks.create_cluster(**ground.request("Four", "C"))["cluster"]
        assert made["kubernetesNetworkConfig"] == {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}
        ground.eks.delete_cluster(name="six")
        assert network_rules.default_service_range(vpc("192.168.0.0/16")) == "10.100.0.0/16"
        assert network_rules.default_service_range(vpc("192.168.0.0/16", "10.0.0.0/16")) == "172.20.0.0/16"

    @pytest.mark.parametrize(
        ("subnets", "network", "message"),
        [
            (
                ("A", "C"),
                {"ipFamily": "ipv6", "serviceIpv4Cidr": "172.20.0.0/16"},
                'serviceIpv4Cidr cannot be specified when creating an "ipv6" cluster',
            ),
            (("Four", "C"), {"ipFamily": "ipv6"}, 'have no IPv6 CIDR block associated: an "ipv6" cluster needs one'),
            (("Native", "C"), {"ipFamily": "ipv6"}, "have no IPv4 CIDR block"),
            (("A", "C"), {"ipFamily": "ipv5"}, "kubernetesNetworkConfig.ipFamily must be one of ipv4, ipv6"),
            (("A", "C"), {"serviceIpv4Cidr": "10.0.0.0/16"}, "overlaps with the CIDR 10.0.0.0/16 of the VPC"),
            (("A", "C"), {"serviceIpv4Cidr": "100.64.0.0/16"}, "must be within RFC1918 range"),
            (("A", "C"), {"serviceIpv4Cidr": "172.20.0.0/25"}, "must have netmask size between /12 and /24 inclusive"),
            (("A", "C"), {"serviceIpv4Cidr": "172.20.0.1/16"}, "is not a valid CIDR block"),
        ],
    )
    def test_a_cluster_that_cannot_be_is_refused(
        self, ground: Ground, subnets: tuple[str, ...], network: dict[str, Any], message: str
    ) -> None:
        assert message in refusal(ground.eks.create_cluster, **ground.request(*subnets, **network))
        assert "six" not in ground.eks.list_clusters()["clusters"]

    def test_a_vpc_without_ipv6_has_no_ipv6_cluster(self, stack: Stack, ground: Ground) -> None:
        four = {"Vpc": SIX["Vpc"], "A": subnet("10.0.0.0/24"), "C": subnet("10.0.1.0/24", "c")}
        cluster = ground.resource(IpFamily="ipv6")
        cluster["Properties"]["ResourcesVpcConfig"] = {"SubnetIds": [{"Ref": "A"}, {"Ref": "C"}]}
        assert stack.deploy({**four, "Cluster": cluster}) == "ROLLBACK_COMPLETE"
        assert "has no IPv6 CIDR block associated" in stack.reason()
        assert "(InvalidParameterException)" in stack.reason()

    def test_the_service_range_of_ipv6_is_not_chosen(self, stack: Stack, ground: Ground) -> None:
        chosen = ground.resource(IpFamily="ipv6", ServiceIpv6Cidr="fd00::/108")
        assert stack.deploy({"Cluster": chosen}) == "ROLLBACK_COMPLETE"
        assert "#/KubernetesNetworkConfig/ServiceIpv6Cidr: is read-only" in stack.reason()

    def test_nodes_get_their_ipv6_addresses_from_the_subnet(self, ground: Ground) -> None:
        ground.eks.create_cluster(**ground.request(ipFamily="ipv6"))
        group = {"clusterName": "six", "nodegroupName": "g", "nodeRole": ground.role("NodeRole")}
        for name in ("C2", "Four"):
            message = refusal(ground.eks.create_nodegroup, **group, subnets=[ground.ids["A"], ground.ids[name]])
            assert "Code=Ec2SubnetMissingIpv6Assignment" in message
            assert ground.ids[name] in message and ground.ids["A"] not in message
        ground.eks.create_nodegroup(**group, subnets=[ground.ids["A"], ground.ids["C"]])
        ground.eks.delete_nodegroup(clusterName="six", nodegroupName="g")
        moved = {"subnetIds": [ground.ids["Four"], ground.ids["C"]]}
        assert "have no IPv6 CIDR block" in refusal(
            ground.eks.update_cluster_config, name="six", resourcesVpcConfig=moved
        )
        ground.eks.delete_cluster(name="six")


class TestSubnets:
    def test_a_control_plane_needs_six_free_addresses_in_each(self, ground: Ground) -> None:
        small, used = ground.ids["Small"], []
        for _ in range(6):  # 16 less the five that EC2 keeps
            used.append(ground.ec2.create_network_interface(SubnetId=small)["NetworkInterface"])
        message = refusal(ground.eks.create_cluster, **ground.request("Small", "C"))
        assert "must each have at least 6 free IP addresses" in message
        assert f"{small} (5)" in message
        ground.eks.create_cluster(**ground.request("A", "C"))
        moved = {"subnetIds": [small, ground.ids["C"]]}
        assert f"{small} (5)" in refusal(ground.eks.update_cluster_config, name="six", resourcesVpcConfig=moved)
        ground.ec2.delete_network_interface(NetworkInterfaceId=used.pop()["NetworkInterfaceId"])
        ground.eks.update_cluster_config(name="six", resourcesVpcConfig=moved)
        ground.eks.delete_cluster(name="six")
        for interface in used:
            ground.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])

    def test_zones_without_control_planes_are_refused(self, emulator: Emulator, ground: Ground) -> None:
        ec2, eks = emulator.client("ec2", "us-east-1"), emulator.client("eks", "us-east-1")
        vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made = [
            ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
            for i, zone in enumerate("ae")
        ]
        assert made[1]["AvailabilityZoneId"] == "use1-az3"
        ids = [subnet["SubnetId"] for subnet in made]
        message = refusal(eks.create_cluster, name="far", roleArn=ground.role(), resourcesVpcConfig={"subnetIds": ids})
        assert message == (
            "UnsupportedAvailabilityZoneException: Cannot create cluster 'far' because us-east-1e, the targeted "
            "availability zone, does not currently have sufficient capacity to support the cluster. Retry and choose "
            "from these availability zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1f"
        )
        for subnet_id in ids:
            ec2.delete_subnet(SubnetId=subnet_id)
        ec2.delete_vpc(VpcId=vpc_id)

    @pytest.mark.parametrize("zone_id", ["use1-az3", "usw1-az2", "cac1-az3"])
    def test_each_of_them(self, zone_id: str) -> None:
        there = {"AvailabilityZoneId": zone_id, "AvailabilityZone": "there"}
        zones = [{"ZoneName": "here", "ZoneId": "here-az1"}, {"ZoneName": "there", "ZoneId": zone_id}]
        problem = network_rules.zone_problem("c", [there], zones)
        assert problem is not None and problem.endswith("choose from these availability zones: here")
        here = {"AvailabilityZoneId": "here-az1", "AvailabilityZone": "here"}
        assert network_rules.zone_problem("c", [here], zones) is None


def vpc(*cidrs: str) -> dict[str, Any]:
    return {"VpcId": "vpc-1", "CidrBlockAssociationSet": [{"CidrBlock": cidr} for cidr in cidrs]}
