"""The questions of the library as pages use them: in the order to show them, by group, with their addresses."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from migov import library
from migov.library import GROUPS, Question
from migov.web.language import N_
from migov.web.reader import Reader


def questions(reader: Reader) -> list[Question]:
    """Every question of the library: the featured ones first, in their order, then the rest by name."""
    found = reader.once(
        "questions",
        lambda: [library.read(name, reader.text(f"library/{name}.rq")) for name in library.names()],
        worded=False,
    )
    return sorted(found, key=lambda question: (question.featured, question.name))


def grouped(found: Iterable[Question]) -> list[tuple[str, list[Question]]]:
    """Questions by what they are about, in the order of the library; those of no known group last."""
    asked = list(found)
    order = [*GROUPS, *sorted({question.group for question in asked} - {*GROUPS})]
    groups = [(group, [question for question in asked if question.group == group]) for group in order]
    return [(group or N_("Other"), members) for group, members in groups if members]


def address(question: Question, values: Mapping[str, str], extension: str = "") -> str:
    """The stable address of an answer: only values that are not the default stand in it."""
    path = f"/library/{question.name}" + (f".{extension}" if extension else "")
    asked = changed(question, values)
    return f"{path}?{urlencode(asked, safe=':')}" if asked else path


def changed(question: Question, values: Mapping[str, str]) -> dict[str, str]:
    """The values that are not the default."""
    return {p.name: values[p.name] for p in question.parameters if values[p.name] != p.default}
