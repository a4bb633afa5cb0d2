"""Every shape can be read by people: a name, one plain message, an IRI of its own."""

from itertools import chain

import pytest
from rdflib import RDF, SH, BNode, Graph, URIRef

from migov import resources, vocabulary
from migov.graph import checks
from shapes import world

SHAPES = resources.default().shapes
CONDITIONS = (SH.closed, SH["or"], SH["not"], SH.minCount, SH.maxCount, SH["class"], SH.datatype, SH.pattern, SH.sparql)


@pytest.fixture(scope="module", params=["structure", "coherence", "release"])
def shapes(request: pytest.FixtureRequest) -> Graph:
    return Graph().parse(SHAPES / f"{request.param}.ttl")


def test_each_shape_has_one_name(shapes: Graph) -> None:
    named = [*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)]
    assert named
    for shape in named:
        assert [name.language for name in shapes.objects(shape, SH.name)] == ["en"], shape


def test_each_shape_has_an_iri_of_our_own(shapes: Graph) -> None:
    for shape in chain(shapes.subjects(RDF.type, SH.NodeShape), shapes.subjects(RDF.type, SH.PropertyShape)):
        assert isinstance(shape, URIRef)
        assert shape.startswith(vocabulary.SHAPES)


def test_each_condition_has_one_plain_message(shapes: Graph) -> None:
    bound = {shape for condition in CONDITIONS for shape in shapes.subjects(condition)}
    assert bound
    for shape in bound:
        if isinstance(shape, BNode):
            continue  # a part of the condition of another shape
        speaker = shapes.value(shape, SH.sparql) or shape
        [message] = shapes.objects(speaker, SH.message)
        assert (message.language, message[-1]) == ("en", "."), shape
        assert ":" in message, f"{shape} says what is wrong, and not what to do"


def test_each_property_shape_is_in_use(shapes: Graph) -> None:
    used = set(shapes.objects(None, SH.property))
    assert {shape for shape in shapes.subjects(RDF.type, SH.PropertyShape) if isinstance(shape, URIRef)} == used


def test_messages_of_checks_are_plain() -> None:
    known = checks.read(resources.default().queries / "checks")
    assert known
    for check in known:
        assert check.message.endswith((".", "{?need}: correct mgo:targetAction.")), check.shape
        assert ":" in check.message or check.severity == "Info", check.shape


def test_chunks_see_their_own_nodes_only(shapes: Graph) -> None:
    """A chunk holds the triples of its nodes, so that no shape may ask what points to them."""
    assert list(shapes.subjects(SH.targetObjectsOf)) == []
    assert list(shapes.subjects(SH.inversePath)) == []


def test_every_slot_of_a_class_is_in_its_shape() -> None:
    shapes = Graph().parse(SHAPES / "structure.ttl")
    allowed = {
        (str(kind), str(slot))
        for shape in shapes.subjects(SH.closed)
        for kind in shapes.objects(shape, SH.targetClass)
        for slot in chain(
            (path for item in shapes.objects(shape, SH.property) for path in shapes.objects(item, SH.path)),
            (path for items in shapes.objects(shape, SH.ignoredProperties) for path in shapes.items(items)),
        )
    }
    closed = {kind for kind, _ in allowed}
    query = "SELECT ?class ?slot { ?slot rdfs:domain ?class FILTER(?class != mgo:Participation) }"
    rows = world.store().query(world.PREFIXES + query, use_default_graph_as_union=True)
    stated = {(row["class"].value, row["slot"].value) for row in rows}
    checked = {pair for pair in stated if pair[0] in closed}
    assert len(checked) > 50
    assert checked <= allowed


def test_every_class_of_assertions_has_a_closed_shape() -> None:
    shapes = Graph().parse(SHAPES / "structure.ttl")
    query = """SELECT ?class {
        ?class rdfs:subClassOf+ mgo:Assertion .
        FILTER NOT EXISTS { ?narrower rdfs:subClassOf ?class }
        FILTER NOT EXISTS { ?class mgo:derived true } }"""
    rows = world.store().query(world.PREFIXES + query, use_default_graph_as_union=True)
    closed = {str(kind) for shape in shapes.subjects(SH.closed) for kind in shapes.objects(shape, SH.targetClass)}
    kinds = {row["class"].value for row in rows}
    assert len(kinds) > 20
    assert kinds <= closed
