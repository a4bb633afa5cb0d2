"""Every format says the same, by its own rules."""

import csv
import io
import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov import errors
from migov.store import formats
from migov.store.local import LocalStore
from migov.vocabulary import prefixes

ROWS = """SELECT ?iri ?lang ?int ?dec ?date ?odd ?none {
  VALUES (?iri ?lang ?int ?dec ?date ?odd ?none)
  { (o:alpha "Alphé"@fr 7 1.5 "2001-02-03"^^xsd:date "a,\\"b\\"\\r\\n\\tc <&>" UNDEF) } }"""
RESULTS = "{http://www.w3.org/2005/sparql-results#}"
STATEMENTS = """CONSTRUCT { ?s ?p ?o } { VALUES (?s ?p ?o) {
  (o:alpha rdfs:label "Alphé\\r\\n\\t\\"x\\" <&> \\\\ '"@fr) (o:alpha mgo:value 1.50)
  (o:alpha dcterms:issued "2001"^^xsd:gYear)
  (<https://w3id.org/migov/id/org/a(b),c'd> rdfs:seeAlso <http://example.org/x?a=b&c=d#e>)
  (<https://w3id.org/migov/concept/rank/normal> rdfs:label "") (<urn:x:y> <http://example.org/é> "\\U0001F600")
} }"""


def answer(store: LocalStore, text: str, key: str) -> bytes:
    return store.query(text, {"bindings": key, "boolean": key, "graph": key}).body


def test_csv_is_as_the_standard_has_it(store: LocalStore) -> None:
    body = answer(store, ROWS, "csv")
    assert body.startswith(b"iri,lang,int,dec,date,odd,none\r\n")
    assert body.endswith(b"\r\n")
    row = next(csv.DictReader(io.StringIO(body.decode(), newline="")))
    assert list(row.values()) == [
        "https://w3id.org/migov/id/org/alpha", "Alphé", "7", "1.5", "2001-02-03", 'a,"b"\r\n\tc <&>', "",
    ]  # fmt: skip


def test_tsv_holds_terms_as_turtle_writes_them(store: LocalStore) -> None:
    head, row, end = answer(store, ROWS, "tsv").decode().split("\n")
    assert head.split("\t") == ["?iri", "?lang", "?int", "?dec", "?date", "?odd", "?none"]
    assert row.split("\t") == [
        "<https://w3id.org/migov/id/org/alpha>", '"Alphé"@fr', "7", "1.5",
        '"2001-02-03"^^<http://www.w3.org/2001/XMLSchema#date>', '"a,\\"b\\"\\r\\n\\tc <&>"', "",
    ]  # fmt: skip
    assert end == ""


def test_xml_and_json_hold_the_same_terms(store: LocalStore) -> None:
    """A carriage return must survive an XML parser, which would read a bare one as a line feed."""
    (binding,) = json.loads(answer(store, ROWS, "json"))["results"]["bindings"]
    root = ElementTree.fromstring(answer(store, ROWS, "xml"))
    assert [v.get("name") for v in root.iter(f"{RESULTS}variable")][-1] == "none"
    values = {b.get("name"): b[0].text for b in root.iter(f"{RESULTS}binding")}
    assert values == {name: term["value"] for name, term in binding.items()}
    assert values["odd"] == 'a,"b"\r\n\tc <&>'
    language = root.find(f".//{RESULTS}binding[@name='lang']/{RESULTS}literal")
    assert language is not None
    assert language.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"


def test_an_ask_comes_as_json_and_xml(store: LocalStore) -> None:
    assert json.loads(answer(store, "ASK { ?s ?p ?o }", "json"))["boolean"] is True
    root = ElementTree.fromstring(answer(store, "ASK { ?s ?p 'nothing' }", "xml"))
    assert root.findtext(f"{RESULTS}boolean") == "false"


@pytest.mark.parametrize("key", formats.GRAPH)
def test_a_graph_parses_back_to_the_same_statements(store: LocalStore, key: str) -> None:
    expected = {quad.triple for quad in ox.parse(answer(store, STATEMENTS, "ntriples"), ox.RdfFormat.N_TRIPLES)}
    parsed = {quad.triple for quad in ox.parse(answer(store, STATEMENTS, key), formats.GRAPH[key])}
    assert len(expected) == 6
    assert parsed == expected


@pytest.mark.parametrize("key", ["turtle", "trig"])
def test_a_short_document_declares_the_prefixes_it_uses_and_no_others(store: LocalStore, key: str) -> None:
    body = answer(store, STATEMENTS, key).decode()
    declared = {line.split()[1] for line in body.splitlines() if line.startswith("@prefix")}
    assert declared == {"dcterms:", "mgo:", "o:", "rank:", "rdfs:", "xsd:"}
    assert "\no:alpha " in body
    assert "\nrank:normal " in body, "the longest namespace that fits is used"


@given(text=st.text(max_size=40), name=st.from_regex(r"[a-z0-9_.~!$&'()*+,;=:@/%#?-]{1,12}", fullmatch=True))
def test_any_literal_and_name_survives_turtle_with_prefixes(text: str, name: str) -> None:
    text = text.encode(errors="replace").decode()
    try:
        subject = ox.NamedNode("https://w3id.org/migov/id/org/" + name)
    except ValueError:  # a stray percent sign
        return
    triple = ox.Triple(subject, subject, ox.Literal(text))
    for key in ("turtle", "trig"):
        body = formats.write_graph([triple], key, 10**6, prefixes())
        assert [quad.triple for quad in ox.parse(body, formats.GRAPH[key])] == [triple]


@given(text=st.text(st.characters(codec="utf-8"), max_size=20))
def test_rdfxml_says_the_same_or_refuses(text: str) -> None:
    entity = ox.NamedNode("http://example.org/a")
    triple = ox.Triple(entity, ox.NamedNode("http://example.org/p"), ox.Literal(text))
    try:
        body = formats.write_graph([triple], "rdfxml", 10**6, prefixes())
    except errors.Unserialisable:
        assert any(ord(c) < 32 or c in "\ufffe\uffff" for c in text)
        return
    literal = ElementTree.fromstring(body)[0][0].text or ""
    assert literal == text


@pytest.mark.parametrize("character", ["\\u0001", "\\u0002", "\\u000B", "\\u001F", "\\uFFFE", "\\uFFFF"])
def test_control_characters_are_refused_in_xml_and_kept_in_json(store: LocalStore, character: str) -> None:
    rows, graph = f'SELECT ("a{character}" AS ?x) {{}}', f'CONSTRUCT {{ o:a rdfs:label "a{character}" }} {{}}'
    for text, key, other in ((rows, "xml", "json"), (graph, "rdfxml", "turtle")):
        with pytest.raises(errors.Unserialisable, match=f"Ask for {other}") as refusal:
            answer(store, text, key)
        assert refusal.value.facts["available"][0] == other
    value = json.loads(answer(store, rows, "json"))["results"]["bindings"][0]["x"]["value"]
    assert value == "a" + chr(int(character[2:], 16))
    assert [q.object.value for q in ox.parse(answer(store, graph, "jsonld"), ox.RdfFormat.JSON_LD)] == [value]


@pytest.mark.parametrize("iri", ["http://example.org/", "http://example.org/1", "http://example.org/a(b)"])
def test_a_property_without_an_xml_name_is_refused_in_rdfxml(store: LocalStore, iri: str) -> None:
    text = f"CONSTRUCT {{ o:a <{iri}> 'a <b: c>' }} {{}}"
    with pytest.raises(errors.Unserialisable, match="XML name"):
        answer(store, text, "rdfxml")
    assert b"<b: c>" in answer(store, text, "turtle")


def test_text_that_looks_like_a_nameless_tag_is_no_obstacle(store: LocalStore) -> None:
    body = answer(store, "CONSTRUCT { o:a rdfs:label '<b: c>' } {}", "rdfxml")
    assert ElementTree.fromstring(body)[0][0].text == "<b: c>"
