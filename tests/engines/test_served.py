"""A site whose release lies in another engine is, byte for byte, the site over our own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from engines.programs import Engine
from engines.servers import store_of
from migov.graph.release import Release
from migov.web.app import create_app
from store.processes import Process

PATHS = (
    "/",
    "/browse",
    "/quality",
    "/sources",
    "/library",
    "/sparql?query=SELECT+%3Fp+%28COUNT%28*%29+AS+%3Fn%29+%7B+%3Fs+%3Fp+%3Fo+%7D+GROUP+BY+%3Fp+ORDER+BY+%3Fp",
    "/sparql?format=csv&query=SELECT+*+%7B+o%3Aiom+%3Fp+%3Fo+%7D+ORDER+BY+%3Fp+%3Fo",
    "/page/org/iom",
    "/page/ontology",
    "/page/concept/rank",
    "/page/graph/entities/organisations",
    "/data/org/iom.ttl",
    "/data/org/iom.trig",
    "/data/org/iom.jsonld",
    "/data/ontology.ttl",
    "/graph/entities/organisations",
)


@pytest.fixture(scope="module")
def ours(tiny: Release, launched: Callable[[Path], Process]) -> Iterator[FlaskClient]:
    store = launched(tiny.graph).store()
    yield create_app(store, tiny).test_client()
    store.close()


@pytest.fixture(scope="module")
def theirs(engine: Engine, tiny: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with store_of(engine, tiny, tmp_path_factory.mktemp("store")) as store:
        yield create_app(store, tiny).test_client()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_the_same(ours: FlaskClient, theirs: FlaskClient, path: str) -> None:
    for accept in ("text/html", "text/turtle"):
        expected, got = (client.get(path, headers={"Accept": accept}) for client in (ours, theirs))
        assert (got.status_code, got.content_type) == (expected.status_code, expected.content_type)
        assert got.data == expected.data


def test_a_page_that_is_there_is_told_of(ours: FlaskClient) -> None:
    """Else the story above could compare errors."""
    assert [path for path in PATHS if ours.get(path, headers={"Accept": "text/html"}).status_code >= 400] == []
