"""Engines to measure side by side: each loads an N-Quads file and answers SPARQL over HTTP on this machine.

An engine that is not installed is left out, and the report says so.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from local import family, share
from migov.graph import release

HERE = Path(__file__).resolve().parent
LOAD_SECONDS = 1_800.0
VIRTUOSO = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
ServerThreads = 80
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 72
KeepAliveTimeout = 60
MaxKeepAlives = 72
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Engine:
    """A running engine: ``url`` and the ``path`` of its endpoint."""

    name = ""
    path = "/sparql"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name.split()[0].lower()
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def installed() -> bool:
        """Whether this engine is on this machine."""
        raise NotImplementedError

    def start(self, graph: Path) -> None:
        """Start with a graph and return when it answers."""
        raise NotImplementedError

    def _run(self, command: list[str], **environment: str) -> None:
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, env={**os.environ, **environment}
            )

    def _await(self, path: str) -> None:
        end = time.monotonic() + LOAD_SECONDS
        while time.monotonic() < end:
            if self._process and self._process.poll() is not None:
                raise SystemExit(f"{self.name} ended: {(self.folder / 'log').read_text()[-2000:]}")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("GET", path, headers={"Accept": "*/*"})
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
        raise SystemExit(f"{self.name} did not start")

    def stop(self) -> None:
        """End it and remove its files."""
        if self._process:
            self._process.terminate()
            self._process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def memory(self) -> int:
        """Return the bytes of memory that are this engine's own, over all its processes (proportional set size)."""
        return 1024 * sum(map(share, family(self._process.pid))) if self._process else 0


class Migov(Engine):
    """This project, with the release of the real graph as its frame."""

    name = "migov"
    frame: Path

    @staticmethod
    def installed() -> bool:
        return True

    def start(self, graph: Path) -> None:
        framed = release.current(self.frame)
        place = self.folder / framed.manifest.id[:16]
        shutil.copytree(framed.path, place, ignore=shutil.ignore_patterns("graph.nq", "migov.*"))
        os.link(graph, place / "graph.nq")
        with graph.open("rb") as file:
            quads = sum(1 for _ in file)
        (place / "manifest.json").write_text(replace(framed.manifest, quads=quads).as_json())
        (self.folder / "current").symlink_to(place.name)
        code = (
            "from pathlib import Path; from migov.graph import release; from migov.web.serve import serve; "
            f"serve(release.current(Path({str(self.folder)!r})), port={self.port})"
        )
        self._run([sys.executable, "-c", code], MIGOV_LOG="off")  # as the others, it writes no line a request
        self._await("/sparql?query=ASK%7B%7D")


class Oxigraph(Engine):
    """The Oxigraph server, in memory."""

    name = "Oxigraph server"
    path = "/query"

    @staticmethod
    def _command() -> str:
        return shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}") or ""

    @staticmethod
    def installed() -> bool:
        return bool(Oxigraph._command())

    def start(self, graph: Path) -> None:
        self._run([self._command(), "serve", "--union-default-graph", "--bind", f"127.0.0.1:{self.port}"])
        self._await("/query?query=ASK%7B%7D")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LOAD_SECONDS)
        with graph.open("rb") as file:
            headers = {"Content-Type": "application/n-quads", "Content-Length": str(graph.stat().st_size)}
            connection.request("POST", "/store?no_transaction", file, headers)
            answer = connection.getresponse()
            if answer.status >= 300:
                raise SystemExit(f"{self.name} did not load: {answer.status} {answer.read()[:300]!r}")
        connection.close()


class Rdflib(Engine):
    """rdflib-endpoint over rdflib's own memory store."""

    name = "rdflib-endpoint"
    path = "/"

    @staticmethod
    def installed() -> bool:
        return subprocess.run([sys.executable, "-c", "import rdflib_endpoint"], capture_output=True).returncode == 0

    def start(self, graph: Path) -> None:
        self._run([sys.executable, str(HERE / "rdflib_server.py"), str(graph), str(self.port)])
        self._await("/?query=ASK%7B%7D")


class Virtuoso(Engine):
    """Virtuoso Open-Source 7, on disk as it always is."""

    name = "Virtuoso 7"

    @staticmethod
    def installed() -> bool:
        return bool(shutil.which("virtuoso-t") and shutil.which("isql-vt"))

    def start(self, graph: Path) -> None:
        sql = free_port()
        (self.folder / "virtuoso.ini").write_text(VIRTUOSO.format(folder=self.folder, sql=sql, port=self.port))
        self._run(["virtuoso-t", "+foreground", "+configfile", str(self.folder / "virtuoso.ini")])
        self._await("/sparql?query=ASK%7B%7D")
        os.link(graph, self.folder / "graph.nq")
        steps = (
            f"ld_dir('{self.folder}', 'graph.nq', 'http://example.org/default'); rdf_loader_run(); checkpoint;"
            'GRANT SELECT ON DB.DBA.SPARQL_SINV_2 TO "SPARQL";'
        )
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={steps}"], check=True, capture_output=True)


ENGINES: tuple[type[Engine], ...] = (Migov, Oxigraph, Rdflib, Virtuoso)
