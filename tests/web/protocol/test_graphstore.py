"""The SPARQL 1.1 Graph Store HTTP Protocol, read side: direct and indirect names of graphs."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Quad, RdfFormat, Triple, parse
from werkzeug.test import TestResponse

from migov.graph.release import Release
from migov.store.formats import DATASETS
from migov.store.formats import GRAPH as WRITERS
from migov.web.negotiation import GRAPH_FORMATS, Format
from migov.web.site import Config
from web.protocol.conftest import GRAPH

NAMED = GRAPH + "data3"
INDIRECT = "/graph-store?graph=" + quote(NAMED, safe="")
ADDRESSES = ["/graph/data3", INDIRECT, "/graph-store?default"]
UNION_FORMATS = [form for form in GRAPH_FORMATS if form.key not in DATASETS]


def triples(quads: list[Quad], graph: str = "") -> set[Triple]:
    return {quad.triple for quad in quads if not graph or quad.graph_name.value == graph}


def said(answer: TestResponse, form: Format) -> set[Triple]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == form.content_type
    return {quad.triple for quad in parse(answer.data, format=WRITERS[form.key])}


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.key)
@pytest.mark.parametrize("address", ["/graph/data3", INDIRECT])
def test_get_of_a_graph_is_its_triples(endpoint: FlaskClient, quads: list[Quad], form: Format, address: str) -> None:
    answer = endpoint.get(address, headers={"Accept": form.media_type})
    assert said(answer, form) == triples(quads, NAMED)
    assert answer.headers["Content-Location"] == f"/data/graph/data3.{form.extension}"
    assert answer.headers["Vary"] == "Accept"
    assert answer.data == endpoint.get(answer.headers["Content-Location"]).data
    if form.key in DATASETS:
        assert {quad.graph_name.value for quad in parse(answer.data, format=WRITERS[form.key])} == {NAMED}


@pytest.mark.parametrize("form", UNION_FORMATS, ids=lambda form: form.key)
def test_the_default_graph_is_the_union(endpoint: FlaskClient, quads: list[Quad], form: Format) -> None:
    answer = endpoint.get("/graph-store?default", headers={"Accept": form.media_type})
    assert said(answer, form) == triples(quads)
    assert len(triples(quads)) < len(quads), "some stand in two graphs"


def test_the_union_of_a_built_release_is_its_dump(opened: Callable[..., FlaskClient], tiny: Release) -> None:
    site = opened(tiny, Config())
    answer = site.get("/graph-store?default", headers={"Accept": "application/n-triples"}, buffered=True)
    assert answer.data == tiny.dump("nt").read_bytes()
    assert answer.headers["Content-Location"] == "/dump/migov.nt"
    again = {"If-None-Match": answer.headers["ETag"], "Accept": "application/n-triples"}
    assert site.get("/graph-store?default", headers=again).status_code == 304


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_a_body(endpoint: FlaskClient, address: str) -> None:
    """head_existing_direct, head_existing_indirect of the W3C suite."""
    accept = {"Accept": "text/turtle"}
    got, head = endpoint.get(address, headers=accept), endpoint.head(address, headers=accept)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers[name] == got.headers[name]
    tag = {"If-None-Match": got.headers["ETag"], **accept}
    assert endpoint.get(address, headers=tag).status_code == 304


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", [*ADDRESSES, "/graph/nothing", "/graph-store", "/sparql?graph=x"])
def test_writes_are_405_with_what_is_allowed(endpoint: FlaskClient, method: str, address: str) -> None:
    answer = endpoint.open(address, method=method, data="<a:a> <a:b> <a:c> .", content_type="text/turtle")
    if address.startswith("/sparql") and method == "POST":
        assert answer.status_code == 415
        return
    assert answer.status_code == 405
    allowed = set(answer.headers["Allow"].split(", "))
    assert {"GET", "HEAD"} <= allowed
    assert method not in allowed
    assert json.loads(answer.data)["type"].endswith("/problem/method-not-allowed")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/graph/nothing", 404),
        ("/graph-store?graph=" + quote(GRAPH + "nothing"), 404),
        ("/graph-store?graph=https%3A%2F%2Fexample.org%2Fgraph", 404),
        ("/graph-store?graph=" + quote(GRAPH), 404),
        ("/graph-store?graph=urn:x%0D%0Ay%00", 404),
        ("/graph-store", 400),
        ("/graph-store?default=yes", 400),
        ("/graph-store?default&default", 400),
        ("/graph-store?graph=data3", 400),
        ("/graph-store?graph=", 400),
        ("/graph-store?graph=%FF", 400),
        (INDIRECT + "&default", 400),
        (INDIRECT + "&graph=" + quote(GRAPH + "data1"), 400),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_names_no_graph_or_two_is_told(endpoint: FlaskClient, address: str, status: int, method: str) -> None:
    answer = endpoint.open(address, method=method, headers={"Accept": "text/turtle"})
    assert answer.status_code == status
    if method == "GET":
        assert json.loads(answer.data)["status"] == status


def test_a_graph_mistyped_is_told_the_nearest(endpoint: FlaskClient) -> None:
    answer = endpoint.get("/graph-store?graph=" + quote(GRAPH + "data33"))
    assert f"Did you mean <{GRAPH}data3>?" in json.loads(answer.data)["detail"]


def test_formats_that_fit_no_graph_are_406(endpoint: FlaskClient) -> None:
    for address, accept in (
        (INDIRECT, "text/csv"),
        ("/graph/data3", "image/png"),
        ("/graph-store?default", "application/trig"),
    ):
        refused = endpoint.get(address, headers={"Accept": accept})
        assert refused.status_code == 406
        assert "text/turtle" in json.loads(refused.data)["available"]


def test_people_are_led_from_a_graph_to_its_page(endpoint: FlaskClient) -> None:
    answer = endpoint.get("/graph/data3", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/page/graph/data3")
    assert {quad.triple for quad in parse(endpoint.get("/graph-store?default").data, format=RdfFormat.TURTLE)}
