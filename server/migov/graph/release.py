"""Releases: immutable folders that a build leaves behind, and the one link that says which is served.

releases/<first 16 digits of the id>/   graph.nq  migov.{ttl,nt,jsonld,rdf,trig}  validation.ttl
                                        search.sqlite  answers.json  answers.sqlite  manifest.json
releases/current                        symbolic link to one of them, swapped in one step
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from migov.errors import NoRelease
from migov.graph import inputs
from migov.resources import Resources

GRAPH_FILE, SEARCH_FILE, REPORT_FILE, ANSWERS_FILE = "graph.nq", "search.sqlite", "validation.ttl", "answers.json"
EACH_FILE = "answers.sqlite"
_MANIFEST, _CURRENT = "manifest.json", "current"
_NAME_LENGTH = 16


@dataclass(frozen=True)
class GraphEntry:
    """One named graph of a release: the input file it comes from (None when the build made it), hash and size."""

    iri: str
    file: str | None
    sha256: str
    quads: int


@dataclass(frozen=True)
class Manifest:
    """What a release is made of. ``created`` is the dataset's own date; no clock enters a release."""

    id: str
    created: str
    base: str
    as_of: str
    inputs: str
    quads: int
    graphs: tuple[GraphEntry, ...]
    tools: Mapping[str, str]
    counts: Mapping[str, int]

    def as_json(self) -> str:
        """Return the text of ``manifest.json``: members in alphabetical order, ``as_of`` as ``asOf``."""
        members = asdict(self)
        members["asOf"] = members.pop("as_of")
        return json.dumps(members, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Release:
    """A release on disk."""

    path: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """The SHA-256 of ``graph.nq`` in hex."""
        return self.manifest.id

    @property
    def graph(self) -> Path:
        """The whole graph as sorted N-Quads."""
        return self.path / GRAPH_FILE

    @property
    def search(self) -> Path:
        """The index that ``migov.graph.search.find`` reads."""
        return self.path / SEARCH_FILE

    @property
    def report(self) -> Path:
        """The SHACL validation report in Turtle."""
        return self.path / REPORT_FILE

    @property
    def answers(self) -> Path:
        """The rows of the pages' queries that the build has answered; missing in old releases."""
        return self.path / ANSWERS_FILE

    @property
    def each(self) -> Path:
        """The rows of those queries that the build has answered for each entity; missing in old releases."""
        return self.path / EACH_FILE

    def dump(self, format: str) -> Path:
        """Return the file with the whole graph in a format of ``migov.graph.export.FORMATS``."""
        return self.graph if format == "nq" else self.path / f"migov.{format}"


def current(releases: Path) -> Release:
    """Return the release that is served; NoRelease when there is none, or one this version cannot read."""
    path = (releases / _CURRENT).resolve()
    try:
        members: dict[str, Any] = json.loads((path / _MANIFEST).read_text("utf-8"))
        members["as_of"] = members.pop("asOf")
        members["graphs"] = tuple(GraphEntry(**entry) for entry in members["graphs"])
        return Release(path, Manifest(**members))
    except FileNotFoundError as error:
        raise NoRelease(f"There is no release in {releases} yet: run `migov build`.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoRelease(f"{path / _MANIFEST} is not a manifest of this version: run `migov build`.") from error


def is_fresh(releases: Path, resources: Resources) -> bool:
    """Tell whether the current release was made from exactly these input files by exactly these tools."""
    try:
        return current(releases).manifest.inputs == inputs.digest(resources)
    except NoRelease:
        return False


def install(folder: Path, manifest: Manifest, releases: Path) -> Release:
    """Move a finished ``folder`` (inside ``releases``) to its name and make it the current release.

    A release of the same id holds the same graph; its other files may come from other tools, and are replaced one by
    one, the manifest last, so that a server that reads the folder always finds whole files.
    """
    (folder / _MANIFEST).write_text(manifest.as_json(), "utf-8")
    target = releases / manifest.id[:_NAME_LENGTH]
    if target.is_dir():
        for file in sorted(folder.iterdir(), key=lambda path: path.name == _MANIFEST):
            file.replace(target / file.name)
    else:
        folder.rename(target)
    link = releases / f".{_CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    link.replace(releases / _CURRENT)
    return Release(target, manifest)
