"""The store process: loads a graph once, then forks a child for each connection. Run as ``-m migov.store.process``.

Single-threaded throughout, so that forking is safe; the graph is shared with the children copy-on-write. With each
connection goes a pipe on which the parent, who alone knows, tells how the child ended.
"""

import argparse
import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from migov import errors, journal
from migov.settings import DEFAULTS
from migov.store import child, syntax, wire
from migov.store.load import Graph, load
from migov.store.remote import Remote
from migov.vocabulary import BASE

MOST_CHILDREN = 64
"""Connections at once; further ones wait in the kernel's backlog."""
_BLOCKED = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


_WEIGH_SECONDS = 0.1
_LOOK_SECONDS = 0.5
_MOST_SAID = 2_000
_EXPECTED = {signal.SIGALRM, signal.SIGXCPU, signal.SIGIO, signal.SIGTERM, wire.TOO_MUCH}
"""What ends children every day: the deadline, a client that left, the end of the store, too much memory in all."""


def command(graph: Path, path: Path, with_parent: bool = True) -> list[str]:
    """Return the command line that starts a store process."""
    options = ["--graph", str(graph), "--socket", str(path)]
    return [sys.executable, "-m", "migov.store.process", *options, *["--with-parent"] * with_parent]


class Parent:
    """Listens, forks, weighs, and buries."""

    def __init__(
        self, graph: Graph, path: Path, listener: socket.socket | None = None, most: int = MOST_CHILDREN
    ) -> None:
        self._graph = graph
        self._path = path
        self._most = most
        self._hello = json.dumps({"generation": graph.generation}).encode()
        self._children: dict[int, int] = {}  # process id to the writing end of its status pipe
        self._awake, self._wake = pipe()
        self._said, self._voice = pipe()  # what children say on standard error
        self._listener = listener or listen(path)
        self._identity = path.stat().st_ino
        self._weight = resident(os.getpid())

    def run(self, parent: int | None, keeper: int | None = None) -> None:
        """Serve until SIGTERM or SIGINT, or until this process is no longer the child of ``parent``.

        With ``keeper``, a descriptor, serve until that can be read or somebody else listens at the path.
        """
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
        try:
            while parent is None or os.getppid() == parent:
                self._wait(1.0, keeper)
                self._bury()
                self._weigh()
                if keeper is not None and not self._listens():
                    self._children.clear()  # they finish what they do, and take no more without a parent
                    return
        finally:
            self._close()

    def _wait(self, seconds: float, keeper: int | None) -> None:
        """Wait for a connection, or the death of a child; take one connection."""
        door = self._listener.fileno()
        watched = [self._awake, *([] if keeper is None else [keeper])]
        watched += [door] if len(self._children) < self._most else []
        ready = select.select(watched, [], [], _WEIGH_SECONDS if self._children else seconds)[0]
        if keeper in ready:
            sys.exit(0)
        if self._awake in ready:
            os.read(self._awake, 4096)
        if door in ready:
            try:
                connection = self._listener.accept()[0]
            except OSError:  # the client left the backlog
                return
            with connection:
                self._fork(connection)

    def _listens(self) -> bool:
        """Tell whether the socket at the path is still this one."""
        return self._path.exists() and self._path.stat().st_ino == self._identity

    def _weigh(self) -> None:
        """End the largest child when all together take too much memory beyond the graph; let the slow ones wait."""
        weights = {pid: resident(pid) - self._weight for pid in self._children}
        slow = [pid for pid in self._children if lowered(pid)]
        if len(slow) >= (os.cpu_count() or 1):
            for pid in slow:
                rest(pid)
        if sum(weights.values()) > DEFAULTS["total_memory"]:
            os.kill(max(weights, key=weights.__getitem__), wire.TOO_MUCH)

    def _fork(self, connection: socket.socket) -> None:
        reading, writing = os.pipe()
        this = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)  # no handler of the parent's may run in the child
        try:
            socket.send_fds(connection, [self._hello], [reading], socket.MSG_DONTWAIT)
            pid = os.fork()
            if pid == 0:
                _become_child(connection, self._graph, this, self._voice)
            self._children[pid] = writing
        except OSError:  # the client has gone, or there is no room for a process: it sees both ends close
            os.close(writing)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)
            os.close(reading)

    def _bury(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._tell(pid, status)
            writing = self._children.pop(pid)
            with contextlib.suppress(BrokenPipeError):  # the client may have left before
                os.write(writing, wire.STATUS.pack(status))
            os.close(writing)

    def _tell(self, pid: int, status: int) -> None:
        """Write one line of a child that broke, with the last of what it said."""
        try:
            said = os.read(self._said, 2**16).decode("utf-8", "replace")
        except BlockingIOError:
            said = ""
        code = os.waitstatus_to_exitcode(status)
        if code and -code not in _EXPECTED:
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            said = " ".join(said.partition("stack backtrace:")[0].split())[-_MOST_SAID:]
            journal.say("warning", "the process of a query broke", pid=pid, how=how, said=said)

    def _close(self) -> None:
        if self._listens():
            self._path.unlink()
        self._listener.close()
        for pid in self._children:
            with contextlib.suppress(ProcessLookupError):  # it ended, and there was no time to bury it
                os.kill(pid, signal.SIGTERM)


def _become_child(connection: socket.socket, graph: Graph, parent: int, voice: int) -> NoReturn:
    """Serve the connection in this new process, and end it."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.dup2(voice, 2)
        own = socket.socket(fileno=os.dup2(connection.detach(), 3))
        # Above all the status pipes of siblings: they must close when the parent dies.
        os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)
        child.serve(own, graph, parent)
        status = 0
    except ConnectionError:  # the client left while its answer was being sent
        status = 0
    finally:
        if status:
            traceback.print_exc()
        os._exit(status)


def pipe() -> tuple[int, int]:
    """Make a pipe that never waits, at either end."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    return reading, writing


def resident(pid: int) -> int:
    """Return the bytes of memory that a process has; 0 when it is gone, or where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (FileNotFoundError, ProcessLookupError):
        return 0


def lowered(pid: int) -> bool:
    """Tell whether a child has worked for so long that it lowered its priority (see ``kernel``)."""
    with contextlib.suppress(ProcessLookupError):
        return os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    return False


def rest(pid: int) -> None:
    """Give a child only time that nobody else wants.

    However low its priority, a running process may keep a waking one off the processor for a tick of the clock, and a
    small query wakes several; one scheduled as idle makes way at once (sched(7)).
    """
    with contextlib.suppress(ProcessLookupError, AttributeError):  # it has ended; the system has no such policy
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


def listen(path: Path) -> socket.socket:
    """Listen at a path that only this user may open; it appears, or replaces a stale one, when it answers."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    new = path.with_name(path.name + "~")
    new.unlink(missing_ok=True)
    mask = os.umask(0o177)
    try:
        listener.bind(str(new))
    finally:
        os.umask(mask)
    listener.listen(MOST_CHILDREN)
    new.replace(path)
    return listener


def _warm(graph: Graph) -> None:
    """Load all that children need later: they cannot open files."""
    child.warm(graph)
    syntax.explain("SELECT", {})
    gc.collect()
    gc.freeze()  # so that collections in a child do not copy the parent's pages


def _away(options: argparse.Namespace, parent: int | None) -> Graph:
    """Wait until an engine holds a release, whole: only then is there something to listen for."""
    engine = Remote(options.engine, options.release, options.base)
    said = ""
    while True:
        try:
            engine.ready()
            engine.close()  # each child opens a connection of its own
            return Graph(ox.Store(), options.release, False, engine)
        except errors.StoreUnavailable as error:
            if error.detail != said:
                said = error.detail
                journal.say("warning", "waiting for the engine", reason=said)
            time.sleep(_LOOK_SECONDS)
            alone = parent is not None and os.getppid() != parent
            if alone or (options.keep and select.select([0], [], [], 0)[0] and not os.read(0, 1)):
                raise


def main(arguments: list[str] | None = None) -> int:
    """Run a store process; 1 when the graph cannot be loaded."""
    parser = argparse.ArgumentParser("python -m migov.store.process", description="Serve a graph on a Unix socket.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--graph", type=Path, help="the N-Quads file to load")
    source.add_argument("--engine", metavar="URL", help="the SPARQL endpoint where the release lies instead")
    parser.add_argument("--release", default="", help="the id of that release")
    parser.add_argument("--base", default=BASE, help="the base of its IRIs")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen; appears when ready")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    parser.add_argument("--keep", action="store_true", help="replace what dies; end when standard input closes")
    parser.add_argument("--children", type=int, default=MOST_CHILDREN, help="connections at once; others wait")
    options = parser.parse_args(arguments)
    parent = os.getppid() if options.with_parent else None
    try:
        graph = _away(options, parent) if options.engine else load(options.graph)
    except errors.MigovError as error:
        print(error, file=sys.stderr)
        return 1
    _warm(graph)
    if options.keep:
        from migov.store import keeper  # it needs this module

        keeper.keep(graph, options.socket, options.children)
    else:
        Parent(graph, options.socket, most=options.children).run(parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
