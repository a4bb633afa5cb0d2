"""What the stories about the ontology share: the ontology and its code lists, as a store and as a graph."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from migov import resources

Load = Callable[..., Store]


@pytest.fixture(scope="session")
def ontology_files() -> list[Path]:
    """Every Turtle file of the ontology, code lists included."""
    return sorted(resources.default().ontology.rglob("*.ttl"))


@pytest.fixture(scope="session")
def load(ontology_files: list[Path]) -> Load:
    """Load the ontology and more files into the default graph of a new store."""

    def into_one_graph(*more: Path) -> Store:
        store = Store()
        for path in (*ontology_files, *more):
            store.load(path=str(path), format=RdfFormat.TURTLE)
        return store

    return into_one_graph


@pytest.fixture(scope="session")
def ontology(load: Load) -> Store:
    return load()
