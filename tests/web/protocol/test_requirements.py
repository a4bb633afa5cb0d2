"""The SPARQL Protocol, requirement by requirement.

Names and numbers are those of the W3C test suite (rdf-tests, ``sparql/sparql11/protocol/requirements.md``); its
requests are here made of a graph of our own. Updates, which this endpoint has not (REQ-7.2.1), are there to be refused.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from werkzeug.test import TestResponse

from migov.vocabulary import BASE
from web.protocol.conftest import GRAPH

DIRECT, FORM, UPDATE = "application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update"
ONE, TWO, THREE = (f"{GRAPH}data{number}" for number in (1, 2, 3))
BOTH_DEFAULT = "ASK { doc:one a ?type . doc:two a ?type }"
BOTH_NAMED = "ASK { GRAPH ?g1 { doc:one a ?x } GRAPH ?g2 { doc:two a ?y } }"
RESULTS = {"application/sparql-results+xml", "application/sparql-results+json"}
TABLES = RESULTS | {"text/csv", "text/tab-separated-values"}
RDF = {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"}
Ask = Callable[..., TestResponse]


@pytest.fixture(params=["GET", "POST form", "POST direct", "QUERY form", "QUERY direct"])
def ask(endpoint: FlaskClient, request: pytest.FixtureRequest) -> Ask:
    """Asks a query by one of the operations (sections 2.2.1 to 2.2.3, and RFC 10008), with parameters beside it."""
    method, _, how = str(request.param).partition(" ")

    def send(query: str, accept: str = "*/*", **beside: Any) -> TestResponse:
        headers = {"Accept": accept}
        parameters = {name.replace("_", "-"): value for name, value in beside.items()}
        if method == "GET":
            return endpoint.get("/sparql", query_string={"query": query, **parameters}, headers=headers)
        if how == "form":
            return endpoint.open("/sparql", method=method, data={"query": query, **parameters}, headers=headers)
        return endpoint.open(
            "/sparql", method=method, query_string=parameters, data=query, content_type=DIRECT, headers=headers
        )

    return send


def true(answer: TestResponse) -> bool:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/sparql-results+json"
    found = json.loads(answer.data)["boolean"]
    assert isinstance(found, bool)
    return found


def refused(answer: TestResponse, slug: str = "bad-request") -> Mapping[str, Any]:
    """A problem that a client has made, told as one."""
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.data)
    assert told["status"] == answer.status_code
    assert told["type"].endswith(f"/problem/{slug}")
    assert told["detail"].strip()
    return told


# 2. Version announcement


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2-basic", "1.2"])
def test_req_2_1_2_and_3_1_3_query_get_with_version(ask: Ask, version: str) -> None:
    assert true(ask("ASK {}", version=version))


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_req_2_1_3_query_post_direct_with_version_param(endpoint: FlaskClient, method: str) -> None:
    kind = f"{DIRECT}; version=1.2"
    assert true(endpoint.open("/sparql", method=method, data="ASK {}", content_type=kind))
    unknown = endpoint.open("/sparql", method=method, data="ASK {}", content_type=f"{DIRECT}; version=9")
    assert "1.2" in refused(unknown)["detail"]


def test_req_2_1_1_version_in_the_query(ask: Ask) -> None:
    assert true(ask('VERSION "1.2" ASK {}'))
    assert true(ask('VERSION "1.1" ASK {}', version="1.2")), "REQ-2.1.4: the parameter wins"


def test_req_3_1_3a_bad_query_multiple_versions(ask: Ask) -> None:
    refused(ask("ASK {}", version=["1.1", "1.2"]))


# 3.1 to 3.4: operations


def test_req_3_1_1_every_operation_answers(ask: Ask) -> None:
    """query_get, query_post_form, query_post_direct."""
    assert true(ask("ASK {}", default_graph_uri=ONE))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_req_3_1_1_bad_query_method(endpoint: FlaskClient, method: str) -> None:
    answer = endpoint.open("/sparql?query=ASK%20%7B%7D", method=method, content_type=FORM)
    assert refused(answer, "method-not-allowed")["status"] == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param("ASK {}", "text/plain", id="REQ-3.1.1a bad_query_wrong_media_type"),
        pytest.param("query=ASK%20%7B%7D", None, id="REQ-3.3.5 bad_query_missing_form_type"),
        pytest.param("ASK {}", None, id="REQ-3.4.3 bad_query_missing_direct_type"),
        pytest.param("ASK {}".encode("utf-16"), f"{DIRECT}; charset=UTF-16", id="REQ-3.4.5 bad_query_non_utf8"),
        pytest.param("ASK {}", f"{DIRECT}, {FORM}", id="two types"),
        pytest.param('{"query": "ASK {}"}', "application/json", id="JSON"),
        pytest.param("ASK {}", "multipart/form-data; boundary=x", id="multipart"),
    ],
)
def test_bodies_of_other_types_are_refused(
    endpoint: FlaskClient, method: str, body: str | bytes, kind: str | None
) -> None:
    answer = endpoint.open("/sparql", method=method, data=body, content_type=kind)
    assert refused(answer, "unsupported-media-type")["accepted"] == [DIRECT, FORM]
    assert answer.headers["Accept-Query"] == f'"{DIRECT}", "{FORM}"'


def test_req_9_1_1_utf_16_that_claims_to_be_utf_8(endpoint: FlaskClient) -> None:
    refused(endpoint.post("/sparql", data="ASK {}".encode("utf-16"), content_type=DIRECT))


def test_req_3_1_2_bad_multiple_queries(endpoint: FlaskClient) -> None:
    """bad_multiple_queries, bad_multiple_queries_form, and one query in the address with another in the body."""
    two = {"query": ["ASK {}", "SELECT * {}"]}
    assert "2 queries" in refused(endpoint.get("/sparql", query_string=two))["detail"]
    for method in ("POST", "QUERY"):
        refused(endpoint.open("/sparql", method=method, data=two))
        for body in ({"data": "ASK {}", "content_type": DIRECT}, {"data": {"query": "ASK {}"}}):
            refused(endpoint.open("/sparql?query=ASK%20%7B%7D", method=method, **body))


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_req_3_1_2_no_query_at_all(endpoint: FlaskClient, method: str) -> None:
    assert "query is missing" in refused(endpoint.open("/sparql", method=method, data={"x": "y"}))["detail"]
    refused(endpoint.open("/sparql", method=method, data="", content_type=DIRECT))
    refused(endpoint.get("/sparql?query=", headers={"Accept": "text/turtle"}))


def test_req_3_2_3_and_3_2_4_parameters_in_any_order_between_ampersands(endpoint: FlaskClient) -> None:
    query = quote("ASK { ?s a foaf:Document ; a ?x }")
    assert true(endpoint.get(f"/sparql?default-graph-uri={ONE}&&timeout=5&query={query}&unknown=%26;"))
    assert not true(endpoint.get(f"/sparql?default-graph-uri={GRAPH}orgs&query={query}"))


def test_req_3_2_5_bad_query_get_with_body(endpoint: FlaskClient) -> None:
    refused(endpoint.get("/sparql?query=ASK%20%7B%7D", data="ASK {}", content_type=DIRECT))
    refused(endpoint.get("/sparql", data="query=ASK%20%7B%7D", content_type=FORM))


def test_req_3_3_0_parameters_of_a_form_may_stand_in_the_address_too(endpoint: FlaskClient) -> None:
    """query_post_form of the first suite does so, query_post_form_dataset of the second does not."""
    query = {"query": "ASK { doc:one a ?x }"}
    assert true(endpoint.post(f"/sparql?default-graph-uri={ONE}", data=query))
    assert not true(endpoint.post(f"/sparql?default-graph-uri={TWO}", data=query))
    assert not true(endpoint.post("/sparql", data=query | {"default-graph-uri": TWO}))


# 3.5: dataset


def test_req_3_5_1_query_dataset_default_graph(ask: Ask) -> None:
    assert true(ask("ASK { doc:one a ?x }", default_graph_uri=ONE))
    assert not true(ask("ASK { doc:two a ?x }", default_graph_uri=ONE))
    assert not true(ask("ASK { GRAPH ?g { doc:one a ?x } }", default_graph_uri=ONE)), "it is not a named one too"


def test_req_3_5_1_query_dataset_default_graphs(ask: Ask) -> None:
    assert true(ask(BOTH_DEFAULT, default_graph_uri=[ONE, TWO]))
    assert not true(ask(BOTH_DEFAULT, default_graph_uri=[ONE]))


def test_req_3_5_1_query_dataset_named_graphs(ask: Ask) -> None:
    assert true(ask(BOTH_NAMED, named_graph_uri=[ONE, TWO]))
    assert not true(ask(BOTH_NAMED, named_graph_uri=[TWO]))
    assert not true(ask(BOTH_DEFAULT, named_graph_uri=[ONE, TWO])), "the default graph is empty then"


def test_req_3_5_1_query_dataset_full(ask: Ask) -> None:
    text = "ASK { doc:three a ?type GRAPH ?g1 { doc:one a ?x } GRAPH ?g2 { doc:two a ?y } }"
    assert true(ask(text, default_graph_uri=THREE, named_graph_uri=[ONE, TWO]))
    assert not true(ask(text, default_graph_uri=ONE, named_graph_uri=[ONE, TWO]))


def test_req_3_5_2_query_multiple_dataset(ask: Ask) -> None:
    assert true(ask(f"ASK FROM <{THREE}> {BOTH_NAMED[4:]}", named_graph_uri=[ONE, TWO]))
    assert not true(ask(f"ASK FROM <{THREE}> {{ doc:three a ?x }}", default_graph_uri=ONE))
    assert true(ask(f"ASK FROM <{THREE}> {{ doc:one a ?x }}", default_graph_uri=ONE))
    assert not true(ask(f"ASK FROM NAMED <{THREE}> {{ GRAPH ?g {{ doc:three a ?x }} }}", named_graph_uri=ONE))
    assert true(ask(f"ASK FROM <{THREE}> FROM NAMED <{ONE}> {{ doc:three a ?x GRAPH ?g {{ doc:one a ?y }} }}"))


def test_req_3_5_4_the_default_graph_is_the_union(ask: Ask) -> None:
    assert true(ask("ASK { doc:one a ?x . doc:two a ?x . doc:three a ?x GRAPH ?g { doc:two a ?x } }"))
    answer = ask("SELECT (COUNT(*) AS ?n) { ?document a foaf:Document }")
    assert json.loads(answer.data)["results"]["bindings"][0]["n"]["value"] == "3", "what two graphs say counts once"


def test_unknown_graphs_are_empty_and_a_graph_named_twice_is_one(ask: Ask) -> None:
    nowhere = "https://example.org/nowhere"
    assert not true(ask("ASK { ?s ?p ?o }", default_graph_uri=nowhere))
    assert not true(ask("ASK { GRAPH ?g { ?s ?p ?o } }", named_graph_uri=nowhere))
    answer = ask("SELECT * { ?s ?p ?o }", default_graph_uri=[TWO, nowhere, TWO])
    assert len(json.loads(answer.data)["results"]["bindings"]) == 1
    for bad in ("no iri", "", "data1"):
        refused(ask("ASK {}", default_graph_uri=bad))


# 3.6, 3.7 and 6: results

CONTENT = [
    pytest.param("SELECT (1 AS ?value) {}", TABLES, id="REQ-6.1.1 query_content_type_select"),
    pytest.param("ASK {}", RESULTS, id="REQ-3.7.3 query_content_type_ask"),
    pytest.param("DESCRIBE doc:one", RDF, id="REQ-6.1.2 query_content_type_describe"),
    pytest.param("CONSTRUCT { <s> <p> 1 } WHERE {}", RDF, id="REQ-6.1.2 query_content_type_construct"),
]


def media_type(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return answer.headers["Content-Type"].partition(";")[0]


@pytest.mark.parametrize(("query", "kinds"), CONTENT)
def test_req_3_7_3_and_3_7_4_each_form_has_its_formats(ask: Ask, query: str, kinds: set[str]) -> None:
    assert media_type(ask(query)) in kinds
    for kind in kinds:
        assert media_type(ask(query, kind)) == kind, "REQ-3.6.1"
    for kind in (TABLES | RDF) - kinds:
        told = refused(ask(query, kind), "not-acceptable")
        assert kinds <= set(told["available"])
        assert kind not in told["available"]


@pytest.mark.parametrize(("query", "kinds"), CONTENT)
@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/html;q=0, */*;q=0.1",
        "application/*, text/*;q=0.1",
        "image/png, */*;q=0.01",
        "application/sparql-results+json;charset=utf-8, text/turtle; charset=UTF-8",
        "application/sparql-results+json,*/*;q=0.9",
        "text/turtle,*/*;q=0.9",
        "text/csv;q=0.2, application/n-triples;q=0.2, */*;q=0.1",
        "application/n-quads,application/trig;q=0.95,application/sparql-results+json;q=0.7,text/turtle;q=0.6,*/*;q=0.1",
    ],
)
def test_req_3_6_1_headers_of_many_clients_find_a_format(ask: Ask, query: str, kinds: set[str], accept: str) -> None:
    answer = ask(query, accept)
    assert media_type(answer) in kinds | {"application/trig", "application/n-quads"}
    assert "Accept" in answer.headers["Vary"]


def test_req_3_6_1_weights_decide(ask: Ask) -> None:
    """query_content_negotiation_xml and query_content_negotiation_json, and what is weighed against what."""
    for accept, kind in (
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("text/csv;q=0.8, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/csv, text/tab-separated-values;q=0.999", "text/csv"),
        ("text/*, text/csv;q=0", "text/tab-separated-values"),
    ):
        assert media_type(ask("SELECT (1 AS ?value) {}", accept)) == kind


def test_req_3_7_3_the_document_is_of_the_format_it_says(ask: Ask) -> None:
    found = parse_query_results(
        ask("SELECT (1 AS ?value) {}", "application/sparql-results+xml").data, format=QueryResultsFormat.XML
    )
    assert isinstance(found, QuerySolutions)
    assert [row["value"].value for row in found] == ["1"]
    (triple,) = parse(ask("CONSTRUCT WHERE { doc:two a ?x }", "text/turtle").data, format=RdfFormat.TURTLE)
    assert triple.subject.value == BASE + "id/document/two"


# 3.8: failures


def test_req_3_8_1_bad_query_syntax(ask: Ask) -> None:
    told = refused(ask("ASK {\n  ?s ?p ?o FILTR(?o > 1)\n}"), "query-syntax")
    assert (told["status"], told["line"], told["column"]) == (400, 2, 12)
    assert told["excerpt"] == "  ?s ?p ?o FILTR(?o > 1)"
    assert "Did you mean FILTER?" in told["detail"]


# 4: there is no update


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param("update=CLEAR%20ALL", FORM, id="REQ-4.2.1 update_post_form"),
        pytest.param("CLEAR ALL", UPDATE, id="REQ-4.3.1 update_post_direct"),
        pytest.param("update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, id="REQ-4.1.2 bad_multiple_updates"),
        pytest.param("update=CLEAR%20XYZ", FORM, id="REQ-4.6.1 bad_update_syntax"),
        pytest.param("update=CLEAR%20ALL&version=1.2", FORM, id="REQ-4.1.3 update_post_form_with_version"),
        pytest.param("CLEAR ALL", f"{UPDATE}; version=1.2", id="REQ-4.3.3 update_post_direct_with_version_param"),
        pytest.param("CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16", id="bad_update_non_utf8"),
        pytest.param("query=ASK%20%7B%7D&update=CLEAR%20ALL", FORM, id="a query and an update"),
        pytest.param("query=ASK%20%7B%7D&using-graph-uri=http%3A%2F%2Fexample.org", FORM, id="REQ-4.1.4"),
        pytest.param("INSERT DATA { <a:a> <a:b> <a:c> }", DIRECT, id="an update sent as a query"),
        pytest.param("query=DELETE%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", FORM, id="an update in query="),
    ],
)
def test_req_7_2_1_updates_are_refused(endpoint: FlaskClient, method: str, body: str | bytes, kind: str) -> None:
    told = refused(endpoint.open("/sparql", method=method, data=body, content_type=kind), "query-refused")
    assert "read" in told["detail"]
    assert true(endpoint.get("/sparql?query=ASK%20%7B%20doc%3Aone%20a%20%3Fx%20%7D")), "nothing is gone"


def test_req_4_1_1_bad_update_get_and_form_body_missing(endpoint: FlaskClient) -> None:
    refused(endpoint.get("/sparql?update=CLEAR%20ALL"), "query-refused")
    refused(endpoint.post("/sparql?update=CLEAR%20ALL", data="", content_type=FORM), "query-refused")
    refused(endpoint.post("/sparql", data="CLEAR NAMED", content_type="text/plain"), "unsupported-media-type")
    refused(endpoint.post("/sparql", data="update=CLEAR%20NAMED"), "unsupported-media-type")


# 5: base


def test_req_5_1_1_query_base_uri(ask: Ask) -> None:
    assert true(ask("BASE <https://w3id.org/migov/id/> ASK { <document/one> a ?x }"))
    assert not true(ask("BASE <http://example.org/> ASK { <document/one> a ?x }"))


def test_req_5_1_2_the_base_of_the_service_is_that_of_the_release(ask: Ask) -> None:
    assert true(ask("ASK { <id/document/one> a ?x }"))


# RFC 10008


def test_query_is_as_safe_and_conditional_as_get(endpoint: FlaskClient) -> None:
    def send(**headers: str) -> TestResponse:
        return endpoint.open("/sparql", method="QUERY", data="ASK {}", content_type=DIRECT, headers=headers)

    tag = send().headers["ETag"]
    assert send(**{"If-None-Match": tag}).status_code == 304
    assert send(**{"If-None-Match": '"other"'}).status_code == 200
    assert send(**{"If-Match": '"other"'}).status_code == 412
    assert tag == endpoint.get("/sparql?query=ASK%20%7B%7D").headers["ETag"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_the_endpoint_says_what_can_be_sent_by_query(endpoint: FlaskClient, method: str) -> None:
    answer = endpoint.open("/sparql", method=method, headers={"Accept": "text/turtle"})
    assert answer.headers["Accept-Query"] == f'"{DIRECT}", "{FORM}"'


# CORS


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_scripts_of_any_site_may_ask(endpoint: FlaskClient, method: str) -> None:
    """What a browser asks before it lets YASGUI or Comunica send a query (Fetch standard, CORS preflight)."""
    asked = {
        "Origin": "https://yasgui.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "accept,content-type",
    }
    answer = endpoint.options("/sparql", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = {name.lower() for name in answer.headers["Access-Control-Allow-Headers"].split(", ")}
    assert {"accept", "content-type"} <= allowed
    for got in (
        endpoint.post("/sparql", data={"query": "ASK {}"}, headers={"Origin": "https://yasgui.example"}),
        endpoint.post("/sparql", data={"query": "ASK {"}, headers={"Origin": "https://yasgui.example"}),
    ):
        assert got.headers["Access-Control-Allow-Origin"] == "*"
        exposed = set(got.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"Accept-Query", "ETag", "Link", "Migov-Note", "Retry-After"} <= exposed
