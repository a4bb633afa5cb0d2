"""The lists of an entity that are too long to be read among its facts: each as a table, a page at a time."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlencode

from migov.store import Iri
from migov.web import participations, wording, words
from migov.web.census import Census, Many
from migov.web.facts import heading as heading_of
from migov.web.listing import ROWS, Cell, Line, Listing, Part, cell, listing
from migov.web.paging import Pages, pages
from migov.web.reader import Node, Row
from migov.web.record import Record, Value

_FEW = 20
"""Rows of a list of names only that stand on the entity's own page."""
_ACTS = ("actor.TreatyAction", "instrument.TreatyAction")
_MEMBERS = ("member.Membership", "organization.Membership")
_COUNTRIES = "observedEntity.Observation.in-country"
_TOGETHER = {*_ACTS, "agent.Participation", "instrument.Participation"}


def parts(path: str, chosen: str) -> Part:
    """On an entity's own page, the first page of each list; on the page of one list, the page asked for."""

    def part(name: str, count: int, rows: int) -> Pages:
        address = f"{path}?{urlencode({'list': name})}"
        return pages(address, count, rows) if name == chosen else Pages(address, 1, count, rows)

    return part


def lists(record: Record, census: Census, part: Part, chosen: str = "") -> list[Listing]:
    """Every long list about the entity, or the chosen one only."""
    found = []
    acts = census.find(*_ACTS)
    if acts and chosen in {"", participations.NAME}:
        of_treaty = acts.name == "instrument.TreatyAction"
        found.append(participations.table(record, part, of_treaty=of_treaty))
    for many in census.apart:
        if many.name in _TOGETHER or chosen not in {"", many.name}:
            continue
        if many.name in _MEMBERS:
            found.append(_memberships(record, many, part, whole=bool(chosen)))
        elif many.name == _COUNTRIES:
            found.append(_countries(record, many, part, whole=bool(chosen)))
        else:
            found.append(_mentions(record, many, part, whole=bool(chosen)))
    return found


def _memberships(record: Record, many: Many, part: Part, *, whole: bool) -> Listing:
    rows = [row for row in record.reader.rows("memberships", entity=Iri(record.iri)) if row["slot"].value == many.slot]
    _learn(record, rows, "type")
    lines = []
    for row in rows:
        kind = record.link(row["type"].value).text if "type" in row else ""
        when = cell(_period(row) or "time not given", record.addresses.href(row["node"].value), _ranked(row))
        lines.append(Line([Cell([(record.link(row["other"].value), "")]), cell(kind), when], [row["node"].value]))
    columns = ("Member" if words.local(many.slot) == "organization" else "Organisation", "Kind", "When")
    place = part(many.name, len(lines), 200 if whole else 25)
    return listing(record, many.name, _heading(record, many), columns, lines, place)


def _period(row: Row) -> str:
    """The period of a membership in words; where only a window was seen, that."""
    said = {name: row[name].value for name in ("start", "end", "status", "seen", "until", "asOf") if name in row}
    period = wording.period(said.get("start", ""), said.get("end", ""), words.local(said.get("status", "")))
    if "seen" in said and "start" not in said:
        last = said.get("until", said["seen"])
        between = "" if last == said["seen"] else f" to {wording.date(last)}"
        seen = f"seen {wording.date(said['seen'])}{between}"
        period = f"{period}, {seen}" if period else seen
    return period or (f"as of {wording.date(said['asOf'])}" if "asOf" in said else "")


def _ranked(row: Row) -> str:
    return "deprecated" if "rank" in row and words.local(row["rank"].value) == "deprecated" else ""


def _countries(record: Record, many: Many, part: Part, *, whole: bool) -> Listing:
    """Figures by country: each year on the list's own page, the latest one only on the entity's."""
    rows = record.reader.about("by-country" if whole else "by-country-latest", record.iri)
    _learn(record, rows, "indicator")
    by_country: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_country[row["other"].value, row["indicator"].value].append(row)
    lines = []
    for (country, _), group in by_country.items():
        first = Cell([(record.link(country), "")])
        figures = Cell([(_figure(record, row), _year(row)) for row in group])
        first_year = wording.date(group[0]["first"].value) if "first" in group[0] else _year(group[0])
        count = cell(wording.period(first_year, _year(group[-1]), ""))
        lines.append(Line([first, figures, count], [row["node"].value for row in group]))
    indicators = wording.listed(sorted({record.link(indicator).text for _, indicator in by_country}))
    about = f"{wording.counted(many.count, 'figure')}; " + (
        "every year." if whole else "here the latest of each country."
    )
    heading = words.sentence_case(indicators)
    columns = ("Country", "US dollars" if _in_dollars(indicators) else "Figure", "Years")
    part_ = part(many.name, len(lines), 60 if whole else 20)
    return listing(record, many.name, heading, columns, lines, part_, about=about, folded=not whole, sourced=whole)


def _in_dollars(indicators: str) -> bool:
    return "expense" in indicators


def _figure(record: Record, row: Row) -> Value:
    return Value(wording.number(row["value"].value), record.addresses.href(row["node"].value))


def _year(row: Row) -> str:
    return wording.date(row["asOf"].value) if "asOf" in row else "undated"


def _mentions(record: Record, many: Many, part: Part, *, whole: bool) -> Listing:
    """Names only: what each statement says stands on its own page."""
    place = part(many.name, many.count, ROWS if whole else _FEW)
    keys = {"entity": Iri(record.iri), "slot": Iri(many.slot), "class": Iri(many.kind)}
    rows = record.reader.part_of("mentions", place.per_page, place.offset, **keys)
    record.found.names.read(row for row in rows if "label" in row)
    lines = [Line([Cell([(record.link(row["node"].value), "")])], []) for row in rows]
    shown = Pages(place.path, 1, len(lines), len(lines) or 1)  # only the rows of this page were read
    made = listing(record, many.name, _heading(record, many), ("Name",), lines, shown, sourced=False)
    return Listing(made.name, made.heading, "", made.columns, made.lines, place, [])


def _heading(record: Record, many: Many) -> str:
    example = Node("")
    example.add("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", Iri(many.kind))
    inverse = words.INVERSES.get(words.local(many.slot))
    return inverse if inverse and many.kind not in _assertions(record) else heading_of(record, example, many.slot)


def _assertions(record: Record) -> set[str]:
    top = record.reader.base + "ontology/Assertion"
    return {iri for iri in record.reader.terms if top in record.reader.ancestors(iri)}


def _learn(record: Record, rows: Iterable[Row], *slots: str) -> None:
    """Take in the names that rows bring along, and look up those of what stands in further columns."""
    rows = list(rows)
    record.found.names.read({"node": row["other"], "label": row["name"]} for row in rows if "name" in row)
    named = {row[slot].value for row in rows for slot in slots if slot in row}
    record.found.names.read(record.reader.rows_of("names-of", named))
