"""Runs ``queries/checks/*.rq``: conditions that join many nodes, each one query on the whole store.

The head of a check tells its title, severity, message (with ``{?variable}``) and, where a wrong name is likely a slip,
the variable that holds it::

    # title: Nothing dangles
    # severity: Violation
    # message: {?value} is named here and described nowhere.
    # nearest: value

Its rows name ``?focus`` and where they can ``?path`` and ``?value``. Results carry the same fields as those of shapes;
the shape is ``mgs:`` and the name of the file in capitals (``no-same-as.rq`` is ``mgs:NoSameAs``).
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from migov import resources, vocabulary
from migov.errors import DataError
from migov.graph import findings, threads
from migov.graph.findings import Places, Result, Term, key
from migov.graph.load import ParsedFile

_HEAD = re.compile(r"^# (title|severity|message|nearest): (.+)$", re.MULTILINE)
_SLOT = re.compile(r"\{\?(\w+)\}")
_DEFINED_BY = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"


@dataclass(frozen=True)
class Check:
    """One check: what its head says, and its query."""

    shape: str
    title: str
    severity: str
    message: str
    query: str
    nearest: str | None = None


def read(folder: Path) -> list[Check]:
    """Return the checks of a folder in file-name order; DataError for a head that lacks an entry."""
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def _read(path: Path) -> Check:
    text = path.read_text("utf-8")
    head = dict(_HEAD.findall(text))
    missing = [entry for entry in ("title", "severity", "message") if entry not in head]
    if missing or head["severity"] not in findings.SEVERITIES:
        lacks = ", ".join(missing) or f"a severity out of {', '.join(findings.SEVERITIES)}"
        raise DataError(f"the head of this check lacks: {lacks}", file=path.name)
    name = "".join(word.capitalize() for word in path.stem.split("-"))
    return Check(vocabulary.SHAPES + name, query=text, **head)


def run(
    store: Store,
    files: Sequence[ParsedFile] = (),
    checks: Iterable[Check] | None = None,
    passed: Container[str] = (),
) -> list[Result]:
    """Run all checks over asserted and derived graphs together; ``files`` give results their file and line.

    The checks whose shapes are in ``passed`` are known to find nothing.
    """
    places = Places(files)
    chosen = read(resources.default().queries / "checks") if checks is None else checks
    todo = [check for check in chosen if check.shape not in passed]
    found = chain.from_iterable(threads.each(lambda check: list(_run(check, store)), todo))
    return sorted({places.place(result) for result in found}, key=findings.order)


def _run(check: Check, store: Store) -> Iterator[Result]:
    rows = store.query(check.query, use_default_graph_as_union=True)
    if not isinstance(rows, QuerySolutions):
        del rows  # the error goes to another thread, and results of the engine must not
        raise DataError("a check is a SELECT query", file=check.shape)
    names = [variable.value for variable in rows.variables]
    for row in rows:
        path = _get(row, names, "path")
        yield Result(
            severity=check.severity,
            shape=check.shape,
            focus=key(_get(row, names, "focus")),
            path=None if path is None else key(path),
            value=_get(row, names, "value"),
            message=_message(check, {name: _text(_get(row, names, name)) for name in names}),
            suggestion=_nearest(_get(row, names, check.nearest), store) if check.nearest else None,
        )


def _message(check: Check, said: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: said[match[1]], check.message)


def _get(row: QuerySolution, names: Sequence[str], name: str) -> Term | None:
    value = row[name] if name in names else None
    return value if isinstance(value, Term) else None


def _text(term: Term | None) -> str:
    if isinstance(term, NamedNode):
        return vocabulary.compact(term.value)
    return term.value if isinstance(term, Literal) else "nothing"


def _nearest(term: Term | None, store: Store) -> str | None:
    """Return the likeliest known name for a wrong one: a thing whose IRI begins alike, or a declared term."""
    if not isinstance(term, NamedNode):
        return None
    space = term.value[: max(term.value.rfind("/"), term.value.rfind("#")) + 1]
    beside = (name for name in _subjects(store, vocabulary.RDF_TYPE) if name.startswith(space))
    return findings.nearest(term.value, beside) or findings.nearest(term.value, _subjects(store, _DEFINED_BY))


def _subjects(store: Store, predicate: str) -> set[str]:
    return {key(quad.subject) for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None)}
