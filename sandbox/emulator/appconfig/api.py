"""The control plane of AppConfig."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from ..accounts import Place
from ..service import Service, ServiceError
from ..warm_functions import Invocation
from .data import AppConfigData
from .deployments import TAKEN_BACK, UNDER_WAY, Rollout
from .store import PREDEFINED, Application, Deployment, Environment, Profile, Store, Strategy, Version, new_id
from .validation import check_content, check_validators

_BAD = "BadRequestException"


class AppConfig(Service):
    """Applications, environments, profiles with hosted versions, strategies and deployments."""

    name = "appconfig"
    invalid_input = _BAD

    def __init__(self, invoke: Callable[[str, Any], Invocation]) -> None:
        super().__init__()
        self._invoke = invoke
        self._stores: dict[Place, Store] = {}
        self.speed = 1.0  # how many times faster than real time deployments go
        self.rollout = Rollout(alarm_state, lambda: self.speed)
        self.data = AppConfigData(self.store, self.rollout, lambda: self.speed)

    def store(self, place: Place) -> Store:
        """What there is in an account and region."""
        return self._stores.setdefault(place, Store())

    # applications

    def create_application(self, place: Place, name: str, **more: Any) -> dict[str, Any]:
        application = Application(new_id(), name, more.get("description", ""))
        self.store(place).applications[application.id] = application
        return application.shown()

    def get_application(self, place: Place, application_id: str) -> dict[str, Any]:
        return self.store(place).application(application_id).shown()

    def update_application(self, place: Place, application_id: str, **more: Any) -> dict[str, Any]:
        application = self.store(place).application(application_id)
        application.name = more.get("name", application.name)
        application.description = more.get("description", application.description)
        return application.shown()

    def delete_application(self, place: Place, application_id: str) -> dict[str, Any]:
        application = self.store(place).application(application_id)
        if application.environments or application.profiles:
            raise ServiceError(_BAD, "the application has environments or configuration profiles")
        del self.store(place).applications[application_id]
        return {}

    def list_applications(self, place: Place, **_: Any) -> dict[str, Any]:
        return {"Items": [each.shown() for each in self.store(place).applications.values()]}

    # environments

    def create_environment(self, place: Place, application_id: str, name: str, **more: Any) -> dict[str, Any]:
        application = self.store(place).application(application_id)
        environment = Environment(new_id(), name, more.get("description", ""), _monitors(more))
        application.environments[environment.id] = environment
        return environment.shown(application_id)

    def get_environment(self, place: Place, application_id: str, environment_id: str) -> dict[str, Any]:
        environment = self.store(place).environment(application_id, environment_id)
        self.rollout.move_on(environment)
        return environment.shown(application_id)

    def update_environment(self, place: Place, application_id: str, environment_id: str, **more: Any) -> dict[str, Any]:
        environment = self.store(place).environment(application_id, environment_id)
        environment.name = more.get("name", environment.name)
        environment.description = more.get("description", environment.description)
        if "monitors" in more:
            environment.monitors = _monitors(more)
        return environment.shown(application_id)

    def delete_environment(self, place: Place, application_id: str, environment_id: str, **_: Any) -> dict[str, Any]:
        environment = self.store(place).environment(application_id, environment_id)
        if any(deployment.state in UNDER_WAY for deployment in environment.deployments):
            raise ServiceError("ConflictException", "a deployment of the environment is under way")
        del self.store(place).application(application_id).environments[environment_id]
        return {}

    def list_environments(self, place: Place, application_id: str, **_: Any) -> dict[str, Any]:
        application = self.store(place).application(application_id)
        return {"Items": [each.shown(application_id) for each in application.environments.values()]}

    # profiles and versions

    def create_configuration_profile(self, place: Place, application_id: str, **request: Any) -> dict[str, Any]:
        application = self.store(place).application(application_id)
        if request["location_uri"] != "hosted":
            raise ServiceError(_BAD, "the local AWS knows hosted configurations only")
        check_validators(request.get("validators", []))
        profile = Profile(
            new_id(),
            request["name"],
            request.get("description", ""),
            request["location_uri"],
            request.get("type", "AWS.Freeform"),
            request.get("validators", []),
        )
        application.profiles[profile.id] = profile
        return profile.shown(application_id)

    def get_configuration_profile(
        self, place: Place, application_id: str, configuration_profile_id: str
    ) -> dict[str, Any]:
        return self.store(place).profile(application_id, configuration_profile_id).shown(application_id)

    def update_configuration_profile(
        self, place: Place, application_id: str, configuration_profile_id: str, **more: Any
    ) -> dict[str, Any]:
        profile = self.store(place).profile(application_id, configuration_profile_id)
        if "validators" in more:
            check_validators(more["validators"])
            profile.validators = more["validators"]
        profile.name = more.get("name", profile.name)
        profile.description = more.get("description", profile.description)
        return profile.shown(application_id)

    def delete_configuration_profile(
        self, place: Place, application_id: str, configuration_profile_id: str, **_: Any
    ) -> dict[str, Any]:
        if self.store(place).profile(application_id, configuration_profile_id).versions:
            raise ServiceError(
                _BAD,
                f"Cannot delete configuration profile {configuration_profile_id} because there are still hosted configuration versions existing under it.",
            )
        del self.store(place).application(application_id).profiles[configuration_profile_id]
        return {}

    def list_configuration_profiles(self, place: Place, application_id: str, **_: Any) -> dict[str, Any]:
        application = self.store(place).application(application_id)
        return {"Items": [each.shown(application_id) for each in application.profiles.values()]}

    def create_hosted_configuration_version(
        self, place: Place, application_id: str, configuration_profile_id: str, content: bytes | str, **more: Any
    ) -> dict[str, Any]:
        store = self.store(place)
        with store.lock:
            profile = store.profile(application_id, configuration_profile_id)
            latest = more.get("latest_version_number")
            if latest is not None and latest != profile.last:
                raise ServiceError("ConflictException", f"the latest version is {profile.last}, not {latest}")
            version = Version(
                profile.last + 1,
                content if isinstance(content, bytes) else content.encode(),
                more["content_type"],
                more.get("description", ""),
                more.get("version_label", ""),
            )
            check_content(profile, version, application_id, None)
            profile.versions[version.number] = version
            profile.last = version.number
        return _version_shown(application_id, profile, version)

    def get_hosted_configuration_version(
        self, place: Place, application_id: str, configuration_profile_id: str, version_number: int
    ) -> dict[str, Any]:
        store = self.store(place)
        profile = store.profile(application_id, configuration_profile_id)
        return _version_shown(application_id, profile, store.version(profile, str(version_number)))

    def delete_hosted_configuration_version(
        self, place: Place, application_id: str, configuration_profile_id: str, version_number: int
    ) -> dict[str, Any]:
        profile = self.store(place).profile(application_id, configuration_profile_id)
        profile.versions.pop(version_number, None)
        return {}

    def list_hosted_configuration_versions(
        self, place: Place, application_id: str, configuration_profile_id: str, **_: Any
    ) -> dict[str, Any]:
        profile = self.store(place).profile(application_id, configuration_profile_id)
        shown = [_version_shown(application_id, profile, each) for each in reversed(profile.versions.values())]
        return {"Items": [{k: v for k, v in each.items() if k != "Content"} for each in shown]}

    def validate_configuration(
        self, place: Place, application_id: str, configuration_profile_id: str, configuration_version: str
    ) -> dict[str, Any]:
        store = self.store(place)
        profile = store.profile(application_id, configuration_profile_id)
        check_content(profile, store.version(profile, configuration_version), application_id, self._invoke)
        return {}

    # strategies

    def create_deployment_strategy(self, place: Place, **request: Any) -> dict[str, Any]:
        strategy = Strategy(
            new_id(),
            request["name"],
            request.get("description", ""),
            request["deployment_duration_in_minutes"],
            request["growth_factor"],
            request.get("growth_type", "LINEAR"),
            request.get("final_bake_time_in_minutes", 0),
            request.get("replicate_to", "NONE"),
        )
        self.store(place).strategies[strategy.id] = strategy
        return strategy.shown()

    def get_deployment_strategy(self, place: Place, deployment_strategy_id: str) -> dict[str, Any]:
        return self.store(place).strategy(deployment_strategy_id).shown()

    def update_deployment_strategy(self, place: Place, deployment_strategy_id: str, **more: Any) -> dict[str, Any]:
        strategy = self.store(place).strategy(deployment_strategy_id)
        strategy.description = more.get("description", strategy.description)
        strategy.minutes = more.get("deployment_duration_in_minutes", strategy.minutes)
        strategy.bake = more.get("final_bake_time_in_minutes", strategy.bake)
        strategy.growth = more.get("growth_factor", strategy.growth)
        strategy.growth_type = more.get("growth_type", strategy.growth_type)
        return strategy.shown()

    def delete_deployment_strategy(self, place: Place, deployment_strategy_id: str) -> dict[str, Any]:
        strategy = self.store(place).strategy(deployment_strategy_id)
        if strategy.id in PREDEFINED:
            raise ServiceError(_BAD, "a predefined strategy cannot be deleted")
        del self.store(place).strategies[strategy.id]
        return {}

    def list_deployment_strategies(self, place: Place, **_: Any) -> dict[str, Any]:
        return {"Items": [each.shown() for each in self.store(place).strategies.values()]}

    # deployments

    def start_deployment(
        self, place: Place, application_id: str, environment_id: str, **request: Any
    ) -> dict[str, Any]:
        store = self.store(place)
        environment = store.environment(application_id, environment_id)
        profile = store.profile(application_id, request["configuration_profile_id"])
        strategy = store.strategy(request["deployment_strategy_id"])
        version = store.version(profile, request["configuration_version"])
        with store.lock:
            self.rollout.move_on(environment)
            if any(deployment.state in UNDER_WAY for deployment in environment.deployments):
                raise ServiceError("ConflictException", "a deployment of this environment is under way")
        check_content(profile, version, application_id, self._invoke)
        with store.lock:
            deployment = Deployment(
                number=len(environment.deployments) + 1,
                profile=profile.id,
                version=version,
                strategy=strategy,
                description=request.get("description", ""),
                started=datetime.now(UTC),
                before=self.rollout.in_force(environment, profile.id, ""),
            )
            environment.deployments.append(deployment)
            self.rollout.begin(deployment)
            self.rollout.move_on(environment)
        return _deployment_shown(application_id, environment, profile, deployment)

    def get_deployment(
        self, place: Place, application_id: str, environment_id: str, deployment_number: int
    ) -> dict[str, Any]:
        environment, deployment = self._deployment(place, application_id, environment_id, deployment_number)
        profile = self.store(place).profile(application_id, deployment.profile)
        return _deployment_shown(application_id, environment, profile, deployment)

    def list_deployments(self, place: Place, application_id: str, environment_id: str, **more: Any) -> dict[str, Any]:
        environment = self.store(place).environment(application_id, environment_id)
        self.rollout.move_on(environment)
        shown = []
        for deployment in reversed(environment.deployments):
            profile = self.store(place).profile(application_id, deployment.profile)
            shown.append(_summary(_deployment_shown(application_id, environment, profile, deployment)))
        first = int(more.get("next_token") or 0)
        most = int(more.get("max_results") or 50)
        more_left = {"NextToken": str(first + most)} if first + most < len(shown) else {}
        return {"Items": shown[first : first + most], **more_left}

    def stop_deployment(
        self, place: Place, application_id: str, environment_id: str, deployment_number: int, **more: Any
    ) -> dict[str, Any]:
        environment, deployment = self._deployment(place, application_id, environment_id, deployment_number)
        # what was taken back after it is in force nowhere
        good = [each for each in environment.deployments if each.state not in TAKEN_BACK]
        allowed = ("DEPLOYING", "BAKING") if more.get("allow_revert") else ("DEPLOYING",)
        if deployment.state in allowed:
            deployment.event("ROLLBACK_STARTED", "Stopped", "USER")
            self.rollout.roll_back(deployment, "ROLLED_BACK", "USER")
        elif more.get("allow_revert") and deployment.state == "COMPLETE" and deployment is good[-1]:
            self.rollout.roll_back(deployment, "REVERTED", "USER")
        else:
            raise ServiceError(_BAD, f"Deployment {deployment_number} is {deployment.state} and cannot be stopped")
        profile = self.store(place).profile(application_id, deployment.profile)
        return _deployment_shown(application_id, environment, profile, deployment)

    # tags

    def list_tags_for_resource(self, place: Place, resource_arn: str) -> dict[str, Any]:
        return {"Tags": self.store(place).tags.get(resource_arn, {})}

    def tag_resource(self, place: Place, resource_arn: str, tags: dict[str, str]) -> dict[str, Any]:
        self.store(place).tags.setdefault(resource_arn, {}).update(tags)
        return {}

    def untag_resource(self, place: Place, resource_arn: str, tag_keys: list[str]) -> dict[str, Any]:
        for key in tag_keys:
            self.store(place).tags.get(resource_arn, {}).pop(key, None)
        return {}

    def _deployment(
        self, place: Place, application: str, environment_id: str, number: int
    ) -> tuple[Environment, Deployment]:
        environment = self.store(place).environment(application, environment_id)
        self.rollout.move_on(environment)
        for deployment in environment.deployments:
            if deployment.number == number:
                return environment, deployment
        raise ServiceError("ResourceNotFoundException", f"The deployment {number} could not be found.")


def alarm_state(arn: str) -> str:
    """The state of an alarm, as CloudWatch has it; nothing here evaluates alarms, so a test sets it."""
    region, account, name = arn.split(":")[3], arn.split(":")[4], arn.split(":", 6)[6]
    alarm = cloudwatch_backends[account][region].alarms.get(name)
    return "INSUFFICIENT_DATA" if alarm is None else str(alarm.state_value)


def _monitors(request: dict[str, Any]) -> list[dict[str, str]]:
    monitors = list(request.get("monitors", []))
    if len(monitors) > 5:
        raise ServiceError(_BAD, "an environment has at most five monitors")
    return monitors


def _version_shown(application: str, profile: Profile, version: Version) -> dict[str, Any]:
    return {
        "ApplicationId": application,
        "ConfigurationProfileId": profile.id,
        "VersionNumber": version.number,
        "Description": version.description,
        "Content": version.content,
        "ContentType": version.content_type,
        "VersionLabel": version.label,
    }


def _deployment_shown(
    application: str, environment: Environment, profile: Profile, deployment: Deployment
) -> dict[str, Any]:
    strategy = deployment.strategy
    return {
        "ApplicationId": application,
        "EnvironmentId": environment.id,
        "DeploymentStrategyId": strategy.id,
        "ConfigurationProfileId": profile.id,
        "DeploymentNumber": deployment.number,
        "ConfigurationName": profile.name,
        "ConfigurationLocationUri": profile.location,
        "ConfigurationVersion": str(deployment.version.number),
        "Description": deployment.description,
        "DeploymentDurationInMinutes": int(strategy.minutes),
        "GrowthType": strategy.growth_type,
        "GrowthFactor": strategy.growth,
        "FinalBakeTimeInMinutes": int(strategy.bake),
        "State": deployment.state,
        "EventLog": deployment.events,
        "PercentageComplete": deployment.percentage,
        "StartedAt": deployment.started,
        **({} if deployment.completed is None else {"CompletedAt": deployment.completed}),
        **({"VersionLabel": deployment.version.label} if deployment.version.label else {}),
    }


_SUMMARY = (
    "DeploymentNumber",
    "ConfigurationName",
    "ConfigurationVersion",
    "DeploymentDurationInMinutes",
    "GrowthType",
    "GrowthFactor",
    "FinalBakeTimeInMinutes",
    "State",
    "PercentageComplete",
    "StartedAt",
    "CompletedAt",
    "VersionLabel",
)


def _summary(deployment: dict[str, Any]) -> dict[str, Any]:
    return {key: deployment[key] for key in _SUMMARY if key in deployment}
