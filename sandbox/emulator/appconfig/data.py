"""The data plane of AppConfig: sessions and their tokens.

@see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-retrieving-the-configuration.html
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..accounts import Place
from ..service import Service, ServiceError
from .deployments import Rollout
from .store import Store

_POLL = 60  # seconds, unless the session wants another interval
_TOKEN_LIVES = 24 * 60 * 60


@dataclass(frozen=True)
class Session:
    """What a token stands for."""

    id: str
    application: str
    environment: str
    profile: str
    interval: int
    seen: int | None  # the version the client has
    not_before: float  # time.monotonic()
    expires: float


class AppConfigData(Service):
    """StartConfigurationSession and GetLatestConfiguration."""

    name = "appconfigdata"
    invalid_input = "BadRequestException"

    def __init__(self, store: Callable[[Place], Store], rollout: Rollout, speed: Callable[[], float]) -> None:
        super().__init__()
        self._store, self._rollout, self._speed = store, rollout, speed
        self._tokens: dict[tuple[Place, str], Session] = {}

    def start_configuration_session(self, place: Place, **request: Any) -> dict[str, Any]:
        store = self._store(place)
        application = request["application_identifier"]
        interval = request.get("required_minimum_poll_interval_in_seconds", 0)
        session = Session(
            secrets.token_hex(8),
            store.application(application).id,
            store.environment(application, request["environment_identifier"]).id,
            store.profile(application, request["configuration_profile_identifier"]).id,
            interval,
            None,
            0,
            time.monotonic() + _TOKEN_LIVES,
        )
        return {"InitialConfigurationToken": self._token(place, session)}

    def get_latest_configuration(self, place: Place, configuration_token: str) -> dict[str, Any]:
        now = time.monotonic()
        session = self._tokens.get((place, configuration_token))
        if session is None or session.expires < now:
            raise ServiceError("BadRequestException", "Request parameters are invalid: ConfigurationToken is not valid")
        if now < session.not_before:
            raise ServiceError("BadRequestException", "Request too early: the poll interval is not over")
        del self._tokens[place, configuration_token]  # a token is for one call
        store = self._store(place)
        with store.lock:
            environment = store.environment(session.application, session.environment)
            version = self._rollout.in_force(environment, session.profile, session.id)
        if version is None:
            raise ServiceError("ResourceNotFoundException", "no configuration has been deployed to this environment")
        fresh = version.number != session.seen
        wait = session.interval / self._speed()
        following = Session(
            session.id,
            session.application,
            session.environment,
            session.profile,
            session.interval,
            version.number,
            now + max(0.0, wait - 0.5),  # clocks differ a little
            now + _TOKEN_LIVES,
        )
        return {
            "NextPollConfigurationToken": self._token(place, following),
            "NextPollIntervalInSeconds": round((session.interval or _POLL) / self._speed()),
            "ContentType": version.content_type,
            "Configuration": version.content if fresh else b"",
            "VersionLabel": version.label if fresh else "",
        }

    def _token(self, place: Place, session: Session) -> str:
        token = secrets.token_urlsafe(24)
        self._tokens[place, token] = session
        return token
