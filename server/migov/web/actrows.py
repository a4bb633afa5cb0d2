"""The rows of a list of acts and periods: what was signed, consented to, binding or left when, and how long it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from migov.web import dealings, spans, wording
from migov.web.dealings import Act, Period
from migov.web.language import N_, _
from migov.web.listing import Cell, cell
from migov.web.peers import Peers, peers
from migov.web.reader import Reader, Row
from migov.web.record import Record, Value

SIGNED: Final = N_("Signed")
CONSENT: Final = N_("Consent")
TOOK: Final = N_("After signing")
LATER: Final = N_("After adoption")
BOUND: Final = N_("Bound from")
BOUND_LATER: Final = N_("Bound from, or later")
LEFT: Final = N_("Left")
NEAR: Final = N_("In its region")
OPTIONAL: Final = (SIGNED, TOOK, LATER, LEFT, NEAR)
"""Columns that are left out where they are empty."""
SORTS: Final = {
    "signed": SIGNED,
    "consent": CONSENT,
    "took": TOOK,
    "later": LATER,
    "bound": BOUND,
    "left": LEFT,
    "near": NEAR,
}
"""By the value of ``sort``, the column by which a list may be sorted."""
_UNSAID = {"signature", "denunciation", "ratification"}
"""Acts that the column tells already; consent is by ratification where nothing else is said."""
_LAST = "9"


@dataclass(frozen=True)
class Rows:
    """Makes the rows of one list. ``later`` tells that of no first day of being bound more than the least is known.

    ``adopted`` are the days of adoption of treaties, ``near`` is how the region of a State stands; both are for lists
    of treaties. ``absent`` are those whom a complete list leaves out.
    """

    record: Record
    later: bool
    adopted: Mapping[str, str] = field(default_factory=dict)
    near: Peers | None = None
    absent: Mapping[str, Row] = field(default_factory=dict)

    @classmethod
    def of_treaties(cls, record: Record, *, whole: bool) -> "Rows":
        """For the treaties of a State or organisation; ``whole`` where there is room for every column."""
        return cls(record, later=False, adopted=adoptions(record.reader) if whole else {}, near=peers(record))

    @classmethod
    def of_treaty(cls, record: Record, periods: Mapping[str, Sequence[Period]], absent: Mapping[str, Row]) -> "Rows":
        """For the States and organisations of a treaty."""
        bound = [period for group in periods.values() for period in group if period.is_party]
        later = len(bound) > 1 and all(period.basis == "earliest-possible-day" for period in bound)
        return cls(record, later, absent=absent)

    @property
    def columns(self) -> tuple[str, ...]:
        return SIGNED, CONSENT, TOOK, LATER, BOUND_LATER if self.later else BOUND, LEFT, NEAR

    def column(self, sort: str) -> str:
        """The column that a value of ``sort`` names, '' for none."""
        return BOUND_LATER if sort == "bound" and self.later else SORTS.get(sort, "")

    def cells(self, other: str, acts: Sequence[Act], periods: Sequence[Period]) -> list[Cell]:
        """The fields of one row, the first of which names it."""
        signed, consent, left = Cell(), Cell(), Cell()
        for act in acts:
            target = signed if act.signs else left if act.ends else consent
            target.add(self._date(act), self._after(act))
            if act.disputed:
                target.add(Value(_("sources differ"), self._href(act.node)))
            elif act.noted:
                target.add(Value(_("see its note"), self._href(act.node)))
        if absent := self.absent.get(other):
            day = wording.brief(absent["day"].value)
            consent.add(Value(_("not on the list of %(date)s", date=day), self._href(absent["node"].value)))
        first = Cell([(self.record.link(other), "")])
        took, later = dealings.delay(acts), self._later(other, acts)
        times = [cell(spans.brief(span) if span else "") for span in (took, later)]
        return [first, signed, consent, *times, self._bound(periods), left, self._near(other)]

    def key(self, sort: str, other: str, acts: Sequence[Act], periods: Sequence[Period]) -> tuple[str | int, ...]:
        """What a row is sorted by; where nothing is known it is among the last."""
        if sort == "near":
            return (-self.near.parties.get(other, 0) if self.near else 0,)
        if sort in {"took", "later"}:
            span = dealings.delay(acts) if sort == "took" else self._later(other, acts)
            return (0, *span.least) if span else (1,)
        if sort == "bound":
            return (min((period.start for period in periods if period.is_party and period.start), default=_LAST),)
        chosen = {"signed": dealings.signature(acts), "consent": dealings.consent(acts)}
        ended = next((act.date or act.effect for act in acts if act.ends), _LAST)
        act = chosen.get(sort)
        return (ended if sort == "left" else act.date if act else _LAST,)

    def _bound(self, periods: Sequence[Period]) -> Cell:
        found = Cell()
        for period in periods:
            if period.is_party and not after(self.record.day, period.start):
                first = wording.between(period.start, period.start_latest) or _("day not known")
                found.add(Value(first, self._href(period.node)), self._basis(period))
        return found

    def _basis(self, period: Period) -> str:
        later = period.basis == "earliest-possible-day" and not self.later
        parts = [_("or later").replace(" ", "\u00a0")] if later else []
        return ", ".join([*parts, _("end not known")] if period.ended == "not-known" else parts)

    def _later(self, other: str, acts: Sequence[Act]) -> spans.Span | None:
        adopted, given = self.adopted.get(other, ""), dealings.consent(acts)
        return spans.between(adopted, given.date) if adopted and given else None

    def _near(self, other: str) -> Cell:
        if self.near is None:
            return Cell()
        return cell(_("%(parties)s of %(others)s", parties=self.near.parties.get(other, 0), others=self.near.others))

    def _date(self, act: Act) -> Value:
        return Value(wording.brief(act.date) if act.date else _("undated"), self._href(act.node))

    def _after(self, act: Act) -> str:
        """What stands after the date of an act: its type where the column does not say it, and its day of effect."""
        parts = [] if act.code in _UNSAID else [self.record.link(act.type).text]
        if act.ends and act.effect:
            parts.append(_("effect %(date)s", date=wording.brief(act.effect)))
        if act.deprecated:
            parts.append(_("deprecated"))
        return ", ".join(parts)

    def _href(self, iri: str) -> str | None:
        return self.record.addresses.href(iri)


def after(day: str, date: str) -> bool:
    """Whether a date, as precise as it is, lies after the day asked about; one that is not known does not."""
    return bool(day and date) and date > day[: len(date)]


def adoptions(reader: Reader) -> Mapping[str, str]:
    """The day of adoption of each treaty, the first where several are told; read once for a release."""
    return reader.once(
        "adoptions",
        lambda: {row["treaty"].value: row["date"].value for row in reader.rows("adoption-days")},
        worded=False,
    )
