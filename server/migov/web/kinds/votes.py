"""Who voted how on an instrument: by name and region, beside the totals that sources state."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from migov.web import wording, words
from migov.web.language import _
from migov.web.reader import Row
from migov.web.record import Record, Value

_ORDER = ("yes", "no", "abstention")
_TOTALS = ("votes-in-favour", "votes-against", "abstentions")


@dataclass(frozen=True)
class Ballot:
    """One vote by name; ``href`` leads to the statement."""

    voter: Value
    href: str | None
    aside: bool


@dataclass(frozen=True)
class Votes:
    """The table: a column for each way to vote, a row for each region, and totals by name and as stated."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Sequence[Ballot]]]]
    named: Sequence[int]
    stated: Sequence[tuple[str, Sequence[Value]]]


def votes(record: Record) -> Votes | None:
    """The votes on the entity; None where none is recorded."""
    found = record.rows("votes")
    cast, totals = [row for row in found if "cast" in row], [row for row in found if "indicator" in row]
    if not (cast or totals):
        return None
    slots = ("voter", "cast", "region", "indicator")
    record.found.names.join(record.reader.names_of({row[slot].value for row in found for slot in slots if slot in row}))
    codes = sorted({row["cast"].value for row in cast}, key=_place)
    regions: dict[str, dict[str, list[Ballot]]] = defaultdict(lambda: defaultdict(list))
    for row in cast:
        region = record.link(row["region"].value).text if "region" in row else _("No region")
        regions[region][row["cast"].value].append(_ballot(record, row))
    rows = [
        (region, [sorted(by_code[code], key=lambda ballot: ballot.voter.text.casefold()) for code in codes])
        for region, by_code in sorted(regions.items())
    ]
    named = [sum(not ballot.aside for _region, cells in rows for ballot in cells[n]) for n in range(len(codes))]
    columns = [words.sentence_case(record.link(code).text) for code in codes]
    return Votes(columns, rows, named, _stated(record, totals))


def _ballot(record: Record, row: Row) -> Ballot:
    aside = "rank" in row and words.local(row["rank"].value) == "deprecated"
    return Ballot(record.link(row["voter"].value), record.addresses.href(row["node"].value), aside)


def _place(code: str) -> tuple[int, str]:
    name = words.local(code)
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def _stated(record: Record, rows: Sequence[Row]) -> list[tuple[str, list[Value]]]:
    """The totals by what they count, each figure leading to its statement."""
    found: dict[str, list[Value]] = defaultdict(list)
    order = sorted(rows, key=lambda row: (_rank(row["indicator"].value), row["node"].value))
    for row in order:
        name = words.sentence_case(record.link(row["indicator"].value).text)
        found[name].append(Value(wording.number(row["value"].value), record.addresses.href(row["node"].value)))
    return list(found.items())


def _rank(indicator: str) -> int:
    name = words.local(indicator)
    return _TOTALS.index(name) if name in _TOTALS else len(_TOTALS)
