"""A reasoner (OWL 2 RL) reads the ontology with the axioms of ORG, PROV-O, SKOS and FOAF that bear on it.

owlrl never raises on a contradiction: it writes a triple with an error message. Nor does it report a class that can
have no members, so every class gets a probe, and every property a probe at both ends.
"""

import re
from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from migov import resources, vocabulary

HERE = Path(__file__).parent
MUTATIONS = sorted(path.stem for path in (HERE / "mutations").glob("*.ttl"))
BANNER = re.compile(r"# slip: .+\n# caught: (?:error on ex:(\w+)|ex:(\w+) merged with ex:(\w+))\n")
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
PROBE = Namespace("https://example.org/probe/")
AXIOMS = {RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf}
AXIOMS |= {OWL.disjointWith, OWL.propertyDisjointWith, OWL.equivalentClass}


def axioms() -> Graph:
    """The ontology and the frozen axioms without texts and code lists, which only cost the reasoner time."""
    everything, logical = Graph(), Graph()
    for path in (*resources.default().ontology.glob("*.ttl"), HERE / "axioms.ttl"):
        everything.parse(path)
    for triple in everything:
        if triple[1] in AXIOMS:
            logical.add(triple)
    return logical


def close(graph: Graph) -> Graph:
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def errors(graph: Graph) -> list[str]:
    return sorted(str(message) for message in graph.objects(None, ERROR))


def merged(graph: Graph) -> set[tuple[Node, Node]]:
    """Pairs of IRIs that the reasoner holds to be one thing."""
    pairs = graph.subject_objects(OWL.sameAs)
    return {(a, b) for a, b in pairs if a != b and isinstance(a, URIRef) and isinstance(b, URIRef)}


def local(iri: Node) -> str:
    return vocabulary.compact(str(iri)).replace(":", "-")


@pytest.fixture(scope="module")
def probed() -> Graph:
    """The closure of the ontology with one member of each class and one use of each property."""
    graph = axioms()
    for cls in set(graph.subjects(RDF.type, OWL.Class)):
        graph.add((PROBE[local(cls)], RDF.type, cls))
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for slot in set(graph.subjects(RDF.type, kind)):
            end = Literal("probe") if kind == OWL.DatatypeProperty else PROBE[f"{local(slot)}-end"]
            graph.add((PROBE[f"{local(slot)}-start"], slot, end))
    return close(graph)


@pytest.fixture(scope="module")
def mutated() -> Graph:
    """The closure of the ontology with every mutation; each has a namespace of its own."""
    graph = axioms()
    for name in MUTATIONS:
        graph.parse(HERE / "mutations" / f"{name}.ttl")
    return close(graph)


def test_every_class_can_have_members_and_every_property_can_be_used(probed: Graph) -> None:
    assert errors(probed) == []


def test_using_the_terms_merges_nothing(probed: Graph) -> None:
    ours = {pair for pair in merged(probed) if any(str(iri).startswith(PROBE) for iri in pair)}
    assert ours == set()


def test_a_probe_learns_the_kinds_that_the_model_promises(probed: Graph) -> None:
    mgo, org = Namespace(vocabulary.ONTOLOGY), Namespace("http://www.w3.org/ns/org#")
    promised = {
        (PROBE["mgo-Treaty"], mgo.Document),
        (PROBE["mgo-PostTenure"], org.Membership),
        (PROBE["mgo-OrganisationChange"], mgo.Assertion),
        (PROBE["mgo-memberOf-end"], org.Organization),
        (PROBE["mgo-provider-start"], mgo.Cooperation),
    }
    assert promised <= set(probed.subject_objects(RDF.type))


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_reasoner_catches_each_slip(name: str, mutated: Graph) -> None:
    banner = BANNER.match((HERE / "mutations" / f"{name}.ttl").read_text("utf-8"))
    assert banner, f"{name}.ttl begins with the lines slip and caught"
    ex = Namespace(f"https://example.org/{name}/")
    culprit, one, other = banner.groups()
    if culprit:
        assert any(message.endswith(ex[culprit]) for message in errors(mutated))
    else:
        assert (ex[one], ex[other]) in merged(mutated)
