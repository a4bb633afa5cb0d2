"""A release that lies in another engine, asked over the SPARQL 1.1 Protocol.

A child of the store process holds one of these, so that deadline, memory and hanging up are the kernel's business as
ever, and client text is parsed there and nowhere else. What is sent to the engine was answered here before, over an
empty graph: so every mistake in a query, every refusal and every format are those of the local store.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from migov import errors, queries
from migov.store import bind, describe, formats
from migov.store.engine import Address, Connection, Response, login
from migov.store.evaluate import evaluate
from migov.store.interface import Answer, Dataset, Kind
from migov.store.load import Graph
from migov.store.marker import LEASE, places, question
from migov.store.rewrite import rewrite, string
from migov.store.terms import Term
from migov.store.verdict import unreadable, verdict
from migov.vocabulary import BASE, ONTOLOGY, XSD, prefixes

_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples, text/turtle;q=0.9"
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_RAW = 8  # an engine's text may be so many times as long as what is made of it
_BATCH = 200
_STAR = re.compile(r"select\s+(?:distinct\s+|reduced\s+)?\*", re.IGNORECASE)
_EVIDENCE = ox.NamedNode(ONTOLOGY + "evidence")
_BOOLEAN = ox.NamedNode(XSD + "boolean")
_TRUTH = {"1": "true", "0": "false"}
_EMPTY = Graph(ox.Store(), "", False)


class Remote:
    """A way to one release in one engine, for one thread; it opens when first asked, so it may be made before a fork.

    ``opening`` makes what is entered while sockets are needed. Raises ``BadRequest`` for an URL that is none.
    """

    def __init__(self, url: str, release: str, base: str) -> None:
        self.opening: Callable[[], AbstractContextManager[None]] = nullcontext
        self._address = Address.of(url)
        self._connection = Connection(self._address, login(self._address.host))
        self._release = release
        self._base = base
        self._stamp: str | None = None
        self._looked = float("-inf")
        self._virtuoso = False

    def query(
        self,
        text: str,
        accepted: Mapping[Kind, str | None],
        *,
        dataset: Dataset,
        base: str | None = None,
        bindings: Mapping[str, Term],
        result_bytes: int,
    ) -> Answer:
        """Answer a query as ``Store.query`` promises."""
        common: dict[str, Any] = {"dataset": dataset, "base": base, "prefixes": prefixes(base or self._base)}
        judged = evaluate(_EMPTY, text, accepted, bindings=bindings, result_bytes=result_bytes, **common)
        columns: list[str] = []
        if judged.kind == "bindings" and _STAR.search(text):
            limit = result_bytes * _RAW
            seen = evaluate(_EMPTY, text, {"bindings": "json"}, bindings=bindings, result_bytes=limit, **common)
            columns = json.loads(seen.body)["head"]["vars"]
        placed, left = bind.place(text, bind.substitutions(bindings))
        values = {variable.value: _term(value) for variable, value in left.items()}
        with self.opening(), self._one_release():
            asked = rewrite(
                placed, places(self._base), values=values, columns=columns, virtuoso=self._virtuoso, **common
            )
            if asked.about is not None:
                triples = self._described(asked.text, asked.named, asked.about, result_bytes)
                body = formats.write_graph(triples, judged.format, result_bytes, prefixes())
            elif judged.kind == "graph":
                triples = self._graph(asked.text, result_bytes)
                body = formats.write_graph(triples, judged.format, result_bytes, prefixes())
            else:
                body = formats.write_solutions(self._solutions(asked.text, result_bytes), judged.format, result_bytes)
        return Answer(judged.kind, judged.format, body)

    def absent(self, iris: Iterable[str]) -> list[str]:
        """Those of a few IRIs that stand in no triple."""
        block = f"VALUES ?s {{ {' '.join(f'<{iri}>' for iri in iris)} }}"
        with self.opening(), self._one_release():
            return [row["s"].value for row in self._rows(self._text("absent").replace("VALUES ?s {}", block), 2**16)]

    def describe(self, iri: str, key: str, result_bytes: int) -> bytes:
        """Describe an entity as ``Store.describe`` promises."""
        try:
            entity = ox.NamedNode(iri)
        except ValueError:
            raise errors.NoSuchEntity(f"“{iri}” is not an IRI.") from None
        with self.opening(), self._one_release():
            quads = self._gathered(entity, result_bytes)
        return describe.write(quads, iri, key, result_bytes, prefixes())

    def look(self) -> str:
        """Read the stamp of the marker; raises ``StoreUnavailable`` where it does not speak of our release."""
        began = time.monotonic()
        rows = self._solutions(question(self._base), 2**16)
        found = (
            [] if isinstance(rows, ox.QueryBoolean) else [(row["release"].value, row["stamp"].value) for row in rows]
        )
        if [release for release, _ in found] != [self._release]:
            holds = f"release {found[0][0][:12]}" if found else "no whole release"
            told = f"The engine behind this server holds {holds}, not {self._release[:12]}: it may be changing now."
            raise errors.StoreUnavailable(told)
        self._looked = began
        self._stamp = found[0][1]
        return self._stamp

    def ready(self) -> None:
        """Raise ``StoreUnavailable`` unless the engine holds the release now."""
        with self.opening():
            self.look()

    def count(self) -> tuple[dict[str, int], int]:
        """Return how many triples each graph of the release has in the engine, and how many their merge has."""
        with self._one_release():
            graphs = self._rows("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", 2**24)
            counted = {row["g"].value: int(row["n"].value) for row in graphs}
            merged = [int(row["n"].value) for row in self._rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", 2**16)]
        return counted, merged[0]

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        self._connection.close()

    @contextmanager
    def _one_release(self) -> Iterator[None]:
        """See to it that what is asked inside comes from one whole release; raises ``StoreUnavailable`` otherwise."""
        before = self._fresh()
        yield
        if self._fresh() != before:
            raise errors.StoreUnavailable("The release was published anew meanwhile: ask again.")

    def _fresh(self) -> str:
        return self._stamp if self._stamp and time.monotonic() - self._looked < LEASE else self.look()

    def _gathered(self, entity: ox.NamedNode, limit: int) -> set[ox.Quad]:
        """Collect what ``describe.gather`` does, in four rounds of questions."""
        text, _ = bind.place(self._text("assertions"), {ox.Variable("entity"): entity})
        subjects = {row["s"] for row in self._rows(text, limit)} | {entity}
        quads = self._of_each("nodes", subjects, limit)
        if not any(quad.subject == entity for quad in quads):
            raise errors.NoSuchEntity(f"Nothing is said of <{entity.value}>.")
        quads |= self._of_each(
            "nodes", {quad.object for quad in quads if quad.predicate == _EVIDENCE} - subjects, limit
        )
        return quads | self._of_each("names", {q.object for q in quads} - {q.subject for q in quads}, limit)

    def _of_each(self, name: str, nodes: Iterable[object], limit: int) -> set[ox.Quad]:
        iris = sorted(str(node) for node in nodes if isinstance(node, ox.NamedNode))
        quads: set[ox.Quad] = set()
        for start in range(0, len(iris), _BATCH):
            block = f"VALUES ?s {{ {' '.join(iris[start : start + _BATCH])} }}"
            rows = self._rows(self._text(name).replace("VALUES ?s {}", block), limit)
            quads |= {ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows}
        return quads

    def _text(self, name: str) -> str:
        return queries.text(f"remote/{name}.rq").replace(BASE, self._base)

    def _rows(self, text: str, limit: int) -> Iterable[Mapping[str, Any]]:
        """The solutions of a SELECT of our own; every variable of these has a value."""
        asked = rewrite(text, places(self._base), dataset=Dataset(), values={}, prefixes={}, virtuoso=self._virtuoso)
        rows = self._solutions(asked.text, limit)
        assert isinstance(rows, ox.QuerySolutions)  # as it is a SELECT
        names = [variable.value for variable in rows.variables]
        return ({name: row[name] for name in names} for row in rows)

    def _described(self, text: str, named: Iterable[str], about: tuple[str, str], limit: int) -> list[ox.Triple]:
        """Describe as the local engine does: all triples with the resource as their subject."""
        found = list(named)
        if text:
            rows = self._solutions(text, limit)
            assert isinstance(rows, ox.QuerySolutions)
            found += sorted({str(term) for row in rows for term in row if isinstance(term, ox.NamedNode)})
        batches = (found[start : start + _BATCH] for start in range(0, len(found), _BATCH))
        triples = {triple for batch in batches for triple in self._graph(" ".join(batch).join(about), limit)}
        return sorted(triples, key=str)

    def _solutions(self, text: str, limit: int) -> ox.QuerySolutions | ox.QueryBoolean:
        response = self._ask(text, _JSON, limit)
        try:
            body = _with_booleans(response.body) if b"#boolean" in response.body else response.body
            result = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
            if isinstance(result, ox.QuerySolutions):  # look at it all before any of it is used
                rows = sum(1 for _ in result)
                _refuse_cut(response, rows)
                result = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise unreadable(response, error) from None
        return result

    def _graph(self, text: str, limit: int) -> list[ox.Triple]:
        """The triples of a CONSTRUCT, sorted, since each engine has an order of its own."""
        response = self._ask(text, _TRIPLES, limit)
        try:
            triples = {_with_boolean(quad.triple) for quad in ox.parse(response.body, ox.RdfFormat.TURTLE)}
        except (SyntaxError, ValueError) as error:
            raise unreadable(response, error) from None
        _refuse_cut(response, len(triples))
        return sorted(triples, key=str)

    def _ask(self, text: str, accept: str, limit: int) -> Response:
        headers = {"Accept": accept, "Content-Type": _FORM}
        body = urlencode({"query": text}).encode()
        try:
            response = self._connection.send("POST", self._address.path, headers, body, limit * _RAW)
        except errors.ResultTooLarge as error:
            raise errors.ResultTooLarge(error.detail, limit=limit, unit="bytes") from None
        self._virtuoso = response.headers.get("server", "").startswith("Virtuoso")
        if problem := verdict(response, accept):
            raise problem
        return response


def _term(value: object) -> str:
    """Write a value as every engine reads it."""
    if not isinstance(value, ox.Literal):
        return str(value)
    if value.language:
        return f"{string(value.value)}@{value.language}"
    return f"{string(value.value)}^^{value.datatype}"


def _refuse_cut(response: Response, rows: int) -> None:
    """Refuse a result that the engine has cut at a limit of its own (Virtuoso says so in a header)."""
    most = response.headers.get("x-sparql-maxrows", "")
    if most.isdigit() and rows >= int(most):
        told = f"The engine gives no more than {int(most):,} rows. Ask for fewer with LIMIT, or take the dump."
        raise errors.ResultTooLarge(told, limit=int(most), unit="rows")


def _with_booleans(body: bytes) -> bytes:
    """Write ``1`` and ``0`` as ``true`` and ``false``: the same values (XML Schema 1.1-2, 3.3.2), but other terms."""
    answer = json.loads(body)
    for row in answer.get("results", {}).get("bindings", []):
        for term in row.values():
            if term.get("datatype") == _BOOLEAN.value:
                term["value"] = _TRUTH.get(term["value"], term["value"])
    return json.dumps(answer).encode()


def _with_boolean(triple: ox.Triple) -> ox.Triple:
    value = triple.object
    if isinstance(value, ox.Literal) and value.datatype == _BOOLEAN and value.value in _TRUTH:
        return ox.Triple(triple.subject, triple.predicate, ox.Literal(_TRUTH[value.value], datatype=_BOOLEAN))
    return triple
