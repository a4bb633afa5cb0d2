"""What helps to mend a query: its offending line, what was meant, and why it was too slow. Never a changed answer."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from migov.store import advice
from migov.store.formats import BOOLEAN
from migov.web.site import NAME

BROWSER = {"Accept": "text/html"}
CROSS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(9)) + " }"


def ask(endpoint: FlaskClient, query: str, headers: dict[str, str] | None = None, **asked: str) -> TestResponse:
    return endpoint.post("/sparql", data={"query": query, **asked}, headers=headers)


def told(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.data)
    assert found["status"] == answer.status_code
    return found


@pytest.mark.parametrize(
    ("query", "line", "column", "excerpt", "says"),
    [
        ("SELECT * {\n  ?s foafx:name ?o\n}", 2, 6, "  ?s foafx:name ?o", "Did you mean “foaf:”?"),
        ("SELECT *\r\nWHER { ?s ?p ?o }", 2, 1, "WHER { ?s ?p ?o }", "Did you mean WHERE?"),
        ("SELECT * { ?s ?p ?o } LIMIT ten", 1, 29, "SELECT * { ?s ?p ?o } LIMIT ten", "Expected: a number"),
        ("SELECT * {", 1, 11, "SELECT * {", "ends too early"),
        ("SELECT * { " + "{" * 101, 1, 111, None, "nested more than 100 deep"),
    ],
)
def test_the_line_at_fault_is_shown(
    endpoint: FlaskClient, query: str, line: int, column: int, excerpt: str | None, says: str
) -> None:
    problem = told(ask(endpoint, query))
    assert (problem["status"], problem["line"], problem["column"]) == (400, line, column)
    assert says in problem["detail"]
    assert excerpt is None or problem["excerpt"] == excerpt
    page = ask(endpoint, query, BROWSER)
    assert page.status_code == 400
    assert f"Line {line}, column {column}" in page.text


def test_of_a_long_line_the_part_at_fault_is_shown(endpoint: FlaskClient) -> None:
    problem = told(ask(endpoint, "SELECT * { ?s ?p '" + "x" * 5_000 + "' FILTR }" + " " * 5_000))
    assert "FILTR" in problem["excerpt"]
    assert len(problem["excerpt"]) <= 160


def test_the_deadline_comes_with_advice(endpoint: FlaskClient) -> None:
    answer = ask(endpoint, CROSS, timeout="0.2")
    problem = told(answer)
    assert problem["status"] == 504
    assert problem["limit"] == 0.2
    assert "?a0 and ?a1" in problem["advice"][0]
    assert problem["advice"] == advice.on(CROSS)
    page = ask(endpoint, CROSS, BROWSER, timeout="0.2")
    assert page.status_code == 504
    assert "share no variable (?a0 and ?a1" in page.text


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("?s (!<a:b>)* ?o . ?o (!<a:b>)* ?x . ?x (!<a:c>)* ?y . ?y (!<a:c>)* ?z . ?z (!<a:b>)* ?w", advice.PATH),
        (f"?s ?p ?o FILTER NOT EXISTS {{ {{ {CROSS} }} FILTER(?n < 0) }}", advice.ABSENCE),
    ],
)
def test_other_slow_forms_are_told_too(endpoint: FlaskClient, pattern: str, says: str) -> None:
    many = " ".join(f"?x{i} ?y{i} ?z{i} ." for i in range(7))
    problem = told(ask(endpoint, f"SELECT (COUNT(*) AS ?n) {{ {pattern} . {many} }}", timeout="0.3"))
    assert problem["status"] == 504
    assert says in problem["advice"]


def test_a_term_nobody_defined_gets_a_note_and_the_same_answer(endpoint: FlaskClient) -> None:
    for name in ("mgo:membr", "<https://w3id.org/migov/ontology/membr>"):
        answer = ask(endpoint, f"SELECT ?x {{ ?x {name} ?y }}")
        assert answer.status_code == 200
        assert json.loads(answer.data)["results"]["bindings"] == []
        assert answer.headers["Migov-Note"] == "The ontology has no term mgo:membr. Did you mean mgo:member?"
    page = ask(endpoint, "SELECT ?x { ?x mgo:membr ?y }", BROWSER)
    assert "Did you mean mgo:member?" in page.text


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("SELECT ?x { o:plain skos:prefLabl ?x }", "skos:prefLabl"),
        ("SELECT ?x { o:plane skos:prefLabel ?x }", "o:plane"),
        ("SELECT ?x ?y { ?x a <http://example.org/Class> ; ?p ?y }", "<http://example.org/Class>"),
        ("ASK { ?x a foaf:Dokument }", "foaf:Dokument"),
        ("PREFIX ex: <http://example.org/> SELECT ?x { ?x ex:p ?y }", "ex:p"),
        ("PREFIX mgo: <http://example.org/> SELECT ?x { ?x mgo:membr ?y }", "mgo:membr"),
    ],
)
def test_where_nothing_is_found_names_that_stand_nowhere_are_told(
    endpoint: FlaskClient, query: str, name: str, form: str
) -> None:
    answer = ask(endpoint, query, format=form)
    assert answer.status_code == 200
    assert answer.headers["Migov-Note"] == f"Nothing in the graph is called {name}."
    formats = {"bindings": form, "boolean": form if form in BOOLEAN else "json"}
    assert answer.data == endpoint.application.extensions[NAME].store.query(query, formats).body


@pytest.mark.parametrize(
    ("query", "beside"),
    [
        ("SELECT * {{ GRAPH <{}> {{ ?s ?p ?o }} }}", ""),
        ("SELECT * FROM <{}> {{ ?s ?p ?o }}", ""),
        ("SELECT * from named<{}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", ""),
        ("SELECT * {{ ?s ?p ?o }}", "default-graph-uri"),
        ("SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} }}", "named-graph-uri"),
    ],
)
def test_a_graph_that_is_not_here_gets_a_note(endpoint: FlaskClient, query: str, beside: str) -> None:
    unknown, known = "https://w3id.org/migov/graph/dta1", "https://w3id.org/migov/graph/data1"
    answer = ask(endpoint, query.format(unknown), **({beside: unknown} if beside else {}))
    assert json.loads(answer.data)["results"]["bindings"] == []
    assert answer.headers["Migov-Note"] == f"There is no graph <{unknown}> here. Did you mean <{known}>?"
    answer = ask(endpoint, query.format(known), **({beside: known} if beside else {}))
    assert json.loads(answer.data)["results"]["bindings"]
    assert "Migov-Note" not in answer.headers


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { ?x mgo:member ?y ; a mgo:Membership }",
        "SELECT ?x { GRAPH <graph/data1> { ?x a ?y } }",
        "SELECT ?x { ?x ?p 'mgo:membr' } # mgo:membr",
        "PREFIX mgo: <https://w3id.org/migov/id/document/> SELECT ?x { mgo:one mgo:two ?x }",
        "SELECT ?x { doc:one skos:prefLabel ?x }",
        "SELECT (COUNT(*) AS ?n) { o:nobody ?p ?o }",
        "ASK { FILTER('x'^^<http://example.org/type> = doc:one) }",
    ],
)
def test_no_note_where_nothing_is_unknown(endpoint: FlaskClient, query: str) -> None:
    answer = ask(endpoint, query)
    assert answer.status_code == 200
    assert "Migov-Note" not in answer.headers


def test_a_note_is_a_header_whatever_the_query_holds(endpoint: FlaskClient) -> None:
    answer = ask(endpoint, "SELECT ?x { ?x mgo:é%0D%0A ?y ; mgo:nonsense%0D%0ASet-Cookie ?z }")
    assert answer.status_code in (200, 400)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.get("Migov-Note", "").isascii()
