"""Imports treaty actions: rows of all sources become acts, each with the evidence of every source that reports it.

The evidence of a row says all that the row said (locator: treaty, name, action; quote: name and date as printed), so
the acts are made anew from the graph and the table together, and the order of imports makes no difference.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import acts, authority, stating, tables
from migov.record.context import Context
from migov.record.evidence import LONGEST, cite
from migov.record.keys import term
from migov.record.sources import Source
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "treaty-actions",
    "Treaty actions",
    (
        Column("treaty_key", "key of a treaty that the graph has", True),
        Column("state_iso3", "ISO 3166-1 alpha-3 code of the State; empty for an actor without one"),
        Column("state_name_in_source", "name as printed", True),
        Column("action", "what was done, in one of the words of the list", True),
        Column("date", "YYYY-MM-DD, YYYY-MM, YYYY, or empty"),
        Column("date_precision", "day, month, year, or empty"),
        Column("source_id", "key of a described source", True),
    ),
)
CODES = {
    "signature": "signature",
    "succession to signature": "succession-to-signature",
    "definitive signature": "definitive-signature",
    "ratification": "ratification",
    "deposit of ratification": "ratification",
    "acceptance": "acceptance",
    "approval": "approval",
    "accession": "accession",
    "succession": "succession",
    "formal confirmation": "formal-confirmation",
    "participation": "participation",
    "ratification or accession (not distinguished)": acts.ANY_CONSENT,
    "entry into force for the State": acts.ANY_CONSENT,
    "notification of withdrawal": acts.DENUNCIATION,
    "withdrawal": acts.DENUNCIATION,
}
_AHEAD = ("entry into force for the State", "withdrawal")  # may be announced
FOLDER = "treaty-actions"
_MENTION, _CITED, _LOCATOR, _QUOTE, _ACTOR, _TREATY, _ABOUT = (
    term(name).value
    for name in (
        "mgo:evidence",
        "mgo:source",
        "mgo:locator",
        "mgo:quote",
        "mgo:actor",
        "mgo:instrument",
        "rdf:subject",
    )
)


@dataclass(frozen=True)
class Fact:
    """One row, whether of the table or read back from its evidence."""

    treaty: NamedNode
    actor: NamedNode
    key: str
    name: str
    action: str
    date: str
    source: Source

    @property
    def confidence(self) -> str:
        """An undated row is sure of little; a year, or an act not told apart, is at most of medium confidence."""
        best = self.source.confidence
        vague = len(self.date) < 10 or self.action.endswith("(not distinguished)")
        return "low" if not self.date else "medium" if vague and best == "high" else best

    def cite(self) -> tuple[NamedNode, list[Triple]]:
        source, quote = self.source, f"{self.name} {self.date}".strip()
        return cite(
            source.document,
            f"{self.key}, {self.name}, {self.action}",
            quote,
            language=source.language,
            confidence=self.confidence,
            retrieved=source.retrieved,
            supports=["mgo:effectiveDate"] if self.action == "entry into force for the State" else (),
        )


def run(table: Table, context: Context) -> None:
    """Merge the rows of a table with those that the graph has, and write acts, rivals, evidence and account anew."""
    places = authority.read(context.files)
    seen: dict[NamedNode, int] = {}
    cited: dict[NamedNode, list[Triple]] = {}
    facts: dict[NamedNode, dict[NamedNode, Fact]] = defaultdict(dict)
    for row in table:
        new = _fact(row, table, context, places)
        if new is None:
            continue
        node, said = new.cite()
        if node in seen:
            table.problems.add(row, f"this is row {seen[node]} again")
        seen[node] = row.number
        facts[new.treaty][node], cited[node] = new, said
    table.problems.refuse()
    for fact in () if context.replace else _known(context):
        node, said = fact.cite()
        facts[fact.treaty][node], cited[node] = fact, said
    for treaty, found in facts.items():
        _write(treaty, found, cited, places, context)


def _write(
    treaty: NamedNode,
    facts: dict[NamedNode, Fact],
    cited: dict[NamedNode, list[Triple]],
    places: authority.Places,
    context: Context,
) -> None:
    reports: dict[NamedNode, list[acts.Report]] = defaultdict(list)
    for node, fact in facts.items():
        document = fact.source.document
        place = places[treaty, document].position
        reports[fact.actor].append(acts.Report(fact.action, CODES[fact.action], fact.date, document, place, node))
    key = treaty.value.rpartition("/")[2]
    said: list[Triple] = []
    for actor in sorted(reports, key=str):
        said += stating.state(treaty, actor, acts.make(reports[actor]), places, context.ledger)
    name = f"relations/{FOLDER}/{key}"
    context.files.replace(name, {*said, *stating.kept(context.files.read(name), said)})
    context.files.replace(f"sources/{FOLDER}/{key}", [triple for node in facts for triple in cited[node]])


def _known(context: Context) -> Iterator[Fact]:
    """Yield the rows that earlier imports left in the graph, read back from their evidence."""
    for name in context.files.named(f"relations/{FOLDER}/*"):
        yield from _read_back(
            context, context.files.read(name), context.files.read(name.replace("relations", "sources", 1))
        )


def _read_back(context: Context, said: set[Triple], evidence: set[Triple]) -> Iterator[Fact]:
    slots: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in (*said, *evidence):
        slots[_value(triple.subject)][triple.predicate.value] = _value(triple.object)
    for triple in said:
        if triple.predicate.value != _MENTION:
            continue
        own, cited = slots[_value(triple.subject)], slots[_value(triple.object)]
        act = slots[own[_ABOUT]] if _ABOUT in own else own  # a rival is a claim about the act
        key, _, rest = cited[_LOCATOR].partition(", ")
        name, _, action = rest.rpartition(", ")
        date = cited[_QUOTE][len(name) :].strip()
        source = context.sources.of(NamedNode(cited[_CITED]))
        yield Fact(NamedNode(act[_TREATY]), NamedNode(act[_ACTOR]), key, name, action, date, source)


def _value(node: object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else str(node)


def _fact(row: Row, table: Table, context: Context, places: authority.Places) -> Fact | None:
    problems, find = table.problems, context.register.find
    treaty = find("document", row["treaty_key"])
    actor = find("state", row["state_iso3"]) if row["state_iso3"] else find("org state", row["state_name_in_source"])
    source = context.sources.find(row["source_id"])
    moment = tables.moment(row, "date", problems, "date_precision")
    code = tables.code(row, "action", CODES, problems)
    if treaty is None:
        problems.add(row, f"treaty {row['treaty_key']!r} is unknown")
    if actor is None:
        problems.add(row, f"State {row['state_iso3'] or row['state_name_in_source']!r} is unknown")
    if source is None:
        problems.add(row, f"source {row['source_id']!r} is unknown: describe it")
    elif treaty and (treaty, source.document) not in places:
        problems.add(row, f"source {row['source_id']!r} has no place in the order of authority of this treaty")
    if too_long := len(row["state_name_in_source"].split()) >= LONGEST:
        problems.add(row, f"state_name_in_source has more than {LONGEST - 1} words")
    if source and moment and row["action"] not in _AHEAD and moment.value > source.retrieved:
        problems.add(row, f"date {row['date']} lies after {source.retrieved}, when the source was read")
    if too_long or treaty is None or actor is None or source is None or code is None:
        return None
    if row["date"] and moment is None:
        return None
    return Fact(treaty, actor, row["treaty_key"], row["state_name_in_source"], row["action"], row["date"], source)
