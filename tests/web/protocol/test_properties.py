"""Whatever is sent, the endpoint answers with a right result or a well-formed problem, and never with 500."""

import csv
import io
import json
import socket
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from werkzeug.test import TestResponse

from migov.graph.release import Release
from migov.store import Limits
from migov.web.negotiation import BY_KEY, FORMATS
from migov.web.problem import BY_SLUG
from migov.web.protocol import DIRECT, FORM, METHODS, NAMED, UPDATE
from migov.web.site import Config
from web.protocol.conftest import GRAPH, PUBLIC
from web.running import Running, put_release

GOOD = [
    "ASK {}",
    "SELECT * { ?s ?p ?o }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?n",
    "SELECT ?x { VALUES ?x { 1 'a,\"b\"\\r\\n'@fr <http://example.org/a,b> UNDEF } }",
    "SELECT (BNODE() AS ?a) ('\\u0001' AS ?b) {}",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "CONSTRUCT { _:b rdfs:label '\\u0002' } {}",
    "DESCRIBE doc:one",
    f"SELECT * FROM <{GRAPH}data1> {{ ?s ?p ?o }}",
]
READERS = {
    "application/sparql-results+json": lambda body: parse_query_results(body, format=QueryResultsFormat.JSON),
    "application/sparql-results+xml": lambda body: parse_query_results(body, format=QueryResultsFormat.XML),
    "text/tab-separated-values": lambda body: parse_query_results(body, format=QueryResultsFormat.TSV),
    "text/turtle": lambda body: list(parse(body, format=RdfFormat.TURTLE)),
    "application/ld+json": lambda body: list(parse(body, format=RdfFormat.JSON_LD)),
    "application/rdf+xml": lambda body: list(parse(body, format=RdfFormat.RDF_XML)),
    "application/n-triples": lambda body: list(parse(body, format=RdfFormat.N_TRIPLES)),
    "application/trig": lambda body: list(parse(body, format=RdfFormat.TRIG)),
    "application/n-quads": lambda body: list(parse(body, format=RdfFormat.N_QUADS)),
}

signs = st.sampled_from(list("{}()[]<>?$ab:.;,*+|^!=&\"'\\/@# \n\t0\u00e9\x00\ufeff\U0001f600"))
mutated = st.builds(
    lambda text, at, cut, put: text[: at % len(text)] + put + text[at % len(text) + cut :],
    st.sampled_from(GOOD),
    st.integers(0, 200),
    st.integers(0, 3),
    st.text(signs, max_size=3),
)
queries = st.sampled_from(GOOD) | mutated | st.text(signs, max_size=30) | st.text(max_size=30)
graphs = st.sampled_from([GRAPH + "data1", GRAPH + "orgs", "urn:x", "no iri", ""]) | st.text(max_size=12)
names = st.sampled_from(
    ["query", "default-graph-uri", "named-graph-uri", "timeout", "format", "output", "version", "update", "example", ""]
)
values = st.one_of(
    graphs, queries, st.sampled_from([*NAMED, "1", "0.5", "-1", "nan", "1e400", "1.2"]), st.text(max_size=8)
)
weights = st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", ";q=2", ";q=", ";charset=utf-8", ';x="a,b"', ";", " ;q=.5"])
types = st.sampled_from(
    [kind for form in FORMATS for kind in form.accepted_as] + ["*/*", "text/*", "application/*", "x"]
)
accepts = st.lists(st.builds(str.__add__, types, weights), max_size=4).map(", ".join) | st.text(
    st.characters(min_codepoint=32, max_codepoint=255), max_size=40
)
kinds = st.sampled_from(
    [
        FORM,
        DIRECT,
        UPDATE,
        f"{DIRECT}; charset=utf-8",
        f"{DIRECT}; version=1.2",
        f"{FORM}; charset=latin-1",
        "text/plain",
        "",
    ]
) | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)


@pytest.fixture(scope="module")
def hasty(opened: Callable[..., FlaskClient], few: Release) -> FlaskClient:
    """The endpoint with little patience."""
    return opened(few, Config(public_url=PUBLIC, limits=Limits(deadline=1.0, result_bytes=10**6)))


def judge(status: int, kind: str, body: bytes) -> None:
    """Hold an answer against what it says it is."""
    media_type = kind.partition(";")[0]
    assert status != 500, body
    if status >= 400:
        if media_type == "text/html":
            assert b"</html>" in body
            return
        assert media_type == "application/problem+json"
        told = json.loads(body)
        assert told["status"] == status
        slug = told["type"].rsplit("/", 1)[1]
        assert BY_SLUG[slug].status == status
        assert told["title"] == BY_SLUG[slug].title
        assert told["detail"].strip()
        return
    assert status in (200, 204, 303, 304)
    if status != 200 or not body:
        return
    if media_type == "text/html":
        assert b"</html>" in body
    elif media_type == "text/csv":
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
        assert len({len(row) for row in rows if row}) <= 1, "every line has as many cells as the head"
    elif media_type == BY_KEY["plainjson"].media_type:
        json.loads(body)
    else:
        READERS[media_type](body)
        if media_type.endswith("+xml"):
            ElementTree.fromstring(body)


def judged(answer: TestResponse) -> TestResponse:
    judge(answer.status_code, answer.headers.get("Content-Type", ""), answer.data)
    return answer


EACH_TIME = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EACH_TIME
@given(queries, accepts, st.sampled_from(METHODS), st.booleans())
def test_any_query_by_any_method(hasty: FlaskClient, query: str, accept: str, method: str, form: bool) -> None:
    query = query.encode(errors="replace").decode()
    where: dict[str, Any] = {"data": {"query": query}}
    if method == "GET":
        where = {"query_string": {"query": query}}
    elif not form:
        where = {"data": query.encode(), "content_type": DIRECT}
    judged(hasty.open("/sparql", method=method, headers={"Accept": accept}, **where))


@EACH_TIME
@given(st.sampled_from(GOOD), st.sampled_from(list(NAMED)) | st.text(max_size=6), accepts)
def test_right_queries_are_answered_or_406(hasty: FlaskClient, query: str, form: str, accept: str) -> None:
    form = form.encode(errors="replace").decode()
    answer = judged(hasty.post("/sparql", data={"query": query, "format": form}, headers={"Accept": accept}))
    assert answer.status_code in (200, 406)


@EACH_TIME
@given(st.lists(st.tuples(names, values), max_size=6), accepts, st.sampled_from(METHODS))
def test_any_parameters(hasty: FlaskClient, pairs: list[tuple[str, str]], accept: str, method: str) -> None:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.encode(errors="replace").decode())
    where: dict[str, Any] = {"query_string" if method == "GET" else "data": fields}
    judged(hasty.open("/sparql", method=method, headers={"Accept": accept}, **where))


@EACH_TIME
@given(
    st.sampled_from(["GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT"]),
    st.binary(max_size=40),
    kinds,
    st.binary(max_size=40) | st.sampled_from([b"query=ASK%20%7B%7D", b"ASK {}", b"query=%ff", b"&&&=", b"update=x"]),
    accepts,
)
def test_any_bytes(hasty: FlaskClient, method: str, query: bytes, kind: str, body: bytes, accept: str) -> None:
    """Bytes that are no text in the address and the body, with any type and any Accept."""
    environ = {"QUERY_STRING": query.decode("latin-1")}
    answer = hasty.open(
        "/sparql", method=method, data=body, content_type=kind, headers={"Accept": accept}, environ_overrides=environ
    )
    if method != "HEAD":
        judged(answer)
    assert answer.status_code != 500


@EACH_TIME
@given(
    st.binary(max_size=40) | st.sampled_from([b"default", b"graph=urn:x", b"graph=" + GRAPH.encode() + b"data1"]),
    accepts,
)
@pytest.mark.parametrize("path", ["/graph-store", "/graph/data1"])
def test_any_graph(hasty: FlaskClient, path: str, query: bytes, accept: str) -> None:
    environ = {"QUERY_STRING": query.decode("latin-1")}
    judged(hasty.get(path, headers={"Accept": accept}, environ_overrides=environ))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("any") / "releases"
    put_release(folder, "any")
    running = Running(folder, MIGOV_DEADLINE="1", MIGOV_BODY_SECONDS="1", MIGOV_RESULT_BYTES="1000000")
    running.wait()
    yield running
    assert running.end() == 0


tokens = st.text(st.sampled_from("abcXYZ-_!#$%&'*+.^`|~09"), min_size=1, max_size=12).map(str.encode)
visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map(str.encode)
fields = st.binary(max_size=30).filter(lambda value: not set(value) & set(b"\r\n"))
common = [
    b"Accept", b"Content-Type", b"Content-Encoding", b"If-None-Match", b"If-Match", b"Range", b"Origin", b"Expect",
    b"TE", b"X-Request-Id", b"X-Forwarded-For", b"Authorization", b"Cookie", b"Accept-Encoding",
]  # fmt: skip
lines = st.builds(lambda name, value: name + b": " + value + b"\r\n", tokens | st.sampled_from(common), fields)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"GET", b"HEAD", b"POST", b"QUERY", b"OPTIONS", b"DELETE"]) | tokens,
    st.sampled_from(
        [b"/sparql", b"/sparql?query=", b"/graph-store?", b"/id/org/o1", b"/data/org/o1.ttl", b"/search?q=", b"/"]
    ),
    visible,
    st.lists(lines, max_size=5),
    st.binary(max_size=60),
)
def test_any_request_to_the_real_server(
    server: Running, method: bytes, path: bytes, more: bytes, headers: list[bytes], body: bytes
) -> None:
    """Bytes on the wire: what is HTTP is answered as above, what is none is refused by the HTTP library, 4xx or 5xx."""
    head = b"%s %s%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % (method, path, more)
    sent = head + b"".join(headers) + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    status, kind, answer = exchange(server, sent, method)
    assert status != 500
    if answer or (status not in (400, 431) and method != b"HEAD"):
        judge(status, kind, answer)


def exchange(server: Running, sent: bytes, method: bytes) -> tuple[int, str, bytes]:
    """Send bytes as they are; what comes back, whole. A status of 400 stands for a connection that was closed."""
    with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
        connection.sendall(sent)
        response = HTTPResponse(connection, method=method.decode())
        try:
            response.begin()
            while response.status == 100:
                response.begin()
            return response.status, response.getheader("content-type") or "", response.read()
        except (HTTPException, ConnectionError):
            return 400, "", b""
