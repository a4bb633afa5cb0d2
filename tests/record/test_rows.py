"""A curator brings rows in small tables, in any order: the graph takes in what is new and keeps what it had."""

import random
import shutil
from collections.abc import Callable

import pytest

from migov.errors import TableRefused
from record.folder import Folder

GOOD, WEAK = "https://good.example/", "https://weak.example/"
ENTITIES = """
o:club a org:Organization ; skos:prefLabel "Club"@en .
o:guild a org:Organization ; skos:prefLabel "Guild"@en .
"""
JOINED = {
    "member_key": "FRA",
    "member_type": "state",
    "group_key": "club",
    "role": "member",
    "start": "1990",
    "start_precision": "year",
    "source_url": WEAK,
}
LISTED = {**JOINED, "start": "", "start_precision": "", "as_of": "1995", "source_url": GOOD}
EXACT = {**JOINED, "start": "1990-05-01", "start_precision": "day", "source_url": GOOD}
OTHER = {**JOINED, "member_key": "KEN", "group_key": "guild"}
ROWS = [JOINED, LISTED, EXACT, OTHER]


@pytest.fixture
def folder(folder_with: Callable[..., Folder]) -> Folder:
    return folder_with(ENTITIES, sources={GOOD: "official", WEAK: "tertiary"})


def start_again(folder: Folder) -> None:
    for name in ("relations", "sources/memberships", "sources/tables"):
        shutil.rmtree(folder.path / name, ignore_errors=True)
    (folder.path / "sources" / "ledger.ttl").unlink(missing_ok=True)


def test_a_table_of_one_new_row_takes_nothing_away(folder: Folder) -> None:
    folder.imports("memberships", [JOINED, OTHER])
    outcome = folder.imports("memberships", [LISTED])
    assert (outcome.read, outcome.new, outcome.rows) == (1, 1, 3)
    [membership] = folder.having("org:organization", "o:club")
    assert len(folder.values(membership, "mgo:evidence")) == 2
    assert folder.having("org:organization", "o:guild")


@pytest.mark.parametrize("seed", range(4))
def test_neither_the_order_of_rows_nor_that_of_tables_matters(folder: Folder, seed: int) -> None:
    folder.imports("memberships", ROWS)
    whole = folder.bytes()
    start_again(folder)
    shuffled = random.Random(seed).sample(ROWS, k=len(ROWS))
    for place in range(0, len(ROWS), 1 + seed):
        folder.imports("memberships", shuffled[place : place + 1 + seed])
    assert folder.bytes() == whole


def test_a_table_can_take_the_place_of_all_earlier_ones(folder: Folder) -> None:
    folder.imports("memberships", ROWS)
    outcome = folder.imports("memberships", [JOINED], replace=True)
    assert (outcome.rows, outcome.new) == (1, 1)
    assert not folder.having("org:organization", "o:guild")
    assert not list(folder.path.glob("relations/memberships/guild.ttl"))


def test_a_row_told_twice_in_one_table_is_refused(folder: Folder) -> None:
    with pytest.raises(TableRefused, match="row 4: this is row 2 again"):
        folder.imports("memberships", [JOINED, OTHER, JOINED])


def test_an_earlier_row_that_the_graph_no_longer_understands_is_told(folder: Folder) -> None:
    folder.imports("memberships", [OTHER])
    folder.write("entities/known", 'o:club a org:Organization ; skos:prefLabel "Club"@en .')
    with pytest.raises(TableRefused, match="earlier row: organisation 'guild' is unknown"):
        folder.imports("memberships", [JOINED])


def test_a_corrected_row_takes_the_place_of_the_one_with_its_key(folder: Folder) -> None:
    codes = {"iso2": "KE", "m49": "404", "kind": "state", "region": "eastern-africa", "source_ids": GOOD}
    kenya = {"iso3": "KEN", "name_en": "Kenya", "name_fr": "Kenia", "name_es": "Kenia", **codes}
    folder.imports("states", [kenya])
    folder.imports("states", [{**kenya, "name_fr": "Kenya"}])
    names = {name.value for name in folder.values(folder.node("state:KEN"), "skos:prefLabel") if name.language == "fr"}
    assert names == {"Kenya"}
    with pytest.raises(TableRefused, match="row 3: this is row 2 again"):
        folder.imports("states", [kenya, {**kenya, "name_fr": "Kenya"}])
