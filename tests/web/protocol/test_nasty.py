"""Queries and requests that mean harm, sent to the real server: each gets a clear answer, and the next visitor his.

Whatever is sent, the answer comes before the patience of the connection ends, and is a problem that says what to do,
or a right result; afterwards a small query is answered as ever.
"""

import gzip
import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from migov.settings import DEFAULTS
from store.canary import Canary
from web.protocol.corpus import BOMBS, DEEP, DIRECT, HEADERS, ODD, RUNAWAYS, SMALL, nest
from web.running import ENTITIES, Running, put_release

PATIENCE = 20
SOON = "0.4"
LIMITS = {"MIGOV_CHILD_MEMORY": str(2**26), "MIGOV_RESULT_BYTES": str(2**20), "MIGOV_BODY_SECONDS": "2"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("nasty") / "releases"
    put_release(folder, "nasty", filler=500)
    running = Running(folder, **LIMITS)
    running.wait()
    workers = running.processes("migov.web.front")
    yield running
    assert running.processes("migov.web.front") == workers, "no worker was lost"
    assert running.end() == 0


@pytest.fixture(autouse=True)
def fine_afterwards(server: Running) -> Iterator[None]:
    """After each story the next visitor is answered as ever."""
    yield
    answer, body = server.ask(SMALL)
    assert answer.status == 200
    assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == str(ENTITIES)


def send(server: Running, query: str | bytes, **beside: str) -> tuple[HTTPResponse, bytes]:
    body = query.encode() if isinstance(query, str) else query
    path = "/sparql?" + urlencode({"timeout": SOON, **beside})
    return server.ask(path, "POST", body, Content_Type="application/sparql-query")


def problem(answer: HTTPResponse, body: bytes) -> dict[str, Any]:
    assert answer.getheader("content-type") == "application/problem+json", (answer.status, body[:200])
    told: dict[str, Any] = json.loads(body)
    assert told["status"] == answer.status
    assert told["detail"].strip()
    return told


@pytest.mark.parametrize("query", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_is_ended_and_told_as_one(server: Running, query: str) -> None:
    answer, body = send(server, query)
    told = problem(answer, body)
    assert told["status"] in (504, 507, 413), told
    if told["status"] == 504:
        assert told["limit"] <= float(SOON)
    assert told.get("unit") in {"seconds", "bytes"}


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
def test_a_bomb_goes_off_in_its_own_child(server: Running, query: str) -> None:
    answer, body = send(server, query, timeout="5")
    assert problem(answer, body)["status"] in (507, 504, 413)


@pytest.mark.parametrize("count", [200, 20_000])
@pytest.mark.parametrize(("start", "middle", "end", "around"), DEEP.values(), ids=DEEP)
def test_deep_nesting_is_turned_away(
    server: Running, count: int, start: str, middle: str, end: str, around: str
) -> None:
    answer, body = send(server, nest(count, start, middle, end, around))
    if answer.status == 200:
        assert (count, start) in {(200, "!"), (200, "-")}, "only operators may be so many"
        return
    told = problem(answer, body)
    assert (told["type"].rsplit("/", 1)[1], told["status"]) in {
        ("query-too-complex", 400), ("too-large", 413), ("query-syntax", 400)
    }  # fmt: skip


@pytest.mark.parametrize("query", ODD.values(), ids=ODD)
def test_odd_text_is_answered_or_refused(server: Running, query: bytes) -> None:
    answer, body = send(server, query, timeout="5")
    if answer.status == 200:
        assert json.loads(body)["head"] is not None
    else:
        assert problem(answer, body)["status"] == 400


def test_lists_and_texts_of_any_length(server: Running) -> None:
    numbers = ", ".join(map(str, range(1_900)))
    for query, expected in (
        (f"ASK {{ BIND(1899 AS ?x) FILTER(?x IN ({numbers})) }}", 200),
        ("SELECT (COUNT(*) AS ?n) { VALUES ?x { " + " ".join(map(str, range(9_000))) + " } }", 200),
        (f"ASK {{ FILTER(1 IN ({numbers}, {numbers})) }}", 400),
        ("ASK { FILTER(1 IN (" + ", ".join(map(str, range(60_000))) + ")) }", 413),
        ("ASK { ?s ?p <http://example.org/" + "a" * 2**20 + "> }", 413),
        ("ASK {}" + " " * 2**16, 413),
    ):
        answer, body = send(server, query, timeout="10")
        assert answer.status == expected, body[:300]
        if expected != 200:
            assert problem(answer, body)["limit"]


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(a+)+$", ""),
        ("(a|aa)+$", ""),
        ("(a|a?)+$", "i"),
        ("(.*)*x", "s"),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", ""),
        ("a{1000}{1000}{1000}", ""),
        ("(?:a?){500}a{500}", ""),
        ("(", ""),
        ("[[:alpha:", "x"),
        ("(?R)", ""),
        ("\\\\1(a)", ""),
    ],
)
def test_catastrophic_regular_expressions_are_none_here(server: Running, pattern: str, flags: str) -> None:
    text = "a" * 20_000 + "!"
    found, replaced = f"REGEX('{text}', '{pattern}', '{flags}')", f"REPLACE('{text}', '{pattern}', 'b', '{flags}')"
    query = f"SELECT ({found} AS ?x) ({replaced} AS ?y) {{}}"
    answer, body = send(server, query, timeout="5")
    assert answer.status == 200, body[:300]
    assert len(json.loads(body)["results"]["bindings"]) == 1


def test_nothing_leads_out_of_the_graph(server: Running, tmp_path: Path) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text('<http://example.org/a> <http://example.org/b> "secret" .\n')
    canary = Canary()
    try:
        for place in (canary.address, secret.as_uri(), "ftp://127.0.0.1/x", "data:text/turtle,x"):
            for query in (
                f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
                f"SELECT * {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
                f"SELECT * {{ VALUES ?g {{ <{place}> }} SERVICE ?g {{ ?s ?p ?o }} }}",
                f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ sERVICE\t<{place}>{{ ?s ?p ?o }} }} }} }} }}",
                f"LOAD <{place}>",
                f"LOAD SILENT <{place}> INTO GRAPH <a:a>",
                f"SELECT * {{ ?s ?p ?o }} ; LOAD <{place}>",
            ):
                answer, body = send(server, query)
                assert problem(answer, body)["status"] == 400
            for query in (
                f"SELECT * FROM <{place}> {{ ?s ?p ?o }}",
                f"SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
                f"SELECT * {{ GRAPH <{place}> {{ ?s ?p ?o }} }}",
                f"SELECT * {{ VALUES ?g {{ <{place}> }} GRAPH ?g {{ ?s ?p ?o }} }}",
                f"DESCRIBE <{place}>",
                f"BASE <{place}> SELECT * {{ ?s <#x> ?o }}",
            ):
                answer, body = send(server, query)
                assert answer.status == 200
                assert b"secret" not in body
            for beside in ({"default-graph-uri": place}, {"named-graph-uri": place}):
                answer, body = send(server, "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", **beside)
                assert json.loads(body)["results"]["bindings"] == []
            assert server.ask("/graph-store?graph=" + quote(place, safe=""))[0].status == 404
        assert canary.visits == 0
    finally:
        canary.stop()


# Requests


def raw(server: Running, sent: bytes) -> bytes:
    """What comes back for bytes as they are, until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        parts: list[bytes] = []
        try:
            connection.sendall(sent)
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionError:  # it may close before all is sent
            pass
        return b"".join(parts)


@pytest.mark.parametrize(("sent", "statuses"), HEADERS.values(), ids=HEADERS)
def test_tricks_with_headers_are_answered_or_cut(server: Running, sent: bytes, statuses: set[int]) -> None:
    """0 stands for a connection that is closed without a word, as HTTP allows for what is no HTTP."""
    answer = raw(server, sent)
    status = int(answer.split(b" ", 2)[1]) if answer else 0
    assert status in statuses, answer[:300]
    assert b"Traceback" not in answer
    assert b"root:" not in answer
    assert b"evil.example" not in answer
    assert b"secret" not in answer.lower()


def test_nothing_is_smuggled_behind_a_request(server: Running) -> None:
    """What follows a request whose end is in doubt must not be taken for another."""
    hidden = b"GET /limits HTTP/1.1\r\nHost: x\r\n\r\n"
    for framing in (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (5 + len(hidden)),
        b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden),
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\x0bchunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n" % (5 + len(hidden)),
    ):
        answer = raw(server, b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + DIRECT + framing + hidden)
        first = answer.split(b" ", 2)[1]
        assert answer.count(b"HTTP/1.1 ") == 1 or b"Transfer-Encoding: chunked\r\n" in framing, answer[:300]
        assert first in (b"400", b"413", b"415")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "x-gzip", "GZIP", "identity, gzip"])
@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_compressed_bodies_are_415(server: Running, coding: str, method: str) -> None:
    body = gzip.compress(b"ASK {}" + b" " * 10**6)
    kind = "application/sparql-query"
    answer, told = server.ask("/sparql", method, body, Content_Type=kind, Content_Encoding=coding)
    assert problem(answer, told)["status"] == 415


def test_bodies_and_addresses_beyond_their_limits_are_told_so(server: Running) -> None:
    answer, told = send(server, b"x" * (int(DEFAULTS["body_bytes"]) + 1))
    assert problem(answer, told)["limit"] == DEFAULTS["body_bytes"]
    answer, told = server.ask("/sparql?query=" + "x" * int(DEFAULTS["url_bytes"]))
    assert (answer.status, problem(answer, told)["limit"]) == (414, DEFAULTS["url_bytes"])
    form = b"&".join(b"p%d=x" % number for number in range(5_000))
    answer, told = server.ask("/sparql", "POST", form, Content_Type="application/x-www-form-urlencoded")
    assert "1,000 parameters" in problem(answer, told)["detail"]


def test_an_answer_is_never_partial(server: Running) -> None:
    """A result beyond its size, and one cut by the deadline, are problems from the first byte on."""
    large = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    for accept in ("text/csv", "application/sparql-results+json", "application/sparql-results+xml"):
        answer, told = server.ask("/sparql?" + urlencode({"query": large}), Accept=accept)
        assert problem(answer, told)["status"] == 413
        assert answer.getheader("content-length") == str(len(told))
