"""The configuration of add-ons, checked as far as a schema of the very version is at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft6Validator, FormatChecker, ValidationError
from jsonschema.validators import validator_for

_REFUSED = "ConfigurationValue provided in request is not supported: Json schema validation failed with error: [{}]"
_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
# what the schemas of EKS say of texts: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonConfiguration.html
_FORMATS = {
    "boolean": re.compile(r"1|t|T|TRUE|true|True|0|f|F|FALSE|false|False"),
    "integer": re.compile(r"[+-]?\d+"),
}


class Schemas:
    """The schemas in a folder, each named after its version: what DescribeAddonConfiguration answered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def problem(self, addon: str, version: str, text: str) -> str | None:
        """Why EKS does not take a configuration; without a schema an object is taken as it is."""
        try:
            value = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
        except (ValueError, yaml.YAMLError):
            return "The ConfigurationValues provided is not in valid YAML or JSON format."
        if not isinstance(value, dict):
            return _REFUSED.format(f"$: {_kind(value)} found, object expected")
        schema = self._of(addon, version)
        faults = [] if schema is None else list(_faults(schema, value))
        return _REFUSED.format(", ".join(faults)) if faults else None

    def _of(self, addon: str, version: str) -> dict[str, Any] | None:
        """The schema of a version of an add-on; None if it is not at hand."""
        file = self._folder / f"{version}.json"
        if not re.fullmatch(r"v[\w.-]+", version) or not file.is_file():
            return None
        answer = _read(file, file.stat().st_mtime_ns)
        return dict(answer["configurationSchema"]) if answer["addonName"] == addon else None


@cache
def _read(file: Path, _changed: int) -> dict[str, Any]:
    return dict(json.loads(file.read_text()))


def _faults(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
    """What a schema refuses, in the words of the validator that EKS uses."""
    formats = FormatChecker(formats=())
    for name, pattern in _FORMATS.items():
        formats.checks(name)(lambda text, pattern=pattern: not isinstance(text, str) or bool(pattern.fullmatch(text)))
    validator = validator_for(schema, default=Draft6Validator)(schema, format_checker=formats)
    for error in sorted(validator.iter_errors(value), key=lambda e: e.json_path):
        yield from _words(error)


def _words(error: ValidationError) -> list[str]:
    at, kind, limit, found = error.json_path, error.validator, error.validator_value, error.instance
    if kind == "additionalProperties" and limit is False:
        extra = [key for key in found if key not in error.schema.get("properties", {})]
        told = "is not defined in the schema and the schema does not allow additional properties"
        return [f"{at}.{key}: {told}" for key in extra]
    if kind == "required":
        return [f"{at}.{key}: is missing but it is required" for key in limit if f"'{key}'" in error.message]
    words = {
        "type": lambda: f"{_kind(found)} found, {limit if isinstance(limit, str) else json.dumps(limit)} expected",
        "enum": lambda: f"does not have a value in the enumeration [{', '.join(map(str, limit))}]",
        "pattern": lambda: f"does not match the regex pattern {limit}",
        "format": lambda: f"does not match the {limit} pattern",
        "minimum": lambda: f"must have a minimum value of {limit}",
        "maximum": lambda: f"must have a maximum value of {limit}",
    }
    return [f"{at}: {words[kind]() if kind in words else error.message}"]


def _kind(value: Any) -> str:
    return _NAMES.get(type(value), "null")
