"""Long lists on the page of an entity, and each on a page of its own: plain tables whose rows name their sources."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from migov.web.chart import Chart
from migov.web.coverage import Coverage
from migov.web.language import N_, collated
from migov.web.paging import Pages
from migov.web.record import Mark, Record, Value

ROWS = 100
Part = Callable[[str, int, int], Pages]
"""Which page of a list to show: its name, the number of its rows, and the rows of a page."""


@dataclass
class Cell:
    """A field of a table: values one below the other, each with words after it."""

    values: list[tuple[Value, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, value: Value, after: str = "") -> None:
        """Put one more value below the others."""
        self.values.append((value, after))


@dataclass(frozen=True)
class Line:
    """One row: its fields, the first of which names it, the assertions that it tells of, and its group's heading."""

    cells: list[Cell]
    nodes: list[str]
    group: str = ""


@dataclass(frozen=True)
class Listing:
    """A table under a heading, with a chart of its number over the years.

    ``documents`` are what its numbered marks lead to, ``groups`` how many rows each has, ``sorts`` the addresses of
    the list sorted by a column, and ``sheet`` that of the list as a file.
    """

    name: str
    heading: str
    about: str
    columns: Sequence[str]
    lines: Sequence[Line]
    part: Pages
    documents: list[Value]
    style: str = ""
    coverage: Coverage | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    chart: Chart | None = None
    sorts: Mapping[str, str] = field(default_factory=dict)
    sorted_by: str = ""
    sheet: str = ""

    @property
    def anchor(self) -> str:
        return anchor(self.name)

    @property
    def dated(self) -> bool:
        """Whether it differs from day to day."""
        return self.style.startswith(("acts", "members"))


def anchor(name: str) -> str:
    """What the anchors of a list's documents begin with: short, for they stand in every row."""
    return "".join(part[:1] for part in re.split(r"[^A-Za-z]", name))


def cell(text: str, href: str | None = None, after: str = "") -> Cell:
    """A field with one value, or an empty one."""
    return Cell([(Value(text, href), after)] if text else [])


def listing(
    record: Record,
    name: str,
    heading: str,
    columns: Sequence[str],
    lines: Sequence[Line],
    part: Pages,
    *,
    about: str = "",
    sourced: bool = True,
    style: str = "",
    coverage: Coverage | None = None,
    chart: Chart | None = None,
    behind: Mapping[str, Sequence[str]] | None = None,
    sorts: Mapping[str, str] | None = None,
    sorted_by: str = "",
) -> Listing:
    """A table of one page of ``lines``, a last column added with the sources of each row.

    ``behind`` are the documents behind each assertion, where they were read with the rows.
    """
    shown = part.cut(lines)
    documents = _sources(record, name, shown, behind) if sourced else []
    heads = [*columns, N_("Sources")] if sourced else columns
    groups = Counter(line.group for line in lines if line.group)
    drawn = (style, coverage, groups, chart, sorts or {}, sorted_by)
    return Listing(name, heading, about, heads, shown, part, documents, *drawn)


def _sources(
    record: Record, name: str, lines: Iterable[Line], behind: Mapping[str, Sequence[str]] | None
) -> list[Value]:
    """Add to each row the numbers of the documents behind it; return the documents in their order."""
    lines = list(lines)
    if behind is None:
        behind = _read_sources(record, lines)
    rests = [{iri for node in line.nodes for iri in behind.get(node, ())} for line in lines]
    documents = set().union(*rests)
    record.found.names.join(record.reader.names_of(documents))
    order = sorted(documents, key=lambda iri: (collated(record.link(iri).text), iri))
    numbers = {iri: number for number, iri in enumerate(order, 1)}
    marked: dict[frozenset[str], Cell] = {}  # most rows of a list rest on the same documents
    for line, sources in zip(lines, rests, strict=True):
        key = frozenset(sources)
        if key not in marked:
            marked[key] = Cell(marks=_marks(anchor(name), sorted(numbers[iri] for iri in key)))
        line.cells.append(marked[key])
    return [record.link(iri) for iri in order]


def _read_sources(record: Record, lines: Iterable[Line]) -> Mapping[str, Sequence[str]]:
    behind: dict[str, list[str]] = defaultdict(list)
    for row in record.reader.rows_of("sources-of", (node for line in lines for node in line.nodes)):
        behind[row["node"].value].append(row["source"].value)
    return behind


def _marks(start: str, numbers: Sequence[int]) -> list[Mark]:
    """A mark for each number; three and more that follow each other are one, which leads to the first: 1–4."""
    found: list[Mark] = []
    for _, run in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        following = [number for _, number in run]
        parts = [following] if len(following) > 2 else [[number] for number in following]
        for numbers_ in parts:
            told = f"{numbers_[0]}–{numbers_[-1]}" if len(numbers_) > 1 else str(numbers_[0])
            found.append(Mark(numbers_[0], f"#{start}-{numbers_[0]}", "", told))
    return found
