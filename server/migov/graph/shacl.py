"""Runs pySHACL over the nodes of one chunk: the shapes of ``shapes/*.ttl`` that have a class of targets.

Loaded only where there is something to validate: a process that runs jobs pays for pySHACL once.
"""

from functools import cache

import pyshacl
from oxrdflib import OxigraphStore
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

from migov import resources
from migov.graph import findings
from migov.graph.findings import Result, Term, key

_BY_KIND = (SH.targetClass, SH.targetSubjectsOf)


class Triples(OxigraphStore):
    """Triples for pySHACL over Oxigraph's indexes, three times as fast as rdflib's own.

    pySHACL asks a graph for its truth value with every result it writes, which counts all triples: answer from memory.
    """

    def __init__(self, data: bytes) -> None:
        store = Store()
        store.load(data, format=RdfFormat.N_TRIPLES, to_graph=DefaultGraph())
        super().__init__(store=store)
        self._size = len(store)

    def __len__(self, context: Graph | None = None) -> int:
        return self._size


@cache
def _shapes(name: str) -> Graph:
    """Return the shapes of a file that have a class of targets; ``singletons`` runs the others."""
    shapes = Graph().parse(resources.default().shapes / f"{name}.ttl")
    shapes.remove((None, SH.targetNode, None))
    _flatten(shapes)
    return shapes


def _flatten(shapes: Graph) -> None:
    """Hand the targets of node shapes down to their property shapes, and their slots to the list a closed one ignores.

    That finds the same (SHACL 1.0, 4.7.1: a property shape is validated for each node that its node shape is). But
    pySHACL validates a nested shape node by node, reading it anew each time, and one with targets all at once.
    Targets become the classes of a chunk's own nodes: what these point to is there with its class only.
    """
    for node, _, slot in list(shapes.triples((None, SH.property, None))):
        for target in _BY_KIND:
            for kind in shapes.objects(node, target):
                shapes.add((slot, target, kind))
    for node in list(shapes.subjects(SH.closed)):
        allowed = _slots(shapes, node)
        shapes.set((node, SH.ignoredProperties, Collection(shapes, BNode(), sorted(allowed, key=str)).uri))
    shapes.remove((None, SH.property, None))
    for node, _, kind in list(shapes.triples((None, SH.targetClass, None))):
        shapes.remove((node, SH.targetClass, kind))
        shapes.add((node, SH.targetClass, URIRef(findings.OWN + str(kind))))


def _slots(shapes: Graph, node: Node) -> set[Node]:
    """Return the properties that a closed shape allows."""
    paths = {shapes.value(slot, SH.path) for slot in shapes.objects(node, SH.property)}
    ignored = {path for items in shapes.objects(node, SH.ignoredProperties) for path in Collection(shapes, items)}
    return {path for path in paths | ignored if path is not None}


def run(name: str, data: bytes) -> list[Result]:
    """Validate one chunk of N-Triples by the shapes of a file and return what was found."""
    graph = Graph(store=Triples(data), identifier=DATASET_DEFAULT_GRAPH_ID)
    shapes = _shapes(name)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True, allow_warnings=True)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report}")
    return [_result(name, report, node) for node in report.objects(None, SH.result)]


def _result(name: str, report: Graph, node: Node) -> Result:
    """Translate one ``sh:ValidationResult``."""
    severity = str(report.value(node, SH.resultSeverity)).removeprefix(str(SH))
    shape = str(report.value(node, SH.sourceShape))
    focus, value = _term(report.value(node, SH.focusNode)), _term(report.value(node, SH.value))
    path = report.value(node, SH.resultPath)
    message = findings.readable(str(report.value(node, SH.resultMessage)))
    suggestion, component = None, str(report.value(node, SH.sourceConstraintComponent))
    if component == str(SH.ClosedConstraintComponent):
        suggestion = _nearest_slot(name, shape, str(path))
    place = str(path) if isinstance(path, URIRef) else None
    return Result(severity, shape, key(focus), place, value, message, suggestion=suggestion, component=component)


@cache
def _nearest_slot(name: str, shape: str, path: str) -> str | None:
    """Return the property of a closed shape that a wrong one was most likely meant to be."""
    shapes, node = _shapes(name), URIRef(shape)
    return findings.nearest(path, {str(slot) for slot in _slots(shapes, node)} - {str(RDF.type)})


def _term(node: Node | None) -> Term | None:
    if isinstance(node, RdfLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    return NamedNode(str(node)) if isinstance(node, URIRef) else None
