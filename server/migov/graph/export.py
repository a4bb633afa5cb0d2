"""Writes quads in the six formats of a dump: sorted, so that the same graph always gives the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from migov import vocabulary
from migov.graph import rebase


@dataclass(frozen=True)
class Format:
    """One way to write RDF; ``graphs`` tells whether it can carry named graphs."""

    rdf: RdfFormat
    graphs: bool
    name: str


FORMATS = {
    "ttl": Format(RdfFormat.TURTLE, False, "Turtle"),
    "nt": Format(RdfFormat.N_TRIPLES, False, "N-Triples"),
    "jsonld": Format(RdfFormat.JSON_LD, False, "JSON-LD"),
    "rdf": Format(RdfFormat.RDF_XML, False, "RDF/XML"),
    "trig": Format(RdfFormat.TRIG, True, "TriG"),
    "nq": Format(RdfFormat.N_QUADS, True, "N-Quads"),
}


def canonical_lines(quads: Iterable[Quad]) -> list[str]:
    """Return the sorted N-Quads lines of quads without blank nodes: their RDFC-1.0 canonical form (section 5)."""
    return sorted({f"{quad} .\n" for quad in quads})


def write(quads: Iterable[Quad], format: str, base: str = vocabulary.BASE) -> bytes:
    """Return quads in one of ``FORMATS``; those without named graphs get the triples of all graphs merged.

    ``base`` is what the namespaces of the prefix list begin with instead of the canonical base.
    """
    kind = FORMATS[format]
    if kind.graphs:
        # TriG is easier to read with one block a graph, so the graph is the first key there.
        ordered = sorted(set(quads), key=lambda q: (str(q.graph_name), *_key(q)))
        if format == "nq":
            return "".join(canonical_lines(ordered)).encode()
        return _serialise(ordered, kind, base)
    return _serialise(sorted({quad.triple for quad in quads}, key=_key), kind, base)


def _serialise(statements: list[Quad] | list[Triple], kind: Format, base: str) -> bytes:
    return serialize(statements, format=kind.rdf, prefixes=_prefixes(statements, base)) or b""


def _prefixes(statements: Iterable[Quad | Triple], base: str) -> dict[str, str]:
    """Return the prefixes that some IRI of the statements can use."""
    terms = {term for s in statements for term in (s.subject, s.predicate, s.object)}
    terms |= {term.datatype for term in terms if isinstance(term, Literal)}
    used = {term.value[: 1 + max(map(term.value.rfind, "/#"))] for term in terms if isinstance(term, NamedNode)}
    moved = {prefix: rebase.iri(namespace, base) for prefix, namespace in vocabulary.prefixes().items()}
    return {prefix: namespace for prefix, namespace in moved.items() if namespace in used}


def _key(statement: Quad | Triple) -> tuple[str, str, str]:
    predicate = statement.predicate.value
    return str(statement.subject), "" if predicate == vocabulary.RDF_TYPE else predicate, str(statement.object)
