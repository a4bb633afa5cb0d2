"""``migov serve``: a supervisor of two processes, the store and the HTTP front, that live and end together."""

import contextlib
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from migov.graph.release import Release

_LOOK_SECONDS = 0.03
_WATCH_SECONDS = 0.2
_END_SECONDS = 8
_MOST_STARTS = 5  # before the first answer; then this release, or this machine, cannot be served
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PREFIX, _LOCK = "migov-", "lock"
_YOUNG_SECONDS = 60  # a folder may be there a moment before its lock is taken
Process = subprocess.Popen[bytes]


class Failed(Exception):
    """The server cannot go on; the message says why and what to do."""


class Supervisor:
    """Starts both processes, starts again what dies, and ends both."""

    def __init__(self, release: Release, folder: Path, host: str, port: int, workers: int, public_url: str) -> None:
        self.address = (host, port)
        self._release = release
        self._store_command = ["migov.store.process", "--graph", str(release.graph), "--socket", str(folder / "store")]
        self._front_command = ["migov.web.front", host, str(port), str(workers)]
        # A build may swap the current release meanwhile: store and workers must go on with this one.
        (folder / "current").symlink_to(release.path.resolve())
        self._environment = os.environ | {
            "MIGOV_RELEASES": str(folder),
            "MIGOV_SOCKET": str(folder / "store"),
            "MIGOV_PUBLIC_URL": public_url or f"http://{_bracketed(host)}:{port}",
        }
        self._starts = 0
        self._store = self._start([*self._store_command, "--with-parent"])
        self._front = self._start(self._front_command)

    def _start(self, command: list[str]) -> Process:
        """Start a module. It ends when its standard input closes or its parent is gone, so it outlives nobody.

        It gets a session of its own, for Ctrl-C must reach the supervisor first: answers under way can then end.
        """
        self._starts += 1
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )

    def run(self) -> NoReturn:
        """Say when the server answers, then keep it so; returns never, raises Failed."""
        said = False
        while True:
            time.sleep(_WATCH_SECONDS if said else _LOOK_SECONDS)
            self._mend(said)
            if not said and answers(*self.address):
                said = True
                host, port = self.address
                where = f"http://{_bracketed(host)}:{port}/"
                print(f"migov is serving release {self._release.id[:12]} at {where}  (Ctrl-C ends it)", flush=True)

    def _mend(self, answered: bool) -> None:
        """Start again what has died; give up when it dies before it ever answered."""
        if self._store.poll() is not None:
            self._give_up_or_say("The query engine", answered)
            self._store = self._start([*self._store_command, "--with-parent"])
        if self._front.poll() is not None:
            self._give_up_or_say("The HTTP front", answered)
            self._front = self._start(self._front_command)

    def _give_up_or_say(self, what: str, answered: bool) -> None:
        if not answered and self._starts >= _MOST_STARTS:
            raise Failed(f"{what} does not start with release {self._release.id[:12]}: run `migov build` again.")
        print(f"{what} ended; starting it again.", file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the front, which lets answers under way end, and then the store."""
        for process in (self._front, self._store):
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin:
                process.stdin.close()


def serve(
    release: Release, *, host: str = "127.0.0.1", port: int = 8000, workers: int = 2, public_url: str = ""
) -> int:
    """Serve a release until SIGINT or SIGTERM; return the exit code.

    0 after a signal; 1, with a message on standard error, when the port is taken or the release cannot be served.
    Nothing that was started outlives this process, however it ends.
    """
    try:
        _check_port(host, port)
        with _folder() as folder, _stopping():
            supervisor = Supervisor(release, folder, host, port, workers, public_url)
            try:
                supervisor.run()
            finally:
                for number in _SIGNALS:  # a second Ctrl-C must not leave half of it running
                    signal.signal(number, signal.SIG_IGN)
                supervisor.end()
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _check_port(host: str, port: int) -> None:
    """Raise Failed when the server could not listen here."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Failed(f"Port {port} on {host} is in use: end what listens there, or use --port.") from error
            raise Failed(f"Cannot listen on {host} port {port}: {error.strerror}.") from error


def answers(host: str, port: int) -> bool:
    """Tell whether the home page comes whole."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/", headers={"Accept": "text/html"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder for the store's socket that only this user can enter."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of servers that were killed: the kernel has taken their locks away."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError), lock.open() as file:
            if time.time() - os.fstat(file.fileno()).st_mtime > _YOUNG_SECONDS:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Both signals raise KeyboardInterrupt, so that everything is ended in one way."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = [(number, signal.signal(number, stop)) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
