"""Who calls, and calls of our own in somebody's account."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from moto.iam.models import get_account_id_from, iam_backends
from moto.sts.models import sts_backends
from werkzeug.wrappers import Request

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Place:
    """An account in a region: where every resource lives."""

    account: str
    region: str


@dataclass(frozen=True)
class Signature:
    """What the signature of a request says of it: whose key, which region, which service."""

    access_key_id: str
    region: str
    service: str

    def account(self, default: str) -> str:
        """The account the key belongs to; the default if it was given out by nobody here."""
        backends = list(iam_backends.items())
        owners = (a for a, b in backends if any(self.access_key_id in iam.access_keys for iam in list(b.values())))
        return next(owners, default)


def signature_of(request: Request) -> Signature | None:
    """The signature in the Authorization header; its correctness is not checked."""
    match = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    return Signature(*match.groups()) if match else None


def identity(access_key_id: str) -> str | None:
    """The ARN of the role session a temporary key belongs to, as STS tells it."""
    session = _session(access_key_id)
    return None if session is None else str(session.arn)


def secret(access_key_id: str) -> str | None:
    """The secret half of a temporary key."""
    session = _session(access_key_id)
    return None if session is None else str(session.secret_access_key)


def _session(access_key_id: str) -> Any:
    backends = sts_backends[get_account_id_from(access_key_id)]
    found = (backend.get_assumed_role_from_access_key(access_key_id) for backend in list(backends.values()))
    return next((session for session in found if session is not None), None)


class Clients:
    """SDK clients that speak to this emulator itself, in whatever account is asked for."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._credentials: dict[str, dict[str, str]] = {}
        self._clients: dict[tuple[str, Place], Any] = {}
        self._lock = threading.Lock()

    def get(self, service: str, place: Place) -> Any:
        """A client of a service, made once."""
        with self._lock:
            key = (service, place)
            if key not in self._clients:
                self._clients[key] = self._make(service, place.region, self._of_account(place.account))
            return self._clients[key]

    def assume(self, role_arn: str, session: str, region: str) -> dict[str, str]:
        """Credentials of a role's session: AccessKeyId, SecretAccessKey, SessionToken."""
        sts = self._make("sts", region, {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"})
        return dict(sts.assume_role(RoleArn=role_arn, RoleSessionName=session)["Credentials"])

    def _of_account(self, account: str) -> dict[str, str]:
        if account not in self._credentials:
            keys = self.assume(f"arn:aws:iam::{account}:role/cloudformation", "sandbox", "us-east-1")
            self._credentials[account] = {
                "aws_access_key_id": keys["AccessKeyId"],
                "aws_secret_access_key": keys["SecretAccessKey"],
                "aws_session_token": keys["SessionToken"],
            }
        return self._credentials[account]

    def _make(self, service: str, region: str, credentials: dict[str, str]) -> Any:
        # an answer that is an error is one: to ask again would hide it
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, max_pool_connections=20)
        return boto3.session.Session().client(
            service, region_name=region, endpoint_url=self.endpoint, config=config, **credentials
        )
