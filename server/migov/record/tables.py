"""Reads a table of facts in a documented column layout, and refuses it whole when one row cannot be understood.

Rows are numbered as a spreadsheet shows them: the header is row 1. Nothing is guessed; every problem of a table is
collected, so that a curator mends them in one go.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from migov.errors import TableRefused
from migov.graph.dates import DAY, MONTH, YEAR, date_bounds

_PRECISIONS = {10: ("day", DAY), 7: ("month", MONTH), 4: ("year", YEAR)}
# Control characters, marks that turn the direction of writing around, and blanks of no width: nobody sees them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")
_ADDRESSES = ("source_url", "extra_sources", "url")  # columns that hold addresses
_SIGN = re.compile(r"[;\t|]")
_SHOWN = 20


@dataclass(frozen=True)
class Column:
    """One column: its name in the header, what it holds, and whether a cell may be empty."""

    name: str
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of table; all must be there, in any order.

    No two rows agree in the columns of ``key``, where there is one: a row takes the place of an earlier one.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True)
class Row:
    """One row: its number in the table (0 for one kept from an earlier table) and its cells, white space folded."""

    number: int
    cells: Mapping[str, str]
    place: int = 0  # in the order in which rows are worked on; each row has its own

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass
class Problems:
    """What is wrong with a table, row by row."""

    table: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, row: "Row | int", text: str) -> None:
        number = row if isinstance(row, int) else row.number
        if not isinstance(row, int) and not number:
            text += f"; it came with an earlier table: {' '.join(filter(None, row.cells.values()))}"
        self.found.append((number, text))

    def refuse(self) -> None:
        """Raise TableRefused, which lists every problem, when there is one."""
        if not self.found:
            return
        lines = [f"row {number}: {text}" if number else f"earlier row: {text}" for number, text in sorted(self.found)]
        more = [f"and {len(lines) - _SHOWN:,} more"] if len(lines) > _SHOWN else []
        count = "1 problem" if len(lines) == 1 else f"{len(lines):,} problems"
        text = "\n  ".join([f"{count}, nothing was written:", *lines[:_SHOWN], *more])
        raise TableRefused(text, rows=sorted({number for number, _ in self.found}), file=self.table)


@dataclass(frozen=True)
class Table:
    """The rows of a table that has its layout's columns; importers add their problems and then ``refuse``."""

    name: str
    rows: list[Row]
    problems: Problems

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def read(path: Path, layout: Layout) -> Table:
    """Read a CSV table (UTF-8, comma, double quotes); problems of rows are collected, a wrong header refuses at once.

    An empty cell of a required column, a row with too few or too many cells, control characters and what looks like an
    address and is none are problems; white space in a cell is folded to single blanks. A table without rows is refused.
    """
    problems = Problems(path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        raise TableRefused("the table is not UTF-8 text: save it as UTF-8", file=path.name) from error
    except csv.Error as error:
        raise TableRefused(f"the table is not CSV: {error}", file=path.name) from error
    if not any(lines):
        raise TableRefused("the table is empty", file=path.name)
    header = [name.strip() for name in lines[0]]
    _check_header(header, layout, path.name)
    rows = [row for number, line in enumerate(lines[1:], 2) if (row := _row(number, line, header, problems))]
    if not any(lines[1:]):
        raise TableRefused("the table has no rows", file=path.name)
    required = [column.name for column in layout.columns if column.required]
    for row in rows:
        for name in required:
            if not row[name]:
                problems.add(row, f"{name} is empty")
        for name in set(_ADDRESSES) & set(header):
            _check_addresses(row, name, problems)
    return Table(path.name, rows, problems)


def is_address(text: str) -> bool:
    """Tell whether a text is an address on the Web that can be written as an IRI."""
    try:
        return urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).netloc) and bool(NamedNode(text))
    except ValueError:
        return False


def _check_addresses(row: Row, name: str, problems: Problems) -> None:
    parts = [part.rstrip(";") for part in row[name].split()]
    for part in parts:
        if "://" in part and not is_address(part):
            problems.add(row, f"{name} {part[:200]!r} is no address")
    if name == "source_url" and parts and not any("://" in part for part in parts):
        problems.add(row, f"{name} {row[name][:200]!r} is no address")


def _check_header(header: list[str], layout: Layout, name: str) -> None:
    missing = [column for column in layout.names if column not in header]
    unknown = [column for column in header if column not in layout.names]
    doubled = sorted({column for column in header if header.count(column) > 1})
    faults = [
        f"{word}: {', '.join(columns)}"
        for word, columns in (("missing", missing), ("unknown", unknown), ("twice", doubled))
        if columns
    ]
    if faults and len(header) == 1 and (sign := _SIGN.search(header[0])):
        raise TableRefused(f"the cells are divided by {sign[0]!r}: save the table with commas", rows=[1], file=name)
    if faults:
        raise TableRefused(f"the columns are not those of {layout.kind}; {'; '.join(faults)}", rows=[1], file=name)


def _row(number: int, line: list[str], header: list[str], problems: Problems) -> Row | None:
    if not line:
        return None
    if len(line) != len(header):
        problems.add(number, f"{len(line)} cells where the header has {len(header)}")
        return None
    if any(_CONTROL.search(cell) for cell in line):
        problems.add(number, "a cell holds characters that nobody sees")
    return Row(number, dict(zip(header, (" ".join(cell.split()) for cell in line), strict=True)))


def moment(row: Row, column: str, problems: Problems, precision: str | None = None) -> Literal | None:
    """Return the date in a column as precisely as printed: a day, a month or a year; None for an empty cell.

    ``precision`` names the column that says how precise the date is (day, month, year, or empty for no date). A date
    that is none, or not as precise as that column says, is a problem.
    """
    text = row[column]
    said = row[precision] if precision else None
    if not text:
        if said:
            problems.add(row, f"{precision} is {said} but {column} is empty")
        return None
    word, datatype = _PRECISIONS.get(len(text), ("day", DAY))
    try:
        date_bounds(text, datatype)
    except ValueError as error:
        problems.add(row, f"{column}: {error}")
        return None
    if said is not None and said != word:
        problems.add(row, f"{column} {text} is a {word}, but {precision} says {said or 'nothing'}")
    return Literal(text, datatype=NamedNode(datatype))


def code(row: Row, column: str, codes: Mapping[str, str], problems: Problems) -> str | None:
    """Return the code that stands for a cell's word; a word that has none is a problem that lists those that have."""
    word = row[column]
    if word not in codes:
        problems.add(row, f"{column} {word!r} is unknown: use {', '.join(sorted(codes))}")
    return codes.get(word)
