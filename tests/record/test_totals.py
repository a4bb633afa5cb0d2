"""The graph accounts for every row of the tables on people, instruments, votes and figures, and sums agree."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from migov import resources
from migov.record.keys import term

ROOT = resources.default()
DATA = ROOT.root.parent / "shared" / "data" / "organisations"
TABLES = {
    "people": "people",
    "instruments": "instruments",
    "votes": "votes",
    "figures": "figures",
    "expenses": "iom_expenses_by_country",
}
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the tables are not beside this checkout")


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    for name in ("observations", "relations/people", "relations/votes", "sources"):
        for path in (ROOT.graphs / name).rglob("*.ttl"):
            store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def rows(kind: str) -> list[dict[str, str]]:
    with (DATA / f"{TABLES[kind]}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def accounts(store: Store, kind: str) -> Iterator[dict[str, int]]:
    """The numbers of each ImportRecord of a table."""
    for record in store.quads_for_pattern(None, term("mgo:table"), Literal(kind)):
        found = store.quads_for_pattern(record.subject, None, None)
        yield {
            quad.predicate.value.rpartition("/")[2]: int(quad.object.value)
            for quad in found
            if isinstance(quad.object, Literal) and quad.object.value.isdigit()
        }


@needs_data
@pytest.mark.parametrize("kind", TABLES)
def test_the_ledger_accounts_for_every_row(kind: str, store: Store) -> None:
    total: Counter[str] = Counter()
    for account in accounts(store, kind):
        fates = sum(account[f"rows{fate}"] for fate in ("Made", "Merged", "Disputed", "SetAside"))
        assert account["rowsIn"] == fates
        total += Counter(account)
    assert total["rowsIn"] == len(rows(kind))


@needs_data
def test_what_iom_spent_by_country_sums_up_to_the_table_year_by_year(store: Store) -> None:
    expected: dict[str, Decimal] = defaultdict(Decimal)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows("expenses"):
        expected[row["year"]] += Decimal(row["iom_expenses_usd"])
    wanted = term("indicator:expenses-in-country")
    for quad in store.quads_for_pattern(None, term("mgo:indicator"), wanted):
        found[_text(store, quad.subject, "mgo:asOf")] += Decimal(_text(store, quad.subject, "mgo:value"))
    assert found == expected


def test_of_two_tallies_the_one_kept_counts_the_votes_named(store: Store) -> None:
    """Five against and twelve abstaining on the Global Compact, three abstaining on the Compact on Refugees."""
    cast: Counter[tuple[str, str]] = Counter()
    for quad in store.quads_for_pattern(None, term("mgo:voteCast"), None):
        if next(store.quads_for_pattern(quad.subject, term("mgo:rank"), None), None) is None:
            adoption = next(store.quads_for_pattern(quad.subject, term("mgo:onAdoption"), None)).object
            cast[_key(adoption), _key(quad.object)] += 1
    for (adoption, code), indicator in {
        ("gcm-adoption", "no"): "votes-against",
        ("gcm-adoption", "abstention"): "abstentions",
        ("gcr-adoption", "no"): "votes-against",
        ("gcr-adoption", "abstention"): "abstentions",
    }.items():
        tallies = {
            _text(store, quad.subject, "mgo:value")
            for quad in store.quads_for_pattern(None, term("mgo:observedEntity"), term(f"event:{adoption}"))
            if _is(store, quad.subject, indicator)
        }
        assert tallies == {str(cast[adoption, code])}


def _is(store: Store, node: object, indicator: str) -> bool:
    ranked = next(store.quads_for_pattern(node, term("mgo:rank"), None), None)
    counted = store.quads_for_pattern(node, term("mgo:indicator"), term(f"indicator:{indicator}"))
    return ranked is None and next(counted, None) is not None


def _text(store: Store, node: object, predicate: str) -> str:
    return str(next(store.quads_for_pattern(node, term(predicate), None)).object.value)


def _key(node: object) -> str:
    return str(node.value).rpartition("/")[2] if isinstance(node, NamedNode) else ""
