"""A tiny graph to tell stories about, in a folder that a test may change as it likes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat

from graph.story import short, store_of
from migov.graph import bounds, rules
from migov.resources import Resources
from migov.vocabulary import GRAPH

Facts = Callable[..., set[str]]


@pytest.fixture
def derived(resources: Resources) -> Facts:
    """What the project's own rules make of some Turtle on a day: the triples of the two graphs they write."""
    names = ("migov", "reused", "concepts/treaty-action")
    terms = [(resources.ontology / f"{name}.ttl").read_text("utf-8") for name in names]

    def run(turtle: str, as_of: str = "2026-11-23") -> set[str]:
        store = store_of(turtle)
        for text in terms:
            store.load(text, format=RdfFormat.TURTLE, to_graph=NamedNode(GRAPH + "ontology"))
        store.extend(bounds.bounds(store))
        rules.run(rules.read(resources.queries / "rules"), store, date.fromisoformat(as_of))
        made = (NamedNode(GRAPH + name) for name in rules.GRAPHS)
        return short(quad for graph in made for quad in store.quads_for_pattern(None, None, None, graph))

    return run


@pytest.fixture
def checkout(tmp_path: Path, make_checkout: Callable[[Path], Resources]) -> Resources:
    """A checkout with the tiny graph that a test may change as it likes."""
    return make_checkout(tmp_path)
