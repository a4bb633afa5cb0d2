"""What a view of one kind is given, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from migov.web import lists, rivals
from migov.web.census import Census
from migov.web.facts import Facts, facts
from migov.web.listing import Listing, Part
from migov.web.reader import Node
from migov.web.record import Detail, Record
from migov.web.site import Site


@dataclass(frozen=True)
class About:
    """The entity that a page is about: what was read of it, its facts, its long lists, its figures.

    ``path`` is the address of its page without the day asked for, which is ``record.day``. Facts and lists are made
    when a view, or the page after it, asks for them: what a view reads besides must be read before.
    """

    here: Site
    record: Record
    known: Census
    part: Part
    path: str
    counted: Sequence[Node] = ()

    @cached_property
    def facts(self) -> Facts:
        """The assertions about the entity as facts."""
        return facts(self.record)

    @cached_property
    def rivalries(self) -> Sequence[rivals.Rivalry]:
        """Where sources differ on the entity."""
        return rivals.rivalries(self.record, self.counted)

    @cached_property
    def lists(self) -> Sequence[Listing]:
        """Every long list about the entity."""
        return lists.lists(self.record, self.known, self.part, counted=self.counted)

    def lists_but(self, unread: frozenset[str]) -> Sequence[Listing]:
        """Every long list but some, which are not even read."""
        if not unread:
            return self.lists
        return lists.lists(self.record, self.known, self.part, counted=self.counted, without=unread)

    def listed(self, name: str) -> Listing | None:
        """The long list with a name, if there is one."""
        return next((listed for listed in self.lists if listed.name == name), None)


@dataclass(frozen=True)
class Shown:
    """How the page of an entity is put together.

    ``more`` is what the template needs beside what every page has. ``lists``, ``facts`` (see ``Fact.name``) and
    ``properties``, those of the entity or by which others point to it, name what the view shows itself, so that the
    page does not show it twice; ``unread`` are lists that need not be made at all, for nothing is told of their
    numbers either.
    """

    template: str = "entity.html"
    more: Mapping[str, object] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    def left(self, details: Sequence[Detail]) -> list[Detail]:
        """The properties that the view does not show."""
        return [detail for detail in details if detail.name not in self.properties]


View = Callable[[About], Shown]
