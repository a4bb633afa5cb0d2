"""The supervisor of a server: web workers, and a store process for each edition, started again when they die.

It holds the listening socket that the workers share, so that a connection made while one of them is started again waits
in the kernel and is not refused.

An edition is a release as it is served. When the current release changes its store is loaded beside the present one;
then the workers are told, and the present store ends once no worker has a request in it any more.
"""

import errno
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from migov import journal
from migov.errors import NoRelease
from migov.graph import release as releases
from migov.graph.release import Release
from migov.settings import DEFAULTS
from migov.web import board, places, rate

_LOOK_SECONDS: Final = 0.03
_WATCH_SECONDS: Final = 0.1
_MOST_FAILURES: Final = 3  # before the first answer; then this release, or this machine, cannot be served
_START_SECONDS: Final = 60
"""After this the standard input of a dead process is closed, which ends whatever it has left behind."""
Process = subprocess.Popen[bytes]


class Failed(Exception):
    """The server cannot go on; the message says why and what to do."""


@dataclass
class Engine:
    """The store process of an edition."""

    number: int
    release: Release
    command: list[str]
    socket: Path
    process: Process
    until: float = 0.0


class Supervisor:
    """Starts the processes, starts again what dies, swaps releases, and ends everything."""

    def __init__(
        self,
        release: Release,
        folder: Path,
        host: str,
        port: int,
        workers: int,
        public_url: str,
        store_url: str = "",
    ) -> None:
        self._listener = _listen(host, port)  # before anything is started that would have to be ended again
        self.address = (host, port)
        self._store_url = store_url
        self.look_again = False
        self._folder = folder
        self._workers = workers
        self._releases = release.path.parent
        self._environment = os.environ | {
            places.FOLDER: str(folder),
            places.PUBLIC: public_url or f"http://{bracketed(host)}:{port}",
        }
        self._board = board.make(folder / places.BOARD, workers)
        self._row = self._board.supervisor()
        rate.make_table(folder / places.RATE, secrets.token_bytes(16))
        self._left: list[tuple[float, Process]] = []
        self._failures = 0
        self._editions = 0
        self._serving = self._begin(release)
        self._next: Engine | None = None
        self._retiring: list[Engine] = []
        self._link = self._linked()
        self._point_to(self._serving)
        self._fronts = [self._start_front() for _ in range(workers)]

    def run(self) -> NoReturn:
        """Say when the server answers, then keep it so; returns never, raises Failed."""
        said = False
        while True:
            time.sleep(_WATCH_SECONDS if said else _LOOK_SECONDS)
            self._mend(said)
            if said:
                self._swap()
            elif answers(*self.address):
                said = True
                host, port = self.address
                where = f"http://{bracketed(host)}:{port}/"
                print(
                    f"migov is serving release {self._serving.release.id[:12]} at {where}  (Ctrl-C ends it)", flush=True
                )

    def _begin(self, release: Release) -> Engine:
        """Start the store process of a new edition."""
        self._editions += 1
        place = self._folder / str(self._editions)
        place.mkdir()
        # A build may swap the current release meanwhile: an edition goes on with its own.
        (place / "current").symlink_to(release.path.resolve())
        command = self._store_command(release, place / places.SOCKET)
        return Engine(self._editions, release, command, place / places.SOCKET, self._start(command))

    def _store_command(self, release: Release, path: Path) -> list[str]:
        """The module and arguments that serve a release on a socket."""
        # Of each worker: the pool of both lanes, that of awaited queries with the primed one; and health.
        children = (3 * int(DEFAULTS["concurrent_queries"]) + 1) * self._workers + 8
        options = ["--socket", str(path), "--keep", "--children", str(children)]
        source = ["--graph", str(release.graph)]
        if self._store_url:
            source = ["--engine", self._store_url, "--release", release.id, "--base", release.manifest.base]
        return ["migov.store.process", *source, *options]

    def _start_front(self) -> Process:
        """Start a web worker on the listening socket."""
        descriptor = self._listener.fileno()
        return self._start(["migov.web.front", str(descriptor)], (descriptor,))

    def _start(self, command: list[str], inherited: tuple[int, ...] = ()) -> Process:
        """Start a module. It ends when its standard input closes or its parent is gone, so it outlives nobody.

        It gets a session of its own, for Ctrl-C must reach the supervisor first: answers under way can then end.
        """
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
            pass_fds=inherited,
        )

    def _mend(self, answered: bool) -> None:
        """Start again what has died; give up when it dies before it ever answered."""
        if self._serving.process.poll() is not None:
            self._give_up_or_say("store", "the query engine", answered)
            self._serving.process = self._again(self._serving.process, self._serving.command)
        for place, front in enumerate(self._fronts):
            if front.poll() is not None:
                self._give_up_or_say("front", "a web worker", answered)
                self._fronts[place] = self._start_front()

    def _again(self, dead: Process, command: list[str]) -> Process:
        """Start a module again; what the dead process left behind serves on until its successor does."""
        now = time.monotonic()
        self._left.append((now, dead))
        for when, process in [*self._left]:
            if now - when > _START_SECONDS and process.stdin:
                process.stdin.close()
                self._left.remove((when, process))
        return self._start(command)

    def _give_up_or_say(self, part: str, what: str, answered: bool) -> None:
        self._failures += 1
        if not answered and self._failures > _MOST_FAILURES:
            name = self._serving.release.id[:12]
            raise Failed(f"{what.capitalize()} does not start with release {name}: run `migov build` again.")
        self._row.add("restarts", part)
        journal.say("error", f"{what} ended and is started again")

    def _swap(self) -> None:
        """Bring a new release one step nearer to being served."""
        link = self._linked()
        if self.look_again or link != self._link:
            self.look_again, self._link = False, link
            self._prepare()
        if self._next is not None:
            self._take_up(self._next)
        for engine in [*self._retiring]:
            used = min((row.get("oldest") for row in self._board.living()), default=0)
            if used > engine.number or time.monotonic() > engine.until:
                self._retiring.remove(engine)
                _end(engine.process)
                journal.say("info", "a release is no longer served", release=engine.release.id[:12])

    def _linked(self) -> str:
        try:
            return os.readlink(self._releases / "current")
        except OSError:
            return ""

    def _prepare(self) -> None:
        """Load the current release, unless it is served or on its way already."""
        try:
            release = releases.current(self._releases)
        except NoRelease as error:
            journal.say("error", "the current release cannot be read; the present one is kept", reason=str(error))
            return
        if self._next is not None:
            _end(self._next.process)
            self._next = None
        if release.id != self._serving.release.id:
            journal.say("info", "a new release is being loaded", release=release.id[:12])
            self._next = self._begin(release)

    def _take_up(self, engine: Engine) -> None:
        """Serve a release once its store listens, which it does when it has loaded everything."""
        if engine.process.poll() is not None:
            journal.say(
                "error", "a new release cannot be loaded; the present one is kept", release=engine.release.id[:12]
            )
            self._next = None
        elif engine.socket.exists():
            self._serving.until = time.monotonic() + 3 * DEFAULTS["deadline"] + DEFAULTS["sending_seconds"]
            self._retiring.append(self._serving)
            self._serving, self._next = engine, None
            self._point_to(engine)
            self._row.add("swaps")
            journal.say("info", "a new release is served", release=engine.release.id[:12])

    def _point_to(self, engine: Engine) -> None:
        """Say in one step which edition the workers serve."""
        new = self._folder / f"{places.SERVING}~"
        new.symlink_to(str(engine.number))
        new.replace(self._folder / places.SERVING)

    def end(self) -> None:
        """Let nobody in any more; end the workers, which let answers under way end, and then the stores."""
        self._listener.close()
        for front in self._fronts:
            front.terminate()
        for front in self._fronts:
            _end(front, DEFAULTS["end_seconds"] + 2)
        for engine in (self._serving, self._next, *self._retiring):
            if engine is not None:
                _end(engine.process)

    def end_now(self) -> None:
        """End everything without waiting for answers under way."""
        for front in self._fronts:
            front.kill()


def _end(process: Process, seconds: float = 5) -> None:
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def _listen(host: str, port: int) -> socket.socket:
    """Listen for connections; raises Failed where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=places.BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failed(f"Port {port} on {host} is in use: end what listens there, or use --port.") from error
        raise Failed(f"Cannot listen on {host} port {port}: {error.strerror}.") from error


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def answers(host: str, port: int) -> bool:
    """Tell whether the server is ready, the store included."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
