"""What every test may use: the project's own files, the release built from them, and a tiny release."""

import sys
from pathlib import Path

# The folder after --releases decides what pytest takes for the root; what is tested is this checkout all the same.
sys.path.insert(0, str(Path(__file__).parents[1] / "server"))
sys.path.insert(0, str(Path(__file__).parent))

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings
from pyoxigraph import RdfFormat, Store

from engines.programs import Engine
from engines.servers import running
from migov import resources as installed
from migov.graph import release as releases
from migov.graph.release import Release
from migov.resources import Resources
from store.processes import Process, finish, launch

settings.register_profile("calm", deadline=None)  # a busy machine is no failure
settings.load_profile("calm")

TINY = Path(__file__).parent / "graph" / "fixtures" / "graphs"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--releases", type=Path, help="tell the stories of the real graph of the release in this folder")


@pytest.fixture(scope="session")
def resources() -> Resources:
    """The ontology, graphs, shapes and queries of this checkout."""
    return installed.default()


@pytest.fixture(scope="session")
def release(resources: Resources, request: pytest.FixtureRequest) -> Release:
    """The real graph, built only when the checkout has no fresh release of it; nobody may change it."""
    if chosen := request.config.getoption("releases"):
        return releases.current(chosen)
    folder = resources.root / "releases"
    folder.mkdir(exist_ok=True)
    with (folder / ".tested").open("w") as lock:  # whoever tests at the same time waits, and builds nothing
        fcntl.flock(lock, fcntl.LOCK_EX)
        if releases.is_fresh(folder, resources):
            return releases.current(folder)
        from migov.graph import build  # here, because the build loads the validator, which most tests do without

        return build.build(resources, folder)


@pytest.fixture(scope="session")
def released(release: Release) -> Store:
    """The quads of the real graph, to ask questions of; nobody may change them."""
    store = Store()
    store.bulk_load(path=release.graph, format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="session")
def make_checkout(resources: Resources) -> Callable[[Path], Resources]:
    """Makes, in a folder, a copy of the real ontology, shapes and queries with the tiny graph of the fixtures."""

    def make(folder: Path) -> Resources:
        for name in ("ontology", "shapes", "queries"):
            shutil.copytree(resources.root / name, folder / "checkout" / name)
        shutil.copytree(TINY, folder / "checkout" / "graphs")
        return Resources(folder / "checkout")

    return make


@pytest.fixture(scope="session")
def tiny_checkout(make_checkout: Callable[[Path], Resources], tmp_path_factory: pytest.TempPathFactory) -> Resources:
    """A checkout with the tiny graph; nobody may change it."""
    return make_checkout(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny(tiny_checkout: Resources) -> Release:
    """A release of the tiny graph, for stories that any graph can tell; nobody may change it."""
    from migov.graph import build

    return build.build(tiny_checkout, tiny_checkout.root.parent / "releases")


@pytest.fixture(scope="session")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Process]]:
    """Gives the one store process of the session over a graph, with the limits of the public server."""
    processes: dict[Path, Process] = {}

    def process_of(graph: Path) -> Process:
        if graph not in processes:
            processes[graph] = launch(graph, tmp_path_factory.mktemp("store") / "s")
        return processes[graph]

    yield process_of
    for process in processes.values():
        finish(process)


@pytest.fixture(scope="session")
def engine_named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Engine]]:
    """Gives the one server of the session of another engine, by its name in ``engines.servers``."""
    engines: dict[str, Engine] = {}
    with ExitStack() as stack:

        def named(name: str) -> Engine:
            if name not in engines:
                engines[name] = stack.enter_context(running(name, tmp_path_factory.mktemp(name)))
            return engines[name]

        yield named
