"""What a query that cannot be answered is told."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from migov import errors
from migov.store.local import LocalStore
from store.canary import Canary
from store.processes import ENVIRONMENT

ALL = {"bindings": "json", "boolean": "json", "graph": "turtle"}


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("SELECT * WHERE { ?s ?p }", 1, 24, "“}”"),
        ("SELECT ?x\nWHERE {\n  ?s foo:bar ?o\n}", 3, 6, "prefix “foo:” is not declared"),
        ("SELECT * {", 1, 11, "ends too early"),
        ("", 1, 1, "ends too early"),
        ("# only a comment", 1, 17, "ends too early"),
        ("SELEC ?x {}", 1, 1, "“SELEC”"),
        ("SELECT (?x + AS ?y) {}", 1, 14, "“AS”"),
        ("SELECT * { ?s ?p 'é' }\n\n   FILTR", 3, 4, "“FILTR”"),
        ("SELECT * {?s ?p ?o FILTER(fooo(?o))}", 1, 27, "“fooo”"),
        ("SELECT * {?s ?p ?o} LIMIT -1", 1, 27, "“-”"),
        ("CONSTRUCT {?s ?p ?o} WHERE ?s ?p ?o", 1, 28, "Expected: {"),
        ("SELECT * {?s ?p ?o}}", 1, 20, "“}”"),
        ("SELECT * {?s ?p ?o FILTR(?o > 1)}", 1, 20, "Did you mean FILTER?"),
        ("SELECT * {?s ?p ?o FILTER(contans(?o, 'x'))}", 1, 27, "Did you mean CONTAINS?"),
        ("SELECT * {?s foaff:name ?o}", 1, 14, "Did you mean “foaf:”?"),
        ("PREFIX example: <http://a/> SELECT * {?s exmple:b ?o}", 1, 42, "Did you mean “example:”?"),
        ("SELECT * {?s ?p ?o} ORDER ?o", 1, 27, "Expected: BY"),
        ("SELECT * {?s ?p ?o} LIMIT ten", 1, 27, "Expected: a number"),
        ("SELECT * FROM ?x {?s ?p ?o}", 1, 15, "Expected: an IRI"),
        ("SELECT (1 AS x) {}", 1, 14, "Expected: a variable"),
        ("SELECT * {\r\n?s ?p # {{{\r\n}", 3, 1, "“}”"),
        ("PREFIX a: <rel> SELECT * {?s a:b ?o}", 1, 11, "BASE"),
        ("SELECT * {?s ?p ?o} VALUES ?x {\x00}", 1, 32, r"\x00"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 8, "?s, which is neither grouped nor aggregated"),
        ("SELECT (MAX(?o) AS ?m)\n ?p ?s { ?s ?p ?o } GROUP BY ?p", 2, 5, "?s, which is neither grouped"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?p", 1, 34, "name the variables"),
        ("SELECT ?x (1 AS ?x) {}", 1, 23, "two columns"),
        ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }", 1, 40, "has a value already"),
        ("SELECT *\n{ ?s ?p 'a\nb' }", 2, 9, "not closed on its line"),
        ('SELECT * { ?s ?p "a\\" }', 1, 18, "not closed on its line"),
        ("SELECT\n(<http://example.org/f>(1) AS ?x) {}", 2, 2, "http://example.org/f"),
        ("PREFIX a: <http://example.org/>\nSELECT (a:f(a:g) AS ?x) {}", 2, 9, "http://example.org/f"),
        ("SELECT * { ?s ?p '" + "x" * 60_000 + "' ; }}", 1, 60_024, "“}”"),
    ],
)
def test_a_mistake_is_shown_where_it_is(store: LocalStore, text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(errors.QuerySyntax) as mistake:
        store.query(text, ALL)
    assert mistake.value.facts == {"line": line, "column": column}
    assert says in mistake.value.detail
    assert len(mistake.value.detail) < 200


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "# SELECT\nPREFIX a: <http://a/> BASE <http://b/> delete where { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP GRAPH <http://a/>",
        "LOAD <http://a/>",
        "WITH <http://a/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_told_that_the_endpoint_is_read_only(store: LocalStore, text: str) -> None:
    with pytest.raises(errors.QueryRefused, match="read only"):
        store.query(text, ALL)
    assert store.rows("SELECT ?l { o:alpha rdfs:label ?l FILTER(LANG(?l) = 'fr') }")


def test_the_name_of_an_update_in_a_query_is_no_update(store: LocalStore) -> None:
    with pytest.raises(errors.QuerySyntax):
        store.query("SELECT * { ?s a 'INSERT' ", ALL)
    assert store.query("PREFIX drop: <http://a/> ASK { drop:all ?insert 'CLEAR' }", ALL).body


def test_an_unknown_function_is_named(store: LocalStore) -> None:
    with pytest.raises(errors.QuerySyntax, match=r"http://example\.org/f"):
        store.query("SELECT (<http://example.org/f>(1) AS ?x) {}", ALL)


def test_a_relative_iri_needs_a_base(store: LocalStore) -> None:
    text = "ASK { FILTER(<ontology/> = <https://w3id.org/migov/ontology/>) }"
    assert b"true" in store.query(text, ALL, base="https://w3id.org/migov/").body
    assert b"false" in store.query(text, ALL, base="https://example.org/").body
    assert b"true" in store.query("BASE <https://w3id.org/migov/> " + text, ALL, base="https://example.org/").body
    with pytest.raises(errors.QuerySyntax, match="BASE"):
        store.query(text, ALL)
    with pytest.raises(errors.QuerySyntax) as mistake:
        store.query("SELECT * FROM <x> { ?s ?p }", ALL, base="https://example.org/")
    assert mistake.value.facts == {"line": 1, "column": 27}


def test_prefixes_of_our_own_lie_on_the_base(store: LocalStore) -> None:
    for base in ("https://w3id.org/migov/", "https://example.org/"):
        text = f"ASK {{ FILTER(mgo: = <{base}ontology/> && foaf: = <http://xmlns.com/foaf/0.1/>) }}"
        assert b"true" in store.query(text, ALL, base=base).body


def test_half_a_character_is_a_mistake_of_syntax(store: LocalStore) -> None:
    with pytest.raises(errors.QuerySyntax, match="surrogate"):
        store.query("ASK { ?s ?p '\ud800' }", ALL)


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.stop()


def test_the_canary_would_be_visited_if_the_engine_ran_free(canary: Canary) -> None:
    with contextlib.suppress(OSError):  # it answers nothing
        list(ox.Store().query(f"SELECT * {{ SERVICE <{canary.address}> {{ ?s ?p ?o }} }}"))
    assert canary.visits


def test_federation_is_refused_in_every_spelling(store: LocalStore, canary: Canary) -> None:
    for service in (f"<{canary.address}>", "<https://example.org/sparql>", "?s", f"SILENT <{canary.address}>"):
        with pytest.raises(errors.QueryRefused, match="Federation is off"):
            store.query(f"SELECT * {{ VALUES ?s {{ <{canary.address}> }} Service {service} {{ ?a ?b ?c }} }}", ALL)
    assert store.rows(f"SELECT * FROM <{canary.address}> FROM NAMED <{canary.address}> {{ ?s ?p ?o }}") == []
    assert store.query("ASK { VALUES ?service { 'SERVICE <a:b>' } } # SERVICE", ALL).body
    assert canary.visits == 0


CONFINED = """
import socket, sys
import pyoxigraph as ox
from migov.store.kernel import Confinement

ours, theirs = socket.socketpair()
Confinement(ours)
for attempt in (
    lambda: list(ox.Store().query("SELECT * { SERVICE <" + sys.argv[1] + "> { ?s ?p ?o } }")),
    lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1].split(":")[2][:-1]))),
    lambda: open(sys.argv[2]),
):
    try:
        attempt()
    except OSError:
        print("refused")
"""


def test_a_child_can_open_nothing_even_if_the_engine_tries(canary: Canary, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-c", CONFINED, canary.address, str(tmp_path / "file")]
    run = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["refused"] * 3
    assert canary.visits == 0


def test_nothing_a_query_says_reads_a_file(store: LocalStore, tmp_path: Path) -> None:
    file = tmp_path / "secret.nt"
    file.write_text('<http://example.org/a> <http://example.org/b> "secret" .\n')
    assert store.rows(f"SELECT * FROM <{file.as_uri()}> {{ ?s ?p ?o }}") == []
    assert store.rows(f"SELECT * FROM NAMED <{file.as_uri()}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == []
    with pytest.raises(errors.QueryRefused):
        store.query(f"SELECT * {{ SERVICE <{file.as_uri()}> {{ ?s ?p ?o }} }}", ALL)
