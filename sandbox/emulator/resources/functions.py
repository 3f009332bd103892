"""Functions, and who may invoke them."""

from __future__ import annotations

import json

from moto.awslambda.models import lambda_backends

from .handler import Handler, HandlerError, Made, Properties, Task


class Function(Handler):
    """AWS::Lambda::Function."""

    type = "AWS::Lambda::Function"
    _configured = ("Role", "Handler", "Description", "Timeout", "MemorySize", "VpcConfig", "Environment", "Runtime")

    def create(self, task: Task, properties: Properties) -> Made:
        name = properties.get("FunctionName", task.name(64))
        copied = (*self._configured, "Architectures", "LoggingConfig")
        self._check_role(task, properties["Role"])
        made = task.client("lambda").create_function(
            FunctionName=name,
            Code=properties["Code"],
            **{key: properties[key] for key in copied if key in properties},
            Tags={tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])},
        )
        self._log_group(task, name, properties)
        return Made(name, {"Arn": made["FunctionArn"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, *self._configured, "Code", "LoggingConfig", "Tags")
        functions = task.client("lambda")
        if old["Code"] != new["Code"]:
            functions.update_function_code(FunctionName=physical_id, **new["Code"])
        settings = {key: new[key] for key in self._configured if key in new and old.get(key) != new[key]}
        if settings:
            functions.update_function_configuration(FunctionName=physical_id, **settings)
        self._log_group(task, physical_id, new)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("lambda").delete_function(FunctionName=physical_id)

    def _log_group(self, task: Task, name: str, properties: Properties) -> None:
        """Where its log goes: moto forgets it, and what runs functions wants to know."""
        function = lambda_backends[task.place.account][task.place.region].get_function(name)
        function.log_group = properties.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}")

    def _check_role(self, task: Task, arn: str) -> None:
        role = task.client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
        if "lambda.amazonaws.com" not in json.dumps(role["AssumeRolePolicyDocument"]):
            raise HandlerError("The role defined for the function cannot be assumed by Lambda.")


class Permission(Handler):
    """AWS::Lambda::Permission."""

    type = "AWS::Lambda::Permission"

    def create(self, task: Task, properties: Properties) -> Made:
        name = task.name(100)
        copied = ("Action", "Principal", "SourceAccount", "SourceArn", "FunctionName")
        task.client("lambda").add_permission(
            StatementId=name, **{key: properties[key] for key in copied if key in properties}
        )
        return Made(name, {"Id": name})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("lambda").remove_permission(FunctionName=properties["FunctionName"], StatementId=physical_id)


HANDLERS: list[type[Handler]] = [Function, Permission]
