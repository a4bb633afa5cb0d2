"""A successful answer: validators, caching, links to the other formats and the headers every answer carries."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import PreconditionFailed

from migov.web.negotiation import Format

CONTENT_POLICY: Final = "Content-Security-Policy"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
WITH_SCRIPT: Final = f"{_POLICY}; script-src 'self'; connect-src 'self'"
"""The policy of a page with a script of ours, which may ask this server and no other."""
SECURITY_HEADERS: Final = {
    CONTENT_POLICY: _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CORS_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Query, Allow, Content-Disposition, Content-Length, Content-Location, "
    "Content-Type, ETag, Link, Location, Migov-Note, RateLimit, RateLimit-Policy, Retry-After, Vary, X-Request-Id",
}
PREFLIGHT_HEADERS: Final = {
    "Access-Control-Allow-Headers": "Accept, Cache-Control, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "Range, User-Agent, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}
CACHE_CONTROL: Final = "public, max-age=300"
_DATA: Final = ("X-Content-Type-Options", "Content-Security-Policy", *CORS_HEADERS)
_COMMON: Final = [(name.lower(), value) for name, value in (SECURITY_HEADERS | CORS_HEADERS).items() if name in _DATA]
"""Of the fields that every answer has, those that mean something for data."""


@dataclass(frozen=True)
class Link:
    """One web link (RFC 8288) of an answer."""

    target: str
    rel: str
    media_type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.target}>; rel="{self.rel}"{kind}'


def entity_tag(release: str, body: bytes) -> str:
    """A strong validator (RFC 9110, 8.8.1): the release and the digest of exactly these bytes."""
    return f"{release[:12]}-{hashlib.sha256(body).hexdigest()[:20]}"


def respond(
    body: bytes,
    form: Format,
    release: str,
    *,
    links: Iterable[Link] = (),
    negotiated: bool = False,
    cache: str = CACHE_CONTROL,
) -> Response:
    """Answer 200 with a body, or 304 where the client's copy is still the same (RFC 9110, 13.1.2)."""
    response = Response(body, content_type=form.content_type)
    response.set_etag(entity_tag(release, body))
    response.headers["Cache-Control"] = cache
    if negotiated:
        response.vary.add("Accept")
    add_links(response, links)
    return conditional(response)


def fields(
    body: bytes, form: Format, release: str, *, cache: str = CACHE_CONTROL, besides: Iterable[tuple[str, str]] = ()
) -> list[tuple[str, str]]:
    """The header fields of a negotiated answer as ``respond`` gives them, for who needs no ``Response``."""
    return [
        ("content-type", form.content_type),
        ("content-length", str(len(body))),
        ("etag", f'"{entity_tag(release, body)}"'),
        ("cache-control", cache),
        ("vary", "Accept"),
        *besides,
        *_COMMON,
    ]


def conditional(response: Response) -> Response:
    """Hold an answer against the validators that the client has: 304, or raises PreconditionFailed (RFC 9110, 13.2.2).

    Werkzeug takes ``If-Match: *`` for a tag that nothing has, so that header is judged here.
    """
    if request.method in {"GET", "HEAD", "QUERY"}:
        tag, _ = response.get_etag()
        if request.if_match and not (tag and request.if_match.contains(tag)):
            response.close()
            raise PreconditionFailed
        environ = {name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"}
        if request.method == "QUERY":  # conditional as GET is (RFC 10008), which Werkzeug does not know yet
            environ["REQUEST_METHOD"] = "GET"
        response.make_conditional(environ)
    return response


def see_other(location: str, links: Iterable[Link]) -> Response:
    """Answer 303: the thing itself is no document, but this one is about it (httpRange-14)."""
    response = Response(status=303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = location
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.vary.add("Accept")
    add_links(response, links)
    response.set_data(f"See {location}\n")
    return response


def moved(location: str) -> Response:
    """Answer 301: the name was retired, and this one took its place (RFC 9110, 15.4.2)."""
    response = Response(status=301, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = location
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.set_data(f"Moved to {location}\n")
    return response


def add_links(response: Response, links: Iterable[Link]) -> None:
    """Add one ``Link`` header that holds them all."""
    joined = ", ".join(str(link) for link in links)
    if joined:
        response.headers["Link"] = joined


def init_app(app: Flask) -> None:
    """Give every answer the security headers, and open it to scripts of other sites: nothing here is private."""

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.extend(CORS_HEADERS)
        if request.method == "OPTIONS" and response.status_code == 200:  # Fetch standard, CORS preflight
            response.status_code = 204
            response.headers.extend(PREFLIGHT_HEADERS)
            response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
        return response
