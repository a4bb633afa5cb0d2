"""The HTTP front as a process of its own: granian with its workers around ``migov.web.shell``.

Nothing but this module's own threads may run before granian forks its workers: a fork copies the locks that other
threads hold, the import lock above all, and a worker would wait for them for ever.
"""

import logging
import os
import resource
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from migov import journal
from migov.errors import MigovError
from migov.journal import Journal
from migov.settings import DEFAULTS, choice
from migov.web import edition
from migov.web.board import Board, Row
from migov.web.clients import Clients, Networks
from migov.web.edition import Edition
from migov.web.places import BOARD, FOLDER, PUBLIC, RATE, SPOOL
from migov.web.rate import Rate
from migov.web.shell import Shell, Surroundings
from migov.web.spool import Spool

_LOOK_SECONDS: Final = 0.2
_ALONE_SECONDS: Final = 30.0
_START_SECONDS: Final = 2.0  # from the first sign of a worker until it answers
_OFTEN: Final = 10
_OFTEN_SECONDS: Final = 10.0
_LOGGING: Final = {
    "handlers": {"journal": {"class": "migov.web.front.Lines"}},
    "loggers": {"_granian": {"handlers": ["journal"], "propagate": False}},
}


def shell() -> Shell:
    """Return the application that the environment describes; each worker calls this once."""
    leave_with_supervisor()
    folder, public = Path(os.environ[FOLDER]), os.environ[PUBLIC]
    board = Board(folder / BOARD)
    row = board.claim()
    threading.Thread(target=_leave_with_main, args=(os.getppid(), board), daemon=True).start()
    log = Journal(journal.form_of(choice("MIGOV_LOG")), lambda: row.add("dropped"))
    logging.basicConfig(level=logging.WARNING, handlers=[journal.Handler(log)], force=True)
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


def _leave_with_main(main_process: int, board: Board) -> None:
    """End a worker whose main process was killed, once workers of another front have taken its place."""
    while os.getppid() == main_process:
        time.sleep(_LOOK_SECONDS)
    end = time.monotonic() + _ALONE_SECONDS
    left = len(board.living())
    while len(board.living()) <= left and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
    time.sleep(_START_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(DEFAULTS["end_seconds"])
    os._exit(1)


class Lines(logging.Handler):
    """Brings what granian says of its workers into the form of the other lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        journal.say(record.levelname.lower(), record.getMessage())


class Births(dict[int, float]):
    """When each worker was started again; granian gives up where that was just now.

    Workers may be killed twice within seconds and the site must go on, so a birth is forgotten unless many came in
    a row: then they die of themselves.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: list[float] = []

    def __setitem__(self, worker: int, when: float) -> None:
        self._last = [*(earlier for earlier in self._last if when - earlier < _OFTEN_SECONDS), when]
        if len(self._last) > _OFTEN:
            super().__setitem__(worker, when)


def main(arguments: list[str]) -> None:
    """Listen on a host and port with a number of workers until SIGTERM."""
    host, port, workers = arguments
    leave_with_supervisor()
    connections, idle = int(DEFAULTS["connections"]), int(1000 * DEFAULTS["idle_seconds"])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections + 256  # a connection may have a file open as well
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    server = Server(
        "migov.web.front:shell",
        address=host,
        port=int(port),
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=idle),
        backpressure=connections,
        workers=int(workers),
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=int(DEFAULTS["end_seconds"]),
    )
    server.respawned_wrks = Births()
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
