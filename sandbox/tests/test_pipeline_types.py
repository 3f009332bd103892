"""Canaries of the resource types a log pipeline needs beside Firehose and AppConfig."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Emulator, Stack
from .functions import function, role

METRIC = {"Namespace": "N", "MetricName": "M"}


def alarm(**properties: Any) -> dict[str, Any]:
    rest = {"EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold"}
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {**rest, **properties}}


def test_alarms_and_dashboards_come_change_and_go(emulator: Emulator, stack: Stack) -> None:
    body = json.dumps({"widgets": []})
    one = alarm(**METRIC, Statistic="Sum", Period=60)
    resources = {"Alarm": one, "Board": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": body}}}
    assert stack.deploy(resources) == "CREATE_COMPLETE"
    name, cloudwatch = stack.physical_id("Alarm"), emulator.client("cloudwatch")
    resources["Alarm"] = alarm(**METRIC, Statistic="Sum", Period=60, AlarmDescription="louder")
    assert stack.deploy(resources) == "UPDATE_COMPLETE"
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmDescription"] == "louder"
    stack.delete()
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


def test_what_cloudwatch_refuses_is_refused(stack: Stack) -> None:
    stat = {"Metric": METRIC, "Period": 60, "Stat": "Sum"}
    search = {"Id": "a", "Expression": "SEARCH('{N} M', 'Sum', 60)"}
    for metrics, message in (
        ([search], "SEARCH is not supported"),
        ([{"Id": "a", "MetricStat": stat}, {"Id": "b", "MetricStat": stat}], "exactly one that returns data"),
    ):
        assert stack.deploy({"Alarm": alarm(Metrics=metrics)}) == "ROLLBACK_COMPLETE"
        assert message in stack.reason()
        stack.delete()
    board = {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": "{"}}
    assert stack.deploy({"Board": board}) == "ROLLBACK_COMPLETE"
    assert "is no JSON" in stack.reason()


def test_tables_and_queries_come_and_go(emulator: Emulator, stack: Stack) -> None:
    name = f"d_{stack.name}"
    table = {"Name": "logs", "TableType": "EXTERNAL_TABLE", "Parameters": {"projection.enabled": "true"}}
    query = {
        "Database": {"Ref": "Database"},
        "WorkGroup": {"Ref": "Group"},
        "Name": "q",
        "QueryString": "SELECT 1",
    }
    resources: dict[str, Any] = {
        "Database": {
            "Type": "AWS::Glue::Database",
            "Properties": {"CatalogId": {"Ref": "AWS::AccountId"}, "DatabaseInput": {"Name": name}},
        },
        "Table": {
            "Type": "AWS::Glue::Table",
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseName": {"Ref": "Database"},
                "TableInput": table,
            },
        },
        "Group": {"Type": "AWS::Athena::WorkGroup", "Properties": {"Name": stack.name, "RecursiveDeleteOption": True}},
        "Query": {"Type": "AWS::Athena::NamedQuery", "Properties": query},
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE"
    glue, athena = emulator.client("glue"), emulator.client("athena")
    resources["Table"]["Properties"]["TableInput"] = {**table, "Description": "of lines"}
    assert stack.deploy(resources) == "UPDATE_COMPLETE"
    assert glue.get_table(DatabaseName=name, Name="logs")["Table"]["Description"] == "of lines"
    asked = athena.get_named_query(NamedQueryId=stack.physical_id("Query"))["NamedQuery"]
    assert (asked["Database"], asked["QueryString"]) == (name, "SELECT 1")
    stack.delete()
    assert name not in [database["Name"] for database in glue.get_databases()["DatabaseList"]]
    assert stack.name not in [group["Name"] for group in athena.list_work_groups()["WorkGroups"]]


def test_a_schedule_comes_changes_and_goes(emulator: Emulator, stack: Stack) -> None:
    def rule(**properties: Any) -> dict[str, Any]:
        target = {"Id": "One", "Arn": "arn:aws:lambda:ap-northeast-1:111122223333:function:f", "Input": "{}"}
        given = {"ScheduleExpression": "rate(1 day)", "Targets": [target], "Tags": [{"Key": "team", "Value": "logs"}]}
        return {"Type": "AWS::Events::Rule", "Properties": {**given, **properties}}

    assert stack.deploy({"Rule": rule()}) == "CREATE_COMPLETE"
    name, events = stack.physical_id("Rule"), emulator.client("events")
    assert stack.deploy({"Rule": rule(ScheduleExpression="rate(2 days)", Targets=[])}) == "UPDATE_COMPLETE"
    assert events.describe_rule(Name=name)["ScheduleExpression"] == "rate(2 days)"
    assert events.list_targets_by_rule(Rule=name)["Targets"] == []
    stack.delete()
    assert name not in [each["Name"] for each in events.list_rules()["Rules"]]


def test_an_object_of_a_bucket_that_tells_is_an_event_a_rule_writes_down(emulator: Emulator, stack: Stack) -> None:
    group = f"/aws/events/{stack.name}"
    arn = f"arn:aws:logs:ap-northeast-1:111122223333:log-group:{group}"
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "logs:PutLogEvents",
        "Resource": f"{arn}:*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": "Bucket"}]}, "object": {"key": [{"prefix": "failed/"}]}},
    }
    telling = {"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}}
    resources: dict[str, Any] = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": telling},
        "Group": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": group, "ResourcePolicyDocument": policy},
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {"EventPattern": pattern, "Targets": [{"Id": "One", "Arn": arn}]},
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE"
    bucket, s3 = stack.physical_id("Bucket"), emulator.client("s3")

    def written() -> list[str]:
        events = emulator.client("logs").filter_log_events(logGroupName=group)["events"]
        return [json.loads(event["message"])["detail"]["object"]["key"] for event in events]

    for key in ("logs/a", "failed/a"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"a")
    s3.put_object_tagging(Bucket=bucket, Key="failed/a", Tagging={"TagSet": [{"Key": "replayed", "Value": "yes"}]})
    assert written() == ["failed/a"]

    statement["Sid"] = "TrustEvents"
    resources["Bucket"]["Properties"] = {}
    assert stack.deploy(resources) == "UPDATE_COMPLETE"
    s3.put_object(Bucket=bucket, Key="failed/b", Body=b"b")
    assert written() == ["failed/a"]
    for key in ("logs/a", "failed/a", "failed/b"):
        s3.delete_object(Bucket=bucket, Key=key)
    resources["Bucket"]["Properties"] = {"NotificationConfiguration": {"LambdaConfigurations": []}}
    assert stack.deploy(resources) == "UPDATE_ROLLBACK_COMPLETE"
    assert "does not know LambdaConfigurations" in stack.reason()


@pytest.mark.parametrize("explicit", [True, False])
def test_a_functions_log_and_its_metrics_go_where_lambda_puts_them(
    emulator: Emulator, stack: Stack, explicit: bool
) -> None:
    metric = {"Namespace": stack.name, "Dimensions": [["Stream"]], "Metrics": [{"Name": "Failed"}]}
    code = f"""
      const told = {{ _aws: {{ Timestamp: Date.now(), CloudWatchMetrics: [{json.dumps(metric)}] }}, Stream: 's' }};
      exports.handler = async (event) => console.log(JSON.stringify({{ ...told, Failed: 3 }}));
    """
    configured = {"LoggingConfig": {"LogGroup": {"Ref": "Group"}}} if explicit else {}
    application = {"Type": "AWS::AppConfig::Application", "Properties": {"Name": "a"}}
    validators = [{"Type": "LAMBDA", "Content": {"Fn::GetAtt": ["Function", "Arn"]}}]
    profile = {"ApplicationId": {"Ref": "App"}, "Name": "p", "LocationUri": "hosted", "Validators": validators}
    assert (
        stack.deploy(
            {
                "FunctionRole": role("lambda.amazonaws.com"),
                "Group": {"Type": "AWS::Logs::LogGroup"},
                "Function": function(emulator, stack.name, code, **configured),
                "App": application,
                "Profile": {"Type": "AWS::AppConfig::ConfigurationProfile", "Properties": profile},
            }
        )
        == "CREATE_COMPLETE"
    )
    app = emulator.client("appconfig")
    key = {"ApplicationId": stack.physical_id("App"), "ConfigurationProfileId": stack.physical_id("Profile")}
    app.create_hosted_configuration_version(**key, Content=b"{}", ContentType="application/json")
    app.validate_configuration(**key, ConfigurationVersion="1")
    metrics = emulator.client("cloudwatch").list_metrics(Namespace=stack.name)["Metrics"]
    assert [(m["MetricName"], m["Dimensions"]) for m in metrics] == [("Failed", [{"Name": "Stream", "Value": "s"}])]
    events = emulator.client("logs").filter_log_events(logGroupName=stack.physical_id("Group"))["events"]
    assert len(events) == (1 if explicit else 0)
