"""What points to an entity, counted first: what is many is not read in full but listed apart, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from migov.web import words
from migov.web.reader import Reader

SHORT = 30
"""A group with more members than this is listed apart."""
MOST = 100
"""So many assertions and other things one page reads in full; the largest groups are listed apart first."""
_FIGURES, _MOST_FIGURES = "observedEntity.Observation", 400
"""Figures are compared with each other on the page, so that they are read in full as far as may be."""
_ALWAYS = (  # these have tables of their own whatever their number
    ("actor", "TreatyAction"),
    ("instrument", "TreatyAction"),
    ("agent", "Participation"),
    ("instrument", "Participation"),
)


@dataclass(frozen=True)
class Many:
    """A group of things that point to an entity: by which property, of which class, by country or not."""

    slot: str
    kind: str
    where: str
    count: int

    @property
    def name(self) -> str:
        """The name of the group in addresses: ``observedEntity.Observation``."""
        return ".".join(filter(None, (words.local(self.slot), words.local(self.kind), self.where)))

    @property
    def key(self) -> str:
        """The group as the queries tell it."""
        return " ".join(filter(None, (self.slot, self.kind, self.where)))


@dataclass(frozen=True)
class Census:
    """The groups that are listed apart, the largest first."""

    apart: list[Many]
    base: str

    def find(self, *names: str) -> Many | None:
        """The first group apart with one of these names."""
        return next((many for many in self.apart if many.name in names), None)

    @property
    def keys(self) -> list[str]:
        """What the queries about the rest leave out."""
        always = [f"{self.base}ontology/{slot} {self.base}ontology/{kind}" for slot, kind in _ALWAYS]
        return sorted({*always, *(many.key for many in self.apart)})


def census(reader: Reader, iri: str) -> Census:
    """Count what points to an entity."""
    groups = [
        Many(row["slot"].value, row["class"].value, row["where"].value, int(row["n"].value))
        for row in reader.about("census", iri)
        if "slot" in row
    ]
    return Census(_apart(sorted(groups, key=lambda many: (-many.count, many.name))), reader.base)


def _apart(groups: Iterable[Many]) -> list[Many]:
    found: list[Many] = []
    rest: list[Many] = []
    for many in groups:
        if many.name == _FIGURES and many.count <= _MOST_FIGURES:
            continue
        own = (words.local(many.slot), words.local(many.kind)) in _ALWAYS
        (found if own or many.where or many.count > SHORT else rest).append(many)
    while sum(many.count for many in rest) > MOST:
        found.append(rest.pop(0))
    return found
