"""Rules. A schedule is kept and never calls anything; an event of S3 that fits a pattern reaches its targets."""

from __future__ import annotations

import json

from .handler import Handler, Made, Properties, Task


class Rule(Handler):
    """AWS::Events::Rule with a schedule or a pattern, on the default bus."""

    type = "AWS::Events::Rule"

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, "Name", "Description", "ScheduleExpression", "EventPattern", "State", "Targets", "Tags")
        name = properties.get("Name", task.name(64))
        arn = self._put(task, name, {}, properties)
        return Made(name, {"Arn": arn})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self._put(task, physical_id, old, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        self._put(task, physical_id, properties, {**properties, "Targets": []})
        task.client("events").delete_rule(Name=physical_id)

    def _put(self, task: Task, name: str, old: Properties, new: Properties) -> str:
        events = task.client("events")
        copied = ("Description", "ScheduleExpression", "State")
        given = {key: new[key] for key in copied if key in new}
        if "EventPattern" in new:
            given["EventPattern"] = json.dumps(new["EventPattern"])
        if new.get("Tags"):
            given["Tags"] = new["Tags"]
        made = events.put_rule(Name=name, **given)
        wanted = {target["Id"] for target in new.get("Targets", [])}
        gone = [target["Id"] for target in old.get("Targets", []) if target["Id"] not in wanted]
        if gone:
            events.remove_targets(Rule=name, Ids=gone)
        if new.get("Targets"):
            events.put_targets(Rule=name, Targets=new["Targets"])
        return str(made["RuleArn"])


HANDLERS: list[type[Handler]] = [Rule]
