"""Bearer tokens of EKS: a presigned call of STS, checked by the rules of aws-iam-authenticator.

@see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/81b1daba/pkg/token/token.go
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PREFIX = "k8s-aws-v1."
_LONGEST = 4096
_VALID = timedelta(minutes=15)
_CLUSTER_HEADER = "x-k8s-aws-id"
_KNOWN = {
    "action",
    "version",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
}


class BadToken(Exception):
    """Why a token is refused."""


def access_key_of(token: str, cluster: str, secret: Callable[[str], str | None], now: datetime | None = None) -> str:
    """The access key a token was signed with, for this cluster and not too long ago."""
    url = _url_of(token)
    query = _query_of(url)
    _check_host(url)
    if query.get("action") != "GetCallerIdentity":
        raise BadToken(f"unexpected action {query.get('action')!r}")
    if _CLUSTER_HEADER not in query.get("x-amz-signedheaders", "").split(";"):
        raise BadToken(f"the header {_CLUSTER_HEADER} is not signed")
    if not query.get("x-amz-expires", "").isdigit() or int(query["x-amz-expires"]) > 900:
        raise BadToken("X-Amz-Expires must be 0 to 900")
    signed = _date(query.get("x-amz-date", ""))
    age = (now or datetime.now(UTC)) - signed
    if not timedelta(0) - timedelta(minutes=5) <= age <= _VALID:
        raise BadToken("X-Amz-Date is expired")
    key, _, scope = query.get("x-amz-credential", "").partition("/")
    known = secret(key)
    if known is None:
        raise BadToken(f"nobody has the access key {key}")
    if _signature(url, cluster, Credentials(key, known), scope, query["x-amz-date"]) != query.get("x-amz-signature"):
        raise BadToken("the signature does not match; is the token for another cluster?")
    return key


def _url_of(token: str) -> str:
    if len(token) > _LONGEST:
        raise BadToken(f"longer than {_LONGEST} bytes")
    if not token.startswith(PREFIX):
        raise BadToken(f"does not start with {PREFIX}")
    text = token.removeprefix(PREFIX)
    if "=" in text:
        raise BadToken("is padded")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise BadToken("is not base64url") from None


def _query_of(url: str) -> dict[str, str]:
    pairs = [(name.lower(), value) for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    names = [name for name, _ in pairs]
    unknown = sorted(set(names) - _KNOWN)
    if unknown:
        raise BadToken(f"unknown query parameter {unknown[0]}")
    if len(names) != len(set(names)):
        raise BadToken("a query parameter is given twice")
    return dict(pairs)


def _check_host(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise BadToken(f"unexpected scheme {parts.scheme!r}")
    if parts.path != "/":
        raise BadToken(f"unexpected path {parts.path!r}")
    host = parts.netloc.split(".")
    region = host[1] if len(host) > 2 else ""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    if parts.netloc not in ("sts.amazonaws.com", f"sts.{region}.{suffix}"):
        raise BadToken(f"unexpected host {parts.netloc!r}")


def _date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadToken(f"X-Amz-Date is {text!r}") from None


def _signature(url: str, cluster: str, credentials: Credentials, scope: str, date: str) -> str:
    """The signature the URL would have, were it made for this cluster: STS would compute the same."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    unsigned = [(name, value) for name, value in pairs if name.lower() != "x-amz-signature"]
    region = scope.split("/")[1] if scope.count("/") == 3 else ""
    signer = SigV4QueryAuth(credentials, "sts", region)
    request = AWSRequest("GET", f"https://{parts.netloc}/?{urlencode(unsigned)}", headers={_CLUSTER_HEADER: cluster})
    request.context["timestamp"] = date
    return str(signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request))
