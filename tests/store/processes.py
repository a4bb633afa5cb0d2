"""Store processes under test: started, looked into, and ended."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from migov.graph import release as releases
from migov.graph.release import GraphEntry, Manifest, Release
from migov.store.local import LocalStore
from migov.store.process import command
from migov.vocabulary import BASE

SMALL = Path(__file__).with_name("small.nq")
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait until something holds; False when it never does."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@dataclass
class Process:
    """A store process under test."""

    popen: subprocess.Popen[str]
    socket: Path
    stores: list[LocalStore] = field(default_factory=list)

    def store(self, connections: int = 8) -> LocalStore:
        store = LocalStore(self.socket, connections)
        self.stores.append(store)
        assert eventually(lambda: store.ready() or self.popen.poll() is not None, seconds=60)
        assert store.ready(), self.popen.poll()
        return store

    def children(self) -> list[int]:
        """The processes forked and not yet buried."""
        listed = Path(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def only_child(self) -> int:
        assert eventually(lambda: len(self.children()) == 1), self.children()
        return self.children()[0]

    def at_work(self) -> bool:
        """Tell whether a child has used some time of the processor."""
        return any(stat(pid, 13) > 3 for pid in self.children())


def stat(pid: int, field: int) -> int:
    """A number that the kernel keeps of a process (proc(5), counted from 0); 0 when there is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().split()[field])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def launch(graph: Path, socket: Path, errors: int | None = None, **environment: str) -> Process:
    """Start a store process; its complaints about children that break are expected, so they go nowhere."""
    complaints = errors or subprocess.DEVNULL
    around = ENVIRONMENT | environment
    return Process(subprocess.Popen(command(graph, socket), env=around, text=True, stderr=complaints), socket)


def finish(process: Process) -> None:
    for store in process.stores:
        store.close()
    process.popen.terminate()
    process.popen.communicate(timeout=10)


def release_of(graph: Path, folder: Path) -> Release:
    """Make what a build leaves of a graph, as far as publishing needs it, in a folder."""
    lines = sorted(set(graph.read_bytes().splitlines(keepends=True)))
    (folder / releases.GRAPH_FILE).write_bytes(b"".join(lines))
    of_graph: dict[str, list[bytes]] = {}
    for line in lines:
        of_graph.setdefault(line.rsplit(b"<", 1)[1].rsplit(b">", 1)[0].decode(), []).append(line)
    graphs = tuple(
        GraphEntry(name, None, hashlib.sha256(b"".join(held)).hexdigest(), len(held))
        for name, held in sorted(of_graph.items())
    )
    id_ = hashlib.sha256(b"".join(lines)).hexdigest()
    return Release(folder, Manifest(id_, "2026-11-23", BASE, "2026-11-23", "", len(lines), graphs, {}, {}))
