"""The site over the real graph and over a tiny one, and a site over a small graph whose words mean harm."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, parse, serialize

from migov import vocabulary
from migov.graph import release as releases
from migov.graph import search
from migov.graph.release import GraphEntry, Manifest, Release
from migov.store.local import LocalStore
from migov.web.app import create_app
from migov.web.site import Config
from store.processes import Process

PUBLIC = "https://graph.example.org/migov"
ELSEWHERE = "https://example.net/graph/"
HOSTILE = Path(__file__).with_name("hostile.trig")


@pytest.fixture(scope="session")
def opened(launched: Callable[[Path], Process]) -> Iterator[Callable[..., FlaskClient]]:
    """Opens a release as a site, with a store process behind it, and gives a client of it."""
    stores: list[LocalStore] = []

    def open_(release: Release, config: Config | None = None) -> FlaskClient:
        stores.append(launched(release.graph).store())
        return create_app(stores[-1], release, config).test_client()

    yield open_
    for store in stores:
        store.close()


@pytest.fixture(scope="session")
def client(opened: Callable[..., FlaskClient], release: Release) -> FlaskClient:
    """The site over the project's own graph."""
    return opened(release)


@pytest.fixture(scope="session")
def small(opened: Callable[..., FlaskClient], tiny: Release) -> FlaskClient:
    """The site over the tiny graph."""
    return opened(tiny)


@pytest.fixture(scope="session")
def public(opened: Callable[..., FlaskClient], tiny: Release) -> FlaskClient:
    """The site over the tiny graph where a public address, below a path, is configured."""
    return opened(tiny, Config(public_url=PUBLIC))


@pytest.fixture(scope="session")
def hostile(opened: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site over a graph full of labels, addresses and texts that try to become markup."""
    return opened(small_release(tmp_path_factory.mktemp("hostile"), vocabulary.BASE))


@pytest.fixture(scope="session")
def elsewhere(opened: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The same graph under a base of its own."""
    return opened(small_release(tmp_path_factory.mktemp("elsewhere"), ELSEWHERE))


def small_release(folder: Path, base: str, source: Path = HOSTILE) -> Release:
    """A release of a small graph, the hostile one unless another is given, all its IRIs on a base."""
    text = source.read_text("utf-8").replace(vocabulary.BASE, base)
    quads = list(parse(text.encode(), format=RdfFormat.TRIG))
    (folder / releases.GRAPH_FILE).write_bytes(serialize(quads, format=RdfFormat.N_QUADS))
    store = Store()
    store.extend(quads)
    search.build(folder / releases.SEARCH_FILE, store)
    graphs = tuple(GraphEntry(name, "x.ttl", "", 1) for name in sorted({q.graph_name.value for q in quads}))
    return Release(folder, Manifest("0" * 64, "2026-11-23", base, "2026-11-23", "", len(quads), graphs, {}, {}))
