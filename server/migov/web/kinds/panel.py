"""The panel of key facts on top of a page: lines that read like other facts, made from the lists below it."""

from collections.abc import Sequence

from migov.web import dealings
from migov.web.facts import Fact, Group
from migov.web.record import Record, Value


def line(main: Value | Sequence[Value], when: str = "", href: str | None = None, note: str = "") -> Fact:
    """A line made of values, words after them, a link to the statement itself, and a note."""
    values = [main] if isinstance(main, Value) else list(main)
    return Fact(values, [], when, [], href, notes=[note] if note else [])


def groups(*found: tuple[str, Sequence[Fact]]) -> list[Group]:
    """The lines under their headings; a heading without any is left out."""
    return [Group(heading, list(facts)) for heading, facts in found if facts]


def properties(record: Record, *slots: str) -> list[Value]:
    """The values of properties of the entity itself, of the first property first."""
    return [record.value(term) for slot in slots for term in record.found.entity.all(slot)]


def shown_day(record: Record) -> str:
    """The day that the page tells of: the one asked about, else the one for which the graph knows the present."""
    return record.day or dealings.read(record).as_of
