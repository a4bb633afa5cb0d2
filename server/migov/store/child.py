"""What a forked child does: answer one client's queries, one after the other, until either of them goes."""

import os
import socket
from functools import lru_cache
from typing import Any

from migov import errors
from migov.store import absent, terms, wire
from migov.store.describe import describe
from migov.store.evaluate import evaluate
from migov.store.formats import BINDINGS, GRAPH
from migov.store.interface import Dataset, Kind, Limits
from migov.store.kernel import Confinement
from migov.store.load import Graph
from migov.vocabulary import BASE, prefixes


def serve(connection: socket.socket, graph: Graph, parent: int) -> None:
    """Answer queries until the client hangs up, the store process has gone, or the child is worn."""
    graph = graph.opened()  # while files may be opened
    kernel = Confinement(connection, on_disk=graph.folder is not None)
    if graph.engine:
        graph.engine.opening = kernel.opening
    while (request := wire.receive(connection)) and os.getppid() == parent:
        header, body = request
        if header["ask"] == "warm":
            warm(graph)
            graph.prime()
            kernel.settle()
            wire.send(connection, wire.encoded({"last": False}))
            continue
        if not kernel.arm(Limits(**header["limits"])):
            return
        reply, result = _answer(graph, header, body)
        kernel.disarm()
        last = kernel.worn()
        wire.send(connection, _said(reply, last), result)
        if last:
            return


def _said(reply: wire.Header, last: bool) -> bytes:
    if reply.keys() == {"kind", "format"}:
        return _usual(reply["kind"], reply["format"], last)
    return wire.encoded(reply | {"last": last})


@lru_cache
def _usual(kind: str, key: str, last: bool) -> bytes:
    return wire.encoded({"kind": kind, "format": key, "last": last})


def _answer(graph: Graph, header: wire.Header, body: bytes) -> tuple[wire.Header, bytes]:
    try:
        return respond(graph, header, body)
    except errors.MigovError as error:
        return {"error": type(error).__name__, "detail": error.detail, "facts": error.facts}, b""
    except MemoryError:
        return {"error": "QueryMemory", "detail": "The query needs more memory than allowed.", "facts": {}}, b""


def respond(graph: Graph, header: wire.Header, body: bytes) -> tuple[wire.Header, bytes]:
    """Do what one request asks for; the header and body of the answer."""
    limit, text = header["limits"]["result_bytes"], body.decode()
    if header["ask"] == "ping":
        if graph.engine:
            graph.engine.ready()
        return {}, b""
    if header["ask"] == "describe":
        if graph.engine:
            return {}, graph.engine.describe(text, header["format"], limit)
        return {}, describe(graph.store, text, header["format"], limit, prefixes())
    options: dict[str, Any] = {
        "dataset": Dataset(*(tuple(header["dataset"][key]) for key in ("default", "named"))),
        "base": header["base"],
        "bindings": {name: terms.from_json(term) for name, term in header["bindings"].items()},
        "result_bytes": limit,
    }
    known = prefixes(header["base"] or BASE)
    if graph.engine:
        answer = graph.engine.query(text, header["formats"], **options)
    else:
        answer = evaluate(graph, text, header["formats"], prefixes=known, **options)
    reply: wire.Header = {"kind": answer.kind, "format": answer.format}
    if header["absent"] and absent.is_empty(answer):
        names = absent.names_in(text, known)
        found = graph.engine.absent(names) if graph.engine else absent.among(graph.store, names)
        reply["absent"] = {iri: names[iri] for iri in found}
    return reply, answer.body


def warm(graph: Graph) -> None:
    """Do a little of everything, so that what queries need is loaded, and the pages that they write to are copied."""
    for form, keys in (("SELECT * {} ", BINDINGS), ("CONSTRUCT WHERE {}", GRAPH)):
        for key in keys:
            accepted: dict[Kind, str | None] = {"bindings": key, "graph": key}
            evaluate(graph, form, accepted, dataset=Dataset(), bindings={}, result_bytes=10**4, prefixes=prefixes())
