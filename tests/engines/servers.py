"""Other engines under test: real servers, each with a database of its own in a folder that goes with it."""

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

import pytest

from migov.graph.release import Release
from migov.publish import publish
from migov.store.engine import PASSWORD, USER
from migov.store.local import LocalStore
from store.processes import ENVIRONMENT, Process, finish

NAMES = ("oxigraph", "virtuoso")
_START_SECONDS = 120
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
CheckpointInterval = 0
CaseMode = 2
NumberOfBuffers = 60000
MaxDirtyBuffers = 40000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
MaxClientConnections = 10
MaxKeepAlives = 10
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 30
"""


@dataclass(frozen=True)
class Engine:
    """A running server: where it is asked, and where its graphs are written."""

    name: str
    query: str
    graphs: str


@contextmanager
def running(name: str, folder: Path) -> Iterator[Engine]:
    """Run an engine as long as the block lasts; skips where it is not installed, but never in CI."""
    program = shutil.which({"oxigraph": "oxigraph", "virtuoso": "virtuoso-t"}[name], path=_path())
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed; .ci/run must see to it")
        pytest.skip(f"{name} is not installed (docs/engines.md says how)")
    with (_oxigraph if name == "oxigraph" else _virtuoso)(program, folder) as engine:
        yield engine


@contextmanager
def logged_in(engine: Engine) -> Iterator[None]:
    """Have the user and password in the environment that may write; the Oxigraph server asks for none."""
    with pytest.MonkeyPatch.context() as patch:
        if engine.name == "virtuoso":
            patch.setenv(USER, "dba")
            patch.setenv(PASSWORD, "secret")
        yield


@contextmanager
def store_of(engine: Engine, release: Release, folder: Path) -> Iterator[LocalStore]:
    """Publish a release and give a store over it, as ``migov serve --store`` has it."""
    with logged_in(engine):
        publish(release, engine.graphs)
    socket_ = folder / "s"
    source = ["--engine", engine.query, "--release", release.id, "--base", release.manifest.base]
    command = [sys.executable, "-m", "migov.store.process", *source, "--socket", str(socket_)]
    process = Process(subprocess.Popen(command, env=ENVIRONMENT, text=True), socket_)
    try:
        yield process.store()
    finally:
        finish(process)


def _path() -> str:
    """Where programs are looked for: beside Python too, where wheels put theirs."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


@contextmanager
def _oxigraph(program: str, folder: Path) -> Iterator[Engine]:
    port = _port()
    command = [program, "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", "30"]
    address = f"http://127.0.0.1:{port}"
    with _process(command, folder, port):
        yield Engine("oxigraph", f"{address}/query", f"{address}/store")


@contextmanager
def _virtuoso(program: str, folder: Path) -> Iterator[Engine]:
    http, sql = _port(), _port()
    configuration = folder / "virtuoso.ini"
    configuration.write_text(_VIRTUOSO.format(folder=folder, http=http, sql=sql), "utf-8")
    common = [program, "+configfile", str(configuration)]
    # The password can only be set before the server runs; this also makes the database.
    subprocess.run(
        [*common, "+wait", "+pwdold", "dba", "+pwddba", "secret"], cwd=folder, capture_output=True, check=False
    )
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    address = f"http://127.0.0.1:{http}"
    with _process([*common, "+foreground"], folder, http):
        yield Engine("virtuoso", f"{address}/sparql", f"{address}/sparql-graph-crud-auth")


@contextmanager
def _process(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        end = time.monotonic() + _START_SECONDS
        while not _listens(port):
            assert process.poll() is None, (folder / "output").read_text()
            assert time.monotonic() < end, "the engine does not start"
            time.sleep(0.05)
        yield
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
