"""Whoever has the tables can import them again and again: the graph says already what they say, and every row is told.

The tables lie beside the project, not in it; where they are not, only the account in the graph is checked.
"""

from collections import Counter, defaultdict

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from migov import resources
from migov.record import command, tables
from migov.record.keys import term

GRAPHS = resources.default().graphs
SHARED = resources.default().root.parent / "shared" / "data"
TABLES = {
    "treaties": "treaties/treaties.csv",
    "treaty-actions": "treaties/actions.csv",
    "organisations": "organisations/organisations.csv",
    "memberships": "organisations/memberships.csv",
    "iom-members": "organisations/iom_members.csv",
    "people": "organisations/people.csv",
    "instruments": "organisations/instruments.csv",
    "votes": "organisations/votes.csv",
    "figures": "organisations/figures.csv",
    "expenses": "organisations/iom_expenses_by_country.csv",
}
OUTCOMES = ("mgo:rowsMade", "mgo:rowsMerged", "mgo:rowsDisputed", "mgo:rowsSetAside")


@pytest.fixture(scope="module")
def account() -> dict[str, Counter[str]]:
    """What the ledger of the graph says of each table: rows in, and rows by outcome, all sources together."""
    records: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in parse(path=str(GRAPHS / "sources" / "ledger.ttl"), format=RdfFormat.TURTLE):
        if isinstance(triple.object, Literal):
            records[str(triple.subject)][triple.predicate.value] = triple.object.value
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records.values():
        for slot in ("mgo:rowsIn", *OUTCOMES):
            sums[record[term("mgo:table").value]][slot] += int(record[term(slot).value])
    return sums


@pytest.mark.parametrize("kind", TABLES)
def test_every_row_has_one_outcome(kind: str, account: dict[str, Counter[str]]) -> None:
    assert account[kind]["mgo:rowsIn"] > 0
    assert account[kind]["mgo:rowsIn"] == sum(account[kind][slot] for slot in OUTCOMES)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the tables of facts do not lie beside the project")
@pytest.mark.parametrize(("kind", "name"), TABLES.items())
def test_importing_again_changes_nothing(kind: str, name: str, account: dict[str, Counter[str]]) -> None:
    layout, _ = command.importer(kind)
    assert account[kind]["mgo:rowsIn"] == len(tables.read(SHARED / name, layout).rows)
    assert command.run(kind, SHARED / name, GRAPHS, dry=True).files == []


def test_every_kind_of_table_is_imported_again() -> None:
    made_elsewhere = {"states"}  # its table is drawn from packages that know the codes of States
    assert set(TABLES) == set(command.KINDS) - made_elsewhere
