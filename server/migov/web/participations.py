"""Who is bound by a treaty, and by which treaties somebody is bound: acts and periods, a row for each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from migov.store import Iri
from migov.web import chart, coverage, standing, wording, words
from migov.web.listing import Cell, Line, Listing, Part, listing
from migov.web.reader import Row
from migov.web.record import Record, Value

STATUS = {
    "party": "Parties",
    "former-party": "Former parties",
    "signatory": "Signed, not party",
    "unsure": "Not certain",
    "": "Set aside, or of no known status",
}
STATUS_OF = STATUS | {"party": "Party to", "former-party": "Former party to", "signatory": "Signatory, not party to"}
_COUNTED = {
    "party": ("party", "parties"),
    "former-party": ("former party", "former parties"),
    "signatory": ("signatory", "signatories"),
    "unsure": ("whose status is not certain", "whose status is not certain"),
    "": ("of unknown status", "of unknown status"),
}
_SIGNING = {"signature", "succession-to-signature"}
_ENDING = {"denunciation"}
ROWS = 250
NAME = "treaty-actions"
COLUMNS = ("Signed", "Consent", "Bound from", "Left")
OPTIONAL = ("Signed", "Left")
"""Columns that are left out where they are empty."""


def table(record: Record, part: Part, *, of_treaty: bool) -> Listing:
    """The acts and periods that name the entity, by status on the day asked about, then by name."""
    acts, periods = _by_other(record, "acts"), _by_other(record, "participations")
    rows = [row for group in acts.values() for row in group]
    record.found.names.read({"node": row["other"], "label": row["name"]} for row in rows if "name" in row)
    record.found.names.join(record.reader.names_of({row["type"].value for row in rows}))
    told = {other: [row for row in group if _told_by(record.day, row)] for other, group in acts.items()}
    told = {other: group for other, group in told.items() if group}
    status = {other: _standing(record.day)(periods[other]) for other in told}
    order = sorted(told, key=lambda iri: (standing.ORDER.index(status[iri]), record.link(iri).text.casefold(), iri))
    headings = STATUS if of_treaty else STATUS_OF
    absent = _left_out(record) if of_treaty else {}
    lines = [
        _line(record, other, headings[status[other]], told[other], periods[other], absent.get(other)) for other in order
    ]
    columns, lines = _trimmed(("State or organisation" if of_treaty else "Treaty", *COLUMNS), lines)
    goes = _coverage(record, told, absent) if of_treaty else coverage.of_treaties(record, told)
    return listing(
        record,
        NAME,
        "Parties and signatories" if of_treaty else "Treaties",
        columns,
        lines,
        part(NAME, len(lines), ROWS),
        about=_told(Counter(status.values())) if of_treaty else "",
        style="acts left" if "Left" in columns else "acts",
        coverage=goes,
        chart=_over_time(periods, goes.until) if of_treaty and goes else None,
    )


def _over_time(periods: Mapping[str, Sequence[Row]], until: str) -> chart.Chart | None:
    """How many were surely bound at the end of each year, up to that of the release."""
    rows = [row for group in periods.values() for row in group]
    held = [(row["fromLatest"].value, _text(row, "to")) for row in rows if _is_party(row) and "fromLatest" in row]
    last = max((row["valid"].value for row in rows if "valid" in row), default="")
    values = chart.by_year(((start, end) for start, end in held if start <= last), int(last[:4])) if last else []
    return chart.steps(values, until)


def _is_party(row: Row) -> bool:
    return words.local(row["status"].value) == "party"


def _trimmed(columns: Sequence[str], lines: Sequence[Line]) -> tuple[list[str], list[Line]]:
    """The table without those optional columns that no row fills."""
    filled = {n for line in lines for n, cell in enumerate(line.cells) if cell.values}
    kept = [n for n, column in enumerate(columns) if n in filled or column not in OPTIONAL]
    return [columns[n] for n in kept], [Line([line.cells[n] for n in kept], line.nodes, line.group) for line in lines]


def _left_out(record: Record) -> dict[str, Row]:
    """Whom a list called complete leaves out though the acts make them parties then, with the latest such list."""
    found: dict[str, Row] = {}
    for row in record.reader.rows("left-out", entity=Iri(record.iri)):
        if _told_by(record.day, row, "day"):
            found.setdefault(row["other"].value, row)
    return found


def _coverage(record: Record, told: Mapping[str, Sequence[Row]], absent: Mapping[str, Row]) -> coverage.Coverage:
    """How far the list of parties goes; for a treaty open to all, with the States that have no row."""
    differ = {other for other, rows in told.items() if any(row["disputed"].value == "true" for row in rows)}
    disputed = len(differ | (absent.keys() & told.keys()))
    missing: list[Value] = []
    if words.local(record.found.entity.one("reach")) == "universal":
        states = record.reader.once("states", lambda: record.reader.rows("states"), worded=False)
        without = [row for row in states if row["node"].value not in told]
        record.found.names.read(without)
        missing = [record.link(row["node"].value) for row in without]
    return coverage.of(record, "parties", disputed=disputed, missing=missing)


def _told_by(day: str, row: Row, slot: str = "date") -> bool:
    """Whether the date of a row, as precise as it is, does not lie after the day asked about; one without is told."""
    date = _text(row, slot)
    return not day or date <= day[: len(date)]


def _by_other(record: Record, query: str) -> dict[str, list[Row]]:
    """The rows of a query about the entity by the State or treaty at the other end."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in record.reader.rows(query, entity=Iri(record.iri)):
        found[row["other"].value].append(row)
    return found


def _standing(day: str) -> Callable[[Sequence[Row]], str]:
    return (lambda periods: standing.on(day, periods)) if day else standing.now


def _told(count: Counter[str]) -> str:
    """How many have which status, in words."""
    return (
        wording.listed([wording.counted(count[code], *_COUNTED[code]) for code in standing.ORDER if count[code]]) + "."
    )


def _line(
    record: Record, other: str, group: str, acts: Sequence[Row], periods: Sequence[Row], absent: Row | None
) -> Line:
    signed, consent, left = Cell(), Cell(), Cell()
    for row in acts:
        code = words.local(row["type"].value)
        target = signed if code in _SIGNING else left if code in _ENDING else consent
        target.add(_date(record, row), _after(record, row, code))
        if row["disputed"].value == "true":
            target.add(Value("sources differ", record.addresses.href(row["node"].value)))
        elif row["noted"].value == "true":
            target.add(Value("see its note", record.addresses.href(row["node"].value)))
    if absent:
        day = wording.brief(absent["day"].value)
        consent.add(Value(f"not on the list of {day}", record.addresses.href(absent["node"].value)))
    bound = Cell()
    for row in periods:
        if _is_party(row) and _told_by(record.day, row, "from"):
            bound.add(Value(_start(row), record.addresses.href(row["node"].value)), _basis(row))
    return Line(
        [Cell([(record.link(other), "")]), signed, consent, bound, left], [row["node"].value for row in acts], group
    )


def _date(record: Record, row: Row) -> Value:
    text = wording.brief(row["date"].value) if "date" in row else "undated"
    return Value(text, record.addresses.href(row["node"].value))


def _after(record: Record, row: Row, code: str) -> str:
    """What stands after the date of an act: its type where the column does not say it, and its day of effect."""
    parts = [] if code in {"signature", "denunciation"} else [record.link(row["type"].value).text]
    if code in _ENDING and "effect" in row:
        parts.append(f"effect {wording.brief(row['effect'].value)}")
    if "rank" in row and words.local(row["rank"].value) == "deprecated":
        parts.append("deprecated")
    return ", ".join(parts)


def _start(row: Row) -> str:
    """The first day of a period in which somebody was bound."""
    return wording.between(_text(row, "from"), _text(row, "fromLatest")) or "day not known"


def _basis(row: Row) -> str:
    parts = ["or\u00a0later"] if words.local(_text(row, "basis")) == "earliest-possible-day" else []
    return ", ".join([*parts, "end not known"] if words.local(_text(row, "end")) == "not-known" else parts)


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
