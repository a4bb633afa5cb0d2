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
from migov.marking import E_, N_
from migov.web import negotiation
from migov.web.addresses import Addresses
from migov.web.problems import PROBLEMS, Problem

log = logging.getLogger("migov.web")


BY_SLUG: Final = {problem.slug: problem for problem in PROBLEMS}
_BY_ERROR: Final = {cls: problem for problem in PROBLEMS for cls in problem.raised_as}
_BY_STATUS: Final = {problem.status: problem for problem in reversed(PROBLEMS)}
_RETRY_SECONDS: Final = 2
_DETAILS: Final = {
    404: N_("Nothing matches the given URI."),
    405: N_("Specified method is invalid for this resource."),
    410: N_("URI no longer exists and has been permanently removed."),
}
"""What is said of the errors that people meet most; others are told as the standard library does."""


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
    return Occurrence(BY_SLUG["internal"], 500, E_(BY_SLUG["internal"].advice), {}, {})


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
    if status in _DETAILS:
        return E_(_DETAILS[status])
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
