"""What AppConfig keeps: applications with environments, profiles and versions, and deployment strategies."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from ..service import ServiceError

_T = TypeVar("_T")
# strategies that are there already @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy-predefined.html
PREDEFINED = {
    "AppConfig.AllAtOnce": (0.0, 100.0, 10.0),
    "AppConfig.Linear50PercentEvery30Seconds": (1.0, 50.0, 1.0),
    "AppConfig.Linear20PercentEvery6Minutes": (30.0, 20.0, 30.0),
}


@dataclass
class Strategy:
    """How a version spreads."""

    id: str
    name: str
    description: str
    minutes: float
    growth: float
    growth_type: str
    bake: float
    replicate: str

    def shown(self) -> dict[str, Any]:
        return {
            "Id": self.id,
            "Name": self.name,
            "Description": self.description,
            "DeploymentDurationInMinutes": int(self.minutes),
            "GrowthType": self.growth_type,
            "GrowthFactor": self.growth,
            "FinalBakeTimeInMinutes": int(self.bake),
            "ReplicateTo": self.replicate,
        }


@dataclass
class Version:
    """A hosted version of a configuration."""

    number: int
    content: bytes
    content_type: str
    description: str
    label: str


@dataclass
class Profile:
    """A configuration profile."""

    id: str
    name: str
    description: str
    location: str
    kind: str
    validators: list[dict[str, str]]
    versions: dict[int, Version] = field(default_factory=dict)
    last: int = 0

    def shown(self, application: str) -> dict[str, Any]:
        return {
            "ApplicationId": application,
            "Id": self.id,
            "Name": self.name,
            "Description": self.description,
            "LocationUri": self.location,
            "Type": self.kind,
            "Validators": self.validators,
        }


@dataclass
class Deployment:
    """A version on its way into an environment, or there."""

    number: int
    profile: str
    version: Version
    strategy: Strategy
    description: str
    started: datetime
    state: str = "DEPLOYING"
    percentage: float = 0.0
    completed: datetime | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    # what is in force while and after it is rolled back
    before: Version | None = None

    def event(self, kind: str, description: str, by: str = "APPCONFIG") -> None:
        """Writes down what happened; the last first, as the service tells it."""
        entry = {"EventType": kind, "TriggeredBy": by, "Description": description, "OccurredAt": datetime.now(UTC)}
        self.events.insert(0, entry)


@dataclass
class Environment:
    """An environment of an application."""

    id: str
    name: str
    description: str
    monitors: list[dict[str, str]]
    deployments: list[Deployment] = field(default_factory=list)

    def shown(self, application: str) -> dict[str, Any]:
        last = self.deployments[-1].state if self.deployments else ""
        state = {"DEPLOYING": "DEPLOYING", "BAKING": "DEPLOYING", "ROLLING_BACK": "ROLLING_BACK"}
        state |= {"ROLLED_BACK": "ROLLED_BACK", "REVERTED": "REVERTED"}
        return {
            "ApplicationId": application,
            "Id": self.id,
            "Name": self.name,
            "Description": self.description,
            "State": state.get(last, "READY_FOR_DEPLOYMENT"),
            "Monitors": self.monitors,
        }


@dataclass
class Application:
    """An application: a name for what belongs together."""

    id: str
    name: str
    description: str
    environments: dict[str, Environment] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        return {"Id": self.id, "Name": self.name, "Description": self.description}


class Store:
    """Everything in one account and region."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.applications: dict[str, Application] = {}
        self.strategies = {
            name: Strategy(name, name, "", minutes, growth, "LINEAR", bake, "NONE")
            for name, (minutes, growth, bake) in PREDEFINED.items()
        }
        self.tags: dict[str, dict[str, str]] = {}

    def application(self, key: str) -> Application:
        """By id, or by name where the service takes that too."""
        return _found(self.applications, key, "application", lambda each: each.name)

    def environment(self, application: str, key: str) -> Environment:
        """An environment of an application."""
        return _found(self.application(application).environments, key, "environment", lambda each: each.name)

    def profile(self, application: str, key: str) -> Profile:
        """A profile of an application."""
        return _found(self.application(application).profiles, key, "configuration profile", lambda each: each.name)

    def strategy(self, key: str) -> Strategy:
        """A deployment strategy."""
        return _found(self.strategies, key, "deployment strategy", lambda each: each.name)

    def version(self, profile: Profile, text: str) -> Version:
        """A version by number or label."""
        for version in profile.versions.values():
            if text in (str(version.number), version.label):
                return version
        raise ServiceError("ResourceNotFoundException", f"The version {text} of {profile.id} could not be found.")


def new_id() -> str:
    """Seven small letters and digits, as the service has them."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(7))


def _found(items: dict[str, _T], key: str, what: str, name: Callable[[_T], str]) -> _T:
    if key in items:
        return items[key]
    if not re.fullmatch(r"[a-z0-9]{4,7}", key):
        for item in items.values():
            if name(item) == key:
                return item
    raise ServiceError("ResourceNotFoundException", f"The {what} {key} could not be found.")
