"""Imports posts, persons and who held which post when, according to whom.

A post that the graph does not know is one of the body whose key its own key begins with (``cmw-chair`` is in ``cmw``).
Posts and persons that the graph has under another key say so with ``mgo:tableKey``. Tenures kept by hand only gain
evidence. The end of a term that still runs is no fact yet and stands in a note.
"""

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import tables
from migov.record.citing import READ, Citer, Said, as_of, compatible, rival
from migov.record.context import Context
from migov.record.draft import Draft, key, node
from migov.record.evidence import Term, claim, day, text, triples
from migov.record.keys import iri, term
from migov.record.ledger import Outcome
from migov.record.tables import Column, Layout, Problems, Row, Table
from migov.record.tenures import Report, Tenure, bounds, gather

LAYOUT = Layout(
    "people",
    "Persons in posts",
    (
        Column("person", "name of the person", True),
        Column("post_key", "key of the post; that of a new post begins with the key of its body", True),
        Column("post_label", "name of the post; (Acting) or ad interim behind it tells the capacity", True),
        Column("start", "first day, month or year in post"),
        Column("start_precision", "day, month, year, or empty for no date"),
        Column("end", "last day, month or year in post"),
        Column("end_precision", "day, month, year, or empty for no date"),
        Column("nationality_iso3", "ISO 3166-1 alpha-3 code of the State whose national the person is"),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "time whose state the source shows, or undated", True),
        Column("note", "what to beware of; *elected 3 May 2009* gives the day of choice, *candidate* no tenure"),
    ),
)
ENTITIES, FOLDER = "entities/people", "people"
TENURES, CLAIMS = f"relations/{FOLDER}/tenures", f"claims/{FOLDER}"
_CAPACITIES = {"acting": "acting", "temporary": "acting", "interim": "interim", "ad interim": "interim"}
_BEHIND = re.compile(r" \((acting)\)| (ad interim)", re.IGNORECASE)
_CHOSEN = re.compile(
    r"\b(?:elected|approved|appointed|appointment announced)(?: by the General Assembly)?(?: on| in)?"
    r" (?P<day>\d{1,2} )?(?P<month>[A-Z][a-z]+) (?P<year>\d{4})"
)
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_HONORIFIC = re.compile(r"^Judge | \([^()]*\)$")
_SLOTS = {"chosen": "mgo:appointmentDate", "start": "mgo:startDate", "end": "mgo:endDate"}
CANDIDATE = "The row names a candidate: that is no tenure. Only the nationality is taken from it."
NAMELESS = "The source gives the title of the post in place of a name."
LATE = "The end of the term is dated; a list may keep a name beyond it."


@dataclass(frozen=True)
class Holder:
    """One row, understood."""

    row: Row
    person: NamedNode
    post: NamedNode
    nationality: NamedNode | None
    start: Literal | None
    end: Literal | None


def run(table: Table, context: Context) -> None:
    """Write posts, persons, tenures and nationalities, in place of those of an earlier import."""
    own = {t.subject for t in context.files.read(ENTITIES) if isinstance(t.subject, NamedNode)}
    entities: list[Triple] = []
    labels = _labels(table)
    holders = [found for row in table if (found := _holder(row, table.problems, context, own, labels, entities))]
    table.problems.refuse()
    context.register.learn(entities)
    citer, draft = Citer(context), Draft(context)
    groups: dict[tuple[NamedNode, NamedNode], list[Report]] = defaultdict(list)
    nationalities: dict[tuple[NamedNode, NamedNode], list[Report]] = defaultdict(list)
    for holder in holders:
        if _nameless(holder.row):
            source = citer.source(holder.row["source_url"], as_of(holder.row["source_as_of"]))
            context.ledger.record(source.document, "set-aside", NAMELESS)
            continue
        report = _report(holder, citer)
        if holder.nationality:
            nationalities[holder.person, holder.nationality].append(report)
        if holder.row["note"].startswith("candidate"):
            context.ledger.record(report.by.document, "set-aside", CANDIDATE)
        else:
            groups[holder.post, holder.person].append(report)
    for (post, person), reports in groups.items():
        _state_all(post, person, gather(reports), draft, context)
    for (person, state), reports in nationalities.items():
        draft.claim(CLAIMS, person, "mgo:nationality", state, [report.by for report in reports])
    named = {person for _, person in groups} | {person for person, _ in nationalities} | {post for post, _ in groups}
    context.files.replace(ENTITIES, [triple for triple in entities if triple.subject in named])
    draft.save(f"relations/{FOLDER}")
    citer.save(f"sources/{FOLDER}")


def _labels(table: Table) -> dict[str, str]:
    """Return the name by which most rows call each post."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for row in table:
        names[row["post_key"]][_BEHIND.sub("", row["post_label"])] += 1
    return {post: counted.most_common(1)[0][0] for post, counted in names.items()}


def _holder(
    row: Row, problems: Problems, context: Context, own: set[NamedNode], labels: dict[str, str], entities: list[Triple]
) -> Holder | None:
    register = context.register
    name = _HONORIFIC.sub("", row["person"])
    person = register.find("person", name) or iri("person", name)
    if not register.types(person) or person in own:
        entities += triples(person, "foaf:Person", [("skos:prefLabel", text(name, "en"))])
    post = register.find("post", row["post_key"]) or iri("post", row["post_key"])
    if not register.types(post) or post in own:
        parts = row["post_key"].split("-")
        bodies = (register.find("org", "-".join(parts[:count])) for count in range(len(parts) - 1, 0, -1))
        body = next(filter(None, bodies), None)
        if body is None:
            problems.add(row, f"no body is known whose key begins the key of the post {row['post_key']!r}")
        elif not any(triple.subject == post for triple in entities):
            label = text(labels[row["post_key"]], "en")
            entities += triples(post, "org:Post", [("skos:prefLabel", label), ("org:postIn", body)])
    nationality = register.find("state", row["nationality_iso3"]) if row["nationality_iso3"] else None
    if row["nationality_iso3"] and nationality is None:
        problems.add(row, f"State {row['nationality_iso3']!r} is unknown")
    start = tables.moment(row, "start", problems, "start_precision")
    end = tables.moment(row, "end", problems, "end_precision")
    if start and end and bounds(start).first > bounds(end).last:
        problems.add(row, f"the end {end.value} is before the start {start.value}")
    return Holder(row, person, post, nationality, start, end)


def _nameless(row: Row) -> bool:
    return set(row["person"].split()) <= set(row["post_label"].replace(",", "").split())


def _report(holder: Holder, citer: Citer) -> Report:
    row, time = holder.row, as_of(holder.row["source_as_of"])
    chosen = chosen_on(row["note"])
    said = " to ".join(filter(None, (row["start"], row["end"])))
    words = f"{row['person']} {said}" if said else f"{row['person']}, {row['post_label']}"
    where = f"{row['post_label']}: {row['person']}" + (f", {said}" if said else "")
    dated = bool(holder.start or holder.end or chosen)
    by = citer.cite(row["source_url"], where, words, as_of=time, note=row["note"], dated=dated)
    behind = _BEHIND.search(row["post_label"])
    capacity = (behind[1] or behind[2]).lower() if behind else row["note"].partition(";")[0]
    return Report(
        row.place,
        by,
        start=holder.start,
        end=holder.end,
        chosen=chosen,
        seen=None if dated else time,
        capacity=_CAPACITIES.get(capacity, ""),
    )


def chosen_on(note: str) -> Literal | None:
    """Return the day or month of an election or appointment that a note tells, or None."""
    match = _CHOSEN.search(note)
    if match is None or match["month"] not in _MONTHS:
        return None
    month = f"{match['year']}-{_MONTHS[match['month']]:02}"
    return as_of(f"{month}-{int(match['day']):02}" if match["day"] else month)


def _state_all(post: NamedNode, person: NamedNode, tenures: Sequence[Tenure], draft: Draft, context: Context) -> None:
    kept = draft.found("mgo:PostTenure", [("mgo:post", post), ("org:member", person)])
    for number, tenure in enumerate(tenures, 1):
        name = node("relation", key(post), key(person), str(number) if number > 1 else "")
        same = kept and _same_as_kept(kept, tenure, draft)
        _state(kept if same and kept else name, bool(same), post, person, tenure, draft, context)


def _same_as_kept(kept: NamedNode, tenure: Tenure, draft: Draft) -> bool:
    """Tell whether a tenure kept by hand is this one: their starts agree, or one of them has none."""
    start, other = tenure.kept("start"), draft.value(kept, "mgo:startDate")
    return not start or not isinstance(other, Literal) or compatible(start.date, other)


def _state(
    name: NamedNode,
    by_hand: bool,
    post: NamedNode,
    person: NamedNode,
    tenure: Tenure,
    draft: Draft,
    context: Context,
) -> None:
    """State one tenure, its rivals, and what became of each row."""
    kept = {slot: tenure.kept(slot) for slot in _SLOTS}
    capacity = next((report.capacity for report in tenure.reports if report.capacity), "")
    slots: list[tuple[str, Term | None]] = [
        ("mgo:post", post),
        ("org:member", person),
        ("mgo:actingCapacity", term(f"acting-capacity:{capacity}") if capacity else None),
        *_times(kept, tenure.seen),
    ]
    draft.state(TENURES, name, "mgo:PostTenure", slots, [report.by for report in tenure.reports])
    disputed: set[int] = set()
    for slot, about in _SLOTS.items():
        for report, said in tenure.rivals(slot):
            first = kept[slot]
            if first:
                draft.dispute(TENURES, rival(name, about, said, first), [said.by])
                disputed.add(report.number)
    for report in tenure.late:
        if report.seen:
            made = claim(name, "mgo:observedTo", report.seen, [report.by.node], rank="deprecated", reason=LATE)
            draft.dispute(TENURES, made, [report.by])
            disputed.add(report.number)
    for index, report in enumerate((*tenure.reports, *tenure.late)):
        agreed: Outcome = "merged" if by_hand or index else "made"
        context.ledger.record(report.by.document, "disputed" if report.number in disputed else agreed)


def _times(kept: dict[str, Said | None], seen: Sequence[Literal]) -> list[tuple[str, Term | None]]:
    chosen, start, end = (said.date if (said := kept[slot]) else None for slot in _SLOTS)
    today = bounds(day(READ))
    note = None
    if end and bounds(end).last > today.last:
        note, end = text(f"The term is to end {end.value}.", "en"), None
    fresh = bool(start and seen and (today.first - bounds(seen[-1]).last).days <= 366)
    status = "ended" if end else "ongoing" if fresh else "not-known"
    return [
        ("mgo:appointmentDate", chosen),
        ("mgo:startDate", start),
        ("mgo:endDate", end),
        ("mgo:observedFrom", seen[0] if seen and not start else None),
        ("mgo:observedTo", seen[-1] if seen and not end else None),
        ("mgo:endStatus", term(f"end-status:{status}")),
        ("skos:editorialNote", note),
    ]
