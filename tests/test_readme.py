"""What the README shows is what a reader gets: its queries run, and their answers are the ones printed there."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from migov import resources, vocabulary

README = resources.default().root / "README.md"
EXAMPLE = re.compile(r"```sparql\n(?P<query>.*?)```\n\n(?P<table>(?:\|[^\n]*\n)+)", re.DOTALL)


def examples() -> list[tuple[str, list[list[str]]]]:
    found = []
    for match in EXAMPLE.finditer(README.read_text("utf-8")):
        lines = match["table"].strip().splitlines()
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in [lines[0], *lines[2:]]]
        found.append((match["query"], rows))
    return found


def test_the_readme_shows_three_answered_questions() -> None:
    assert len(examples()) == 3
    assert all(len(rows) > 2 for _, rows in examples())


@pytest.mark.parametrize(("query", "rows"), examples())
def test_a_question_of_the_readme_has_the_answer_printed_there(
    released: Store, query: str, rows: list[list[str]]
) -> None:
    solutions = released.query(query, prefixes=vocabulary.prefixes(), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    answers = [[_text(solution[name]) for name in names] for solution in solutions]
    assert [names, *answers] == rows


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""


def test_every_file_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text("utf-8"))
    assert links
    assert [link for link in links if not (Path(README.parent) / link).exists()] == []
