"""Custom resources: the deployed function's own code is run, and answers as it would answer CloudFormation."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

from ..accounts import Clients
from ..functions import Function, run, stop_all
from ..lambdas import NoFunction, deployed
from .handler import Handler, HandlerError, Made, Properties, Task

_RUNS_KEPT = 100


class Answers:
    """Where functions put their answers: one URL per request, for one answer."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._given: dict[str, dict[str, Any] | None] = {}
        self._lock = threading.Lock()

    def open(self) -> tuple[str, str]:
        """A new token, and the URL that belongs to it."""
        token = uuid.uuid4().hex
        with self._lock:
            self._given[token] = None
        return token, f"{self._endpoint}/_sandbox/responses/{token}"

    def put(self, token: str, body: Any) -> None:
        """Takes an answer; a second one for the same request is refused."""
        with self._lock:
            if token not in self._given or self._given[token] is not None:
                raise ValueError("nobody waits for this answer")
            if not isinstance(body, dict) or body.get("Status") not in ("SUCCESS", "FAILED"):
                raise ValueError(f"an answer has a Status SUCCESS or FAILED, not {body!r}")
            self._given[token] = body

    def take(self, token: str) -> dict[str, Any] | None:
        """The answer given, if there is one."""
        with self._lock:
            return self._given.pop(token)


class CustomResources(Handler):
    """`Custom::*`, backed by a Lambda function."""

    type = "Custom::"
    exclusive = False  # the function calls back

    def __init__(self, clients: Clients, answers: Answers, endpoint: str, node_modules: str) -> None:
        self._clients, self._answers, self._endpoint = clients, answers, endpoint
        self._node_modules = Path(node_modules)
        self.runs: list[dict[str, Any]] = []  # the last ones, for whoever asks what happened

    def stop(self) -> None:
        """Ends the functions under way."""
        stop_all()

    def create(self, task: Task, properties: Properties) -> Made:
        return self._invoke(task, "Create", properties, {})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        extra = {"PhysicalResourceId": physical_id, "OldResourceProperties": stringified(old)}
        return self._invoke(task, "Update", new, extra)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        self._invoke(task, "Delete", properties, {"PhysicalResourceId": physical_id})

    def _invoke(self, task: Task, request_type: str, properties: Properties, extra: dict[str, Any]) -> Made:
        arn = properties.get("ServiceToken", "")
        function, role = self._deployed(task, arn)
        token, url = self._answers.open()
        event = {
            "RequestType": request_type,
            "ServiceToken": arn,
            "ResponseURL": url,
            "StackId": task.stack_id,
            "RequestId": str(uuid.uuid4()),
            "LogicalResourceId": task.logical_id,
            "ResourceType": task.resource_type,
            "ResourceProperties": stringified(properties),
            **extra,
        }
        credentials = self._clients.assume(role, function.name[:64], task.place.region)
        outcome = run(
            function, event, eks_endpoint=self._endpoint, credentials=credentials, node_modules=self._node_modules
        )
        answer = self._answers.take(token)
        self._remember(task, request_type, function, outcome, answer)
        if answer is None:
            raise HandlerError(f"{function.name} gave no answer: {outcome.error or 'it returned without one'}")
        if answer["Status"] == "FAILED":
            raise HandlerError(
                f"Received response status [FAILED] from custom resource. Message returned: {answer.get('Reason')}"
            )
        physical_id = answer.get("PhysicalResourceId") or extra.get("PhysicalResourceId") or event["RequestId"]
        return Made(str(physical_id), dict(answer.get("Data") or {}))

    def _deployed(self, task: Task, arn: str) -> tuple[Function, str]:
        if ":lambda:" not in arn:
            raise HandlerError(f"the ServiceToken must be the ARN of a Lambda function here, not {arn!r}")
        try:
            return deployed(self._clients, task.place, arn)
        except NoFunction as error:
            raise HandlerError(str(error)) from None

    def _remember(self, task: Task, request: str, function: Function, outcome: Any, answer: Any) -> None:
        self.runs.append(
            {
                "function": function.name,
                "requestType": request,
                "stack": task.stack_name,
                "logicalId": task.logical_id,
                "status": (answer or {}).get("Status", "no answer"),
                "reason": (answer or {}).get("Reason", outcome.error),
                "log": outcome.log,
            }
        )
        del self.runs[:-_RUNS_KEPT]


def stringified(value: Any) -> Any:
    """Properties as CloudFormation hands them to a function: every scalar is text."""
    if isinstance(value, dict):
        return {key: stringified(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [stringified(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
