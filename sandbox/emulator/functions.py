"""Runs the code of a deployed Lambda function in a process of its own.

It proves that the code as it was packed runs, and what it asks of AWS and Kubernetes. It does not prove what only the
real service has: its own Node.js, its network, its permissions.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_RUNTIME = Path(__file__).with_name("function_runtime.cjs")
_LOG_KEPT = 64 * 1024
_running: set[subprocess.Popen[str]] = set()
_lock = threading.Lock()


@dataclass(frozen=True)
class Function:
    """A function as it was deployed."""

    name: str
    handler: str
    timeout: int  # seconds
    memory: int  # MiB
    region: str
    environment: Mapping[str, str]
    code: bytes  # the zip


@dataclass(frozen=True)
class Run:
    """How an invocation ended: `ok` if the handler returned."""

    function: str
    ok: bool
    error: str
    log: str


def run(
    function: Function, event: object, *, eks_endpoint: str, credentials: Mapping[str, str], node_modules: Path
) -> Run:
    """Runs one invocation. What the function does wrong is in the answer, never raised."""
    folder = Path(tempfile.mkdtemp(prefix="function-"))
    try:
        unpack(function.code, folder)
        return _run(function, event, folder, _environment(function, eks_endpoint, credentials, node_modules))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        return Run(function.name, False, f"{function.name} cannot be run: {error}", "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop_all() -> None:
    """Ends every function under way."""
    with _lock:
        for process in list(_running):
            _kill(process)


def unpack(code: bytes, folder: Path) -> None:
    """Unpacks a zip; a member that would land outside the folder is refused."""
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        for name in archive.namelist():
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"the zip has a member outside of itself: {name}")
        archive.extractall(folder)


def _run(function: Function, event: object, folder: Path, environment: dict[str, str]) -> Run:
    command = ["node", str(_RUNTIME), str(folder), function.handler, str(function.timeout)]
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a group of its own, so that what it starts ends with it
    )
    with _lock:
        _running.add(process)
    try:
        log, _ = process.communicate(json.dumps(event), timeout=function.timeout)
        error = "" if process.returncode == 0 else f"{function.name} failed: {_last_line(log)}"
    except subprocess.TimeoutExpired:
        _kill(process)
        log, _ = process.communicate()
        error = f"{function.name} was ended after its time-out of {function.timeout} s"
    finally:
        with _lock:
            _running.discard(process)
    return Run(function.name, not error, error, log[-_LOG_KEPT:])


def environment_of(function: Function, credentials: Mapping[str, str], node_modules: Path) -> dict[str, str]:
    """What every function sees, wherever it thinks AWS is."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "NODE_PATH": str(node_modules),  # the SDK comes with the runtime
        "NODE_NO_WARNINGS": "1",
        **function.environment,
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _environment(
    function: Function, eks_endpoint: str, credentials: Mapping[str, str], node_modules: Path
) -> dict[str, str]:
    """Only EKS is redirected: the host of STS inside a bearer token must stay the real one."""
    return {
        **environment_of(function, credentials, node_modules),
        "AWS_ENDPOINT_URL_EKS": eks_endpoint,
        "INVOCATION_ID": str(uuid.uuid4()),
    }


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):  # it ended by itself in between
        os.killpg(process.pid, signal.SIGKILL)


def _last_line(log: str) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    named = [line for line in lines if "Error" in line]
    return (named or lines or ["it said nothing"])[0].strip()
