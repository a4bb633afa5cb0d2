"""Helpers to tell a story in Turtle and to read what came of it."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from migov import vocabulary


def prefixed(turtle: str) -> str:
    """Put the project's prefixes before a text of Turtle."""
    lines = (f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in vocabulary.prefixes().items())
    return "\n".join((*lines, turtle))


def store_of(turtle: str) -> Store:
    """Return a store that holds a Turtle text in one named graph."""
    store = Store()
    graph = NamedNode(vocabulary.GRAPH + "relations/story")
    store.load(prefixed(turtle), format=RdfFormat.TURTLE, to_graph=graph)
    return store


def short(quads: Iterable[Quad]) -> set[str]:
    """Return the triples of quads with short names, as ``subject predicate object``."""
    return {" ".join(vocabulary.compact(t.value) for t in (q.subject, q.predicate, q.object)) for q in quads}
