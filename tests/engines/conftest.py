"""Other engines with a release in them. One engine holds one release at a time, so each module publishes its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.cut import cut
from engines.programs import NAMES, Engine
from engines.servers import store_of
from migov.graph.release import Release
from migov.store.local import LocalStore
from store.processes import Process


@pytest.fixture(scope="session")
def few_states(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The real graph as far as it speaks of a few States."""
    return cut(release, tmp_path_factory.mktemp("cut"))


@pytest.fixture(scope="module", params=NAMES)
def engine(request: pytest.FixtureRequest, engine_named: Callable[[str], Engine]) -> Engine:
    return engine_named(request.param)


@pytest.fixture(scope="module")
def here(few_states: Release, launched: Callable[[Path], Process]) -> Iterator[LocalStore]:
    """The few States in our own engine."""
    store = launched(few_states.graph).store()
    yield store
    store.close()


@pytest.fixture(scope="module")
def there(engine: Engine, few_states: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    """The few States in the other engine."""
    with store_of(engine, few_states, tmp_path_factory.mktemp("store")) as store:
        yield store
