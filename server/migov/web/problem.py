"""Every failure as one kind of answer: problem details (RFC 9457) for machines, a page for people.

``PROBLEMS`` maps the exception tree of ``migov.errors`` and werkzeug's HTTP errors to problem types. Each type's
URI, ``/problem/<slug>``, dereferences to its explanation.
"""

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Request, Response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from migov import errors
from migov.web import negotiation
from migov.web.addresses import Addresses

log = logging.getLogger("migov.web")


@dataclass(frozen=True)
class Problem:
    """One problem type: the last part of its URI, its status and title, and what to do about it."""

    slug: str
    status: int
    title: str
    advice: str
    raised_as: tuple[type[errors.MigovError], ...] = ()


PROBLEMS: Final[tuple[Problem, ...]] = (
    Problem(
        "bad-request",
        400,
        "The request is malformed",
        "A parameter is missing, given twice, or not of the form this resource reads. Correct it and send again.",
        (errors.BadRequest,),
    ),
    Problem(
        "query-syntax",
        400,
        "The query does not parse",
        "The text breaks the SPARQL 1.1 grammar at the line and column given.",
        (errors.QuerySyntax,),
    ),
    Problem(
        "query-too-complex",
        400,
        "The query is too complex",
        "The query is nested more deeply, or holds more patterns and operators, than the server takes. Split it.",
        (errors.QueryTooComplex,),
    ),
    Problem(
        "query-refused",
        400,
        "The query asks for what this endpoint does not do",
        "The endpoint only reads, and only its own graph: updates and federated queries (SERVICE) are off.",
        (errors.QueryRefused,),
    ),
    Problem(
        "forbidden",
        403,
        "This is not for everybody",
        "Only the addresses that the operator names may read it.",
        (errors.Forbidden,),
    ),
    Problem(
        "not-found",
        404,
        "Nothing is known under this address",
        "The address may be mistyped, or the thing may not be in the graph yet. Search for it by name.",
        (errors.NoSuchEntity,),
    ),
    Problem(
        "method-not-allowed",
        405,
        "This resource does not know the method",
        "The Allow header names the methods that work here.",
        (errors.MethodNotAllowed,),
    ),
    Problem(
        "not-acceptable",
        406,
        "No representation fits the Accept header",
        "The member available lists the media types there are; ask for one of them.",
        (errors.NotAcceptable, errors.Unserialisable),
    ),
    Problem("gone", 410, "This was here once", "It was replaced and is no longer served; follow what replaced it."),
    Problem("request-timeout", 408, "The request body came too slowly", "Send the whole body at once."),
    Problem(
        "precondition-failed",
        412,
        "This is not the version that If-Match names",
        "The document has changed with a new release: ask for it again without the header.",
    ),
    Problem(
        "too-large",
        413,
        "Beyond a size limit",
        "The request body, the query text or its result is larger than the limit named. Ask for less: a LIMIT "
        "clause, fewer variables, or the dump of the whole dataset.",
        (errors.QueryTooLong, errors.ResultTooLarge),
    ),
    Problem("uri-too-long", 414, "The address is too long", "Send long queries in the body of a POST request."),
    Problem(
        "unsupported-media-type",
        415,
        "The body is of a type this resource does not read",
        "Send application/sparql-query or application/x-www-form-urlencoded, in UTF-8 and not compressed.",
        (errors.UnsupportedMediaType,),
    ),
    Problem(
        "too-many-requests",
        429,
        "One client asks too much at once",
        "Wait for the number of seconds in the Retry-After header, then ask more slowly. Who needs everything takes "
        "the dump of the whole dataset.",
        (errors.TooMany,),
    ),
    Problem("internal", 500, "Something went wrong on our side", "It has been logged. Trying again may help."),
    Problem("not-implemented", 501, "The method is not known to this server", "Use GET, HEAD, POST, QUERY or OPTIONS."),
    Problem(
        "unavailable",
        503,
        "The server is busy",
        "Try again after the number of seconds in the Retry-After header.",
        (errors.TooBusy, errors.StoreUnavailable, errors.NoRelease),
    ),
    Problem(
        "query-timeout",
        504,
        "The query ran into its deadline",
        "Make the query narrower: more bound terms, fewer optional parts, a LIMIT.",
        (errors.QueryTimeout,),
    ),
    Problem(
        "query-memory",
        507,
        "The query used up its memory",
        "Make the query narrower, or aggregate over fewer rows at a time.",
        (errors.QueryMemory,),
    ),
)

BY_SLUG: Final = {problem.slug: problem for problem in PROBLEMS}
_BY_ERROR: Final = {cls: problem for problem in PROBLEMS for cls in problem.raised_as}
_BY_STATUS: Final = {problem.status: problem for problem in reversed(PROBLEMS)}
_RETRY_SECONDS: Final = 2


@dataclass(frozen=True)
class Occurrence:
    """One failure: its problem type, one sentence about it, further members, and headers to send with it."""

    problem: Problem
    status: int
    detail: str
    facts: dict[str, Any]
    headers: dict[str, str]

    def as_dict(self, addresses: Addresses, request_id: str = "") -> dict[str, Any]:
        """The members of RFC 9457, section 3.1, with the extension members of this occurrence after them.

        ``request`` is the id under which the request stands in the server's log.
        """
        members = {
            "type": addresses.absolute(f"/problem/{self.problem.slug}"),
            "title": self.problem.title,
            "status": self.status,
            "detail": self.detail,
        }
        if request_id:
            members["request"] = request_id
        return members | {key: value for key, value in self.facts.items() if key not in members}


def occurrence_of(error: Exception) -> Occurrence:
    """Describe any exception; what is not in the table becomes a 500 that says nothing of our insides."""
    if isinstance(error, errors.MigovError):
        problem = next((_BY_ERROR[cls] for cls in type(error).__mro__ if cls in _BY_ERROR), None)
        if problem is not None:
            return Occurrence(problem, problem.status, error.detail, error.facts, _headers(error))
    if isinstance(error, HTTPException) and error.code and error.code >= 400:
        problem = _BY_STATUS.get(error.code) or BY_SLUG["bad-request" if error.code < 500 else "internal"]
        headers = {}
        if isinstance(error, MethodNotAllowed):
            headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        detail = _detail_of(error.code, problem)
        return Occurrence(problem, error.code, detail, {}, headers)
    return Occurrence(BY_SLUG["internal"], 500, BY_SLUG["internal"].advice, {}, {})


def of_status(status: int, detail: str, **facts: Any) -> Occurrence:
    """Describe a failure that is known by its status alone, as the HTTP front meets them."""
    return Occurrence(_BY_STATUS[status], status, detail, facts, {})


def busy(retry_after: int) -> Occurrence:
    """Describe a request that found the queue full."""
    error = errors.TooBusy("Too many requests are waiting already.", retry_after=retry_after)
    return occurrence_of(error)


def too_many(detail: str, retry_after: int) -> Occurrence:
    """Describe a request of a client that has used up its share."""
    return occurrence_of(errors.TooMany(detail, retry_after=retry_after))


def _detail_of(status: int, problem: Problem) -> str:
    return f"{HTTPStatus(status).description or problem.title}.".replace("..", ".")


def _headers(error: errors.MigovError) -> dict[str, str]:
    headers = {}
    if isinstance(error, (errors.TooBusy, errors.TooMany, errors.StoreUnavailable, errors.NoRelease)):
        headers["Retry-After"] = str(error.facts.get("retry_after", _RETRY_SECONDS))
    if isinstance(error, errors.MethodNotAllowed):
        headers["Allow"] = ", ".join(error.facts.get("allow", ()))
    return headers


def as_json(occurrence: Occurrence, addresses: Addresses, request_id: str = "") -> bytes:
    """The body for machines, the same wherever in the server the failure was met."""
    return json.dumps(occurrence.as_dict(addresses, request_id), ensure_ascii=False, indent=1).encode()


def told(occurrence: Occurrence) -> str:
    """Note for the log and the metrics how the current request ends; the id that it has there, or nothing."""
    request.environ["migov.outcome"] = occurrence.problem.slug
    return str(request.environ.get("migov.request", ""))


def respond(occurrence: Occurrence, addresses: Addresses, **page: Any) -> Response:
    """Answer with the page or the problem document, by Accept; machines that accept neither get the latter."""
    request_id = told(occurrence)
    offered = (negotiation.PROBLEM, negotiation.HTML)
    form = negotiation.choose(request.headers.get("Accept"), offered) or negotiation.PROBLEM
    body = (
        render_template(
            "problem.html", occurrence=occurrence, problem=occurrence.problem, request_id=request_id, **page
        ).encode()
        if form is negotiation.HTML
        else as_json(occurrence, addresses, request_id)
    )
    response = Response(body, occurrence.status, content_type=form.content_type)
    response.headers.extend(occurrence.headers)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store" if occurrence.status >= 500 else "no-cache"
    return response


def init_app(app: Flask, addresses: Addresses) -> None:
    """Send every exception of the app through here, and what the HTTP front refused before it came here."""

    @app.before_request
    def refuse() -> Response | None:
        refused = request.environ.get("migov.refused")
        return respond(refused, addresses) if isinstance(refused, Occurrence) else None

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        occurrence = occurrence_of(error)
        if occurrence.problem.slug == "internal":
            log.error("%s %s failed", request.method, request.path, exc_info=error)
        suggest = app.extensions["migov.suggest"] if occurrence.status == 404 else None
        return respond(occurrence, addresses, suggestions=suggest(_words(request)) if suggest else [])


def _words(asked: Request) -> str:
    """The last part of the address as search words: what somebody who typed it was looking for."""
    return asked.path.rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("-", " ")
