"""Runs the SPARQL constraints of ``shapes/*.ttl`` that stand on one node: one query over the whole graph each.

Such a shape targets itself (``mgs:X sh:targetNode mgs:X``) and its query names each offender as ``?value``, so the
engine can answer it directly, on the graph that the build has in hand. The results are those of pySHACL, which would
need a copy of the graph of its own (SHACL 1.0, 5.3.1: a solution is a result; 5.3.2: its message).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from migov import resources
from migov.errors import DataError
from migov.graph import threads
from migov.graph.findings import Result, Term, key, readable

_SH = "http://www.w3.org/ns/shacl#"
_SLOT = re.compile(r"\{[?$](\w+)\}")
_FIND = f"""PREFIX sh: <{_SH}>
SELECT ?shape ?severity ?message ?select WHERE {{
    ?shape sh:targetNode ?shape ; sh:sparql ?constraint .
    ?constraint sh:select ?select ; sh:message ?message .
    OPTIONAL {{ ?shape sh:severity ?stated }}
    BIND(STRAFTER(STR(COALESCE(?stated, sh:Violation)), "#") AS ?severity)
}} ORDER BY ?shape"""


class Singleton(NamedTuple):
    """One shape: its IRI, severity, message with slots, and query."""

    shape: str
    severity: str
    message: str
    query: str


@cache
def read(name: str) -> tuple[Singleton, ...]:
    """Return the singletons of ``shapes/NAME.ttl``."""
    store = Store()
    store.load(path=resources.default().shapes / f"{name}.ttl", format=RdfFormat.TURTLE)
    rows = store.query(_FIND)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("the query for singletons is a SELECT query")
    return tuple(Singleton(*(row[slot].value for slot in ("shape", "severity", "message", "select"))) for row in rows)


def run(name: str, store: Store) -> Iterator[Result]:
    """Yield what the singletons of a shapes file find in all graphs of a store."""
    yield from chain.from_iterable(threads.each(lambda single: list(_run(single, store)), read(name)))


def _run(single: Singleton, store: Store) -> Iterator[Result]:
    rows = store.query(single.query, use_default_graph_as_union=True)
    if not isinstance(rows, QuerySolutions):
        del rows  # the error goes to another thread, and results of the engine must not
        raise DataError("the constraint of a singleton is a SELECT query", file=single.shape)
    names = [variable.value for variable in rows.variables]
    for row in rows:
        said: dict[str, Term] = {name: row[name] for name in names if isinstance(row[name], Term)}
        path = said.get("path")
        yield Result(
            severity=single.severity,
            shape=single.shape,
            focus=key(said.get("value")),
            path=None if path is None else key(path),
            value=None,
            message=readable(_told(single.message, said)),
        )


def _told(message: str, said: Mapping[str, Term]) -> str:
    return _SLOT.sub(lambda match: _text(said.get(match[1])), message)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
