"""Load a release into memory, so that its default graph is a true merge of the named ones."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import pairwise
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

    def prime(self) -> None:
        """Write to all that queries write to, in a process that shares its memory with others.

        The engine counts who holds each quad, so the first look at one copies its page; a process that has looked at
        all of them answers as fast as one that shares nothing, and takes two thirds of the graph's memory more.
        """
        self.store.query("SELECT (COUNT(*) AS ?quads) { GRAPH ?g { ?s ?p ?o } }")


def load(path: Path) -> Graph:
    """Load sorted N-Quads, such as a build writes. Raises ``DataError``.

    The engine's union of graphs counts a triple once for each graph that holds it, whereas a merge holds it once
    (SPARQL 1.1, 13.1). So where a triple stands in two graphs the merge is stored, as the default graph; where none
    does, which the build strives for, that memory is saved.
    """
    store = ox.Store()
    with ThreadPoolExecutor(1) as beside:  # the engine parses without the interpreter
        try:
            data = path.read_bytes()
            survey = beside.submit(_survey, data)
            # In bulk it would take more memory and no less time.
            store.load(data, format=ox.RdfFormat.N_QUADS, lenient=True)
        except SyntaxError as error:
            raise errors.DataError(f"Not N-Quads: {error.msg}", file=path.name, line=error.lineno) from None
        except OSError as error:
            raise errors.DataError(f"Cannot be read: {error.strerror}.", file=path.name) from None
        generation, distinct = survey.result()
    outside = any(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    if outside or not distinct:
        store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return Graph(store, generation, outside or not distinct)


def _survey(data: bytes) -> tuple[str, bool]:
    """Return the SHA-256 of sorted lines, and whether no triple stands in them twice."""
    triples = (line.rpartition(b" <")[0] for line in BytesIO(data))
    return hashlib.sha256(data).hexdigest(), all(one != other for one, other in pairwise(triples))
