"""The configuration of add-ons: what EKS refuses of it, with and without a schema of the version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.eks.configurations import Schemas

from .conftest import SANDBOX, Emulator, Stack, refusal
from .test_eks import Ground

KNOWN = "v9.9.9-eksbuild.1"  # its schema is beside this file
REFUSED = "ConfigurationValue provided in request is not supported: Json schema validation failed with error: "
UNDEFINED = "is not defined in the schema and the schema does not allow additional properties"
VALUES = [
    ("nothing", {}, None),
    ("what it knows", {"enableNetworkPolicy": "true", "env": {"WARM_IP_TARGET": "5"}}, None),
    ("an unknown variable", {"env": {"WARM_IP_TARGETS": "5"}}, f"[$.env.WARM_IP_TARGETS: {UNDEFINED}]"),
    ("an unknown key", {"networkPolicy": "true"}, f"[$.networkPolicy: {UNDEFINED}]"),
    ("two of them", {"a": 1, "env": {"B": "1"}}, f"[$.a: {UNDEFINED}, $.env.B: {UNDEFINED}]"),
    ("a number for a text", {"env": {"WARM_IP_TARGET": 5}}, "[$.env.WARM_IP_TARGET: integer found, string expected]"),
    ("a truth for a text", {"enableNetworkPolicy": True}, "[$.enableNetworkPolicy: boolean found, string expected]"),
    (
        "a text that is no number",
        {"env": {"WARM_IP_TARGET": "five"}},
        "[$.env.WARM_IP_TARGET: does not match the integer pattern]",
    ),
    (
        "a value that there is not",
        {"env": {"AWS_VPC_K8S_CNI_LOGLEVEL": "TRACE"}},
        "[$.env.AWS_VPC_K8S_CNI_LOGLEVEL: does not have a value in the enumeration [DEBUG, INFO]]",
    ),
    ("what is missing", {"tolerations": [{}]}, "[$.tolerations[0].key: is missing but it is required]"),
]


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(SANDBOX / "tests" / "schemas")


@pytest.mark.parametrize(("value", "words"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_the_schema_of_the_version_is_honoured(schemas: Schemas, value: dict[str, Any], words: str | None) -> None:
    problem = schemas.problem("vpc-cni", KNOWN, json.dumps(value))
    assert problem == (None if words is None else f"{REFUSED}{words}")


@pytest.mark.parametrize(
    ("addon", "version"),
    [("vpc-cni", "v9.9.9-eksbuild.2"), ("coredns", KNOWN), ("vpc-cni", "../schemas/v9.9.9-eksbuild.1")],
)
def test_without_a_schema_every_object_is_taken(schemas: Schemas, addon: str, version: str) -> None:
    assert schemas.problem(addon, version, '{"anything": 1}') is None
    assert schemas.problem(addon, version, "anything:\n  at: all\n") is None
    assert Schemas(Path("/nonexistent")).problem(addon, version, "{}") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "The ConfigurationValues provided is not in valid YAML or JSON format."),
        ("a: b: c", "The ConfigurationValues provided is not in valid YAML or JSON format."),
        ("[1]", f"{REFUSED}[$: array found, object expected]"),
        ("text", f"{REFUSED}[$: string found, object expected]"),
        ("1", f"{REFUSED}[$: integer found, object expected]"),
        ("null", f"{REFUSED}[$: null found, object expected]"),
    ],
)
def test_what_is_no_object_is_refused(schemas: Schemas, text: str, words: str) -> None:
    assert schemas.problem("vpc-cni", "v1.0.0-eksbuild.1", text) == words


def test_a_schema_that_comes_later_counts(tmp_path: Path) -> None:
    schemas = Schemas(tmp_path)
    assert schemas.problem("vpc-cni", "v1.0.0-eksbuild.1", '{"a": 1}') is None
    strict = {"addonName": "vpc-cni", "configurationSchema": {"additionalProperties": False}}
    (tmp_path / "v1.0.0-eksbuild.1.json").write_text(json.dumps(strict))
    assert schemas.problem("vpc-cni", "v1.0.0-eksbuild.1", '{"a": 1}') == f"{REFUSED}[$.a: {UNDEFINED}]"


@pytest.fixture(scope="module")
def cluster(emulator: Emulator) -> Iterator[tuple[Any, str]]:
    ground = Ground(emulator, "ground-addons")
    name = ground.cluster()
    yield ground.eks, name
    ground.eks.delete_cluster(name=name)
    assert ground.stack.delete() == "DELETE_COMPLETE", ground.stack.reason()


def test_a_stack_tells_which_value_eks_refused(cluster: tuple[Any, str], stack: Stack) -> None:
    eks, name = cluster

    def addon(version: str, text: str) -> dict[str, Any]:
        properties = {
            "ClusterName": name,
            "AddonName": "vpc-cni",
            "AddonVersion": version,
            "ConfigurationValues": text,
        }
        return {"Cni": {"Type": "AWS::EKS::Addon", "Properties": properties}}

    wrong, right = '{"env":{"X":"1"}}', '{"env":{"WARM_IP_TARGET":"1"}}'
    assert stack.deploy(addon("v9.9.8-eksbuild.1", wrong)) == "CREATE_COMPLETE", stack.reason()
    # the new version does not know it
    assert stack.deploy(addon(KNOWN, wrong)) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"{REFUSED}[$.env.X: {UNDEFINED}]" in stack.reason()
    assert "(InvalidParameterException)" in stack.reason()
    assert eks.describe_addon(clusterName=name, addonName="vpc-cni")["addon"]["addonVersion"] == "v9.9.8-eksbuild.1"
    assert UNDEFINED in refusal(eks.update_addon, clusterName=name, addonName="vpc-cni", addonVersion=KNOWN)
    assert stack.deploy(addon(KNOWN, right)) == "UPDATE_COMPLETE", stack.reason()
    kept = eks.describe_addon(clusterName=name, addonName="vpc-cni")["addon"]
    assert (kept["addonVersion"], kept["configurationValues"]) == (KNOWN, right)
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_refused_addon_is_not_there(cluster: tuple[Any, str]) -> None:
    eks, name = cluster
    request = {"clusterName": name, "addonName": "vpc-cni", "addonVersion": KNOWN}
    message = refusal(eks.create_addon, **request, configurationValues='{"env":{"X":"1"}}')
    assert message == f"InvalidParameterException: {REFUSED}[$.env.X: {UNDEFINED}]"
    assert eks.list_addons(clusterName=name)["addons"] == []
