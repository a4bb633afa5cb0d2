"""Servers under test: real processes on a free port, over small releases written for the story."""

import contextlib
import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import RdfFormat, Store, parse

from migov.graph import release as releases
from migov.graph import search
from migov.graph.release import GraphEntry, Manifest, Release

SERVER = Path(releases.__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from migov.graph import release
from migov.web.serve import serve
sys.exit(serve(release.current(Path(sys.argv[1])), port=int(sys.argv[2])))
"""
BASE = "https://w3id.org/migov/"
ENTITIES = 100
ANEW = "FILTER(RAND() >= 0)"  # what may differ each time is not answered from memory
MARKS = "/sparql?query=" + quote(f"SELECT ?mark {{ ?entity <{BASE}ontology/acronym> ?mark {ANEW} }}")
ASK = "/sparql?query=" + quote(f"ASK {{ ?s ?p ?o {ANEW} }}")
RUNAWAY = "/sparql?query=" + quote(
    "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(8)) + " }"
)
LINE_SECONDS = 60


class Running:
    """A server of one's own on a free port; what it says on standard error goes to a file."""

    def __init__(self, folder: Path, port: int = 0, **environment: str) -> None:
        self.port = port or free_port()
        self._log, path = tempfile.mkstemp()
        os.unlink(path)  # it goes with the last process that has it open
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), str(self.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | {"PYTHONPATH": str(SERVER)} | environment,
        )

    def wait(self) -> str:
        """The line that says it answers."""
        assert self.process.stdout
        os.set_blocking(self.process.stdout.fileno(), False)
        line: list[str] = []

        def said() -> bool:
            assert self.process.stdout
            line.append(self.process.stdout.readline())
            return bool(line[-1]) or self.process.poll() is not None

        assert eventually(said, LINE_SECONDS), self.told()
        return line[-1]

    def told(self) -> str:
        """All that it has said on standard error."""
        return os.pread(self._log, os.fstat(self._log).st_size, 0).decode()

    def lines(self, **having: Any) -> list[dict[str, Any]]:
        """The lines of its log, as JSON, that have these members."""
        found = [json.loads(line) for line in self.told().splitlines() if line.startswith("{")]
        return [line for line in found if all(line.get(name) == value for name, value in having.items())]

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            with contextlib.suppress(BrokenPipeError):  # it may answer, and hang up, before it has read everything
                connection.request(method, path, body, {"Connection": "close", **fields})
            answer = connection.getresponse()
            return answer, answer.read()

    def status(self, path: str, **headers: str) -> int:
        """The status of an answer; 0 when no connection is made, or it breaks."""
        try:
            return self.ask(path, **headers)[0].status
        except (OSError, http.client.HTTPException):
            return 0

    def connect(self, path: str, buffer: int = 0) -> socket.socket:
        """Send a GET and return the connection, with the answer still to be read."""
        connection = socket.socket()
        connection.settimeout(30)
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        return connection

    def processes(self, module: str) -> list[int]:
        """Its processes that run a module, the oldest first."""
        return sorted(pid for pid in family(self.process.pid) if runs(pid, module))

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=40)
        return self.process.returncode


def put_release(folder: Path, mark: str, filler: int = 0) -> Release:
    """Install a release of a hundred entities that all carry a mark, so that a mixture of two would show."""
    graph = f"<{BASE}graph/x>"
    lines = []
    for number in range(ENTITIES):
        entity = f"<{BASE}id/org/o{number}>"
        lines.append(f'{entity} <http://www.w3.org/2004/02/skos/core#prefLabel> "{mark} {number}"@en {graph} .')
        lines.append(f'{entity} <{BASE}ontology/acronym> "{mark}" {graph} .')
        lines.append(f"{entity} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
                     f"<http://www.w3.org/ns/org#Organization> {graph} .")  # fmt: skip
    lines += [f'<{BASE}id/org/o0> <{BASE}ontology/filler> "{number}" {graph} .' for number in range(filler)]
    text = ("\n".join(sorted(lines)) + "\n").encode()
    folder.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=folder))
    (place / releases.GRAPH_FILE).write_bytes(text)
    quads = list(parse(text, format=RdfFormat.N_QUADS))
    store = Store()
    store.extend(quads)
    search.build(place / releases.SEARCH_FILE, store)
    graphs = (GraphEntry(graph[1:-1], "x.ttl", "", len(quads)),)
    name = hashlib.sha256(text).hexdigest()
    manifest = Manifest(name, "2026-11-23", BASE, "2026-11-23", "", len(quads), graphs, {}, {})
    return releases.install(place, manifest, folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def family(pid: int) -> set[int]:
    """A process and all below it."""
    found = {pid}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) in found and fields[0] != "Z":
                found |= family(int(path.parent.name))
    return found


def runs(pid: int, module: str) -> bool:
    """Tell whether a process runs a module."""
    with contextlib.suppress(OSError):
        return module in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return False


def alive(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
