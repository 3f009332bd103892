"""What a profile's validators say of a content."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import SchemaError

from ..service import ServiceError
from ..warm_functions import Invocation
from .store import Profile, Version

MOST_SCHEMA = 32 * 1024
_MOST_CONTENT = 2 * 1024 * 1024


def check_validators(validators: list[dict[str, str]]) -> None:
    """Refuses validators that could never be carried out."""
    if len(validators) > 2:
        raise ServiceError("BadRequestException", "a profile has at most two validators")
    for validator in validators:
        if validator["Type"] != "JSON_SCHEMA":
            continue
        if len(validator["Content"]) > MOST_SCHEMA:
            raise ServiceError("BadRequestException", f"a JSON schema has at most {MOST_SCHEMA} characters")
        try:
            schema = json.loads(validator["Content"])
        except ValueError:
            raise ServiceError("BadRequestException", "the JSON schema is no JSON") from None
        if "draft-04" not in str(schema.get("$schema", "draft-04")):
            raise ServiceError("BadRequestException", "only version 4.X of JSON schema is supported")
        try:
            Draft4Validator.check_schema(schema)
        except SchemaError as error:
            raise ServiceError("BadRequestException", f"the JSON schema is none: {error.message}") from None


def check_content(
    profile: Profile, version: Version, application: str, invoke: Callable[[str, Any], Invocation] | None
) -> None:
    """Refuses a content that a validator refuses. Without `invoke` only the schemas are asked."""
    if len(version.content) > _MOST_CONTENT:
        raise ServiceError("PayloadTooLargeException", f"The content is larger than {_MOST_CONTENT} bytes.")
    for validator in profile.validators:
        if validator["Type"] == "JSON_SCHEMA":
            _by_schema(json.loads(validator["Content"]), version.content)
        elif invoke is not None:
            _by_function(validator["Content"], profile, version, application, invoke)


def _by_schema(schema: dict[str, Any], content: bytes) -> None:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise ServiceError("BadRequestException", f"Error validating: the content is no JSON: {error}") from None
    found = [
        f"{'/'.join(map(str, error.absolute_path)) or '(root)'}: {error.message[:300]}"
        for error in Draft4Validator(schema).iter_errors(value)
    ]
    if found:
        raise ServiceError("BadRequestException", "Error validating against the JSON schema: " + "; ".join(found[:20]))


def _by_function(
    arn: str, profile: Profile, version: Version, application: str, invoke: Callable[[str, Any], Invocation]
) -> None:
    event = {
        "applicationId": application,
        "configurationProfileId": profile.id,
        "configurationVersion": str(version.number),
        "content": base64.b64encode(version.content).decode(),
        "uri": profile.location,
    }
    answer = invoke(arn, event)
    if not answer.ok:
        raise ServiceError("BadRequestException", f"Error invoking the Lambda validator {arn}: {answer.error}")
