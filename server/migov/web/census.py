"""What points to an entity, counted first: what is many is not read in full but listed apart, a page at a time."""

from dataclasses import dataclass

from migov.web import words
from migov.web.reader import Reader

SHORT = 30
"""A group with more members than this is listed apart."""
MOST = 100
"""So many assertions and other things one page reads in full; the largest groups are listed apart first."""
_ALWAYS = (  # these have tables or drawings of their own whatever their number
    ("actor", "TreatyAction"),
    ("instrument", "TreatyAction"),
    ("agent", "Participation"),
    ("instrument", "Participation"),
    ("instrument", "SourceRanking"),
    ("member", "Membership"),
    ("organization", "Membership"),
    ("member", "PostTenure"),
    ("post", "PostTenure"),
    ("organization", "PostTenure"),
    ("part", "Composition"),
    ("whole", "Composition"),
    ("observedEntity", "Observation"),
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


@dataclass(frozen=True)
class Census:
    """The groups that are listed apart, the largest first, and the rest, which an entity's page reads in full."""

    apart: list[Many]
    rest: list[Many]

    def find(self, *names: str) -> Many | None:
        """The first group apart with one of these names."""
        return next((many for many in self.apart if many.name in names), None)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The property and class of each of the rest."""
        return [(many.slot, many.kind) for many in self.rest]


def census(reader: Reader, iri: str) -> Census:
    """Count what points to an entity."""
    groups = [
        Many(row["slot"].value, row["class"].value, row["where"].value, int(row["n"].value))
        for row in reader.about("census", iri)
        if "slot" in row
    ]
    apart: list[Many] = []
    rest: list[Many] = []
    for many in sorted(groups, key=lambda many: (-many.count, many.name)):
        own = (words.local(many.slot), words.local(many.kind)) in _ALWAYS
        (apart if own or many.where or many.count > SHORT else rest).append(many)
    while sum(many.count for many in rest) > MOST:
        apart.append(rest.pop(0))
    return Census(apart, rest)
