"""Imports memberships: who belongs to which body in which capacity, since when or as reported when."""

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from migov.record import lists, tables
from migov.record.citing import Citer, as_of
from migov.record.codes import words
from migov.record.context import Context
from migov.record.draft import Draft, key, node
from migov.record.evidence import Term
from migov.record.keys import term
from migov.record.placing import FRESH
from migov.record.spells import Spell, Statement, earliest, gather, latest
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "memberships",
    "Memberships and other ways of belonging to a body, one row for each statement of a source",
    (
        Column("member_key", "ISO 3166-1 alpha-3 code of a State or territory, or key of an organisation", True),
        Column("member_type", "state or organisation", True),
        Column("group_key", "key of the body belonged to", True),
        Column("role", "the capacity, in the words of the code list membership-type", True),
        Column("start", "first day, month or year"),
        Column("start_precision", "day, month or year"),
        Column("end", "last day, month or year"),
        Column("end_precision", "day, month or year"),
        Column("as_of", "the time for which a source lists the member; 'undated' where it tells none"),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "the state that the source shows; 'undated' where that is not known"),
        Column("note", "what to beware of; 'listed in every edition from 1995' gives the first of several editions"),
    ),
)
_EDITIONS = re.compile(r"listed in every edition from (\d{4})")
_KINDS = {"state": "state", "organisation": "org"}
_LASTING = {"member", "observer"}  # a dated admission is taken to last; an office or a service is not


@dataclass(frozen=True)
class Entry:
    """One row: who belongs to what, in which capacity, and what it says of the time."""

    row: Row
    member: NamedNode
    body: NamedNode
    code: str
    statement: Statement


def run(table: Table, context: Context) -> None:
    """Check every row, refuse the table if one is wrong, and put what the rows say into the files."""
    _check(table, context)
    draft = Draft(context)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        groups[row["group_key"]].append(row)
    for group, rows in groups.items():
        citer = Citer(context)
        entries = [_entry(row, citer, context) for row in rows]
        file = f"relations/memberships/{key(entries[0].body)}"
        _state(draft, file, entries, context)
        for told in lists.told(group, [(e.row, e.body, e.code, e.statement.cited) for e in entries]):
            lists.state(draft, told)
        citer.save(f"sources/memberships/{key(entries[0].body)}")
    draft.save("relations/memberships")


def _check(table: Table, context: Context) -> None:
    for row in table:
        problems = table.problems
        kind = tables.code(row, "member_type", _KINDS, problems)
        if kind and not context.register.find(kind, row["member_key"]):
            problems.add(row, f"{row['member_type']} {row['member_key']!r} is unknown")
        if not context.register.find("org", row["group_key"]):
            problems.add(row, f"organisation {row['group_key']!r} is unknown")
        tables.code(row, "role", words("membership-type"), problems)
        start = tables.moment(row, "start", problems, "start_precision")
        end = tables.moment(row, "end", problems, "end_precision")
        if start and end and latest(end) < earliest(start):
            problems.add(row, f"it ends in {end.value}, before it starts in {start.value}")
        for column in ("as_of", "source_as_of"):
            if row[column] not in ("", "undated") and as_of(row[column]) is None:
                problems.add(row, f"{column} {row[column]!r} is no date: write 'undated' where there is none")
    table.problems.refuse()


def _entry(row: Row, citer: Citer, context: Context) -> Entry:
    member = context.register.find(_KINDS[row["member_type"]], row["member_key"])
    body = context.register.find("org", row["group_key"])
    if member is None or body is None:
        raise LookupError(f"row {row.number} was not checked")
    start, end, to = as_of(row["start"]), as_of(row["end"]), as_of(row["as_of"])
    editions = _EDITIONS.search(row["note"])
    since = as_of(editions[1]) if editions else to
    times = " to ".join(filter(None, (row["start"], row["end"]))) or (row["as_of"] if to else "")
    cited = citer.cite(
        row["source_url"],
        f"{row['group_key']}, {row['role']}: {row['member_key']}",
        " ".join(filter(None, (row["member_key"], times))),
        as_of=as_of(row["source_as_of"]),
        note=row["note"],
        dated=bool(start or to),
    )
    dated = bool(start or end)
    statement = Statement(cited, start, end, None if dated else since, None if dated else to)
    return Entry(row, member, body, words("membership-type")[row["role"]], statement)


def _state(draft: Draft, file: str, entries: Sequence[Entry], context: Context) -> None:
    belongings: dict[tuple[NamedNode, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        belongings[entry.member, entry.code].append(entry)
    for (member, code), those in belongings.items():
        first: set[int] = set()
        dated = 0
        for spell in gather(entry.statement for entry in those):
            dated += not spell.tag
            number = str(dated) if dated > 1 and not spell.tag else ""
            assertion = membership(draft, file, those[0].body, member, code, spell, number)
            if not draft.by_hand(assertion):
                first.add(id(spell.statements[0]))
        for entry in those:
            made = id(entry.statement) in first
            context.ledger.record(entry.statement.cited.document, "made" if made else "merged")


def membership(
    draft: Draft,
    file: str,
    body: NamedNode,
    member: NamedNode,
    code: str,
    spell: Spell,
    number: str = "",
    *,
    lasting: Container[str] = _LASTING,
) -> NamedNode:
    """State one spell of belonging, or add its evidence to the one kept by hand; return it.

    A dated admission without an end is taken to last when its capacity is one of ``lasting``.
    """
    ends: list[tuple[str, Term | None]] = [
        ("org:member", member),
        ("org:organization", body),
        ("mgo:membershipType", term(f"membership-type:{code}")),
    ]
    there = draft.found("mgo:Membership", ends) if spell.start is None else None
    capacity = "" if code == "member" else code
    assertion = there or node("relation", key(body), key(member), capacity, spell.tag, number)
    kept = spell.kept
    times: list[tuple[str, Term | None]] = [
        ("mgo:startDate", kept.date if kept else None),
        ("mgo:endDate", spell.end),
        ("mgo:observedFrom", spell.seen_from),
        ("mgo:observedTo", spell.seen_to),
        ("mgo:endStatus", _status(code, spell, lasting)),
    ]
    cited = [one.cited for one in spell.statements]
    return draft.state(file, assertion, "mgo:Membership", [*ends, *times], cited)


def _status(code: str, spell: Spell, lasting: Container[str]) -> NamedNode | None:
    if spell.end is not None:
        return term("end-status:ended")
    if code == "past-chair":
        return term("end-status:ended-unknown-day")
    if spell.seen_to is not None:
        return term(f"end-status:{'ongoing' if int(spell.seen_to.value[:4]) >= FRESH else 'not-known'}")
    if spell.start is not None:
        return term(f"end-status:{'ongoing' if code in lasting else 'not-known'}")
    return None
