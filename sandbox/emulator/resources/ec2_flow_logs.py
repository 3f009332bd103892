"""Flow logs."""

from __future__ import annotations

from .ec2 import retag, tag_specification
from .handler import Handler, HandlerError, Made, Properties, Task


class FlowLog(Handler):
    """AWS::EC2::FlowLog."""

    type = "AWS::EC2::FlowLog"
    _sent = (
        "ResourceType",
        "TrafficType",
        "LogDestinationType",
        "LogDestination",
        "LogGroupName",
        "DeliverLogsPermissionArn",
        "LogFormat",
        "MaxAggregationInterval",
        "DestinationOptions",
    )

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, *self._sent, "ResourceId", "Tags")
        answer = task.client("ec2").create_flow_logs(
            ResourceIds=[properties["ResourceId"]],
            **{name: properties[name] for name in self._sent if name in properties},
            TagSpecifications=tag_specification("vpc-flow-log", properties),
        )
        if answer.get("Unsuccessful"):
            raise HandlerError(str(answer["Unsuccessful"][0]["Error"]["Message"]))
        return Made(answer["FlowLogIds"][0], {"Id": answer["FlowLogIds"][0]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Tags")
        retag(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("ec2").delete_flow_logs(FlowLogIds=[physical_id])


HANDLERS: list[type[Handler]] = [FlowLog]
