"""What validation finds: one record for shapes and checks alike, its place in the files, and the nearest known name."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode

from migov import vocabulary

SEVERITIES = ("Violation", "Warning", "Info")  # gravest first, as SHACL names them (SHACL 1.0, 2.1.4)
_IRI = re.compile(r"https?://[^\s<>\"{}|^`]*[\w/]")

Term = NamedNode | Literal | BlankNode
OWN = "urn:migov:own:"
"""What the class of those instances that a chunk is to check begins with, in the graph and shapes pySHACL sees."""


@dataclass(frozen=True)
class Result:
    """One thing found: ``shape`` and ``path`` are IRIs, ``focus`` an IRI or blank node label.

    ``component`` is the kind of condition that failed (SHACL 1.0, 3.6.2.6); that of a check is a query.
    ``file`` is a path below the root of the checkout, ``line`` counts from 1, and ``suggestion`` is the nearest known
    name where the found one looks like a slip.
    """

    severity: str
    shape: str
    focus: str
    path: str | None
    value: Term | None
    message: str
    file: str | None = None
    line: int | None = None
    suggestion: str | None = None
    component: str = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"


class Outline(Protocol):
    """What homes are found by: the subjects of a file, each with its classes."""

    @property
    def types(self) -> Mapping[str, Sequence[str]]: ...


class File(Protocol):
    """What placing a result needs of a parsed file."""

    @property
    def path(self) -> object: ...
    @property
    def outline(self) -> Outline: ...
    @property
    def text(self) -> str: ...


class Places:
    """Finds file and line of a result in files written by the canonical writer (one subject a block)."""

    def __init__(self, files: Iterable[File]) -> None:
        self.files = {str(file.path): file for file in files}
        self._lines: dict[str, dict[str, int]] = {}

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """Subject to the file that says its class, or else the first that mentions it."""
        homes: dict[str, str] = {}
        typed: dict[str, str] = {}
        for name, file in self.files.items():
            for subject, types in file.outline.types.items():
                (typed if types else homes).setdefault(subject, name)
        return homes | typed

    def home(self, subject: str) -> str | None:
        """Return the name of the file that describes a node; None when no file does."""
        return self._homes.get(subject)

    def line(self, name: str, subject: str, path: str | None) -> int | None:
        """Return the line of a property of a node, or else of the node; None when the text does not show it."""
        text = self.files[name].text
        if name not in self._lines:
            starts = enumerate(text.splitlines(), 1)
            self._lines[name] = {line.split(" ", 1)[0]: n for n, line in starts if line[:1] not in ("", " ", "@", "#")}
        start = next((self._lines[name][form] for form in _forms(subject) if form in self._lines[name]), None)
        if start is None or path is None:
            return start
        forms = ("a",) if path == vocabulary.RDF_TYPE else _forms(path)
        for number, line in enumerate(text.splitlines()[start - 1 :], start):
            words = line.split()
            if any(form in words[:2] for form in forms):
                return number
            if line.endswith(" ."):
                break
        return start

    def place(self, found: Result) -> Result:
        """Return the result with the file and line that it speaks of, as far as they are known."""
        name = found.file or self.home(found.focus)
        if name is None or name not in self.files:
            return found
        line = self.line(name, found.focus, found.path)
        return Result(**{**vars(found), "file": name, "line": line})


def _forms(iri: str) -> tuple[str, str]:
    return vocabulary.compact(iri), f"<{iri}>"


def key(node: object) -> str:
    """Return the name by which results speak of a node: an IRI as it is, anything else as N-Triples writes it."""
    return node.value if isinstance(node, NamedNode) else str(node)


def nearest(iri: str, known: Iterable[str]) -> str | None:
    """Return the known IRI most like ``iri``, shortened, when it is near enough to be what was meant."""
    names = {vocabulary.compact(name) for name in known} - {vocabulary.compact(iri)}
    return next(iter(difflib.get_close_matches(vocabulary.compact(iri), sorted(names), n=1, cutoff=0.8)), None)


def readable(message: str) -> str:
    """Return a message with its IRIs shortened to prefixed names."""
    return _IRI.sub(lambda match: vocabulary.compact(match[0]), message)


def order(found: Result) -> tuple[object, ...]:
    """Sort key: gravest first, then by file, line, node and shape, so that a report is the same every time."""
    grave = SEVERITIES.index(found.severity)
    return (grave, found.file or "~", found.line or 0, found.focus, found.shape, found.path or "", str(found.value))
