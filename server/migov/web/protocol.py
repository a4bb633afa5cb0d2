"""Reading a SPARQL request (SPARQL 1.1 Protocol, section 2.1): the query, its dataset, and the formats asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from flask import Request

from migov import errors
from migov.store import Dataset, Kind
from migov.web.negotiation import BINDINGS_FORMATS, BOOLEAN_FORMATS, BY_KEY, GRAPH_FORMATS, HTML, Format, choose

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
OFFERED: Final[Mapping[Kind, tuple[Format, ...]]] = {
    "bindings": (*BINDINGS_FORMATS, HTML),
    "boolean": (*BOOLEAN_FORMATS, HTML),
    "graph": (*GRAPH_FORMATS, HTML),
}
NAMED: Final = {
    name: form
    for form in (*BINDINGS_FORMATS, *GRAPH_FORMATS, HTML)
    for name in (form.key, form.extension, form.media_type)
}
"""The values of the ``format`` parameter: key, file extension or media type of a format."""
_FORMAT_NAMES: Final = ("format", "output", "results")
_SHORT: Final[Mapping[str, Format]] = {"json": BY_KEY["jsonld"], "xml": BY_KEY["rdfxml"]}
"""What the short names mean for a graph, as on other endpoints."""


@dataclass(frozen=True)
class Asked:
    """One SPARQL request: its text ('' when there is none) and what was said beside it."""

    text: str
    dataset: Dataset
    formats: Mapping[Kind, Format | None]
    deadline: float | None


def read(request: Request, query_bytes: int) -> Asked:
    """Read a request by any of the three operations; raises the errors of a malformed one."""
    _decoded(unquote_to_bytes(request.query_string))  # what is no UTF-8 must not be answered as something else
    texts = request.args.getlist("query")
    graphs = request.args
    if request.method == "POST":
        kind = _media_type(request)
        if kind == FORM:
            _decoded(unquote_to_bytes(request.get_data()))
            texts = texts + request.form.getlist("query")
            graphs = request.values
        else:
            texts = [*texts, _decoded(request.get_data())]
    if "update" in request.values:
        raise errors.QueryRefused("This endpoint only reads: there is no update operation.")
    if len(texts) > 1:
        raise errors.BadRequest(f"There are {len(texts)} queries in this request; send exactly one.")
    text = texts[0].removeprefix("\ufeff") if texts else ""  # a byte order mark is no part of the text
    if len(text.encode()) > query_bytes:
        raise errors.QueryTooLong(f"The query is longer than {query_bytes:,} bytes.", limit=query_bytes, unit="bytes")
    dataset = Dataset(tuple(graphs.getlist("default-graph-uri")), tuple(graphs.getlist("named-graph-uri")))
    return Asked(text, dataset, _formats(request), _deadline(request))


def _media_type(request: Request) -> str:
    kind = request.mimetype
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if kind == UPDATE:
        raise errors.QueryRefused("This endpoint only reads: there is no update operation.")
    if kind not in {FORM, DIRECT} or charset not in {"utf-8", "utf8", "us-ascii"}:
        raise errors.UnsupportedMediaType(f"Send the query as {DIRECT} or {FORM}, in UTF-8.", accepted=[DIRECT, FORM])
    return kind


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadRequest(f"The query is not UTF-8: byte {error.start} cannot be read.") from error


def _one(request: Request, name: str) -> str:
    values = request.values.getlist(name)
    if len(values) > 1:
        raise errors.BadRequest(f"The parameter {name} is given {len(values)} times; give it once.")
    return values[0].strip() if values else ""


def _formats(request: Request) -> dict[Kind, Format | None]:
    """The format for each kind of result: the first named in a parameter that fits it, else by Accept.

    No standard knows these parameters: clients send several of them at once, with each endpoint's own words.
    """
    named = [value.strip().lower() for name in _FORMAT_NAMES for value in request.values.getlist(name)]
    accept = request.headers.get("Accept")
    return {kind: _named(kind, named) or choose(accept, offered) for kind, offered in OFFERED.items()}


def _named(kind: Kind, named: Sequence[str]) -> Format | None:
    forms = ((_SHORT.get(name) if kind == "graph" else None) or NAMED.get(name) for name in named)
    return next((form for form in forms if form in OFFERED[kind]), None)


def _deadline(request: Request) -> float | None:
    text = _one(request, "timeout")
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise errors.BadRequest("timeout is a number of seconds greater than 0; it may only lower the limit.")
    return seconds
