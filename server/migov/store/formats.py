"""The formats a store writes: one key each, the kinds of result it can carry, and the care each one needs."""

import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from migov import errors
from migov.store.interface import Kind

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BINDINGS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
# "SPARQL 1.1 Query Results CSV and TSV Formats", section 1, covers SELECT only: an ASK has no CSV.
BOOLEAN = {key: BINDINGS[key] for key in ("json", "xml")}
GRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
DATASETS = frozenset({"trig", "nquads"})
"""Formats in which a description keeps the names of graphs."""

_XML = frozenset({"xml", "rdfxml"})
_WITHOUT_XML = {"xml": ["json"], "rdfxml": [key for key in GRAPH if key != "rdfxml"]}
# XML 1.0, production 2: these cannot stand in a document, not even as character references.
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# Namespaces in XML, production 7: the engine writes a tag without local name where a property has none.
_NO_NAME = re.compile(rb"<[^\s<>/]*:[\s/>]")
_DECLARATION = re.compile(rb"@prefix ([^:]*): <[^>]*> \.\n")
_PREFIX_USED = re.compile(rb"(?<![\w:.-])([A-Za-z][\w-]*):(?!//)")
_QUOTED = re.compile(rb'"[^"]*+"')
_TIDY_UP_TO = 2**18
_Triples = Iterable[ox.Triple] | Iterable[ox.Quad]


def available(kind: Kind) -> list[str]:
    """Return the keys of the formats that can carry this kind of result."""
    return list(GRAPH if kind == "graph" else BOOLEAN if kind == "boolean" else BINDINGS)


class Counted(io.BytesIO):
    """A buffer that refuses to grow beyond its limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, part: "ReadableBuffer", /) -> int:
        """Append ``part``; raises ``ResultTooLarge`` when the whole would outgrow the limit."""
        written = super().write(part)
        if self.tell() > self._limit:
            raise errors.ResultTooLarge(
                f"The result is larger than {self._limit:,} bytes. Ask for fewer rows with LIMIT, or take the dump.",
                limit=self._limit,
                unit="bytes",
            )
        return written


def write_solutions(result: ox.QuerySolutions | ox.QueryBoolean, key: str, limit: int) -> bytes:
    """Write the rows of a SELECT or the answer of an ASK; raises ``ResultTooLarge`` and ``Unserialisable``."""
    sink = Counted(limit)
    result.serialize(sink, BINDINGS[key])
    return _finished(sink.getvalue(), key)


def is_even(body: bytes, columns: int) -> bool:
    """Tell whether each line of CSV has so many cells: the engine does not quote an IRI that holds a comma."""
    bare = _QUOTED.sub(b"", body) if b'"' in body else body
    return bare.count(b",") == bare.count(b"\r\n") * max(columns - 1, 0)


def write_csv(result: ox.QuerySolutions, limit: int) -> bytes:
    """Write rows as CSV cell by cell, many times slower than the engine; raises ``ResultTooLarge``."""
    sink = Counted(limit)
    names = [variable.value for variable in result.variables]
    sink.write(",".join(names).encode() + b"\r\n")
    for solution in result:
        sink.write(",".join(_cell(solution[name]) for name in names).encode() + b"\r\n")
    return sink.getvalue()


def _cell(term: object) -> str:
    text = "" if term is None else term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
    return '"{}"'.format(text.replace('"', '""')) if any(char in text for char in '",\r\n') else text


def write_graph(triples: _Triples, key: str, limit: int, prefixes: Mapping[str, str]) -> bytes:
    """Write triples or quads; raises ``ResultTooLarge`` and ``Unserialisable``."""
    sink = Counted(limit)
    ox.serialize(triples, sink, GRAPH[key], prefixes=dict(prefixes))
    return _finished(sink.getvalue(), key)


def _finished(body: bytes, key: str) -> bytes:
    if key in _XML:
        if _NO_XML.search(body):
            raise _not_in(key, "The result holds control characters, which XML 1.0 cannot carry.")
        if key == "rdfxml" and _NO_NAME.search(body):
            raise _not_in(key, "A property of the result ends in no XML name, so RDF/XML cannot carry it.")
        # XML 1.0, 2.11: a parser reads a bare carriage return as a line feed, so it is written as a reference.
        return body.replace(b"\r", b"&#xD;")
    if key in ("turtle", "trig") and len(body) <= _TIDY_UP_TO:
        return _tidy(body)
    return body


def _not_in(key: str, why: str) -> errors.Unserialisable:
    others = _WITHOUT_XML[key]
    return errors.Unserialisable(f"{why} Ask for {others[0]} instead.", available=others)


def _tidy(body: bytes) -> bytes:
    """Drop the declarations of prefixes that a short document does not use."""
    end = max((match.end() for match in _DECLARATION.finditer(body)), default=0)
    used = set(_PREFIX_USED.findall(body, end))
    return _DECLARATION.sub(lambda match: match[0] if match[1] in used else b"", body[:end]) + body[end:]
