"""One batch through the function: what it is handed, how often, and what its answer means for each record.

What is retried and what is said of a failure was probed against the real service by the floci project (2026-09): a
function that errs is retried, an answer in the wrong form is not.

@see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
"""

from __future__ import annotations

import base64
import binascii
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..warm_functions import Invocation


@dataclass(frozen=True)
class Record:
    """A record as it was accepted."""

    id: str
    data: bytes
    arrived: float  # seconds since 1970


@dataclass(frozen=True)
class Failure:
    """A record that goes to the error prefix, and why."""

    record: Record
    code: str
    message: str
    attempts: int
    ended: float

    def line(self, function: str) -> bytes:
        """As it is written, in the order of the real service."""
        told = {
            "rawData": base64.b64encode(self.record.data).decode(),
            "errorCode": self.code,
            "errorMessage": self.message,
            "attemptsMade": self.attempts,
            "arrivalTimestamp": int(self.record.arrived * 1000),
            "attemptEndingTimestamp": int(self.ended * 1000),
            "lambdaARN": function,
        }
        return json.dumps(told, separators=(",", ":")).encode() + b"\n"


@dataclass
class Outcome:
    """What became of a batch."""

    kept: list[tuple[Record, bytes]] = field(default_factory=list)
    dropped: list[Record] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    attempts: int = 0


_ERRORS = {
    "TooManyRequestsException": (
        "Lambda.InvokeLimitExceeded",
        "The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.",
    ),
    "Task timed out": (
        "Lambda.FunctionTimedOut",
        "The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.",
    ),
}
_FUNCTION_ERROR = (
    "Lambda.FunctionError",
    "The Lambda function was successfully invoked but it returned an error result.",
)
_MISSING = (
    "Lambda.MissingRecordId",
    "One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.",
)
_DUPLICATED = (
    "Lambda.DuplicatedRecordId",
    "Multiple records were returned with the same record ID. Ensure that the Lambda function returns a unique record ID for each record.",
)
_FAILED = ("Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record")
_FORMAT = "Lambda.InvalidReturnFormat"


def transform(
    records: list[Record],
    stream_arn: str,
    invoke: Callable[[dict[str, Any]], Invocation],
    retries: int,
    pause: Callable[[int], None],
) -> Outcome:
    """Hands a batch to the function until it answers, or the retries are used up."""
    event = {
        "invocationId": str(uuid.uuid4()),
        "deliveryStreamArn": stream_arn,
        "region": stream_arn.split(":")[3],
        "records": [
            {
                "recordId": record.id,
                "approximateArrivalTimestamp": int(record.arrived * 1000),
                "data": base64.b64encode(record.data).decode(),
            }
            for record in records
        ],
    }
    attempt = 0
    while True:
        attempt += 1
        answer = invoke(event)
        if answer.ok:
            return _judged(records, answer.payload, attempt)
        if attempt > retries:
            known = next((told for text, told in _ERRORS.items() if answer.error.startswith(text)), _FUNCTION_ERROR)
            return _all_failed(records, known, attempt)
        pause(attempt)


def _all_failed(records: list[Record], why: tuple[str, str], attempt: int) -> Outcome:
    now = time.time()
    return Outcome(failed=[Failure(record, *why, attempt, now) for record in records], attempts=attempt)


def _judged(records: list[Record], payload: Any, attempt: int) -> Outcome:
    """What the answer says of each record; what it says of others is passed over."""
    given = payload.get("records") if isinstance(payload, dict) else None
    if not isinstance(given, list):
        return _all_failed(records, _MISSING, attempt)
    by_id: dict[str, list[Any]] = {}
    for result in given:
        if isinstance(result, dict):
            by_id.setdefault(str(result.get("recordId")), []).append(result)
    outcome, now = Outcome(attempts=attempt), time.time()
    for record in records:
        results = by_id.get(record.id, [])
        why = _MISSING if not results else _DUPLICATED if len(results) > 1 else _put(outcome, record, results[0])
        if why is not None:
            outcome.failed.append(Failure(record, *why, attempt, now))
    return outcome


def _put(outcome: Outcome, record: Record, result: dict[str, Any]) -> tuple[str, str] | None:
    """Puts a record where its result says; why it cannot be, else None."""
    status = result.get("result")
    if status == "Dropped":
        outcome.dropped.append(record)
        return None
    if status == "ProcessingFailed":
        return _FAILED
    if status != "Ok":
        return _FORMAT, f"The result must be Ok, Dropped or ProcessingFailed, not {status!r}"
    if result.get("data") is None:
        return _FORMAT, "The data field cannot be null when the result is Ok"
    try:
        outcome.kept.append((record, base64.b64decode(result["data"], validate=True)))
    except (binascii.Error, ValueError, TypeError):
        return _FORMAT, "The data field must be base64 encoded"
    return None
