"""The parameters of a template: given, default, from SSM, and the rules over them."""

from __future__ import annotations

import re
from typing import Any

from ..accounts import Clients, Place
from .intrinsics import Scope, as_bool
from .template import Template, invalid

_SSM = "AWS::SSM::Parameter::Value<"


def given_parameters(
    template: Template, listed: list[dict[str, Any]], previous: dict[str, Any] | None
) -> dict[str, str]:
    """What the caller gave, `UsePreviousValue` replaced by what was given before."""
    given: dict[str, str] = {}
    for parameter in listed:
        name = parameter["ParameterKey"]
        if name not in template.parameters:
            raise invalid(f"Parameters: [{name}] do not exist in the template")
        if parameter.get("UsePreviousValue"):
            if previous is None:
                raise invalid(f"Parameters: [{name}] has no previous value")
            if name in previous:
                given[name] = previous[name]
        else:
            given[name] = parameter.get("ParameterValue", "")
    return given


def parameter_values(template: Template, given: dict[str, str], clients: Clients, place: Place) -> dict[str, Any]:
    """The value of each parameter, as Ref sees it."""
    missing = [n for n, d in template.parameters.items() if n not in given and "Default" not in d]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    return {
        name: _value(name, definition, str(given.get(name, definition.get("Default"))), clients, place)
        for name, definition in template.parameters.items()
    }


def check_rules(template: Template, pseudo: dict[str, Any], values: dict[str, Any]) -> None:
    """Refuses values that a rule of the template forbids."""
    scope = Scope(template, pseudo, values)
    for rule in template.rules.values():
        if "RuleCondition" in rule and not as_bool(scope.resolve(rule["RuleCondition"])):
            continue
        for assertion in rule.get("Assertions", []):
            if not as_bool(scope.resolve(assertion["Assert"])):
                raise invalid(
                    f"Template validation error: {assertion.get('AssertDescription', 'a rule does not hold')}"
                )


def _value(name: str, definition: dict[str, Any], text: str, clients: Clients, place: Place) -> Any:
    kind = definition.get("Type", "String")
    allowed = [str(value) for value in definition.get("AllowedValues", [])]
    if allowed and text not in allowed:
        raise invalid(f"Parameter '{name}' must be one of AllowedValues [{', '.join(allowed)}], not {text!r}")
    pattern = definition.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, text):
        raise invalid(f"Parameter '{name}' must match pattern {pattern}, not {text!r}")
    if kind.startswith(_SSM):
        ssm = clients.get("ssm", place)
        try:
            text = ssm.get_parameter(Name=text)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            raise invalid(f"Unable to fetch parameters [{text}] from parameter store for this account.") from None
        kind = kind.removeprefix(_SSM).removesuffix(">")
    if kind == "Number" and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise invalid(f"Parameter '{name}' must be a number, not {text!r}")
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [item.strip() for item in text.split(",")] if text else []
    return text
