"""Finds what a table names: table keys become IRIs by one rule, or by ``mgo:tableKey`` on the entity.

The rule: lower case, every run of other characters than letters and digits becomes a hyphen (``IOM-CONSTITUTION`` is
``doc:iom-constitution``); States keep the capitals of their ISO code. An entity that the graph has under another key
says so with ``mgo:tableKey``.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from migov import vocabulary
from migov.errors import DataError
from migov.vocabulary import ID, ONTOLOGY, RDF_TYPE

TABLE_KEY = ONTOLOGY + "tableKey"
_RUN = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return a key made of lower-case letters, digits and hyphens; accents are dropped."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _RUN.sub("-", plain).strip("-")


def iri(kind: str, key: str) -> NamedNode:
    """Return the IRI that the rule gives for a key of a kind (org, state, document, relation …)."""
    return NamedNode(f"{ID}{kind}/{key if kind == 'state' else slug(key)}")


@cache
def term(short: str) -> NamedNode:
    """Return the IRI of a shortened name such as ``mgo:date`` or ``rank:normal``; KeyError for an unknown prefix."""
    prefix, _, local = short.partition(":")
    return NamedNode(vocabulary.prefixes()[prefix] + local)


class Register:
    """Every entity and source document of a graphs folder, by key."""

    def __init__(self, graphs: Path) -> None:
        self._types: dict[str, set[str]] = {}
        self._aliases: dict[tuple[str, str], NamedNode] = {}
        for folder in ("entities", "sources"):
            for path in sorted((graphs / folder).rglob("*.ttl")):
                if folder == "entities" or path.stem.startswith("documents"):
                    self.learn(_parse(path))

    def learn(self, triples: Iterable[Triple | Quad]) -> None:
        """Take note of entities: those in the files, and those that an import is about to write."""
        for triple in triples:
            subject, value = triple.subject, triple.object
            if not isinstance(subject, NamedNode) or not subject.value.startswith(ID):
                continue
            if triple.predicate.value == RDF_TYPE and isinstance(value, NamedNode):
                self._types.setdefault(subject.value, set()).add(value.value)
            elif triple.predicate.value == TABLE_KEY and isinstance(value, Literal):
                kind = subject.value.removeprefix(ID).partition("/")[0]
                self._aliases[kind, value.value] = subject

    def find(self, kind: str, key: str) -> NamedNode | None:
        """Return the entity that a table means by ``key``, or None when the graph has none.

        ``kind`` may name several kinds, divided by blanks: the first that has the key is taken.
        """
        for one in kind.split():
            if (one, key) in self._aliases:
                return self._aliases[one, key]
            if key and (found := iri(one, key)).value in self._types:
                return found
        return None

    def types(self, entity: NamedNode) -> set[str]:
        """Return the class IRIs of an entity; empty for one that is unknown."""
        return self._types.get(entity.value, set())


def _parse(path: Path) -> Iterable[Triple | Quad]:
    try:
        return list(parse(path.read_bytes(), format=RdfFormat.TURTLE))
    except SyntaxError as error:
        raise DataError(f"this is not Turtle: {error.msg}", file=str(path), line=error.lineno) from error
