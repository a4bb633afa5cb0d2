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


def test_a_release_without_answers_is_served_from_the_store(tiny: Release, launched: Callable[[Path], Process]) -> None:
    store = launched(tiny.graph).store()
    assert Reader(store, tiny.manifest.base, tiny.path / "no such file").rows("terms")
    store.close()
