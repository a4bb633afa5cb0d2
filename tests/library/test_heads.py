"""What the head of a question promises to the pages and programs that show it."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, Store

from migov import queries, vocabulary
from migov.library import GROUPS, TYPES, Parameter, Question, questions, read, written

COMPETENCY = 40
QUESTIONS = questions()
PARAMETERS = [(question, parameter) for question in QUESTIONS for parameter in question.parameters]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_head_says_what_is_asked_and_what_to_beware_of(question: Question) -> None:
    assert question.head["title"].endswith("?")
    assert question.head["about"].endswith(".")
    assert question.head["group"] in GROUPS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.name)


def test_titles_are_different() -> None:
    assert len({question.head["title"] for question in QUESTIONS}) == len(QUESTIONS)


def test_each_of_the_forty_is_asked_once_and_ten_more() -> None:
    numbers = sorted(int(question.head["question"]) for question in QUESTIONS if "question" in question.head)
    assert numbers == list(range(1, COMPETENCY + 1))
    assert len(QUESTIONS) >= COMPETENCY + 10


def test_few_are_featured_and_each_has_its_place() -> None:
    places = sorted(int(question.head["featured"]) for question in QUESTIONS if "featured" in question.head)
    assert places == list(range(1, len(places) + 1))
    assert 3 <= len(places) <= 8


@pytest.mark.parametrize(("question", "parameter"), PARAMETERS, ids=[f"{q.name}-{p.name}" for q, p in PARAMETERS])
def test_a_parameter_is_bound_to_its_default_and_can_be_bound_to_others(
    question: Question, parameter: Parameter
) -> None:
    assert parameter.type in TYPES
    assert parameter.allowed
    assert parameter.help
    line = f"VALUES ?{parameter.name} {{ {written(parameter.default, parameter.type)} }}\n"
    assert line in question.text
    assert question.bound({parameter.name: parameter.default}).text == question.text
    other = {"iri": "o:other", "date": "1999-12-31", "integer": "77", "text": "other"}[parameter.type]
    assert written(other, parameter.type) in question.bound({parameter.name: other}).text


@pytest.mark.parametrize(
    ("question", "parameter"),
    [(q, p) for q, p in PARAMETERS if p.type == "iri"],
    ids=[f"{q.name}-{p.name}" for q, p in PARAMETERS if p.type == "iri"],
)
def test_a_default_is_one_of_the_things_it_may_be(question: Question, parameter: Parameter, released: Store) -> None:
    prefix, _, key = parameter.default.partition(":")
    assert next(released.quads_for_pattern(NamedNode(vocabulary.prefixes()[prefix] + key), None, None, None), None)


def test_a_head_with_a_line_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="odd"):
        read("odd", "# titel: A slip?\n" + queries.text("library/lists.rq"))


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ("1 January 2000", "date"),
        ("2000-02-30", "date"),
        ("doc:x } ?s ?p ?o", "iri"),
        ("https://example.org/> } ?s ?p ?o", "iri"),
        ("12 } #", "integer"),
    ],
)
def test_a_value_of_another_type_is_refused(value: str, type: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        written(value, type)


def test_a_text_stays_a_text_whatever_it_holds() -> None:
    hostile = '" } DELETE \\ \n'
    (row,) = Store().query(f"SELECT ?x {{ VALUES ?x {{ {written(hostile, 'text')} }} }}")
    assert row["x"] == Literal(hostile)
