"""Deployed functions that stay warm: an execution environment answers one event after another, as Lambda keeps it.

What a module of the function holds lives from one invocation to the next; a time-out or a crash ends the environment
with all that, and the next event starts another. `function_runtime.cjs` runs functions that are called once.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .functions import Function, unpack

_SERVER = Path(__file__).with_name("function_server.cjs")
# what Lambda takes and gives at most, in bytes of JSON
MOST_BYTES = 6 * 1024 * 1024
_LOG_KEPT = 256 * 1024
# loading the code is not part of the function's own time
_INIT_SECONDS = 30.0


@dataclass(frozen=True)
class Invocation:
    """How an invocation ended."""

    ok: bool
    payload: Any  # what the handler returned
    error: str  # "", or what Lambda says of a failure
    log: str
    seconds: float


class Environment:
    """One process with the function loaded."""

    def __init__(self, function: Function, environment: Mapping[str, str]) -> None:
        self.function = function
        self._folder = Path(tempfile.mkdtemp(prefix="function-"))
        unpack(function.code, self._folder)
        self._log = os.open(self._folder / ".log", os.O_RDWR | os.O_CREAT | os.O_APPEND)
        answers, theirs = os.pipe()
        self._answers, self._rest = answers, b""
        command = ["node", str(_SERVER), str(self._folder), function.handler, str(function.timeout), str(theirs)]
        try:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs,),
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        self._loaded = False

    def invoke(self, event: object) -> Invocation:
        """Hands over one event and waits for the answer, no longer than the function may take."""
        began, read_from = time.monotonic(), os.fstat(self._log).st_size
        line = json.dumps({"id": str(uuid.uuid4()), "event": event}).encode() + b"\n"
        assert self._process.stdin is not None
        answer: bytes | None
        try:
            if not self._loaded:
                self._loaded = self._line(began + _INIT_SECONDS) is not None
                began = time.monotonic()
            self._process.stdin.write(line)
            self._process.stdin.flush()
            answer = self._line(began + self.function.timeout)
        except (BrokenPipeError, EOFError):
            answer = b""
        log = self._said(read_from)
        seconds = time.monotonic() - began
        if answer is None:
            self.close()
            return Invocation(False, None, f"Task timed out after {self.function.timeout}.00 seconds", log, seconds)
        if answer == b"":
            self.close()
            return Invocation(False, None, "Runtime exited before the handler answered", log, seconds)
        told = json.loads(answer)
        if "error" in told:
            error = told["error"]
            return Invocation(False, None, f"{error['errorType']}: {error['errorMessage']}", log, seconds)
        if len(answer) > MOST_BYTES + len('{"result":}\n'):
            error = f"Response payload size exceeded maximum allowed payload size ({MOST_BYTES} bytes)."
            return Invocation(False, None, error, log, seconds)
        return Invocation(True, told["result"], "", log, seconds)

    @property
    def alive(self) -> bool:
        """Whether it can take another event."""
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the process and what it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for descriptor in (self._answers, self._log):
            with suppress(OSError):
                os.close(descriptor)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _line(self, deadline: float) -> bytes | None:
        """One answer; None if it does not come in time."""
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                return None
            part = os.read(self._answers, 1 << 20)
            if not part:
                raise EOFError
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _said(self, start: int) -> str:
        size = os.fstat(self._log).st_size
        start = max(start, size - _LOG_KEPT)
        return os.pread(self._log, size - start, start).decode(errors="replace")


class WarmFunctions:
    """Environments of every function in use; a change of its code or settings begins with new ones."""

    def __init__(self, environment_of: Callable[[Function, str], Mapping[str, str]]) -> None:
        self._environment_of = environment_of
        self._idle: dict[str, list[Environment]] = {}
        self._all: set[Environment] = set()
        self._lock = threading.Lock()

    def invoke(self, function: Function, role: str, event: object) -> Invocation:
        """Runs one invocation, in an environment that is free or a new one."""
        if len(json.dumps(event)) > MOST_BYTES:
            error = f"Request must be smaller than {MOST_BYTES} bytes for the InvokeFunction operation"
            return Invocation(False, None, error, "", 0)
        key = _key(function, role)
        with self._lock:
            idle = self._idle.setdefault(key, [])
            environment = idle.pop() if idle else None
        if environment is None or not environment.alive:
            environment = Environment(function, self._environment_of(function, role))
            with self._lock:
                self._all.add(environment)
        outcome = environment.invoke(event)
        with self._lock:
            if environment.alive:
                self._idle[key].append(environment)
            else:
                self._all.discard(environment)
        return outcome

    def forget(self) -> None:
        """Ends every environment that waits: the next events start cold."""
        with self._lock:
            waiting = [environment for idle in self._idle.values() for environment in idle]
            self._idle.clear()
            self._all.difference_update(waiting)
        for environment in waiting:
            environment.close()

    def stop(self) -> None:
        """Ends all of them."""
        with self._lock:
            every = list(self._all)
            self._all.clear()
            self._idle.clear()
        for environment in every:
            environment.close()


def _key(function: Function, role: str) -> str:
    settings = {"name": function.name, "handler": function.handler, "role": role, "region": function.region}
    rest = {"timeout": function.timeout, "memory": function.memory, "environment": dict(function.environment)}
    text = json.dumps({**settings, **rest}, sort_keys=True).encode()
    return hashlib.sha256(text + function.code).hexdigest()
