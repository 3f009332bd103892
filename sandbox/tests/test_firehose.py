"""Canaries of the stand-in for Firehose: what it collects, hands over, retries, writes, and refuses."""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.firehose.names import BadPrefix, check_prefixes, evaluated, object_name

from .conftest import Emulator, Stack, refusal
from .functions import function, role

WHEN = datetime(2026, 11, 25, 7, 8, 9, tzinfo=UTC)
PREFIX = "logs/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/"
ERRORS = "failed/!{firehose:error-output-type}/"


@pytest.mark.parametrize(
    ("prefix", "error_type", "key"),
    [
        ("", "", "2026/11/25/07/"),
        ("logs/", "", "logs/2026/11/25/07/"),
        (PREFIX, "", "logs/dt=2026-11-25/hour=07/"),
        ("x/!{timestamp:yyyy'y'MM}/", "", "x/2026y11/"),
        (ERRORS, "processing-failed", "failed/processing-failed/2026/11/25/07/"),
        ("failed/", "processing-failed", "failed/processing-failed/2026/11/25/07/"),
        (ERRORS + "!{timestamp:dd}/", "processing-failed", "failed/processing-failed/25/"),
    ],
)
def test_a_prefix_becomes_the_place_of_the_oldest_record(prefix: str, error_type: str, key: str) -> None:
    assert evaluated(prefix, WHEN, error_type) == key


def test_an_object_is_named_by_stream_version_and_time() -> None:
    name = object_name("s", "3", WHEN, "GZIP")
    assert name.startswith("s-3-2026-11-25-07-08-09-")
    assert name.endswith(".gz")
    assert object_name("s", "3", WHEN, "GZIP", ".json.gz").endswith(".json.gz")


@pytest.mark.parametrize(
    ("prefix", "errors", "message"),
    [
        (PREFIX, "", "ErrorOutputPrefix cannot be null or empty"),
        ("a/!{firehose:error-output-type}/", "b/", "Prefix cannot contain"),
        (PREFIX, "e/!{timestamp:yyyy}/", "ErrorOutputPrefix must contain"),
        ("a/!{partitionKeyFromLambda:x}/", ERRORS, "does not know the expression"),
        ("a/!{timestamp:QQ}/", ERRORS, "does not know the date pattern"),
        ("a/!{timestamp:yyyy/", ERRORS, "not closed"),
    ],
)
def test_a_prefix_that_firehose_refuses_is_refused(prefix: str, errors: str, message: str) -> None:
    with pytest.raises(BadPrefix, match=message):
        check_prefixes(prefix, errors)


CODE = """
let calls = 0;
const text = (record) => Buffer.from(record.data, 'base64').toString();
const results = {
  keep: (r) => ({ recordId: r.recordId, result: 'Ok', data: Buffer.from(text(r).toUpperCase()).toString('base64') }),
  drop: (r) => ({ recordId: r.recordId, result: 'Dropped' }),
  fail: (r) => ({ recordId: r.recordId, result: 'ProcessingFailed' }),
  odd: (r) => ({ recordId: r.recordId, result: 'Maybe' }),
  bare: (r) => ({ recordId: r.recordId, result: 'Ok' }),
  plain: (r) => ({ recordId: r.recordId, result: 'Ok', data: '%%%' }),
  other: (r) => ({ recordId: 'x', result: 'Ok', data: r.data }),
};
exports.handler = async (event) => {
  calls += 1;
  console.log(JSON.stringify({ calls, records: event.records.length, keys: Object.keys(event) }));
  if (event.records.some((r) => text(r).startsWith('throw'))) throw new Error('no');
  if (event.records.some((r) => text(r).startsWith('exit'))) process.exit(1);
  if (event.records.some((r) => text(r).startsWith('hang'))) await new Promise((done) => setTimeout(done, 60000));
  if (event.records.some((r) => text(r).startsWith('large'))) return { records: [], x: 'x'.repeat(7e6) };
  if (event.records.some((r) => text(r).startsWith('nothing'))) return undefined;
  const answers = event.records.map((r) => (results[text(r).split(' ')[0]] ?? results.keep)(r));
  return { records: event.records.some((r) => text(r).startsWith('twice')) ? [...answers, ...answers] : answers };
};
"""


class Pipeline:
    """A stream with a function, and what it wrote."""

    def __init__(self, emulator: Emulator, stack: Stack, *, backup: bool = False) -> None:
        self.emulator, self.stack, self.name = emulator, stack, stack.name
        self.bucket, self.archive = f"{stack.name}-bucket", f"{stack.name}-archive"
        self.s3, self.firehose = emulator.client("s3"), emulator.client("firehose")
        self.resources = {
            "FunctionRole": role("lambda.amazonaws.com"),
            "DeliveryRole": role("firehose.amazonaws.com"),
            "Function": function(emulator, stack.name, CODE, timeout=1),
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": self.bucket}},
            "Archive": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": self.archive}},
            "Stream": self.stream(backup=backup),
        }
        assert stack.deploy(self.resources) == "CREATE_COMPLETE"

    def destination(self, bucket: str, prefix: str) -> dict[str, Any]:
        return {
            "BucketARN": {"Fn::GetAtt": [bucket, "Arn"]},
            "RoleARN": {"Fn::GetAtt": ["DeliveryRole", "Arn"]},
            "Prefix": prefix,
            "ErrorOutputPrefix": ERRORS,
            "CompressionFormat": "GZIP",
            "BufferingHints": {"IntervalInSeconds": 300, "SizeInMBs": 1},
        }

    def stream(self, *, backup: bool) -> dict[str, Any]:
        parameters = {
            "LambdaArn": {"Fn::GetAtt": ["Function", "Arn"]},
            "BufferSizeInMBs": "1",
            "BufferIntervalInSeconds": "60",
            "NumberOfRetries": "2",
        }
        processor = {
            "Type": "Lambda",
            "Parameters": [{"ParameterName": k, "ParameterValue": v} for k, v in parameters.items()],
        }
        destination = {
            **self.destination("Bucket", PREFIX),
            "ProcessingConfiguration": {"Enabled": True, "Processors": [processor]},
        }
        if backup:
            destination |= {"S3BackupMode": "Enabled", "S3BackupConfiguration": self.destination("Archive", "all/")}
        return {
            "Type": "AWS::KinesisFirehose::DeliveryStream",
            "Properties": {"DeliveryStreamName": self.name, "ExtendedS3DestinationConfiguration": destination},
        }

    def put(self, *records: str) -> dict[str, Any]:
        answer = self.firehose.put_record_batch(
            DeliveryStreamName=self.name, Records=[{"Data": record.encode()} for record in records]
        )
        return dict(answer)

    def flush(self) -> dict[str, Any]:
        return dict(self.emulator.control("POST", "firehose", [self.name])[self.name])

    def written(self, prefix: str, bucket: str = "") -> list[str]:
        """The lines under a prefix, of all objects."""
        bucket = bucket or self.bucket
        objects = self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        texts = [self.s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in objects]
        whole = b"".join(gzip.decompress(text) if text[:2] == b"\x1f\x8b" else text for text in texts)
        return whole.decode().splitlines()

    def failed(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written("failed/processing-failed/")]


@pytest.fixture
def pipeline(emulator: Emulator, stack: Stack) -> Iterator[Pipeline]:
    yield Pipeline(emulator, stack)
    emulator.control("PUT", "faults", {})
    emulator.control("PUT", "speed", {"firehose": 1})


def test_each_record_goes_where_the_answer_says(pipeline: Pipeline) -> None:
    assert (
        pipeline.put("keep a\n", "drop b\n", "fail c\n", "odd d\n", "bare e\n", "plain f\n", "other g\n")[
            "FailedPutCount"
        ]
        == 0
    )
    counts = pipeline.flush()
    assert {key: counts[key] for key in ("accepted", "batches", "attempts", "kept", "dropped", "failed")} == {
        "accepted": 7,
        "batches": 1,
        "attempts": 1,  # an answer in the wrong form is not asked for again
        "kept": 1,
        "dropped": 1,
        "failed": 5,
    }
    assert pipeline.written("logs/dt=") == ["KEEP A"]
    assert {(base64.b64decode(f["rawData"])[:-1].decode(), f["errorCode"]) for f in pipeline.failed()} == {
        ("fail c", "Lambda.ProcessingFailedStatus"),
        ("odd d", "Lambda.InvalidReturnFormat"),
        ("bare e", "Lambda.InvalidReturnFormat"),
        ("plain f", "Lambda.InvalidReturnFormat"),
        ("other g", "Lambda.MissingRecordId"),
    }


def test_what_failed_can_be_put_back(pipeline: Pipeline) -> None:
    pipeline.put("fail c\n")
    pipeline.flush()
    (line,) = pipeline.failed()
    order = "rawData errorCode errorMessage attemptsMade arrivalTimestamp attemptEndingTimestamp lambdaARN"
    assert list(line) == order.split()
    assert line["attemptsMade"] == 1
    assert abs(line["arrivalTimestamp"] / 1000 - time.time()) < 60
    assert base64.b64decode(line["rawData"]) == b"fail c\n"


@pytest.mark.parametrize(
    ("record", "code", "attempts"),
    [
        ("throw", "Lambda.FunctionError", 3),
        ("exit", "Lambda.FunctionError", 3),
        ("hang", "Lambda.FunctionTimedOut", 3),
        ("large", "Lambda.FunctionError", 3),
        ("nothing", "Lambda.MissingRecordId", 1),
        ("twice", "Lambda.DuplicatedRecordId", 1),
    ],
)
def test_a_batch_without_an_answer_is_retried_and_then_given_up(
    pipeline: Pipeline, record: str, code: str, attempts: int
) -> None:
    pipeline.put(record, "keep a\n")
    counts = pipeline.flush()
    assert (counts["codes"], counts["attempts"], counts["kept"]) == ({code: 2}, attempts, 0)
    assert {line["attemptsMade"] for line in pipeline.failed()} == {attempts}


def test_an_environment_stays_warm_until_it_fails(pipeline: Pipeline) -> None:
    for records in (["keep a\n"], ["keep b\n"], ["exit"], ["keep c\n"]):
        pipeline.put(*records)
        pipeline.flush()
    runs = [run for run in pipeline.emulator.control("GET", "invocations") if pipeline.name in run["function"]]
    told = [json.loads(line) for run in runs for line in run["log"].splitlines() if line.startswith("{")]
    assert [entry["calls"] for entry in told] == [1, 2, 3, 1, 1, 1]
    assert told[0]["keys"] == ["invocationId", "deliveryStreamArn", "region", "records"]


def test_batches_are_closed_by_size_and_by_time(pipeline: Pipeline) -> None:
    pipeline.put(*["keep " + "x" * 400_000 + "\n"] * 5)  # two fit in a batch of one megabyte
    pipeline.emulator.control("PUT", "speed", {"firehose": 1000})
    counts: dict[str, Any] = {}
    for _ in range(100):
        counts = pipeline.emulator.control("POST", "firehose", ["nothing else is asked to hurry"]) or {}
        time.sleep(0.05)
        if len(pipeline.written("logs/")) == 5:
            break
    counts = pipeline.flush()
    assert (counts["batches"], counts["kept"]) == (3, 5)


def test_what_is_refused_is_not_accepted(pipeline: Pipeline) -> None:
    put = pipeline.firehose.put_record_batch
    for records, message in (
        ([{"Data": b"x"}] * 501, "at most 500"),
        ([{"Data": b"x" * 1_024_001}], "1024000 bytes"),
        ([{"Data": b"x" * 1_000_000}] * 5, "4194304"),
    ):
        assert message in refusal(put, DeliveryStreamName=pipeline.name, Records=records)
    assert "not found" in refusal(put, DeliveryStreamName="none", Records=[{"Data": b"x"}])
    assert pipeline.flush()["accepted"] == 0


def test_some_entries_of_a_batch_can_be_refused(pipeline: Pipeline) -> None:
    pipeline.emulator.control("PUT", "faults", {"seed": 3, "entries": 0.5})
    answer = pipeline.put(*[f"keep {i}\n" for i in range(20)])
    refused = [i for i, entry in enumerate(answer["RequestResponses"]) if "ErrorCode" in entry]
    assert 0 < len(refused) < 20
    assert answer["FailedPutCount"] == len(refused)
    pipeline.flush()
    assert sorted(pipeline.written("logs/")) == sorted(f"KEEP {i}" for i in range(20) if i not in refused)


@pytest.mark.parametrize("when", ["before", "after"])
def test_while_s3_is_down_everything_waits(pipeline: Pipeline, when: str) -> None:
    pipeline.emulator.control("PUT", "faults", {"services": [{"service": "s3", "share": 0.6, "when": when}]})
    pipeline.put(*[f"keep {i}\n" for i in range(10)], "fail x\n")
    pipeline.flush()
    assert any(key.startswith("s3") for key in pipeline.emulator.control("GET", "faults"))
    pipeline.emulator.control("PUT", "faults", {})
    # an object whose answer was lost is written twice
    assert set(pipeline.written("logs/")) == {f"KEEP {i}" for i in range(10)}
    assert {line["errorCode"] for line in pipeline.failed()} == {"Lambda.ProcessingFailedStatus"}


@pytest.mark.parametrize("fault", ["throw", "crash", "timeout", "throttle"])
def test_invocations_fail_on_purpose(pipeline: Pipeline, fault: str) -> None:
    pipeline.emulator.control("PUT", "faults", {"functions": {fault: 1}})
    pipeline.put("keep a\n")
    codes = {"timeout": "Lambda.FunctionTimedOut", "throttle": "Lambda.InvokeLimitExceeded"}
    assert pipeline.flush()["codes"] == {codes.get(fault, "Lambda.FunctionError"): 1}


def test_the_archive_has_every_record_as_it_came(emulator: Emulator, stack: Stack) -> None:
    pipeline = Pipeline(emulator, stack, backup=True)
    pipeline.put("keep a\n", "drop b\n", "fail c\n")
    pipeline.flush()
    assert pipeline.written("all/", pipeline.archive) == ["keep a", "drop b", "fail c"]
    without = {**pipeline.resources, "Stream": pipeline.stream(backup=False)}
    assert stack.deploy(without) == "UPDATE_ROLLBACK_COMPLETE"
    assert "cannot be disabled once it is enabled" in stack.reason()


def test_an_archive_can_be_added_later(pipeline: Pipeline) -> None:
    pipeline.put("keep a\n")
    assert pipeline.stack.deploy({**pipeline.resources, "Stream": pipeline.stream(backup=True)}) == "UPDATE_COMPLETE"
    pipeline.put("keep b\n")
    pipeline.flush()
    assert pipeline.written("logs/") == ["KEEP A", "KEEP B"]
    assert pipeline.written("all/", pipeline.archive) == ["keep b"]


def test_a_role_firehose_cannot_assume_fails_the_stream(pipeline: Pipeline) -> None:
    resources = {**pipeline.resources, "DeliveryRole": role("ec2.amazonaws.com")}
    resources["Stream"] = pipeline.stream(backup=True)  # so that it is looked at again
    assert pipeline.stack.deploy(resources) == "UPDATE_ROLLBACK_COMPLETE"
    assert "unable to assume role" in pipeline.stack.reason()


def test_a_stream_and_what_it_writes_to_go_with_their_stack(pipeline: Pipeline) -> None:
    pipeline.stack.delete()
    assert pipeline.name not in pipeline.firehose.list_delivery_streams()["DeliveryStreamNames"]
