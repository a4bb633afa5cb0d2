"""Everything that has a name, in memory: what a name means, what is called how, and what lies below an address."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from migov.graph import search
from migov.graph.search import Hit
from migov.web.site import Site


@dataclass(frozen=True)
class Gazetteer:
    """The named things of a release, by IRI."""

    base: str
    entries: Sequence[Hit]

    @cached_property
    def by_iri(self) -> dict[str, Hit]:
        return {entry.iri: entry for entry in self.entries}

    @cached_property
    def _iris(self) -> list[str]:
        return [entry.iri for entry in self.entries]

    @cached_property
    def _by_label(self) -> dict[str, str]:
        """What each label of an entity means, where it means one thing only."""
        found: dict[str, str] = {}
        for entry in self.entries:
            if entry.iri.startswith(f"{self.base}id/"):
                found[entry.label] = "" if entry.label in found else entry.iri
        return found

    def meant(self, label: str) -> str:
        """The IRI of the one entity with this preferred label; '' where there is none, or more than one."""
        return self._by_label.get(label, "")

    def below(self, start: str) -> list[Hit]:
        """Everything whose IRI begins so, in order."""
        first = bisect_left(self._iris, start)
        return list(self.entries[first : bisect_left(self._iris, start + "\U0010ffff", first)])


def gazetteer(here: Site) -> Gazetteer:
    """The gazetteer of the release that is served, read at the first request that needs it."""
    return here.reader.once("gazetteer", lambda: Gazetteer(here.base, search.everything(Path(here.release.search))))
