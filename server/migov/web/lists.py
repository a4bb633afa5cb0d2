"""The lists of an entity that are too long to be read among its facts: each as a table, a page at a time."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from urllib.parse import urlencode

from migov.store import Iri
from migov.web import day, figures, memberships, participations, wording, words
from migov.web.census import Census, Many
from migov.web.facts import heading as heading_of
from migov.web.language import N_, _, ngettext
from migov.web.listing import ROWS, Cell, Line, Listing, Part, cell, listing
from migov.web.paging import Pages, pages
from migov.web.reader import Node, Reader, Row
from migov.web.record import Record, Value

_FEW = 6
"""Rows of a list of names only that stand on the entity's own page."""
_ACTS = ("actor.TreatyAction", "instrument.TreatyAction")
_MEMBERS = ("member.Membership", "organization.Membership")
_COUNTRIES = "observedEntity.Observation.in-country"
_TOGETHER = {*_ACTS, "agent.Participation", "instrument.Participation", "instrument.SourceRanking"}


def parts(path: str, chosen: str, on: str = "") -> Part:
    """On an entity's own page, the first page of each list; on the page of one list, the page asked for."""

    def part(name: str, count: int, rows: int) -> Pages:
        sort = participations.asked_sort() if name == chosen == participations.NAME else ""
        parameters = {"list": name} | ({participations.SORT: sort} if sort else {})
        address = day.kept(f"{path}?{urlencode(parameters)}", on)
        return pages(address, count, rows) if name == chosen else Pages(address, 1, count, rows)

    return part


def dated(census: Census) -> bool:
    """Whether the page of an entity differs from day to day."""
    return census.find(*_ACTS, *_MEMBERS) is not None


_TOLD = {  # by list and group, what its number says in a sentence on the entity
    (participations.NAME, "Parties"): lambda n: ngettext("%(num)s party", "%(num)s parties", n),
    (participations.NAME, "Party to"): lambda n: ngettext("party to %(num)s treaty", "party to %(num)s treaties", n),
    ("organization.Membership", memberships.MEMBER): lambda n: ngettext("%(num)s member", "%(num)s members", n),
    ("member.Membership", memberships.MEMBER): lambda n: ngettext(
        "member of %(num)s organisation", "member of %(num)s organisations", n
    ),
}


def told(found: Iterable[Listing]) -> list[str]:
    """What the numbers of long lists say of an entity: "party to 50 treaties", "175 members"."""
    said = []
    for listed in found:
        for group, number in listed.groups.items():
            if (listed.name, group) in _TOLD:
                said.append(_TOLD[listed.name, group](number))
    return said


def statements(reader: Reader, census: Census) -> int:
    """How many statements the long lists about an entity hold; what the build derives from them is not counted."""
    top = f"{reader.base}ontology/Assertion"
    counted = (many for many in census.apart if words.local(many.kind) != "Participation")
    return sum(many.count for many in counted if top in {many.kind, *reader.ancestors(many.kind)})


def lists(
    record: Record,
    census: Census,
    part: Part,
    chosen: str = "",
    counted: Sequence[Node] | None = None,
    without: Container[str] = (),
) -> list[Listing]:
    """Every long list about the entity but those ``without``, or the chosen one only.

    ``counted`` are the figures about it, where they were read.
    """
    found = []
    acts = census.find(*_ACTS)
    if acts and chosen in {"", participations.NAME} and participations.NAME not in without:
        of_treaty = acts.name == "instrument.TreatyAction"
        sort = participations.asked_sort() if chosen else ""
        found.append(participations.table(record, part, of_treaty=of_treaty, sort=sort, whole=bool(chosen)))
    for many in (*census.apart, *(many for many in census.rest if many.name == chosen)):
        if many.name in _TOGETHER or many.name in without or chosen not in {"", many.name}:
            continue
        if many.name in _MEMBERS:
            found.append(memberships.table(record, many, part, heading(record, many), whole=bool(chosen)))
        elif many.name == figures.NAME:
            nodes = figures.read(record) if counted is None else counted
            found.append(figures.table(record, many, part, nodes, whole=bool(chosen)))
        elif many.name == _COUNTRIES:
            found.append(_countries(record, many, part, whole=bool(chosen)))
        else:
            found.append(_mentions(record, many, part, whole=bool(chosen)))
    return found


def _countries(record: Record, many: Many, part: Part, *, whole: bool) -> Listing:
    """Figures by country and year, on a page of their own."""
    columns = (N_("Country"), N_("Figure"), N_("Years"))
    if not whole:
        about = ngettext("%(num)s figure for single countries.", "%(num)s figures for single countries.", many.count)
        return Listing(many.name, N_("Figures by country"), about, columns, [], part(many.name, many.count, ROWS), [])
    rows = record.reader.about("by-country", record.iri)
    _learn(record, rows, "indicator")
    by_country: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_country[row["other"].value, row["indicator"].value].append(row)
    lines = []
    for (country, _indicator), group in by_country.items():
        figures = Cell([(_figure(record, row), _year(row)) for row in group])
        years = cell(wording.period(_year(group[0]), _year(group[-1]), ""))
        lines.append(Line([Cell([(record.link(country), "")]), figures, years], [row["node"].value for row in group]))
    indicators = wording.listed(sorted({record.link(indicator).text for _country, indicator in by_country}))
    in_dollars = any("expense" in words.local(indicator) for _country, indicator in by_country)
    columns = (N_("Country"), N_("US dollars") if in_dollars else N_("Figure"), N_("Years"))
    about = ngettext("%(num)s figure; every year.", "%(num)s figures; every year.", many.count)
    return listing(
        record, many.name, words.sentence_case(indicators), columns, lines, part(many.name, len(lines), 60), about=about
    )


def _figure(record: Record, row: Row) -> Value:
    return Value(wording.number(row["value"].value), record.addresses.href(row["node"].value))


def _year(row: Row) -> str:
    return wording.date(row["asOf"].value) if "asOf" in row else _("undated")


def _mentions(record: Record, many: Many, part: Part, *, whole: bool) -> Listing:
    """Names only: what each statement says stands on its own page."""
    place = part(many.name, many.count, ROWS if whole else _FEW)
    keys = {"entity": Iri(record.iri), "slot": Iri(many.slot), "class": Iri(many.kind)}
    rows = record.reader.part_of("mentions", place.per_page, place.offset, **keys)
    record.found.names.read(row for row in rows if "label" in row)
    lines = [Line([Cell([(record.link(row["node"].value), "")])], []) for row in rows]
    shown = Pages(place.path, 1, len(lines), len(lines) or 1)  # only the rows of this page were read
    made = listing(record, many.name, heading(record, many), (N_("Name"),), lines, shown, sourced=False)
    return Listing(made.name, made.heading, "", made.columns, made.lines, place, [])


def heading(record: Record, many: Many) -> str:
    """What a list is to the entity, in a few words."""
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
    record.found.names.join(record.reader.names_of(named))
