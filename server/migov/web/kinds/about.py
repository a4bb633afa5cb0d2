"""What a view of one kind is given, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from migov.web.census import Census
from migov.web.facts import Facts
from migov.web.listing import Listing
from migov.web.record import Detail, Record
from migov.web.site import Site


@dataclass(frozen=True)
class About:
    """The entity that a page is about: what was read of it, its facts, and its long lists.

    ``path`` is the address of its page without the day asked for, which is ``record.day``.
    """

    here: Site
    record: Record
    known: Census
    facts: Facts
    lists: Sequence[Listing]
    path: str

    def listed(self, name: str) -> Listing | None:
        """The long list with a name, if there is one."""
        return next((listed for listed in self.lists if listed.name == name), None)


@dataclass(frozen=True)
class Shown:
    """How the page of an entity is put together.

    ``more`` is what the template needs beside what every page has. ``lists``, ``facts`` (see ``Fact.name``) and
    ``properties``, those of the entity or by which others point to it, name what the view shows itself, so that the
    page does not show it twice.
    """

    template: str = "entity.html"
    more: Mapping[str, object] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()

    def left(self, details: Sequence[Detail]) -> list[Detail]:
        """The properties that the view does not show."""
        return [detail for detail in details if detail.name not in self.properties]


View = Callable[[About], Shown]
