"""An engine that fails, cuts its answers or keeps silent never makes a wrong answer, but one of our own errors."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from migov import errors
from migov.store import Dataset
from migov.store.remote import Remote
from migov.vocabulary import BASE

JSON = "application/sparql-results+json"
RELEASE = "a" * 64
MARKER = (
    b'{"head":{"vars":["release","stamp"]},"results":{"bindings":[{"release":{"type":"literal","value":"%s"},'
    % (RELEASE.encode())
    + b'"stamp":{"type":"literal","value":"now"}}]}}'
)
ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'
Say = Callable[..., None]


class Engine(ThreadingHTTPServer):
    """An engine that holds the release, and answers every other question in one way."""

    status = 200
    fields: dict[str, str]
    body = b""
    connections = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Engine

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        marker = b"published" in asked
        status, body = (200, MARKER) if marker else (self.server.status, self.server.body)
        fields = {"Content-Type": JSON, "Content-Length": str(len(body))} | ({} if marker else self.server.fields)
        self.send_response(status)
        for name, value in fields.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if "Content-Length" in self.server.fields and not marker:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def engine() -> Iterator[Engine]:
    server = Engine(("127.0.0.1", 0), Handler)
    server.fields = {}
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ask(engine: Engine, times: int = 1) -> bytes:
    remote = Remote(f"http://127.0.0.1:{engine.server_port}/sparql", RELEASE, BASE)
    try:
        for _ in range(times):
            answer = remote.query(
                "SELECT ?x { ?s ?p ?x }", {"bindings": "csv"}, dataset=Dataset(), bindings={}, result_bytes=1000
            )
    finally:
        remote.close()
    return answer.body


def test_one_connection_serves_many_questions(engine: Engine) -> None:
    engine.body = ROWS
    assert ask(engine, times=20) == b"x\r\n1\r\n"
    assert engine.connections == 1


@pytest.mark.parametrize(
    ("body", "fields", "error"),
    [
        (ROWS[:-20], {}, errors.StoreUnavailable),
        (ROWS[:-20], {"Content-Length": str(len(ROWS))}, errors.StoreUnavailable),
        (ROWS, {"Content-Length": ""}, errors.StoreUnavailable),
        (ROWS[:-5] + b"The SPARQL operation has been cancelled", {}, errors.QueryTimeout),
        (ROWS, {"X-SQL-State": "S1TAT", "X-SQL-Message": "RC..: Returning incomplete results"}, errors.QueryTimeout),
        (ROWS, {"X-SPARQL-MaxRows": "1"}, errors.ResultTooLarge),
        (b"<html>", {"Content-Type": "text/html"}, errors.StoreUnavailable),
        (ROWS + b" " * 10_000, {}, errors.ResultTooLarge),
    ],
)
def test_a_part_of_an_answer_is_no_answer(
    engine: Engine, body: bytes, fields: dict[str, str], error: type[Exception]
) -> None:
    engine.body, engine.fields = body, fields
    with pytest.raises(error):
        ask(engine)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b"line 1: no such function", errors.QuerySyntax),
        (500, b"Virtuoso 22012 Error SR084: Division by 0", errors.QuerySyntax),
        (500, b"Virtuoso 42000 Error The estimated execution time 9 (sec) exceeds the limit", errors.QueryTimeout),
        (500, b"out of memory", errors.QueryMemory),
        (504, b"", errors.QueryTimeout),
        (503, b"", errors.TooBusy),
        (429, b"", errors.TooBusy),
        (401, b"", errors.StoreUnavailable),
        (302, b"", errors.StoreUnavailable),
        (404, b"", errors.StoreUnavailable),
        (502, b"", errors.StoreUnavailable),
    ],
)
def test_each_refusal_has_an_error_of_ours(engine: Engine, status: int, body: bytes, error: type[Exception]) -> None:
    engine.status, engine.body = status, body
    with pytest.raises(error):
        ask(engine)


def test_an_engine_that_is_gone_is_said_to_be_unavailable(engine: Engine) -> None:
    engine.shutdown()
    engine.server_close()
    with pytest.raises(errors.StoreUnavailable, match="cannot be asked"):
        ask(engine)
