"""Keeps the rows of each kind of table in the graph, so that a later table adds to them and takes nothing away.

What an import makes of a row depends on the others: with the earlier rows at hand a table may hold just what is new.
Rows are worked on in an order of their own, so that neither their order in a table nor that of imports matters.
"""

import csv
import io
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from migov.record.citing import TRUST
from migov.record.context import Context
from migov.record.evidence import Term, text, triples
from migov.record.keys import iri, term
from migov.record.tables import Layout, Row, Table
from migov.record.writing import Files

Cells = tuple[str, ...]


def join(table: Table, layout: Layout, context: Context) -> Table:
    """Return a table with the rows of the graph beside its own, each once, and make the graph keep them all.

    Of a kind whose rows have a key, a row takes the place of the earlier one with its key. A row that a table holds
    twice is a problem of it. Nothing is written before the files are saved.
    """
    found: dict[Cells, Row] = {}
    for row in table:
        key = _cells(row, layout.key or layout.names)
        if key in found:
            table.problems.add(row, f"this is row {found[key].number} again")
            key = (*key, str(row.number))  # so that what else is wrong with it is told as well
        found[key] = row
    for row in () if context.replace else kept(layout, context.files):
        found.setdefault(_cells(row, layout.key or layout.names), row)
    order = sorted(found.values(), key=lambda row: _cells(row, layout.names))
    _keep((_cells(row, layout.names) for row in order), layout, context.files)
    order.sort(key=lambda row: (_time(row), sum(map(bool, row.cells.values()))), reverse=True)
    order.sort(key=lambda row: _trust(row, context))
    return Table(table.name, [Row(row.number, row.cells, place) for place, row in enumerate(order, 1)], table.problems)


def kept(layout: Layout, files: Files) -> list[Row]:
    """Return the rows of a kind of table that the graph has; a column that is new since then is empty in them."""
    said: dict[NamedNode, list[str]] = {}
    for triple in files.read(_file(layout)):
        if isinstance(triple.object, Literal):
            said.setdefault(triple.predicate, []).append(triple.object.value)
    header = ",".join(said.get(term("mgo:columns"), []))
    empty = dict.fromkeys(layout.names, "")
    lines = (f"{header}\n{line}" for line in sorted(said.get(term("mgo:row"), [])))
    return [Row(0, empty | cells) for line in lines for cells in csv.DictReader(io.StringIO(line, newline=""))]


def _keep(rows: Iterable[Cells], layout: Layout, files: Files) -> None:
    slots: list[tuple[str, Term | None]] = [
        ("skos:prefLabel", text(f"Rows of the table of {layout.kind.replace('-', ' ')}", "en")),
        ("mgo:columns", text(_line(layout.names))),
        *(("mgo:row", text(_line(cells))) for cells in rows),
    ]
    files.replace(_file(layout), triples(iri("record", f"table-{layout.kind}"), "mgo:ImportedTable", slots))


def _file(layout: Layout) -> str:
    return f"sources/tables/{layout.kind}"


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _cells(row: Row, columns: Iterable[str]) -> Cells:
    return tuple(row[name] for name in columns)


def _time(row: Row) -> str:
    told = row.cells.get("source_as_of", "")
    return told if told[:1].isdigit() else ""


def _trust(row: Row, context: Context) -> int:
    """Return how far the source of a row is trusted, 0 most: the best and newest tells first what a thing is called."""
    url = row.cells.get("source_url", "")
    source = context.sources.find(f"{url} {row.cells.get('source_as_of', '')}") or context.sources.find(url)
    return TRUST.index(source.tier) if source else len(TRUST)
