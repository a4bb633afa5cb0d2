"""Merges triples into the files of ``graphs/``: canonical Turtle, and all files or none."""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, parse

from migov.errors import DataError
from migov.graph import turtle

_STAGED = ".import-"


@contextmanager
def alone(graphs: Path) -> Iterator[None]:
    """Keep other imports away from a graphs folder; DataError when one is at work there."""
    folder = os.open(graphs, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(folder)
        raise DataError("another import is at work here: try again when it is done", file=str(graphs)) from error
    try:
        yield
    finally:
        os.close(folder)


class Files:
    """The files of a graphs folder as an import leaves them; ``save`` writes what changed.

    A file is named as its graph is, below ``graphs/`` and without ending: ``relations/treaty-actions/icrmw``.
    """

    def __init__(self, graphs: Path) -> None:
        self._graphs = graphs
        self._before: dict[str, frozenset[Triple]] = {}
        self._after: dict[str, set[Triple]] = {}

    def read(self, name: str) -> set[Triple]:
        """Return the triples of a file as they will be; empty for a file that is not there yet."""
        if name not in self._after:
            self._before[name] = frozenset(_parse(self._path(name)))
            self._after[name] = set(self._before[name])
        return self._after[name]

    def named(self, pattern: str) -> list[str]:
        """Return the names of the files there are that match a pattern such as ``sources/documents*``."""
        paths = self._graphs.glob(f"{pattern}.ttl")
        return sorted(path.relative_to(self._graphs).with_suffix("").as_posix() for path in paths)

    def put(self, name: str, triples: Iterable[Triple]) -> None:
        """Add triples to a file."""
        self.read(name).update(triples)

    def replace(self, name: str, triples: Iterable[Triple]) -> None:
        """Make a file say just this."""
        self.read(name)
        self._after[name] = set(triples)

    @property
    def changed(self) -> list[str]:
        """The files that ``save`` would write, by name."""
        return sorted(name for name, triples in self._after.items() if triples != self._before[name])

    def save(self) -> list[str]:
        """Write the files that changed and return their names; when one cannot be written none is changed.

        A file that says nothing any more is removed.
        """
        for left in self._graphs.rglob(f"{_STAGED}*"):  # by an import that was killed
            left.unlink(missing_ok=True)
        staged: list[tuple[Path, Path]] = []
        emptied: list[Path] = []
        try:
            for name in self.changed:
                path = self._path(name)
                if not self._after[name]:
                    emptied.append(path)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, place = tempfile.mkstemp(dir=path.parent, prefix=_STAGED)
                staged.append((Path(place), path))
                with os.fdopen(handle, "wb") as file:
                    file.write(turtle.serialise(self._after[name]))
                Path(place).chmod(0o644)
            names = self.changed
            for place_, path in staged:
                place_.replace(path)
            for path in emptied:
                path.unlink(missing_ok=True)
        finally:
            for place_, _ in staged:
                place_.unlink(missing_ok=True)
        self._before.update({name: frozenset(self._after[name]) for name in names})
        return names

    def _path(self, name: str) -> Path:
        return self._graphs / f"{name}.ttl"


def _parse(path: Path) -> list[Triple]:
    if not path.exists():
        return []
    try:
        found = list(parse(path.read_bytes(), format=RdfFormat.TURTLE))
    except SyntaxError as error:
        raise DataError(f"this is not Turtle: {error.msg}", file=str(path), line=error.lineno) from error
    return [Triple(t.subject, t.predicate, t.object) if isinstance(t, Quad) else t for t in found]
