"""What the build has answered already comes while the store is still loading, and is what the store would say."""

from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from migov.graph.release import Release
from migov.store.local import LocalStore
from migov.web.app import create_app
from migov.web.reader import Reader
from store.processes import Process

ANSWERED = ("classes", "lists", "schemes", "source-statements", "sources", "states", "terms")


def test_the_home_page_needs_no_store(tiny: Release, tmp_path: Path, small: FlaskClient) -> None:
    without = create_app(LocalStore(tmp_path / "nothing listens here"), tiny).test_client()
    assert without.get("/").data == small.get("/").data
    assert without.get("/page/org/iom").status_code == 503


def test_the_build_answers_as_the_store_does(
    tiny: Release, launched: Callable[[Path], Process], tmp_path: Path
) -> None:
    base = tiny.manifest.base
    store = launched(tiny.graph).store()
    asked, answered = Reader(store, base), Reader(LocalStore(tmp_path / "nothing"), base, tiny.answers)
    for name in ANSWERED:
        assert sorted(map(repr, answered.rows(name))) == sorted(map(repr, asked.rows(name))), name
    store.close()


def test_what_the_build_answers_for_each_entity_is_looked_up(
    tiny: Release, launched: Callable[[Path], Process], tmp_path: Path
) -> None:
    base = tiny.manifest.base
    store = launched(tiny.graph).store()
    asked, answered = Reader(store, base), Reader(LocalStore(tmp_path / "nothing"), base, tiny.answers, tiny.each)
    things = {row["node"].value for row in asked.rows("subjects")} | {f"{base}id/org/nobody"}
    found = 0
    for name in ("acts", "participations", "act-sources", "resting-count"):
        for thing in sorted(things):
            told = [
                {key: value for key, value in row.items() if key != "entity"} for row in asked.table_about(name, thing)
            ]
            looked_up = (
                [{**dict.fromkeys(told[0], ""), **row} for row in answered.table_about(name, thing)] if told else []
            )
            assert sorted(map(sorted, map(dict.items, looked_up))) == sorted(map(sorted, map(dict.items, told))), name
            found += len(told)
    assert found
    store.close()


def test_a_release_without_answers_is_served_from_the_store(tiny: Release, launched: Callable[[Path], Process]) -> None:
    store = launched(tiny.graph).store()
    assert Reader(store, tiny.manifest.base, tiny.path / "no such file").rows("terms")
    store.close()
