"""The endpoint over a graph of a few lines, so that every answer can be told in the story itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from migov.graph import release as releases
from migov.graph import search
from migov.graph.release import GraphEntry, Manifest, Release
from migov.vocabulary import BASE
from migov.web.site import Config

PUBLIC = "https://graph.example.org"
DATA = Path(__file__).with_name("few.trig")
GRAPH = BASE + "graph/"


def release_of(folder: Path, quads: list[Quad]) -> Release:
    """A release of some quads, as far as the endpoint needs one."""
    written = serialize(quads, format=RdfFormat.N_QUADS)
    (folder / releases.GRAPH_FILE).write_bytes(b"".join(sorted(written.splitlines(keepends=True))))
    store = Store()
    store.extend(quads)
    search.build(folder / releases.SEARCH_FILE, store)
    names = [quad.graph_name.value for quad in quads]
    graphs = tuple(GraphEntry(name, None, "", names.count(name)) for name in sorted(set(names)))
    manifest = Manifest("a" * 64, "2026-11-23", BASE, "2026-11-23", "", len(quads), graphs, {}, {})
    return Release(folder, manifest)


@pytest.fixture(scope="session")
def quads() -> list[Quad]:
    """What the graph holds."""
    return list(parse(DATA.read_bytes(), format=RdfFormat.TRIG))


@pytest.fixture(scope="session")
def few(quads: list[Quad], tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release_of(tmp_path_factory.mktemp("few"), quads)


@pytest.fixture(scope="session")
def endpoint(opened: Callable[..., FlaskClient], few: Release) -> FlaskClient:
    """A client of the endpoint at its public address."""
    return opened(few, Config(public_url=PUBLIC))
