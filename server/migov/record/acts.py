"""Makes legal acts out of what rows report: one act from all rows that mean it, and rivals where they contradict.

Rows come in the order of authority of their sources. A row joins the act whose date is its own, else one whose date
is compatible (a year holds its days; no date fits any); a finer date then makes the act's date finer. A row with
another date disputes the act, unless a withdrawal lies between the two dates: then it is an act of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from pyoxigraph import NamedNode

from migov.graph.dates import DAY, MONTH, YEAR, date_bounds

DATATYPES = {10: DAY, 7: MONTH, 4: YEAR}
ANY_CONSENT = "consent-not-distinguished"
BEFORE_DEPOSIT = "ratification-before-deposit"
DENUNCIATION = "denunciation"
_ALWAYS = (date.min, date.max)


@dataclass(frozen=True)
class Report:
    """What one row says of one actor and treaty: ``action`` is the row's word, ``code`` what it stands for.

    ``position`` is the place of the source in the order of authority, 1 first; ``date`` is as printed, or empty.
    """

    action: str
    code: str
    date: str
    source: NamedNode
    position: int
    evidence: NamedNode


@dataclass
class Rival:
    """Another value for a slot of an act, and the reports that give it."""

    slot: str
    value: str
    reports: list[Report]


@dataclass
class Act:
    """One legal act: the reports that agree on it, founder first; those of its effect; and rivals to its slots."""

    reports: list[Report]
    date: str = ""
    code: str = ""
    effect: str = ""
    effects: list[Report] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)

    @property
    def founder(self) -> Report:
        return (self.reports or self.effects)[0]


@cache
def interval(text: str) -> tuple[date, date]:
    """Return the first and last day that a printed date may mean; no date may mean any day."""
    return date_bounds(text, DATATYPES[len(text)]) if text else _ALWAYS


def compatible(one: str, other: str) -> bool:
    """Tell whether one printed date is the other, or lies within it."""
    (a, b), (c, d) = interval(one), interval(other)
    return (a <= c and d <= b) or (c <= a and b <= d)


def finer(one: str, other: str) -> str:
    """Return the more precise of two compatible dates."""
    return other if len(other) > len(one) else one


def make(reports: Iterable[Report]) -> list[Act]:
    """Return the acts of one actor towards one treaty, by date."""
    ordered = sorted(reports, key=lambda r: (r.position, r.date, r.code, r.evidence.value))
    words: dict[str, list[Report]] = {}
    for report in ordered:
        words.setdefault(_group(report, ordered), []).append(report)
    given = [report.date for report in words.get("consent", []) if report.date]
    withdrawals = _withdrawals(words.get("notification", []), words.get("withdrawal", []), given)
    ends = sorted(interval(act.effect or act.date)[0] for act in withdrawals if act.effect or act.date)
    consents = _merge(words.get("consent", []), ends)
    _take_effect(consents, words.get("effect", []), ends)
    before = _merge(words.get("before", []), [])
    for act in before:
        act.code = BEFORE_DEPOSIT
    acts = [*_merge(words.get("signature", []), []), *before, *consents, *withdrawals]
    for act in acts:
        _name(act)
    return sorted(acts, key=lambda act: (interval(act.date or act.effect), act.code))


def _group(report: Report, others: list[Report]) -> str:
    if report.action == "deposit of ratification":
        return "consent"
    if report.action == "ratification":
        apart = any(r.source == report.source and r.action == "deposit of ratification" for r in others)
        return "before" if apart else "consent"
    words = {
        "signature": "signature",
        "succession to signature": "signature",
        "entry into force for the State": "effect",
        "notification of withdrawal": "notification",
        "withdrawal": "withdrawal",
    }
    return words.get(report.action, "consent")


def _era(text: str, ends: list[date]) -> int:
    """Count the withdrawals that had effect by a date: acts of different eras are different acts."""
    return sum(end <= interval(text)[1] for end in ends)


def _merge(reports: list[Report], ends: list[date]) -> list[Act]:
    acts: list[Act] = []
    for report in reports:
        near = [act for act in acts if _era(act.date, ends) == _era(report.date, ends)]
        same = [act for act in near if act.date == report.date] or [
            act for act in near if compatible(act.date, report.date)
        ]
        if same:
            same[-1].reports.append(report)
            same[-1].date = finer(same[-1].date, report.date)
        elif near:
            _dispute(near[-1], "date", report.date, report)
        else:
            acts.append(Act([report], report.date))
    return acts


def _dispute(act: Act, slot: str, value: str, report: Report) -> None:
    for rival in act.rivals:
        if rival.slot == slot and (value == rival.value or (slot != "actionType" and compatible(value, rival.value))):
            rival.reports.append(report)
            rival.value = finer(rival.value, value) if slot != "actionType" else value
            return
    act.rivals.append(Rival(slot, value, [report]))


def _take_effect(acts: list[Act], reports: list[Report], ends: list[date]) -> None:
    """Give consents the day on which they had effect; a day whose act no row reports makes an act without a date."""
    for report in reports:
        own = [act for act in acts if any(r.source == report.source for r in act.reports)]
        near = [act for act in acts if _era(act.date, ends) == _era(report.date, ends)]
        fitting = own or near
        if not fitting:
            acts.append(Act([], effect=report.date, effects=[report]))
            continue
        act = fitting[-1]
        if not act.effects or compatible(act.effect, report.date):
            act.effects.append(report)
            act.effect = finer(act.effect, report.date)
        else:
            _dispute(act, "effectiveDate", report.date, report)


def _withdrawals(notices: list[Report], effects: list[Report], given: list[str]) -> list[Act]:
    """Join notices and effects; two days of effect are of two withdrawals only if consent was given in between.

    A notice belongs to the first effect that follows it and has none yet; a withdrawal without a day is the last one.
    """
    acts: list[Act] = []
    for report in sorted(effects, key=lambda r: (not r.date, r.position)):
        near = [act for act in acts if not _parted(act.effect, report.date, given)]
        if not near:
            acts.append(Act([], effect=report.date, effects=[report]))
            continue
        act = max(near, key=lambda act: interval(act.effect))
        if compatible(act.effect, report.date):
            act.effects.append(report)
            act.effect = finer(act.effect, report.date)
        else:
            _dispute(act, "effectiveDate", report.date, report)
    acts.sort(key=lambda act: interval(act.effect))
    for report in sorted(notices, key=lambda r: (r.date, r.position)):
        same = [act for act in acts if act.date and compatible(act.date, report.date)]
        after = [act for act in acts if not act.date and interval(report.date)[0] <= interval(act.effect)[1]]
        if same or after:
            act = (same or after)[0]
            act.reports.append(report)
            act.date = finer(act.date, report.date)
        else:
            acts.append(Act([report], report.date))
    for act in acts:
        act.code = DENUNCIATION
    return acts


def _parted(one: str, other: str, given: list[str]) -> bool:
    if not one or not other:
        return False
    first, last = sorted((interval(one)[0], interval(other)[0]))
    return any(first <= interval(text)[0] < last for text in given)


def _name(act: Act) -> None:
    """Settle the kind of an act: the first source that tells it, the others as rivals."""
    if act.code:
        return
    told = [report for report in act.reports if report.code != ANY_CONSENT]
    disputing = [r for rival in act.rivals if rival.slot == "date" for r in rival.reports if r.code != ANY_CONSENT]
    act.code = (told or disputing)[0].code if told or disputing else ANY_CONSENT
    for report in (*told, *disputing):
        if report.code != act.code:
            _dispute(act, "actionType", report.code, report)
