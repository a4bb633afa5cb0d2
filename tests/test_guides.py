"""A stranger follows the guides to the letter: tables have the columns told there, examples import, queries answer."""

import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from migov import resources, vocabulary
from migov.library import names
from migov.record import command, sources, tables

ROOT = resources.default().root
GUIDES = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "ontology/README.md",
]
IMPORT = (ROOT / "docs" / "import.md").read_text("utf-8")
CHAPTERS = {chapter.partition("\n")[0]: chapter for chapter in re.split(r"^#{2,3} ", IMPORT, flags=re.MULTILINE)[1:]}
LAYOUTS = {kind: command.importer(kind)[0] for kind in command.KINDS} | {"The table of sources": sources.LAYOUT}
TABLE = re.compile(r"```csv\n(.*?)```", re.DOTALL)
QUERIES = [
    (guide.name, number, query)
    for guide in GUIDES
    for number, query in enumerate(re.findall(r"```sparql\n(.*?)```", guide.read_text("utf-8"), re.DOTALL))
]


def example(chapter: str) -> str:
    (table,) = TABLE.findall(CHAPTERS[chapter])
    return str(table)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_column_of_a_table_is_told(kind: str) -> None:
    told = re.findall(r"^\| `(\w+)` \| (yes)? *\| (.*) \|$", CHAPTERS[kind], re.MULTILINE)
    columns = LAYOUTS[kind].columns
    assert told == [(c.name, "yes" if c.required else "", c.meaning.replace("|", r"\|")) for c in columns]


@pytest.mark.parametrize("kind", command.KINDS)
def test_an_example_is_in_the_graph_so_that_importing_it_changes_nothing(kind: str, tmp_path: Path) -> None:
    table = example(kind)
    path = tmp_path / f"{kind}.csv"
    path.write_text(table, "utf-8")
    assert len(tables.read(path, LAYOUTS[kind]).rows) == table.count("\n") - 1
    outcome = command.run(kind, path, ROOT / "graphs", dry=True)
    assert (outcome.read, outcome.new, outcome.files) == (table.count("\n") - 1, 0, [])


def test_a_source_described_as_in_the_example_is_the_one_that_the_graph_has(tmp_path: Path) -> None:
    described = tmp_path / "sources.csv"
    described.write_text(example("The table of sources"), "utf-8")
    facts = tmp_path / "votes.csv"
    facts.write_text(example("votes"), "utf-8")
    assert command.run("votes", facts, ROOT / "graphs", described, dry=True).files == []


@pytest.mark.parametrize(
    ("guide", "number", "query"), QUERIES, ids=[f"{guide}-{number}" for guide, number, _ in QUERIES]
)
def test_a_query_of_a_guide_answers(released: Store, guide: str, number: int, query: str) -> None:
    found = released.query(query, prefixes=vocabulary.prefixes(), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    assert list(found)


def test_counts_told_of_a_day_are_those_of_the_graph(released: Store) -> None:
    counted = []
    for query in (query for guide, _, query in QUERIES if guide == "querying.md"):
        found = released.query(query, prefixes=vocabulary.prefixes(), use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        counted += [row[0].value for row in found]
    assert counted == ["48", "146"]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_what_a_guide_links_to_exists(guide: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", guide.read_text("utf-8"))
    assert [link for link in links if not (guide.parent / link).exists()] == []


def test_the_library_has_as_many_questions_as_the_guide_says() -> None:
    assert f"holds {len(names())} questions" in (ROOT / "docs" / "querying.md").read_text("utf-8")
