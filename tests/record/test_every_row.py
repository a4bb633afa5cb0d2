"""Every row of the tables can be found in the graph by its printed words: who, what, when, according to whom.

This reads the Turtle as it is and knows nothing of how the import works; where the tables are not beside the checkout
there is nothing to look for.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from migov import resources, vocabulary

ROOT = resources.default()
DATA = ROOT.root.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the tables are not beside this checkout")
Slots = dict[str, list[str]]
CODES = {"deposit of ratification": "ratification", "withdrawal": "denunciation"} | {
    "notification of withdrawal": "denunciation"
}
VAGUE = ("ratification or accession (not distinguished)", "entry into force for the State")
OF_EFFECT = ("entry into force for the State", "withdrawal")
INTO_CONSENT = ("ratification-before-deposit",)  # where one table prints ratification and deposit apart


class Graph:
    """What is said of each node, in shortened names, and which assertions rest on a piece of evidence."""

    def __init__(self, *folders: str) -> None:
        self.said: dict[str, Slots] = defaultdict(lambda: defaultdict(list))
        for folder in ("entities", *folders):
            for path in sorted((ROOT.graphs / folder).rglob("*.ttl")):
                for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                    if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                        slots = self.said[vocabulary.compact(quad.subject.value)]
                        slots[vocabulary.compact(quad.predicate.value)].append(_word(quad.object))
        known = [(slots, node) for node, slots in self.said.items()]
        self._keys = {(key, node.partition(":")[0]): node for slots, node in known for key in slots["mgo:tableKey"]}
        self._keys |= {(key, "state"): node for slots, node in known for key in slots["mgo:iso3166alpha3"]}
        self.resting: dict[str, list[str]] = defaultdict(list)
        self.quoted: dict[tuple[str, str], list[str]] = defaultdict(list)
        for node, slots in self.said.items():
            for evidence in slots["mgo:evidence"]:
                self.resting[evidence].append(node)
            for quote in slots["mgo:quote"]:
                self.quoted[slots["mgo:locator"][0], quote].append(node)

    def values(self, nodes: list[str], slot: str) -> set[str]:
        """The values that nodes have for a slot, and those that rival claims among them give for it."""
        plain = {value for node in nodes for value in self.said[node][slot]}
        rivals = (self.said[node] for node in nodes if self.said[node]["rdf:predicate"] == [slot])
        return plain | {value for slots in rivals for value in slots["rdf:object"]}

    def find(self, key: str, *kinds: str) -> str:
        """The node that a table means by a key."""
        there = [node for kind in kinds if (node := self._keys.get((key, kind)))]
        return there[0] if there else f"{kinds[0]}:{key.lower()}"

    def acts(self, nodes: list[str]) -> list[str]:
        """The nodes, and in place of claims what they are about."""
        return [(self.said[node]["rdf:subject"] or [node])[0] for node in nodes]


def _word(term: NamedNode | Literal) -> str:
    return vocabulary.compact(term.value) if isinstance(term, NamedNode) else term.value


def rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), 2)


def fits(day: str, others: set[str]) -> bool:
    """Whether a printed date is among others, or one of them is it less or more precisely."""
    return any(other.startswith(day) or day.startswith(other) for other in others)


def test_every_row_of_the_treaty_actions_stands_in_the_graph() -> None:
    graph = Graph("relations/treaty-actions", "sources/treaty-actions")
    wrong: list[tuple[int, str]] = []
    for number, row in rows("treaties/actions"):
        words = f"{row['state_name_in_source']} {row['date']}".strip()
        place = f"{row['treaty_key']}, {row['state_name_in_source']}, {row['action']}"
        source = f"doc:source-{row['source_id']}"
        found = [node for node in graph.quoted[place, words] if graph.said[node]["mgo:source"] == [source]]
        resting = [node for evidence in found for node in graph.resting[evidence]]
        acts = graph.acts(resting)
        treaty = graph.find(row["treaty_key"], "doc")
        actor = graph.find(row["state_iso3"] or row["state_name_in_source"], "state", "o")
        if len(found) != 1 or not acts:
            wrong.append((number, f"{len(found)} pieces of evidence, {len(acts)} acts"))
        elif graph.values(acts, "mgo:instrument") != {treaty} or graph.values(acts, "mgo:actor") != {actor}:
            wrong.append((number, "another treaty or actor"))
        slot = "mgo:effectiveDate" if row["action"] in OF_EFFECT else "mgo:date"
        if row["date"] and not fits(row["date"], graph.values(resting, slot)):
            wrong.append((number, f"{row['date']} is not among {graph.values(resting, slot)}"))
        kinds = {kind.partition(":")[2] for kind in graph.values([*resting, *acts], "mgo:actionType")}
        code = CODES.get(row["action"], re.sub(r"\W+", "-", row["action"]))
        apart = code == "ratification" and kinds == set(INTO_CONSENT)
        disputed = all(graph.said[node]["rdf:subject"] for node in resting)
        if row["action"] not in VAGUE and code not in kinds and not apart and not disputed:
            wrong.append((number, f"{code} is not among {kinds}"))
    assert wrong == []


def test_every_row_of_the_memberships_stands_in_the_graph() -> None:
    graph = Graph("relations", "sources/memberships")
    wrong: list[tuple[int, str]] = []
    for number, row in rows("organisations/memberships"):
        times = " to ".join(filter(None, (row["start"], row["end"]))) or row["as_of"].removeprefix("undated")
        words = " ".join(filter(None, (row["member_key"], times)))
        found = graph.quoted[f"{row['group_key']}, {row['role']}: {row['member_key']}", words]
        resting = [node for evidence in found for node in graph.resting[evidence]]
        body = graph.find(row["group_key"], "o")
        member = graph.find(row["member_key"], *(["o"] if row["member_type"] == "organisation" else ["state", "place"]))
        those = [n for n in resting if graph.said[n]["org:member"] == [member]]
        if not those or graph.values(those, "org:organization") != {body}:
            wrong.append((number, f"{words}: {resting}"))
        for column, slot in (("start", "mgo:startDate"), ("end", "mgo:endDate")):
            if row[column] and not fits(row[column], graph.values(resting, slot)):
                wrong.append((number, f"{row[column]} is not among {graph.values(resting, slot)}"))
        if row["as_of"][:1].isdigit() and not (row["start"] or row["end"]):
            since = graph.values(those, "mgo:observedFrom") | graph.values(those, "mgo:startDate")
            if not since or min(since)[:4] > row["as_of"][:4]:
                wrong.append((number, f"{row['as_of']} is before {since}"))
    assert wrong == []
