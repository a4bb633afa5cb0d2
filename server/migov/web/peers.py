"""How the other States of a State's region stand towards each treaty, so that it can be compared with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migov.web.reader import Reader
from migov.web.record import Record
from migov.web.regions import regions

_LEAST = 4
"""Of fewer other States in a region nobody can tell what is usual; then the larger region is taken."""


@dataclass(frozen=True)
class Peers:
    """The region, how many other States are in it, and how many of them are party to each treaty."""

    region: str
    others: int
    parties: Mapping[str, int]

    def mostly(self, treaty: str) -> bool:
        """Whether more than half of the others are party."""
        return 2 * self.parties.get(treaty, 0) > self.others

    def rarely(self, treaty: str) -> bool:
        """Whether fewer than half of the others are party."""
        return 2 * self.parties.get(treaty, 0) < self.others


def peers(record: Record) -> Peers | None:
    """The other States of the region on the day asked about; None where the region is not known."""
    return record.kept("peers", lambda: _peers(record))


def _peers(record: Record) -> Peers | None:
    known = regions(record.reader)
    region = known.of.get(record.iri, "")
    if region and len(known.states[region]) <= _LEAST:
        region = known.around.get(region, region)
    others = [state for state in known.states.get(region, ()) if state != record.iri]
    if not others:
        return None
    count = _on(record.reader, others, record.day) if record.day else _now(record.reader, others)
    return Peers(region, len(others), count)


def _now(reader: Reader, states: Sequence[str]) -> dict[str, int]:
    return {row["treaty"].value: int(row["n"].value) for row in reader.rows_of("parties-among", states)}


def _on(reader: Reader, states: Sequence[str], day: str) -> dict[str, int]:
    bound: dict[str, set[str]] = defaultdict(set)
    for row in reader.rows_of("periods-among", states):
        if row["last"].value <= day and not ("end" in row and row["end"].value < day):
            bound[row["treaty"].value].add(row["node"].value)
    return {treaty: len(parties) for treaty, parties in bound.items()}
