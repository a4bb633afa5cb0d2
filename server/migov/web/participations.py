"""Who is bound by a treaty, and by which treaties somebody is bound: acts and periods, a row for each."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from migov.store import Iri
from migov.web import wording, words
from migov.web.listing import Cell, Line, Listing, Part, cell, listing
from migov.web.reader import Row
from migov.web.record import Record, Value

ORDER = ("party", "former-party", "signatory", "")
STATUS = {"party": "Party", "former-party": "Former party", "signatory": "Signatory", "": "Not known"}
_COUNTED = {
    "party": ("party", "parties"),
    "former-party": ("former party", "former parties"),
    "signatory": ("signatory", "signatories"),
    "": ("of unknown status", "of unknown status"),
}
_SIGNING = {"signature", "succession-to-signature"}
_ENDING = {"denunciation"}
ROWS = 200
NAME = "treaty-actions"


def table(record: Record, part: Part, *, of_treaty: bool) -> Listing:
    """The acts and periods that name the entity, by State for a treaty, by treaty for a State."""
    acts: dict[str, list[Row]] = defaultdict(list)
    periods: dict[str, list[Row]] = defaultdict(list)
    for row in record.reader.rows("acts", entity=Iri(record.iri)):
        acts[row["other"].value].append(row)
    for row in record.reader.rows("participations", entity=Iri(record.iri)):
        periods[row["other"].value].append(row)
    record.found.names.read(
        {"node": row["other"], "label": row["name"]} for rows in acts.values() for row in rows if "name" in row
    )
    types = {row["type"].value for rows in acts.values() for row in rows}
    record.found.names.read(record.reader.rows_of("names-of", types))
    status = {other: standing(periods[other]) for other in acts}
    order = sorted(acts, key=lambda iri: (ORDER.index(status[iri]), record.link(iri).text.casefold(), iri))
    lines = [_line(record, other, status[other], acts[other], periods[other]) for other in order]
    columns = ("State or organisation" if of_treaty else "Treaty", "Status", "Signed", "Consent", "Bound", "Left")
    heading = "Parties and signatories" if of_treaty else "Treaties"
    about = told(Counter(status.values()))
    return listing(record, NAME, heading, columns, lines, part(NAME, len(lines), ROWS), about=about)


def standing(periods: Sequence[Row]) -> str:
    """The status on the day of the release: the code of the period that holds then, '' where none is known to."""
    held = {words.local(row["status"].value) for row in periods if "valid" in row}
    return next((code for code in ORDER if code in held), "")


def told(count: Counter[str]) -> str:
    """How many have which status, in words."""
    return wording.listed([wording.counted(count[code], *_COUNTED[code]) for code in ORDER if count[code]]) + "."


def _line(record: Record, other: str, status: str, acts: Sequence[Row], periods: Sequence[Row]) -> Line:
    signed, consent, left = Cell(), Cell(), Cell()
    for row in acts:
        code = words.local(row["type"].value)
        target = signed if code in _SIGNING else left if code in _ENDING else consent
        target.add(_date(record, row), _after(record, row, code))
    bound = Cell()
    for row in periods:
        if words.local(row["status"].value) == "party":
            bound.add(Value(_span(row), record.addresses.href(row["node"].value)), _basis(row))
    first = Cell([(record.link(other), "")])
    return Line([first, cell(STATUS[status]), signed, consent, bound, left], [row["node"].value for row in acts])


def _date(record: Record, row: Row) -> Value:
    text = wording.date(row["date"].value) if "date" in row else "undated"
    return Value(text, record.addresses.href(row["node"].value))


def _after(record: Record, row: Row, code: str) -> str:
    """What stands after the date of an act: its type where the column does not say it, and its day of effect."""
    parts = [] if code in {"signature", "denunciation"} else [record.link(row["type"].value).text]
    if code in _ENDING and "effect" in row:
        parts.append(f"with effect from {wording.date(row['effect'].value)}")
    if "rank" in row and words.local(row["rank"].value) == "deprecated":
        parts.append("deprecated")
    return ", ".join(parts)


def _span(row: Row) -> str:
    """The period in which somebody was bound."""
    start = between(_text(row, "from"), _text(row, "fromLatest"))
    ended = words.local(_text(row, "end")) in {"ended", "ended-unknown-day", "not-known"}
    end = between(_text(row, "to"), _text(row, "toLatest")) if "to" in row and "toLatest" in row else ""
    if end:
        return f"{start or 'from a day not known'} to {end}"
    if ended and "end" in row:
        return f"{start or 'from a day not known'}, end not known"
    return f"since {start}" if start else "since a day not known"


def _basis(row: Row) -> str:
    return "at the earliest" if words.local(_text(row, "basis")) == "earliest-possible-day" else ""


def between(earliest: str, latest: str) -> str:
    """The bounds of a day in words: the day, its year or month, or both bounds."""
    if earliest == latest or not latest:
        return wording.date(earliest) if earliest else ""
    year, month = earliest[:4], earliest[:7]
    if (earliest, latest) == (f"{year}-01-01", f"{year}-12-31"):
        return year
    if earliest[:7] == latest[:7] and earliest.endswith("-01") and latest[8:] in {"28", "29", "30", "31"}:
        return wording.date(month)
    return f"{wording.date(earliest) if earliest else 'before'} – {wording.date(latest)}"


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
