"""The statements of ``graphs/`` as they are written."""

import pytest
from pyoxigraph import RdfFormat, Store

from migov.resources import Resources


@pytest.fixture(scope="session")
def written(resources: Resources) -> Store:
    """Everything in the files of ``graphs/``, before anything is derived from it."""
    store = Store()
    for path in sorted(resources.graphs.rglob("*.ttl")):
        store.load(path.read_bytes(), format=RdfFormat.TURTLE)
    return store
