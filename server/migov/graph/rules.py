"""Runs ``queries/rules/*.rq``: CONSTRUCT queries that make the derived graphs, in file-name order, one pass.

Each rule sees the data, the bounds, and what rules of lower numbers made; rules of one number run side by side. Its
head tells::

    # name: member-of
    # reads: mgo:Membership of type member that stands on the as-of day
    # writes: mgo:memberOf
    # graph: derived/current            (or derived/claims)
    # example: group:iom-member-states mgo:memberOf o:iom      (with <…> where the graph has no case yet)

The as-of day stands in the store before the first rule runs, as ``dcterms:valid`` of ``graph/derived/current``: a
rule reads it there, runs as it is on any engine, and gives the same triples for the same graph and the same day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, RdfFormat, Store

from migov.errors import DataError
from migov.graph import threads
from migov.vocabulary import GRAPH, XSD

CURRENT = NamedNode(GRAPH + "derived/current")
GRAPHS = ("derived/current", "derived/claims")
_HEAD = re.compile(r"^# (name|reads|writes|graph|example): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """One rule: what its head says, and its query."""

    file: str
    name: str
    reads: str
    writes: str
    example: str
    graph: str
    query: str


def read(folder: Path) -> list[Rule]:
    """Return the rules of a folder in file-name order; DataError for a head that lacks an entry."""
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def _read(path: Path) -> Rule:
    text = path.read_text("utf-8")
    head = {"graph": "derived/current", **dict(_HEAD.findall(text))}
    missing = [key for key in ("name", "reads", "writes", "example") if key not in head]
    if missing:
        raise DataError(f"the head of this rule lacks: {', '.join(missing)}", file=path.name)
    if head["graph"] not in GRAPHS:
        raise DataError(f"a rule writes to one of {', '.join(GRAPHS)}, not {head['graph']}", file=path.name)
    return Rule(path.name, **head, query=text)


def run(rules: list[Rule], store: Store, as_of: date, progress: Callable[[int, int], None] | None = None) -> None:
    """Add to ``store`` what the rules make of it on the day ``as_of``; DataError names a rule that cannot run."""
    store.add(validity(as_of))
    done = 0
    for _, same in groupby(rules, lambda rule: rule.file.partition("-")[0]):
        step = list(same)
        for rule, made in zip(step, threads.each(lambda rule: _construct(rule, store), step), strict=True):
            graph = NamedNode(GRAPH + rule.graph)
            store.load(made, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)
        done += len(step)
        if progress:
            progress(done, len(rules))


def validity(as_of: date) -> Quad:
    """Return the statement that the shortcuts hold on ``as_of``."""
    day = Literal(as_of.isoformat(), datatype=NamedNode(XSD + "date"))
    return Quad(CURRENT, NamedNode("http://purl.org/dc/terms/valid"), day, NamedNode(GRAPH + "meta"))


def _construct(rule: Rule, store: Store) -> bytes:
    """Return what a rule makes, in N-Triples."""
    try:
        result = store.query(rule.query, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise DataError(f"this is not SPARQL: {error}", file=rule.file, line=error.lineno) from error
    if not isinstance(result, QueryTriples):
        del result  # the error goes to another thread, and results of the engine must not
        raise DataError("a rule must be a CONSTRUCT query", file=rule.file)
    return result.serialize(format=RdfFormat.N_TRIPLES) or b""
