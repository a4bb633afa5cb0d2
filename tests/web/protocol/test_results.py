"""Results to the byte: CSV and TSV as W3C has them, every kind of term in JSON and XML, and sheets for people."""

import csv
import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from migov import errors
from migov.graph.release import Release
from migov.web.site import NAME, Config
from migov.web.spreadsheet import harmless, write

XSD = "http://www.w3.org/2001/XMLSchema#"
RESULTS = "{http://www.w3.org/2005/sparql-results#}"
# What "SPARQL 1.1 Query Results CSV and TSV Formats" speaks of in sections 3 and 4: a term, its CSV and its TSV.
TERMS = [
    ("<http://example.org/a,b>", '"http://example.org/a,b"', "<http://example.org/a,b>"),
    ("'plain'", "plain", '"plain"'),
    ("''", "", '""'),
    ("' kept '", " kept ", '" kept "'),
    ("'a \"quoted\" word'", '"a ""quoted"" word"', '"a \\"quoted\\" word"'),
    ("'a,b'", '"a,b"', '"a,b"'),
    ("'two\\nlines'", '"two\nlines"', '"two\\nlines"'),
    ("'a\\rreturn'", '"a\rreturn"', '"a\\rreturn"'),
    ("'a\\ttab'", "a\ttab", '"a\\ttab"'),
    ("'back\\\\slash'", "back\\slash", '"back\\\\slash"'),
    ("'é 移民 😀'", "é 移民 😀", '"é 移民 😀"'),
    ("'été'@fr", "été", '"été"@fr'),
    ("7", "7", "7"),
    ("-7", "-7", "-7"),
    ("1.5", "1.5", "1.5"),
    ("true", "true", "true"),
    ("'x'^^xsd:integer", "x", f'"x"^^<{XSD}integer>'),
    ("'2001-02-03'^^xsd:date", "2001-02-03", f'"2001-02-03"^^<{XSD}date>'),
    ("'5,5'^^<http://example.org/own>", '"5,5"', '"5,5"^^<http://example.org/own>'),
    ("'=1+1'", "=1+1", '"=1+1"'),
    ("UNDEF", "", ""),
]


def got(endpoint: FlaskClient, query: str, **asked: str) -> TestResponse:
    answer = endpoint.post("/sparql", data={"query": query, **asked})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(("term", "as_csv", "as_tsv"), TERMS, ids=[term for term, _, _ in TERMS])
def test_each_term_to_the_byte(endpoint: FlaskClient, term: str, as_csv: str, as_tsv: str) -> None:
    query = f"SELECT ?a ?term {{ VALUES (?a ?term) {{ (1 {term}) }} }}"
    answer = got(endpoint, query, format="csv")
    assert answer.data == f"a,term\r\n1,{as_csv}\r\n".encode()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    answer = got(endpoint, query, format="tsv")
    assert answer.data == f"?a\t?term\n1\t{as_tsv}\n".encode()
    assert answer.headers["Content-Type"] == "text/tab-separated-values; charset=utf-8"


def test_commas_in_iris_move_no_cell(endpoint: FlaskClient) -> None:
    query = """SELECT ?a ?b ?c { VALUES (?a ?b ?c) {
        (<http://example.org/a,b> "x,\\"y\\"" UNDEF) (UNDEF <http://example.org/c> <http://example.org/,>) } }"""
    assert got(endpoint, query, format="csv").data == (
        b'a,b,c\r\n"http://example.org/a,b","x,""y""",\r\n,http://example.org/c,"http://example.org/,"\r\n'
    )
    one = "SELECT ?a { VALUES ?a { <http://example.org/a,b> } }"
    assert got(endpoint, one, format="csv").data == b'a\r\n"http://example.org/a,b"\r\n'


def test_no_rows_are_a_head_alone(endpoint: FlaskClient) -> None:
    query = "SELECT ?a ?b { VALUES (?a ?b) {} }"
    assert got(endpoint, query, format="csv").data == b"a,b\r\n"
    assert got(endpoint, query, format="tsv").data == b"?a\t?b\n"
    assert json.loads(got(endpoint, query).data) == {"head": {"vars": ["a", "b"]}, "results": {"bindings": []}}
    root = ElementTree.fromstring(got(endpoint, query, format="xml").data)
    assert [node.get("name") for node in root.iter(f"{RESULTS}variable")] == ["a", "b"]
    assert not list(root.iter(f"{RESULTS}result"))


def test_one_solution_without_variables_is_one_empty_row(endpoint: FlaskClient) -> None:
    assert got(endpoint, "SELECT * {}", format="csv").data == b"\r\n\r\n"
    assert got(endpoint, "SELECT * {}", format="tsv").data == b"\n\n"


def test_blank_nodes_keep_one_label_within_a_result(endpoint: FlaskClient) -> None:
    query = "SELECT ?a ?b ?c { BIND(BNODE() AS ?a) BIND(?a AS ?b) BIND(BNODE() AS ?c) }"
    for key, cut in (("csv", ","), ("tsv", "\t")):
        a, b, c = got(endpoint, query, format=key).text.splitlines()[-1].split(cut)
        assert a == b != c
        assert re.fullmatch(r"_:[A-Za-z0-9]+", a)
    (row,) = json.loads(got(endpoint, query).data)["results"]["bindings"]
    assert row["a"] == row["b"] != row["c"]
    assert row["a"]["type"] == "bnode"


@pytest.mark.parametrize("key", ["csv", "tsv"])
def test_a_truth_value_has_no_table(endpoint: FlaskClient, key: str) -> None:
    accept = {"csv": "text/csv", "tsv": "text/tab-separated-values"}[key]
    refused = endpoint.get("/sparql?query=ASK%20%7B%7D", headers={"Accept": accept})
    assert refused.status_code == 406
    assert json.loads(refused.data)["available"][0] == "application/sparql-results+json"


def test_every_kind_of_term_in_json_and_xml(endpoint: FlaskClient) -> None:
    query = """SELECT * { VALUES (?iri ?plain ?tagged ?typed ?none)
        { (<http://example.org/é?a=b&c> "<&>'\\"\\n\\t " "été"@fr "1"^^xsd:integer UNDEF) }
        BIND(TRIPLE(?iri, ?iri, ?tagged) AS ?triple) BIND(BNODE() AS ?blank) }"""
    (row,) = json.loads(got(endpoint, query).data)["results"]["bindings"]
    blank = row.pop("blank")
    tagged = {"type": "literal", "value": "été", "xml:lang": "fr"}
    iri = {"type": "uri", "value": "http://example.org/é?a=b&c"}
    assert row == {
        "iri": iri,
        "plain": {"type": "literal", "value": "<&>'\"\n\t "},
        "tagged": tagged,
        "typed": {"type": "literal", "value": "1", "datatype": XSD + "integer"},
        "triple": {"type": "triple", "value": {"subject": iri, "predicate": iri, "object": tagged}},
    }
    assert blank.keys() == {"type", "value"}
    root = ElementTree.fromstring(got(endpoint, query, format="xml").data)
    cells = {node.get("name"): node[0] for node in root.iter(f"{RESULTS}binding")}
    assert cells.keys() == {*row, "blank"}
    assert {name: cells[name].text for name in ("iri", "plain", "tagged", "typed")} == {
        name: row[name]["value"] for name in ("iri", "plain", "tagged", "typed")
    }
    assert cells["tagged"].get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert cells["typed"].get("datatype") == XSD + "integer"
    assert [part.tag for part in cells["triple"]] == [f"{RESULTS}{part}" for part in ("subject", "predicate", "object")]


@pytest.mark.parametrize("accept", ["application/sparql-results+xml", "text/html"])
def test_a_triple_as_a_value_is_shown_as_one(endpoint: FlaskClient, accept: str) -> None:
    query = "SELECT ?t { BIND(TRIPLE(doc:one, foaf:name, 'x') AS ?t) }"
    answer = endpoint.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    if accept == "text/html":
        assert (
            "&lt;&lt;( https://w3id.org/migov/id/document/one http://xmlns.com/foaf/0.1/name x )&gt;&gt;" in answer.text
        )


@pytest.mark.parametrize(
    ("query", "key", "instead"),
    [
        ('SELECT ("a\\u0001b" AS ?x) {}', "xml", "application/sparql-results+json"),
        ('CONSTRUCT { <s> <p> "a\\u0001b" } {}', "rdfxml", "text/turtle"),
        ("CONSTRUCT { <s> <http://example.org/1> 2 } {}", "rdfxml", "text/turtle"),
    ],
)
def test_what_xml_cannot_carry_is_refused_and_told(endpoint: FlaskClient, query: str, key: str, instead: str) -> None:
    refused = endpoint.post("/sparql", data={"query": query, "format": key})
    told = json.loads(refused.data)
    assert refused.status_code == 406
    assert "XML" in told["detail"]
    assert told["available"][0] == instead
    assert endpoint.post("/sparql", data={"query": query}, headers={"Accept": instead}).status_code == 200


# Sheets for people


def sheet(answer: TestResponse) -> list[list[str]]:
    assert answer.data.startswith(b"\xef\xbb\xbf"), "accents survive a double click"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_sheet_has_names_beside_things_and_no_formulas(endpoint: FlaskClient) -> None:
    query = "SELECT ?org ?name ?value { ?org skos:prefLabel ?name ; mgo:value ?value } ORDER BY ?org"
    answer = got(endpoint, query, format="spreadsheet")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="migov-result.csv"'
    formula = '\'=HYPERLINK("http://example.org")'
    plain = "Órgano; =1+1, simple"
    assert sheet(answer) == [
        ["org", "org (name)", "name", "value"],
        ["https://w3id.org/migov/id/org/formula", formula, formula, "-5"],
        ["https://w3id.org/migov/id/org/plain", plain, plain, "'-5 °C"],
    ]
    assert '"Órgano; =1+1, simple"' in answer.text, "no cell begins at the semicolon"
    assert got(endpoint, query, format="csv").data.startswith(b"org,name,value\r\n")


def test_a_sheet_of_no_rows_and_a_sheet_of_a_graph(endpoint: FlaskClient) -> None:
    assert sheet(got(endpoint, "SELECT ?a { ?a doc:one ?b }", format="spreadsheet")) == [["a"]]
    asked = {"query": "CONSTRUCT WHERE { doc:one ?p ?o }", "format": "spreadsheet"}
    assert endpoint.get("/sparql", query_string=asked).headers["Content-Type"].startswith("text/turtle")
    asked = {"query": "ASK {}", "format": "spreadsheet"}
    assert endpoint.get("/sparql", query_string=asked).headers["Content-Type"] == "application/sparql-results+json"


def test_a_sheet_beyond_its_size_is_refused_whole(endpoint: FlaskClient) -> None:
    numbers = " ".join(map(str, range(40)))
    query = f"SELECT ?a {{ VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }} VALUES ?c {{ {numbers} }} }}"
    refused = endpoint.post("/sparql", data={"query": query + " VALUES ?d { 1 2 }", "format": "spreadsheet"})
    told = json.loads(refused.data)
    assert (refused.status_code, told["unit"]) == (413, "bytes")
    assert "plain CSV" in told["detail"]


def test_names_that_take_too_long_are_told_so(opened: Callable[..., FlaskClient], few: Release) -> None:
    site = opened(few, Config()).application.extensions[NAME]
    answer = site.store.query("SELECT ?o { VALUES ?o { o:plain } }", {"bindings": "json"})
    with pytest.raises(errors.QueryTimeout, match="plain CSV"):
        write(site, answer, until=0)
    assert b"simple" in write(site, answer, until=float("inf"))


def test_people_find_the_sheet_beside_their_table(endpoint: FlaskClient) -> None:
    asked = {"query": "SELECT ?a { VALUES ?a { 1 } }"}
    page = endpoint.get("/sparql", query_string=asked, headers={"Accept": "text/html"})
    assert "format=spreadsheet" in page.text
    page = endpoint.get("/sparql", query_string={"query": "ASK {}"}, headers={"Accept": "text/html"})
    assert "format=spreadsheet" not in page.text


@given(st.text(max_size=12) | st.text(st.sampled_from("=+-@\t\r\n'0123456789.eE "), max_size=8))
def test_no_text_of_a_sheet_begins_like_a_formula(text: str) -> None:
    shown = harmless(text)
    assert shown.removeprefix("'") == text.removeprefix("'")
    if shown[:1] in set("=@\t\r\n＝＋－＠"):
        pytest.fail(f"{shown!r} would be run")
    if shown[:1] in set("+-"):
        assert float(shown) == float(text), "only numbers begin so"
