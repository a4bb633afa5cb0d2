"""Load a release, so that its default graph is a true merge of the named ones."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from migov import errors
from migov.settings import DEFAULTS
from migov.store import disk, survey

if TYPE_CHECKING:
    from migov.store.remote import Remote


_LARGE = 2_000_000
"""Quads; the memory of a primed process is some 250 bytes for each."""


class Graph(NamedTuple):
    """A loaded graph, the SHA-256 of its file, and whether its default graph holds the merge of the named ones.

    Where there is an ``engine`` the graph lies there instead, and ``store`` is empty; where there is a ``folder``, it
    lies on disk, and ``store`` is empty until ``opened``.
    """

    store: ox.Store
    generation: str
    merged: bool
    engine: "Remote | None" = None
    folder: Path | None = None
    large: bool = False

    def opened(self) -> "Graph":
        """The same graph for a process that has just been forked: threads of the engine do not outlive that."""
        return self._replace(store=ox.Store.read_only(str(self.folder))) if self.folder else self

    def prime(self) -> None:
        """Write to all that queries write to, in a process that shares its memory with others.

        The engine counts who holds each quad, so the first look at one copies its page; a process that has looked at
        all of them answers as fast as one that shares nothing, and takes two thirds of the graph's memory more. That is
        too much for a ``large`` graph, whose processes copy what they come across.
        """
        if not self.large:
            self.store.query("SELECT (COUNT(*) AS ?quads) { GRAPH ?g { ?s ?p ?o } }")


def load(path: Path, most: float = DEFAULTS["memory_quads"]) -> Graph:
    """Load sorted N-Quads, such as a build writes; where they are more than ``most``, from an index on disk.

    The engine's union of graphs counts a triple once for each graph that holds it, whereas a merge holds it once
    (SPARQL 1.1, 13.1). So where a triple stands in two graphs the merge is stored, as the default graph; where none
    does, which the build strives for, that memory is saved. Raises ``DataError``.
    """
    try:
        quads = survey.quads(path)
        if quads > most:
            generation = survey.digest(path)
            folder, merged = disk.ready(path, generation)
            return Graph(ox.Store(), generation, merged, folder=folder, large=True)
        return _in_memory(path)._replace(large=quads > _LARGE)
    except SyntaxError as error:
        raise errors.DataError(f"Not N-Quads: {error.msg}", file=path.name, line=error.lineno) from None
    except OSError as error:
        raise errors.DataError(f"Cannot be read: {error.strerror}.", file=path.name) from None


def _in_memory(path: Path) -> Graph:
    store = ox.Store()
    with ThreadPoolExecutor(1) as beside:  # the engine parses without the interpreter
        distinct = beside.submit(survey.distinct, path)
        generation = beside.submit(survey.digest, path)
        # In bulk it would take more memory and no less time.
        store.load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
    merged = not distinct.result() or any(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    if merged:
        store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return Graph(store, generation.result(), merged)
