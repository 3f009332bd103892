"""A stand-in for the API of Kubernetes: keeps objects, and lets in whom the access entries of EKS let in.

It proves that a client finds the endpoint, trusts the cluster's own authority, brings a token that EKS would take, is
let in by its access entry (only a moment after that was made) and writes what it means to write, against versions. It
does not prove what a real API server does beyond: admission, validation by schema, RBAC, aggregation.
"""

from __future__ import annotations

import base64
import copy
import datetime
import ipaddress
import json
import re
import ssl
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .tokens import BadToken, access_key_of

_OBJECT = re.compile(
    r"^(?P<collection>/(?:api/v1|apis/[^/]+/[^/]+)(?:/namespaces/(?P<namespace>[^/]+)(?=/))?/(?P<plural>[a-z]+))(?:/(?P<name>[^/]+))?$"
)
_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


@dataclass(frozen=True)
class AccessEntry:
    """An access entry, as an API server knows it."""

    principal_arn: str
    type: str
    groups: tuple[str, ...]
    policies: tuple[str, ...]  # names, such as AmazonEKSClusterAdminPolicy
    created: float  # time.monotonic()


class Refused(Exception):
    """An answer other than success, as a Kubernetes Status."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code, self.reason = code, reason

    @property
    def status(self) -> dict[str, Any]:
        """The Status object."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "status": "Failure",
            "message": str(self),
            "reason": self.reason,
            "code": self.code,
        }


class KubernetesApis:
    """One listener per cluster, each on a free port of 127.0.0.1."""

    def __init__(
        self,
        identity: Callable[[str], str | None],
        entries: Callable[[str, str, str], list[AccessEntry]],
        secret: Callable[[str], str | None],
        delay: float = 1.0,
    ) -> None:
        self._identity, self._entries, self._secret = identity, entries, secret
        self.delay = delay  # seconds until a new access entry is effective
        self._authority = Authority()
        self._apis: dict[tuple[str, str, str], Api] = {}
        self._lock = threading.Lock()

    def open(self, account: str, region: str, cluster: str) -> tuple[str, str]:
        """The endpoint of a cluster and its authority, base64 of PEM as EKS gives it."""
        key = (account, region, cluster)
        with self._lock:
            if key not in self._apis:
                self._apis[key] = Api(self._authority, lambda token: self._user(key, token))
            return self._apis[key].endpoint, base64.b64encode(self._authority.pem).decode()

    def close(self, account: str, region: str, cluster: str) -> None:
        """Ends a cluster's listener and forgets its objects."""
        with self._lock:
            api = self._apis.pop((account, region, cluster), None)
        if api is not None:
            api.close()

    def close_all(self) -> None:
        """Ends every listener."""
        for key in list(self._apis):
            self.close(*key)

    def objects(self, account: str, region: str, cluster: str) -> dict[str, dict[str, Any]]:
        """Path to object."""
        return self._apis[account, region, cluster].objects.all()

    def seed(self, account: str, region: str, cluster: str, path: str, body: dict[str, Any]) -> None:
        """Writes an object as EKS itself or a stranger would, past authentication."""
        self._apis[account, region, cluster].objects.write(path, body)

    def _user(self, cluster: tuple[str, str, str], token: str) -> User:
        """Who a token stands for; refused without an access entry that is effective."""
        try:
            arn = self._identity(access_key_of(token, cluster[2], self._secret))
        except BadToken as error:
            raise Refused(401, "Unauthorized", f"Unauthorized: the token {error}") from None
        now = time.monotonic()
        for entry in self._entries(*cluster):
            if arn is not None and same_principal(entry.principal_arn, arn) and now - entry.created >= self.delay:
                return User(arn, entry.policies)
        raise Refused(401, "Unauthorized", "Unauthorized")


@dataclass(frozen=True)
class User:
    """Who calls, and by which access policies."""

    arn: str
    policies: tuple[str, ...]

    def check(self, verb: str, path: str) -> None:
        """Refuses what no policy permits. Only the policy of cluster administrators may write here."""
        if "AmazonEKSClusterAdminPolicy" in self.policies:
            return
        if self.policies and verb == "GET" and "/secrets" not in path:
            return
        raise Refused(403, "Forbidden", f'User "{self.arn}" cannot {verb.lower()} {path}')


def same_principal(principal: str, session: str) -> bool:
    """Whether a session's ARN belongs to a role, whose ARN may have a path that the session's has not."""
    if principal == session:
        return True
    account, role = session.split(":")[4], session.split("/")[1] if "/" in session else ""
    return ":role/" in principal and principal.split(":")[4] == account and principal.rpartition("/")[2] == role


class Objects:
    """What is kept, with a version that every write raises."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, Any]] = {}
        self._version = 0
        self._lock = threading.RLock()
        for name in _NAMESPACES:
            path = f"/api/v1/namespaces/{name}"
            self.write(path, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def all(self) -> dict[str, dict[str, Any]]:
        """Everything, by path."""
        with self._lock:
            return copy.deepcopy(self._objects)

    def write(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Puts an object there as it is, with what a server sets itself."""
        with self._lock:
            self._version += 1
            old = self._objects.get(path, {}).get("metadata", {})
            created = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            fixed = {
                "uid": old.get("uid", str(uuid.uuid4())),
                "creationTimestamp": old.get("creationTimestamp", created),
                "resourceVersion": str(self._version),
            }
            stored = {**copy.deepcopy(body), "metadata": {**body.get("metadata", {}), **fixed}}
            self._objects[path] = stored
            return stored

    def call(self, method: str, path: str, body: dict[str, Any], kind: str) -> tuple[int, dict[str, Any]]:
        """One request by somebody who may."""
        match = _OBJECT.match(path)
        if match is None:
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        with self._lock:
            if match["name"] is None:
                return self._on_collection(method, match["collection"], match["namespace"], body)
            return self._on_object(method, path, match, body, kind)

    def _on_collection(
        self, method: str, collection: str, namespace: str | None, body: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        if method == "GET":
            items = [o for path, o in self._objects.items() if path.rpartition("/")[0] == collection]
            return 200, {"kind": "List", "apiVersion": "v1", "items": items}
        if method != "POST":
            raise Refused(405, "MethodNotAllowed", f"{method} is not for a collection")
        name = body.get("metadata", {}).get("name", "")
        path = f"{collection}/{name}"
        self._check_namespace(namespace)
        if path in self._objects:
            raise Refused(409, "AlreadyExists", f'{collection.rpartition("/")[2]} "{name}" already exists')
        return 201, self.write(path, body)

    def _on_object(
        self, method: str, path: str, match: re.Match[str], body: dict[str, Any], kind: str
    ) -> tuple[int, dict[str, Any]]:
        current = self._objects.get(path)
        applied = method == "PATCH" and kind == "application/apply-patch+yaml"
        if current is None and not applied:
            raise Refused(404, "NotFound", f'{match["plural"]} "{match["name"]}" not found')
        if method == "GET" and current is not None:
            return 200, current
        if method == "DELETE":
            del self._objects[path]
            return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        if method == "PATCH":
            self._check_namespace(match["namespace"])
            body = merged(current or {}, body)
        elif method != "PUT":
            raise Refused(405, "MethodNotAllowed", f"{method} is not for an object")
        wanted = body.get("metadata", {}).get("resourceVersion")
        have = (current or {}).get("metadata", {}).get("resourceVersion")
        if wanted is not None and wanted != have:
            message = "the object has been modified; please apply your changes to the latest version and try again"
            raise Refused(
                409, "Conflict", f'Operation cannot be fulfilled on {match["plural"]} "{match["name"]}": {message}'
            )
        if current is not None and "roleRef" in current and body.get("roleRef") != current["roleRef"]:
            raise Refused(
                422, "Invalid", f'{match["plural"]} "{match["name"]}" is invalid: roleRef: cannot change roleRef'
            )
        return (200 if current is not None else 201), self.write(path, body)

    def _check_namespace(self, namespace: str | None) -> None:
        if namespace is not None and f"/api/v1/namespaces/{namespace}" not in self._objects:
            raise Refused(404, "NotFound", f'namespaces "{namespace}" not found')


def merged(old: Any, new: Any) -> Any:
    """A merge patch.

    @see https://www.rfc-editor.org/rfc/rfc7396
    """
    if not isinstance(new, dict) or not isinstance(old, dict):
        return new
    result = {key: value for key, value in old.items() if key not in new}
    return {**result, **{key: merged(old.get(key), value) for key, value in new.items() if value is not None}}


class Api:
    """The listener of one cluster."""

    def __init__(self, authority: Authority, authenticate: Callable[[str], User]) -> None:
        self.objects = objects = Objects()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                text = self.rfile.read(length)
                path = urlsplit(self.path).path
                try:
                    scheme, _, token = self.headers.get("Authorization", "").partition(" ")
                    if scheme != "Bearer":
                        raise Refused(401, "Unauthorized", "Unauthorized")
                    authenticate(token).check(self.command, path)
                    kind = self.headers.get("Content-Type", "")
                    code, body = objects.call(self.command, path, json.loads(text) if text else {}, kind)
                except Refused as refused:
                    code, body = refused.code, refused.status
                except ValueError as error:
                    refused = Refused(400, "BadRequest", f"the body is no JSON: {error}")
                    code, body = refused.code, refused.status
                data = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, format: str, *args: object) -> None:
                """Requests are not worth a line."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = authority.context().wrap_socket(self._server.socket, server_side=True)
        self.endpoint = f"https://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        """Ends the listener."""
        self._server.shutdown()
        self._server.server_close()


class Authority:
    """A certificate authority that lives as long as the process, and what it signed for 127.0.0.1."""

    def __init__(self) -> None:
        key, name = ec.generate_private_key(ec.SECP256R1()), _name("sandbox")
        now = datetime.datetime.now(datetime.UTC)
        span = (now - datetime.timedelta(hours=1), now + datetime.timedelta(days=365))
        own = _certificate(name, name, key.public_key(), span, x509.BasicConstraints(ca=True, path_length=0))
        certificate = own.sign(key, hashes.SHA256())
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)
        leaf_key = ec.generate_private_key(ec.SECP256R1())
        addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        leaf = _certificate(_name("127.0.0.1"), name, leaf_key.public_key(), span, addresses)
        self._chain = leaf.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self._key = leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def context(self) -> ssl.SSLContext:
        """TLS for a listener."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # the ssl module reads files only
            path = Path(folder, "chain.pem")
            path.write_bytes(self._chain + self._key)
            context.load_cert_chain(path)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    span: tuple[datetime.datetime, datetime.datetime],
    extension: x509.ExtensionType,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .add_extension(extension, critical=True)
    )
