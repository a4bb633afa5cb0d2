"""Every Turtle file is as the canonical writer leaves it, so that a change shows only what changed."""

from migov.graph import turtle
from migov.resources import Resources


def test_no_turtle_file_would_be_rewritten(resources: Resources) -> None:
    files = [*resources.ontology.rglob("*.ttl"), *resources.graphs.rglob("*.ttl")]
    assert files
    assert [path for path in files if turtle.canonical(path) != path.read_bytes()] == []


def test_no_file_of_relations_or_figures_is_too_long_to_read(resources: Resources) -> None:
    lengths = {path: path.read_bytes().count(b"\n") for path in resources.graphs.rglob("*.ttl")}
    assert {path.name: lines for path, lines in lengths.items() if lines > 600} == {}
