"""Stores over a small graph, in our own engine and in others, and a way to start processes that may be killed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.programs import NAMES, Engine
from engines.servers import store_of
from migov.store.local import LocalStore
from store.processes import SMALL, Process, finish, launch, release_of

EVERYWHERE = ("test_answers", "test_describe", "test_errors", "test_formats")
"""Stories of what any engine must answer; the others are of the processes of the local one."""


DIFFERENT = {
    ("virtuoso", "test_rows_leave_out_unbound_variables_and_know_every_kind_of_term"): "it has no BNODE()",
    ("virtuoso", "test_errors_in_expressions_are_unbound_values_not_failures"): "a division by zero ends the query",
}
"""What an engine does otherwise, and docs/engines.md says so."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" in metafunc.fixturenames and metafunc.module.__name__.endswith(EVERYWHERE):
        engines = ["local", "disk"]
        for name in NAMES:
            reason = DIFFERENT.get((name, metafunc.function.__name__))
            marks = [pytest.mark.xfail(reason=f"{name}: {reason}", strict=True)] if reason else []
            engines.append(pytest.param(name, marks=marks))
        metafunc.parametrize("store", engines, indirect=True)


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A process that every story may share, since no query can harm it."""
    process = launch(SMALL, tmp_path_factory.mktemp("store") / "s")
    yield process
    finish(process)


@pytest.fixture(scope="session")
def store(
    request: pytest.FixtureRequest,
    process: Process,
    engine_named: Callable[[str], Engine],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LocalStore]:
    """The graph in our own engine, or in the one that the story is told of."""
    name = getattr(request, "param", "local")
    if name == "local":
        store = process.store()
        yield store
        store.close()
    elif name == "disk":
        graph = shutil.copy(SMALL, tmp_path_factory.mktemp("disk"))
        process = launch(Path(graph), tmp_path_factory.mktemp("store") / "s", MIGOV_MEMORY_QUADS="1")
        yield process.store()
        finish(process)
    else:
        release = release_of(SMALL, tmp_path_factory.mktemp("release"))
        with store_of(engine_named(name), release, tmp_path_factory.mktemp("store")) as store:
            yield store


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
