"""The six formats of a dump."""

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple, parse

from migov.graph import export
from migov.graph.literals import fault
from migov.vocabulary import BASE, GRAPH, ONTOLOGY, XSD

KEYS = st.integers(0, 3)
TEXTS = st.builds(Literal, st.text(st.characters(codec="utf-8"))).filter(lambda text: fault(text) is None)
OBJECTS = st.one_of(
    KEYS.map(lambda n: NamedNode(f"{BASE}id/state/{n}")),
    TEXTS,
    TEXTS.map(lambda text: Literal(text.value, language="fr")),
    st.integers().map(lambda n: Literal(str(n), datatype=NamedNode(XSD + "integer"))),
)
QUADS = st.sets(
    st.builds(
        Quad,
        KEYS.map(lambda n: NamedNode(f"{BASE}id/org/{n}")),
        KEYS.map(lambda n: NamedNode(f"{ONTOLOGY}slot{n}")),
        OBJECTS,
        KEYS.map(lambda n: NamedNode(f"{GRAPH}relations/{n}")),
    )
)
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "trig", "nq": "nquads"}


@settings(max_examples=50)
@given(quads=QUADS)
def test_what_is_written_reads_back_the_same(quads: set[Quad]) -> None:
    for name, kind in export.FORMATS.items():
        back = {_quad(found) for found in parse(export.write(quads, name), format=kind.rdf)}
        assert back == (quads if kind.graphs else {_quad(quad.triple) for quad in quads})


def _quad(found: Quad | Triple) -> Quad:
    return Quad(found.subject, found.predicate, found.object) if isinstance(found, Triple) else found


@settings(max_examples=50)
@given(quads=QUADS)
def test_order_and_repetition_change_no_byte(quads: set[Quad]) -> None:
    ordered = sorted(quads, key=str)
    for name in export.FORMATS:
        assert export.write(ordered, name) == export.write([*reversed(ordered), *ordered], name)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib calls what it deprecates itself
@pytest.mark.parametrize("format", export.FORMATS)
def test_other_tools_read_a_dump_too(format: str) -> None:
    graph = NamedNode(GRAPH + "relations/names")
    state = NamedNode(BASE + "id/state/XYZ")
    values = [Literal('é & <b> "q" \\ \n\''), Literal("Übung", language="de"), NamedNode(BASE + "id/org/iom")]
    quads = [Quad(state, NamedNode(ONTOLOGY + "slot"), value, graph) for value in values]
    read = rdflib.Dataset(default_union=True)
    read.parse(data=export.write(quads, format).decode(), format=RDFLIB[format])
    assert {str(o) for _, _, o in read.triples((rdflib.URIRef(state.value), None, None))} == {v.value for v in values}


def test_prefixes_follow_the_base() -> None:
    here = "https://example.org/kg/"
    quad = Quad(NamedNode(here + "id/org/iom"), NamedNode(here + "ontology/slot"), Literal("x"), NamedNode(here + "g"))
    text = export.write([quad], "ttl", here).decode()
    assert f"@prefix mgo: <{here}ontology/> ." in text
    assert BASE not in text
    assert 'o:iom mgo:slot "x"' in text
