"""All that is said of one entity: the second level of facts is what makes the first one citable."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from migov import errors
from migov.store import formats
from migov.vocabulary import ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOS

_TYPE = ox.NamedNode(RDF_TYPE)
_EVIDENCE = ox.NamedNode(ONTOLOGY + "evidence")
_EVIDENCE_CLASS = ox.NamedNode(ONTOLOGY + "Evidence")
_NAMING = (_TYPE, ox.NamedNode(RDFS_LABEL), ox.NamedNode(SKOS + "prefLabel"))
_Node = ox.NamedNode | ox.BlankNode | ox.Triple


def describe(graph: ox.Store, iri: str, key: str, limit: int, prefixes: Mapping[str, str]) -> bytes:
    """Write the description of an entity in a format of ``formats.GRAPH``; the entity itself comes first.

    Raises ``NoSuchEntity`` where the IRI is the subject of nothing.
    """
    return write(gather(graph, iri), iri, key, limit, prefixes)


def write(quads: Iterable[ox.Quad], iri: str, key: str, limit: int, prefixes: Mapping[str, str]) -> bytes:
    """Write what is said of an entity, sorted, the entity itself first."""
    if key in formats.DATASETS:
        by_graph = sorted(quads, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
        return formats.write_graph(by_graph, key, limit, prefixes)
    triples = sorted(
        {quad.triple for quad in quads},
        key=lambda t: (t.subject != ox.NamedNode(iri), str(t.subject), str(t.predicate), str(t.object)),
    )
    return formats.write_graph(triples, key, limit, prefixes)


def gather(graph: ox.Store, iri: str) -> set[ox.Quad]:
    """Collect the entity's statements, the assertions that mention it, their evidence, and the names in them."""
    try:
        entity = ox.NamedNode(iri)
    except ValueError:
        raise errors.NoSuchEntity(f"“{iri}” is not an IRI.") from None
    quads = set(_about(graph, entity))
    if not quads:
        raise errors.NoSuchEntity(f"Nothing is said of <{iri}>.")
    described: set[_Node] = {entity}
    for subject in _assertions(graph, entity):
        described.add(subject)
        quads.update(_about(graph, subject))
    for place in {quad.object for quad in quads if quad.predicate == _EVIDENCE and quad.subject in described}:
        if isinstance(place, ox.NamedNode):
            described.add(place)
            quads.update(_about(graph, place))
    quads.update(_names(graph, {quad.object for quad in quads} - described))
    return {quad for quad in quads if quad.graph_name != ox.DefaultGraph()}  # that one repeats the others


def _about(graph: ox.Store, subject: _Node) -> Iterable[ox.Quad]:
    return graph.quads_for_pattern(subject, None, None, None)


def _assertions(graph: ox.Store, entity: ox.NamedNode) -> Iterable[_Node]:
    """Find what mentions the entity and has evidence, or is evidence; its instances (rdf:type) do not mention it."""
    mentions = graph.quads_for_pattern(None, None, entity, None)
    for subject in {quad.subject for quad in mentions if quad.predicate != _TYPE}:
        if any(graph.quads_for_pattern(subject, _EVIDENCE, None, None)) or any(
            graph.quads_for_pattern(subject, _TYPE, _EVIDENCE_CLASS, None)
        ):
            yield subject


def _names(graph: ox.Store, mentioned: Iterable[object]) -> Iterable[ox.Quad]:
    for node in mentioned:
        if isinstance(node, ox.NamedNode):
            for naming in _NAMING:
                yield from graph.quads_for_pattern(node, naming, None, None)
