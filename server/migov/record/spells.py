"""Puts what sources say of one belonging into spells: periods that are dated, reported for a time, or without a time.

Reports that fall within a dated period only add evidence to it, and so do statements without a time where there is a
period to which they can belong. A report outside is a spell of its own: it bounds the period from inside and dates
nothing. Sources that differ on the first day of one period are rivals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pyoxigraph import Literal, NamedNode

from migov.graph.dates import date_bounds
from migov.record.citing import Cited, Said, best, compatible
from migov.record.ledger import Outcome

_EARLY = "A source of a higher tier gives a later first day than these editions show."


@dataclass(frozen=True)
class Statement:
    """What one row says: a first and last day, or the first and last time of a report, or neither."""

    cited: Cited
    start: Literal | None = None
    end: Literal | None = None
    seen_from: Literal | None = None
    seen_to: Literal | None = None

    @property
    def is_dated(self) -> bool:
        return self.start is not None or self.end is not None

    @property
    def is_report(self) -> bool:
        return not self.is_dated and self.seen_from is not None


@dataclass
class Spell:
    """One period and the statements that belong to it; ``rivals`` differ on its first day."""

    start: Literal | None
    end: Literal | None
    statements: list[Statement] = field(default_factory=list)
    rivals: list[Statement] = field(default_factory=list)
    seen_from: Literal | None = None
    seen_to: Literal | None = None
    reason: str = ""  # why a report is set aside

    @property
    def kept(self) -> Said | None:
        """The start that is kept, with its evidence."""
        said = [Said(one.start, one.cited) for one in self.statements if one.start is not None]
        return best(said) if said else None

    @property
    def tag(self) -> str:
        """What tells this spell from others of the same belonging: the time of a report, or nothing."""
        if self.seen_from is None or self.seen_to is None:
            return ""
        return "-".join(["listed", *dict.fromkeys((self.seen_from.value, self.seen_to.value))])


def earliest(moment: Literal) -> date:
    """Return the first day that a date can mean."""
    return date_bounds(moment.value, moment.datatype.value)[0]


def latest(moment: Literal) -> date:
    """Return the last day that a date can mean."""
    return date_bounds(moment.value, moment.datatype.value)[1]


def gather(statements: Iterable[Statement]) -> list[Spell]:
    """Return the spells of one belonging, dated ones first in the order of time."""
    said = list(statements)
    spells = _dated([one for one in said if one.is_dated])
    for one in sorted((one for one in said if one.is_report), key=_report):
        _report_in(spells, one)
    undated = [one for one in said if not one.is_dated and not one.is_report]
    if undated and not spells:
        spells.append(Spell(None, None))
    if undated:
        spells[0].statements += undated
    return spells


def _report(one: Statement) -> tuple[str, str]:
    return (one.seen_from.value if one.seen_from else "", one.seen_to.value if one.seen_to else "")


def _first(one: Statement) -> str:
    moment = one.start or one.end
    return moment.value if moment else ""


def _dated(statements: Sequence[Statement]) -> list[Spell]:
    spells: list[Spell] = []
    for one in sorted(statements, key=_first):
        for spell in spells:
            if _same(spell, one):
                spell.statements.append(one)
                spell.start = _finer(spell.start, one.start)
                spell.end = _finer(spell.end, one.end)
                break
        else:
            spells.append(Spell(one.start, one.end, [one]))
    return spells


def _same(spell: Spell, one: Statement) -> bool:
    starts = spell.start is None or one.start is None or compatible(spell.start, one.start)
    ends = spell.end is None or one.end is None or compatible(spell.end, one.end)
    return starts and ends


def _finer(one: Literal | None, other: Literal | None) -> Literal | None:
    return max((m for m in (one, other) if m is not None), key=lambda m: len(m.value), default=None)


def _report_in(spells: list[Spell], one: Statement) -> None:
    if one.seen_from is None or one.seen_to is None:
        return
    for spell in spells:
        same = (spell.seen_from, spell.seen_to) == (one.seen_from, one.seen_to)
        if same or covers(spell, one.seen_from, one.seen_to):
            spell.statements.append(one)
            return
    spells.append(Spell(None, None, [one], seen_from=one.seen_from, seen_to=one.seen_to))


def covers(spell: Spell, seen_from: Literal, seen_to: Literal) -> bool:
    """Tell whether a report can fall within a dated period: it may begin in the year in which the period does."""
    if spell.start is None:
        return False
    return latest(seen_from) >= earliest(spell.start) and (spell.end is None or earliest(seen_to) <= latest(spell.end))


def spells_of(
    statements: Sequence[Statement], bound: Sequence[Statement]
) -> tuple[list[Spell], dict[NamedNode, Outcome]]:
    """Return spells in the order of time and what became of each statement, where dated ones without an end are one.

    ``bound`` begin the last spell and come before other dates: a treaty bound the member from then. Spells with an
    end come before. A report that begins before the last spell and reaches into it is set aside when less trusted.
    """
    dated = _joined([one for one in statements if one.is_dated])
    spells = gather(one for one in dated if one.end is not None)
    last = [*bound, *(one for one in dated if one.end is None)]
    if last:
        spells.append(_last(last, bound))
    outcome: dict[NamedNode, Outcome] = {}
    for spell in spells:
        outcome |= {one.cited.node: "merged" for one in spell.statements}
        outcome |= {one.cited.node: "disputed" for one in spell.rivals}
        outcome[spell.statements[0].cited.node] = "made"
    for one in sorted((one for one in statements if one.is_report), key=_report):
        before = len(spells)
        _report_in(spells, one)
        outcome[one.cited.node] = "merged" if len(spells) == before else _judge(spells, one)
    return spells, outcome


def _joined(dated: Sequence[Statement]) -> list[Statement]:
    """Join what one source codes as two spells of which the second begins in the year after the first."""
    joined = sorted(dated, key=_first)
    for number, one in enumerate(joined):
        for place, other in enumerate(joined):
            same = one.cited.document == other.cited.document
            if same and one.end and other.start and int(other.start.value[:4]) == int(one.end.value[:4]) + 1:
                joined[number] = replace(one, end=None)
                joined[place] = Statement(other.cited, one.start)
    return joined


def _last(statements: Sequence[Statement], bound: Sequence[Statement]) -> Spell:
    said = [Said(one.start, one.cited) for one in (bound or statements) if one.start is not None]
    start = best(said).date
    agree = [one for one in statements if one.start is None or compatible(one.start, start)]
    return Spell(start, None, agree, [one for one in statements if one not in agree])


def _judge(spells: Sequence[Spell], one: Statement) -> Outcome:
    """Say whether a report that fell within no dated spell contradicts the first day of one, and set it aside if so."""
    for spell in spells[:-1]:
        kept = spell.kept
        if (
            kept
            and one.seen_from
            and one.seen_to
            and latest(one.seen_from) < earliest(kept.date) <= latest(one.seen_to)
        ):
            if kept.by.trust < one.cited.trust:
                spells[-1].reason = _EARLY
            return "disputed"
    return "made"
