"""The answer to a question of the library as a page shows it: names lead to what they name; a chart; a page of rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migov.library import Question
from migov.store import Answer
from migov.web import plot, results
from migov.web.gazetteer import Gazetteer, gazetteer
from migov.web.paging import Pages, pages
from migov.web.plot import Plot
from migov.web.reader import Names
from migov.web.record import Value
from migov.web.site import Site

BUDGET = 72_000
"""So many bytes of a page are for rows; less where the form of the question is long."""
LEAST, MOST = 20, 250
_OVERHEAD, _LINK = 30, 45
_LISTED = ("source", "sources")
"""Columns whose texts name several things at once."""
_BETWEEN = "; "
Row = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    """Some rows of an answer, each cell a list of values; the whole of it as a chart, where it has the form of one."""

    columns: list[str]
    rows: list[list[list[Value]]]
    numeric: list[bool]
    part: Pages
    chart: Plot | None
    drawn: str

    @property
    def total(self) -> int:
        return self.part.count


def page(here: Site, question: Question, answer: Answer, path: str, taken: int) -> Page:
    """The part of an answer that the request asks for; ``taken`` is what the rest of the page weighs."""
    document = json.loads(answer.body)
    columns: list[str] = document["head"]["vars"]
    rows: list[Row] = document["results"]["bindings"]
    part = pages(path, len(rows), per_page(rows, BUDGET - taken))
    shown = part.cut(rows)
    names = here.reader.names_of({t["value"] for row in shown for t in row.values() if t["type"] == "uri"})
    known = gazetteer(here)
    cells = [[cell(here, names, known, column, row.get(column)) for column in columns] for row in shown]
    numeric = [all(is_number(row.get(column)) for row in shown) for column in columns]
    form = question.chart.partition(" | ")[0]
    chart = plot.described(form, rows, {}) if form else None
    return Page(columns, cells, numeric, part, chart, question.caption)


def per_page(rows: Sequence[Row], budget: int) -> int:
    """How many rows fit into so many bytes of a page, judged by the average row."""
    weight = sum(_OVERHEAD + sum(_OVERHEAD + len(term["value"]) + _LINK for term in row.values()) for row in rows)
    return max(LEAST, min(MOST, budget * len(rows) // weight)) if rows else MOST


def is_number(term: Mapping[str, Any] | None) -> bool:
    """Tell whether a value is a number, or there is none."""
    return term is None or plot.number(term) is not None


def cell(here: Site, names: Names, known: Gazetteer, column: str, term: Mapping[str, Any] | None) -> list[Value]:
    """The values of one cell; a text that is the name of one thing leads to it."""
    value = results.cell(here, names, term)
    if value is None or term is None:
        return []
    if value.href or term["type"] != "literal" or "datatype" in term:
        return [value]
    if iri := known.meant(value.text):
        return [Value(value.text, here.addresses.href(iri), value.language)]
    parts = value.text.split(_BETWEEN) if column in _LISTED else []
    found = [known.meant(part) for part in parts]
    if not any(found):
        return [value]
    return [Value(text, here.addresses.href(iri) if iri else None) for text, iri in zip(parts, found, strict=True)]
