"""Imports the membership of IOM by State: dates of joining, spells, and what lists of members show at a time.

The day on which the Constitution entered into force for a State (an act of the treaty, imported before) is the first
day of its membership. Other dates of joining agree with it or stand beside it as rivals. A spell with an end, which a
data set codes by the year, is a membership of its own, so that States that left and came back have two. Lists and
editions date nothing: within a membership they are further evidence, elsewhere they bound a membership of their own.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import lists, tables
from migov.record.citing import TRUST, Cited, Citer, Said, as_of, rival
from migov.record.context import Context
from migov.record.draft import Draft
from migov.record.evidence import text
from migov.record.keys import term
from migov.record.memberships import membership
from migov.record.spells import Statement, earliest, latest, spells_of
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "iom-members",
    "Members and observers of IOM, one row for each State and statement of a source",
    (
        Column("iso3", "ISO 3166-1 alpha-3 code; empty for a State that has none, which state_name then names"),
        Column("state_name", "name of the State as the source prints it", True),
        Column("membership_date", "day, month or year of joining"),
        Column("date_precision", "day, month or year"),
        Column("status", "member, observer, former (a spell that ended) or applicant", True),
        Column("end_date", "year in which a spell ended"),
        Column("observed_from", "first edition or year that lists the State"),
        Column("observed_to", "last edition or year that lists the State"),
        Column("source", "what the source is called", True),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "the state that the source shows; 'undated' where that is not known"),
        Column("note", "what to beware of"),
    ),
)
FOLDER = "relations/iom-membership"
FILE, LISTS, EVIDENCE = f"{FOLDER}/states", f"{FOLDER}/lists", "sources/iom-membership"
ACTS = "treaty-actions/iom-constitution"
_CODES = {"member": "member", "former": "member", "observer": "observer", "applicant": "applicant"}
_KEPT_UP = re.compile(r"not updated after about (\d{4})")


@dataclass(frozen=True)
class Entry:
    """One row: the State, the capacity, and what it says of the time."""

    row: Row
    state: NamedNode
    code: str
    statement: Statement


def run(table: Table, context: Context) -> None:
    """Check every row, refuse the table if one is wrong, and put what the rows say into the files."""
    _check(table, context)
    draft, citer = Draft(context), Citer(context)
    iom = context.register.find("org", "iom")
    if iom is None:
        raise LookupError("the graph has no o:iom")
    bound = _bound(context)
    belongings: dict[tuple[NamedNode, str], list[Entry]] = defaultdict(list)
    entries = [_entry(row, citer, context) for row in table]
    for entry in entries:
        belongings[entry.state, entry.code].append(entry)
    for state in bound:
        belongings.setdefault((state, "member"), [])
    for (state, code), those in belongings.items():
        _state(draft, context, iom, state, code, those, bound.get(state, []) if code == "member" else [])
    rows = [(entry.row, iom, entry.code, entry.statement.cited) for entry in entries]
    for told in lists.editions(rows):
        lists.state(draft, told, LISTS)
    draft.save(FOLDER)
    citer.save(EVIDENCE)


def _check(table: Table, context: Context) -> None:
    for row in table:
        problems = table.problems
        if not context.register.find("state place", row["iso3"] or row["state_name"]):
            problems.add(row, f"State {row['iso3'] or row['state_name']!r} is unknown")
        tables.code(row, "status", _CODES, problems)
        start = tables.moment(row, "membership_date", problems, "date_precision")
        end = tables.moment(row, "end_date", problems)
        seen = [tables.moment(row, column, problems) for column in ("observed_from", "observed_to")]
        if (seen[0] is None) != (seen[1] is None):
            problems.add(row, "observed_from and observed_to go together: give both or none")
        if seen[0] and seen[1] and latest(seen[1]) < earliest(seen[0]):
            problems.add(row, f"it is observed to {seen[1].value}, before {seen[0].value}")
        if start and end and latest(end) < earliest(start):
            problems.add(row, f"it ends in {end.value}, before it starts in {start.value}")
        if (row["status"] == "former") != (end is not None):
            problems.add(row, "a former membership has an end_date, and no other has one")
        if row["source_as_of"] not in ("", "undated") and as_of(row["source_as_of"]) is None:
            problems.add(row, f"source_as_of {row['source_as_of']!r} is no date: write 'undated' where there is none")
    table.problems.refuse()


def _entry(row: Row, citer: Citer, context: Context) -> Entry:
    state = context.register.find("state place", row["iso3"] or row["state_name"])
    if state is None:
        raise LookupError(f"row {row.number} was not checked")
    start, end, shown = as_of(row["membership_date"]), as_of(row["end_date"]), as_of(row["source_as_of"])
    seen_from, seen_to = as_of(row["observed_from"]), as_of(row["observed_to"])
    if start is None and seen_from is None:
        seen_from = seen_to = shown
    kept_up = _KEPT_UP.search(row["note"])
    if kept_up and seen_to and seen_to.value > kept_up[1]:
        seen_to = as_of(kept_up[1])
    times = " ".join(filter(None, (row["membership_date"], row["end_date"])))
    window = f"{row['observed_from']} to {row['observed_to']}" if row["observed_from"] else ""
    where = ", ".join(filter(None, (row["source"], row["status"], row["state_name"], window)))
    cited = citer.cite(
        row["source_url"],
        where,
        " ".join((row["state_name"], times)),
        as_of=shown,
        note=row["note"],
        dated=start is not None or seen_from is not None,
    )
    report = (None, None) if start else (seen_from, seen_to)
    return Entry(row, state, _CODES[row["status"]], Statement(cited, start, end, *report))


def _bound(context: Context) -> dict[NamedNode, list[Statement]]:
    """Return for each State the day from which the Constitution bound it, with the evidence of the act."""
    source = {t.subject: t.object for t in context.files.read(f"sources/{ACTS}") if t.predicate == term("mgo:source")}
    narrow = {t.subject for t in context.files.read(f"sources/{ACTS}") if t.predicate == term("mgo:supports")}
    slots: dict[NamedNode, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for triple in context.files.read(f"relations/{ACTS}"):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            slots[triple.subject][triple.predicate.value].append(triple.object)
    found: dict[NamedNode, list[Statement]] = defaultdict(list)
    actor, effect, evidence = (term(f"mgo:{slot}").value for slot in ("actor", "effectiveDate", "evidence"))
    for act in slots.values():
        for state, day in zip(act[actor], act[effect], strict=False):
            for node in sorted((n for n in act[evidence] if isinstance(n, NamedNode) and n in narrow), key=str):
                document = source[node]
                if isinstance(state, NamedNode) and isinstance(day, Literal) and isinstance(document, NamedNode):
                    trust = TRUST.index(context.sources.of(document).tier)
                    found[state].append(Statement(Cited(node, document, trust), day))
    return found


def _state(
    draft: Draft,
    context: Context,
    iom: NamedNode,
    state: NamedNode,
    code: str,
    entries: Sequence[Entry],
    bound: Sequence[Statement],
) -> None:
    """State the spells of one State in one capacity, and account for its rows."""
    spells, outcome = spells_of([entry.statement for entry in entries], bound)
    dated = 0
    for spell in spells:
        dated += not spell.tag
        number = str(dated) if dated > 1 and not spell.tag else ""
        assertion = membership(draft, FILE, iom, state, code, spell, number, lasting={"member"})
        kept = spell.kept
        for one in spell.rivals:
            if kept and one.start:
                draft.dispute(FILE, rival(assertion, "mgo:startDate", Said(one.start, one.cited), kept), [one.cited])
        if spell.reason:
            draft.add(FILE, [Triple(assertion, term("mgo:rank"), term("rank:deprecated"))])
            draft.add(FILE, [Triple(assertion, term("mgo:rankReason"), text(spell.reason, "en"))])
    for entry in entries:
        context.ledger.record(entry.statement.cited.document, outcome[entry.statement.cited.node])
