"""Keeps the rows of each kind of table in the graph, so that a later table adds to them and takes nothing away.

What an import makes of a row depends on the others: with the earlier rows at hand a table may hold just what is new.
Rows are worked on in an order of their own, so that neither their order in a table nor that of imports matters.
"""

import json
from collections.abc import Mapping

from pyoxigraph import Literal

from migov.record.citing import TRUST
from migov.record.context import Context
from migov.record.evidence import text, triples
from migov.record.keys import iri, term
from migov.record.tables import Layout, Row, Table

ROW = term("mgo:row")


def join(table: Table, layout: Layout, context: Context) -> Table:
    """Return a table with the rows of the graph beside its own, each once, and make the graph keep them all.

    A row that a table holds twice is a problem of it. Nothing is written before the files are saved.
    """
    found: dict[str, Row] = {}
    for row in table:
        told = _tell(row, layout)
        if told in found:
            table.problems.add(row, f"this is row {found[told].number} again")
        found.setdefault(told, row)
    for told, row in _earlier(layout, context).items():
        found.setdefault(told, row)
    order = sorted(found.values(), key=lambda row: _cells(row, layout))
    order.sort(key=lambda row: (_time(row), sum(map(bool, row.cells.values()))), reverse=True)
    order.sort(key=lambda row: _trust(row, context))
    node = iri("record", f"table-{layout.kind}")
    label = text(f"Rows of the table of {layout.kind.replace('-', ' ')}", "en")
    slots = [("skos:prefLabel", label), *(("mgo:row", text(told)) for told in found)]
    context.files.replace(_file(layout), triples(node, "mgo:ImportedTable", slots))
    return Table(table.name, [Row(row.number, row.cells, place) for place, row in enumerate(order, 1)], table.problems)


def _file(layout: Layout) -> str:
    return f"sources/tables/{layout.kind}"


def _earlier(layout: Layout, context: Context) -> dict[str, Row]:
    """Return the rows that the graph keeps, none where the table is to stand for all of them."""
    if context.replace:
        return {}
    said = [t.object for t in context.files.read(_file(layout)) if t.predicate == ROW]
    empty = dict.fromkeys(layout.names, "")
    return {told.value: Row(0, empty | json.loads(told.value)) for told in said if isinstance(told, Literal)}


def _tell(row: Row, layout: Layout) -> str:
    return json.dumps({name: row[name] for name in layout.names if row[name]}, ensure_ascii=False)


def _cells(row: Row, layout: Layout) -> list[str]:
    return [row[name] for name in layout.names]


def _time(row: Row) -> str:
    told = row.cells.get("source_as_of", "")
    return told if told[:1].isdigit() else ""


def _trust(row: Row, context: Context) -> int:
    """Return how far the source of a row is trusted, 0 most: the best and newest tells first what a thing is called."""
    cells: Mapping[str, str] = row.cells
    url = cells.get("source_url", "")
    source = context.sources.find(f"{url} {cells.get('source_as_of', '')}") or context.sources.find(url)
    return TRUST.index(source.tier) if source else len(TRUST)
