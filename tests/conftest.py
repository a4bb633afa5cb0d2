"""What every test may use: the project's own files, and one release built from them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from migov import resources as installed
from migov.graph.release import Release
from migov.resources import Resources


@pytest.fixture(scope="session")
def resources() -> Resources:
    """The ontology, graphs, shapes and queries of this checkout."""
    return installed.default()


@pytest.fixture(scope="session")
def release(resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The real graph, built once in a session; nobody may change it."""
    from migov.graph import build  # here, because the build loads the validator, which most tests do without

    return build.build(resources, tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def make_checkout(resources: Resources) -> Callable[[Path], Resources]:
    """Makes, in a folder, a copy of the real ontology, shapes and queries with the tiny graph of the fixtures."""

    def make(folder: Path) -> Resources:
        for name in ("ontology", "shapes", "queries"):
            shutil.copytree(resources.root / name, folder / "checkout" / name)
        shutil.copytree(Path(__file__).parent / "graph/fixtures/graphs", folder / "checkout" / "graphs")
        return Resources(folder / "checkout")

    return make
