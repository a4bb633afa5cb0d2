"""Remembers what was found out about unchanged input, so that a check after a small change is short.

A note is kept under a digest of everything that it depends on; so it can be missing, and never wrong. The notes lie
beside the releases (``.cache/validation.sqlite``) and are no part of them: delete the folder whenever you like.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(".cache") / "validation.sqlite"
_KEPT = 5  # runs that a note outlives its last use
_SCHEMA = "CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, run INTEGER NOT NULL, value TEXT NOT NULL)"


def digest(parts: Iterable[str | bytes]) -> str:
    """Return the SHA-256 over parts, each kept apart from the next."""
    sums = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sums.update(f"{len(data)} ".encode() + data)
    return sums.hexdigest()


def code(*modules: str) -> str:
    """Return a digest over the text of modules beside this one and the versions of the libraries they rest on."""
    texts = [(Path(__file__).parent / f"{name}.py").read_bytes() for name in modules]
    return digest([*texts, *(version(name) for name in ("pyoxigraph", "pyshacl", "rdflib", "oxrdflib"))])


class Memory:
    """Notes that outlive the process when ``releases`` is a folder; without one, nothing is remembered."""

    def __init__(self, releases: Path | None = None) -> None:
        self._path = releases / FILE if releases else None
        self._old: dict[str, str] = self._read() if self._path and self._path.is_file() else {}
        self._used: set[str] = set()
        self._new: dict[str, str] = {}

    @property
    def keeps(self) -> bool:
        """Whether what is noted will be found again by a later run."""
        return self._path is not None

    def recall(self, key: str) -> Any:
        """Return what was noted under ``key``; None when nothing was."""
        text = self._new.get(key) or self._old.get(key)
        if text is None:
            return None
        self._used.add(key)
        return json.loads(text)

    def note(self, key: str, value: Any) -> None:
        """Note a JSON value."""
        if self._path:
            self._new[key] = json.dumps(value, ensure_ascii=False)

    def save(self) -> None:
        """Write what is new and forget what the last runs did not use; a file that is damaged is made anew."""
        if not self._path:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._write(self._path)
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            self._write(self._path)

    def _read(self) -> dict[str, str]:
        try:
            with closing(sqlite3.connect(str(self._path))) as notes:
                return dict(notes.execute("SELECT key, value FROM note"))
        except sqlite3.DatabaseError:
            return {}

    def _write(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as notes:
            notes.execute(_SCHEMA)
            run = 1 + (notes.execute("SELECT max(run) FROM note").fetchone()[0] or 0)
            notes.executemany("UPDATE note SET run = ? WHERE key = ?", ((run, key) for key in self._used))
            rows = ((key, run, value) for key, value in self._new.items())
            notes.executemany("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", rows)
            notes.execute("DELETE FROM note WHERE run < ?", (run - _KEPT,))
            notes.commit()
