"""The documents that rows are taken from: described in a table of their own, kept in the graph, cited by evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import tables
from migov.record.evidence import Term, day, digest, text, triples
from migov.record.keys import iri, slug, term
from migov.record.tables import Column, Layout, Problems, Row
from migov.record.writing import Files

LAYOUT = Layout(
    "sources",
    "Descriptions of sources",
    (
        Column("source_id", "short key, or the address of the page, as the table of facts has it", True),
        Column("title", "what the document is called", True),
        Column("publisher", "who answers for it"),
        Column("tier", "depositary, primary, official, secondary, tertiary, doubtful or none", True),
        Column("issued", "the day, month or year whose state it shows"),
        Column("retrieved", "the day on which it was read, YYYY-MM-DD", True),
        Column("licence", "what is known of its licence"),
        Column("how_read", "whole, in part, by hand …"),
        Column("url", "where it was found; several addresses are divided by ' | '"),
        Column("language", "language of the names in it, such as fr; empty means en"),
        Column("also", "other words by which tables cite it, divided by ' | '"),
        Column("note", "what to beware of"),
    ),
)
TIERS = {tier: tier for tier in ("depositary", "primary", "official", "secondary", "tertiary", "doubtful", "none")}
_CONFIDENCE = {"depositary": "high", "primary": "high", "official": "high", "secondary": "medium"}
_READ_ON, _LANGUAGE = term("mgo:readOn").value, term("dcterms:language").value
_TIER, _TABLE_KEY, _PAGE = (term(name).value for name in ("mgo:sourceTier", "mgo:tableKey", "foaf:page"))


@dataclass(frozen=True)
class Source:
    """A document as evidence needs it: its IRI, the language of its names, the day it was read, its tier."""

    document: NamedNode
    language: str
    retrieved: str
    tier: str

    @property
    def confidence(self) -> str:
        """How surely it supports a fact that it states in full: a code of the scheme ``confidence``."""
        return _CONFIDENCE.get(self.tier, "low")


class Sources:
    """The sources that rows may name: those of the graph, those just described, and addresses met in rows.

    New ones go to ``sources/<name>``; a name begins with ``documents``.
    """

    def __init__(self, files: Files, name: str) -> None:
        self._files = files
        self._name = f"sources/{name}"
        self._known: dict[NamedNode, Source] = {}
        self._aliases: dict[str, NamedNode] = {}
        self._pages: dict[str, set[NamedNode]] = {}
        self._homes: dict[object, str] = {}  # the file that describes a document
        for known in files.named("sources/documents*"):
            self._homes.update((triple.subject, known) for triple in files.read(known))
            self._learn(files.read(known))

    def describe(self, path: Path) -> None:
        """Take in a table of descriptions, each in the file that has it already; TableRefused lists what is wrong."""
        table = tables.read(path, LAYOUT)
        told = [triple for row in table for triple in _describe(row, table.problems)]
        table.problems.refuse()
        for triple in told:
            self._homes.setdefault(triple.subject, self._name)
        for home in sorted(set(map(self._homes.__getitem__, {triple.subject for triple in told}))):
            here = {triple for triple in told if self._homes[triple.subject] == home}
            subjects = {triple.subject for triple in here}
            self._files.replace(home, {t for t in self._files.read(home) if t.subject not in subjects} | here)
        self._learn(told)

    def find(self, source_id: str) -> Source | None:
        """Return the source that a table names, or None when nothing describes it."""
        return self._known.get(self._aliases.get(source_id) or document(source_id))

    def of(self, document: NamedNode) -> Source:
        """Return the source that a document is; KeyError for one that nothing describes."""
        return self._known[document]

    def page(self, url: str, as_of: Literal | None, retrieved: str, *, tier: str = "secondary") -> Source:
        """Return the source at an address, which describes itself by host and path where no table did.

        The state of a page at another time is another document; a page of no stated time is the one document that a
        table described at this address, whatever key it has.
        """
        found = self._known.get(node := document(f"{url} {as_of.value}" if as_of else url)) or self.find(url)
        if found is None and as_of is None and len(described := self._pages.get(url, set())) == 1:
            found = self._known[next(iter(described))]
        if found:
            return found
        self._add(triples(node, "mgo:Document", _page(url, as_of, retrieved, tier)))
        return self._known[node]

    def _add(self, told: list[Triple]) -> None:
        self._files.put(self._name, told)
        self._learn(told)

    def _learn(self, told: Iterable[Triple]) -> None:
        slots: dict[NamedNode, dict[str, str]] = {}
        for triple in told:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                slots.setdefault(triple.subject, {})[triple.predicate.value] = triple.object.value
                if triple.predicate.value == _TABLE_KEY:
                    self._aliases[triple.object.value] = triple.subject
                elif triple.predicate.value == _PAGE:
                    self._pages.setdefault(triple.object.value, set()).add(triple.subject)
        for node, said in slots.items():
            if _READ_ON in said:
                tier = said.get(_TIER, "none").rpartition("/")[2]
                self._known[node] = Source(node, said.get(_LANGUAGE, "en"), said[_READ_ON], tier)


def document(source_id: str) -> NamedNode:
    """Return the IRI of the document that a source id (a short key or an address) stands for."""
    return iri("document", f"source-{digest(source_id) if '://' in source_id else slug(source_id)}")


def addresses(cell: str) -> list[str]:
    """Return the addresses in a cell, which ' | ', '; ' or blanks divide."""
    return [part for part in cell.replace(" | ", " ").replace("; ", " ").split() if tables.is_address(part)]


def _describe(row: Row, problems: Problems) -> list[Triple]:
    tier = tables.code(row, "tier", TIERS, problems) or "none"
    issued, read_on = tables.moment(row, "issued", problems), tables.moment(row, "retrieved", problems)
    if read_on is not None and not read_on.datatype.value.endswith("#date"):
        problems.add(row, "retrieved is not a day, YYYY-MM-DD")
    slots: list[tuple[str, Term | None]] = [
        ("skos:prefLabel", text(row["title"], "en")),
        ("mgo:sourceTier", term(f"source-tier:{tier}")),
        ("dcterms:publisher", text(row["publisher"]) if row["publisher"] else None),
        ("dcterms:issued", issued),
        ("mgo:readOn", read_on),
        ("dcterms:license", text(row["licence"]) if row["licence"] else None),
        ("mgo:howRead", text(row["how_read"]) if row["how_read"] else None),
        ("dcterms:language", text(row["language"]) if row["language"] else None),
        ("skos:editorialNote", text(row["note"], "en") if row["note"] else None),
        *(("mgo:tableKey", text(words)) for words in filter(None, row["also"].split(" | "))),
        *(("foaf:page", NamedNode(url)) for url in addresses(row["url"])),
    ]
    return triples(document(row["source_id"]), "mgo:Document", slots)


def _page(url: str, as_of: Literal | None, retrieved: str, tier: str) -> list[tuple[str, Term | None]]:
    place = urlsplit(url)
    path = place.path if len(place.path) <= 60 else f"…{place.path[-60:]}"
    label = f"{place.netloc.removeprefix('www.')}{path.rstrip('/')}" + (f" ({as_of.value})" if as_of else "")
    return [
        ("skos:prefLabel", text(label, "en")),
        ("mgo:sourceTier", term(f"source-tier:{tier}")),
        ("dcterms:issued", as_of),
        ("mgo:readOn", day(retrieved)),
        ("foaf:page", NamedNode(url)),
    ]
