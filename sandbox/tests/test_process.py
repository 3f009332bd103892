"""The emulator as a process: when it starts, when it ends, what it refuses."""

from __future__ import annotations

import json
import time

from .conftest import start


def test_it_ends_with_who_started_it() -> None:
    process = start()
    assert process.stdout is not None and process.stdin is not None
    assert json.loads(process.stdout.readline())["ready"]
    process.stdin.close()
    assert process.wait(3) == 0


def test_told_to_stay_it_stays_until_it_is_ended() -> None:
    process = start()
    assert process.stdout is not None and process.stdin is not None
    process.stdout.readline()
    process.stdin.write("stay\n")
    process.stdin.close()
    time.sleep(0.5)
    assert process.poll() is None
    asked = time.monotonic()
    process.terminate()
    assert process.wait(3) == 0
    assert time.monotonic() - asked < 1


def test_a_taken_port_is_told_in_one_line() -> None:
    first = start()
    assert first.stdout is not None
    port = str(json.loads(first.stdout.readline())["port"])
    second = start("--port", port)
    assert second.stderr is not None
    assert second.wait(5) == 2
    assert second.stderr.read() == f"port {port} of 127.0.0.1 is taken: choose another with --port\n"
    first.kill()
    first.wait(3)


def test_it_listens_on_this_machine_only() -> None:
    process = start("--host", "0.0.0.0")
    assert process.stderr is not None
    assert process.wait(5) == 2
    assert "must be a loopback address" in process.stderr.read()
