"""Researchers put the questions of the library to the real graph, through a server's store and under its limits.

Beside a question stand the answers to expect, in ``answers/``: what the tables and texts say that the graph was made
from, reckoned without the query. Each case may bind other values to the parameters of its question.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from migov.library import Question, questions
from migov.settings import DEFAULTS
from migov.store import Limits
from migov.store.local import LocalStore

QUESTIONS = questions()
ANSWERS = Path(__file__).parent / "answers"
PUBLIC = Limits(deadline=DEFAULTS["deadline"])
NAMED = {question.name: question for question in QUESTIONS}
CASES = [
    (NAMED[path.stem], number, case)
    for path in sorted(ANSWERS.glob("*.json"))
    for number, case in enumerate(json.loads(path.read_text("utf-8")))
]


def ask(store: LocalStore, text: str, limits: Limits = PUBLIC) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and the rows of an answer, values as plain text."""
    body = json.loads(store.query(text, {"bindings": "json"}, limits=limits).body)
    rows = [{name: term["value"] for name, term in row.items()} for row in body["results"]["bindings"]]
    return body["head"]["vars"], rows


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_file_runs_as_it_stands(question: Question, store: LocalStore) -> None:
    _, rows = ask(store, question.text)
    assert rows or "lacks" in question.head


@pytest.mark.parametrize(("question", "number", "case"), CASES, ids=[f"{q.name}-{n}" for q, n, _ in CASES])
def test_the_answer_is_what_the_sources_say(
    question: Question, number: int, case: dict[str, Any], store: LocalStore
) -> None:
    _, rows = ask(store, question.bound(case.get("with", {})).text)
    kept = [row for row in rows if case.get("only", {}).items() <= row.items()]
    found = [[row.get(column, "") for column in case["columns"]] for row in kept]
    if "rows" in case:
        assert sorted({*map(tuple, found)}) == sorted({*map(tuple, case["rows"])})
    assert [row for row in case.get("includes", []) if row not in found] == []
    assert [row for row in case.get("excludes", []) if row in found] == []
    if "count" in case:
        assert len({*map(tuple, found)}) == case["count"]


def test_every_question_has_answers_to_expect() -> None:
    assert {path.stem for path in ANSWERS.glob("*.json")} == set(NAMED)
    assert [q.name for q, _, case in CASES if "rows" not in case and not case.get("includes", case.get("count"))] == []


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q.parameters and "lacks" not in q.head], ids=lambda question: question.name
)
def test_other_values_give_another_answer(question: Question, store: LocalStore) -> None:
    others = [case for q, _, case in CASES if q is question and case.get("with")]
    assert others, "no case binds other values"
    before = ask(store, question.text)
    assert any(ask(store, question.bound(case["with"]).text) != before for case in others)
