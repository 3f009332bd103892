"""Route tables, routes, and which subnets they are for."""

from __future__ import annotations

from .ec2 import retag, tag_specification
from .handler import Handler, Made, Properties, Task


class RouteTable(Handler):
    """AWS::EC2::RouteTable."""

    type = "AWS::EC2::RouteTable"

    def create(self, task: Task, properties: Properties) -> Made:
        answer = task.client("ec2").create_route_table(
            VpcId=properties["VpcId"], TagSpecifications=tag_specification("route-table", properties)
        )
        table_id = answer["RouteTable"]["RouteTableId"]
        return Made(table_id, {"RouteTableId": table_id})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Tags")
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").delete_route_table(RouteTableId=physical_id)


class Route(Handler):
    """AWS::EC2::Route."""

    type = "AWS::EC2::Route"

    def create(self, task: Task, properties: Properties) -> Made:
        task.client("ec2").create_route(**properties)
        destination = next(iter(self._destination(properties).values()))
        return Made(f"{properties['RouteTableId']}|{destination}", {"CidrBlock": destination})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        task.client("ec2").replace_route(**new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        destination = self._destination(properties)
        task.client("ec2").delete_route(RouteTableId=properties["RouteTableId"], **destination)

    def _destination(self, properties: Properties) -> Properties:
        names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
        return {name: properties[name] for name in names if name in properties}


class SubnetRouteTableAssociation(Handler):
    """AWS::EC2::SubnetRouteTableAssociation."""

    type = "AWS::EC2::SubnetRouteTableAssociation"

    def create(self, task: Task, properties: Properties) -> Made:
        association = task.client("ec2").associate_route_table(**properties)["AssociationId"]
        return Made(association, {"Id": association})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").disassociate_route_table(AssociationId=physical_id)


HANDLERS: list[type[Handler]] = [RouteTable, Route, SubnetRouteTableAssociation]
