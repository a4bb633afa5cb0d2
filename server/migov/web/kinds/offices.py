"""Who held which post and when: bands along the years, and the same as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from migov.web import memberships, wording, words
from migov.web.bands import Period, period
from migov.web.facts import Fact
from migov.web.kinds.proof import fact_of
from migov.web.language import _
from migov.web.reader import Node, Row
from migov.web.record import Record, Value

_LEADING = 3


@dataclass(frozen=True)
class Office:
    """A post, or a person, with the tenures that name it, the latest first."""

    who: Value
    facts: Sequence[Fact]
    rows: Sequence[Row]


def learn_names(record: Record, rows: Sequence[Row]) -> None:
    """Take in what tenures name."""
    named = {row[slot].value for row in rows for slot in ("person", "post", "org", "capacity") if slot in row}
    record.found.names.join(record.reader.names_of(named - record.found.names.labels.keys()))


def current(rows: Sequence[Row], day: str) -> list[Row]:
    """The tenures that surely hold on a day, or for '' those known to go on."""
    if not day:
        return [row for row in rows if lasts(row)]
    return [row for row in rows if _begun(row, day) and (lasts(row) or _text(row, "over") >= day)]


def lasts(row: Row) -> bool:
    """Whether a tenure is known to go on."""
    return "valid" in row or words.local(_text(row, "status")) == "ongoing"


def latest(rows: Sequence[Row]) -> list[Row]:
    """The tenures with the last known first: by their last day known, then by their first."""
    return sorted(rows, key=_moment, reverse=True)


def _moment(row: Row) -> tuple[bool, str, str]:
    begun = _text(row, "lastBegun") or _text(row, "begun")
    return lasts(row), max(_text(row, "over"), begun), begun


def told(record: Record, proofs: dict[str, Node], row: Row, slot: str) -> Fact:
    """A tenure as a fact about its other end: the ``person``, ``post`` or ``org`` in that slot."""
    said = [record.link(row["capacity"].value).text] if "capacity" in row else []
    if "appointed" in row:
        said.append(_("appointed %(date)s", date=wording.date(row["appointed"].value)))
    main = [record.link(row[slot].value)]
    when = memberships.period(row) or _("time not given")
    return fact_of(record, proofs, row["node"].value, main, when, said, words.local(_text(row, "rank")))


def offices(record: Record, proofs: dict[str, Node], rows: Sequence[Row], by: str, tell: str) -> list[Office]:
    """Tenures in groups by what stands in one slot, told by what stands in another.

    Those held by one after the other come first, the largest first; then seats that several hold at once.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[by].value, []).append(row)
    found = [
        Office(record.link(iri), [told(record, proofs, row, tell) for row in latest(group)], group)
        for iri, group in groups.items()
    ]
    return sorted(found, key=lambda office: (_shared(office), -len(office.rows), office.who.text.casefold()))


def leading(found: Sequence[Office]) -> list[Office]:
    """The posts to name first: those with a holder known to go on, else that with the most holders in turn."""
    lasting = [office for office in found if any(lasts(row) for row in office.rows)]
    return lasting[:_LEADING] or [office for office in found if not _shared(office)][:1]


def _shared(office: Office) -> bool:
    """Whether a post is held by several at once, as a seat in a committee is."""
    seen = sorted(
        (_text(row, "lastBegun"), _text(row, "over")) for row in office.rows if "lastBegun" in row and "over" in row
    )
    overlaps = sum(one[1] > other[0] for one, other in pairwise(seen))
    return len(seen) > 2 and overlaps * 2 > len(seen)


def periods(record: Record, rows: Sequence[Row], slot: str, *, day: str = "") -> list[Period]:
    """The bands of tenures, each named by what stands in one slot; persons in short by their last name."""
    on = {row["node"].value for row in current(rows, day)}
    found = []
    for row in rows:
        text = record.link(row[slot].value).text
        short = text.rsplit(" ", 1)[-1] if slot == "person" else text
        found.append(period(row, text, short, shown=row["node"].value in on))
    return found


def _begun(row: Row, day: str) -> bool:
    return "lastBegun" in row and row["lastBegun"].value <= day


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
