"""`python -m emulator`: serves until it is told to stop."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import json
import logging
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def main() -> int:
    """Starts the server; returns what the process ends with."""
    arguments = parse()
    # read by moto when it is first imported, so set before
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"):
        os.environ.pop(name, None)
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    warnings.simplefilter("ignore")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    from werkzeug.serving import make_server

    late, listener = Late(), socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((arguments.host, arguments.port))
    except OSError as error:
        reason = (
            "is taken: choose another with --port" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        )
        print(f"port {arguments.port} of {arguments.host} {reason}", file=sys.stderr)
        return 2
    listener.listen(128)
    server = make_server(arguments.host, listener.getsockname()[1], late, threaded=True, fd=listener.fileno())
    endpoint = f"http://{arguments.host}:{server.port}"
    late.start(endpoint, arguments.account, arguments.node_modules, arguments.addon_schemas)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it outlives the terminal it was started from
    threading.Thread(target=watch_parent, daemon=True).start()
    print(
        json.dumps({"ready": True, "port": server.port, "pid": os.getpid(), "endpoint": endpoint}),
        flush=True,
    )
    server.serve_forever(poll_interval=0.1)
    late.stop()
    sys.stderr.flush()
    os._exit(0)  # requests under way are not waited for, and nothing here needs tidying


def parse() -> argparse.Namespace:
    """The arguments; a host that is not this machine alone is refused."""
    parser = argparse.ArgumentParser(prog="emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--account", required=True, help="the account of keys that belong to no other")
    parser.add_argument("--state-dir", type=Path, help="where temporary files go")
    project = Path(__file__).parents[2]
    parser.add_argument("--node-modules", default=str(project / "node_modules"))
    parser.add_argument("--addon-schemas", type=Path, default=project / "lib" / "cni" / "schemas")
    arguments = parser.parse_args()
    if not ipaddress.ip_address(arguments.host).is_loopback:
        parser.error(f"--host must be a loopback address, not {arguments.host}")
    if arguments.state_dir is not None:
        arguments.state_dir.mkdir(parents=True, exist_ok=True)
        os.environ["TMPDIR"] = str(arguments.state_dir)
    return arguments


def watch_parent() -> None:
    """Ends this process when who started it is gone; after the line `stay` it lives on by itself."""
    for line in sys.stdin:
        if line.strip() == "stay":
            return
    os.kill(os.getpid(), signal.SIGTERM)


class Late:
    """The port is taken before the second of imports, so that a taken one is told at once."""

    def __init__(self) -> None:
        self._ready = threading.Event()

    def start(self, endpoint: str, account: str, node_modules: str, addon_schemas: Path) -> None:
        from .app import Application

        self.application = Application(endpoint, account, node_modules, addon_schemas)
        self._ready.set()
        threading.Thread(target=self.application.warm_up, daemon=True).start()

    def stop(self) -> None:
        self.application.stop()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self._ready.wait(30)
        return self.application(environ, start_response)


if __name__ == "__main__":
    sys.exit(main())
