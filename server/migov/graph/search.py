"""Finds entities by any name or address they have: an SQLite FTS5 index, built with each release, read by web pages.

Nothing here needs the graph at reading time, and no text a person types can be an error of the query language.
"""

import difflib
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from migov.graph.labels import Names
from migov.vocabulary import ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOS

_SCHEMA = """CREATE VIRTUAL TABLE entry USING fts5(
    iri UNINDEXED, label, kind UNINDEXED, preferred UNINDEXED,
    tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4')"""
_NAMES = (
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
    ONTOLOGY + "acronym",
    ONTOLOGY + "symbol",
)
# What an assertion says of the entity that a slot of it names, and how people look for that entity.
_SAID = {
    "name": "named",
    **dict.fromkeys(("streetAddress", "telephone", "fax", "email", "website"), "agent"),
}
_WORD = re.compile(r"[^\W_]+")
_WORDS = 12  # of a search text; what stands after them hardly narrows a search by name
_CANDIDATES = 1000
_LONG, _APART, _LIKE = 30, 3, 0.65  # how long a word may be, and how far from the word that is meant


@dataclass(frozen=True)
class Hit:
    """One entity found: its preferred label, the name that matched, and its class in plain words."""

    iri: str
    label: str
    matched: str
    kind: str


def build(path: Path, store: Store, rename: Callable[[str], str] = str) -> None:
    """Write the index of all names and addresses in ``store`` to ``path``; the same triples give the same bytes.

    Names are kept in Unicode normal form C; ``rename`` turns an IRI of the store into the one the index gives.
    """
    names = Names(store)
    parents = _parents(store)
    rows = {(rename(iri), name, _kind(store, names, parents, iri), names.full(iri)) for iri, name in _entries(store)}
    with closing(sqlite3.connect(path)) as database:
        database.execute(_SCHEMA)
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", sorted(rows))
        database.execute("INSERT INTO entry(entry) VALUES ('optimize')")
        database.commit()
        database.execute("VACUUM")


def _entries(store: Store) -> Iterator[tuple[str, str]]:
    for predicate in _NAMES:
        yield from _texts(store, predicate)
    for iri, label in _texts(store, RDFS_LABEL):
        if iri.startswith(ONTOLOGY):
            yield iri, label
    for said, about in _SAID.items():
        for iri, text in _texts(store, ONTOLOGY + said):
            for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(ONTOLOGY + about), None, None):
                if isinstance(quad.object, NamedNode):
                    yield quad.object.value, text


def _texts(store: Store, predicate: str) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject.value, quad.object.value


def _parents(store: Store) -> dict[str, set[str]]:
    subclass = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    above: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, subclass, None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            above.setdefault(quad.subject.value, set()).add(quad.object.value)
    return above


def _kind(store: Store, names: Names, parents: dict[str, set[str]], iri: str) -> str:
    """Name the most specific class: one of the entity's types that none of its other types is below."""
    quads = store.quads_for_pattern(NamedNode(iri), NamedNode(RDF_TYPE), None, None)
    types = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    wider = {parent for type_ in types for parent in parents.get(type_, ())}
    best = min(types - wider or types, default="")
    return names.full(best) if best else ""


def find(path: Path, text: str, limit: int = 20) -> list[Hit]:
    """Return at most ``limit`` entities with a name in which every word of ``text`` begins some word, best first.

    Case and accents make no difference. A name that is the whole text comes first, then names that begin with it,
    then by the engine's relevance; each entity appears once, under its best name. Any text is fine; one without
    letters or digits finds nothing.
    """
    words = _WORD.findall(_composed(text))[:_WORDS]
    if not words or limit < 1:
        return []
    wanted = _fold(text)
    match = " ".join(f'"{word}"*' for word in words)
    query = """SELECT iri, label, kind, preferred FROM entry WHERE entry MATCH ?
               ORDER BY rank, length(label), label, iri LIMIT ?"""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        rows = database.execute(query, (match, _CANDIDATES)).fetchall()
    hits: dict[str, Hit] = {}
    for iri, label, kind, preferred in sorted(rows, key=lambda row: _closeness(wanted, row[1])):
        hits.setdefault(iri, Hit(iri, preferred, label, kind))
    return list(hits.values())[:limit]


def everything(path: Path) -> list[Hit]:
    """Each entity of the index once, under its preferred label, by IRI."""
    query = "SELECT DISTINCT iri, preferred, preferred, kind FROM entry ORDER BY iri"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        return [Hit(*row) for row in database.execute(query)]


def near(path: Path, text: str) -> str:
    """The text with each word that begins no word of any name replaced by the one most like it; '' if there is none."""
    words = _WORD.findall(_fold(text))[:_WORDS]
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab('main', 'entry', 'row')")
        known = [str(term) for (term,) in database.execute("SELECT term FROM temp.word")]
    found = [_nearest(word[:_LONG], known) for word in words]
    return " ".join(found) if all(found) and found != words else ""


def _nearest(word: str, known: list[str]) -> str:
    if any(term.startswith(word) for term in known):
        return word
    alike = [term for term in known if abs(len(term) - len(word)) <= _APART]
    return next(iter(difflib.get_close_matches(word, alike, 1, _LIKE)), "")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _closeness(wanted: str, label: str) -> int:
    folded = _fold(label)
    if folded == wanted:
        return 0
    return 1 if folded.startswith(wanted) else 2


def _fold(text: str) -> str:
    """Return the text without case, accents and punctuation, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))
