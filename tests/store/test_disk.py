"""A graph that is too large for memory is served from an index on disk, which is made once, beside its file."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migov import errors
from migov.store import Limits, seal
from migov.store.disk import index_of
from migov.store.load import load
from store.processes import ENVIRONMENT, SMALL, Process, finish, launch

JSON = {"bindings": "json", "boolean": "json", "graph": "turtle"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(8)) + " }"
ALL = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"
Launch = Callable[[], Process]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return Path(shutil.copy(SMALL, tmp_path / "graph.nq"))


@pytest.fixture
def on_disk(graph: Path, tmp_path: Path) -> Iterator[Launch]:
    """Starts a store process that may hold one quad in memory."""
    started: list[Process] = []

    def start() -> Process:
        started.append(launch(graph, tmp_path / f"s{len(started)}", MIGOV_MEMORY_QUADS="1"))
        return started[-1]

    yield start
    for process in started:
        finish(process)


def test_it_holds_what_the_file_holds(process: Process, on_disk: Launch) -> None:
    expected = process.store().query(ALL, JSON)
    found = on_disk().store().query(ALL, JSON)
    assert found == expected
    assert b'"s":{' in found.body


def test_the_index_is_made_once_and_shared(on_disk: Launch, graph: Path) -> None:
    first = on_disk().store()
    made = index_of(graph).stat()
    second = on_disk().store()
    assert index_of(graph).stat().st_ino == made.st_ino
    assert first.query(ALL, JSON) == second.query(ALL, JSON), "both serve, at the same time"
    assert {path.name for path in graph.parent.glob("graph*")} == {"graph.nq", "graph.nq.index"}


def test_the_index_of_another_file_is_not_used(on_disk: Launch, graph: Path) -> None:
    finish_first = on_disk()
    finish_first.store()
    lines = graph.read_bytes().splitlines(keepends=True)
    graph.write_bytes(b"".join(lines[:3]))
    answer = on_disk().store().query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", JSON)
    assert b'"3"' in answer.body


def test_a_small_graph_stays_in_memory(graph: Path) -> None:
    loaded = load(graph)
    assert loaded.folder is None
    assert len(loaded.store) > 0
    assert not index_of(graph).exists()


@pytest.mark.parametrize("text", [b"nonsense\n", b"<a:a> <a:b> <a:c> <a:g> .\n<a:a> <a:b> \xff .\n"])
def test_what_cannot_be_parsed_is_told_and_leaves_nothing(graph: Path, text: bytes) -> None:
    graph.write_bytes(text)
    with pytest.raises(errors.DataError, match="Not N-Quads") as refusal:
        load(graph, most=0)
    assert refusal.value.facts["file"] == "graph.nq"
    assert [path.name for path in graph.parent.iterdir()] == ["graph.nq"]


@pytest.mark.skipif(not seal.possible(), reason="only Linux has such filters")
def test_a_sealed_process_opens_no_socket_and_still_its_files() -> None:
    tries = (
        "import os, socket; from migov.store.seal import seal; before = socket.socketpair(); seal()\n"
        "open(os.devnull).close(); before[0].send(b'x')\n"
        "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):\n"
        "    try: socket.socket(family)\n"
        "    except PermissionError: print('refused')"
    )
    told = subprocess.run([sys.executable, "-c", tries], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["refused"] * 3


def test_limits_hold_there_too(on_disk: Launch) -> None:
    store = on_disk().store()
    with pytest.raises(errors.QueryTimeout):
        store.query(RUNAWAY, JSON, limits=Limits(deadline=0.4))
    for text in ("INSERT DATA { <a:a> <a:b> <a:c> }", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"):
        with pytest.raises(errors.QueryRefused):
            store.query(text, JSON)
    assert b"true" in store.query("ASK { ?s ?p ?o }", JSON).body, "and the store goes on"
