"""A curator saves a file in any order; the canonical writer gives the same triples in one stable form."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from migov import vocabulary
from migov.errors import DataError
from migov.graph import turtle

XSD = vocabulary.XSD
names = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_./'()~é", min_size=1, max_size=12)
iris = st.builds(lambda ns, name: NamedNode(ns + name), st.sampled_from(list(vocabulary.prefixes().values())), names)
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda t: Literal(t, language="en"), texts),
    st.integers().map(lambda n: Literal(str(n), datatype=NamedNode(XSD + "integer"))),
    st.sampled_from(["1.0", "-.5", "12.50", "1.", "abc"]).map(
        lambda t: Literal(t, datatype=NamedNode(XSD + "decimal"))
    ),
    st.sampled_from(["2018", "-0044"]).map(lambda t: Literal(t, datatype=NamedNode(XSD + "gYear"))),
)
triples = st.builds(Triple, iris, iris, st.one_of(iris, literals))


@given(st.sets(triples, min_size=1, max_size=25), st.randoms())
def test_any_triples_survive_and_their_order_does_not_matter(given_triples: set[Triple], rng: random.Random) -> None:
    shuffled = list(given_triples)
    rng.shuffle(shuffled)
    text = turtle.serialise(shuffled)
    assert text == turtle.serialise(given_triples)
    read = {quad.triple for quad in parse(text, format=RdfFormat.TURTLE)}
    assert read == given_triples


def test_the_reader_sees_type_first_evidence_last_and_numbers_bare() -> None:
    text = """@prefix mgo: <https://w3id.org/migov/ontology/> . @prefix obs: <https://w3id.org/migov/id/observation/> .
    @prefix ev: <https://w3id.org/migov/id/evidence/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    obs:x mgo:evidence ev:b, ev:a ; mgo:asOf "2014"^^xsd:gYear ; mgo:value 155 ; a mgo:Observation ."""
    written = turtle.serialise(parse(text, format=RdfFormat.TURTLE)).decode()
    assert written.endswith(
        "obs:x a mgo:Observation ;\n    mgo:value 155 ;\n"
        '    mgo:asOf "2014"^^xsd:gYear ;\n    mgo:evidence ev:a, ev:b .\n'
    )


def test_a_scheme_header_stands_before_its_codes() -> None:
    text = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix c: <https://w3id.org/migov/concept/> .
    @prefix unit: <https://w3id.org/migov/concept/unit/> . unit:a a skos:Concept . c:unit a skos:ConceptScheme ."""
    written = turtle.serialise(parse(text, format=RdfFormat.TURTLE)).decode()
    assert written.index("c:unit a skos:ConceptScheme") < written.index("unit:a a skos:Concept")


def test_a_blank_node_is_refused_because_nobody_could_cite_it() -> None:
    with pytest.raises(DataError, match="blank node"):
        turtle.serialise([Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/p"), BlankNode())])


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("@prefix mgo: <https://w3id.org/migov/ontology/> .\nmgo:a mgo:b ;\n\n ]", "utf-8")
    with pytest.raises(DataError, match=r"broken\.ttl:\d"):
        turtle.canonical(file)


def test_the_command_rewrites_once_and_then_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        "<http://example.org/b> <http://example.org/p> 1 . <http://example.org/a> <http://example.org/p> 2 ."
    )
    assert turtle.main(["--check", str(file)]) == 1
    assert turtle.main([str(file)]) == 0
    assert turtle.main(["--check", str(file)]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["would", "rewrote"]
