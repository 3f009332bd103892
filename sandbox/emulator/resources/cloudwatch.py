"""Alarms and dashboards. They are kept; no alarm is ever evaluated."""

from __future__ import annotations

import json

from .handler import Handler, HandlerError, Made, Properties, Task


class Alarm(Handler):
    """AWS::CloudWatch::Alarm."""

    type = "AWS::CloudWatch::Alarm"

    def create(self, task: Task, properties: Properties) -> Made:
        return self._put(task, properties.get("AlarmName", task.name(255)), properties)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        return self._put(task, physical_id, new)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])

    def _put(self, task: Task, name: str, properties: Properties) -> Made:
        returned = [metric for metric in properties.get("Metrics", []) if metric.get("ReturnData", True)]
        if "Metrics" in properties and len(returned) != 1:
            raise HandlerError("An alarm on several metrics needs exactly one that returns data")
        if any("SEARCH(" in metric.get("Expression", "") for metric in properties.get("Metrics", [])):
            raise HandlerError("SEARCH is not supported on Metric Alarms.")
        given = {key: value for key, value in properties.items() if key not in ("AlarmName", "Tags")}
        task.client("cloudwatch").put_metric_alarm(AlarmName=name, **given)
        return Made(name, {"Arn": f"arn:aws:cloudwatch:{task.place.region}:{task.place.account}:alarm:{name}"})


class Dashboard(Handler):
    """AWS::CloudWatch::Dashboard."""

    type = "AWS::CloudWatch::Dashboard"

    def create(self, task: Task, properties: Properties) -> Made:
        name = properties.get("DashboardName", task.name(255))
        self._put(task, name, properties)
        return Made(name)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self._put(task, physical_id, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("cloudwatch").delete_dashboards(DashboardNames=[physical_id])

    def _put(self, task: Task, name: str, properties: Properties) -> None:
        try:
            json.loads(properties["DashboardBody"])
        except ValueError as error:
            raise HandlerError(f"The dashboard body is no JSON: {error}") from None
        task.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=properties["DashboardBody"])


HANDLERS: list[type[Handler]] = [Alarm, Dashboard]
