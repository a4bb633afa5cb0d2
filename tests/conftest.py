"""What every test may use: the project's own files, and one release built from them."""

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
