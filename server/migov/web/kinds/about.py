"""What a view of one kind is given, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from migov.web.census import Census
from migov.web.listing import Part
from migov.web.record import Record
from migov.web.site import Site


@dataclass(frozen=True)
class About:
    """The entity that a page is about: what was read of it, on which day, what is listed apart, and where it stands.

    ``path`` is the address of its page without the day asked for, which is ``record.day``.
    """

    here: Site
    record: Record
    known: Census
    part: Part
    path: str


@dataclass(frozen=True)
class Shown:
    """How the page of an entity is put together.

    ``more`` is what the template needs beside what every page has; ``lists`` and ``headings`` name the lists and the
    groups of facts that the view shows itself, so that the page does not show them twice.
    """

    template: str = "entity.html"
    more: Mapping[str, object] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()


View = Callable[[About], Shown]
