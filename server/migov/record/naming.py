"""Reads former and other names with their years from one cell, as a curator writes them."""

import re
from calendar import month_name
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from migov.graph.dates import DAY, MONTH, YEAR
from migov.vocabulary import XSD

_MONTHS = list(month_name)[1:]
_PRINTED = r"\d{4}(?:-\d{2}){0,2}|\d{1,2} [A-Z][a-z]+ \d{4}"
_NAME = re.compile(r"(?P<name>.+?)(?: \((?P<hint>[^()]*)\))?")
_HINTS = (
    re.compile(rf"(?P<start>{_PRINTED}) to (?P<end>{_PRINTED})"),
    re.compile(r"(?P<start>\d{4})-(?P<end>\d{4})"),
    re.compile(rf"until (?P<end>{_PRINTED})"),
    re.compile(rf"(?:name )?since (?P<start>{_PRINTED})"),
    re.compile(r"(?P<seen>\d{4})"),
    re.compile(r"(?P<other>(?:(?P<acronym>[A-Z][A-Za-z-]*); )?other names?)"),
)


@dataclass(frozen=True)
class Name:
    """A name that a body had or has beside its present one: when, as far as it is told, and its short form."""

    text: str
    start: Literal | None = None
    end: Literal | None = None
    seen: Literal | None = None
    other: bool = False
    acronym: str = ""


def date(printed: str) -> Literal:
    """Return a printed date (1952-11-15, 1980-11, 1996, 21 March 1996) as precise as it is."""
    if " " in printed:
        number, month, year = printed.split()
        printed = f"{year}-{_MONTHS.index(month) + 1:02}-{int(number):02}"
    return Literal(printed, datatype=NamedNode({10: DAY, 7: MONTH, 4: YEAR}.get(len(printed), XSD + "string")))


def former(cell: str) -> list[Name]:
    """Return the names in a cell: divided by semicolons outside brackets, a hint of time in brackets behind each.

    ``A (1951-12-05 to 1952-11-15); B (until 21 March 1996); C (1996); D (other name); later E (since 2017)``. A
    hint that stands behind the last of several names, *other names*, is for all of them. ValueError for other hints.
    """
    found = [_name(part.strip().removeprefix("later ")) for part in re.split(r";\s*(?![^()]*\))", cell) if part.strip()]
    if found and found[-1].other and "other names)" in cell:
        found = [Name(name.text, other=True) for name in found]
    return found


def _name(part: str) -> Name:
    match = _NAME.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is no name")
    text, hint = match["name"], match["hint"]
    if hint is None:
        return Name(text)
    for form in _HINTS:
        if told := form.fullmatch(hint):
            said = told.groupdict()
            dates = {slot: date(said[slot]) for slot in ("start", "end", "seen") if said.get(slot)}
            return Name(text, **dates, other=bool(said.get("other")), acronym=said.get("acronym") or "")
    if re.search(r"\d", hint):
        raise ValueError(
            f"{hint!r} tells no time of a name: write it as in A (1951 to 1953), (until 1996), (since 2017)"
        )
    return Name(part)
