"""What Firehose calls the objects it writes.

@see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

_EXPRESSION = re.compile(r"!\{([\w-]+):([^}]*)\}")
# the letters of Java's DateTimeFormatter that logs are partitioned by
_LETTERS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_EXTENSIONS = {"GZIP": ".gz", "ZIP": ".zip", "Snappy": ".snappy", "HADOOP_SNAPPY": ".snappy", "UNCOMPRESSED": ""}


class BadPrefix(Exception):
    """An expression that is none."""


def check_prefixes(prefix: str, error_prefix: str) -> None:
    """Refuses expressions that Firehose does not know, and those it wants elsewhere."""
    kinds = {kind for kind, _ in _EXPRESSION.findall(prefix)}
    error_types = re.findall(r"!\{firehose:error-output-type\}", prefix)
    if error_types:
        raise BadPrefix("Prefix cannot contain !{firehose:error-output-type}.")
    if kinds and not error_prefix:
        raise BadPrefix("ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.")
    if "!{" in error_prefix and "!{firehose:error-output-type}" not in error_prefix:
        raise BadPrefix("ErrorOutputPrefix must contain !{firehose:error-output-type} when it contains expressions.")
    for text in (prefix, error_prefix):
        evaluated(text, datetime.now(UTC), "processing-failed")


def evaluated(prefix: str, when: datetime, error_type: str = "") -> str:
    """A prefix with its expressions carried out; one without a timestamp is followed by year, month, day and hour."""

    def replaced(match: re.Match[str]) -> str:
        kind, argument = match.groups()
        if kind == "timestamp":
            return _formatted(argument, when)
        if kind == "firehose" and argument == "error-output-type":
            return error_type
        if kind == "firehose" and argument == "random-string":
            return uuid.uuid4().hex[:11]
        raise BadPrefix(f"the local AWS does not know the expression !{{{kind}:{argument}}}")

    text = _EXPRESSION.sub(replaced, prefix)
    if "!{" in text:
        raise BadPrefix(f"the expression in {prefix!r} is not closed")
    if error_type and "error-output-type" not in prefix:
        text += f"{error_type}/"
    return text if "!{timestamp:" in prefix else text + when.strftime("%Y/%m/%d/%H/")


def object_name(stream: str, version: str, when: datetime, compression: str, extension: str = "") -> str:
    """The last part of a key."""
    stamp = when.strftime("%Y-%m-%d-%H-%M-%S")
    return f"{stream}-{version}-{stamp}-{uuid.uuid4()}{extension or _EXTENSIONS[compression]}"


def _formatted(pattern: str, when: datetime) -> str:
    parts = re.findall(r"'[^']*'|[A-Za-z]+|[^A-Za-z']+", pattern)
    text = ""
    for part in parts:
        if part.startswith("'"):
            text += part[1:-1]
        elif part in _LETTERS:
            text += when.strftime(_LETTERS[part])
        elif part.isalpha():
            raise BadPrefix(f"the local AWS does not know the date pattern {part!r}")
        else:
            text += part
    return text
