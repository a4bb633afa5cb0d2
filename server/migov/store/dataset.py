"""The dataset that a query sees (SPARQL 1.1, 13.2), as options of the engine.

Its default graph is the merge of those named for it: a triple that stands in two of them is one triple. The engine
counts it twice, as it counts a graph that is named twice; so names are made single here, and where the loaded graphs
share triples at all, those named are merged in a copy.
"""

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from migov import errors
from migov.store import guard
from migov.store.interface import Dataset
from migov.store.load import Graph

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_EMPTY = ox.Store()


def seen(
    graph: Graph, text: str, asked: Dataset, prefixes: Mapping[str, str], base: str | None
) -> tuple[ox.Store, dict[str, Any]]:
    """Give the store to ask, and the engine's options, for the dataset asked for or that of the query's FROM clauses.

    Raises ``BadRequest`` for the name of a graph that is no IRI.
    """
    own = not asked and guard.has_word(text, "from")
    found = _named_in(text, prefixes, base) if own else asked
    if not found:  # no dataset, or a query that the engine is about to refuse
        return graph.store, {"use_default_graph_as_union": not (own or graph.merged)}
    default, named = _nodes(found.default), _nodes(found.named)
    if graph.merged and len(default) > 1:
        return _merge(graph.store, default, named), {"default_graph": [ox.DefaultGraph()], "named_graphs": named}
    return graph.store, {"default_graph": default, "named_graphs": named}


def _merge(store: ox.Store, default: list[ox.NamedNode], named: list[ox.NamedNode]) -> ox.Store:
    """Copy the graphs of a dataset into a store whose default graph is the merge of those named for it."""
    copy = ox.Store()
    for name in default:
        quads = store.quads_for_pattern(None, None, None, name)
        copy.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for name in named:
        copy.extend(store.quads_for_pattern(None, None, None, name))
        copy.add_graph(name)
    return copy


def _nodes(iris: tuple[str, ...]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        raise errors.BadRequest(f"The name of a graph is not an IRI: {error}.") from None


def _named_in(text: str, prefixes: Mapping[str, str], base: str | None) -> Dataset | None:
    """Read the FROM clauses of a query; the engine itself makes IRIs of their names. None where it cannot."""
    start, depth = 0, 0
    places: list[tuple[bool, str]] = []
    clause = ""
    for token in guard.tokens(text):
        depth += (token.kind == "open") - (token.kind == "close")
        word = token.text.upper() if token.kind == "word" and not depth else ""
        if word in _FORMS and not start:
            start = token.start + 1
        if clause and word != "NAMED":
            if token.kind not in ("iri", "name"):
                return None
            places.append((clause == "NAMED", token.text))
            clause = ""
        elif word in ("FROM", "NAMED"):
            clause = word
    shown = " ".join(f"(IRI({name}) AS ?g{number})" for number, (_, name) in enumerate(places))
    try:
        solutions = _EMPTY.query(
            f"{text[: max(start - 1, 0)]}SELECT {shown} {{}}", prefixes=dict(prefixes), base_iri=base
        )
    except SyntaxError:
        return None
    assert isinstance(solutions, ox.QuerySolutions)
    (row,) = solutions
    iris = [(named, row[f"g{number}"].value) for number, (named, _) in enumerate(places)]
    return Dataset(*(tuple(iri for named, iri in iris if named is wanted) for wanted in (False, True)))
