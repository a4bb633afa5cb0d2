"""Reads what a table says in a few words about the fate of a body: renamed, replaced, ended, and when."""

import re
from dataclasses import dataclass

from pyoxigraph import Literal

from migov.record.naming import date

_DATE = r"(?P<date>\d{4}(?:-\d{2}){0,2}|\d{1,2} [A-Z][a-z]+ \d{4})"
_FORMS = (
    ("renaming", re.compile(rf"renamed {_DATE}")),
    ("dissolution", re.compile(rf"(?:abolished|ended) {_DATE}")),
    ("suspension", re.compile(rf"suspended operations {_DATE}")),
    ("replacement", re.compile(rf"(?:replaced by|became) (?:the )?(?P<by>.+?)(?: in {_DATE})?")),
)


@dataclass(frozen=True)
class Fate:
    """What happened to a body: a code of change-type, the date where it is told, and what came in its place."""

    change: str
    date: Literal | None
    by: str


def fate(status: str) -> Fate | None:
    """Return what a status says, None for an empty one; ValueError for words that tell no fate.

    ``renamed 1980-11``, ``ended 1951``, ``abolished 2013-11-21``, ``suspended operations 1 November 1995``,
    ``replaced by the SCPF``, ``became the Global Migration Group in 2006``.
    """
    if not status:
        return None
    for change, form in _FORMS:
        if match := form.fullmatch(status):
            said = match.groupdict()
            return Fate(change, date(said["date"]) if said.get("date") else None, said.get("by") or "")
    raise ValueError(
        f"status {status!r} tells no fate: write renamed, replaced by, became, abolished or ended, and when"
    )
