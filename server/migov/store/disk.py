"""Graphs too large for memory: an index on disk beside the file, which each child opens for itself, to read only.

An index is made once, in a process of its own, since what loading takes is not given back. Run as
``-m migov.store.disk FILE SHA-256`` to make one.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from migov import errors
from migov.store import seal
from migov.store.survey import distinct

_NOT_HERE: Final = (
    "So large a graph is served on Linux only (x86-64, ARM64): raise MIGOV_MEMORY_QUADS to hold it in memory."
)
_WHOLE: Final = "whole.json"
"""The file that an index gets last: it says of which file it is, and whether it holds the merge of its graphs."""


def index_of(file: Path) -> Path:
    """Where the index of an N-Quads file lies."""
    return file.with_name(f"{file.name}.index")


def ready(file: Path, generation: str) -> tuple[Path, bool]:
    """The index of a file with this SHA-256, made where there is none, and whether it holds a merge.

    Raises ``DataError`` where the file is no N-Quads, the index cannot be written beside it, or this machine has no way
    to keep queries that may open files from opening sockets.
    """
    if not seal.possible():
        raise errors.DataError(_NOT_HERE, file=file.name)
    index = index_of(file)
    known = _known(index)
    if known.get("generation") != generation:
        command = [sys.executable, "-m", "migov.store.disk", str(file), generation]
        made = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
        known = _known(index)
        if made.returncode or known.get("generation") != generation:
            why = made.stdout.strip() or "The index on disk could not be made."
            raise errors.DataError(why, file=file.name)
    return index, bool(known["merged"])


def _known(index: Path) -> dict[str, object]:
    try:
        known: dict[str, object] = json.loads((index / _WHOLE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return known


def make(file: Path, generation: str) -> None:
    """Make the index of a file; raises OSError and SyntaxError. Whoever is killed leaves none that is used."""
    with tempfile.TemporaryDirectory(prefix=f"{file.name}.index-", dir=file.parent) as folder:
        store = ox.Store(folder)
        store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS, lenient=True)
        default = any(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        merged = default or not distinct(file)
        if merged:
            store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in _quads(file))
        store.optimize()
        store.flush()
        del store  # which closes it
        (Path(folder) / _WHOLE).write_text(json.dumps({"generation": generation, "merged": merged}), "utf-8")
        index = index_of(file)
        shutil.rmtree(index, ignore_errors=True)
        Path(folder).rename(index)
        Path(folder).mkdir()  # for its removal


def _quads(file: Path) -> Iterator[ox.Quad]:
    return ox.parse(path=file, format=ox.RdfFormat.N_QUADS, lenient=True)


def main(arguments: list[str]) -> int:
    """Make an index; 1, with the reason on standard output, where that cannot be."""
    file, generation = arguments
    try:
        make(Path(file), generation)
    except SyntaxError as error:
        print(f"Not N-Quads: {error.msg}")
    except OSError as error:
        print(f"The index on disk cannot be made: {error}. Make its folder writable, or raise MIGOV_MEMORY_QUADS.")
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
