"""Imports treaties: what identifies them, and each further fact as a statement with its source.

The cell ``source`` holds the sources, divided by ' | ' or ';'. A part such as ``entry into force: ADDRESS`` is for
that fact; parts without such a head are for all facts that have no source of their own.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from migov.record import tables
from migov.record.context import Context
from migov.record.evidence import Term, cite, claim, clip, text, triples
from migov.record.keys import iri, slug, term
from migov.record.sources import Source
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "treaties",
    "Treaties",
    (
        Column("key", "short key, such as ICRMW", True),
        Column("title_en", "full title in English", True),
        Column("short_title", "name in common use"),
        Column("abbreviation", "abbreviation in common use"),
        Column("adopted", "day of adoption, YYYY-MM-DD"),
        Column("adopted_place", "where it was adopted or concluded"),
        Column("entry_into_force", "day of general entry into force, YYYY-MM-DD"),
        Column("depositary", "who keeps it"),
        Column("untc_id", "number in the United Nations Treaty Collection, such as IV-13"),
        Column("monitoring_body", "bodies that watch over it, divided by '; '"),
        Column("parent_treaty_key", "key of the treaty to which it is a protocol"),
        Column("source", "sources, see above", True),
        Column("notes", "what to beware of"),
    ),
    key=("key",),
)
FILE = "treaties"
_HEAD = re.compile(
    r"(entry into force|monitoring body|adopted place|place|adopted|adoption date|depositary|title|participation"
    r"|opening for signature[^:]*): (?=\S)"
)
_FACTS = {"place": "adopted place", "adoption date": "adopted"}
_REGIONAL = ("COE-", "AU-", "OAU-", "ACHR")
_READ = "2026-11-23"
_DERIVED = re.compile(r"entry_into_force d(erived: [^;]+)")
Slot = tuple[str, Term | None]


@dataclass
class Told:
    """What one table says, by file."""

    entities: list[Triple] = field(default_factory=list)
    relations: list[Triple] = field(default_factory=list)
    evidence: list[Triple] = field(default_factory=list)


def run(table: Table, context: Context) -> None:
    """Write entities, statements and evidence of the treaties of a table, in place of what it said of them before."""
    keys = {row["key"] for row in table}
    labelled = _labelled(context)
    rows = [_Treaty(row, table, context, keys, labelled) for row in table]
    table.problems.refuse()
    told = Told()
    for treaty in rows:
        treaty.tell(told)
    others = {triple for name in _others(context) for triple in context.files.read(name)}
    told.entities = [triple for triple in told.entities if triple not in others]  # each triple stands in one file
    for name, said in (("entities", told.entities), ("relations", told.relations), ("sources", told.evidence)):
        context.files.replace(f"{name}/{FILE}", said)
    context.register.learn(told.entities)


def _others(context: Context) -> list[str]:
    return [name for name in context.files.named("entities/*") if name != f"entities/{FILE}"]


def _labelled(context: Context) -> set[NamedNode]:
    """Return the entities that other files name already: they keep that name, and the title stands beside it."""
    label = term("skos:prefLabel")
    return {
        triple.subject
        for name in _others(context)
        for triple in context.files.read(name)
        if triple.predicate == label and isinstance(triple.subject, NamedNode)
    }


class _Treaty:
    """One row: checked when made, told afterwards."""

    def __init__(self, row: Row, table: Table, context: Context, keys: set[str], labelled: set[NamedNode]) -> None:
        self.row, self.context, problems = row, context, table.problems
        self.node = context.register.find("document", row["key"]) or iri("document", row["key"])
        self.adopted = tables.moment(row, "adopted", problems)
        self.in_force = tables.moment(row, "entry_into_force", problems)
        self.labelled = labelled
        self.agents: dict[str, NamedNode | None] = {}
        for name in filter(None, (row["depositary"], *row["monitoring_body"].split("; "))):
            own = context.register.find("org post", f"{row['key']} {name}")  # a body that only this treaty calls so
            self.agents[name] = own or context.register.find("post org", name)
            if self.agents[name] is None:
                problems.add(row, f"{name!r} is no agent that the graph knows")
        parent = row["parent_treaty_key"]
        self.parent = context.register.find("document", parent) or (iri("document", parent) if parent in keys else None)
        if parent and self.parent is None:
            problems.add(row, f"treaty {parent!r} is unknown")
        self.sources = self._sources(problems)

    def _sources(self, problems: tables.Problems) -> dict[str, list[Source]]:
        found: dict[str, list[Source]] = defaultdict(list)
        for part in re.split(r"\s*\|\s+", self.row["source"]):
            fact = ""
            for piece in re.split(r"\s*;\s+", part):
                if head := _HEAD.match(piece):
                    fact, piece = _FACTS.get(head[1], head[1]), piece[head.end() :]
                    fact = "entry into force" if " EIF " in fact else fact
                source = self._source(piece)
                if source is None:
                    problems.add(self.row, f"source {piece!r} is unknown: describe it")
                else:
                    found[fact].append(source)
        return found

    def _source(self, piece: str) -> Source | None:
        if known := self.context.sources.find(piece) or self.context.sources.find(piece.partition(" http")[0]):
            return known
        address = re.search(r"https?://\S+", piece)
        found = address is not None and tables.is_address(address[0])
        return self.context.sources.page(address[0], None, _READ) if address and found else None

    def tell(self, told: Told) -> None:
        """Say what the row says, and account for it."""
        row = self.row
        first = (self.sources[""] or next(iter(self.sources.values())))[0]
        self.context.ledger.record(first.document, "made")
        self._entity(told)
        key = slug(row["key"])
        if self.adopted or row["adopted_place"]:
            slots: list[Slot] = [
                ("mgo:adoptedDocument", self.node),
                ("mgo:adoptionType", term("adoption-type:adoption")),
            ]
            slots += [("mgo:date", self.adopted)] if self.adopted else []
            if place := row["adopted_place"]:
                slots.append(("mgo:venue", self._place(place, told)))
            said = " ".join(filter(None, (row["adopted"], row["adopted_place"])))
            facts = ["adopted", "adopted place"] if row["adopted_place"] else ["adopted"]
            self._state(told, iri("event", f"{key}-adoption"), "mgo:Adoption", slots, facts, said)
        if self.in_force:
            slots = [("mgo:instrument", self.node), ("mgo:date", self.in_force)]
            if derived := _DERIVED.search(row["notes"]):
                slots.append(("skos:editorialNote", text(f"D{derived[1]}.", "en")))
            event = iri("event", f"{key}-entry-into-force")
            self._state(told, event, "mgo:EntryIntoForce", slots, ["entry into force"], row["entry_into_force"])
        self._claims(told)
        for name in filter(None, row["monitoring_body"].split("; ")):
            slots = [("mgo:monitor", self.agents[name]), ("mgo:instrument", self.node)]
            subject = iri("relation", f"{key}-monitoring-{slug(name)}")
            self._state(told, subject, "mgo:Monitoring", slots, ["monitoring body"], name)

    def _entity(self, told: Told) -> None:
        row = self.row
        names = [row["title_en"], row["short_title"]]
        label = None if self.node in self.labelled else names.pop(0)
        constitution = "constitution" in row["title_en"].casefold()
        protocol = row["title_en"].casefold().startswith(("protocol", "optional protocol", "second optional protocol"))
        kind = "constitution" if constitution else "protocol" if protocol else "convention"
        reach = "regional" if row["key"].startswith(_REGIONAL) else "universal"
        slots: list[Slot] = [
            ("skos:prefLabel", text(label, "en") if label else None),
            *(("skos:altLabel", text(name, "en")) for name in names if name and name != label),
            ("mgo:acronym", text(row["abbreviation"], "en") if row["abbreviation"] else None),
            ("mgo:instrumentType", term(f"instrument-type:{kind}")),
            ("mgo:reach", term(f"treaty-reach:{reach}")),
            ("skos:editorialNote", text(row["notes"], "en") if row["notes"] else None),
        ]
        told.entities += triples(self.node, "mgo:Treaty", slots)

    def _place(self, name: str, told: Told) -> NamedNode:
        first = name.rpartition(", ")[2]
        node = self.context.register.find("place", first) or iri("place", first)
        if node not in self.labelled:
            told.entities += triples(node, "mgo:Place", [("skos:prefLabel", text(first, "en"))])
        return node

    def _claims(self, told: Told) -> None:
        row = self.row
        facts: list[tuple[str, str, Term | None]] = [
            ("mgo:depositary", "depositary", self.agents.get(row["depositary"])),
            ("mgo:registrationId", "registration number", text(row["untc_id"]) if row["untc_id"] else None),
            ("mgo:protocolTo", "title", self.parent),
        ]
        words = {"mgo:depositary": row["depositary"], "mgo:registrationId": row["untc_id"]}
        for predicate, fact, value in facts:
            if value is not None:
                nodes = self._cite(told, [fact], words.get(predicate, row["title_en"]), predicate)
                made = claim(self.node, predicate, value, nodes)
                self._note(made[0].subject, nodes)
                told.relations += made

    def _state(self, told: Told, node: NamedNode, kind: str, slots: list[Slot], facts: list[str], said: str) -> None:
        nodes = self._cite(told, facts, said, kind)
        told.relations += triples(node, kind, [*slots, *(("mgo:evidence", item) for item in nodes)])
        self._note(node, nodes)

    def _note(self, node: object, nodes: dict[NamedNode, Source]) -> None:
        for item, source in nodes.items():
            if isinstance(node, NamedNode):
                self.context.ledger.made(source.document, assertions=(node,), evidence=item)

    def _cite(self, told: Told, facts: list[str], said: str, about: str) -> dict[NamedNode, Source]:
        own = [source for fact in facts for source in self.sources.get(fact, [])]
        everything = [source for sources in self.sources.values() for source in sources]
        nodes = {}
        for source in own or self.sources.get("") or everything[:1]:
            locator = f"{self.row['key']}: {' and '.join(facts)}"
            node, made = cite(
                source.document, locator, clip(said), confidence=source.confidence, retrieved=source.retrieved
            )
            told.evidence += made
            nodes[node] = source
        return nodes
