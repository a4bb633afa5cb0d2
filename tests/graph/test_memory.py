"""What validation remembers of unchanged files: it makes a check shorter, and never different."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migov.graph import build
from migov.graph.findings import Result
from migov.graph.memory import FILE, Memory
from migov.resources import Resources

MEMBERSHIPS = "graphs/relations/memberships.ttl"
ORGANISATIONS = "graphs/entities/organisations.ttl"
FIGURES = "graphs/observations/iom.ttl"
CHECK = "from migov.cli import main; main(['check', '--releases', 'releases'])"


def found(checkout: Resources, releases: Path | None = None) -> list[Result]:
    """What validation finds, with the notes of earlier runs where there is a folder for them."""
    return build.make(checkout, notes=Memory(releases) if releases else None).results


def turn(checkout: Resources, file: str, old: str, new: str) -> None:
    path = checkout.root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def undate(checkout: Resources) -> None:
    """Take the time from a figure, which is worth a warning."""
    turn(checkout, FIGURES, '    mgo:asOf "2014"^^xsd:gYear ;\n', "")


@pytest.fixture(scope="module")
def warm(make_checkout: Callable[[Path], Resources], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notes of a check of the tiny graph; copied by the tests, for a check writes to them."""
    releases = tmp_path_factory.mktemp("warm")
    assert found(make_checkout(tmp_path_factory.mktemp("known")), releases) == []
    return releases


@pytest.fixture
def releases(warm: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(warm, tmp_path / "releases"))


def test_a_second_check_finds_the_same_warnings_and_violations(checkout: Resources, tmp_path: Path) -> None:
    undate(checkout)
    turn(checkout, MEMBERSHIPS, "    org:organization o:un-system ;\n", "")
    first = found(checkout, tmp_path / "releases")
    assert {result.severity for result in first} == {"Warning", "Violation"}
    assert {result.file for result in first} == {FIGURES, MEMBERSHIPS}
    assert found(checkout, tmp_path / "releases") == first == found(checkout)


def test_a_violation_in_a_changed_file_is_found(checkout: Resources, releases: Path) -> None:
    turn(checkout, MEMBERSHIPS, "    org:organization o:un-system ;\n", "")
    results = found(checkout, releases)
    assert {result.file for result in results} == {MEMBERSHIPS}
    assert results == found(checkout)


def test_a_file_is_checked_again_when_what_it_names_becomes_something_else(checkout: Resources, releases: Path) -> None:
    turn(checkout, ORGANISATIONS, "o:un-system a org:Organization", "o:un-system a mgo:Place")
    results = found(checkout, releases)
    assert any(result.file == MEMBERSHIPS and result.severity == "Violation" for result in results)
    assert results == found(checkout)


def test_a_file_is_checked_again_when_another_speaks_of_the_same_thing(checkout: Resources, releases: Path) -> None:
    path = checkout.graphs / "relations" / "more.ttl"
    lines = [
        "@prefix mgo: <https://w3id.org/migov/ontology/> .",
        "@prefix rel: <https://w3id.org/migov/id/relation/> .",
    ]
    path.write_text("\n".join([*lines, "", 'rel:iom-un-related-organisation mgo:locator "page 1" .', ""]))
    results = found(checkout, releases)
    assert [result.focus.rpartition("/")[2] for result in results] == ["iom-un-related-organisation"]
    assert results == found(checkout)
    path.unlink()
    assert found(checkout, releases) == []


def test_a_warning_goes_with_its_cause(checkout: Resources, releases: Path) -> None:
    before = (checkout.root / FIGURES).read_text("utf-8")
    undate(checkout)
    assert [result.severity for result in found(checkout, releases)] == ["Warning"]
    (checkout.root / FIGURES).write_text(before, "utf-8")
    assert found(checkout, releases) == []


def test_a_renamed_file_is_named_as_it_is_called_now(checkout: Resources, tmp_path: Path) -> None:
    undate(checkout)
    assert {result.file for result in found(checkout, tmp_path)} == {FIGURES}
    (checkout.root / FIGURES).rename(checkout.graphs / "observations" / "figures.ttl")
    assert {result.file for result in found(checkout, tmp_path)} == {"graphs/observations/figures.ttl"}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def fill_with_noise(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [Path.unlink, empty, fill_with_noise, cut])
def test_notes_that_are_lost_or_damaged_are_made_anew(
    checkout: Resources, releases: Path, damage: Callable[[Path], None]
) -> None:
    damage(releases / FILE)
    assert found(checkout, releases) == []
    assert count(releases) > 0
    turn(checkout, MEMBERSHIPS, "    org:organization o:un-system ;\n", "")
    assert found(checkout, releases) == found(checkout)


def count(releases: Path) -> int:
    notes = sqlite3.connect(releases / FILE)
    try:
        return int(notes.execute("SELECT count(*) FROM note").fetchone()[0])
    finally:
        notes.close()


def test_what_no_run_uses_any_more_is_forgotten(checkout: Resources, releases: Path) -> None:
    known = count(releases)
    path = checkout.root / FIGURES
    for day in range(2, 9):
        turn(checkout, FIGURES, path.read_text("utf-8"), path.read_text("utf-8") + f"# day {day}\n")
        found(checkout, releases)
    assert known < count(releases) < known + 2 * 7


@pytest.fixture
def copied(checkout: Resources, resources: Resources) -> Callable[[], str]:
    """Runs `migov check` with the code in a copy of the project, whose files a test may change."""
    code = shutil.ignore_patterns("__pycache__")
    shutil.copytree(resources.root / "server", checkout.root / "server", ignore=code)

    def check() -> str:
        environment = {**os.environ, "PYTHONPATH": str(checkout.root / "server"), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", CHECK]
        done = subprocess.run(command, cwd=checkout.root, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    return check


def test_changed_shapes_and_changed_code_forget_what_was_found(checkout: Resources, copied: Callable[[], str]) -> None:
    undate(checkout)
    old, new = "Nobody can tell what time this figure is for", "This figure is of no time"
    assert old in copied()
    turn(checkout, "shapes/structure.ttl", old, new)
    told = copied()
    assert new in told
    assert "1 warning" in told
    severity = "str(report.value(node, SH.resultSeverity)).removeprefix(str(SH))"
    turn(checkout, "server/migov/graph/shacl.py", severity, '"Violation"')
    assert "1 violation" in copied()
