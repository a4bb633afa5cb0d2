"""Who is bound by a treaty, and by which treaties somebody is bound: acts and periods, a row for each."""

from collections import Counter
from collections.abc import Mapping, Sequence

from migov.web import chart, coverage, dealings, standing, wording, words
from migov.web.dealings import Act, Dealings, Period
from migov.web.language import N_, _, ngettext
from migov.web.listing import Cell, Line, Listing, Part, listing
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
COLUMNS = (N_("Signed"), N_("Consent"), N_("Bound from"), N_("Left"))
OPTIONAL = ("Signed", "Left")
"""Columns that are left out where they are empty."""


def table(record: Record, part: Part, *, of_treaty: bool) -> Listing:
    """The acts and periods that name the entity, by status on the day asked about, then by name."""
    done = dealings.read(record)
    told = told_by(record.day, done)
    record.found.names.join(record.reader.names_of({*told, *(act.type for acts in told.values() for act in acts)}))
    status = {other: standing.of(record.day, done.periods[other]) for other in told}
    order = sorted(told, key=lambda iri: (standing.ORDER.index(status[iri]), record.link(iri).text.casefold(), iri))
    headings = STATUS if of_treaty else STATUS_OF
    absent = _left_out(record, done) if of_treaty else {}
    lines = [
        _line(record, other, headings[status[other]], told[other], done.periods[other], absent.get(other))
        for other in order
    ]
    columns, lines = _trimmed((N_("State or organisation") if of_treaty else N_("Treaty"), *COLUMNS), lines)
    goes = _coverage(record, told, absent) if of_treaty else coverage.of_treaties(record, told)
    return listing(
        record,
        NAME,
        N_("Parties and signatories") if of_treaty else N_("Treaties"),
        columns,
        lines,
        part(NAME, len(lines), ROWS),
        about=_told(Counter(status.values())) if of_treaty else "",
        style="acts left" if "Left" in columns else "acts",
        coverage=goes,
        chart=_over_time(done, goes.until) if of_treaty and goes else None,
        behind=done.sources,
    )


def told_by(day: str, done: Dealings) -> dict[str, list[Act]]:
    """The acts that are told on a day, by whatever stands at the other end; who has none is left out."""
    told = {other: [act for act in acts if not after(day, act.date)] for other, acts in done.acts.items()}
    return {other: acts for other, acts in told.items() if acts}


def after(day: str, date: str) -> bool:
    """Whether a date, as precise as it is, lies after the day asked about; one that is not known does not."""
    return bool(day and date) and date > day[: len(date)]


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
    kept = [n for n, column in enumerate(columns) if n in filled or column not in OPTIONAL]
    return [columns[n] for n in kept], [Line([line.cells[n] for n in kept], line.nodes, line.group) for line in lines]


def _left_out(record: Record, done: Dealings) -> dict[str, Row]:
    """Whom a list called complete leaves out though the acts make them parties then, with the latest such list."""
    found: dict[str, Row] = {}
    if not any(_may_be_left_out(rows, done) for rows in coverage.statements(record).values()):
        return found  # and so a query that looks at each act again is spared most pages
    for row in record.rows("left-out"):
        if not after(record.day, row["day"].value):
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
        missing = [record.link(row["node"].value) for row in without]
    return coverage.of(record, "parties", disputed=disputed, missing=missing)


def _told(count: Counter[str]) -> str:
    """How many have which status, in words."""
    return wording.listed([_COUNTED[code](count[code]) for code in standing.ORDER if count[code]]) + "."


def _line(
    record: Record, other: str, group: str, acts: Sequence[Act], periods: Sequence[Period], absent: Row | None
) -> Line:
    signed, consent, left = Cell(), Cell(), Cell()
    for act in acts:
        target = signed if act.signs else left if act.ends else consent
        target.add(_date(record, act), _after(record, act))
        if act.disputed:
            target.add(Value(_("sources differ"), record.addresses.href(act.node)))
        elif act.noted:
            target.add(Value(_("see its note"), record.addresses.href(act.node)))
    if absent:
        day = wording.brief(absent["day"].value)
        consent.add(Value(_("not on the list of %(date)s", date=day), record.addresses.href(absent["node"].value)))
    bound = Cell()
    for period in periods:
        if period.is_party and not after(record.day, period.start):
            bound.add(Value(_start(period), record.addresses.href(period.node)), _basis(period))
    return Line([Cell([(record.link(other), "")]), signed, consent, bound, left], [act.node for act in acts], group)


def _date(record: Record, act: Act) -> Value:
    return Value(wording.brief(act.date) if act.date else _("undated"), record.addresses.href(act.node))


def _after(record: Record, act: Act) -> str:
    """What stands after the date of an act: its type where the column does not say it, and its day of effect."""
    parts = [] if act.code in {"signature", "denunciation"} else [record.link(act.type).text]
    if act.ends and act.effect:
        parts.append(_("effect %(date)s", date=wording.brief(act.effect)))
    if act.deprecated:
        parts.append(_("deprecated"))
    return ", ".join(parts)


def _start(period: Period) -> str:
    """The first day of a period in which somebody was bound."""
    return wording.between(period.start, period.start_latest) or _("day not known")


def _basis(period: Period) -> str:
    parts = [_("or later").replace(" ", "\u00a0")] if period.basis == "earliest-possible-day" else []
    return ", ".join([*parts, _("end not known")] if period.ended == "not-known" else parts)
