"""Moves IRIs from the canonical base to the base of a deployment; files always hold the canonical one."""

from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from migov.vocabulary import BASE

_Term = TypeVar("_Term", NamedNode, NamedNode | BlankNode | Triple, NamedNode | BlankNode | Literal | Triple)


def iri(text: str, base: str) -> str:
    """Return an IRI of the canonical base under ``base``, any other as it is."""
    return base + text.removeprefix(BASE) if text.startswith(BASE) else text


def quad(old: Quad, base: str) -> Quad:
    """Return a quad with every IRI moved to ``base``."""
    if base == BASE:
        return old
    graph = old.graph_name
    return Quad(
        _term(old.subject, base),
        _term(old.predicate, base),
        _term(old.object, base),
        NamedNode(iri(graph.value, base)) if isinstance(graph, NamedNode) else graph,
    )


def _term(term: _Term, base: str) -> _Term:
    return NamedNode(iri(term.value, base)) if isinstance(term, NamedNode) else term
