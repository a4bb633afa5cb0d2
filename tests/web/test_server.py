"""The real server: its processes, its start and end, and what rude clients get."""

import contextlib
import fcntl
import gzip
import http.client
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from migov.graph.release import Release
from migov.settings import DEFAULTS
from web.running import Running, eventually, family, listening, runs

QUERY = "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20FILTER(RAND()%20%3E%3D%200)%20%7D"  # never from memory


def raw(server: Running, sent: bytes, seconds: float = 15) -> bytes:
    """What comes back for bytes as they are, until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), seconds) as connection:
        connection.sendall(sent)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


@pytest.fixture(scope="module")
def server(tiny: Release) -> Iterator[Running]:
    running = Running(tiny.path.parent)
    assert f"http://127.0.0.1:{running.port}/" in running.wait()
    yield running
    assert running.end() == 0
    assert not listening(running.port)


def test_it_says_where_it_is_once_it_answers(server: Running) -> None:
    answer, body = server.ask("/", Accept="text/html")
    assert answer.status == 200
    assert b"<h1>" in body
    assert answer.getheader("content-type") == "text/html; charset=utf-8"


def test_pages_data_queries_and_files_come_whole(server: Running, tiny: Release) -> None:
    assert server.ask("/id/org/iom", Accept="text/turtle")[0].getheader("location") == "/data/org/iom.ttl"
    assert b"/id/org/iom" in server.ask("/data/org/iom.nt")[1]
    assert json.loads(server.ask(QUERY)[1])["boolean"] is True
    answer, body = server.ask("/dump/migov.nq")
    assert body == tiny.graph.read_bytes()
    assert answer.getheader("content-length") == str(len(body))
    head, nothing = server.ask("/dump/migov.nq", "HEAD")
    assert (head.status, nothing, head.getheader("etag")) == (200, b"", answer.getheader("etag"))
    again, nothing = server.ask("/dump/migov.nq", If_None_Match=str(answer.getheader("etag")))
    assert (again.status, nothing) == (304, b"")


def test_the_real_graph_is_served(release: Release) -> None:
    running = Running(release.path.parent)
    assert f"http://127.0.0.1:{running.port}/" in running.wait()
    assert b"International Organization for Migration" in running.ask("/page/org/iom", Accept="text/html")[1]
    assert b"/id/state/KEN" in running.ask("/data/state/KEN.nt")[1]
    counted = running.ask("/sparql?format=csv&query=" + quote("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"))[1]
    assert int(counted.split()[1]) == release.manifest.quads
    assert running.ask("/dump/migov.nq", "HEAD")[0].getheader("content-length") == str(release.graph.stat().st_size)
    assert running.end() == 0


def test_a_second_look_comes_from_memory_and_is_the_same(server: Running) -> None:
    first, second = server.ask("/page/org/iom"), server.ask("/page/org/iom")
    assert first[1] == second[1]
    assert first[0].getheader("etag") == second[0].getheader("etag")
    assert server.ask("/page/org/iom", If_None_Match=str(first[0].getheader("etag")))[0].status == 304
    assert server.ask("/page/org/iom", "HEAD")[0].getheader("content-length") == str(len(first[1]))


CLOSE = b"Host: evil.example\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /sparql HTTP/1.1\r\n" + CLOSE + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"POST /sparql HTTP/1.1\r\n" + CLOSE + b"Content-Length: x\r\n\r\n", 400),
        (b"GET /page/%00 HTTP/1.1\r\n" + CLOSE + b"\r\n", 400),
        (b"GET /page/%ff%fe HTTP/1.1\r\n" + CLOSE + b"\r\n", 400),
        (b"GET /page/%zz HTTP/1.1\r\n" + CLOSE + b"\r\n", 404),
        (b"GET /search?q=%zz%ff%00 HTTP/1.1\r\n" + CLOSE + b"\r\n", 200),
        (b"GET /page/org/iom HTTP/1.1\r\n" + CLOSE + b"Accept: \xff\xfe\r\n\r\n", 200),
        (b"GET /id/org/iom HTTP/1.1\r\n" + CLOSE + b"Accept: text/html;q=0\r\nAccept: text/turtle\r\n\r\n", 303),
        (b"GET /search?q=\xc3\xa9 HTTP/1.1\r\n" + CLOSE + b"\r\n", 200),
        (b"GET /sparql?query=ASK{?s%20?p%20'\xc3\xa9'} HTTP/1.1\r\n" + CLOSE + b"\r\n", 200),
        (b"GET /search?q=\xe9 HTTP/1.1\r\n" + CLOSE + b"\r\n", 200),
        (b"GET /about HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET /about HTTP/1.1\r\nHost: a\r\n" + CLOSE + b"\r\n", 400),
        (b"GET /about HTTP/1.0\r\n\r\n", 200),
        (b"GET /static/site.css HTTP/1.1\r\nRange: bytes=0-1,3-4\r\n" + CLOSE + b"\r\n", 200),
        (b"HEAD /static/site.css HTTP/1.1\r\nRange: bytes=0-1\r\n" + CLOSE + b"\r\n", 200),
        (b"BREW / HTTP/1.1\r\n" + CLOSE + b"\r\n", 501),
        (b"DELETE / HTTP/1.1\r\n" + CLOSE + b"\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\n" + CLOSE + b"\r\n", 400),
        (b"GET http://evil.example/about HTTP/1.1\r\n" + CLOSE + b"\r\n", 200),
        (b"GET /?" + b"a" * int(DEFAULTS["url_bytes"] + 10) + b" HTTP/1.1\r\n" + CLOSE + b"\r\n", 414),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_odd_requests_get_clear_answers(server: Running, sent: bytes, status: int) -> None:
    answer = raw(server, sent)
    assert answer.split(b" ", 2)[1] == str(status).encode()
    assert b"evil.example" not in answer
    assert b"Traceback" not in answer


def test_a_body_beyond_its_limit_is_413_declared_or_not(server: Running) -> None:
    size = int(DEFAULTS["body_bytes"]) + 1
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
    answer = raw(server, head + b"Content-Length: %d\r\n\r\n" % size)
    assert b" 413 " in answer[:20]
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["limit"] == DEFAULTS["body_bytes"]
    chunk = b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"
    assert b" 413 " in raw(server, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)[:20]


def test_a_compressed_body_is_415(server: Running) -> None:
    body = gzip.compress(b"ASK {}")
    kind = "application/sparql-query"
    answer, told = server.ask("/sparql", "POST", body, Content_Type=kind, Content_Encoding="gzip")
    assert answer.status == 415
    assert json.loads(told)["type"].endswith("/problem/unsupported-media-type")


def test_people_get_a_page_for_what_the_front_refuses(server: Running) -> None:
    answer, body = server.ask("/?" + "a" * int(DEFAULTS["url_bytes"]), Accept="text/html")
    assert answer.status == 414
    assert b"<h1>The address is too long</h1>" in body


def test_a_head_that_never_ends_is_431(server: Running) -> None:
    answer = raw(server, b"GET /about HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 2**18)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["type"].endswith("/problem/head-too-large")


def test_requests_in_one_piece_are_answered_in_their_order(server: Running) -> None:
    """RFC 9112, 9.3.2: pipelining."""
    one = b"GET /about HTTP/1.1\r\nHost: x\r\n\r\n"
    query = b"GET " + QUERY.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(server, one + query + one + last)
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"200", b"200", b"404"]


def test_a_request_that_comes_a_third_time_has_the_same_answer_with_a_new_id(server: Running) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        seen = []
        for _ in range(6):
            connection.request("GET", "/page/org/iom", headers={"Accept": "text/html"})
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            seen.append((answer.status, fields.pop("x-request-id"), fields.pop("date"), fields, answer.read()))
    assert len({name for _, name, *_ in seen}) == 6
    assert all(one[3:] == seen[0][3:] and one[0] == 200 for one in seen)


def test_a_body_that_follows_a_repeated_head_is_no_request_of_its_own(server: Running) -> None:
    inner = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"GET /about HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(inner)
    with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
        for _ in range(5):
            connection.sendall(head)
            time.sleep(0.05)
            connection.sendall(inner)
            time.sleep(0.05)
        connection.sendall(b"GET /about HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    assert re.findall(rb"HTTP/1\.1 (\d+) ", b"".join(parts)) == [b"200"] * 6


def test_a_request_cut_in_pieces_is_the_same_request(server: Running) -> None:
    sent = b"GET /about HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    whole = raw(server, sent).partition(b"\r\n\r\n")[2]
    for cut in (1, 5, 22, len(sent) - 1):
        with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
            connection.sendall(sent[:cut])
            time.sleep(0.05)
            connection.sendall(sent[cut:])
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        assert b"".join(parts).partition(b"\r\n\r\n")[2] == whole


def test_slow_bodies_keep_nobody_waiting(server: Running) -> None:
    start = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 90\r\n\r\nA"
    with contextlib.ExitStack() as open_:
        for _ in range(60):
            connection = open_.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(start)
        before = time.monotonic()
        assert server.ask("/about")[0].status == 200
        assert json.loads(server.ask(QUERY)[1])["boolean"] is True
        assert time.monotonic() - before < 3


def test_a_taken_port_is_said_plainly(server: Running, tiny: Release) -> None:
    second = Running(tiny.path.parent, server.port)
    second.process.communicate(timeout=20)
    assert second.process.returncode == 1
    assert f"Port {server.port}" in second.told()
    assert "Traceback" not in second.told()
    assert server.ask("/about")[0].status == 200


def test_a_new_server_sweeps_up_after_killed_ones(
    tiny: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks = [tmp_path / f"migov-{name}" / "lock" for name in ("killed", "alive", "young")]
    for lock in locks:
        lock.parent.mkdir()
        lock.touch()
    for lock in locks[:2]:
        os.utime(lock, (0, 0))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with locks[1].open() as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        running = Running(tiny.path.parent)
        running.wait()
        assert len(list(tmp_path.iterdir())) == 3, "two old ones and its own"
        assert running.end() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["migov-alive", "migov-young"]


def test_a_dead_store_is_started_again(server: Running) -> None:
    store = next(pid for pid in family(server.process.pid) if runs(pid, "migov.store.process"))
    os.kill(store, signal.SIGKILL)
    assert eventually(lambda: server.ask(QUERY)[0].status == 200)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_nothing_outlives_the_server_however_it_ends(tiny: Release, number: signal.Signals) -> None:
    running = Running(tiny.path.parent)
    running.wait()
    running.ask(QUERY)
    alive = family(running.process.pid)
    assert len(alive) >= 4, "supervisor, store, web workers"
    running.process.send_signal(number)
    running.process.communicate(timeout=20)
    assert running.process.returncode == (-number if number == signal.SIGKILL else 0)
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in alive))
    assert not listening(running.port)
