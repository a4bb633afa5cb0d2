"""Writes quads in the six formats of a dump: sorted, so that the same graph always gives the same bytes.

Sorting is done on lines of N-Quads, which the engine writes and reads several times as fast as Python compares terms.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from migov import vocabulary
from migov.graph import rebase


@dataclass(frozen=True)
class Format:
    """One way to write RDF; ``graphs`` tells whether it can carry named graphs."""

    rdf: RdfFormat
    graphs: bool
    name: str


FORMATS = {
    "ttl": Format(RdfFormat.TURTLE, False, "Turtle"),
    "nt": Format(RdfFormat.N_TRIPLES, False, "N-Triples"),
    "jsonld": Format(RdfFormat.JSON_LD, False, "JSON-LD"),
    "rdf": Format(RdfFormat.RDF_XML, False, "RDF/XML"),
    "trig": Format(RdfFormat.TRIG, True, "TriG"),
    "nq": Format(RdfFormat.N_QUADS, True, "N-Quads"),
}
_TYPE = b"> <" + vocabulary.RDF_TYPE.encode() + b"> "
_FIRST = b"> \x01 "  # sorts before every predicate; N-Quads writes that character as an escape only


class Dump:
    """A graph to be written: quads of named graphs without blank nodes, moved from the canonical base to ``base``."""

    def __init__(self, quads: Iterable[Quad], base: str = vocabulary.BASE) -> None:
        if isinstance(quads, Store) and base == vocabulary.BASE:
            data = quads.dump(format=RdfFormat.N_QUADS)  # several times as fast
        else:
            data = serialize((rebase.quad(quad, base) for quad in quads), format=RdfFormat.N_QUADS)
        # No line holds another line break than its last byte: those in literals are escaped.
        self.lines = sorted(set((data or b"").splitlines(keepends=True)))
        self._base = base

    def graphs(self) -> dict[str, list[bytes]]:
        """Return the lines of each named graph under its IRI: its canonical form by RDFC-1.0 (section 5)."""
        found: dict[bytes, list[bytes]] = {}
        for line in self.lines:
            found.setdefault(line[line.rindex(b" <") :], []).append(line)
        return {name.decode().strip(" .\n<>"): lines for name, lines in sorted(found.items())}

    def write(self, format: str) -> bytes:
        """Return the graph in one of ``FORMATS``; those without named graphs get the triples of all graphs merged."""
        if format == "nq":
            return b"".join(self.lines)
        if format == "nt":
            return self._merged
        kind = FORMATS[format]
        # TriG is easier to read with one block a graph.
        text = b"".join(map(_readable, self.graphs().values())) if kind.graphs else self._merged
        source = parse(text, format=RdfFormat.N_QUADS if kind.graphs else RdfFormat.N_TRIPLES)
        return serialize(source, format=kind.rdf, prefixes=self._prefixes(text)) or b""

    @cached_property
    def _merged(self) -> bytes:
        return _readable(dict.fromkeys(line[: line.rindex(b" <")] + b" .\n" for line in self.lines))

    def _prefixes(self, text: bytes) -> dict[str, str]:
        """Return the prefixes that some IRI of a text can use."""
        moved = {prefix: rebase.iri(space, self._base) for prefix, space in vocabulary.prefixes().items()}
        return {prefix: space for prefix, space in moved.items() if _names(text, b"<" + space.encode())}


def _names(text: bytes, start: bytes) -> bool:
    return start in text and re.search(re.escape(start) + rb"[^/#>]*>", text) is not None


def _readable(lines: Iterable[bytes]) -> bytes:
    """Join lines, sorted but for the class of each subject, which comes first."""
    marked = sorted(line.replace(_TYPE, _FIRST, 1) for line in lines)
    return b"".join(marked).replace(_FIRST, _TYPE)


def write(quads: Iterable[Quad], format: str, base: str = vocabulary.BASE) -> bytes:
    """Return quads in one of ``FORMATS``, as ``Dump`` writes them, moved to ``base``."""
    return Dump(quads, base).write(format)
