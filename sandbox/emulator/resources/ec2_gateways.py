"""Ways in and out of a VPC: internet gateways and endpoints."""

from __future__ import annotations

from .ec2 import retag, tag_specification, without
from .handler import Handler, HandlerError, Made, Properties, Task


class InternetGateway(Handler):
    """AWS::EC2::InternetGateway."""

    type = "AWS::EC2::InternetGateway"

    def create(self, task: Task, properties: Properties) -> Made:
        answer = task.client("ec2").create_internet_gateway(
            TagSpecifications=tag_specification("internet-gateway", properties)
        )
        gateway_id = answer["InternetGateway"]["InternetGatewayId"]
        return Made(gateway_id, {"InternetGatewayId": gateway_id})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").delete_internet_gateway(InternetGatewayId=physical_id)


class VpcGatewayAttachment(Handler):
    """AWS::EC2::VPCGatewayAttachment."""

    type = "AWS::EC2::VPCGatewayAttachment"

    def create(self, task: Task, properties: Properties) -> Made:
        if "InternetGatewayId" not in properties:
            raise HandlerError("the local AWS attaches internet gateways only")
        task.client("ec2").attach_internet_gateway(**properties)
        return Made(f"IGW|{properties['VpcId']}", {"AttachmentType": "IGW"})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        ec2 = task.client("ec2")
        # an address in use keeps the gateway: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
        mine = [{"Name": "vpc-id", "Values": [properties["VpcId"]]}]
        used = [n for n in ec2.describe_nat_gateways(Filters=mine)["NatGateways"] if n["State"] == "available"]
        if used:
            raise HandlerError(
                f"Network {properties['VpcId']} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway. (DependencyViolation)"
            )
        ec2.detach_internet_gateway(**properties)


class EgressOnlyInternetGateway(Handler):
    """AWS::EC2::EgressOnlyInternetGateway: the way out for IPv6, and not in."""

    type = "AWS::EC2::EgressOnlyInternetGateway"

    def create(self, task: Task, properties: Properties) -> Made:
        answer = task.client("ec2").create_egress_only_internet_gateway(
            VpcId=properties["VpcId"],
            TagSpecifications=tag_specification("egress-only-internet-gateway", properties),
        )
        gateway_id = answer["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
        return Made(gateway_id, {"Id": gateway_id})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Tags")
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=physical_id)


class VpcEndpoint(Handler):
    """AWS::EC2::VPCEndpoint."""

    type = "AWS::EC2::VPCEndpoint"

    def create(self, task: Task, properties: Properties) -> Made:
        ec2 = task.client("ec2")
        if properties.get("PrivateDnsEnabled"):
            self._check_dns(task, properties)
        request = without(properties, "Tags", "PolicyDocument", "ServiceRegion")
        answer = ec2.create_vpc_endpoint(**request, TagSpecifications=tag_specification("vpc-endpoint", properties))[
            "VpcEndpoint"
        ]
        return Made(answer["VpcEndpointId"], {"Id": answer["VpcEndpointId"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        lists = {"RouteTableIds": "RouteTableIds", "SubnetIds": "SubnetIds", "SecurityGroupIds": "SecurityGroupIds"}
        self.only(old, new, *lists, "Tags")
        request: dict[str, list[str]] = {}
        for name in lists:
            before, after = old.get(name, []), new.get(name, [])
            if added := [item for item in after if item not in before]:
                request[f"Add{name}"] = added
            if gone := [item for item in before if item not in after]:
                request[f"Remove{name}"] = gone
        if request:
            task.client("ec2").modify_vpc_endpoint(VpcEndpointId=physical_id, **request)
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        ec2 = task.client("ec2")
        found = ec2.describe_vpc_endpoints(VpcEndpointIds=[physical_id])["VpcEndpoints"][0]
        ec2.delete_vpc_endpoints(VpcEndpointIds=[physical_id])
        for subnet_id in found.get("SubnetIds", []):
            inside = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnet_id]}])
            for interface in inside["NetworkInterfaces"]:
                if interface["NetworkInterfaceId"] in found.get("NetworkInterfaceIds", []):
                    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])

    def _check_dns(self, task: Task, properties: Properties) -> None:
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            answer = task.client("ec2").describe_vpc_attribute(VpcId=properties["VpcId"], Attribute=attribute)
            if not answer[attribute[0].upper() + attribute[1:]]["Value"]:
                raise HandlerError(
                    f"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames ({attribute})"
                )


HANDLERS: list[type[Handler]] = [InternetGateway, VpcGatewayAttachment, EgressOnlyInternetGateway, VpcEndpoint]
