"""The site over the real graph, and a site over a small graph whose words mean harm."""

import subprocess
import sys
import time
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

PUBLIC = "https://graph.example.org/migov"
ELSEWHERE = "https://example.net/graph/"
HOSTILE = Path(__file__).with_name("hostile.trig")


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., FlaskClient]]:
    """Opens a release as a site, with a store process behind it, and gives a client of it."""
    processes: list[subprocess.Popen[bytes]] = []
    stores: list[LocalStore] = []

    def open_(release: Release, config: Config | None = None) -> FlaskClient:
        path = tmp_path_factory.mktemp("store") / "s"
        command = [sys.executable, "-m", "migov.store.process", "--graph", release.graph, "--socket", path]
        server = Path(releases.__file__).parents[2]
        processes.append(subprocess.Popen([*map(str, command), "--with-parent"], cwd=server, stdin=subprocess.DEVNULL))
        store = LocalStore(path)
        stores.append(store)
        while not store.ready():
            assert processes[-1].poll() is None, "the store process does not start"
            time.sleep(0.02)
        return create_app(store, release, config).test_client()

    yield open_
    for store in stores:
        store.close()
    for process in processes:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def client(opened: Callable[..., FlaskClient], release: Release) -> FlaskClient:
    """The site over the project's own graph."""
    return opened(release)


@pytest.fixture(scope="session")
def public(opened: Callable[..., FlaskClient], release: Release) -> FlaskClient:
    """The same site where a public address, below a path, is configured."""
    return opened(release, Config(public_url=PUBLIC))


@pytest.fixture(scope="session")
def hostile(opened: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site over a graph full of labels, addresses and texts that try to become markup."""
    return opened(small_release(tmp_path_factory.mktemp("hostile"), vocabulary.BASE))


@pytest.fixture(scope="session")
def elsewhere(opened: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The same graph under a base of its own."""
    return opened(small_release(tmp_path_factory.mktemp("elsewhere"), ELSEWHERE))


def small_release(folder: Path, base: str) -> Release:
    """A release of the hostile graph, all its IRIs on a base."""
    text = HOSTILE.read_text("utf-8").replace(vocabulary.BASE, base)
    quads = list(parse(text.encode(), format=RdfFormat.TRIG))
    (folder / releases.GRAPH_FILE).write_bytes(serialize(quads, format=RdfFormat.N_QUADS))
    store = Store()
    store.extend(quads)
    search.build(folder / releases.SEARCH_FILE, store)
    graphs = tuple(GraphEntry(name, "x.ttl", "", 1) for name in sorted({q.graph_name.value for q in quads}))
    return Release(folder, Manifest("0" * 64, "2026-11-23", base, "2026-11-23", "", len(quads), graphs, {}, {}))
