"""A web worker: a process that serves HTTP with uvicorn around ``migov.web.shell``. Run as ``-m migov.web.front``.

The supervisor starts several on one listening socket, and starts again those that die.
"""

import logging
import os
import resource
import socket
import sys
import threading
from pathlib import Path
from typing import Final

import uvicorn

from migov import journal
from migov.errors import MigovError
from migov.journal import Journal
from migov.settings import DEFAULTS, choice
from migov.web import edition
from migov.web.board import Board, Row
from migov.web.clients import Clients, Networks
from migov.web.connection import Connection
from migov.web.edition import Edition
from migov.web.places import BACKLOG, BOARD, FOLDER, PUBLIC, RATE, SPOOL
from migov.web.rate import Rate
from migov.web.shell import Shell
from migov.web.spool import Spool
from migov.web.visit import Surroundings

_NEVER: Final = 10**6


def shell() -> Shell:
    """Return the application that the environment describes."""
    folder, public = Path(os.environ[FOLDER]), os.environ[PUBLIC]
    board = Board(folder / BOARD)
    row = board.claim()
    log = Journal(journal.form_of(choice("MIGOV_LOG")), lambda: row.add("dropped"))
    logging.basicConfig(level=logging.WARNING, handlers=[journal.Handler(log)], force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # a client that sends nonsense is no news
    around = Surroundings(
        clients=Clients(Networks(choice("MIGOV_TRUSTED_PROXIES"))),
        uncounted=Networks(choice("MIGOV_UNCOUNTED")),
        metrics_from=Networks(choice("MIGOV_METRICS_FROM")),
        rate=Rate(folder / RATE, DEFAULTS["client_rate"], DEFAULTS["client_burst"]),
        board=board,
        row=row,
        journal=log,
        spool=Spool(folder / SPOOL, DEFAULTS["sending_bytes"]),
    )
    editions = Editions(folder, public, row, log)
    first = editions.after(None)
    assert first is not None  # there is always one to begin with
    return Shell(first, around=around, renew=editions.after)


class Editions:
    """The editions that a server's folder names, one after the other."""

    def __init__(self, folder: Path, public_url: str, row: Row, log: Journal) -> None:
        self._folder = folder
        self._public_url = public_url
        self._row = row
        self._log = log
        self._counting = threading.Lock()
        self._refused = -1

    def after(self, present: Edition | None) -> Edition | None:
        """Open the edition that is to be served, where that is another than the present one."""
        number = edition.current(self._folder)
        if present is not None and number in (present.number, self._refused):
            return None
        try:
            return edition.take(self._folder, number, self._public_url, self._note)
        except (MigovError, OSError) as error:
            if present is None:
                raise
            self._refused = number
            self._log.event("error", "a release cannot be served", reason=str(error))
            return None

    def _note(self, reason: str) -> None:
        """Count a child that was ended; called from the threads of queries."""
        with self._counting:
            self._row.add("children", reason)


def leave_with_supervisor() -> None:
    """End this process once the supervisor is gone, however it went: then the pipe on standard input closes."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 1):
        continue
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Answer the connections of a listening socket, a descriptor that was inherited, until SIGTERM."""
    (listener,) = arguments
    leave_with_supervisor()
    _allow_connections()
    config = uvicorn.Config(
        shell(),
        http=Connection,
        ws="none",
        loop="uvloop",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_NEVER,  # connections see to that themselves
        timeout_graceful_shutdown=int(DEFAULTS["end_seconds"]),
        backlog=BACKLOG,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(listener))])


def _allow_connections() -> None:
    """Let this process have as many files open as its connections need; one may have a file open as well."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * int(DEFAULTS["connections"]) + 256
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
