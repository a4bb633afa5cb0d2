"""An outsider asks about the documents, and SPARQL answers with the document and the place in it.

Each file in ``questions/`` is one question. Its head holds the question and, one a line, every answer to expect with
the key of the document that gives it: what a reader of the documents would say, in any order. Tables of facts may give
further answers; they are not asked here.
"""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from migov.vocabulary import ONTOLOGY

FILE_NAME = NamedNode(ONTOLOGY + "fileName")  # documents that were read whole have one
QUESTIONS = sorted((Path(__file__).parent / "questions").glob("*.rq"))


def expected(text: str) -> set[tuple[str, str]]:
    """Return the pairs of answer and document key that the head of a question names."""
    pairs = (line.rpartition(" | ") for line in re.findall(r"^# expect: (.*)$", text, re.MULTILINE))
    return {(answer.strip(), key.strip()) for answer, _, key in pairs}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_graph_answers_with_source_and_place(path: Path, released: Store) -> None:
    text = path.read_text("utf-8")
    read = {quad.subject for quad in released.quads_for_pattern(None, FILE_NAME, None, None)}
    rows = [row for row in released.query(text, use_default_graph_as_union=True) if row["source"] in read]
    assert {(row["answer"].value, row["source"].value.rpartition("/")[2]) for row in rows} == expected(text)
    assert rows
    assert all(row["locator"].value for row in rows)


def test_every_question_is_asked_once_and_in_plain_words() -> None:
    asked = [re.match(r"# question: (.+\?)\n", path.read_text("utf-8")) for path in QUESTIONS]
    assert [path.name for path, question in zip(QUESTIONS, asked, strict=True) if question is None] == []
    assert len({question[1] for question in asked if question}) == len(QUESTIONS) >= 90
