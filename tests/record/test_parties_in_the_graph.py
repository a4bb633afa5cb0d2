"""Parties counted from the graph are those counted by hand, and every known conflict of the sources is there to see."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from migov import resources, vocabulary
from migov.record.keys import slug

DATA = resources.default().root.parent / "shared" / "data" / "treaties"
PREFIXES = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in vocabulary.prefixes().items())
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the tables are not beside this checkout")
PARTIES = """SELECT DISTINCT ?treaty ?actor WHERE {
    ?period mgo:status participation-status:party ; mgo:instrument ?treaty ; mgo:agent ?actor ; dcterms:valid ?day }"""
SPANS = """SELECT ?treaty ?actor ?given ?earliest ?end ?over ?left WHERE {
    ?period mgo:status participation-status:party ; mgo:instrument ?treaty ; mgo:agent ?actor
    OPTIONAL { ?period mgo:consentLatest ?given } OPTIONAL { ?period mgo:consentEarliest ?earliest }
    OPTIONAL { ?period mgo:endEarliest ?end } OPTIONAL { ?period mgo:endLatest ?over }
    OPTIONAL { ?period mgo:endStatus ?left } }"""
RIVALS = """SELECT ?act ?slot ?value WHERE {
    ?claim a mgo:Claim ; rdf:subject ?act ; rdf:predicate ?slot ; rdf:object ?value . ?act a mgo:TreatyAction }"""
NOTED = "SELECT ?act WHERE { ?act a mgo:TreatyAction ; skos:editorialNote ?note }"
ENDED = "SELECT ?act WHERE { ?act mgo:endedBy ?ending }"
# A source that leaves a party out disputes nothing where it is known to be partial: see its mgo:ListCompleteness.
PARTIAL = """SELECT DISTINCT ?treaty ?source WHERE {
    ?list mgo:listOf ?treaty ; mgo:completeness completeness:partial ; mgo:evidence/mgo:source ?source }"""


def ask(store: Store, query: str) -> set[tuple[str, ...]]:
    names = [name for name in query.split("WHERE")[0].split() if name.startswith("?")]
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    return {tuple(_word(row[name[1:]]) for name in names) for row in found}


def _word(term: NamedNode | Literal | None) -> str:
    """The last part of an IRI, the text of a literal, or nothing."""
    return term.value.rpartition("/")[2] if term else ""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found, path
    return found


@needs_data
def test_parties_are_as_many_as_counted_by_hand_or_the_difference_is_explained(released: Store) -> None:
    parties: dict[str, set[str]] = defaultdict(set)
    for treaty, actor in ask(released, PARTIES):
        parties[treaty].add(actor)
    explained: dict[str, int] = defaultdict(int)
    for row in rows(Path(__file__).parent / "parties_differences.csv"):
        here = row["actor"] in parties[slug(row["treaty_key"])]
        assert here == (row["graph"] == "party")
        assert row["explanation"]
        explained[row["treaty_key"]] += 1 if here else -1
    for row in rows(DATA / "current_parties_check.csv"):
        counted = len(parties[slug(row["treaty_key"])])
        assert counted - explained[row["treaty_key"]] == int(row["parties_counted"]), row["treaty_key"]


def test_published_totals_are_met_on_their_days_or_the_difference_is_explained(released: Store) -> None:
    """Who had consented by a day and had not left: surely, or perhaps where only a year is known, or no day."""
    spans = ask(released, SPANS)
    for row in rows(Path(__file__).parent / "published_totals.csv"):
        treaty, day, published = slug(row["treaty_key"]), row["day"], int(row["published"])
        here = [span[1:] for span in spans if span[0] == treaty]
        sure = {actor for actor, given, _, end, _, left in here if "" < given <= day and (end >= day or not end + left)}
        perhaps = {actor for actor, _, earliest, _, over, _ in here if earliest <= day and (over >= day or not over)}
        assert sure <= perhaps
        missing = max(published - len(perhaps), 0) or min(published - len(sure), 0)
        assert missing == int(row["difference"]), (row, len(sure), len(perhaps))
        assert bool(missing) == bool(row["explanation"])


@needs_data
def test_every_disagreement_of_the_papers_can_be_seen_in_the_graph(released: Store) -> None:
    rivals = ask(released, RIVALS)
    told = {(act, slot) for act, slot, _ in rivals}
    known = {act for (act,) in ask(released, NOTED) | ask(released, ENDED)}
    partial = ask(released, PARTIAL)
    for row in rows(DATA / "disagreements.csv"):
        start = f"{slug(row['treaty_key'])}-{row['state_iso3']}-"
        if row["what"] == "date differs":
            slots = {"date", "effectiveDate"}
            assert any(act.startswith(start) and slot in slots for act, slot in told), row
        elif row["what"] == "action type differs":
            assert any(act.startswith(start) and slot == "actionType" for act, slot in told), row
        else:
            left_out = (slug(row["treaty_key"]), f"source-{row['source_b']}") in partial
            assert left_out or any(act.startswith(start) for act in known), row
