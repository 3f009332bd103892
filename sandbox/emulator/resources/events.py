"""Schedules. They are kept; nothing is ever called by one."""

from __future__ import annotations

from .handler import Handler, Made, Properties, Task


class Rule(Handler):
    """AWS::Events::Rule with a schedule."""

    type = "AWS::Events::Rule"

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, "Name", "Description", "ScheduleExpression", "State", "Targets", "Tags")
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
        tags = {"Tags": new["Tags"]} if new.get("Tags") else {}
        made = events.put_rule(Name=name, **{key: new[key] for key in copied if key in new}, **tags)
        wanted = {target["Id"] for target in new.get("Targets", [])}
        gone = [target["Id"] for target in old.get("Targets", []) if target["Id"] not in wanted]
        if gone:
            events.remove_targets(Rule=name, Ids=gone)
        if new.get("Targets"):
            events.put_targets(Rule=name, Targets=new["Targets"])
        return str(made["RuleArn"])


HANDLERS: list[type[Handler]] = [Rule]
