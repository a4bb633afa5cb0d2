"""Five errors that authors of published ontologies made; here each one stops before it reaches a reader."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store

from migov.errors import DataError
from migov.graph import load as loader

HERE = Path(__file__).parent
ERRORS = sorted((HERE / "authoring-errors").glob("*.ttl"), key=lambda path: path.stem)
BANNER = re.compile(r"# seen: .+\n# caught by: (?:loader: line (?P<line>\d+)|(?P<check>[a-z-]+))\n")
SEEN = {path: match for path in ERRORS if (match := BANNER.match(path.read_text("utf-8")))}
BY_LOADER = {path: int(match["line"]) for path, match in SEEN.items() if match["line"]}
BY_CHECK = {path: match["check"] for path, match in SEEN.items() if match["check"]}


def test_each_error_names_what_catches_it() -> None:
    assert sorted([*BY_LOADER, *BY_CHECK]) == sorted(ERRORS)


@pytest.mark.parametrize("path", BY_LOADER, ids=lambda path: path.stem)
def test_the_loader_refuses_the_file_and_names_the_line(path: Path) -> None:
    with pytest.raises(DataError) as refusal:
        loader.parse_file(path, Path("ontology/migov.ttl"))
    assert refusal.value.facts["line"] == BY_LOADER[path]


@pytest.mark.parametrize("path", BY_CHECK, ids=lambda path: path.stem)
def test_a_hygiene_check_finds_the_term(path: Path, ontology: Store, load: Callable[..., Store]) -> None:
    query = (HERE / "hygiene" / f"{BY_CHECK[path]}.rq").read_text("utf-8")
    before = {str(row["term"]) for row in ontology.query(query)}
    after = {str(row["term"]) for row in load(path).query(query)}
    assert len(after - before) == 1
