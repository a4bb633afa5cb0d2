"""The formats a store writes: one key each, the kinds of result it can carry, and the care each one needs."""

import re
from collections.abc import Iterable

import pyoxigraph as ox

from migov import errors
from migov.store.interface import KINDS, Kind

BINDINGS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
# "SPARQL 1.1 Query Results CSV and TSV Formats" (section 1) cover SELECT only: an ASK has no CSV.
BOOLEAN = {key: BINDINGS[key] for key in ("json", "xml")}
GRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
XML = frozenset({"xml", "rdfxml"})
DATASETS = frozenset({"trig", "nquads", "jsonld"})
"""Formats that keep the names of graphs."""

# XML 1.0, production 2: these cannot stand in a document, not even as character references.
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def available(kind: Kind) -> list[str]:
    """Return the keys of the formats that can carry this kind of result."""
    return list({"bindings": BINDINGS, "boolean": BOOLEAN, "graph": GRAPH}[kind])


class Counted:
    """A byte sink that refuses to grow beyond its limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = limit
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        """Keep a copy of ``part``; raises ``ResultTooLarge`` when the whole would outgrow the limit."""
        self._left -= len(part)
        if self._left < 0:
            raise errors.ResultTooLarge(
                f"The result is larger than {self._limit:,} bytes. Ask for fewer rows with LIMIT, or take the dump.",
                limit=self._limit,
                unit="bytes",
            )
        self._parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Do nothing: there is nothing behind the sink."""

    def body(self) -> bytes:
        """Return everything that was written."""
        return b"".join(self._parts)
