"""What tells which release lies in an engine: a small named graph that is taken away first and written last.

A release cannot tell itself: its id is the digest of all its graphs. So beside them lies ``<base>published``:

    <base>published   dcterms:identifier  the id of the release; absent while graphs are being replaced
                      dcterms:modified    when it was put there, so that a second time can be told from the first
                      dcterms:hasPart     each graph that is there, which has
    <a graph>         dcterms:identifier  the digest of its lines; absent where it may be half written
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from migov import errors
from migov.store.rewrite import Places

LEASE: Final = 1.0
"""Seconds for which a look at the marker holds. ``migov publish`` waits longer between taking the marker away and
touching a graph, so whatever is answered within this time of a good look comes from one whole release."""
_DCTERMS: Final = "http://purl.org/dc/terms/"
_IDENTIFIER, _MODIFIED, _PART = (ox.NamedNode(_DCTERMS + name) for name in ("identifier", "modified", "hasPart"))


def places(base: str) -> Places:
    """Where a release of this base lies in an engine."""
    return Places(base + "merged", base + "graph/")


def graph_name(base: str) -> str:
    """The graph of the marker; it is no part of the release."""
    return base + "published"


def question(base: str) -> str:
    """The query for ``?release`` and ``?stamp``; no row where no whole release is there."""
    name = graph_name(base)
    return (
        f"SELECT ?release ?stamp WHERE {{ GRAPH <{name}> {{ "
        f"<{name}> {_IDENTIFIER} ?release . <{name}> {_MODIFIED} ?stamp }} }}"
    )


@dataclass(frozen=True)
class Marker:
    """What the marker says; ``graphs`` maps each graph to its digest, '' where it may be half written."""

    base: str
    release: str = ""
    stamp: str = ""
    graphs: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> bytes:
        """Write the marker as N-Triples, sorted."""
        this = ox.NamedNode(graph_name(self.base))
        triples = [ox.Triple(this, _MODIFIED, ox.Literal(self.stamp))]
        if self.release:
            triples.append(ox.Triple(this, _IDENTIFIER, ox.Literal(self.release)))
        for iri, digest in self.graphs.items():
            triples.append(ox.Triple(this, _PART, ox.NamedNode(iri)))
            if digest:
                triples.append(ox.Triple(ox.NamedNode(iri), _IDENTIFIER, ox.Literal(digest)))
        return "".join(sorted(f"{triple} .\n" for triple in triples)).encode()


def read(base: str, text: bytes) -> Marker:
    """Read a marker in N-Triples or Turtle. Raises ``StoreUnavailable`` for what is none."""
    try:
        triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise errors.StoreUnavailable(f"What the engine says it holds cannot be read: {error}.") from None
    this = ox.NamedNode(graph_name(base))
    said = {(str(triple.subject), triple.predicate): _text(triple.object) for triple in triples}
    parts = [triple.object for triple in triples if triple.predicate == _PART]
    return Marker(
        base,
        said.get((str(this), _IDENTIFIER), ""),
        said.get((str(this), _MODIFIED), ""),
        {_text(part): said.get((str(part), _IDENTIFIER), "") for part in parts},
    )


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
