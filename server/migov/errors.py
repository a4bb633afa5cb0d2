"""The one exception tree of migov.

    MigovError
    ├── DataError            a file of the graph cannot be used: says file and line
    │   ├── ValidationFailed the graph breaks its shapes or checks: carries the report
    │   └── TableRefused     a table cannot be imported: says which rows and why
    ├── NoRelease            nothing has been built yet
    ├── RequestError         what a client asked for cannot be done as asked
    │   ├── BadRequest         a parameter is missing, doubled or malformed
    │   ├── QuerySyntax        the query does not parse: says line and column
    │   ├── QueryTooComplex    the query is nested or long beyond the limits
    │   ├── QueryRefused       updates and federation are off
    │   ├── QueryTooLong       the query text is beyond its limit
    │   ├── NotAcceptable      no representation fits the Accept header
    │   ├── UnsupportedMediaType  the body is of a type this resource does not read
    │   ├── MethodNotAllowed   the resource is read only
    │   ├── Forbidden          the resource is not for this client
    │   ├── NoSuchEntity       nothing is known under this address
    │   └── Unserialisable     the result cannot be written in the format asked for
    └── LimitExceeded        a limit of the server ended the request
        ├── QueryTimeout       the deadline
        ├── QueryMemory        the memory of one query
        ├── ResultTooLarge     the size of a result
        ├── TooBusy            the queue is full
        ├── TooMany            one client asks too much at once
        └── StoreUnavailable   the query engine is restarting

The web layer maps each class to one problem type (RFC 9457) in one table; nothing here knows of HTTP.
"""

from collections.abc import Sequence
from typing import Any


class MigovError(Exception):
    """Root of the tree. ``detail`` is one plain sentence: what, where, what to do; ``facts`` are extra members."""

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = {key: value for key, value in facts.items() if value is not None}


class DataError(MigovError):
    """A file cannot be used; ``facts`` hold ``file`` (relative path) and, where known, ``line``."""

    def __str__(self) -> str:
        place = ":".join(str(self.facts[key]) for key in ("file", "line") if key in self.facts)
        return f"{place}: {self.detail}" if place else self.detail


class ValidationFailed(DataError):
    """The graph breaks its shapes or checks; ``results`` are the validation results."""

    def __init__(self, detail: str, results: Sequence[Any] = (), **facts: Any) -> None:
        super().__init__(detail, **facts)
        self.results = results


class TableRefused(DataError):
    """A table of facts cannot be imported as it is and nothing was written; ``facts['rows']`` lists the rows."""


class NoRelease(MigovError):
    """There is no release to read: build one first."""


class RequestError(MigovError):
    """The request cannot be answered as it was asked."""


class BadRequest(RequestError):
    """A parameter is missing, doubled or malformed."""


class QuerySyntax(RequestError):
    """The query does not parse; ``facts`` hold ``line`` and ``column`` (from 1) where known."""


class QueryTooComplex(RequestError):
    """The query is nested or long beyond what the engine can take safely."""


class QueryRefused(RequestError):
    """The query asks for what a public read-only endpoint does not do."""


class QueryTooLong(RequestError):
    """The query text is longer than the limit."""


class NotAcceptable(RequestError):
    """No representation fits; ``facts['available']`` lists the media types there are."""


class UnsupportedMediaType(RequestError):
    """The request body has a media type this resource does not read."""


class MethodNotAllowed(RequestError):
    """The resource does not know this method; ``facts['allow']`` lists those it knows."""


class Forbidden(RequestError):
    """The resource is there, but not for this client."""


class NoSuchEntity(RequestError):
    """Nothing is known under this address."""


class Unserialisable(RequestError):
    """The result holds characters the format asked for cannot carry; another format can."""


class LimitExceeded(MigovError):
    """A limit of the server ended the request; ``facts`` hold ``limit`` and ``unit``."""


class QueryTimeout(LimitExceeded):
    """The query ran into its deadline."""


class QueryMemory(LimitExceeded):
    """The query used up its memory or broke its process."""


class ResultTooLarge(LimitExceeded):
    """The result outgrew the limit; nothing of it was sent."""


class TooBusy(LimitExceeded):
    """Too many requests are waiting; ``facts['retry_after']`` says for how many seconds to stay away."""


class TooMany(LimitExceeded):
    """One client asks more than its share; ``facts['retry_after']`` says for how many seconds to stay away."""


class StoreUnavailable(LimitExceeded):
    """The query engine does not answer; it is being restarted."""
