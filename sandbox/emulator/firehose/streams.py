"""A delivery stream at work: records are collected, handed to the function, collected again, and written."""

from __future__ import annotations

import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ..warm_functions import Invocation
from .delivery import Buffer
from .transformation import Outcome, Record, transform

# how many batches of a stream are with the function at the same time; the real service begins with a few as well
_CONCURRENCY = 4


@dataclass(frozen=True)
class Processor:
    """The function of a stream, and how batches are made for it."""

    function: str  # ARN
    megabytes: float
    seconds: float
    retries: int


@dataclass
class Counts:
    """What happened to the records of a stream."""

    accepted: int = 0
    refused: int = 0
    batches: int = 0
    attempts: int = 0
    kept: int = 0
    dropped: int = 0
    failed: int = 0
    codes: dict[str, int] = field(default_factory=dict)


class Stream:
    """One stream. Its thread sleeps until something is due."""

    def __init__(
        self,
        arn: str,
        processor: Processor | None,
        delivery: Buffer,
        backup: Buffer | None,
        invoke: Callable[[str, dict[str, Any]], Invocation],
        speed: Callable[[], float],
    ) -> None:
        self.arn, self.processor, self.delivery, self.backup = arn, processor, delivery, backup
        self._invoke, self._speed = invoke, speed
        self.counts = Counts()
        self._batch: list[Record] = []
        self._size, self._began = 0, 0.0
        self._running: set[Future[None]] = set()
        self._lock = threading.RLock()
        self._wake, self._stopped, self._flush = threading.Event(), False, False
        self._pool = ThreadPoolExecutor(_CONCURRENCY, thread_name_prefix="firehose")
        threading.Thread(target=self._work, daemon=True, name=f"firehose {arn}").start()

    def accept(self, data: bytes) -> str:
        """Takes a record; from here on it is Firehose's to lose."""
        record = Record(uuid.uuid4().hex + "000000", data, time.time())
        if self.backup is not None:
            self.backup.add(data, record.arrived)
        with self._lock:
            self.counts.accepted += 1
            if self.processor is None:
                self.delivery.add(data, record.arrived)
            else:
                # a batch is closed before it would be larger than its size, as long as one record is not
                if self._batch and self._size + len(data) > self.processor.megabytes * 1024 * 1024:
                    self._hand_over()
                if not self._batch:
                    self._began = time.monotonic()
                self._batch.append(record)
                self._size += len(data)
        self._wake.set()
        return record.id

    def flush(self, timeout: float = 120) -> bool:
        """Does now all that is to be done, also what comes of it; whether nothing is left."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with self._lock:
                self._flush = True
            self._wake.set()
            if self.idle:
                return True
            time.sleep(0.01)
        return False

    @property
    def idle(self) -> bool:
        """Whether nothing is collected, under way or to be written."""
        with self._lock:
            busy = self._batch or self._running
            return not busy and self.delivery.empty and (self.backup is None or self.backup.empty)

    def stop(self) -> None:
        """Ends its thread. What it holds is gone, as it is when a stream is deleted."""
        self._stopped = True
        self._wake.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _work(self) -> None:
        while not self._stopped:
            with self._lock:
                flush, self._flush = self._flush, False
                waits = [self._due(flush=flush)]
            buffers = [buffer for buffer in (self.delivery, self.backup) if buffer is not None]
            waits += [buffer.due(flush=flush) for buffer in buffers]
            refused = sum(buffer.write() for buffer in buffers)
            if refused:
                waits.append(0.2)
            self._wake.wait(min([wait for wait in waits if wait is not None], default=None))
            self._wake.clear()

    def _due(self, *, flush: bool) -> float | None:
        """Hands over the batch if it is due; in how many seconds it is."""
        if not self._batch or self.processor is None:
            return None
        left = self._began + self.processor.seconds / self._speed() - time.monotonic()
        if left > 0 and not flush:
            return left
        self._hand_over()
        return None

    def _hand_over(self) -> None:
        batch, self._batch, self._size = self._batch, [], 0
        future = self._pool.submit(self._process, batch)
        self._running.add(future)
        future.add_done_callback(self._done)

    def _done(self, future: Future[None]) -> None:
        if not future.cancelled() and (fault := future.exception()) is not None:
            traceback.print_exception(fault, file=sys.stderr)  # records are lost: a fault of the emulator
        with self._lock:
            self._running.discard(future)
        self._wake.set()

    def _process(self, batch: list[Record]) -> None:
        processor = self.processor
        assert processor is not None
        outcome = transform(
            batch,
            self.arn,
            lambda event: self._invoke(processor.function, event),
            processor.retries,
            lambda attempt: time.sleep(min(1.0, 2**attempt / 10) / self._speed()),
        )
        self._deliver(outcome, processor.function)
        with self._lock:
            counts = self.counts
            counts.batches += 1
            counts.attempts += outcome.attempts
            counts.kept += len(outcome.kept)
            counts.dropped += len(outcome.dropped)
            counts.failed += len(outcome.failed)
            for failure in outcome.failed:
                counts.codes[failure.code] = counts.codes.get(failure.code, 0) + 1

    def _deliver(self, outcome: Outcome, function: str) -> None:
        for record, data in outcome.kept:
            self.delivery.add(data, record.arrived)
        for failure in outcome.failed:
            self.delivery.add(failure.line(function), failure.record.arrived, "processing-failed")
