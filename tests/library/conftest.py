"""A store process over the real release, with the limits of the public server."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from migov.graph.release import Release
from migov.store.local import LocalStore
from store.processes import Process


@pytest.fixture(scope="session")
def store(release: Release, launched: Callable[[Path], Process]) -> Iterator[LocalStore]:
    with closing(launched(release.graph).store()) as store:
        yield store
