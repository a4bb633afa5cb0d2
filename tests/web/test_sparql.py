"""The SPARQL Protocol by each of its operations, and the form that people use."""

import csv
import io
import json
import time
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Triple, parse, parse_query_results
from werkzeug.test import TestResponse

from migov.graph.release import Release
from migov.settings import DEFAULTS
from migov.store.formats import BINDINGS, GRAPH
from migov.vocabulary import BASE
from migov.web.negotiation import BINDINGS_FORMATS, BOOLEAN_FORMATS, BY_KEY, GRAPH_FORMATS, Format
from web.conftest import ELSEWHERE

SELECT = "SELECT ?name WHERE { o:iom skos:prefLabel ?name } ORDER BY ?name"
ASK = "ASK { o:iom a mgo:IntergovernmentalOrganisation }"
CONSTRUCT = "CONSTRUCT { o:iom skos:prefLabel ?name } WHERE { o:iom skos:prefLabel ?name }"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TURTLE = {"Accept": "text/turtle"}


def names(answer: TestResponse) -> list[str]:
    return [row["name"]["value"] for row in json.loads(answer.data)["results"]["bindings"]]


def problem(answer: TestResponse) -> Mapping[str, object]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, object] = json.loads(answer.data)
    assert told["status"] == answer.status_code
    assert {"type", "title", "status", "detail"} <= told.keys()
    return told


def test_the_three_operations_give_the_same_answer(small: FlaskClient) -> None:
    by_get = small.get("/sparql", query_string={"query": SELECT})
    by_form = small.post("/sparql", data={"query": SELECT})
    direct = small.post("/sparql", data=SELECT, content_type="application/sparql-query; charset=UTF-8")
    assert names(by_get)
    assert by_get.data == by_form.data == direct.data
    for answer in (by_get, by_form, direct):
        assert answer.headers["Content-Type"] == "application/sparql-results+json"
        assert "Accept" in answer.headers["Vary"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("form", BINDINGS_FORMATS, ids=lambda form: form.key)
@pytest.mark.parametrize("how", ["accept", "parameter", "extension"])
def test_a_table_comes_in_every_format(small: FlaskClient, form: Format, how: str) -> None:
    asked = {"query": SELECT}
    headers = {"Accept": form.media_type} if how == "accept" else {}
    if how != "accept":
        asked["format"] = form.key if how == "parameter" else form.extension
    answer = small.get("/sparql", query_string=asked, headers=headers)
    assert answer.headers["Content-Type"] == form.content_type
    expected = names(small.get("/sparql", query_string={"query": SELECT}))
    if form.key == "csv":
        assert [row["name"] for row in csv.DictReader(io.StringIO(answer.text))] == expected
    else:
        found = parse_query_results(answer.data, format=BINDINGS[form.key])
        assert isinstance(found, QuerySolutions)
        assert [row["name"].value for row in found] == expected


@pytest.mark.parametrize(
    ("query", "asked", "accept", "expected"),
    [
        (SELECT, {"format": ["xml", "json"]}, "*/*", "xml"),
        (SELECT, {"format": ["sparql-xml", "csv", "xml"]}, "*/*", "csv"),
        (SELECT, {"format": "pdf"}, "text/tab-separated-values", "tsv"),
        (SELECT, {"format": "turtle"}, "*/*", "json"),
        (SELECT, {"format": "CSV"}, "*/*", "csv"),
        ("\ufeff" + SELECT, {}, "*/*", "json"),
        (SELECT, {"output": "xml"}, "*/*", "xml"),
        (SELECT, {"results": "tsv", "output": "csv"}, "*/*", "csv"),
        (SELECT, {"output": "csv", "results": "csv", "format": ["sparql", "xml"]}, "*/*", "xml"),
        (ASK, {"format": "csv"}, "*/*", "json"),
        (CONSTRUCT, {"format": "xml"}, "*/*", "rdfxml"),
        (CONSTRUCT, {"format": "json"}, "*/*", "jsonld"),
        (CONSTRUCT, {"format": "n3", "output": "n3", "results": "n3"}, "application/turtle, text/n3", "turtle"),
        (CONSTRUCT, {"format": ["json-ld", "jsonld"]}, "application/ld+json,application/x-json+ld", "jsonld"),
        (CONSTRUCT, {"format": ["csv"]}, "text/plain, */*;q=0.1", "ntriples"),
        (CONSTRUCT, {"format": ["ttl", "nt"]}, "application/rdf+xml", "turtle"),
    ],
)
def test_words_of_other_endpoints_for_the_format_are_taken_as_far_as_they_fit(
    small: FlaskClient, query: str, asked: Mapping[str, str | list[str]], accept: str, expected: str
) -> None:
    for method, where in (("GET", "query_string"), ("POST", "data")):
        send = {where: {"query": query, **asked}}
        answer = small.open("/sparql", method=method, headers={"Accept": accept}, **send)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == BY_KEY[expected].content_type


def test_a_file_asked_for_in_a_browser_is_no_page(small: FlaskClient) -> None:
    asked = {"query": SELECT, "format": "csv"}
    answer = small.get("/sparql", query_string=asked, headers=BROWSER)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="migov-result.csv"'
    for kind, shown in ((ASK, "Yes"), (SELECT, "<table")):
        page = small.get("/sparql", query_string={"query": kind, "format": "turtle"}, headers=BROWSER)
        assert shown in page.text


def test_relative_iris_resolve_against_the_base_of_the_release(small: FlaskClient, elsewhere: FlaskClient) -> None:
    for site, base in ((small, BASE), (elsewhere, ELSEWHERE)):
        query = {"query": "CONSTRUCT { <s> <p> 1 } WHERE {}"}
        (triple,) = parse(site.get("/sparql", query_string=query, headers=TURTLE).data, format=GRAPH["turtle"])
        assert triple.subject == NamedNode(base + "s")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_utf_8_in_percent_encoding_is_400(small: FlaskClient, method: str) -> None:
    encoded = "query=ASK%7B%3Fs%20%3Fp%20%22%E9%22%7D"
    sent = {"query_string": encoded} if method == "GET" else {"data": encoded}
    answer = small.open("/sparql", method=method, content_type="application/x-www-form-urlencoded", **sent)
    assert answer.status_code == 400
    assert "UTF-8" in str(problem(answer)["detail"])
    right = {key: value.replace("%E9", "%C3%A9") for key, value in sent.items()}
    answer = small.open("/sparql", method=method, content_type="application/x-www-form-urlencoded", **right)
    assert answer.status_code == 200


@pytest.mark.parametrize("form", BOOLEAN_FORMATS, ids=lambda form: form.key)
def test_a_truth_value_comes_as_json_or_xml(small: FlaskClient, form: Format) -> None:
    answer = small.get("/sparql", query_string={"query": ASK}, headers={"Accept": form.media_type})
    found = parse_query_results(answer.data, format=BINDINGS[form.key])
    assert isinstance(found, QueryBoolean)
    assert bool(found)
    refused = small.get("/sparql", query_string={"query": ASK}, headers={"Accept": "text/csv"})
    assert problem(refused)["type"] == "/problem/not-acceptable"


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.key)
def test_a_graph_comes_in_every_format(small: FlaskClient, form: Format) -> None:
    answer = small.post("/sparql", data={"query": CONSTRUCT}, headers={"Accept": form.media_type})
    assert answer.headers["Content-Type"] == form.content_type
    found = {quad.object.value for quad in parse(answer.data, format=GRAPH[form.key])}
    assert sorted(found) == names(small.get("/sparql", query_string={"query": SELECT}))


def test_the_dataset_is_the_one_asked_for(small: FlaskClient, tiny: Release) -> None:
    base = tiny.manifest.base
    count = "SELECT (COUNT(*) AS ?name) WHERE { ?s ?p ?o }"
    entries = {graph.iri: graph.quads for graph in tiny.manifest.graphs}
    one = {"query": count, "default-graph-uri": base + "graph/ontology"}
    assert names(small.get("/sparql", query_string=one)) == [str(entries[base + "graph/ontology"])]
    two = {"default-graph-uri": [base + "graph/ontology", base + "graph/meta"]}
    direct = small.post("/sparql", query_string=two, data=count, content_type="application/sparql-query")
    both = entries[base + "graph/ontology"] + entries[base + "graph/meta"]
    assert names(direct) == [str(both)]
    named = {
        "query": "SELECT DISTINCT (STR(?g) AS ?name) WHERE { GRAPH ?g { ?s ?p ?o } }",
        "named-graph-uri": base + "graph/meta",
    }
    assert names(small.post("/sparql", data=named)) == [base + "graph/meta"]


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ({"query": [SELECT, ASK]}, "bad-request"),
        ({"query": ""}, "bad-request"),
        ({"query": SELECT, "timeout": ["1", "2"]}, "bad-request"),
        ({"query": SELECT, "timeout": "soon"}, "bad-request"),
        ({"query": SELECT, "timeout": "-1"}, "bad-request"),
        ({"query": SELECT, "timeout": "nan"}, "bad-request"),
        ({"query": "INSERT DATA { <a:a> <a:a> <a:a> }"}, "query-refused"),
        ({"update": "CLEAR ALL"}, "query-refused"),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, "query-refused"),
        ({"query": "SELECT * WHERE { " + "{" * 500}, "query-too-complex"),
        ({"query": "SELECT * WHERE { ?s unknown:p ?o }"}, "query-syntax"),
        ({"query": SELECT, "default-graph-uri": "no iri"}, "bad-request"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_cannot_be_asked_is_400(
    small: FlaskClient, asked: dict[str, str | list[str]], slug: str, method: str
) -> None:
    where = {"query_string": asked} if method == "GET" else {"data": asked}
    answer = small.open("/sparql", method=method, headers={"Accept": "application/sparql-results+json"}, **where)
    assert answer.status_code == 400
    assert problem(answer)["type"] == f"/problem/{slug}"


def test_a_malformed_query_names_line_and_column(small: FlaskClient) -> None:
    text = "SELECT ?s WHERE {\n  ?s ?p ?o .\n  ?s ?? ?o\n}"
    told = problem(small.get("/sparql", query_string={"query": text}))
    assert told["type"] == "/problem/query-syntax"
    assert told["line"] == 3
    assert isinstance(told["column"], int)
    page = small.get("/sparql", query_string={"query": text}, headers=BROWSER)
    assert page.status_code == 400
    assert "Line 3, column" in page.text
    assert "?? ?o</mark>" in page.text or "<mark>" in page.text.split("Line 3")[1]


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/sparql-query; charset=latin-1", ""])
def test_other_bodies_are_415(small: FlaskClient, kind: str) -> None:
    answer = small.post("/sparql", data=SELECT, content_type=kind)
    assert answer.status_code == 415
    assert problem(answer)["accepted"] == ["application/sparql-query", "application/x-www-form-urlencoded"]


def test_a_body_that_is_no_text_is_400(small: FlaskClient) -> None:
    answer = small.post("/sparql", data=b"SELECT * { \xff }", content_type="application/sparql-query")
    assert answer.status_code == 400
    assert "UTF-8" in str(problem(answer)["detail"])


def test_a_query_runs_into_the_deadline_that_the_client_set(small: FlaskClient) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = small.get("/sparql", query_string={"query": text, "timeout": "0.2"})
    assert answer.status_code == 504
    told = problem(answer)
    assert (told["type"], told["limit"], told["unit"]) == ("/problem/query-timeout", 0.2, "seconds")


def test_the_deadline_counts_from_arrival(small: FlaskClient) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    asked = {"query": text, "timeout": "5"}
    half = small.get("/sparql", query_string=asked, environ_overrides={"migov.arrived": time.monotonic() - 4.5})
    assert half.status_code == 504
    assert problem(half)["limit"] == pytest.approx(0.5, abs=0.2)
    late = small.get("/sparql", query_string=asked, environ_overrides={"migov.arrived": time.monotonic() - 6})
    assert late.status_code == 503
    assert late.headers["Retry-After"].isdigit()


def test_a_query_text_beyond_its_limit_is_413(small: FlaskClient) -> None:
    text = SELECT + " #" + "x" * int(DEFAULTS["query_bytes"])
    answer = small.post("/sparql", data={"query": text})
    assert answer.status_code == 413
    assert problem(answer)["limit"] == DEFAULTS["query_bytes"]


def test_scripts_of_other_sites_may_ask(small: FlaskClient) -> None:
    answer = small.options("/sparql", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    exposed = small.get("/sparql", query_string={"query": SELECT}).headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Link", "Location"} <= set(exposed.split(", "))
    refused = small.delete("/sparql")
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}


def test_a_result_can_be_checked_and_its_head_asked_for(small: FlaskClient) -> None:
    first = small.get("/sparql", query_string={"query": SELECT})
    tag = {"If-None-Match": first.headers["ETag"]}
    assert small.get("/sparql", query_string={"query": SELECT}, headers=tag).status_code == 304
    head = small.head("/sparql", query_string={"query": SELECT})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(first.data))


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (SELECT, "public"),
        ('SELECT ("now() or never" AS ?name) {} # rand()', "public"),
        ("SELECT (NOW() AS ?name) {}", "no-cache"),
        ("SELECT (rand ( ) AS ?name) {}", "no-cache"),
        ("ASK { FILTER(STRLEN(STRUUID()) > 1) }", "no-cache"),
        ("SELECT (UUID() AS ?name) {}", "no-cache"),
    ],
)
def test_an_answer_may_be_kept_until_the_release_changes_unless_it_differs_each_time(
    small: FlaskClient, query: str, kept: str
) -> None:
    answer = small.get("/sparql", query_string={"query": query}, headers={"Accept": BINDINGS_FORMATS[0].media_type})
    assert answer.status_code == 200
    assert kept in answer.headers["Cache-Control"]


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.key)
def test_without_a_query_programs_get_the_description_of_the_service(public: FlaskClient, form: Format) -> None:
    answer = public.get("/sparql", headers={"Accept": form.media_type})
    assert answer.headers["Content-Type"] == form.content_type
    said = {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(answer.data, format=GRAPH[form.key])}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = NamedNode("https://graph.example.org/migov/sparql")
    assert Triple(service, NamedNode(sd + "endpoint"), service) in said
    for other in (*GRAPH_FORMATS, *BINDINGS_FORMATS):
        assert Triple(service, NamedNode(sd + "resultFormat"), NamedNode(other.uri)) in said


def test_the_description_counts_each_graph_and_invents_no_address(small: FlaskClient, tiny: Release) -> None:
    said = list(parse(small.get("/sparql", headers=TURTLE).data, format=GRAPH["turtle"]))
    predicates = [quad.predicate.value.rsplit("#", 1)[-1] for quad in said]
    assert predicates.count("namedGraph") == len(tiny.manifest.graphs)
    assert "endpoint" not in predicates


def test_without_a_query_people_get_the_form(small: FlaskClient) -> None:
    page = small.get("/sparql", headers=BROWSER)
    assert page.status_code == 200
    assert '<textarea id="query" name="query"' in page.text
    assert 'href="/sparql?example=standing"' in page.text
    results_only = small.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert problem(results_only)["type"] == "/problem/bad-request"


def test_people_get_a_table_of_names_and_links(small: FlaskClient) -> None:
    text = "SELECT ?org ?site WHERE { VALUES ?org { o:iom } BIND(<https://example.org/> AS ?site) }"
    page = small.get("/sparql", query_string={"query": text}, headers=BROWSER)
    assert page.status_code == 200
    assert '<a href="/page/org/iom">International Organization for Migration</a>' in page.text
    assert 'href="https://example.org/" rel="external noopener"' in page.text
    assert "format=csv" in page.text
    empty = small.get("/sparql", query_string={"query": "SELECT ?x { ?x o:iom o:iom }"}, headers=BROWSER)
    assert "No rows" in empty.text
    assert "Yes" in small.get("/sparql", query_string={"query": ASK}, headers=BROWSER).text
    assert '<span class="' in small.get("/sparql", query_string={"query": CONSTRUCT}, headers=BROWSER).text


def test_every_example_runs_and_waits_in_the_form(small: FlaskClient) -> None:
    from migov import resources

    paths = sorted((resources.default().queries / "library").glob("*.rq"))
    assert paths
    for path in paths:
        form = small.get("/sparql", query_string={"example": path.stem}, headers=BROWSER)
        body = form.text.split("<textarea", 1)[1].split("</textarea>")[0]
        assert "WHERE" in body
        text = path.read_text("utf-8")
        answer = small.get("/sparql", query_string={"query": text})
        assert answer.status_code == 200, path
