"""How a version spreads, how long it is watched, and what brings the one before it back."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from .store import Deployment, Environment, Version

UNDER_WAY = ("DEPLOYING", "BAKING", "VALIDATING", "ROLLING_BACK")
TAKEN_BACK = ("ROLLED_BACK", "REVERTED")


class Rollout:
    """Moves deployments on; nothing happens between two looks at them."""

    def __init__(self, alarm_state: Callable[[str], str], speed: Callable[[], float]) -> None:
        self._alarm_state, self._speed = alarm_state, speed
        self._began: dict[int, float] = {}  # by the identity of a deployment, in seconds of time.monotonic()

    def begin(self, deployment: Deployment) -> None:
        """Starts the clock."""
        self._began[id(deployment)] = time.monotonic()
        deployment.event("DEPLOYMENT_STARTED", "Deployment started", "USER")

    def move_on(self, environment: Environment) -> None:
        """Brings the last deployment to where it is by now, or back if an alarm says so."""
        if not environment.deployments or environment.deployments[-1].state not in ("DEPLOYING", "BAKING"):
            return
        deployment = environment.deployments[-1]
        # while it is watched, an alarm without data counts as one that goes off
        ringing = [
            monitor["AlarmArn"] for monitor in environment.monitors if self._alarm_state(monitor["AlarmArn"]) != "OK"
        ]
        if ringing:
            deployment.event("ROLLBACK_STARTED", f"Rolled back by {ringing[0]}", "CLOUDWATCH_ALARM")
            self.roll_back(deployment, "ROLLED_BACK", "CLOUDWATCH_ALARM")
            return
        strategy = deployment.strategy
        minutes = (time.monotonic() - self._began[id(deployment)]) / 60 * self._speed()
        grown = _share(minutes, strategy.minutes, strategy.growth, strategy.growth_type)
        if grown > deployment.percentage:
            deployment.percentage = grown
            deployment.event("PERCENTAGE_UPDATED", f"Configuration available to {grown:.2f}% of clients")
        if deployment.percentage >= 100 and deployment.state == "DEPLOYING":
            deployment.state = "BAKING"
            deployment.event("BAKE_TIME_STARTED", f"Configuration is watched for {strategy.bake:g} minute(s)")
        if deployment.state == "BAKING" and minutes >= strategy.minutes + strategy.bake:
            deployment.state, deployment.completed = "COMPLETE", datetime.now(UTC)
            deployment.event("DEPLOYMENT_COMPLETED", "Deployment completed")

    def roll_back(self, deployment: Deployment, state: str, by: str) -> None:
        """Puts the version before it in force again."""
        deployment.state, deployment.percentage, deployment.completed = state, 0, datetime.now(UTC)
        deployment.event("ROLLBACK_COMPLETED" if state == "ROLLED_BACK" else "REVERT_COMPLETED", "Rolled back", by)

    def in_force(self, environment: Environment, profile: str, session: str) -> Version | None:
        """The version a session gets: while a deployment grows, only a share of the sessions gets the new one."""
        self.move_on(environment)
        mine = [each for each in environment.deployments if each.profile == profile and each.state not in TAKEN_BACK]
        if not mine:
            return None
        last = mine[-1]
        place = zlib.crc32(f"{last.number}/{session}".encode()) % 10_000 / 100
        return last.version if place < last.percentage else last.before


def _share(minutes: float, duration: float, growth: float, kind: str) -> float:
    """The percentage that a strategy has reached."""
    if duration <= 0 or minutes >= duration:
        return 100.0
    steps = 100 / growth
    step = int(minutes / duration * steps)
    if kind == "LINEAR":
        return min(100.0, (step + 1) * growth) if step < steps else 100.0
    return min(100.0, growth * 2**step)
