"""Who is bound by a treaty, and by which treaties somebody is bound: acts and periods, a row for each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from migov import errors
from migov.web import actrows, chart, coverage, day, dealings, standing, wording, words
from migov.web.actrows import Rows
from migov.web.dealings import Act, Dealings, Period
from migov.web.language import E_, N_, collated, ngettext
from migov.web.listing import Line, Listing, Part, listing
from migov.web.paging import single
from migov.web.reader import Row
from migov.web.record import Record, Value

STATUS = {
    "party": N_("Parties"),
    "former-party": N_("Former parties"),
    "signatory": N_("Signed, not party"),
    "unsure": N_("Not certain"),
    "": N_("Set aside, or of no known status"),
}
STATUS_OF = STATUS | {
    "party": N_("Party to"),
    "former-party": N_("Former party to"),
    "signatory": N_("Signatory, not party to"),
}
_COUNTED = {
    "party": lambda n: ngettext("%(num)s party", "%(num)s parties", n),
    "former-party": lambda n: ngettext("%(num)s former party", "%(num)s former parties", n),
    "signatory": lambda n: ngettext("%(num)s signatory", "%(num)s signatories", n),
    "unsure": lambda n: ngettext("%(num)s whose status is not certain", "%(num)s whose status is not certain", n),
    "": lambda n: ngettext("%(num)s of unknown status", "%(num)s of unknown status", n),
}
ROWS = 250
NAME = "treaty-actions"
SORT = "sort"


def table(record: Record, part: Part, *, of_treaty: bool, sort: str = "", whole: bool = False) -> Listing:
    """The acts and periods that name the entity, by status on the day asked about, then by name or another column.

    ``whole`` is the list on a page of its own, which has room for every column.
    """
    done, told, status = dealings.read(record), told_of(record), statuses(record)
    absent = _left_out(record, done) if of_treaty else {}
    rows = Rows.of_treaty(record, done.periods, absent) if of_treaty else Rows.of_treaties(record, whole=whole)
    order = sorted(told, key=lambda iri: (standing.ORDER.index(status[iri]), collated(record.link(iri).text), iri))
    if sort:  # stable: by name where the column says the same
        order.sort(
            key=lambda iri: (standing.ORDER.index(status[iri]), *rows.key(sort, iri, told[iri], done.periods[iri]))
        )
    headings = STATUS if of_treaty else STATUS_OF
    lines = [
        Line(rows.cells(iri, told[iri], done.periods[iri]), [act.node for act in told[iri]], headings[status[iri]])
        for iri in order
    ]
    first = N_("State or organisation") if of_treaty else N_("Treaty")
    columns, lines = _trimmed((first, *rows.columns), lines)
    goes = _coverage(record, told, absent) if of_treaty else coverage.of_treaties(record, told)
    made = listing(
        record,
        NAME,
        N_("Parties and signatories") if of_treaty else N_("Treaties"),
        columns,
        lines,
        part(NAME, len(lines), ROWS),
        about=_told(Counter(status.values())) if of_treaty else _compared(record, rows),
        style="acts left" if actrows.LEFT in columns else "acts",
        coverage=goes,
        chart=_over_time(done, goes.until) if of_treaty and goes else None,
        behind=done.sources,
        sorts=_sorts(record, columns),
        sorted_by=rows.column(sort) or first,
    )
    return replace(made, sheet=day.kept(f"/lists{_page(record).removeprefix('/page')}.csv", record.day))


def asked_sort() -> str:
    """The column to sort by that the request names, '' for none; BadRequest for one that there is not."""
    sort = single(SORT)
    if sort and sort not in actrows.SORTS:
        told = E_("%(name)s is one of %(values)s.", name=SORT, values=", ".join(actrows.SORTS))
        raise errors.BadRequest(told)
    return sort


def _compared(record: Record, rows: Rows) -> str:
    """What the column on the region of a State counts."""
    if not rows.near:
        return ""
    record.found.names.join(record.reader.names_of([rows.near.region]))
    return ngettext(
        "“In its region” counts how many of the %(num)s other State of %(region)s are party.",
        "“In its region” counts how many of the %(num)s other States of %(region)s are party.",
        rows.near.others,
        region=record.link(rows.near.region).text,
    )


def _page(record: Record) -> str:
    return record.addresses.page(record.iri) or ""


def _sorts(record: Record, columns: Sequence[str]) -> dict[str, str]:
    """By column, the address of the list sorted by it."""
    page = _page(record)
    addresses = {
        column: day.kept(f"{page}?{urlencode({'list': NAME, SORT: sort})}", record.day)
        for sort, column in actrows.SORTS.items()
    }
    found = {column: addresses[column] for column in columns if column in addresses}
    if actrows.BOUND_LATER in columns:
        found[actrows.BOUND_LATER] = addresses[actrows.BOUND]
    return found | {columns[0]: day.kept(f"{page}?{urlencode({'list': NAME})}", record.day)}


def told_of(record: Record) -> dict[str, list[Act]]:
    """The acts that are told on the day asked about, by whatever stands at the other end; their names are read too."""
    return record.kept("acts told", lambda: _named(record, _told_by(record.day, dealings.read(record))))


def _named(record: Record, told: dict[str, list[Act]]) -> dict[str, list[Act]]:
    record.found.names.join(record.reader.names_of({*told, *(act.type for acts in told.values() for act in acts)}))
    return told


def statuses(record: Record) -> dict[str, str]:
    """By whatever stands at the other end of an act that is told, the status on the day asked about."""
    done = dealings.read(record)
    return record.kept(
        "statuses", lambda: {other: standing.of(record.day, done.periods[other]) for other in told_of(record)}
    )


def _told_by(day: str, done: Dealings) -> dict[str, list[Act]]:
    told = {other: [act for act in acts if not actrows.after(day, act.date)] for other, acts in done.acts.items()}
    return {other: acts for other, acts in told.items() if acts}


def _over_time(done: Dealings, until: str) -> chart.Chart | None:
    """How many were surely bound at the end of each year, up to that of the release."""
    periods = (period for group in done.periods.values() for period in group)
    held = [(period.start_latest, period.end) for period in periods if period.is_party and period.start_latest]
    last = done.as_of
    values = chart.by_year(((start, end) for start, end in held if start <= last), int(last[:4])) if last else []
    return chart.steps(values, until)


def _trimmed(columns: Sequence[str], lines: Sequence[Line]) -> tuple[list[str], list[Line]]:
    """The table without those optional columns that no row fills."""
    filled = {n for line in lines for n, cell in enumerate(line.cells) if cell.values}
    kept = [n for n, column in enumerate(columns) if n in filled or column not in actrows.OPTIONAL]
    return [columns[n] for n in kept], [Line([line.cells[n] for n in kept], line.nodes, line.group) for line in lines]


def _left_out(record: Record, done: Dealings) -> dict[str, Row]:
    """Whom a list called complete leaves out though the acts make them parties then, with the latest such list."""
    found: dict[str, Row] = {}
    if not any(_may_be_left_out(rows, done) for rows in coverage.statements(record).values()):
        return found  # and so a query that looks at each act again is spared most pages
    for row in record.rows("left-out"):
        if not actrows.after(record.day, row["day"].value):
            found.setdefault(row["other"].value, row)
    return found


def _may_be_left_out(rows: Sequence[Row], done: Dealings) -> bool:
    """Whether one of the parties on the day of a complete list is not known from the source of the list."""
    day = rows[0]["latest"].value if "latest" in rows[0] else ""
    if not day or words.local(rows[0]["completeness"].value) != "complete":
        return False
    sources = {row["source"].value for row in rows if "source" in row}
    unread = {row["unread"].value for row in rows if "unread" in row}
    return any(
        sources.isdisjoint(source for act in done.acts[other] for source in done.sources.get(act.node, ()))
        for other, periods in done.periods.items()
        if other not in unread and any(_held(period, day) for period in periods)
    )


def _held(period: Period, day: str) -> bool:
    return period.is_party and "" < period.start_latest <= day and not "" < period.end < day


def _coverage(record: Record, told: Mapping[str, Sequence[Act]], absent: Mapping[str, Row]) -> coverage.Coverage:
    """How far the list of parties goes; for a treaty open to all, with the States that have no row."""
    differ = {other for other, acts in told.items() if any(act.disputed for act in acts)}
    disputed = len(differ | (absent.keys() & told.keys()))
    missing: list[Value] = []
    if words.local(record.found.entity.one("reach")) == "universal":
        states = record.reader.once("states", lambda: record.reader.rows("states"), worded=False)
        without = [row for row in states if row["node"].value not in told]
        record.found.names.read(without)
        missing = sorted((record.link(row["node"].value) for row in without), key=lambda value: collated(value.text))
    return coverage.of(record, "parties", disputed=disputed, missing=missing)


def counted(status: Mapping[str, str], code: str) -> str:
    """How many have a status, in words; '' where nobody has."""
    count = sum(found == code for found in status.values())
    return _COUNTED[code](count) if count else ""


def _told(count: Counter[str]) -> str:
    """How many have which status, in words."""
    return wording.listed([_COUNTED[code](count[code]) for code in standing.ORDER if count[code]]) + "."
