"""Processes are killed, releases are swapped, the server is ended: nobody gets a failure for it, or half an answer."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.processes import stat
from web.running import ASK, ENTITIES, MARKS, RUNAWAY, Running, alive, eventually, family, listening, put_release

BACK_SECONDS = 30  # generous: the machine that tests may be busy


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    put_release(tmp_path / "releases", "first")
    running = Running(tmp_path / "releases")
    running.wait()
    yield running
    running.end()


class Visitors:
    """Ask one question over and over until told to stop; they keep what they were told."""

    def __init__(self, server: Running, path: str = MARKS, count: int = 3) -> None:
        self._server, self._path = server, path
        self._stop = threading.Event()
        self.statuses: list[int] = []
        self.answers: list[tuple[str, frozenset[str]]] = []
        self._threads = [threading.Thread(target=self._ask) for _ in range(count)]

    def _ask(self) -> None:
        while not self._stop.is_set():
            try:
                answer, body = self._server.ask(self._path, Accept="text/csv")
            except OSError:
                self.statuses.append(0)
                continue
            self.statuses.append(answer.status)
            if answer.status == 200:
                rows = body.decode().split("\r\n")[1:-1]
                assert len(rows) == ENTITIES
                self.answers.append((str(answer.getheader("etag")), frozenset(rows)))

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        assert eventually(lambda: len(self.answers) > 5)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def more(self) -> bool:
        """Tell, later, that they were answered again."""
        count = len(self.answers)
        return eventually(lambda: len(self.answers) > count + 5, BACK_SECONDS)


def parents(server: Running) -> tuple[int, int]:
    """The keeper of the store, and the process that serves it."""
    keeper = server.processes("migov.store.process")[0]
    children = [pid for pid in server.processes("migov.store.process") if stat(pid, 3) == keeper]
    return keeper, children[0]


def test_killing_the_process_that_serves_the_store_fails_no_request(server: Running) -> None:
    with Visitors(server) as visitors:
        for _ in range(3):
            _, serving = parents(server)
            os.kill(serving, signal.SIGKILL)
            assert visitors.more()
            assert eventually(lambda killed=serving: parents(server)[1] != killed)
    assert set(visitors.statuses) == {200}
    assert len({rows for _, rows in visitors.answers}) == 1


def test_killing_the_process_that_holds_the_graph_fails_no_request(server: Running) -> None:
    with Visitors(server) as visitors:
        keeper, serving = parents(server)
        os.kill(keeper, signal.SIGKILL)
        assert visitors.more(), "the other one serves on"
        assert eventually(lambda: not alive(serving)), "until a new one does"
        assert visitors.more()
    assert set(visitors.statuses) == {200}


def test_killing_the_whole_store_fails_no_request(server: Running) -> None:
    with Visitors(server) as visitors:
        for pid in server.processes("migov.store.process"):
            os.kill(pid, signal.SIGKILL)
        assert visitors.more(), "requests wait inside their deadline for the store to come back"
    assert set(visitors.statuses) == {200}
    assert server.status("/health/ready") == 200


def test_killing_a_web_worker_cuts_its_connections_and_no_others(server: Running) -> None:
    for _ in range(2):
        with Visitors(server) as visitors:
            worker = server.processes("migov.web.front")[-1]
            os.kill(worker, signal.SIGKILL)
            assert visitors.more()
        assert set(visitors.statuses) <= {200, 0}, "what was cut is seen as cut"
        assert server.status(ASK) == 200
        assert eventually(lambda: len(server.processes("migov.web.front")) == 2)


def test_killing_every_web_worker_brings_new_ones(server: Running) -> None:
    for pid in server.processes("migov.web.front"):
        os.kill(pid, signal.SIGKILL)
    assert server.status(ASK) == 200, "a connection made meanwhile waits for them"


def test_a_new_release_is_taken_up_without_one_failed_request(server: Running, tmp_path: Path) -> None:
    store = parents(server)[0]
    page = server.ask("/page/org/o1", Accept="text/html")[0]
    with Visitors(server) as visitors:
        second = put_release(tmp_path / "releases", "second", filler=20_000)
        new = frozenset({"second"})
        assert eventually(lambda: visitors.answers[-1][1] == new)
        assert visitors.more()
    assert set(visitors.statuses) == {200}
    assert {rows for _, rows in visitors.answers} == {frozenset({"first"}), new}, "each from one release"
    assert len(visitors.answers) == sum(rows in (frozenset({"first"}), new) for _, rows in visitors.answers)
    assert len({tag for tag, _ in visitors.answers}) == 2, "with a validator of its own"
    assert json.loads(server.ask("/health")[1])["release"] == second.id
    again, body = server.ask("/page/org/o1", Accept="text/html", If_None_Match=str(page.getheader("etag")))
    assert (again.status, b"second 1" in body) == (200, True), "what was kept of the old one is forgotten"
    assert eventually(lambda: not alive(store)), "the old store ends after its last answer"


def test_a_query_under_way_is_answered_from_the_release_it_began_in(server: Running, tmp_path: Path) -> None:
    some = MARKS + "%20LIMIT%20100"
    store = parents(server)[0]
    with closing(server.connect(RUNAWAY + "&timeout=6")) as connection:
        assert eventually(lambda: any(stat(pid, 13) > 20 for pid in server.processes("migov.store.process")))
        second = put_release(tmp_path / "releases", "second")
        assert eventually(lambda: json.loads(server.ask("/health")[1])["release"] == second.id)
        assert eventually(lambda: b"second" in server.ask(some, Accept="text/csv")[1]), "every worker turns to it"
        assert alive(store)
        assert connection.recv(100).startswith(b"HTTP/1.1 504"), "the deadline ended it, and nothing else"
    assert eventually(lambda: not alive(store))


def test_a_release_that_cannot_be_loaded_changes_nothing(server: Running, tmp_path: Path) -> None:
    broken = put_release(tmp_path / "other", "broken")
    broken.graph.write_text("nonsense\n")
    target = tmp_path / "releases" / broken.path.name
    broken.path.rename(target)
    link = tmp_path / "releases" / "new"
    link.symlink_to(target.name)
    link.replace(tmp_path / "releases" / "current")
    assert eventually(lambda: bool(server.lines(event="a new release cannot be loaded; the present one is kept")))
    assert b"first" in server.ask(MARKS, Accept="text/csv")[1]
    third = put_release(tmp_path / "releases", "third")
    assert eventually(lambda: json.loads(server.ask("/health")[1])["release"] == third.id)


def test_ending_lets_answers_under_way_end_and_takes_no_new_ones(server: Running) -> None:
    everybody = family(server.process.pid)
    with closing(server.connect(RUNAWAY + "&timeout=4")) as connection:
        assert eventually(lambda: any(stat(pid, 13) > 20 for pid in server.processes("migov.store.process")))
        server.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: not listening(server.port), 3), "nobody is let in any more"
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 504"), "the query ran to its own deadline"
    assert b"/problem/query-timeout" in answer
    server.process.communicate(timeout=20)
    assert server.process.returncode == 0
    assert not any(map(alive, everybody))


def test_a_second_signal_hurries_the_end(server: Running) -> None:
    with closing(server.connect(RUNAWAY)):
        assert eventually(lambda: any(stat(pid, 13) > 20 for pid in server.processes("migov.store.process")))
        began = time.monotonic()
        for _ in range(2):
            server.process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        server.process.communicate(timeout=20)
        assert time.monotonic() - began < 6, "less than the deadline of the query under way"
    assert server.process.returncode == 0


def test_a_client_that_leaves_ends_its_query(server: Running) -> None:
    def at_work() -> list[int]:
        return [pid for pid in server.processes("migov.store.process")[2:] if stat(pid, 13) > 20]

    connection = server.connect(RUNAWAY)
    assert eventually(lambda: bool(at_work()))
    child = at_work()[0]
    connection.close()
    assert eventually(lambda: not alive(child), 3), "long before its deadline"
    assert eventually(lambda: bool(server.lines(outcome="left")))
