"""A result for spreadsheets: CSV that people open by a double click, made for reading and not for programs.

It begins with a byte order mark, so that accents survive; beside each column of things stand their names; and no text
can be taken for a formula. The plain W3C CSV is for programs, and has none of this.
"""

import csv
import io
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from migov import errors
from migov.store import Answer
from migov.web import language
from migov.web.reader import Names
from migov.web.results import text_of
from migov.web.site import Site

MOST_BYTES: Final = 8 * 2**20
"""The largest result, as JSON, that is made into a sheet."""
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_AT_ONCE: Final = 500


def write(here: Site, answer: Answer, until: float) -> bytes:
    """The rows of a SELECT, given as JSON, as a sheet; raises ``ResultTooLarge``, and ``QueryTimeout`` at ``until``.

    Every cell is quoted: where a spreadsheet cuts lines at semicolons, one within a text must not begin a cell.
    """
    if len(answer.body) > MOST_BYTES:
        told = f"A sheet is made of {MOST_BYTES:,} bytes of result at most. Ask for plain CSV, or for fewer rows."
        raise errors.ResultTooLarge(told, limit=MOST_BYTES, unit="bytes")
    document = json.loads(answer.body)
    columns: list[str] = document["head"]["vars"]
    rows: list[Mapping[str, Any]] = document["results"]["bindings"]
    things = {term["value"] for row in rows for term in row.values() if _is_ours(here, term)}
    with language.using(language.DEFAULT):  # a file is the same in every language
        return _written(here, columns, rows, things, until)


def _written(here: Site, columns: list[str], rows: list[Mapping[str, Any]], things: set[str], until: float) -> bytes:
    named = {column for column in columns if any(_is_ours(here, row.get(column)) for row in rows)}
    names = _names(here, sorted(things), until)
    text = io.StringIO(newline="")
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow(
        [head for column in columns for head in ([column, f"{column} (name)"] if column in named else [column])]
    )
    for row in rows:
        cells: list[str] = []
        for column in columns:
            term = row.get(column)
            cells.append(harmless(text_of(term)) if term else "")
            if column in named:
                cells.append(harmless(_name(here, names, term)))
        sheet.writerow(cells)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _is_ours(here: Site, term: Mapping[str, Any] | None) -> bool:
    return term is not None and term["type"] == "uri" and term["value"].startswith(here.base)


def _name(here: Site, names: Names, term: Mapping[str, Any] | None) -> str:
    return here.reader.label(term["value"], names).value if term and _is_ours(here, term) else ""


def _names(here: Site, iris: list[str], until: float) -> Names:
    names = Names()
    for start in range(0, len(iris), _AT_ONCE):
        if time.monotonic() > until:
            told = f"The names of {len(iris):,} things were not found in time. Ask for plain CSV, or for fewer rows."
            raise errors.QueryTimeout(told)
        names.labels.update(here.reader.names_of(iris[start : start + _AT_ONCE]).labels)
    return names
