"""The resource types of AppConfig, through its API."""

from __future__ import annotations

from typing import Any

from .handler import Handler, Made, Properties, Task


def _given(properties: Properties, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


class Application(Handler):
    """AWS::AppConfig::Application."""

    type = "AWS::AppConfig::Application"

    def create(self, task: Task, properties: Properties) -> Made:
        made = task.client("appconfig").create_application(**_given(properties, "Name", "Description"))
        return Made(made["Id"], {"ApplicationId": made["Id"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Name", "Description", "Tags")
        given = {"Description": "", **_given(new, "Name", "Description")}
        task.client("appconfig").update_application(ApplicationId=physical_id, **given)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("appconfig").delete_application(ApplicationId=physical_id)


class Environment(Handler):
    """AWS::AppConfig::Environment."""

    type = "AWS::AppConfig::Environment"

    def create(self, task: Task, properties: Properties) -> Made:
        given = _given(properties, "ApplicationId", "Name", "Description", "Monitors")
        made = task.client("appconfig").create_environment(**given)
        return Made(made["Id"], {"EnvironmentId": made["Id"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Name", "Description", "Monitors", "Tags")
        given = {"Description": "", "Monitors": [], **_given(new, "ApplicationId", "Name", "Description", "Monitors")}
        task.client("appconfig").update_environment(EnvironmentId=physical_id, **given)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("appconfig").delete_environment(
            ApplicationId=properties["ApplicationId"], EnvironmentId=physical_id
        )


class ConfigurationProfile(Handler):
    """AWS::AppConfig::ConfigurationProfile."""

    type = "AWS::AppConfig::ConfigurationProfile"

    def create(self, task: Task, properties: Properties) -> Made:
        given = _given(properties, "ApplicationId", "Name", "Description", "LocationUri", "Type", "Validators")
        made = task.client("appconfig").create_configuration_profile(**given)
        return Made(made["Id"], {"ConfigurationProfileId": made["Id"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "Name", "Description", "Validators", "Tags")
        given = {
            "Validators": [],
            "Description": "",
            **_given(new, "ApplicationId", "Name", "Description", "Validators"),
        }
        task.client("appconfig").update_configuration_profile(ConfigurationProfileId=physical_id, **given)
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("appconfig").delete_configuration_profile(
            ApplicationId=properties["ApplicationId"], ConfigurationProfileId=physical_id
        )


class DeploymentStrategy(Handler):
    """AWS::AppConfig::DeploymentStrategy."""

    type = "AWS::AppConfig::DeploymentStrategy"
    _changing = ("Description", "DeploymentDurationInMinutes", "FinalBakeTimeInMinutes", "GrowthFactor", "GrowthType")

    def create(self, task: Task, properties: Properties) -> Made:
        given = _given(properties, "Name", "ReplicateTo", *self._changing)
        made = task.client("appconfig").create_deployment_strategy(**given)
        return Made(made["Id"], {"Id": made["Id"]})

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, *self._changing, "Tags")
        task.client("appconfig").update_deployment_strategy(
            DeploymentStrategyId=physical_id, **_given(new, *self._changing)
        )
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("appconfig").delete_deployment_strategy(DeploymentStrategyId=physical_id)


HANDLERS: list[type[Handler]] = [Application, Environment, ConfigurationProfile, DeploymentStrategy]
