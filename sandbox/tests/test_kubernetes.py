"""Canaries of the stand-in for Kubernetes and of the runner of functions."""

from __future__ import annotations

import base64
import io
import json
import ssl
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from emulator.functions import Function, run, stop_all
from emulator.kubernetes import AccessEntry, KubernetesApis, merged, same_principal
from emulator.tokens import BadToken, access_key_of

KEY, SECRET = "ASIAEXAMPLE", "secret"
ROLE, SESSION = "arn:aws:iam::111122223333:role/ci/Deployer", "arn:aws:sts::111122223333:assumed-role/Deployer/me"
CLUSTER = ("111122223333", "ap-northeast-1", "dev")
MAPS = "/api/v1/namespaces/kube-system/configmaps"


def token(cluster: str = "dev", secret: str = SECRET, at: datetime | None = None, **changes: str) -> str:
    """A token as clients make one; `changes` replace parts of its URL."""
    host = changes.get("host", "sts.ap-northeast-1.amazonaws.com")
    action = changes.get("action", "GetCallerIdentity")
    url = f"{changes.get('scheme', 'https')}://{host}{changes.get('path', '/')}?Action={action}&Version=2011-06-15"
    request = AWSRequest("GET", url + changes.get("query", ""), headers={"x-k8s-aws-id": cluster})
    signer = SigV4QueryAuth(Credentials(KEY, secret, "session"), "sts", "ap-northeast-1", expires=60)
    signer.add_auth(request)
    signed = str(request.url)
    if at is not None:
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        signed = signed.replace(signed.split("X-Amz-Date=")[1][:16], stamp)
    return "k8s-aws-v1." + base64.urlsafe_b64encode(signed.encode()).decode().rstrip("=")


def secret_of(key: str) -> str | None:
    return SECRET if key == KEY else None


BAD = [
    ("another prefix", lambda: token().replace("v1", "v2"), "does not start with"),
    ("too long", lambda: token() + "A" * 5000, "longer than 4096"),
    ("padded", lambda: token() + "=", "is padded"),
    ("plain HTTP", lambda: token(scheme="http"), "unexpected scheme"),
    ("another host", lambda: token(host="127.0.0.1:5000"), "unexpected host"),
    ("another path", lambda: token(path="/x"), "unexpected path"),
    ("another action", lambda: token(action="AssumeRole"), "unexpected action"),
    ("another parameter", lambda: token(query="&RoleArn=x"), "unknown query parameter rolearn"),
    ("old", lambda: token(at=datetime.now(UTC) - timedelta(minutes=16)), "expired"),
    ("for another cluster", lambda: token("prod"), "is the token for another cluster?"),
    ("signed by somebody else", lambda: token(secret="stolen"), "does not match"),
]


@pytest.mark.parametrize(("made", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_token_that_eks_would_refuse_is_refused(made: Any, message: str) -> None:
    with pytest.raises(BadToken, match=message.replace("?", r"\?")):
        access_key_of(made(), "dev", secret_of)


def test_a_token_of_nobody_is_refused() -> None:
    with pytest.raises(BadToken, match="nobody has the access key"):
        access_key_of(token(), "dev", lambda _key: None)
    assert access_key_of(token(), "dev", secret_of) == KEY


@pytest.mark.parametrize(
    ("principal", "session", "same"),
    [
        (ROLE, SESSION, True),
        (ROLE, SESSION.replace("Deployer", "Other"), False),
        (ROLE, SESSION.replace("1111", "4444"), False),
        ("arn:aws:iam::111122223333:user/me", "arn:aws:iam::111122223333:user/me", True),
    ],
)
def test_sessions_belong_to_their_role(principal: str, session: str, same: bool) -> None:
    assert same_principal(principal, session) is same


class World:
    """The stand-in with one access entry that can be changed."""

    def __init__(self) -> None:
        self.entries: list[AccessEntry] = []
        self.apis = KubernetesApis(lambda _key: SESSION, lambda *_: self.entries, secret_of, delay=0.2)
        self.endpoint, authority = self.apis.open(*CLUSTER)
        self.tls = ssl.create_default_context(cadata=base64.b64decode(authority).decode())

    def let_in(self, *policies: str, age: float = 60) -> None:
        self.entries = [AccessEntry(ROLE, "STANDARD", (), policies, time.monotonic() - age)]

    def call(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token()}", "Content-Type": kind}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=5) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.apis.close_all()


def test_an_entry_lets_in_a_moment_after_it_was_made(world: World) -> None:
    assert world.call("GET", MAPS)[0] == 401
    world.let_in("AmazonEKSClusterAdminPolicy", age=0)
    assert world.call("GET", MAPS)[0] == 401
    time.sleep(0.25)
    assert world.call("GET", MAPS)[0] == 200


def test_who_may_only_look_cannot_write(world: World) -> None:
    world.let_in("AmazonEKSViewPolicy")
    assert world.call("GET", MAPS)[0] == 200
    assert world.call("POST", MAPS, {"metadata": {"name": "x"}})[0] == 403
    assert world.call("GET", "/api/v1/namespaces/kube-system/secrets")[0] == 403
    world.let_in()
    assert world.call("GET", MAPS)[0] == 403


def test_objects_have_versions(world: World) -> None:
    world.let_in("AmazonEKSClusterAdminPolicy")
    assert world.call("GET", f"{MAPS}/aws-auth")[0] == 404
    status, made = world.call("POST", MAPS, {"kind": "ConfigMap", "metadata": {"name": "aws-auth"}, "data": {"a": "1"}})
    assert status == 201
    assert world.call("POST", MAPS, {"metadata": {"name": "aws-auth"}})[1]["reason"] == "AlreadyExists"
    assert world.call("PUT", f"{MAPS}/aws-auth", {**made, "data": {"a": "2"}})[0] == 200
    status, answer = world.call("PUT", f"{MAPS}/aws-auth", {**made, "data": {"a": "3"}})
    assert (status, answer["reason"]) == (409, "Conflict")
    assert world.call("GET", f"{MAPS}/aws-auth")[1]["data"] == {"a": "2"}
    assert [item["metadata"]["name"] for item in world.call("GET", MAPS)[1]["items"]] == ["aws-auth"]
    assert world.call("DELETE", f"{MAPS}/aws-auth")[0] == 200
    assert world.call("GET", f"{MAPS}/aws-auth")[0] == 404
    assert world.call("POST", "/api/v1/namespaces/none/configmaps", {"metadata": {"name": "x"}})[0] == 404


def test_the_role_of_a_binding_never_changes(world: World) -> None:
    world.let_in("AmazonEKSClusterAdminPolicy")
    path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/b?fieldManager=x&force=true"
    binding = {"metadata": {"name": "b"}, "roleRef": {"name": "view"}, "subjects": []}
    assert world.call("PATCH", path, binding, "application/apply-patch+yaml")[0] == 201
    assert world.call("PATCH", path, {**binding, "subjects": [1]}, "application/apply-patch+yaml")[0] == 200
    status, answer = world.call("PATCH", path, {**binding, "roleRef": {"name": "edit"}}, "application/apply-patch+yaml")
    assert (status, answer["reason"]) == (422, "Invalid")


def test_a_merge_patch_is_rfc_7396() -> None:
    assert merged({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": 4}}) == {"b": {"c": 4, "d": 3}}


def function(source: str, timeout: int = 10, name: str = "index.js") -> Function:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, source)
    return Function("f", "index.handler", timeout, 128, "ap-northeast-1", {"MINE": "x"}, packed.getvalue())


KEYS = {"AccessKeyId": KEY, "SecretAccessKey": SECRET, "SessionToken": "session"}


def invoke(it: Function) -> Any:
    return run(it, {"a": 1}, eks_endpoint="http://127.0.0.1:1", credentials=KEYS, node_modules=Path("/nonexistent"))


def test_a_function_runs_with_what_lambda_gives_it() -> None:
    source = """exports.handler = async (event, context) => {
      const { AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_EKS, MINE, AWS_REGION } = process.env;
      console.log(JSON.stringify({ event, left: context.getRemainingTimeInMillis() > 5000,
        AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_EKS, MINE, AWS_REGION }));
    };"""
    outcome = invoke(function(source))
    assert outcome.ok, outcome
    assert json.loads(outcome.log) == {
        "event": {"a": 1},
        "left": True,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_ENDPOINT_URL_EKS": "http://127.0.0.1:1",
        "MINE": "x",
        "AWS_REGION": "ap-northeast-1",
    }


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (function("exports.handler = async () => { throw new Error('no luck'); };"), "f failed: Error: no luck"),
        (function("exports.other = 1;"), "index exports no function handler"),
        (function("syntax error here"), "SyntaxError"),
        (
            function("exports.handler = () => new Promise(() => setInterval(() => 0, 100));", 1),
            "after its time-out of 1 s",
        ),
        (Function("f", "index.handler", 1, 128, "r", {}, b"no zip"), "f cannot be run"),
        (function("x", name="../outside.js"), "a member outside of itself"),
    ],
    ids=["throws", "no handler", "no code", "hangs", "no zip", "a zip that climbs"],
)
def test_a_function_that_fails_says_why(made: Function, message: str) -> None:
    outcome = invoke(made)
    assert not outcome.ok
    assert message in outcome.error


def test_functions_under_way_end_with_the_emulator() -> None:
    import threading

    source = "exports.handler = () => new Promise(() => setInterval(() => 0, 100));"
    outcomes: list[Any] = []
    thread = threading.Thread(target=lambda: outcomes.append(invoke(function(source, 60))))
    thread.start()
    time.sleep(0.5)
    stop_all()
    thread.join(5)
    assert not thread.is_alive() and not outcomes[0].ok
