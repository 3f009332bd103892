"""Canaries of the stand-in for AppConfig: what it checks, how versions spread, and what brings the old one back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.appconfig.deployments import _share

from .conftest import ACCOUNT, Emulator, Stack, refusal
from .functions import function, role

SCHEMA = {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "required": ["version"]}
VALIDATOR = """
exports.handler = async (event) => {
  const rules = JSON.parse(Buffer.from(event.content, 'base64').toString());
  console.log(JSON.stringify(Object.keys(event)));
  if (rules.bad) throw new Error(`bad: ${rules.bad}`);
};
"""


class Rules:
    """A store of rules as a stack makes it, and clients of it."""

    def __init__(self, emulator: Emulator, stack: Stack) -> None:
        self.emulator, self.stack = emulator, stack
        self.client, self.data = emulator.client("appconfig"), emulator.client("appconfigdata")
        self.cloudwatch = emulator.client("cloudwatch")
        assert stack.deploy(self.resources(emulator)) == "CREATE_COMPLETE"
        self.application, self.environment, self.profile, self.at_once, self.slowly = (
            stack.physical_id(name) for name in ("Application", "Environment", "Profile", "AtOnce", "Slowly")
        )
        self.key = {"ApplicationId": self.application, "ConfigurationProfileId": self.profile}
        self.place = {"ApplicationId": self.application, "EnvironmentId": self.environment}

    def resources(self, emulator: Emulator, **changes: Any) -> dict[str, Any]:
        def strategy(minutes: int, growth: int, bake: int) -> dict[str, Any]:
            timing = {"DeploymentDurationInMinutes": minutes, "GrowthFactor": growth, "FinalBakeTimeInMinutes": bake}
            name = f"{self.stack.name}-{minutes}"
            return {
                "Type": "AWS::AppConfig::DeploymentStrategy",
                "Properties": {"Name": name, "ReplicateTo": "NONE", **timing},
            }

        validators = [
            {"Type": "JSON_SCHEMA", "Content": json.dumps(SCHEMA)},
            {"Type": "LAMBDA", "Content": {"Fn::GetAtt": ["Validator", "Arn"]}},
        ]
        profile = {
            "ApplicationId": {"Ref": "Application"},
            "Name": "rules",
            "LocationUri": "hosted",
            "Validators": validators,
        }
        monitor = {
            "AlarmArn": {"Fn::GetAtt": ["Alarm", "Arn"]},
            "AlarmRoleArn": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
        }
        environment = {"ApplicationId": {"Ref": "Application"}, "Name": "live", "Monitors": [monitor]}
        alarm = {
            "Namespace": "N",
            "MetricName": "M",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        }
        permission = {
            "FunctionName": {"Fn::GetAtt": ["Validator", "Arn"]},
            "Action": "lambda:InvokeFunction",
            "Principal": "appconfig.amazonaws.com",
            "SourceAccount": ACCOUNT,
        }
        return {
            "FunctionRole": role("lambda.amazonaws.com"),
            "Validator": function(emulator, f"{self.stack.name}-validator", VALIDATOR),
            "Permission": {"Type": "AWS::Lambda::Permission", "Properties": permission},
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
            "Application": {"Type": "AWS::AppConfig::Application", "Properties": {"Name": self.stack.name}},
            "Environment": {"Type": "AWS::AppConfig::Environment", "Properties": environment},
            "Profile": {"Type": "AWS::AppConfig::ConfigurationProfile", "Properties": {**profile, **changes}},
            "AtOnce": strategy(0, 100, 5),
            "Slowly": strategy(10, 20, 5),
        }

    def add(self, **content: Any) -> int:
        text = json.dumps({"version": 1, **content}).encode()
        answer = self.client.create_hosted_configuration_version(
            **self.key, Content=text, ContentType="application/json"
        )
        return int(answer["VersionNumber"])

    def start(self, version: int, strategy: str = "") -> dict[str, Any]:
        answer = self.client.start_deployment(
            **self.place,
            ConfigurationProfileId=self.profile,
            DeploymentStrategyId=strategy or self.at_once,
            ConfigurationVersion=str(version),
        )
        return dict(answer)

    def state(self, number: int) -> str:
        return str(self.client.get_deployment(**self.place, DeploymentNumber=number)["State"])

    def session(self, seconds: int = 15) -> str:
        answer = self.data.start_configuration_session(
            ApplicationIdentifier=self.application,
            EnvironmentIdentifier=self.environment,
            ConfigurationProfileIdentifier=self.profile,
            RequiredMinimumPollIntervalInSeconds=seconds,
        )
        return str(answer["InitialConfigurationToken"])

    def latest(self, token: str | None = None) -> Any:
        """The content somebody gets who asks now for the first time."""
        answer = self.data.get_latest_configuration(ConfigurationToken=token or self.session())
        text = answer["Configuration"].read()
        return json.loads(text)["n"] if text else None

    def ring(self, state: str) -> None:
        self.cloudwatch.set_alarm_state(
            AlarmName=self.stack.physical_id("Alarm"), StateValue=state, StateReason="a test says so"
        )


@pytest.fixture
def rules(emulator: Emulator, stack: Stack) -> Iterator[Rules]:
    yield Rules(emulator, stack)
    emulator.control("PUT", "speed", {"appconfig": 1})


def test_the_schema_is_asked_when_a_version_is_added(rules: Rules) -> None:
    add = rules.client.create_hosted_configuration_version
    for content, message in ((b"{}", "'version' is a required property"), (b"nonsense", "is no JSON")):
        assert message in refusal(add, **rules.key, Content=content, ContentType="application/json")
    assert rules.add(n=1) == 1
    assert "the latest version is 1, not 7" in refusal(
        add, **rules.key, Content=b'{"version": 1}', ContentType="application/json", LatestVersionNumber=7
    )


def test_the_function_is_asked_before_a_version_is_deployed(rules: Rules) -> None:
    version = rules.add(n=1, bad="rule 3")
    told = refusal(rules.start, version=version)
    assert told.startswith("BadRequestException: Error invoking the Lambda validator")
    assert "bad: rule 3" in told
    runs = [run for run in rules.emulator.control("GET", "invocations") if rules.stack.name in run["function"]]
    keys = ["applicationId", "configurationProfileId", "configurationVersion", "content", "uri"]
    assert [json.loads(run["log"].splitlines()[0]) for run in runs] == [keys]
    validate = rules.client.validate_configuration
    assert "bad: rule 3" in refusal(validate, **rules.key, ConfigurationVersion=str(version))
    assert rules.client.list_deployments(**rules.place)["Items"] == []


def test_all_at_once_everybody_has_the_new_version(rules: Rules) -> None:
    with pytest.raises(ClientError, match="no configuration has been deployed"):
        rules.latest()
    assert rules.start(rules.add(n=1))["State"] == "BAKING"
    assert {rules.latest() for _ in range(20)} == {1}


def test_gradually_a_growing_share_has_it(rules: Rules) -> None:
    rules.start(rules.add(n=1))
    rules.emulator.control("PUT", "speed", {"appconfig": 1_000_000})
    assert rules.state(1) == "COMPLETE"
    rules.emulator.control("PUT", "speed", {"appconfig": 1})
    deployment = rules.start(rules.add(n=2), rules.slowly)
    assert (deployment["State"], deployment["PercentageComplete"]) == ("DEPLOYING", 20)
    got = [rules.latest() for _ in range(200)]
    assert set(got) == {1, 2}
    assert 10 < got.count(2) < 80
    rules.emulator.control("PUT", "speed", {"appconfig": 1_000_000})
    assert {rules.latest() for _ in range(20)} == {2}


@pytest.mark.parametrize(
    ("minutes", "kind", "share"),
    [
        (0, "LINEAR", 20),
        (3, "LINEAR", 40),
        (9.9, "LINEAR", 100),
        (10, "LINEAR", 100),
        (0, "EXPONENTIAL", 20),
        (3, "EXPONENTIAL", 40),
    ],
)
def test_a_share_grows_by_its_strategy(minutes: float, kind: str, share: float) -> None:
    assert _share(minutes, 10, 20, kind) == share


@pytest.mark.parametrize("state", ["ALARM", "INSUFFICIENT_DATA"])
def test_an_alarm_brings_the_old_version_back(rules: Rules, state: str) -> None:
    rules.start(rules.add(n=1))
    rules.emulator.control("PUT", "speed", {"appconfig": 1_000_000})
    assert rules.state(1) == "COMPLETE"
    rules.emulator.control("PUT", "speed", {"appconfig": 1})
    rules.start(rules.add(n=2))
    assert rules.latest() == 2
    rules.ring(state)
    assert rules.latest() == 1
    deployment = rules.client.get_deployment(**rules.place, DeploymentNumber=2)
    assert deployment["State"] == "ROLLED_BACK"
    assert [event["EventType"] for event in deployment["EventLog"]][:2] == ["ROLLBACK_COMPLETED", "ROLLBACK_STARTED"]


def test_an_alarm_after_the_bake_time_changes_nothing(rules: Rules) -> None:
    rules.start(rules.add(n=1))
    rules.emulator.control("PUT", "speed", {"appconfig": 1_000_000})
    assert rules.state(1) == "COMPLETE"
    rules.ring("ALARM")
    assert rules.latest() == 1


def test_one_deployment_at_a_time_and_a_way_back(rules: Rules) -> None:
    rules.start(rules.add(n=1))
    second = rules.add(n=2)
    assert "ConflictException" in refusal(rules.start, version=second)
    stop = rules.client.stop_deployment
    assert "is BAKING and cannot be stopped" in refusal(stop, **rules.place, DeploymentNumber=1)
    assert stop(**rules.place, DeploymentNumber=1, AllowRevert=True)["State"] == "ROLLED_BACK"
    with pytest.raises(ClientError, match="no configuration"):
        rules.latest()
    rules.start(second)
    rules.emulator.control("PUT", "speed", {"appconfig": 1_000_000})
    assert rules.state(2) == "COMPLETE"
    assert "is COMPLETE and cannot be stopped" in refusal(stop, **rules.place, DeploymentNumber=2)
    rules.start(rules.add(n=3))
    assert rules.state(3) == "COMPLETE"
    assert stop(**rules.place, DeploymentNumber=3, AllowRevert=True)["State"] == "REVERTED"
    assert rules.latest() == 2
    numbers = [item["DeploymentNumber"] for item in rules.client.list_deployments(**rules.place)["Items"]]
    assert numbers == [3, 2, 1]


def test_the_last_good_deployment_is_taken_back_behind_one_that_came_to_nothing(rules: Rules) -> None:
    rules.emulator.control("PUT", "speed", {"appconfig": 1_000_000})
    for number in (1, 2):
        rules.start(rules.add(n=number))
        assert rules.state(number) == "COMPLETE"
    rules.ring("ALARM")
    rules.start(rules.add(n=3))
    assert rules.state(3) == "ROLLED_BACK"
    stop = rules.client.stop_deployment
    assert "is COMPLETE and cannot be stopped" in refusal(stop, **rules.place, DeploymentNumber=1, AllowRevert=True)
    assert stop(**rules.place, DeploymentNumber=2, AllowRevert=True)["State"] == "REVERTED"
    assert rules.latest() == 1
    assert stop(**rules.place, DeploymentNumber=1, AllowRevert=True)["State"] == "REVERTED"
    with pytest.raises(ClientError, match="no configuration"):
        rules.latest()


def test_a_token_is_for_one_call_and_not_too_soon(rules: Rules) -> None:
    rules.start(rules.add(n=1))
    token = rules.session(seconds=15)
    first = rules.data.get_latest_configuration(ConfigurationToken=token)
    assert (first["NextPollIntervalInSeconds"], json.loads(first["Configuration"].read())["n"]) == (15, 1)
    get = rules.data.get_latest_configuration
    assert "ConfigurationToken is not valid" in refusal(get, ConfigurationToken=token)
    following = first["NextPollConfigurationToken"]
    assert "too early" in refusal(get, ConfigurationToken=following)
    rules.emulator.control("PUT", "speed", {"appconfig": 100})
    second = rules.data.get_latest_configuration(ConfigurationToken=rules.session())
    assert second["Configuration"].read() != b""
    time.sleep(0.2)
    third = get(ConfigurationToken=second["NextPollConfigurationToken"])
    assert third["Configuration"].read() == b""  # nothing new


@pytest.mark.parametrize(
    ("validators", "message"),
    [
        ([{"Type": "JSON_SCHEMA", "Content": "{" + " " * 33_000 + "}"}], "at most 32768"),
        ([{"Type": "JSON_SCHEMA", "Content": "{"}], "is no JSON"),
        (
            [{"Type": "JSON_SCHEMA", "Content": '{"$schema": "https://json-schema.org/draft/2020-12/schema"}'}],
            "only version 4.X",
        ),
        ([{"Type": "JSON_SCHEMA", "Content": '{"type": "thing"}'}], "the JSON schema is none"),
        ([{"Type": "JSON_SCHEMA", "Content": "{}"}] * 3, "at most two validators"),
    ],
)
def test_a_validator_that_cannot_be_is_refused(rules: Rules, validators: list[Any], message: str) -> None:
    resources = rules.resources(rules.emulator, Validators=validators)
    status = rules.stack.deploy(resources)
    # the registry's schema knows some of this too
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert message in rules.stack.reason() or "Validators" in rules.stack.reason()


def test_a_profile_with_versions_is_not_deleted(rules: Rules) -> None:
    version = rules.add(n=1)
    assert rules.stack.delete() == "DELETE_FAILED"
    assert "there are still hosted configuration versions existing under it" in rules.stack.reason()
    rules.client.delete_hosted_configuration_version(**rules.key, VersionNumber=version)
    assert rules.stack.delete() == "DELETE_COMPLETE"
    applications = rules.client.list_applications()["Items"]
    assert rules.application not in [application["Id"] for application in applications]
