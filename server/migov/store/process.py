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
import traceback
from pathlib import Path
from typing import NoReturn

from migov import errors
from migov.store import child, syntax, wire
from migov.store.evaluate import evaluate
from migov.store.formats import BINDINGS, GRAPH
from migov.store.interface import Dataset, Kind
from migov.store.load import Graph, load
from migov.vocabulary import prefixes

MOST_CHILDREN = 64
"""Connections at once; further ones wait in the kernel's backlog."""
_BLOCKED = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


def command(graph: Path, path: Path, with_parent: bool = True) -> list[str]:
    """Return the command line that starts a store process."""
    options = ["--graph", str(graph), "--socket", str(path)]
    return [sys.executable, "-m", "migov.store.process", *options, *["--with-parent"] * with_parent]


class Parent:
    """Listens, forks, and buries."""

    def __init__(self, graph: Graph, path: Path) -> None:
        self._graph = graph
        self._path = path
        self._hello = json.dumps({"generation": graph.generation, "quads": len(graph.store)}).encode()
        self._children: dict[int, int] = {}  # process id to the writing end of its status pipe
        self._awake, self._wake = os.pipe()
        os.set_blocking(self._awake, False)
        os.set_blocking(self._wake, False)
        self._listener = _listen(path)
        self._identity = path.stat().st_ino

    def run(self, parent: int | None) -> None:
        """Serve until SIGTERM or SIGINT, or until this process is no longer the child of ``parent``."""
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
        try:
            while parent is None or os.getppid() == parent:
                self._wait(None if parent is None else 1.0)
                self._bury()
        finally:
            self._close()

    def _wait(self, seconds: float | None) -> None:
        """Wait for a connection, or the death of a child; take one connection."""
        door = self._listener.fileno()
        watched = [self._awake, door] if len(self._children) < MOST_CHILDREN else [self._awake]
        ready = select.select(watched, [], [], seconds)[0]
        if self._awake in ready:
            os.read(self._awake, 4096)
        if door in ready:
            try:
                connection = self._listener.accept()[0]
            except OSError:  # the client left the backlog
                return
            with connection:
                self._fork(connection)

    def _fork(self, connection: socket.socket) -> None:
        reading, writing = os.pipe()
        this = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)  # no handler of the parent's may run in the child
        try:
            socket.send_fds(connection, [self._hello], [reading], socket.MSG_DONTWAIT)
            pid = os.fork()
            if pid == 0:
                _become_child(connection, self._graph, this)
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
            writing = self._children.pop(pid)
            with contextlib.suppress(BrokenPipeError):  # the client may have left before
                os.write(writing, wire.STATUS.pack(status))
            os.close(writing)

    def _close(self) -> None:
        self._listener.close()
        if self._path.exists() and self._path.stat().st_ino == self._identity:
            self._path.unlink()
        for pid in self._children:
            os.kill(pid, signal.SIGTERM)


def _become_child(connection: socket.socket, graph: Graph, parent: int) -> NoReturn:
    """Serve the connection in this new process, and end it."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
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


def _listen(path: Path) -> socket.socket:
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
    for form, keys in (("SELECT * {} ", BINDINGS), ("CONSTRUCT WHERE {}", GRAPH)):
        for key in keys:
            accepted: dict[Kind, str | None] = {"bindings": key, "graph": key}
            evaluate(graph, form, accepted, dataset=Dataset(), bindings={}, result_bytes=10**4, prefixes=prefixes())
    syntax.explain("SELECT", {})
    gc.collect()
    gc.freeze()  # so that collections in a child do not copy the parent's pages


def main(arguments: list[str] | None = None) -> int:
    """Run a store process; 1 when the graph cannot be loaded."""
    parser = argparse.ArgumentParser("python -m migov.store.process", description="Serve a graph on a Unix socket.")
    parser.add_argument("--graph", type=Path, required=True, help="the N-Quads file to load")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen; appears when ready")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    options = parser.parse_args(arguments)
    parent = os.getppid() if options.with_parent else None
    try:
        graph = load(options.graph)
    except errors.DataError as error:
        print(error, file=sys.stderr)
        return 1
    _warm(graph)
    Parent(graph, options.socket).run(parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
