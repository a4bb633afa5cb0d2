"""``migov serve``: what must be right before the supervisor starts, and how it is told to end."""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from migov import journal
from migov.graph.release import Release
from migov.settings import choice
from migov.web.clients import Networks
from migov.web.supervisor import Failed, Supervisor

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PREFIX, _LOCK = "migov-", "lock"
_YOUNG_SECONDS = 60  # a folder may be there a moment before its lock is taken


def serve(
    release: Release,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 2,
    public_url: str = "",
    store_url: str = "",
) -> int:
    """Serve a release until SIGINT or SIGTERM; return the exit code.

    Queries go to the SPARQL endpoint at ``store_url``, which must hold the release, where it is given.

    0 after a signal; 1, with a message on standard error, when the port is taken or the release cannot be served.
    Nothing that was started outlives this process, however it ends.
    """
    try:
        _check_choices()
        with _folder() as folder, _stopping():
            supervisor = Supervisor(release, folder, host, port, workers, public_url, store_url)
            if not os.isatty(0):  # a terminal that is closed means the end
                signal.signal(signal.SIGHUP, lambda *_: setattr(supervisor, "look_again", True))
            try:
                supervisor.run()
            finally:
                for number in _SIGNALS:  # a second one hurries, but must not leave half of it running
                    signal.signal(number, lambda *_: supervisor.end_now())
                supervisor.end()
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _check_choices() -> None:
    """Raise Failed for a word in the environment that the workers could not read."""
    try:
        journal.form_of(choice("MIGOV_LOG"))
        for variable in ("MIGOV_TRUSTED_PROXIES", "MIGOV_UNCOUNTED", "MIGOV_METRICS_FROM"):
            try:
                Networks(choice(variable))
            except ValueError as error:
                raise ValueError(f"{variable}: {error}") from error
    except ValueError as error:
        raise Failed(str(error)) from error


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
