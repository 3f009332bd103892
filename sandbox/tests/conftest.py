"""A started emulator, and what every test asks of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

SANDBOX = Path(__file__).parents[1]
ACCOUNT, REGION = "111122223333", "ap-northeast-1"


class Emulator:
    """A running emulator and clients of it."""

    def __init__(self, process: subprocess.Popen[str], endpoint: str) -> None:
        self.process, self.endpoint = process, endpoint

    def client(self, service: str, region: str = REGION, **credentials: str) -> Any:
        keys = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
        return boto3.session.Session().client(
            service, region_name=region, endpoint_url=self.endpoint, config=config, **keys
        )

    def control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")


def start(*arguments: str) -> subprocess.Popen[str]:
    """Starts an emulator that ends when its stdin is closed."""
    return subprocess.Popen(
        [sys.executable, "-m", "emulator", "--account", ACCOUNT, *arguments],
        cwd=SANDBOX,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SANDBOX), "HOME": "/nonexistent"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    process = start("--addon-schemas", str(SANDBOX / "tests" / "schemas"))
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    yield Emulator(process, ready["endpoint"])
    process.terminate()
    process.wait(5)


class Stack:
    """One stack, for one test."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.cloudformation = emulator.client("cloudformation")
        self.name = name

    def deploy(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None, **sections: Any) -> str:
        """Creates or updates through a change set, as the CDK command line does; the status it ends in."""
        body = {"Resources": resources, **({"Outputs": outputs} if outputs else {}), **sections}
        self.change_set(body)
        self.cloudformation.execute_change_set(StackName=self.name, ChangeSetName="cdk-deploy-change-set")
        return self.wait()

    def change_set(self, body: dict[str, Any]) -> dict[str, Any]:
        """Makes a change set; what it would do."""
        exists = self.status() not in (None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE")
        if exists:
            self.cloudformation.delete_change_set(StackName=self.name, ChangeSetName="cdk-deploy-change-set")
        self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName="cdk-deploy-change-set",
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateBody=json.dumps(body),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        return dict(self.cloudformation.describe_change_set(StackName=self.name, ChangeSetName="cdk-deploy-change-set"))

    def delete(self) -> str | None:
        found = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        self.cloudformation.delete_stack(StackName=self.name)
        return self.wait(found["StackId"])

    def wait(self, name: str | None = None) -> str:
        while True:
            status = str(self.cloudformation.describe_stacks(StackName=name or self.name)["Stacks"][0]["StackStatus"])
            if not status.endswith("IN_PROGRESS"):
                return status

    def status(self) -> str | None:
        try:
            return str(self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"])
        except ClientError:
            return None

    def physical_id(self, logical_id: str) -> str:
        answer = self.cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def events(self) -> list[tuple[str, str, str]]:
        """Logical id, status, reason; the first first."""
        answer = self.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            (e["LogicalResourceId"], e["ResourceStatus"], e.get("ResourceStatusReason", "")) for e in reversed(answer)
        ]

    def reason(self) -> str:
        """Why the first resource failed."""
        return next(reason for _, status, reason in self.events() if status.endswith("_FAILED"))


@pytest.fixture
def stack(emulator: Emulator) -> Stack:
    return Stack(emulator, f"t{uuid.uuid4().hex[:10]}")


@pytest.fixture
def another(emulator: Emulator) -> Stack:
    return Stack(emulator, f"u{uuid.uuid4().hex[:10]}")


def refusal(call: Any, **arguments: Any) -> str:
    """What a call is refused with: code and message."""
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    error = raised.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"
