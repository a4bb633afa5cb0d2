"""Other engines as programs of this machine: real servers, each with a database of its own in a folder.

The tests start them here.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAMES = ("oxigraph", "virtuoso")
LOGIN = ("dba", "secret")
"""Who may write to Virtuoso; the Oxigraph server asks for nobody."""
CONNECTIONS = 72
_START_SECONDS = 300
_PROGRAMS = {"oxigraph": "oxigraph", "virtuoso": "virtuoso-t"}
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = {threads}
DirsAllowed = {folder}
CheckpointInterval = 0
CaseMode = 2
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = {connections}
MaxClientConnections = {connections}
MaxKeepAlives = {connections}
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = {seconds}
"""


@dataclass(frozen=True)
class Settings:
    """What differs from use to use."""

    seconds: int = 300
    """After so many seconds it ends a query; 0 for never."""
    buffers: int = 60_000
    """So many pages of 8 KiB Virtuoso keeps in memory."""
    union: bool = False
    """Whether the Oxigraph server takes all graphs together for the default one; Virtuoso always does."""


@dataclass(frozen=True)
class Engine:
    """A running server: where it is asked, where its graphs are written, its process, and Virtuoso's port for SQL."""

    name: str
    query: str
    graphs: str
    pid: int
    sql: int = 0


def program(name: str) -> str | None:
    """The program of an engine, looked for beside Python too, where wheels put theirs; None if it is not installed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return shutil.which(_PROGRAMS[name], path=path)


@contextmanager
def started(name: str, folder: Path, settings: Settings) -> Iterator[Engine]:
    """Run an engine as long as the block lasts. Raises ``RuntimeError`` where it does not start."""
    with {"oxigraph": _oxigraph, "virtuoso": _virtuoso}[name](program(name) or name, folder, settings) as engine:
        yield engine


@contextmanager
def _oxigraph(found: str, folder: Path, settings: Settings) -> Iterator[Engine]:
    port = _port()
    command = [found, "serve", "--bind", f"127.0.0.1:{port}"]
    command += ["--timeout-s", str(settings.seconds)] * bool(settings.seconds)
    command += ["--union-default-graph"] * settings.union
    address = f"http://127.0.0.1:{port}"
    with _process(command, folder, port) as pid:
        yield Engine("oxigraph", f"{address}/query", f"{address}/store", pid)


@contextmanager
def _virtuoso(found: str, folder: Path, settings: Settings) -> Iterator[Engine]:
    http, sql = _port(), _port()
    configuration = folder / "virtuoso.ini"
    values = {"connections": CONNECTIONS, "threads": CONNECTIONS + 8, "seconds": settings.seconds}
    pages = {"buffers": settings.buffers, "dirty": settings.buffers * 3 // 4}
    configuration.write_text(_VIRTUOSO.format(folder=folder, http=http, sql=sql, **values, **pages), "utf-8")
    common = [found, "+configfile", str(configuration)]
    # The password can only be set before the server runs; this also makes the database.
    password = ["+pwdold", "dba", "+pwddba", LOGIN[1]]
    subprocess.run([*common, "+wait", *password], cwd=folder, capture_output=True, check=False)
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    address = f"http://127.0.0.1:{http}"
    with _process([*common, "+foreground"], folder, http) as pid:
        yield Engine("virtuoso", f"{address}/sparql", f"{address}/sparql-graph-crud-auth", pid, sql)


@contextmanager
def _process(command: list[str], folder: Path, port: int) -> Iterator[int]:
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        end = time.monotonic() + _START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[0]} does not start: {(folder / 'output').read_text()[-2000:]}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
