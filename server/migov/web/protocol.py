"""Reading a SPARQL request (SPARQL 1.1 and 1.2 Protocol, sections 2.1 and 2.2; RFC 10008 for the method QUERY).

What comes out is the query, its dataset, and the formats asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.http import parse_options_header

from migov import errors
from migov.store import Dataset, Kind
from migov.web.negotiation import (
    BINDINGS_FORMATS,
    BOOLEAN_FORMATS,
    BY_KEY,
    GRAPH_FORMATS,
    HTML,
    SPREADSHEET,
    Format,
    choose,
)

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
METHODS: Final = ("GET", "POST", "QUERY")
ACCEPT_QUERY: Final = f'"{DIRECT}", "{FORM}"'
"""The value of the header Accept-Query (RFC 10008, section 3): a list of structured strings."""
VERSIONS: Final = ("1.0", "1.1", "1.2-basic", "1.2")
"""The versions of SPARQL that a request may announce (SPARQL 1.2 Protocol, section 2.1); none changes the answer."""
OFFERED: Final[Mapping[Kind, tuple[Format, ...]]] = {
    "bindings": (*BINDINGS_FORMATS, HTML),
    "boolean": (*BOOLEAN_FORMATS, HTML),
    "graph": (*GRAPH_FORMATS, HTML),
}
NAMED: Final = {
    name: form
    for form in (*BINDINGS_FORMATS, *GRAPH_FORMATS, HTML)
    for name in (form.key, form.extension, form.media_type)
} | {SPREADSHEET.key: SPREADSHEET}
"""The values of the ``format`` parameter: key, file extension or media type of a format."""
_BY_NAME_ONLY: Final[Mapping[Kind, tuple[Format, ...]]] = {"bindings": (SPREADSHEET,), "boolean": (), "graph": ()}
_FORMAT_NAMES: Final = ("format", "output", "results")
_OF_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")
_SHORT: Final[Mapping[str, Format]] = {"json": BY_KEY["jsonld"], "xml": BY_KEY["rdfxml"]}
"""What the short names mean for a graph, as on other endpoints."""
_MOST_PARAMETERS: Final = 1_000
_USUAL: Final = 300  # characters of what is remembered of a request
Parameters = Mapping[str, list[str]]


@dataclass(frozen=True)
class Asked:
    """One SPARQL request: its text ('' when there is none), whether one was ``given``, and what was said beside it."""

    text: str
    given: bool
    dataset: Dataset
    formats: Mapping[Kind, Format | None]
    deadline: float | None


@dataclass(frozen=True)
class Message:
    """What the protocol reads of an HTTP request."""

    method: str
    query_string: bytes
    accept: str | None = None
    content_type: str = ""
    body: bytes = b""

    @staticmethod
    def of(request: Request) -> "Message":
        """That of a request to the web application."""
        headers = request.headers
        accept, kind = headers.get("Accept"), headers.get("Content-Type", "")
        return Message(request.method, request.query_string, accept, kind, request.get_data())


def read(message: Message, query_bytes: int) -> Asked:
    """Read a request by any of the operations; raises the errors of a malformed one."""
    found = pairs(message.query_string, "address")
    kind, options = parse_options_header(message.content_type) if message.content_type else ("", {})
    direct: list[str] = []
    if message.method in ("GET", "HEAD"):
        if message.body:
            raise errors.BadRequest("A GET request has no body: send the query by POST or QUERY.")
    elif _media_type(kind.lower(), options) == FORM:
        found += pairs(message.body, "form")
    else:
        direct = [_decoded(message.body)]
    parameters: dict[str, list[str]] = {}
    for name, value in found:
        parameters.setdefault(name, []).append(value)
    if any(name in parameters for name in _OF_UPDATES):
        raise _no_update()
    texts = parameters.get("query", []) + direct
    if len(texts) > 1:
        raise errors.BadRequest(f"There are {len(texts)} queries in this request; send exactly one.")
    text = texts[0].removeprefix("\ufeff") if texts else ""  # a byte order mark is no part of the text
    if len(text.encode()) > query_bytes:
        raise errors.QueryTooLong(f"The query is longer than {query_bytes:,} bytes.", limit=query_bytes, unit="bytes")
    _version(_one(parameters, "version") or options.get("version", ""))
    dataset = Dataset(*(tuple(dict.fromkeys(parameters.get(f"{part}-graph-uri", ()))) for part in ("default", "named")))
    return Asked(text, bool(texts), dataset, _formats(parameters, message.accept), _deadline(parameters))


def leniently(request: Request, name: str) -> str:
    """A parameter as far as it can be read: for the page that shows people what is wrong with their request."""
    form = request.get_data() if request.mimetype == FORM else b""
    text = b"&".join([request.query_string, form]).decode("utf-8", "replace")
    return next((value for key, value in parse_qsl(text, errors="replace", separator="&") if key == name), "")


def pairs(text: bytes, where: str) -> list[tuple[str, str]]:
    """The parameters of an address or a form; what is no UTF-8 must not be answered as something else."""
    try:
        return parse_qsl(
            _decoded(text), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS, separator="&"
        )
    except UnicodeDecodeError as error:
        raise errors.BadRequest("The parameters are not UTF-8 in percent-encoding.") from error
    except ValueError as error:
        raise errors.BadRequest(f"The {where} holds more than {_MOST_PARAMETERS:,} parameters.") from error


def _media_type(kind: str, options: Mapping[str, str]) -> str:
    charset = options.get("charset", "utf-8").lower()
    if kind == UPDATE:
        raise _no_update()
    if kind not in {FORM, DIRECT} or charset not in {"utf-8", "utf8", "us-ascii"}:
        raise errors.UnsupportedMediaType(f"Send the query as {DIRECT} or {FORM}, in UTF-8.", accepted=[DIRECT, FORM])
    return kind


def _no_update() -> errors.QueryRefused:
    return errors.QueryRefused("This endpoint only reads: there is no update operation.")


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadRequest(f"The query is not UTF-8: byte {error.start} cannot be read.") from error


def _one(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, [])
    if len(values) > 1:
        raise errors.BadRequest(f"The parameter {name} is given {len(values)} times; give it once.")
    return values[0].strip() if values else ""


def _version(version: str) -> None:
    """Refuse a version announced that nobody knows."""
    if version and version not in VERSIONS:
        raise errors.BadRequest(f"SPARQL has no version {version[:20]!r} here; there are {', '.join(VERSIONS)}.")


def _formats(parameters: Parameters, accept: str | None) -> Mapping[Kind, Format | None]:
    """The format for each kind of result: the first named in a parameter that fits it, else by Accept.

    No standard knows these parameters: clients send several of them at once, with each endpoint's own words.
    """
    named = tuple(value.strip().lower() for name in _FORMAT_NAMES for value in parameters.get(name, ()))
    usual = len(accept or "") + sum(map(len, named)) <= _USUAL
    return _remembered(named, accept) if usual else _chosen(named, accept)


def _chosen(named: Sequence[str], accept: str | None) -> Mapping[Kind, Format | None]:
    return {kind: _named(kind, named) or choose(accept, offered) for kind, offered in OFFERED.items()}


_remembered = lru_cache(maxsize=1024)(_chosen)


def _named(kind: Kind, named: Sequence[str]) -> Format | None:
    forms = ((_SHORT.get(name) if kind == "graph" else None) or NAMED.get(name) for name in named)
    return next((form for form in forms if form in (*OFFERED[kind], *_BY_NAME_ONLY[kind])), None)


def _deadline(parameters: Parameters) -> float | None:
    text = _one(parameters, "timeout")
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise errors.BadRequest("timeout is a number of seconds greater than 0; it may only lower the limit.")
    return seconds
