"""A store process over the real release, with the limits of the public server."""

from collections.abc import Iterator

import pytest

from migov.graph.release import Release
from migov.store.local import LocalStore
from store.processes import finish, launch


@pytest.fixture(scope="session")
def store(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    process = launch(release.graph, tmp_path_factory.mktemp("library") / "s")
    store = process.store()
    yield store
    store.close()
    finish(process)
