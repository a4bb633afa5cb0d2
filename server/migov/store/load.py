"""Load a release into memory, so that its default graph is a true merge of the named ones."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from migov import errors

if TYPE_CHECKING:
    from migov.store.remote import Remote


class Graph(NamedTuple):
    """A loaded graph, the SHA-256 of its file, and whether its default graph holds the merge of the named ones.

    Where there is an ``engine`` the graph lies there instead, and ``store`` is empty.
    """

    store: ox.Store
    generation: str
    merged: bool
    engine: "Remote | None" = None


def load(path: Path) -> Graph:
    """Load sorted N-Quads. Raises ``DataError``.

    The engine's union of graphs counts a triple once for each graph that holds it, whereas a merge holds it once
    (SPARQL 1.1, 13.1). So where a triple stands in two graphs the merge is stored, as the default graph; where none
    does, which the build strives for, that memory is saved.
    """
    store = ox.Store()
    try:
        generation, distinct = _survey(path)
        store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise errors.DataError(f"Not N-Quads: {error.msg}", file=path.name, line=error.lineno) from None
    except OSError as error:
        raise errors.DataError(f"Cannot be read: {error.strerror}.", file=path.name) from None
    outside = any(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    if outside or not distinct:
        store.bulk_extend(ox.Quad(*quad.triple) for quad in list(store))
    return Graph(store, generation, outside or not distinct)


def _survey(path: Path) -> tuple[str, bool]:
    """Return the SHA-256 of a sorted file, and whether no triple stands in it twice."""
    digest = hashlib.sha256()
    distinct, before = True, b""
    with path.open("rb") as file:
        for line in file:
            digest.update(line)
            triple = line.rpartition(b" <")[0]
            distinct = distinct and triple != before
            before = triple
    return digest.hexdigest(), distinct
