"""The order in which sources are believed, treaty by treaty: data, in ``graphs/sources/authority.ttl``."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from migov.errors import DataError
from migov.record.keys import term
from migov.record.writing import Files

FILE = "sources/authority"


@dataclass(frozen=True)
class Place:
    """The place of one source among those of a treaty, 1 first, and why."""

    position: int
    reason: str


Places = dict[tuple[NamedNode, NamedNode], Place]


def read(files: Files) -> Places:
    """Return the place of each treaty and source; DataError when two sources of a treaty share one."""
    slots: dict[str, dict[str, NamedNode | Literal]] = {}
    for triple in files.read(FILE):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            slots.setdefault(triple.subject.value, {})[triple.predicate.value] = triple.object
    names = [term(f"mgo:{name}").value for name in ("instrument", "rankedSource", "position", "rankingReason")]
    places: Places = {}
    taken: set[tuple[NamedNode, int]] = set()
    for node in sorted(slots):
        treaty, source, position, reason = (slots[node].get(name) for name in names)
        if not isinstance(treaty, NamedNode) or not isinstance(source, NamedNode) or not position or not reason:
            raise DataError(f"{node} lacks an instrument, a source, a position or a reason", file=f"{FILE}.ttl")
        if (treaty, int(position.value)) in taken:
            raise DataError(f"{node} has the position of another source of its treaty", file=f"{FILE}.ttl")
        taken.add((treaty, int(position.value)))
        places[treaty, source] = Place(int(position.value), reason.value)
    return places
