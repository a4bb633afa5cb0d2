"""Whatever is wrong with a table, it is told in a line with the row, and the graph stays as it was."""

import fcntl
import os
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from migov.cli import main
from record.folder import Folder

HEADER = (
    "member_key,member_type,group_key,role,start,start_precision,end,end_precision,as_of,source_url,source_as_of,note"
)
GOOD = "FRA,state,club,member,1990,year,,,,https://good.example/,,"
ACTS = "treaty_key,state_iso3,state_name_in_source,action,date,date_precision,source_id"
ACT = "PACT,FRA,France,signature,1990-01-01,day,list"
ENTITIES = """
o:club a org:Organization ; skos:prefLabel "Club"@en .
doc:pact a mgo:Treaty ; skos:prefLabel "Pact"@en .
"""
RANKING = """record:ranking-pact-1 a mgo:SourceRanking ; mgo:instrument doc:pact ; mgo:rankedSource doc:source-list ;
    mgo:position 1 ; mgo:rankingReason "The only list."@en ."""


@pytest.fixture
def folder(folder_with: Callable[..., Folder]) -> Iterator[Folder]:
    folder = folder_with(ENTITIES, sources={"https://good.example/": "official", "list": "official"})
    folder.write("sources/authority", RANKING)
    before = folder.bytes()
    yield folder
    assert folder.bytes() == before


def run(folder: Folder, kind: str, table: bytes | str) -> Result:
    path = folder.path.parent / "table.csv"
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    result = CliRunner().invoke(main, ["import", kind, str(path), "--graphs", str(folder.path)])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    return result


FAULTS = {
    "nothing": ("", "the table is empty"),
    "a header alone": (HEADER, "the table has no rows"),
    "semicolons": (f"{HEADER}\n{GOOD}".replace(",", ";"), "the cells are divided by ';'"),
    "tabs": (f"{HEADER}\n{GOOD}".replace(",", "\t"), "the cells are divided by '\\t'"),
    "another encoding": (f"{HEADER}\n{GOOD}é".encode("latin-1"), "the table is not UTF-8 text"),
    "two bytes a character": (f"{HEADER}\n{GOOD}".encode("utf-16"), "the table is not UTF-8 text"),
    "an open quotation mark": (f'{HEADER}\n"{GOOD}', "the table is not CSV"),
    "a table of another kind": (f"{ACTS}\n{ACT}", "the columns are not those of memberships; missing: member_key"),
    "a missing column": (f"{HEADER[:-5]}\n{GOOD[:-1]}", "missing: note"),
    "too few cells": (f"{HEADER}\nFRA,state", "row 2: 2 cells where the header has 12"),
    "an unseen character": (f"{HEADER}\n{GOOD}\u202eetoN", "row 2: a cell holds characters that nobody sees"),
    "a bell": (f"{HEADER}\n{GOOD}\a", "row 2: a cell holds characters that nobody sees"),
    "a script for an address": (f"{HEADER}\n{GOOD}".replace("https", "javascript"), "row 2: source_url 'javascript:"),
    "half an address": (f"{HEADER}\n{GOOD}".replace("good.example", "[good"), "row 2: source_url 'https://[good/'"),
    "an address that no IRI has": (f"{HEADER}\n{GOOD}".replace("good", "go<>od"), "is no address"),
    "no address at all": (f"{HEADER}\n{GOOD}".replace("https://good.example/", "a book"), "is no address"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_table_is_refused(folder: Folder, fault: str) -> None:
    table, told = FAULTS[fault]
    assert told in run(folder, "memberships", table).output


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("FRA", "XXX", "State 'XXX' is unknown"),
        ("PACT", "TREATY", "treaty 'TREATY' is unknown"),
        ("signature", "signed", "action 'signed' is unknown"),
        ("1990-01-01", "1990-02-30", 'date: "1990-02-30" is no day of the calendar'),
        ("1990-01-01", "01/01/1990", 'date: "01/01/1990" is not written YYYY-MM-DD'),
        ("day", "year", "date 1990-01-01 is a day, but date_precision says year"),
        ("1990-01-01", "2999-01-01", "date 2999-01-01 lies after 2026-11-23, when the source was read"),
        ("France", "the " * 12, "state_name_in_source has more than 11 words"),
        (",list", ",rumour", "source 'rumour' is unknown: describe it"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row(folder: Folder, good: str, bad: str, told: str) -> None:
    table = f"{ACTS}\n{ACT}\n{ACT.replace('signature', 'ratification').replace(good, bad)}\n"
    if good == "signature":
        table = f"{ACTS}\n{ACT}\n{ACT.replace(good, bad)}\n"
    assert f"row 3: {told}" in run(folder, "treaty-actions", table).output


def test_every_wrong_row_is_told_and_no_more_than_a_screen_of_them(folder: Folder) -> None:
    rows = "\n".join(GOOD.replace("FRA", f"X{number:02}") for number in range(50))
    output = run(folder, "memberships", f"{HEADER}\n{rows}").output
    assert "50 problems" in output
    assert output.count("\n") < 30


def test_two_imports_do_not_write_at_once(folder: Folder) -> None:
    held = os.open(folder.path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        assert "another import is at work" in run(folder, "memberships", f"{HEADER}\n{GOOD}").output
    finally:
        os.close(held)


def test_a_folder_in_the_way_leaves_every_file_as_it_was(folder: Folder) -> None:
    """The last file cannot be written: none of the others is, and no scrap stays behind."""
    (folder.path / "sources" / "tables").write_text("in the way", "utf-8")
    run(folder, "memberships", f"{HEADER}\n{GOOD}")
    assert not list(folder.path.rglob(".import-*"))
