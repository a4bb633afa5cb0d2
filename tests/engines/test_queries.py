"""Every query of the pages and of the library has the same answer in every engine."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from migov import resources
from migov.store import Iri, Limits
from migov.store.local import LocalStore
from migov.vocabulary import BASE, XSD

QUERIES = resources.default().queries
LIBRARY = sorted((QUERIES / "library").glob("*.rq"))
PAGES = sorted(path for path in (QUERIES / "pages").glob("*.rq") if path.stem not in ("exists", "graph-triples"))
"""Without the one whose single row is any of many, and the one that makes a graph, of which ``test_served`` tells."""
ENTITIES = ("id/org/iom", "id/state/FRA", "id/document/rome-statute", "graph/entities/organisations", "concept/rank")
PATIENCE = Limits(deadline=300)
"""A busy machine may be slow: what an engine answers is the story here, not when."""
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double")}


def rows(store: LocalStore, text: str, entity: str = "") -> Counter[frozenset[tuple[str, Any]]]:
    """The rows of an answer, numbers by value and concatenations without their order, which is left open."""
    shown = re.search(r"SELECT[^{]*\?entity", text)  # then pages bind it; otherwise they put it in its place
    bindings = {"entity": Iri(BASE + entity)} if entity and shown else {}
    if entity and not bindings:
        text = text.replace("?entity", f"<{BASE}{entity}>")
    answer = json.loads(store.query(text, {"bindings": "json"}, bindings=bindings, limits=PATIENCE).body)
    return Counter(
        frozenset((name, value(term)) for name, term in row.items()) for row in answer["results"]["bindings"]
    )


def value(term: dict[str, str]) -> Any:
    if term.get("datatype") in _NUMBERS:
        return round(Decimal(term["value"]), 6)
    for mark in ("; ", ", "):
        if mark in term["value"]:
            return frozenset(term["value"].split(mark))
    return (*sorted(term.items()),)


def filled(path: Path) -> str:
    """A query file as pages send it: with a few nodes where it takes a list."""
    return path.read_text("utf-8").replace("VALUES ?node {}", "VALUES ?node { o:iom o:un state:FRA doc:rome-statute }")


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_question_of_the_library_has_one_answer(here: LocalStore, there: LocalStore, path: Path) -> None:
    text = path.read_text("utf-8")
    assert rows(there, text) == rows(here, text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_query_of_the_pages_has_one_answer(here: LocalStore, there: LocalStore, path: Path) -> None:
    text = filled(path)
    for entity in ENTITIES if "?entity" in text else ("",):
        assert rows(there, text, entity) == rows(here, text, entity), entity
