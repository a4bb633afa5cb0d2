"""The questions of the library as pages use them: in the order to show them, by group, with their addresses."""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from migov import library
from migov.library import GROUPS, Question
from migov.web.language import N_
from migov.web.reader import Reader

INTRODUCTIONS: Final = {
    "Who is bound": N_(
        "Whether a State is bound by a treaty on a day is reckoned from its acts: ratified, acceded, succeeded, "
        "withdrawn. “Surely” and “perhaps” keep apart what the sources date exactly and what they date by a year "
        "only, and a State that no list mentions is not called a State that is not a party."
    ),
    "Acts towards treaties": N_(
        "The path of a State to and from a treaty, act by act: signature, consent, entry into force, objection, "
        "withdrawal. Each day is as the source has it, and no more precise."
    ),
    "Who belongs": N_(
        "Membership of organisations and bodies over time, with admissions, departures and returns. Where a source "
        "only lists members, the time of the list is told, not a day of joining."
    ),
    "Bodies, mandates and cooperation": N_(
        "What organisations are made of, what they are told to do and by whom, with whom they work, and who "
        "monitors or advises whom: each as a text says it, with the place in that text."
    ),
    "People and posts": N_(
        "Who held which post, from when to when, as far as the sources know; being appointed, taking office and "
        "being reported in office are three different dates."
    ),
    "Documents and names": N_(
        "The texts that found, change and describe the bodies of migration governance, and what those bodies were "
        "called at which time and in which language."
    ),
    "Figures": N_(
        "Published figures side by side with what can be counted in the graph. Sources that differ all stand, each "
        "with the time it speaks of; a difference is a contradiction only where both speak of the same day."
    ),
    "Votes and money": N_(
        "How States voted on instruments of migration governance, and what organisations received and spent."
    ),
    "Evidence": N_(
        "How well the graph is supported: lists and their completeness, statements that rest on one source, values "
        "that were set aside and why, and what would be lost if a source were withdrawn."
    ),
}
"""What the questions of each group are good for, and what to beware of."""


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
