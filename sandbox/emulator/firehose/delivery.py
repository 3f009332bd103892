"""A buffer that becomes an object in S3 when it is full or old enough. What S3 refuses is tried again until it does not."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .names import evaluated, object_name


@dataclass(frozen=True)
class Destination:
    """Where objects go, as a stream's destination or its backup says."""

    stream: str
    version: str
    bucket: str
    prefix: str
    error_prefix: str
    compression: str
    extension: str
    megabytes: float
    seconds: float


@dataclass
class Part:
    """What becomes one object: records that came together and go to the same place."""

    error_type: str  # "" for records that are delivered
    began: float  # when the first record was put in
    arrived: float  # when its first record arrived at the stream; names the place
    data: list[bytes] = field(default_factory=list)
    size: int = 0
    records: int = 0


class Buffer:
    """What is to be written, by the kind of error; "" is what is delivered."""

    def __init__(
        self, destination: Destination, put: Callable[[str, str, bytes], None], speed: Callable[[], float]
    ) -> None:
        self.destination, self._put, self._speed = destination, put, speed
        self._open: dict[str, Part] = {}
        self._lock = threading.Lock()
        self.waiting: list[Part] = []  # full or old enough, and not written yet
        self._writing = False
        self.objects: list[dict[str, Any]] = []

    def add(self, data: bytes, arrived: float, error_type: str = "") -> None:
        """Takes one record; Firehose puts nothing between records."""
        with self._lock:
            part = self._open.get(error_type)
            if part is None:
                part = self._open[error_type] = Part(error_type, time.monotonic(), arrived)
            part.data.append(data)
            part.size += len(data)
            part.records += 1
            part.arrived = min(part.arrived, arrived)
            if part.size >= self.destination.megabytes * 1024 * 1024:
                self.waiting.append(self._open.pop(error_type))

    def due(self, *, flush: bool = False) -> float | None:
        """Moves what is old enough to what waits; in how many seconds the next is."""
        now, next_due = time.monotonic(), None
        with self._lock:
            for error_type, part in list(self._open.items()):
                left = part.began + self.destination.seconds / self._speed() - now
                if left <= 0 or flush:
                    self.waiting.append(self._open.pop(error_type))
                else:
                    next_due = left if next_due is None else min(next_due, left)
        return next_due

    def write(self) -> int:
        """Writes what waits; how many objects S3 refused, which wait on."""
        with self._lock:
            parts, self.waiting, self._writing = self.waiting, [], True
        refused = [part for part in parts if not self._write(part)]
        with self._lock:
            self.waiting, self._writing = refused + self.waiting, False
        return len(refused)

    @property
    def empty(self) -> bool:
        """Whether nothing is left to write."""
        with self._lock:
            return not self._open and not self.waiting and not self._writing

    def _write(self, part: Part) -> bool:
        d, when = self.destination, datetime.fromtimestamp(part.arrived, UTC)
        data = b"".join(part.data)
        compression = "UNCOMPRESSED" if part.error_type else d.compression
        if compression == "GZIP":
            data = gzip.compress(data, 6)
        prefix = d.error_prefix if part.error_type else d.prefix
        name = object_name(d.stream, d.version, when, compression, "" if part.error_type else d.extension)
        key = evaluated(prefix, when, part.error_type) + name
        try:
            self._put(d.bucket, key, data)
        except Exception:  # whatever S3 or the way to it says: Firehose tries for 24 hours
            return False
        with self._lock:
            self.objects.append({"bucket": d.bucket, "key": key, "records": part.records, "bytes": len(data)})
        return True
