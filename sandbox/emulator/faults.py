"""What goes wrong on purpose: a share of the calls of a service, or of the invocations of functions."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

_T = TypeVar("_T")
# before: the service never sees the call; after: it carries it out, and the caller hears of a failure all the same
When = Literal["before", "after"]
# throw: the handler ends at once; crash: it does its work, and the answer is lost; timeout: the same, later;
# throttle: Lambda refuses the call
FunctionFault = Literal["throw", "crash", "timeout", "throttle"]
_FUNCTION_FAULTS: tuple[FunctionFault, ...] = ("throw", "crash", "timeout", "throttle")


@dataclass(frozen=True)
class ServiceFault:
    """A share of the calls of a service that fail."""

    service: str  # as signatures name it, such as "s3"
    share: float
    when: When = "before"
    operation: str = ""  # part of the operation's name; "": any


class Faults:
    """The faults in force. None, unless a test asks for some."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set({})

    def set(self, wanted: dict[str, Any]) -> None:
        """Puts other faults in force: `seed`, `services` (a list), `functions` (fault to share), `entries` (share)."""
        unknown = wanted.keys() - {"seed", "services", "functions", "entries"}
        functions = dict(wanted.get("functions", {}))
        if unknown or functions.keys() - set(_FUNCTION_FAULTS):
            raise ValueError(f"there are no faults {', '.join(sorted(unknown | functions.keys()))}")
        with self._lock:
            self._random = random.Random(wanted.get("seed", 1))
            self._services = [ServiceFault(**fault) for fault in wanted.get("services", [])]
            self._functions: dict[FunctionFault, float] = functions
            self._entries = float(wanted.get("entries", 0))
            self.counts: dict[str, int] = {}

    def of_service(self, service: str, operation: str) -> When | None:
        """Whether this call fails, and when."""
        faults = [fault for fault in self._services if fault.service == service and fault.operation in operation]
        hit = self._one_of([(fault, fault.share) for fault in faults])
        if hit is not None:
            self._count(f"{service} {hit.when}")
        return None if hit is None else hit.when

    def of_function(self) -> FunctionFault | None:
        """Whether this invocation fails, and how."""
        kind = self._one_of([(kind, self._functions.get(kind, 0)) for kind in _FUNCTION_FAULTS])
        if kind is not None:
            self._count(f"function {kind}")
        return kind

    def of_entry(self) -> bool:
        """Whether this entry of a PutRecordBatch is refused, while others are taken."""
        hit = self._one_of([(True, self._entries)]) is not None
        if hit:
            self._count("entry")
        return hit

    def _one_of(self, shares: list[tuple[_T, float]]) -> _T | None:
        """At most one of several faults, each with its share."""
        if not any(share for _, share in shares):
            return None
        with self._lock:
            left = self._random.random()
        for fault, share in shares:
            left -= share
            if left < 0:
                return fault
        return None

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] = self.counts.get(what, 0) + 1
