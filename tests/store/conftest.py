"""A store process over a small graph, and a way to start others that may be killed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migov.store.local import LocalStore
from store.processes import SMALL, Process, finish, launch


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A process that every story may share, since no query can harm it."""
    process = launch(SMALL, tmp_path_factory.mktemp("store") / "s")
    yield process
    finish(process)


@pytest.fixture(scope="session")
def store(process: Process) -> Iterator[LocalStore]:
    store = process.store()
    yield store
    store.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start processes of one's own, to be killed."""
    started: list[Process] = []

    def start(graph: Path = SMALL) -> Process:
        started.append(launch(graph, tmp_path / "s"))
        return started[-1]

    yield start
    for process in started:
        finish(process)
