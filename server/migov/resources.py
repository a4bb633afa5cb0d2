"""Where the ontology, graphs, shapes and queries lie: beside ``server/`` in a checkout, inside the wheel otherwise."""

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
FOLDERS = ("ontology", "graphs", "shapes", "queries")


@dataclass(frozen=True)
class Resources:
    """The four folders that a build reads, below one root."""

    root: Path

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def graphs(self) -> Path:
        return self.root / "graphs"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        return self.root / "queries"

    @property
    def files(self) -> list[Path]:
        """Every input file of a build, in one fixed order."""
        found = (p for folder in FOLDERS for p in (self.root / folder).rglob("*"))
        return sorted(p for p in found if p.suffix in {".ttl", ".rq", ".jsonld"})


def default() -> Resources:
    """The resources this installation came with."""
    packaged = _PACKAGE / "resources"
    return Resources(packaged if packaged.is_dir() else _PACKAGE.parent.parent)


def is_checkout() -> bool:
    """Tell a checkout (releases live beside the sources) from an installed wheel."""
    return not (_PACKAGE / "resources").is_dir()
