"""The web application: our services, moto's, and what the sandbox itself is asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from .accounts import Clients, Place, identity, secret, signature_of
from .appconfig.api import AppConfig
from .cloudformation.api import CloudFormation
from .cloudformation.engine import Engine
from .cloudformation.store import Store
from .cloudtrail import CloudTrail
from .eks.api import Eks
from .eks.clusters import Clusters
from .faults import Faults
from .firehose.api import Firehose
from .kubernetes import KubernetesApis
from .lambdas import Lambdas
from .resources import handlers
from .resources.custom import Answers, CustomResources
from .service import Service

# (path under /_sandbox/, method) -> what it does with (rest of the path, body)
Control = Callable[[str, Any], Any]


class Application:
    """What listens on the port. Everything it knows is in memory and gone with it."""

    def __init__(self, endpoint: str, account: str, node_modules: str, addon_schemas: Path) -> None:
        self.account = account
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self.clients = Clients(endpoint)
        self.clusters = Clusters()
        self.kubernetes = KubernetesApis(identity, self.clusters.effective_entries, secret)
        self.store = Store()
        answers = Answers(endpoint)
        self.custom = CustomResources(self.clients, answers, endpoint, node_modules)
        self.engine = Engine(self.clients, self.store, handlers(self.custom))
        self.faults = Faults()
        self.lambdas = Lambdas(self.clients, endpoint, node_modules, self.faults)
        self.app_config = AppConfig(self.lambdas.invoke)
        self.firehose = Firehose(
            self.clients, lambda arn, event: self.lambdas.invoke(arn, event, faulty=True), self.faults
        )
        own = (
            CloudFormation(self.engine, self.store),
            Eks(self.clients, self.clusters, self.kubernetes, addon_schemas),
            CloudTrail(),
            self.firehose,
            self.app_config,
            self.app_config.data,
        )
        self.services: dict[str, Service] = {service.name: service for service in own}
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.controls: dict[tuple[str, str], Control] = {
            ("health", "GET"): lambda _path, _body: self.health(),
            ("credentials", "GET"): lambda account, _body: self.clients.assume(
                f"arn:aws:iam::{account}:role/sandbox", "hajime", "us-east-1"
            ),
            ("delays", "POST"): lambda _path, body: self.engine.delays.update(body),
            ("access-delay", "POST"): lambda _path, seconds: setattr(self.kubernetes, "delay", float(seconds)),
            ("timeline", "GET"): lambda _path, _body: self.engine.timeline,
            ("functions", "GET"): lambda _path, _body: self.custom.runs,
            ("invocations", "GET"): lambda _path, _body: self.lambdas.runs,
            ("faults", "PUT"): lambda _path, body: self.faults.set(body),
            ("faults", "GET"): lambda _path, _body: self.faults.counts,
            ("cold", "POST"): lambda _path, _body: self.lambdas.forget(),
            ("firehose", "POST"): lambda _path, body: self.firehose.flush(body),
            ("speed", "PUT"): self._set_speed,
            ("responses", "PUT"): answers.put,
            ("kubernetes", "GET"): lambda path, _body: self.kubernetes.objects(*path.split("/")[:3]),
            ("kubernetes", "PUT"): self._seed,
        }

    def health(self) -> dict[str, Any]:
        """What runs here."""
        return {
            "ok": True,
            "pid": os.getpid(),
            "account": self.account,
            "started": self.started,
            "stacks": [
                {"name": stack.name, "status": stack.status, "account": place.account, "region": place.region}
                for place, stack in self.store.all()
            ],
        }

    def warm_up(self) -> None:
        """Loads what moto loads on first use, while the caller is still at work on something else."""
        place = Place(self.account, "us-east-1")
        self.clients.get("ssm", place).describe_parameters()
        self.clients.get("ec2", place).describe_vpcs()
        self.clients.get("iam", place).list_roles()

    def stop(self) -> None:
        """Ends what was started beside the server: functions under way and the Kubernetes APIs."""
        self.custom.stop()
        self.firehose.stop()
        self.lambdas.stop()
        self.kubernetes.close_all()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/_sandbox/"):
            return self._control(Request(environ), path.removeprefix("/_sandbox/"))(environ, start_response)
        request = Request(environ)
        signature = signature_of(request)
        account = self.account if signature is None else signature.account(self.account)
        name = "" if signature is None else signature.service
        if name == "appconfig" and path.startswith("/configuration"):
            name = "appconfigdata"  # both sign as the one
        fault = self.faults.of_service(name, request.headers.get("X-Amz-Target", f"{request.method} {path}"))
        if fault == "before":
            return _unavailable()(environ, start_response)
        answer = self._answered(request, name, account, environ)
        if fault == "after":
            for _ in answer(environ, lambda *_: lambda _: None):  # carried out, and nobody hears of it
                pass
            answer = _unavailable()
        return answer(environ, start_response)

    def _answered(self, request: Request, name: str, account: str, environ: dict[str, Any]) -> Any:
        """What answers a request: a service of our own, or moto."""
        service, signature = self.services.get(name), signature_of(request)
        if service is None or signature is None:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
            _prepare_moto()
            return self.moto
        return service.answer(request, Place(account, signature.region))

    def _control(self, request: Request, path: str) -> Response:
        name, _, rest = path.partition("/")
        control = self.controls.get((name, request.method))
        if control is None:
            return Response(f"the sandbox has no {request.method} /_sandbox/{name}\n", 404)
        text = request.get_data(as_text=True)
        try:
            result = control(rest, json.loads(text) if text else None)
        except (KeyError, ValueError, TypeError) as error:
            return Response(f"{type(error).__name__}: {error}\n", 400)
        return Response(json.dumps(result, default=str), mimetype="application/json")

    def _set_speed(self, _path: str, body: dict[str, float]) -> None:
        self.firehose.speed = float(body.get("firehose", self.firehose.speed))
        self.app_config.speed = float(body.get("appconfig", self.app_config.speed))

    def _seed(self, path: str, body: Any) -> None:
        account, region, cluster, rest = path.split("/", 3)
        self.kubernetes.seed(account, region, cluster, f"/{rest}", body)


def _unavailable() -> Response:
    """What a service that is down answers; SDKs of every protocol try again after it."""
    return Response("Service Unavailable", 503)


@cache
def _prepare_moto() -> None:
    """Makes moto's EC2 strict; at the first request, because the import takes half a second."""
    from .ec2.backend import install

    install()
