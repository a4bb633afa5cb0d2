"""A curator types ``migov import``: it tells what it did, or row by row why it did nothing."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from migov.cli import main
from record.folder import Folder

HEADER = "iso3,iso2,m49,name_en,name_fr,name_es,other_names,kind,region,source_ids\n"
KENYA = "KEN,KE,404,Kenya,Kenya,Kenia,Republic of Kenya,state,eastern-africa,codes\n"


@pytest.fixture
def folder(folder_with: Callable[..., Folder]) -> Folder:
    return folder_with('o:club a org:Organization ; skos:prefLabel "Club"@en .', sources={"codes": "secondary"})


def run(folder: Folder, rows: str, *more: str) -> Result:
    table = folder.path.parent / "states.csv"
    table.write_text(HEADER + rows, "utf-8")
    return CliRunner().invoke(main, ["import", "states", str(table), "--graphs", str(folder.path), *more])


def test_it_tells_what_it_added_and_a_second_time_that_nothing_changed(folder: Folder) -> None:
    first, second = run(folder, KENYA), run(folder, KENYA)
    assert first.output.startswith("1 rows read, 1 new, none rejected\nAll 1 rows: 1 added, 0 merged, 0 disputed")
    assert second.output.startswith("1 rows read, 0 new, none rejected\nAll 1 rows: 1 added")
    assert second.output.endswith("0 files changed\n")
    assert folder.text(folder.node("state:KEN"), "mgo:m49") == "404"


def test_a_dry_run_writes_nothing(folder: Folder) -> None:
    before = folder.bytes()
    assert "3 files would change" in run(folder, KENYA, "--dry-run").output
    assert folder.bytes() == before


def test_a_refused_table_is_told_row_by_row(folder: Folder) -> None:
    before = folder.bytes()
    result = run(folder, KENYA + KENYA.replace("404", "40") + KENYA.replace("codes", "blog"))
    assert result.exit_code == 1
    assert "row 3: m49 '40' is not such a code" in result.output
    assert "row 4: source 'blog' is unknown" in result.output
    assert folder.bytes() == before


@pytest.mark.parametrize("kind", ["states", "treaties", "treaty-actions", "memberships"])
def test_without_a_table_its_columns_are_told(kind: str) -> None:
    result = CliRunner().invoke(main, ["import", kind])
    assert result.exit_code == 0
    assert "source" in result.output


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    result = CliRunner().invoke(main, ["import", "poems"])
    assert result.exit_code == 2
    assert "treaty-actions" in result.output
