"""The statements of ``graphs/`` as they are written, and as the build hands them out."""

import pytest
from pyoxigraph import RdfFormat, Store

from migov.graph.release import Release
from migov.resources import Resources


@pytest.fixture(scope="session")
def written(resources: Resources) -> Store:
    """Everything in the files of ``graphs/``, before anything is derived from it."""
    store = Store()
    for path in sorted(resources.graphs.rglob("*.ttl")):
        store.load(path.read_bytes(), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="session")
def released(release: Release) -> Store:
    """The whole built graph."""
    store = Store()
    store.bulk_load(path=release.graph, format=RdfFormat.N_QUADS)
    return store
