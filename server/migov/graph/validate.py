"""Validates the graph against ``shapes/*.ttl`` with pySHACL, before any inference (``sh:class`` would pass after it).

Nodes are validated in chunks, each with its own triples, the classes of what it points to and the tree of classes, so
that chunks can be checked side by side and a changed file concerns few of them. Shapes with ``sh:targetNode`` are
singletons: one query over everything, the offender as ``?value``; they see the whole graph once.

A large graph is checked in processes that Python starts anew, so a script that calls this needs the usual
``if __name__ == "__main__":``.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import pyshacl
from oxrdflib import OxigraphStore
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

from migov import resources, vocabulary
from migov.graph import findings
from migov.graph.findings import Places, Result, Term, key
from migov.graph.load import ParsedFile

CHUNK = 1_500  # nodes in one chunk
FEW = 6  # with fewer jobs, starting processes costs more than it saves
_OWN = "urn:migov:own:"
_BY_NODE = (SH.targetNode,)
_BY_KIND = (SH.targetClass, SH.targetSubjectsOf)
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


def structure(files: Sequence[ParsedFile], ontology: Iterable[Quad] = ()) -> list[Result]:
    """Check each node of ``files`` by itself; ``ontology`` adds classes to look up, and is not checked."""
    return _validate("structure", files, ontology)


def coherence(files: Sequence[ParsedFile], ontology: Iterable[Quad] = (), bounds: Iterable[Quad] = ()) -> list[Result]:
    """Check nodes against each other; ``bounds`` are the derived first and last days of dates."""
    return _validate("coherence", files, [*ontology, *bounds])


def release(files: Sequence[ParsedFile], ontology: Iterable[Quad] = ()) -> list[Result]:
    """Check what a published release may not leave open."""
    return _validate("release", files, ontology)


def _validate(name: str, files: Sequence[ParsedFile], extra: Iterable[Quad]) -> list[Result]:
    places = Places(files)
    quads = [quad for file in files for quad in file.quads] + list(extra)
    jobs: list[Job] = []
    if _shapes(name, single=True):
        jobs.append((name, True, _bytes(quads)))
    if _shapes(name, single=False):
        jobs += [(name, False, data) for data in _chunks(places, quads)]
    found = {places.place(result) for results in _run(jobs) for result in results}
    return sorted(found, key=findings.order)


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


Job = tuple[str, bool, bytes]  # name of the shapes, whether their singletons, triples


def _run(jobs: list[Job]) -> Iterator[list[Result]]:
    """Run the jobs, in processes of their own where that pays."""
    workers = min(os.cpu_count() or 1, len(jobs))
    if len(jobs) < FEW or workers < 2:
        yield from map(_job, jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_job, jobs)


def _chunks(places: Places, quads: list[Quad]) -> Iterator[bytes]:
    """Yield sets of nodes, file by file, each with all the triples that its validation needs."""
    by_subject: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        by_subject[key(quad.subject)].append(quad)
    homes: dict[str, list[str]] = defaultdict(list)
    for subject in by_subject:
        if (home := places.home(subject)) is not None:
            homes[home].append(subject)
    subjects = [subject for home in sorted(homes) for subject in homes[home]]
    tree = [quad for quad in quads if quad.predicate.value == _SUBCLASS]
    tree += [Quad(_own(q.subject), q.predicate, _own(q.object), q.graph_name) for q in tree]
    for start in range(0, len(subjects), CHUNK):
        nodes = frozenset(subjects[start : start + CHUNK])
        said = [quad for node in nodes for quad in by_subject[node]]
        mine = [Quad(q.subject, q.predicate, _own(q.object), q.graph_name) for q in said if _is_type(q)]
        named = {key(quad.object) for quad in said if not isinstance(quad.object, Literal)} - nodes
        theirs = [quad for node in named for quad in by_subject.get(node, ()) if _is_type(quad)]
        yield _bytes([*said, *mine, *theirs, *tree])


def _is_type(quad: Quad) -> bool:
    return quad.predicate.value == vocabulary.RDF_TYPE


def _own(kind: object) -> NamedNode:
    """Return the class of those instances of a class that a chunk is to check."""
    return NamedNode(_OWN + key(kind))


def _bytes(quads: Iterable[Quad]) -> bytes:
    triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
    data: bytes | None = serialize(triples, format=RdfFormat.N_TRIPLES)
    return data or b""


@cache
def _shapes(name: str, *, single: bool) -> Graph:
    """Return the singletons of a shapes file, or the other shapes; empty when it has none with a target."""
    shapes = Graph().parse(resources.default().shapes / f"{name}.ttl")
    wanted, unwanted = (_BY_NODE, _BY_KIND) if single else (_BY_KIND, _BY_NODE)
    for target in unwanted:
        shapes.remove((None, target, None))
    _flatten(shapes)
    return shapes if any((None, target, None) in shapes for target in wanted) else Graph()


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
        shapes.add((node, SH.targetClass, URIRef(_OWN + str(kind))))


def _slots(shapes: Graph, node: Node) -> set[Node]:
    """Return the properties that a closed shape allows."""
    paths = {shapes.value(slot, SH.path) for slot in shapes.objects(node, SH.property)}
    ignored = {path for items in shapes.objects(node, SH.ignoredProperties) for path in Collection(shapes, items)}
    return {path for path in paths | ignored if path is not None}


def _job(job: Job) -> list[Result]:
    """Validate one chunk, or the whole graph by singletons, and return what was found."""
    name, single, data = job
    graph = Graph(store=Triples(data), identifier=DATASET_DEFAULT_GRAPH_ID)
    shapes = _shapes(name, single=single)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True, allow_warnings=True)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report}")
    return [_result(name, report, node) for node in report.objects(None, SH.result)]


def _result(name: str, report: Graph, node: Node) -> Result:
    """Translate one ``sh:ValidationResult``; of a singleton, the value is what it is about."""
    severity = str(report.value(node, SH.resultSeverity)).removeprefix(str(SH))
    shape = str(report.value(node, SH.sourceShape))
    focus, value = _term(report.value(node, SH.focusNode)), _term(report.value(node, SH.value))
    path = report.value(node, SH.resultPath)
    message = findings.readable(str(report.value(node, SH.resultMessage)))
    if focus is not None and key(focus) == shape:
        focus, value = value, None
    suggestion, component = None, str(report.value(node, SH.sourceConstraintComponent))
    if component == str(SH.ClosedConstraintComponent):
        suggestion = _nearest_slot(name, shape, str(path))
    place = str(path) if isinstance(path, URIRef) else None
    return Result(severity, shape, key(focus), place, value, message, suggestion=suggestion, component=component)


@cache
def _nearest_slot(name: str, shape: str, path: str) -> str | None:
    """Return the property of a closed shape that a wrong one was most likely meant to be."""
    shapes, node = _shapes(name, single=False), URIRef(shape)
    return findings.nearest(path, {str(slot) for slot in _slots(shapes, node)} - {str(RDF.type)})


def _term(node: Node | None) -> Term | None:
    if isinstance(node, RdfLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    return NamedNode(str(node)) if isinstance(node, URIRef) else None
