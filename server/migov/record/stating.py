"""Says acts and their rivals in triples, and accounts for the rows behind them."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from migov.record.acts import DATATYPES, Act, Report, Rival, compatible
from migov.record.authority import Places
from migov.record.evidence import Term, claim, triples
from migov.record.keys import term
from migov.record.ledger import Ledger
from migov.vocabulary import ID

_OWN = {
    term(name)
    for name in (
        "rdf:type",
        "mgo:actor",
        "mgo:instrument",
        "mgo:actionType",
        "mgo:date",
        "mgo:effectiveDate",
        "mgo:evidence",
    )
}
_SLOTS = {"date": "the day", "actionType": "the kind of act", "effectiveDate": "the day of effect"}


def state(treaty: NamedNode, actor: NamedNode, acts: list[Act], places: Places, ledger: Ledger) -> list[Triple]:
    """Return the triples of the acts of one actor towards one treaty, rivals included, and account for their rows."""
    said: list[Triple] = []
    numbers: dict[str, int] = {}
    for act in acts:
        numbers[act.code] = numbers.get(act.code, 0) + 1
        parts = [treaty.value.rpartition("/")[2], actor.value.rpartition("/")[2], act.code]
        node = NamedNode(
            f"{ID}relation/{'-'.join(parts)}" + (f"-{number}" if (number := numbers[act.code]) > 1 else "")
        )
        said += _act(node, treaty, actor, act)
        for rival in act.rivals:
            said += _rival(node, treaty, act, rival, places, ledger)
        _account(node, act, ledger)
    return said


def kept(before: Iterable[Triple], after: list[Triple]) -> list[Triple]:
    """Return what editors said of acts that are still there, such as notes: an import never takes it away."""
    subjects = {triple.subject for triple in after if triple.predicate == term("mgo:actor")}
    return [triple for triple in before if triple.subject in subjects and triple.predicate not in _OWN]


def moment(text: str) -> Literal | None:
    """Return a printed date as a literal, None for an empty one."""
    return Literal(text, datatype=NamedNode(DATATYPES[len(text)])) if text else None


def _act(node: NamedNode, treaty: NamedNode, actor: NamedNode, act: Act) -> list[Triple]:
    slots: list[tuple[str, Term | None]] = [
        ("mgo:actor", actor),
        ("mgo:instrument", treaty),
        ("mgo:actionType", term(f"treaty-action:{act.code}")),
        ("mgo:date", moment(act.date)),
        ("mgo:effectiveDate", moment(act.effect)),
        *(("mgo:evidence", report.evidence) for report in (*act.reports, *act.effects)),
    ]
    return triples(node, "mgo:TreatyAction", slots)


def _rival(node: NamedNode, treaty: NamedNode, act: Act, rival: Rival, places: Places, ledger: Ledger) -> list[Triple]:
    value = term(f"treaty-action:{rival.value}") if rival.slot == "actionType" else moment(rival.value)
    agreeing = _agreeing(act, rival.slot)
    outweighed = len({r.source for r in rival.reports}) <= len({r.source for r in agreeing})
    first = min((*agreeing, *rival.reports), key=lambda report: report.position)
    why = places[treaty, first.source].reason
    reason = f"For {_SLOTS[rival.slot]} another source goes first in the order of authority of this treaty: {why}"
    made = claim(
        node,
        f"mgo:{rival.slot}",
        value or Literal(""),
        [report.evidence for report in rival.reports],
        rank="deprecated" if outweighed else None,
        reason=reason if outweighed else None,
    )
    for report in rival.reports:
        ledger.made(report.source, assertions=(NamedNode(str(made[0].subject)[1:-1]),), evidence=report.evidence)
    return made


def _agreeing(act: Act, slot: str) -> list[Report]:
    if slot == "effectiveDate":
        return act.effects
    if slot == "actionType":
        return [report for report in act.reports if report.code == act.code]
    return [report for report in act.reports if report.date and compatible(report.date, act.date)]


def _account(node: NamedNode, act: Act, ledger: Ledger) -> None:
    """Count each row once: it founded the act, joined it, or disputes it."""
    disputing = {report.evidence for rival in act.rivals for report in rival.reports}
    rows = {report.evidence: report for rival in act.rivals for report in rival.reports}
    rows |= {report.evidence: report for report in (*act.reports, *act.effects)}
    for report in rows.values():
        founded = report.evidence == act.founder.evidence
        ledger.record(report.source, "made" if founded else "disputed" if report.evidence in disputing else "merged")
        if report in (*act.reports, *act.effects):
            ledger.made(report.source, assertions=(node,), evidence=report.evidence)
