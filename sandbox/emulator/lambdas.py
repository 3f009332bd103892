"""Functions as other services call them: found by ARN, run in a warm environment, with their log and their metrics."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.models import logs_backends

from .accounts import Clients, Place
from .faults import Faults, FunctionFault
from .functions import Function, environment_of
from .warm_functions import Invocation, WarmFunctions

_RUNS_KEPT = 2000


class NoFunction(Exception):
    """There is no such function."""


def deployed(clients: Clients, place: Place, arn: str) -> tuple[Function, str]:
    """A function as it was deployed, and its role."""
    region, account, name = arn.split(":")[3], arn.split(":")[4], arn.split(":")[6]
    try:
        settings = clients.get("lambda", place).get_function_configuration(FunctionName=name)
    except ClientError:
        raise NoFunction(f"there is no function {arn}") from None
    # GetFunction gives an address to fetch the code from; the code itself is nearer
    code: bytes = lambda_backends[account][region].get_function(name).code_bytes
    function = Function(
        name=name,
        handler=settings["Handler"],
        timeout=settings["Timeout"],
        memory=settings["MemorySize"],
        region=region,
        environment=settings.get("Environment", {}).get("Variables", {}),
        code=code,
    )
    return function, settings["Role"]


class Lambdas:
    """What invokes functions for Firehose and AppConfig."""

    def __init__(self, clients: Clients, endpoint: str, node_modules: str, faults: Faults) -> None:
        self._clients, self._endpoint, self._faults = clients, endpoint, faults
        self._node_modules = Path(node_modules)
        self._warm = WarmFunctions(self._environment)
        self._lock = threading.Lock()
        self.runs: list[dict[str, Any]] = []  # the last ones, for whoever asks what happened

    def invoke(self, arn: str, event: object, *, faulty: bool = False) -> Invocation:
        """Runs one invocation; what the function does wrong is in the answer, never raised."""
        place = Place(arn.split(":")[4], arn.split(":")[3])
        fault = self._faults.of_function() if faulty else None
        try:
            function, role = deployed(self._clients, place, arn)
        except NoFunction as error:
            return Invocation(False, None, f"ResourceNotFoundException: {error}", "", 0)
        outcome = self._run(function, role, event, fault)
        self._keep_log(place, function.name, outcome.log)
        with self._lock:
            self.runs.append(
                {
                    "function": function.name,
                    "ok": outcome.ok,
                    "error": outcome.error,
                    "fault": fault,
                    "seconds": round(outcome.seconds, 4),
                    "log": outcome.log[-4096:],
                }
            )
            del self.runs[:-_RUNS_KEPT]
        return outcome

    def forget(self) -> None:
        """Makes the next invocations start cold."""
        self._warm.forget()

    def stop(self) -> None:
        """Ends every environment."""
        self._warm.stop()

    def _run(self, function: Function, role: str, event: object, fault: FunctionFault | None) -> Invocation:
        if fault == "throttle":
            return Invocation(False, None, "TooManyRequestsException: Rate Exceeded.", "", 0)
        if fault == "throw":
            return Invocation(False, None, "Error: thrown on purpose", "", 0)
        outcome = self._warm.invoke(function, role, event)
        if fault is None:
            return outcome
        self.forget()  # what ended so takes what it held with it
        error = "Runtime exited without providing a reason" if fault == "crash" else "Task timed out after its seconds"
        return Invocation(False, None, error, outcome.log, outcome.seconds)

    def _environment(self, function: Function, role: str) -> Mapping[str, str]:
        credentials = self._clients.assume(role, function.name[:64], function.region)
        return {
            **environment_of(function, credentials, self._node_modules),
            "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true",
            "AWS_ENDPOINT_URL": self._endpoint,
        }

    def _keep_log(self, place: Place, name: str, log: str) -> None:
        """Puts the log where Lambda puts it, and the metrics in it where CloudWatch puts them."""
        now = int(time.time() * 1000)
        lines = [line for line in log.splitlines() if line.strip()]
        settings = lambda_backends[place.account][place.region].get_function(name)
        group = getattr(settings, "log_group", f"/aws/lambda/{name}")
        logs = logs_backends[place.account][place.region]
        if lines and group in logs.groups:
            with contextlib.suppress(Exception):  # the stream is there already
                logs.create_log_stream(group, "sandbox")
            logs.put_log_events(group, "sandbox", [{"timestamp": now, "message": line} for line in lines])
        for line in lines:
            if '"_aws"' in line:
                self._put_metrics(place, line)

    def _put_metrics(self, place: Place, line: str) -> None:
        """The embedded metric format. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""
        try:
            told = json.loads(line)
        except ValueError:
            return  # cut off, or something else
        backend = cloudwatch_backends[place.account][place.region]
        stamp = datetime.fromtimestamp(told["_aws"]["Timestamp"] / 1000, UTC).replace(tzinfo=None)  # as moto keeps them
        for directive in told["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = [{"Name": name, "Value": str(told[name])} for name in names]
                data = [
                    {
                        "MetricName": metric["Name"],
                        "Value": float(told[metric["Name"]]),
                        "Timestamp": stamp,
                        "Dimensions": dimensions,
                    }
                    for metric in directive["Metrics"]
                ]
                backend.put_metric_data(directive["Namespace"], data)
