"""What a query gets back: kinds of result, formats, datasets, bound values and prefixes."""

import json

import pytest

from migov import errors
from migov.store import Blank, Dataset, Iri, Limits, Literal
from migov.store.local import LocalStore
from migov.vocabulary import GRAPH, ID, XSD
from store.processes import SMALL

ALL = {"bindings": "json", "boolean": "json", "graph": "turtle"}
ENTITIES, RELATIONS, CLAIMS = GRAPH + "entities", GRAPH + "relations", GRAPH + "derived/claims"
COUNT = "(COUNT(*) AS ?n)"


def count(store: LocalStore, text: str, **options: Dataset) -> int:
    bindings = json.loads(store.query(text, ALL, **options).body)["results"]["bindings"]
    return int(bindings[0]["n"]["value"])


def test_the_form_of_the_query_decides_the_kind_and_with_it_the_format(store: LocalStore) -> None:
    formats = {"bindings": "csv", "boolean": "xml", "graph": "ntriples"}
    select = store.query("SELECT ?l { o:alpha rdfs:label ?l FILTER(LANG(?l) = 'en') }", formats)
    ask = store.query("ASK { o:alpha a org:Organization }", formats)
    construct = store.query("CONSTRUCT { ?s a owl:Thing } WHERE { ?s foaf:name ?n }", formats)
    assert (select.kind, select.format, select.body) == ("bindings", "csv", b"l\r\nAlpha\r\n")
    assert (ask.kind, ask.format) == ("boolean", "xml")
    assert b"<boolean>true</boolean>" in ask.body
    assert (construct.kind, construct.format) == ("graph", "ntriples")
    assert construct.body == (
        b"<https://w3id.org/migov/id/org/alpha> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        b"<http://www.w3.org/2002/07/owl#Thing> .\n"
    )


def test_describe_as_a_query_form_is_answered(store: LocalStore) -> None:
    assert b'"Second State"@en' in store.query("DESCRIBE state:XBB", ALL).body


@pytest.mark.parametrize(
    ("text", "kind", "available"),
    [
        ("SELECT * {}", "bindings", ["json", "xml", "csv", "tsv"]),
        ("ASK {}", "boolean", ["json", "xml"]),
        ("CONSTRUCT WHERE {}", "graph", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"]),
    ],
)
def test_a_kind_nobody_asked_for_is_not_acceptable(
    store: LocalStore, text: str, kind: str, available: list[str]
) -> None:
    for formats in ({}, {"bindings": None, "boolean": None, "graph": None}, {"boolean": "csv"}):
        with pytest.raises(errors.NotAcceptable) as refusal:
            store.query(text, formats)
        assert refusal.value.facts == {"kind": kind, "available": available}


def test_the_default_graph_is_the_union_of_all_named_graphs(store: LocalStore) -> None:
    everywhere = len({line.rsplit(b" <", 1)[0] for line in SMALL.read_bytes().splitlines()})
    assert count(store, f"SELECT {COUNT} {{ ?s ?p ?o }}") == everywhere
    assert count(store, f"SELECT {COUNT} {{ GRAPH ?g {{ ?s foaf:name ?o }} }}") == 2


def test_from_clauses_of_the_query_hold(store: LocalStore) -> None:
    assert count(store, f"SELECT {COUNT} FROM <{CLAIMS}> {{ ?s ?p ?o }}") == 1
    assert count(store, f"select {COUNT} from <{CLAIMS}> FROM <{RELATIONS}> {{ ?s mgo:member|foaf:name ?o }}") == 3
    assert count(store, f"SELECT {COUNT} FROM NAMED <{CLAIMS}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == 1
    assert count(store, f"SELECT {COUNT} FROM NAMED <{CLAIMS}> {{ ?s ?p ?o }}") == 0


def test_the_word_from_elsewhere_is_no_dataset_clause(store: LocalStore) -> None:
    text = f'PREFIX from: <{ID}org/> SELECT {COUNT} {{ from:alpha ?from ?o FILTER("FROM <x>" != "") }} # FROM <x>'
    assert count(store, text) == 4


def test_the_dataset_of_the_request_wins_over_from(store: LocalStore) -> None:
    text = f"SELECT {COUNT} FROM <{RELATIONS}> {{ ?s ?p ?o }}"
    named = f"SELECT {COUNT} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert count(store, text, dataset=Dataset(default=(CLAIMS,))) == 1
    assert count(store, text, dataset=Dataset(named=(CLAIMS,))) == 0
    assert count(store, named, dataset=Dataset(named=(CLAIMS,))) == 1
    assert count(store, named, dataset=Dataset(default=(CLAIMS,))) == 0
    assert count(store, text, dataset=Dataset(default=("http://example.org/unknown",))) == 0


def test_a_dataset_that_is_no_iri_is_a_bad_request(store: LocalStore) -> None:
    with pytest.raises(errors.BadRequest, match="not an IRI"):
        store.query("ASK {}", ALL, dataset=Dataset(default=("not an iri",)))


def test_bound_values_reach_the_query_and_the_rows(store: LocalStore) -> None:
    rows = store.rows("SELECT ?state ?label { ?state rdfs:label ?label }", state=Iri(ID + "state/XAA"))
    assert rows == [{"state": Iri(ID + "state/XAA"), "label": Literal("First State", "en")}]
    day = Literal("2001-02-03", datatype=XSD + "date")
    assert store.rows("SELECT ?s ?day { ?s mgo:startDate ?day }", day=day)[0]["day"] == day
    text = "SELECT ?label ?wanted { ?s rdfs:label ?label FILTER(?label = ?wanted) }"
    assert len(store.rows(text, wanted=Literal("Alphe", "fr"))) == 1


@pytest.mark.parametrize("value", ['"} DROP ALL #', "\\", "'''", '"""', "?x", "a\nb", "é\x01\U0001f600"])
def test_a_bound_value_is_never_read_as_query_text(store: LocalStore, value: str) -> None:
    rows = store.rows("SELECT ?x (STRLEN(?x) AS ?n) { BIND(1 AS ?one) }", x=Literal(value))
    assert rows[0]["n"] == Literal(str(len(value)), datatype=XSD + "integer")
    assert rows[0]["x"] == Literal(value)


def test_a_value_for_a_variable_that_is_not_selected_is_refused(store: LocalStore) -> None:
    with pytest.raises(errors.BadRequest, match=r"\?wanted"):
        store.rows("SELECT ?s { ?s rdfs:label ?l FILTER(?l = ?wanted) }", wanted=Literal("x"))
    with pytest.raises(errors.BadRequest, match="malformed"):
        store.rows("SELECT ?s { ?s rdfs:label ?l }", s=Iri("no iri"))
    with pytest.raises(errors.BadRequest, match="blank node"):
        store.rows("SELECT ?s { ?s rdfs:label ?l }", s=Blank("b"))


def test_rows_leave_out_unbound_variables_and_know_every_kind_of_term(store: LocalStore) -> None:
    rows = store.rows("SELECT * { BIND(BNODE() AS ?b) VALUES (?x ?y) { (1 UNDEF) } }")
    assert set(rows[0]) == {"b", "x"}
    assert isinstance(rows[0]["b"], Blank)
    assert str(rows[0]["x"]) == "1"


def test_prefixes_of_the_graph_need_no_declaration_but_a_declared_one_wins(store: LocalStore) -> None:
    assert store.query("ASK { o:alpha ?p ?o }", ALL).body == b'{"head":{},"boolean":true}'
    declared = "PREFIX o: <http://example.org/> ASK { o:alpha ?p ?o }"
    assert store.query(declared, ALL).body == b'{"head":{},"boolean":false}'


def test_errors_in_expressions_are_unbound_values_not_failures(store: LocalStore) -> None:
    text = "SELECT (1/0 AS ?a) (STRLEN(5) AS ?b) (xsd:date('x') AS ?c) (?nothing + 1 AS ?d) {}"
    assert store.rows(text) == [{}]


def test_clients_may_lower_the_deadline_only() -> None:
    assert Limits(deadline=10).lowered(2).deadline == 2
    assert Limits(deadline=10).lowered(60).deadline == 10
    assert Limits(deadline=10).lowered(None).deadline == 10
    assert 0 < Limits(deadline=10).lowered(0).deadline < 0.1
    assert 0 < Limits(deadline=10).lowered(-1).deadline < 0.1
