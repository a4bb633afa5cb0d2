"""Imports how members voted when a document was adopted: one vote for each voter and adoption, however many sources.

Where the tally kept says how many did the same, and the most trusted source names just as many, voters whom only
sources of a lower tier name are set aside. Without such a list all voters named stand.
"""

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import codes, tables
from migov.record.citing import Cited, Citer, as_of
from migov.record.context import Context
from migov.record.draft import Draft, node
from migov.record.evidence import Term, claim, text
from migov.record.instruments import ADOPTIONS, TALLIES
from migov.record.keys import iri, term
from migov.record.tables import Column, Layout, Row, Table
from migov.vocabulary import RDF_TYPE

LAYOUT = Layout(
    "votes",
    "Votes on the adoption of documents",
    (
        Column("instrument_key", "key of the document, whose adoption the graph knows", True),
        Column("iso3", "ISO 3166-1 alpha-3 code of the voter", True),
        Column("vote", "for, against, abstain or absent", True),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "time whose state the source shows, or undated", True),
        Column("note", "what to beware of"),
    ),
)
FOLDER = "votes"
FILE = f"relations/{FOLDER}/adoptions"
_INDICATORS = {"yes": "votes-in-favour", "no": "votes-against", "abstention": "abstentions"}


@dataclass(frozen=True)
class Ballot:
    """One row, understood; ``key`` is that of the adoption in keys of votes."""

    row: Row
    key: str
    instrument: NamedNode
    adoption: NamedNode
    voter: NamedNode
    cast: str


def run(table: Table, context: Context) -> None:
    """Write the votes of a table, in place of those of an earlier import."""
    adoptions = {
        triple.subject
        for name in (*context.files.named("relations/*"), ADOPTIONS)
        for triple in context.files.read(name)
        if triple.predicate.value == RDF_TYPE
        and triple.object == term("mgo:Adoption")
        and isinstance(triple.subject, NamedNode)
    }
    ballots = [found for row in table if (found := _ballot(row, table, context, adoptions))]
    table.problems.refuse()
    names = _names(context)
    citer, draft = Citer(context), Draft(context)
    votes: dict[NamedNode, list[tuple[Ballot, Cited]]] = defaultdict(list)
    for one in ballots:
        row = one.row
        words = f"{names.get(one.voter, row['iso3'])} {row['vote']}"
        where = f"{row['instrument_key']}: vote of {row['iso3']}"
        cited = citer.cite(row["source_url"], where, words, as_of=as_of(row["source_as_of"]), note=row["note"])
        votes[node("event", one.key, "vote", row["iso3"])].append((one, cited))
    complete = _complete([pair for group in votes.values() for pair in group], context)
    for name, group in votes.items():
        _state(name, sorted(group, key=lambda pair: pair[1].trust), complete, draft, context)
    draft.save(f"relations/{FOLDER}")
    citer.save(f"sources/{FOLDER}")


def _ballot(row: Row, table: Table, context: Context, adoptions: set[NamedNode]) -> Ballot | None:
    problems = table.problems
    instrument = context.register.find("document", row["instrument_key"])
    if instrument is None:
        problems.add(row, f"document {row['instrument_key']!r} is unknown")
    adoption = iri("event", f"{row['instrument_key']}-adoption")
    if instrument and adoption not in adoptions:
        problems.add(row, f"no adoption of {row['instrument_key']!r} is known: import it first")
    voter = context.register.find("state", row["iso3"])
    if voter is None:
        problems.add(row, f"State {row['iso3']!r} is unknown")
    cast = tables.code(row, "vote", codes.words("vote-cast"), problems)
    if instrument and voter and cast:
        return Ballot(row, row["instrument_key"], instrument, adoption, voter, cast)
    return None


def _names(context: Context) -> dict[NamedNode, str]:
    label = term("skos:prefLabel")
    return {
        triple.subject: triple.object.value
        for triple in context.files.read("entities/states")
        if triple.predicate == label
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
        and triple.object.language == "en"
    }


def _complete(votes: list[tuple[Ballot, Cited]], context: Context) -> dict[tuple[NamedNode, str], int]:
    """Return for adoption and kind of vote the trust of the source that names as many voters as the tally counts."""
    slots: dict[NamedNode, dict[str, Term]] = defaultdict(dict)
    for triple in context.files.read(TALLIES):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            slots[triple.subject][triple.predicate.value] = triple.object
    wanted = [term(f"mgo:{slot}").value for slot in ("observedEntity", "indicator", "value")]
    rank = term("mgo:rank").value
    tallies = {tuple(said[slot] for slot in wanted) for said in slots.values() if rank not in said}
    named: dict[tuple[NamedNode, str, NamedNode, int], set[NamedNode]] = defaultdict(set)
    for one, cited in votes:
        named[one.adoption, one.cast, cited.document, cited.trust].add(one.voter)
    found: dict[tuple[NamedNode, str], int] = {}
    for (adoption, cast, _, trust), voters in named.items():
        indicator = term(f"indicator:{_INDICATORS.get(cast, '')}")
        counted = any(tally[:2] == (adoption, indicator) and tally[2].value == str(len(voters)) for tally in tallies)
        if counted:
            found[adoption, cast] = min(trust, found.get((adoption, cast), trust))
    return found


def _state(
    name: NamedNode,
    group: list[tuple[Ballot, Cited]],
    complete: dict[tuple[NamedNode, str], int],
    draft: Draft,
    context: Context,
) -> None:
    """State a vote as its most trusted source tells it; another way of voting that one tells is a rival."""
    first, best = group[0]
    slots: list[tuple[str, Term | None]] = [
        ("mgo:instrument", first.instrument),
        ("mgo:voter", first.voter),
        ("mgo:voteCast", term(f"vote-cast:{first.cast}")),
        ("mgo:onAdoption", first.adoption),
    ]
    agree = [cited for one, cited in group if one.cast == first.cast]
    draft.state(FILE, name, "mgo:Vote", slots, agree)
    aside = complete.get((first.adoption, first.cast), best.trust) < best.trust
    if aside:
        reason = "A source of a higher tier names as many as the tally counts, and not this voter."
        draft.add(FILE, [Triple(name, term("mgo:rank"), term("rank:deprecated"))])
        draft.add(FILE, [Triple(name, term("mgo:rankReason"), text(reason, "en"))])
    for index, (one, cited) in enumerate(group):
        rival = one.cast != first.cast
        if rival:
            draft.dispute(FILE, _rival(name, one, cited, best), [cited])
        context.ledger.record(cited.document, "disputed" if rival or aside else "merged" if index else "made")


def _rival(name: NamedNode, other: Ballot, cited: Cited, best: Cited) -> list[Triple]:
    lower = cited.trust > best.trust
    reason = f"The vote kept has a source of a higher tier: {best.tier} before {cited.tier}."
    value = term(f"vote-cast:{other.cast}")
    return claim(
        name,
        "mgo:voteCast",
        value,
        [cited.node],
        rank="deprecated" if lower else None,
        reason=reason if lower else None,
    )
