"""Processes die and are born again; clients leave; nobody is given half an answer."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from migov import errors
from migov.store import Cancel, Limits
from migov.store.local import LocalStore
from migov.store.process import MOST_CHILDREN, command
from store.processes import ENVIRONMENT, SMALL, Process, eventually, finish, launch

ALL = {"bindings": "json", "boolean": "json", "graph": "turtle"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(8)) + " }"
Start = Callable[..., Process]


@pytest.mark.parametrize(
    ("sign", "error"),
    [
        (signal.SIGKILL, errors.QueryMemory),
        (signal.SIGABRT, errors.QueryMemory),
        (signal.SIGSEGV, errors.QueryMemory),
        (signal.SIGXCPU, errors.QueryTimeout),
        (signal.SIGALRM, errors.QueryTimeout),
        (signal.SIGTERM, errors.StoreUnavailable),
    ],
)
def test_a_child_that_dies_takes_one_query_with_it(start: Start, sign: signal.Signals, error: type[Exception]) -> None:
    process = start()
    store = process.store(connections=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL)
        assert eventually(process.at_work)
        child = process.only_child()
        os.kill(child, sign)
        assert type(running.exception(timeout=5)) is error
    assert store.query("ASK {}", ALL).body
    assert process.children() != [child]
    store.close()


def test_a_child_that_took_its_client_for_gone_is_replaced_and_the_query_asked_again(start: Start) -> None:
    process = start()
    store = process.store(connections=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL, limits=Limits(deadline=2))
        assert eventually(process.at_work)
        child = process.only_child()
        os.kill(child, signal.SIGIO)
        assert eventually(lambda: process.children() not in ([], [child]))
        assert type(running.exception(timeout=5)) is errors.QueryTimeout  # of the second child
    store.close()


def test_a_child_that_was_primed_is_replaced_when_it_dies(start: Start) -> None:
    process = start()
    store = LocalStore(process.socket, primed=1)
    assert eventually(store.ready)
    assert eventually(lambda: len(process.children()) == 2)
    with closing(store):
        for child in process.children():
            os.kill(child, signal.SIGKILL)
        assert eventually(lambda: not process.children())
        assert store.query("ASK {}", ALL).body
        assert eventually(lambda: store.query("ASK {}", ALL).body and len(process.children()) == 2)


def test_an_idle_child_that_dies_is_not_missed(start: Start) -> None:
    process = start()
    store = process.store()
    store.query("ASK {}", ALL)
    child = process.only_child()
    os.kill(child, signal.SIGKILL)
    assert eventually(lambda: not process.children())
    assert store.query("ASK {}", ALL).body
    store.close()


def test_a_dead_store_is_unavailable_and_a_new_one_serves_the_same_client(start: Start, tmp_path: Path) -> None:
    first = start()
    store = first.store()
    assert store.query("ASK {}", ALL).body
    assert store.generation == sha256(SMALL.read_bytes()).hexdigest()
    first.popen.kill()
    first.popen.wait()
    assert not store.ready()
    for _ in range(2):
        with pytest.raises(errors.StoreUnavailable):
            store.query("ASK {}", ALL)
    other = tmp_path / "other.nq"
    other.write_text('<http://example.org/a> <http://example.org/b> "new" <http://example.org/g> .\n')
    start(other)
    assert eventually(store.ready)
    assert store.rows("SELECT ?o { ?s ?p ?o }")[0]["o"].value == "new"
    assert store.generation == sha256(other.read_bytes()).hexdigest()
    store.close()


def test_a_store_replaced_between_two_queries_answers_from_the_new_graph(start: Start, tmp_path: Path) -> None:
    first = start()
    store = first.store()
    store.query("ASK {}", ALL)  # leaves a pooled connection to a child of the first
    other = tmp_path / "other.nq"
    other.write_text('<http://example.org/a> <http://example.org/b> "new" <http://example.org/g> .\n')
    first.popen.kill()
    first.popen.wait()
    second = start(other)
    second.store()
    assert [str(row["o"]) for row in store.rows("SELECT ?o { ?s ?p ?o }")] == ["new"]
    store.close()


def test_the_death_of_the_store_is_noticed_at_once_however_many_children_it_leaves(start: Start) -> None:
    process = start()
    stores = [process.store() for _ in range(3)]
    for store in stores:
        store.query("ASK {}", ALL)
    process.popen.kill()
    process.popen.wait()
    began = time.monotonic()
    for store in stores:
        with pytest.raises(errors.StoreUnavailable):
            store.query("ASK {}", ALL)
    assert time.monotonic() - began < 1


def test_a_query_under_way_when_the_store_dies_ends_in_an_answer_or_an_error(start: Start) -> None:
    """A child outlives its killed parent until its query is done; it takes no other."""
    process = start()
    store = process.store()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL, limits=Limits(deadline=0.8))
        assert eventually(process.at_work)
        process.popen.kill()
        process.popen.wait()
        assert isinstance(running.exception(timeout=5), errors.StoreUnavailable)
    store.close()


def test_a_cancelled_query_ends_at_once(start: Start) -> None:
    process = start()
    store = process.store()
    cancel = Cancel()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL, cancel=cancel)
        assert eventually(process.at_work)
        cancel()
        assert type(running.exception(timeout=1)) is errors.LimitExceeded
    assert eventually(lambda: not process.children(), seconds=1)
    with pytest.raises(errors.LimitExceeded):
        store.query("ASK {}", ALL, cancel=cancel)
    assert store.query("ASK {}", ALL).body
    store.close()


def test_a_client_that_dies_ends_its_query(start: Start) -> None:
    process = start()
    process.store().close()
    script = "import sys; from migov.store.local import LocalStore; LocalStore(sys.argv[1]).rows(sys.argv[2])"
    client = subprocess.Popen([sys.executable, "-c", script, process.socket, RUNAWAY], env=ENVIRONMENT)
    assert eventually(process.at_work)
    client.kill()
    client.wait()
    assert eventually(lambda: not process.children(), seconds=1)


def test_children_end_with_their_connections(start: Start) -> None:
    process = start()
    store = process.store()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: store.query("ASK {}", ALL), range(60)))
    assert 1 <= len(process.children()) <= 6
    store.close()
    assert eventually(lambda: not process.children())


def test_idle_and_broken_clients_do_not_keep_others_out(start: Start) -> None:
    process = start()
    store = process.store()
    strangers = []
    for noise in [b"", b"x", b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 100, b"\xff" * 100] * 4:
        stranger = socket.socket(socket.AF_UNIX)
        stranger.connect(str(process.socket))
        stranger.sendall(noise)
        strangers.append(stranger)
    assert store.query("ASK {}", ALL).body
    for stranger in strangers:
        stranger.close()
    assert store.query("ASK {}", ALL).body
    store.close()
    assert eventually(lambda: not process.children())


def test_connections_beyond_the_most_wait_for_a_place(start: Start) -> None:
    process = start()
    store = process.store()
    strangers = [socket.socket(socket.AF_UNIX) for _ in range(MOST_CHILDREN + 3)]
    for stranger in strangers:
        stranger.connect(str(process.socket))
    assert eventually(lambda: len(process.children()) == MOST_CHILDREN)
    assert store.ready(), "it has its connection"
    with closing(LocalStore(process.socket)) as newcomer:
        assert not newcomer.ready()
        for stranger in strangers:
            stranger.close()
        assert eventually(newcomer.ready)


def test_only_its_user_may_open_the_socket(process: Process, store: LocalStore) -> None:
    assert store.ready()
    assert process.socket.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_cleanly_with_its_children(start: Start, sign: signal.Signals) -> None:
    process = start()
    store = process.store()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL)
        assert eventually(process.at_work)
        children = process.children()
        process.popen.send_signal(sign)
        assert process.popen.wait(timeout=5) == 0
        assert isinstance(running.exception(timeout=5), errors.StoreUnavailable)
    assert not process.socket.exists()
    assert eventually(lambda: not any(Path(f"/proc/{child}/exe").exists() for child in children))
    store.close()


def test_a_late_end_does_not_remove_the_socket_of_a_successor(start: Start) -> None:
    first = start()
    store = first.store()
    inode = first.socket.stat().st_ino
    second = start()
    assert eventually(lambda: first.socket.stat().st_ino != inode)
    finish(first)
    assert store.ready()
    finish(second)
    assert not store.ready()


def test_it_ends_when_its_parent_does(tmp_path: Path) -> None:
    """Even by SIGKILL, which leaves the parent no time to say so."""
    script = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:]); time.sleep(60)"
    arguments = [sys.executable, "-c", script, *command(SMALL, tmp_path / "s")]
    parent = subprocess.Popen(arguments, env=ENVIRONMENT)
    store = LocalStore(tmp_path / "s")
    assert eventually(store.ready)
    parent.kill()
    parent.wait()
    assert eventually(lambda: not (tmp_path / "s").exists(), seconds=3)
    store.close()


def test_a_graph_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_bytes(SMALL.read_bytes() + b"<a> nonsense\n")
    for graph, says in (
        (broken, f"broken.nq:{len(SMALL.read_bytes().splitlines()) + 1}: "),
        (tmp_path / "no.nq", "no.nq: "),
    ):
        process = launch(graph, tmp_path / "s", subprocess.PIPE)
        message = process.popen.communicate(timeout=10)[1]
        assert process.popen.returncode == 1
        assert message.startswith(says)
        assert "Traceback" not in message


def test_a_store_that_is_stopped_is_given_up(start: Start) -> None:
    process = start()
    store = process.store()
    store.query("ASK {}", ALL)
    child = process.only_child()
    os.kill(child, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(errors.QueryTimeout):
        store.query("ASK {}", ALL, limits=Limits(deadline=0.2))
    assert time.monotonic() - began < 4
    os.kill(child, signal.SIGCONT)
    assert eventually(lambda: not process.children())


def test_the_parent_forks_no_threads_and_leaks_no_descriptors(start: Start) -> None:
    process = start()
    store = process.store()
    store.close()
    descriptors = Path(f"/proc/{process.popen.pid}/fd")
    assert eventually(lambda: not process.children())
    time.sleep(0.1)
    before = len(list(descriptors.iterdir()))
    for _ in range(30):
        assert store.ready()
        store.close()
    assert eventually(lambda: not process.children())
    assert eventually(lambda: len(list(descriptors.iterdir())) == before)
    assert len(list(Path(f"/proc/{process.popen.pid}/task").iterdir())) == 1
