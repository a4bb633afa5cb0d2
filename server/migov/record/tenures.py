"""Makes tenures of what rows tell of one person in one post: terms, dates of choice, and times at which they held it.

Rows are of one term when their starts, or their ends, lie within a year of each other, or when one gives the start and
the other the end. A row that only shows somebody in post at a time belongs to the term around that time; without one
it is a term of its own that is known from such reports alone, and reports more than three years apart are two terms.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from pyoxigraph import Literal

from migov.graph.dates import date_bounds
from migov.record.citing import Cited, Said, best, compatible

_YEAR = timedelta(days=366)
_LONGEST = 20 * _YEAR  # of a term whose start and end come from two rows
_GAP = 3 * _YEAR  # between reports of one term
_CHOSEN = timedelta(days=400)  # from being chosen to taking office


class Bounds(NamedTuple):
    """First and last day that a date may mean."""

    first: date
    last: date


def bounds(moment: Literal) -> Bounds:
    """Return the first and last day of a day, month or year."""
    return Bounds(*date_bounds(moment.value, moment.datatype.value))


@dataclass(frozen=True)
class Report:
    """What one row tells: a term with start or end, the day of choice, or a time at which the post was held."""

    number: int
    by: Cited
    start: Literal | None = None
    end: Literal | None = None
    chosen: Literal | None = None
    seen: Literal | None = None
    capacity: str = ""

    def date(self, slot: str) -> Literal | None:
        """Return the date for ``start``, ``end`` or ``chosen``."""
        return {"start": self.start, "end": self.end, "chosen": self.chosen}[slot]


@dataclass
class Tenure:
    """The reports of one term, and those that place the holder in the post after its end."""

    reports: list[Report] = field(default_factory=list)
    late: list[Report] = field(default_factory=list)

    def kept(self, slot: str) -> Said | None:
        """Return the date to keep for a slot, and the most trusted evidence that agrees with it."""
        said = [Said(moment, report.by) for report in self.reports if (moment := report.date(slot))]
        return Said(best(said).date, min((one.by for one in said), key=lambda by: by.trust)) if said else None

    def at(self, slot: str) -> Bounds | None:
        kept = self.kept(slot)
        return bounds(kept.date) if kept else None

    def rivals(self, slot: str) -> list[tuple[Report, Said]]:
        """Return the reports whose date for a slot cannot be the one kept."""
        kept = self.kept(slot)
        others = [(report, Said(moment, report.by)) for report in self.reports if (moment := report.date(slot))]
        return [(report, said) for report, said in others if kept and not compatible(said.date, kept.date)]

    @property
    def seen(self) -> list[Literal]:
        """Times at which the post was held, the earliest first."""
        return sorted((report.seen for report in self.reports if report.seen), key=lambda time: bounds(time))

    @property
    def begins(self) -> date:
        """A day by which tenures of one person are put in order."""
        known = self.at("start") or self.at("chosen") or self.at("end") or (bounds(self.seen[0]) if self.seen else None)
        return known.first if known else date.max


def gather(reports: Iterable[Report]) -> list[Tenure]:
    """Return the tenures of one person in one post, the earliest first; every report is in one of them."""
    order = sorted(reports, key=lambda report: (report.by.trust, report.number))
    tenures: list[Tenure] = []
    for report in [one for one in order if one.start or one.end]:
        _join(tenures, report, [tenure for tenure in tenures if _same_term(tenure, report)])
    for report in [one for one in order if one.chosen and not (one.start or one.end)]:
        _join(tenures, report, [tenure for tenure in tenures if _same_choice(tenure, report)])
    held = [one for one in order if not (one.start or one.end or one.chosen)]
    for report in sorted(held, key=lambda one: bounds(one.seen) if one.seen else Bounds(date.max, date.max)):
        over = [tenure for tenure in tenures if _just_over(tenure, report)]
        around = [tenure for tenure in tenures if _around(tenure, report)]
        if over and not around:
            over[-1].late.append(report)
        else:
            _join(tenures, report, sorted(around, key=lambda tenure: tenure.begins)[-1:])
    return sorted(tenures, key=lambda tenure: tenure.begins)


def _join(tenures: list[Tenure], report: Report, fitting: list[Tenure]) -> None:
    if not fitting:
        fitting = [Tenure()]
        tenures += fitting
    fitting[0].reports.append(report)


def _near(one: Bounds, other: Bounds) -> bool:
    return max(one.first, other.first) - min(one.last, other.last) <= _YEAR


def _same_term(tenure: Tenure, report: Report) -> bool:
    pairs = [(tenure.at(slot), moment) for slot in ("start", "end") if (moment := report.date(slot))]
    both = [_near(known, bounds(moment)) for known, moment in pairs if known]
    if both:
        return all(both)
    start = tenure.at("start") or (bounds(report.start) if report.start else None)
    end = tenure.at("end") or (bounds(report.end) if report.end else None)
    return bool(start and end and start.first <= end.last and end.first - start.last <= _LONGEST)


def _same_choice(tenure: Tenure, report: Report) -> bool:
    chosen = bounds(report.chosen) if report.chosen else None
    start, known = tenure.at("start"), tenure.at("chosen")
    if chosen and start:
        return chosen.first <= start.last and start.first - chosen.last <= _CHOSEN
    return bool(chosen and known and _near(chosen, known))


def _around(tenure: Tenure, report: Report) -> bool:
    if not report.seen:
        return True
    seen, end = bounds(report.seen), tenure.at("end")
    start = tenure.at("start") or tenure.at("chosen")
    if end and (seen.first > end.last or (not start and end.first - seen.last > _LONGEST)):
        return False
    if start:
        return start.first <= seen.last
    if end:
        return True
    return not tenure.seen or seen.first - bounds(tenure.seen[-1]).last <= _GAP


def _just_over(tenure: Tenure, report: Report) -> bool:
    end = tenure.at("end")
    return bool(end and report.seen and timedelta(0) < bounds(report.seen).first - end.last <= _YEAR)
