"""The regions of the world as the United Nations count them, and the States in each: read once for a release."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migov.web.reader import Reader


@dataclass(frozen=True)
class Regions:
    """By State its region, by region the larger one around it, and by region of either kind its States."""

    of: Mapping[str, str]
    around: Mapping[str, str]
    states: Mapping[str, Sequence[str]]

    @property
    def large(self) -> list[str]:
        """The regions that lie in no other."""
        return sorted(self.states.keys() - self.around.keys())

    def within(self, region: str) -> list[str]:
        """The regions in a larger one."""
        return sorted(small for small, large in self.around.items() if large == region)


def regions(reader: Reader) -> Regions:
    """The regions of a release."""
    return reader.once("regions", lambda: _read(reader), worded=False)


def _read(reader: Reader) -> Regions:
    of: dict[str, str] = {}
    around: dict[str, str] = {}
    states: dict[str, list[str]] = defaultdict(list)
    for row in reader.rows("state-regions"):
        state, region = row["state"].value, row["region"].value
        of[state] = region
        states[region].append(state)
        if "around" in row:
            around[region] = row["around"].value
            states[row["around"].value].append(state)
    return Regions(of, around, dict(states))
