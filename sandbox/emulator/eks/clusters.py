"""What EKS remembers of each cluster."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..accounts import Place
from ..kubernetes import AccessEntry
from ..service import ServiceError


@dataclass
class Cluster:
    """A cluster and what belongs to it. Each part is as DescribeX gives it."""

    place: Place
    data: dict[str, Any]
    node_groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    fargate_profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    addons: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)  # by principal ARN
    policies: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # principal to policy to association
    born: dict[str, float] = field(default_factory=dict)  # principal to time.monotonic()
    associations: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: dict[str, dict[str, Any]] = field(default_factory=dict)
    interfaces: dict[str, list[str]] = field(default_factory=dict)  # owner to network interfaces

    @property
    def name(self) -> str:
        """The cluster's name."""
        return str(self.data["name"])

    @property
    def mode(self) -> str:
        """The authentication mode."""
        return str(self.data["accessConfig"]["authenticationMode"])

    @property
    def family(self) -> str:
        """The family of the addresses of pods and services."""
        return str(self.data["kubernetesNetworkConfig"]["ipFamily"])

    def part(self, kind: str, name: str) -> dict[str, Any]:
        """One of the cluster's parts; refused if there is none of that name."""
        parts: dict[str, dict[str, Any]] = getattr(self, kind)
        if name not in parts:
            raise not_found(f"No {kind.removesuffix('s').replace('_', ' ')} found for name: {name} in {self.name}.")
        return parts[name]

    def arn(self, kind: str, *path: str) -> str:
        """An ARN under this cluster."""
        return f"arn:{partition(self.place)}:eks:{self.place.region}:{self.place.account}:{'/'.join((kind, self.name, *path))}"

    def updated(self, kind: str, parameters: dict[str, str]) -> dict[str, Any]:
        """Notes an update, done at once."""
        update = {
            "id": str(uuid.uuid4()),
            "status": "Successful",
            "type": kind,
            "params": [{"type": name, "value": value} for name, value in parameters.items()],
            "createdAt": now(),
            "errors": [],
        }
        self.updates[update["id"]] = update
        return update


class Clusters:
    """The clusters of every account and region."""

    def __init__(self) -> None:
        self._clusters: dict[tuple[Place, str], Cluster] = {}
        self.lock = threading.RLock()

    def add(self, cluster: Cluster) -> None:
        """Remembers a cluster."""
        self._clusters[cluster.place, cluster.name] = cluster

    def remove(self, cluster: Cluster) -> None:
        """Forgets a cluster."""
        del self._clusters[cluster.place, cluster.name]

    def find(self, place: Place, name: str) -> Cluster | None:
        """A cluster by name."""
        return self._clusters.get((place, name))

    def get(self, place: Place, name: str) -> Cluster:
        """A cluster by name; refused if there is none."""
        cluster = self.find(place, name)
        if cluster is None:
            raise not_found(f"No cluster found for name: {name}.")
        return cluster

    def here(self, place: Place) -> list[Cluster]:
        """The clusters of an account in a region."""
        return [cluster for (where, _), cluster in self._clusters.items() if where == place]

    def effective_entries(self, account: str, region: str, name: str) -> list[AccessEntry]:
        """The access entries of a cluster as its API server knows them; none if it asks aws-auth alone."""
        with self.lock:
            cluster = self.find(Place(account, region), name)
            if cluster is None or cluster.mode == "CONFIG_MAP":
                return []
            return [
                AccessEntry(
                    principal_arn=principal,
                    type=entry["type"],
                    groups=tuple(entry["kubernetesGroups"]),
                    policies=tuple(policy.rpartition("/")[2] for policy in cluster.policies.get(principal, {})),
                    created=cluster.born.get(principal, time.monotonic()),
                )
                for principal, entry in cluster.entries.items()
            ]


def partition(place: Place) -> str:
    """The AWS partition of a region."""
    return "aws-cn" if place.region.startswith("cn-") else "aws-us-gov" if place.region.startswith("us-gov-") else "aws"


def now() -> datetime:
    """The time, as the serializers want it."""
    return datetime.now(UTC).replace(tzinfo=None)


def not_found(message: str) -> ServiceError:
    """What is not there."""
    return ServiceError("ResourceNotFoundException", message)


def in_use(message: str) -> ServiceError:
    """What is there already, or still needed."""
    return ServiceError("ResourceInUseException", message)


def bad_parameter(message: str) -> ServiceError:
    """A value EKS does not take."""
    return ServiceError("InvalidParameterException", message)


def bad_request(message: str) -> ServiceError:
    """A request EKS does not take now."""
    return ServiceError("InvalidRequestException", message)


def unsupported_zone(message: str) -> ServiceError:
    """A zone without control planes."""
    return ServiceError("UnsupportedAvailabilityZoneException", message)


def refuse(problem: str | None) -> None:
    """Refuses a value for the reason given, if there is one."""
    if problem is not None:
        raise bad_parameter(problem)
