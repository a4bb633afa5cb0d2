"""The documents tell what the code does: every format, limit and problem type stands in docs/http.md as it is."""

import re

import pytest

from migov import resources
from migov.settings import CHOICES, LIMITS, Choice, Setting
from migov.web.negotiation import FORMATS, Format
from migov.web.problems import PROBLEMS, Problem

HTTP = (resources.default().root / "docs" / "http.md").read_text("utf-8").splitlines()

OPERATIONS = (resources.default().root / "docs" / "operations.md").read_text("utf-8")


def rows(first: str) -> list[str]:
    return [line for line in HTTP if line.startswith(f"| {first} |")]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_every_limit_is_documented_with_its_value(limit: Setting) -> None:
    (row,) = rows(f"`{limit.name}`")
    _, _, value, unit, text, _ = (cell.strip() for cell in row.split("|"))
    assert (float(value.replace(",", "")), unit, text) == (limit.default, limit.unit, limit.help)


@pytest.mark.parametrize(
    "form", [form for form in FORMATS if form.uri or form.key in {"html", "spreadsheet"}], ids=lambda f: f.key
)
def test_every_format_is_documented(form: Format) -> None:
    assert rows(form.label) == [f"| {form.label} | `{form.media_type}` | `{form.extension}` | `{form.key}` |"]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_every_problem_type_is_documented(problem: Problem) -> None:
    assert rows(f"`/problem/{problem.slug}`") == [f"| `/problem/{problem.slug}` | {problem.status} | {problem.title} |"]


def test_nothing_is_documented_that_does_not_exist() -> None:
    known = {f"`{limit.name}`" for limit in LIMITS} | {f"`/problem/{problem.slug}`" for problem in PROBLEMS}
    limits = HTTP[HTTP.index("## Limits") :] + HTTP[HTTP.index("## Errors") : HTTP.index("## Limits")]
    named = {line.split("|")[1].strip() for line in limits if line.startswith("| `")}
    assert named == known


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.variable)
def test_every_choice_of_a_deployment_is_documented(choice: Choice) -> None:
    default = f" {choice.default} " if choice.default else " "
    assert f"| `{choice.variable}` |{default}| {choice.help} |" in OPERATIONS


def test_no_variable_is_documented_that_nothing_reads() -> None:
    known = {choice.variable for choice in CHOICES} | {limit.variable for limit in LIMITS}
    assert set(re.findall(r"MIGOV_[A-Z]+(?:_[A-Z]+)*", OPERATIONS)) <= known
