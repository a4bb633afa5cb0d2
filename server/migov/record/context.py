"""What every kind of import works with: the files, what the graph knows, the sources, and the account of rows."""

from dataclasses import dataclass
from pathlib import Path

from migov.record.keys import Register
from migov.record.ledger import Ledger
from migov.record.sources import Sources
from migov.record.writing import Files


@dataclass(frozen=True)
class Context:
    """One run of an import over a graphs folder; nothing is written before ``files.save()``."""

    graphs: Path
    files: Files
    register: Register
    sources: Sources
    ledger: Ledger
    replace: bool = False  # the table stands for all rows of its kind, and earlier ones are forgotten


def open_graphs(graphs: Path, kind: str, *, replace: bool = False) -> Context:
    """Return the context of an import of one kind; new sources go to ``graphs/sources/documents-<kind>.ttl``."""
    files = Files(graphs)
    return Context(graphs, files, Register(graphs), Sources(files, f"documents-{kind}"), Ledger(kind), replace)
