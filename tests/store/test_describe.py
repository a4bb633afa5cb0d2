"""A description: the entity, what is asserted of it, on what evidence, and names for all of it."""

import pyoxigraph as ox
import pytest

from migov import errors
from migov.store import Limits, formats
from migov.store.local import LocalStore
from migov.vocabulary import GRAPH, ID, ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOS


def subjects(store: LocalStore, iri: str) -> set[str]:
    quads = ox.parse(store.describe(iri, "nquads"), ox.RdfFormat.N_QUADS)
    return {quad.subject.value.removeprefix(ID) for quad in quads}


def test_an_entity_comes_with_its_assertions_their_evidence_and_all_names(store: LocalStore) -> None:
    assert subjects(store, ID + "state/XAA") == {
        "state/XAA", "relation/alpha-XAA", "evidence/e1", "org/alpha", "document/report",
        "https://w3id.org/migov/concept/membership-type/member", ONTOLOGY + "Membership",
    }  # fmt: skip


def test_others_are_only_named(store: LocalStore) -> None:
    quads = list(ox.parse(store.describe(ID + "state/XAA", "nquads"), ox.RdfFormat.N_QUADS))
    for other in (ID + "org/alpha", ONTOLOGY + "Membership", "https://w3id.org/migov/concept/membership-type/member"):
        said = {quad.predicate.value for quad in quads if quad.subject.value == other}
        assert said
        assert said <= {RDF_TYPE, RDFS_LABEL, SKOS + "prefLabel"}


def test_a_document_is_mentioned_by_evidence_and_evidence_by_assertions(store: LocalStore) -> None:
    assert {"evidence/e1", "evidence/e2"} <= subjects(store, ID + "document/report")
    assert {"evidence/e1", "relation/alpha-XAA"} <= subjects(store, ID + "evidence/e1")


def test_an_assertion_comes_with_its_evidence(store: LocalStore) -> None:
    assert {"relation/alpha-XBB", "evidence/e2", "state/XBB"} <= subjects(store, ID + "relation/alpha-XBB")


def test_the_instances_of_a_class_are_no_part_of_its_description(store: LocalStore) -> None:
    assert subjects(store, ONTOLOGY + "Membership") == {ONTOLOGY + "Membership"}


@pytest.mark.parametrize("iri", [ID + "org/none", ONTOLOGY + "Nothing", "no iri", "", "http://a/\n"])
def test_what_is_the_subject_of_nothing_is_no_entity(store: LocalStore, iri: str) -> None:
    with pytest.raises(errors.NoSuchEntity):
        store.describe(iri, "turtle")


@pytest.mark.parametrize("key", formats.GRAPH)
def test_every_format_holds_the_same_statements_in_one_order(store: LocalStore, key: str) -> None:
    iri = ID + "org/alpha"
    body = store.describe(iri, key)
    quads = list(ox.parse(body, formats.GRAPH[key]))
    expected = {q.triple for q in ox.parse(store.describe(iri, "nquads"), ox.RdfFormat.N_QUADS)}
    assert {quad.triple for quad in quads} == expected
    assert body == store.describe(iri, key)
    if key not in formats.DATASETS:
        assert len(quads) == len(expected), "a triple that two graphs hold is written once"
        assert quads[0].subject.value == iri, "the entity comes first"


def test_trig_and_nquads_tell_which_graph_says_what(store: LocalStore) -> None:
    for key in formats.DATASETS:
        quads = list(ox.parse(store.describe(ID + "org/alpha", key), formats.GRAPH[key]))
        names = {quad.graph_name.value for quad in quads if quad.predicate.value.endswith("/foaf/0.1/name")}
        assert names == {GRAPH + "entities", GRAPH + "derived/claims"}
        assert all(isinstance(quad.graph_name, ox.NamedNode) for quad in quads)


def test_a_description_keeps_to_the_limits(store: LocalStore) -> None:
    with pytest.raises(errors.ResultTooLarge):
        store.describe(ID + "org/alpha", "turtle", limits=Limits(result_bytes=500))
