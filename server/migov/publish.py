"""``migov publish``: put a release into another engine, graph by graph, over the SPARQL 1.1 Graph Store Protocol.

Every graph goes under its own name, and the merge of all under one more, since engines differ in what they take as
their default graph. Graphs that are there already are left, graphs that are gone are removed; the marker says which.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from contextlib import closing
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import groupby
from urllib.parse import quote

from migov import errors
from migov.graph.release import Release
from migov.store import marker
from migov.store.engine import Address, Connection, Response, login
from migov.store.marker import LEASE, Marker, graph_name, places
from migov.store.remote import Remote

_CHUNK = 8 * 2**20
_HELD = 64 * 2**20
"""Bytes of one request, and of all lines that wait for theirs."""
_SECONDS = 600.0
_TRIPLES = "application/n-triples"
_DONE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})
Progress = Callable[[int, int], None]


def publish(
    release: Release, url: str, *, again: bool = False, only_mark: bool = False, progress: Progress = lambda *_: None
) -> int:
    """Make the engine hold a release, and return how many graphs were written or removed.

    ``url`` is its Graph Store Protocol endpoint. ``again`` writes every graph, ``only_mark`` none, for those that have
    been loaded by other means. ``progress`` gets the bytes read of those of the whole. What fails half way leaves no
    marker, so that nobody serves it, and is mended by doing it again. Raises ``StoreUnavailable`` and ``BadRequest``.
    """
    with closing(_Graphs(url)) as engine:
        return _publish(release, engine, again, only_mark, progress)


def _publish(release: Release, engine: "_Graphs", again: bool, only_mark: bool, progress: Progress) -> int:
    base = release.manifest.base
    wanted = {entry.iri: entry.sha256 for entry in release.manifest.graphs} | {places(base).merged: release.id}
    strays = [iri for iri in wanted if not iri.startswith((places(base).graphs, places(base).merged))]
    if strays:
        raise errors.BadRequest(f"The graph {strays[0]} is not below {places(base).graphs}: nobody would find it.")
    held = engine.marker(base)
    if held.release == release.id and not again:
        return 0
    known = {} if again else held.graphs
    changed = {iri for iri, digest in wanted.items() if not digest or known.get(iri) != digest}
    gone = set(held.graphs) - set(wanted)
    touched = set() if only_mark else changed | gone
    stamp = datetime.now(UTC).isoformat()
    half = {iri: "" if iri in touched else digest for iri, digest in {**held.graphs, **wanted}.items()}
    engine.replace(graph_name(base), Marker(base, "", stamp, half).text())
    if touched:
        time.sleep(LEASE * 1.5 if held.release else 0)  # what is under way may end before a graph changes
        for iri in sorted(gone):
            engine.remove(iri)
        engine.write(changed, release, progress)
    engine.replace(graph_name(base), Marker(base, release.id, stamp, wanted).text())
    return len(touched)


def verify(release: Release, url: str) -> None:
    """See that a SPARQL endpoint holds a release, graph by graph. Raises ``StoreUnavailable`` where it does not."""
    with closing(Remote(url, release.id, release.manifest.base)) as engine:
        graphs, merged = engine.count()
    for entry in release.manifest.graphs:
        if graphs.pop(entry.iri, 0) != entry.quads:
            raise errors.StoreUnavailable(f"{url} does not hold the graph {entry.iri} whole: {_PUBLISH}")
    for iri in graphs:
        raise errors.StoreUnavailable(f"{url} holds a graph that is no part of the release, {iri}: {_PUBLISH}")
    if merged != (expected := _distinct(release)):
        raise errors.StoreUnavailable(f"{url} holds {merged:,} triples in the merge, not {expected:,}: {_PUBLISH}")


def _distinct(release: Release) -> int:
    """The number of triples of a release, one that stands in two graphs counted once."""
    with release.graph.open("rb") as file:
        return sum(1 for _ in groupby(line.rpartition(b" <")[0] for line in file))


class _Graphs:
    """The graphs of an engine, over one connection."""

    def __init__(self, url: str) -> None:
        self._address = Address.of(url)
        self._connection = Connection(self._address, login(self._address.host), _SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def marker(self, base: str) -> Marker:
        """Read the marker; one without a release where there is none."""
        response = self._ask("GET", graph_name(base), {HTTPStatus.OK, HTTPStatus.NOT_FOUND})
        return marker.read(base, response.body if response.status == HTTPStatus.OK else b"")

    def replace(self, iri: str, triples: bytes) -> None:
        """Make a graph hold these triples and no others (Graph Store Protocol, 5.3)."""
        self._ask("PUT", iri, _DONE, triples)

    def add(self, iri: str, triples: bytes) -> None:
        """Add triples to a graph (5.5)."""
        self._ask("POST", iri, _DONE, triples)

    def remove(self, iri: str) -> None:
        """Remove a graph, if it is there (5.4)."""
        self._ask("DELETE", iri, {*_DONE, HTTPStatus.ACCEPTED, HTTPStatus.NOT_FOUND})

    def write(self, graphs: set[str], release: Release, progress: Progress) -> None:
        """Replace graphs by those of a release, in as few requests as their bounded size allows."""
        begun: set[str] = set()
        for iri, triples in _portions(graphs, release, progress):
            (self.add if iri in begun else self.replace)(iri, triples)
            begun.add(iri)

    def _ask(self, method: str, iri: str, expected: Set[HTTPStatus], body: bytes = b"") -> Response:
        path = self._address.path
        path += ("&" if "?" in path else "?") + "graph=" + quote(iri, safe="")
        headers = {"Accept": f"{_TRIPLES}, text/turtle;q=0.9" if method == "GET" else "*/*"}
        if body:
            headers["Content-Type"] = _TRIPLES
        response = self._connection.send(method, path, headers, body)
        if response.status in expected:
            return response
        if response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise errors.StoreUnavailable(f"{self._address} does not let us write: {_LOGIN}")
        told = " ".join(response.body[:2000].decode("utf-8", "replace").split())[:200]
        raise errors.StoreUnavailable(f"{self._address} answered {response.status} to {method} of graph {iri}: {told}")


_PUBLISH = "run `migov publish --again`."
_LOGIN = "set MIGOV_STORE_USER and MIGOV_STORE_PASSWORD, or add the host to your .netrc."


def _portions(graphs: set[str], release: Release, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Read a release once; give lines of the graphs and of the merge as N-Triples, a portion at a time."""
    merged = places(release.manifest.base).merged
    waiting: dict[str, list[bytes]] = defaultdict(list)
    sizes: dict[str, int] = defaultdict(int)
    total = release.graph.stat().st_size
    read, before = 0, b""
    with release.graph.open("rb") as file:
        for line in file:
            triple, _, name = line.rpartition(b" <")
            read += len(line)
            iris = [name[: name.rindex(b">")].decode()] + [merged] * (triple != before)
            before = triple
            for iri in graphs.intersection(iris):
                waiting[iri].append(triple + b" .\n")
                sizes[iri] += len(triple) + 3
                if sizes[iri] > _CHUNK or sum(sizes.values()) > _HELD:
                    largest = max(sizes, key=sizes.__getitem__)
                    progress(read, total)
                    sizes.pop(largest)
                    yield largest, b"".join(waiting.pop(largest))
    for iri in sorted(waiting):
        yield iri, b"".join(waiting[iri])
    progress(total, total)
