"""The HTTP front as a process of its own: granian with its workers around ``migov.web.shell``.

Nothing but this module's own threads may run before granian forks its workers: a fork copies the locks that other
threads hold, the import lock above all, and a worker would wait for them for ever.
"""

import os
import sys
import threading
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from migov.graph import release
from migov.store.local import LocalStore
from migov.web.app import create_app
from migov.web.shell import Shell
from migov.web.site import Config

RELEASES, SOCKET, PUBLIC = "MIGOV_RELEASES", "MIGOV_SOCKET", "MIGOV_PUBLIC_URL"
END_SECONDS = 5


def shell() -> Shell:
    """Return the application that the environment describes; each worker calls this once."""
    leave_with_parent()
    served = release.current(Path(os.environ[RELEASES]))
    store = LocalStore(os.environ[SOCKET])
    return Shell(create_app(store, served, Config(public_url=os.environ[PUBLIC])))


def leave_with_parent() -> None:
    """End this process once the supervisor is gone, however it went: then the pipe on standard input closes."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 1):
        continue
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Listen on a host and port with a number of workers until SIGTERM."""
    host, port, workers = arguments
    leave_with_parent()
    server = Server(
        "migov.web.front:shell",
        address=host,
        port=int(port),
        interface=Interfaces.RSGI,
        workers=int(workers),
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=END_SECONDS,
    )
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
