"""Accounts for every row: what became of the rows of one table and source stands in the graph for all to see.

Each row has one outcome: it ``made`` an assertion, was ``merged`` into one (it only added evidence), ``disputed`` one
(it stands beside as a rival), or was ``set-aside`` with a reason. The sum of outcomes is the number of rows.
"""

from collections import Counter, defaultdict
from typing import Literal as Choice

from pyoxigraph import Literal, NamedNode, Triple

from migov.record.evidence import Term, number, text, triples
from migov.record.keys import iri, slug, term
from migov.record.writing import Files

Outcome = Choice["made", "merged", "disputed", "set-aside"]
FILE = "sources/ledger"
_SLOTS: dict[Outcome, str] = {
    "made": "rowsMade",
    "merged": "rowsMerged",
    "disputed": "rowsDisputed",
    "set-aside": "rowsSetAside",
}


class Ledger:
    """The account of one table; ``record`` every row once."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._rows: dict[NamedNode, Counter[Outcome]] = defaultdict(Counter)
        self._nodes: dict[tuple[NamedNode, str], set[str]] = defaultdict(set)
        self._reasons: dict[NamedNode, set[str]] = defaultdict(set)

    def record(self, source: NamedNode, outcome: Outcome, reason: str | None = None) -> None:
        """Count one row of a source; a row that is set aside says why, in a sentence."""
        if (outcome == "set-aside") != bool(reason):
            raise ValueError("a reason belongs to a row that is set aside, and to no other")
        self._rows[source][outcome] += 1
        if reason:
            self._reasons[source].add(reason)

    def made(
        self, source: NamedNode, *, assertions: tuple[NamedNode, ...] = (), evidence: NamedNode | None = None
    ) -> None:
        """Take note of nodes that rest on a source; the same node counts once."""
        self._nodes[source, "assertionsMade"].update(node.value for node in assertions)
        self._nodes[source, "evidenceMade"].update([evidence.value] if evidence else [])

    def united(self, other: NamedNode, one: NamedNode) -> None:
        """Take note that a node is to be counted as another, with which it was united."""
        for nodes in self._nodes.values():
            if other.value in nodes:
                nodes.remove(other.value)
                nodes.add(one.value)

    @property
    def totals(self) -> Counter[Outcome]:
        """Rows by outcome, all sources together."""
        return sum(self._rows.values(), Counter[Outcome]())

    def before(self, files: Files) -> int:
        """Return how many rows of the table the graph accounts for as it is."""
        own = self._own(files)
        slot = term("mgo:rowsIn")
        return sum(
            int(t.object.value)
            for t in files.read(FILE)
            if t.subject in own and t.predicate == slot and isinstance(t.object, Literal)
        )

    def triples(self) -> list[Triple]:
        """Return one ImportRecord for each source of the table."""
        return [triple for source in sorted(self._rows, key=str) for triple in self._record(source)]

    def save(self, files: Files) -> None:
        """Put the account into ``graphs/sources/ledger.ttl``, in place of what it said of these rows."""
        said = self.triples()
        own = self._own(files)
        kept = {triple for triple in files.read(FILE) if triple.subject not in own}
        files.replace(FILE, kept | set(said))

    def _own(self, files: Files) -> set[object]:
        """Return the records of this table that the graph has."""
        about, name = term("mgo:table"), Literal(self.table)
        return {t.subject for t in files.read(FILE) if t.predicate == about and t.object == name}

    def _record(self, source: NamedNode) -> list[Triple]:
        node = iri("record", f"{slug(self.table)}-{source.value.rpartition('/')[2].removeprefix('source-')}")
        rows = self._rows[source]
        counts = {"rowsIn": rows.total(), **{slot: rows[outcome] for outcome, slot in _SLOTS.items()}}
        counts |= {slot: len(self._nodes[source, slot]) for slot in ("assertionsMade", "evidenceMade")}
        slots: list[tuple[str, Term | None]] = [("mgo:table", Literal(self.table)), ("mgo:importedFrom", source)]
        slots += [(f"mgo:{slot}", number(count)) for slot, count in counts.items()]
        slots += [("mgo:setAsideReason", text(reason, "en")) for reason in sorted(self._reasons[source])]
        return triples(node, "mgo:ImportRecord", slots)
