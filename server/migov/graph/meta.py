"""Makes ``graph/meta``: what the dataset and each of its named graphs are, in the terms of VoID, DCAT and PROV.

What people say of the dataset (title, licence, version, day of the last change) stands in ``graphs/dataset.ttl``.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from migov import __version__
from migov.errors import DataError
from migov.graph.findings import key
from migov.graph.rules import CURRENT, validity
from migov.vocabulary import BASE, GRAPH, RDF_TYPE, RDFS_LABEL, XSD

META = NamedNode(GRAPH + "meta")
DATASET = NamedNode(BASE)
_BUILD = NamedNode(GRAPH + "meta/build")
_DCTERMS = "http://purl.org/dc/terms/"
_MODIFIED = NamedNode(_DCTERMS + "modified")
_VOID = "http://rdfs.org/ns/void#"
_PROV = "http://www.w3.org/ns/prov#"
_SIZES = "SELECT ?graph (COUNT(*) AS ?number) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_TRIPLES = "SELECT (COUNT(*) AS ?number) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
_MADE = {
    GRAPH + "derived/bounds": "Bounds of dates and figures",
    GRAPH + "derived/claims": "Triples stated by claims",
    GRAPH + "derived/current": "Shortcuts that hold on the as-of day",
    GRAPH + "derived/labels": "Labels of assertions and evidence",
    META.value: "Description of the dataset and its graphs",
}


def modified(quads: Iterable[Quad]) -> date:
    """Return the day of the dataset's last change, ``dcterms:modified`` in graphs/dataset.ttl; DataError without it."""
    for quad in quads:
        value = quad.object
        if (quad.subject, quad.predicate) == (DATASET, _MODIFIED) and isinstance(value, Literal):
            if value.datatype.value != XSD + "date":
                break
            return date.fromisoformat(value.value)
    raise DataError(f"<{BASE}> needs dcterms:modified, a day as xsd:date", file="graphs/dataset.ttl")


def describe(store: Store, files: Mapping[str, str], as_of: date) -> list[Quad]:
    """Return the description of all graphs in the store and of itself; ``files`` maps a graph's IRI to its file."""
    sizes = {key(row["graph"]): _number(row) for row in _rows(store, _SIZES)}
    triples = sum(map(_number, _rows(store, _TRIPLES)))
    # The description counts itself, and its size does not hang on the numbers in it: describe once to count.
    draft = _describe({**sizes, META.value: 0}, files, as_of, 0)
    new = {q.triple for q in draft if not any(store.quads_for_pattern(q.subject, q.predicate, q.object, None))}
    return _describe({**sizes, META.value: len(draft)}, files, as_of, triples + len(new))


def _rows(store: Store, query: str) -> QuerySolutions:
    rows = store.query(query, use_default_graph_as_union=True)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("numbers come from a SELECT query")
    return rows


def _number(row: QuerySolution) -> int:
    return int(row["number"].value)


def _describe(sizes: Mapping[str, int], files: Mapping[str, str], as_of: date, total: int) -> list[Quad]:
    quads = {
        _quad(DATASET, _VOID + "triples", _integer(total)),
        _quad(DATASET, _PROV + "wasGeneratedBy", _BUILD),
        _quad(_BUILD, RDF_TYPE, NamedNode(_PROV + "Activity")),
        _quad(_BUILD, RDFS_LABEL, Literal(f"Build of the graph by migov {__version__}", language="en")),
        validity(as_of),
    }
    for iri in {*sizes, CURRENT.value}:
        graph = NamedNode(iri)
        quads |= {
            _quad(DATASET, _VOID + "subset", graph),
            _quad(graph, RDF_TYPE, NamedNode(_VOID + "Dataset")),
            _quad(graph, _VOID + "triples", _integer(sizes.get(iri, 0))),
            _quad(graph, RDFS_LABEL, Literal(files.get(iri) or _MADE[iri], language="en")),
        }
        if iri in files:
            quads.add(_quad(graph, _DCTERMS + "identifier", Literal(files[iri])))
            quads.add(_quad(_BUILD, _PROV + "used", graph))
        else:
            quads.add(_quad(graph, _PROV + "wasGeneratedBy", _BUILD))
    return sorted(quads, key=str)


def _quad(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(predicate), value, META)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))
