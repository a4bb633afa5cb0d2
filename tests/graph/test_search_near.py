"""Somebody who types a name wrongly is told what was perhaps meant."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from migov.graph import search

LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
NAMES = ("International Organization for Migration", "Philippines", "Côte d’Ivoire")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store()
    for number, name in enumerate(NAMES):
        store.add(Quad(NamedNode(f"https://w3id.org/migov/id/org/o{number}"), LABEL, Literal(name, language="en")))
    path = tmp_path_factory.mktemp("near") / "search.sqlite"
    search.build(path, store)
    return path


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("migrashun", "migration"),
        ("Filipines", "philippines"),
        ("internatonal organisation", "international organization"),
        ("cote d'ivoir", ""),  # each word begins one: nothing is wrong with it
        ("zzzzzzzz", ""),
        ("", ""),
        ('"; DROP TABLE entry --', ""),
        ("x" * 10_000, ""),
    ],
)
def test_what_was_meant(index: Path, typed: str, meant: str) -> None:
    assert search.near(index, typed) == meant
