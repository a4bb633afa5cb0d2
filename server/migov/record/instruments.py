"""Imports documents and what became of them: symbols, numbers of parts, adoptions with their tallies, entry into force.

Rows of one key are one document. A row of a part (an objective, a target) says what it is part of and its number there;
its symbol and day of adoption are those of the whole and stand there. A document that the graph has keeps its name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import codes, tables
from migov.record.citing import Cited, Citer, Said, as_of, best, compatible, rival
from migov.record.context import Context
from migov.record.draft import Draft, key
from migov.record.evidence import Term, claim, text, triples
from migov.record.keys import iri, slug, term
from migov.record.ledger import Outcome
from migov.record.observing import figure, observe, set_aside
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "instruments",
    "Documents, their parts and their adoption",
    (
        Column("key", "key of the document; rows of one key are one document", True),
        Column("symbol", "official symbol; (draft) behind it marks that of a draft"),
        Column("title", "title or short label", True),
        Column("kind", "kind, in words that an instrument type knows, or a report or paper", True),
        Column("part_of", "key of the document of which this is a part"),
        Column("number", "number within the whole"),
        Column("adopted", "day, month or year of adoption or issue"),
        Column("adopted_precision", "day, month, year, or empty for no date"),
        Column("adopting_body", "keys of those who adopted or wrote it, or the title of a conference, divided by '; '"),
        Column("in_force", "day of entry into force"),
        Column("votes_for", "number of votes in favour"),
        Column("votes_against", "number of votes against"),
        Column("abstentions", "number of abstentions"),
        Column("note", "what to beware of"),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "time whose state the source shows, or undated", True),
    ),
)
ENTITIES, FOLDER = "entities/instruments", "instruments"
ADOPTIONS, CLAIMS, TALLIES = f"relations/{FOLDER}/adoptions", f"claims/{FOLDER}", f"observations/{FOLDER}"
_ISSUED = ("report of a special procedure", "IOM Council document")  # written by somebody rather than adopted
_KEY = re.compile(r"[a-z0-9-]+")
_DRAFT = re.compile(r"(?P<symbol>.+) \(draft\)")
_VOTES = {"votes_for": "votes-in-favour", "votes_against": "votes-against", "abstentions": "abstentions"}
_CONCLUDED = ("agreement", "memorandum-of-understanding")


@dataclass
class Line:
    """One row, understood."""

    row: Row
    bodies: list[NamedNode]
    adopted: Literal | None
    in_force: Literal | None
    votes: dict[str, Literal]
    instrument_type: str | None  # None for a paper or a part
    new: bool = False  # whether it led to an assertion, and not only to evidence
    disputed: bool = False


def run(table: Table, context: Context) -> None:
    """Write documents, claims, adoptions and tallies, in place of those of an earlier import."""
    nodes = {row["key"]: context.register.find("document", row["key"]) or iri("document", row["key"]) for row in table}
    own = {t.subject for t in context.files.read(ENTITIES) if isinstance(t.subject, NamedNode)}
    known = {node for node in nodes.values() if context.register.types(node) and node not in own}
    entities: list[Triple] = []
    documents: dict[NamedNode, list[Line]] = defaultdict(list)
    for row in table:
        line = _line(row, table, context, nodes, own, entities)
        documents[nodes[row["key"]]].append(line)
    table.problems.refuse()
    titles = Counter(title for title, _ in {(row["title"], row["key"]) for row in table})
    shared = {title for title, count in titles.items() if count > 1}
    citer, draft = Citer(context), Draft(context)
    for node, lines in documents.items():
        if node not in known:
            entities += _entity(node, lines[0], nodes, context, shared)
        for name in dict.fromkeys(line.row["key"] for line in lines):
            _tell(node, [line for line in lines if line.row["key"] == name], citer, draft, context)
    context.files.replace(ENTITIES, entities)
    context.register.learn(entities)
    draft.save(f"relations/{FOLDER}")
    citer.save(f"sources/{FOLDER}")


def _line(
    row: Row,
    table: Table,
    context: Context,
    nodes: dict[str, NamedNode],
    own: set[NamedNode],
    entities: list[Triple],
) -> Line:
    problems = table.problems
    whole = row["part_of"]
    if whole and whole not in nodes and context.register.find("document", whole) is None:
        problems.add(row, f"document {whole!r} is unknown")
    if bool(whole) != bool(row["number"]):
        problems.add(row, "part_of and number belong together")
    instrument_type = None
    if not whole and row["kind"] not in _ISSUED:
        instrument_type = tables.code(row, "kind", codes.words("instrument-type"), problems)
    bodies = []
    for name in filter(None, row["adopting_body"].split("; ")):
        body = context.register.find("org post", name)
        if body is None and _KEY.fullmatch(name):
            problems.add(row, f"organisation {name!r} is unknown")
        elif body is None or body in own:
            body = _conference(name, entities)
        if body is not None:
            bodies.append(body)
    adopted = tables.moment(row, "adopted", problems, "adopted_precision")
    in_force = tables.moment(row, "in_force", problems)
    votes = {code: value for column, code in _VOTES.items() if (value := figure(row, column, problems))}
    return Line(row, bodies, adopted, in_force, votes, instrument_type)


def _conference(title: str, entities: list[Triple]) -> NamedNode:
    """Return a conference that is named by its title: it is what met, not where."""
    node = iri("org", title)
    slots: list[tuple[str, Term | None]] = [
        ("skos:prefLabel", text(title, "en")),
        ("org:classification", term("organisation-type:conference")),
    ]
    entities += triples(node, "org:Organization", slots)
    return node


def _entity(
    node: NamedNode, line: Line, nodes: dict[str, NamedNode], context: Context, shared: set[str]
) -> list[Triple]:
    """Return what identifies a document; where several share a title, the symbol tells them apart."""
    row, label = line.row, line.row["title"]
    slots: list[tuple[str, Term | None]] = []
    kind = "mgo:Document"
    if row["part_of"]:
        kind, label = "mgo:Provision", f"{row['kind']} {row['number'].split()[-1]}: {row['title']}"
        whole = nodes.get(row["part_of"]) or context.register.find("document", row["part_of"])
        slots.append(("mgo:partOf", whole))
    elif line.instrument_type:
        treaty = row["kind"] in ("treaty", "constituent treaty")
        kind = "mgo:Treaty" if treaty else "mgo:LegalInstrument"
        slots.append(("mgo:instrumentType", term(f"instrument-type:{line.instrument_type}")))
    if not row["part_of"] and row["title"] in shared and row["symbol"]:
        label = f"{label} ({row['symbol']})"
    return triples(node, kind, [("skos:prefLabel", text(label, "en")), *slots])


def _tell(node: NamedNode, lines: Sequence[Line], citer: Citer, draft: Draft, context: Context) -> None:
    """Say what the rows of one key say, and account for each."""
    cited = {line.row.place: _cite(line, citer) for line in lines}
    order = sorted(lines, key=lambda line: cited[line.row.place].trust)
    for line in order:
        _claims(node, line, cited[line.row.place], draft)
    if lines[0].instrument_type:
        adoption = _adoption(node, order, cited, draft)
        _tallies(adoption, order, cited, draft)
        _force(node, order, cited, draft)
    for line in order:
        source = cited[line.row.place].document
        outcome: Outcome = "disputed" if line.disputed else "made" if line.new else "merged"
        context.ledger.record(source, outcome)


def _cite(line: Line, citer: Citer) -> Cited:
    row = line.row
    name = f"{row['kind']}, {row['number']}" if row["part_of"] else row["symbol"] or row["title"]
    words = " ".join([*name.split()[:9], row["adopted"] if not row["part_of"] else ""]).strip()
    where = f"{row['key']}: {row['title']}"
    time = as_of(row["source_as_of"])
    return citer.cite(row["source_url"], where, words, as_of=time, note=row["note"], dated=line.adopted is not None)


def _claims(node: NamedNode, line: Line, cited: Cited, draft: Draft) -> None:
    row = line.row
    facts: list[tuple[str, Term]] = []
    draft_symbol = _DRAFT.fullmatch(row["symbol"])
    if row["part_of"]:
        facts.append(("mgo:number", text(row["number"])))
    elif row["symbol"]:
        facts.append(("mgo:symbol", text(draft_symbol["symbol"] if draft_symbol else row["symbol"])))
    if row["kind"] in _ISSUED:
        facts += [("dcterms:creator", body) for body in line.bodies]
        facts += [("dcterms:issued", line.adopted)] if line.adopted else []
    for predicate, value in facts:
        made = claim(node, predicate, value, [cited.node])
        if predicate == "mgo:symbol" and draft_symbol:
            made.append(Triple(made[0].subject, term("skos:editorialNote"), text("Symbol of the draft.", "en")))
        draft.dispute(CLAIMS, made, [cited])
        line.new = True


def _adoption(node: NamedNode, lines: Sequence[Line], cited: dict[int, Cited], draft: Draft) -> NamedNode:
    """State the adoption, once for all rows of a key; dates that differ from the one kept are its rivals."""
    first = lines[0]
    said = {line.row.place: Said(line.adopted, cited[line.row.place]) for line in lines if line.adopted}
    kept = best(said.values()) if said else None
    about = ("mgo:adoptedDocument", node)
    found = draft.found("mgo:Adoption", [about, ("mgo:date", kept.date)]) if kept else None
    event = found or iri("event", f"{first.row['key']}-adoption")
    how = "conclusion" if first.instrument_type in _CONCLUDED else "adoption"
    bodies = dict.fromkeys(body for line in lines for body in line.bodies)
    slots: list[tuple[str, Term | None]] = [
        about,
        *(("mgo:adoptedBy", body) for body in bodies),
        ("mgo:adoptionType", term(f"adoption-type:{how}")),
        ("mgo:date", kept.date if kept else None),
    ]
    lines[0].new |= found is None
    draft.state(ADOPTIONS, event, "mgo:Adoption", slots, cited.values())
    for line in lines:
        other = said.get(line.row.place)
        if kept and other and not compatible(other.date, kept.date):
            draft.dispute(ADOPTIONS, rival(event, "mgo:date", other, kept), [other.by])
            line.disputed = True
    return event


def _tallies(adoption: NamedNode, lines: Sequence[Line], cited: dict[int, Cited], draft: Draft) -> None:
    """State the numbers of votes, as each source gives them; those of a higher tier set others aside."""
    best_of: dict[str, tuple[Literal, Cited]] = {}
    for line in lines:
        by = cited[line.row.place]
        for code, value in line.votes.items():
            source = key(by.document).removeprefix("source-")[:6]
            node = iri("observation", f"{line.row['key']}-{code}-{source}")
            observe(draft, TALLIES, node, adoption, code, "vote", value, by, as_of=line.adopted)
            kept, before = best_of.setdefault(code, (value, by))
            if value != kept and by.trust > before.trust:
                draft.add(TALLIES, set_aside(node, kept, before, by))
                line.disputed = True
            line.new = True


def _force(node: NamedNode, lines: Sequence[Line], cited: dict[int, Cited], draft: Draft) -> None:
    said = [(line, Said(line.in_force, cited[line.row.place])) for line in lines if line.in_force]
    if not said:
        return
    line, kept = said[0]
    about = ("mgo:instrument", node)
    found = draft.found("mgo:EntryIntoForce", [about, ("mgo:date", kept.date)])
    event = found or iri("event", f"{slug(line.row['key'])}-entry-into-force")
    line.new |= found is None
    slots: list[tuple[str, Term | None]] = [about, ("mgo:date", kept.date)]
    draft.state(ADOPTIONS, event, "mgo:EntryIntoForce", slots, [one.by for _, one in said])
    for other_line, other in said[1:]:
        if not compatible(other.date, kept.date):
            draft.dispute(ADOPTIONS, rival(event, "mgo:date", other, kept), [other.by])
            other_line.disputed = True
