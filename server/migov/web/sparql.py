"""``/sparql``: the SPARQL Protocol for programs, and a form with examples and tables for people."""

import time
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from migov import errors
from migov.marking import E_
from migov.store import Answer, Kind, Limits, guard
from migov.web import citation, library, problem, protocol, representation, results, service, spreadsheet, teaching
from migov.web.language import _
from migov.web.negotiation import GRAPH_FORMATS, HTML, SPREADSHEET, Format, choose
from migov.web.protocol import OFFERED, Asked
from migov.web.site import Site, site

blueprint = Blueprint("sparql", __name__)
_CITED = 2000  # characters of a query that a reference may hold
TABLE_BYTES = 8 * 2**20
_MADE_HERE = (HTML, SPREADSHEET)  # formats that the store does not write
_FRESH = "no-cache"  # a copy has to be checked before use
_CHANGING = ("now", "rand", "uuid", "struuid")  # functions that differ each time (SPARQL 1.1, 17.4.2.9 and later)


@blueprint.after_request
def say_what_can_be_sent(response: Response) -> Response:
    """Tell clients of the method QUERY (RFC 10008, section 3)."""
    response.headers["Accept-Query"] = protocol.ACCEPT_QUERY
    return response


@blueprint.route("/sparql", methods=list(protocol.METHODS))
def endpoint() -> Response:
    """Answer a query; without one, describe the service to programs and show the form to people."""
    here = site()
    person = choose(request.headers.get("Accept"), (*GRAPH_FORMATS, *OFFERED["bindings"])) is HTML
    try:
        asked = protocol.read(protocol.Message.of(request), here.config.query_bytes)
    except errors.MigovError as error:
        if not person:
            raise
        return form_page(here, error=error)
    if not asked.text.strip():
        return without_query(here, asked, person)
    if HTML in asked.formats.values():
        return for_people(here, asked)
    answer = run(here, asked)
    form = asked.formats[answer.kind]
    assert form is not None  # the store refuses kinds without a format
    response = result(here, asked, answer, form)
    if said := teaching.notes(here, asked.text, asked.dataset, answer):
        response.headers[teaching.NOTE_HEADER] = teaching.as_header(said)
    return response


def result(here: Site, asked: Asked, answer: Answer, form: Format) -> Response:
    """A result as a file."""
    body = answer.body
    if form is SPREADSHEET:
        body = spreadsheet.write(here, answer, here.config.limits.lowered(asked.deadline).deadline + arrived())
    response = representation.respond(body, form, here.release.id, negotiated=True, cache=caching(asked.text))
    response.headers["Content-Disposition"] = disposition(form)
    return response


def caching(text: str) -> str:
    """How long the answer to a query may be kept: not at all where it may differ each time."""
    return _FRESH if any(guard.has_word(text, name) for name in _CHANGING) else representation.CACHE_CONTROL


def disposition(form: Format) -> str:
    """What a browser does with a result, and how the file is called (RFC 6266)."""
    kept = "attachment" if form is SPREADSHEET else "inline"
    return f'{kept}; filename="migov-result.{form.extension}"'


def run(here: Site, asked: Asked) -> Answer:
    """Send the query to the store, with the formats that its kinds of result are wanted in and the time it has left."""
    formats = written(asked)
    limits = remaining(here.config.limits.lowered(asked.deadline))
    cancel = request.environ.get("migov.cancel")
    try:
        return here.store.query(
            asked.text, formats, dataset=asked.dataset, base=here.base, limits=limits, cancel=cancel, absent=True
        )
    except errors.MigovError as error:
        raise teaching.taught(error, asked.text) from None


def written(asked: Asked) -> dict[Kind, str | None]:
    """The formats that the store writes; NotAcceptable when the client takes no result at all."""
    read = {"bindings": "json", "boolean": "json", "graph": "turtle"}  # what pages are made from
    formats: dict[Kind, str | None] = {
        kind: (read[kind] if form in _MADE_HERE else form.key) if form else None for kind, form in asked.formats.items()
    }
    if not any(formats.values()):
        available = [form.media_type for offered in OFFERED.values() for form in offered]
        raise errors.NotAcceptable(E_("No format of results fits the Accept header."), available=available)
    return formats


def arrived() -> float:
    """When the request came, on the monotonic clock."""
    return float(request.environ.setdefault("migov.arrived", time.monotonic()))


def remaining(limits: Limits, since: float | None = None) -> Limits:
    """What the deadline leaves of a request that has waited: it counts from arrival, to the tenth of a second."""
    waited = round(time.monotonic() - (arrived() if since is None else since), 1)
    if waited and waited >= limits.deadline:
        raise errors.TooBusy(
            E_(
                "The request waited %(seconds)s seconds, its whole deadline, for other queries.",
                seconds=format(waited, "g"),
            )
        )
    return limits.lowered(limits.deadline - waited)


def without_query(here: Site, asked: Asked, person: bool) -> Response:
    """The form for people; for programs the service description, or 400 where a result was expected."""
    if person:
        return form_page(here)
    form = choose(request.headers.get("Accept"), GRAPH_FORMATS)
    if request.method not in ("GET", "HEAD") or form is None or asked.given:
        raise errors.BadRequest(E_("The parameter query is missing."))
    body = service.description(here, form)
    return representation.respond(body, form, here.release.id, negotiated=True)


def for_people(here: Site, asked: Asked) -> Response:
    """The form with the result, or with what is wrong, below the query."""
    try:
        answer = run(here, asked)
        form = asked.formats[answer.kind]
        if form is not None and form is not HTML:
            return result(here, asked, answer, form)
        if len(answer.body) > TABLE_BYTES:
            advice = E_(
                "A page shows %(most)s bytes of result at most. Ask for a file, or for fewer rows.",
                most=format(TABLE_BYTES, ","),
            )
            raise errors.ResultTooLarge(advice, limit=TABLE_BYTES, unit="bytes")
    except errors.MigovError as error:
        return form_page(here, asked, error=error)
    return form_page(here, asked, answer=answer)


def _cited(here: Site, text: str) -> citation.Citation | None:
    """How to cite the answer to a query; None for a text too long to stand in an address."""
    if len(text) > _CITED:
        return None
    work = citation.result(here, _("Answer to a SPARQL query"), text)
    return citation.cited(here, work, "sparql", {"query": text})


def form_page(
    here: Site, asked: Asked | None = None, *, answer: Answer | None = None, error: errors.MigovError | None = None
) -> Response:
    """The form page, with the status of what it tells."""
    questions = library.questions(here.reader)
    wanted = protocol.leniently(request, "example")
    example = next((question for question in questions if question.name == wanted), None)
    text = asked.text if asked else protocol.leniently(request, "query")
    waiting = text or (example or questions[0]).body if questions else text
    occurrence = problem.occurrence_of(error) if error else None
    if occurrence:
        problem.told(occurrence)
    body = render_template(
        "sparql.html",
        path="/sparql",
        text=waiting,
        asked=asked,
        groups=library.grouped(questions),
        example=example,
        answer=results.shown(here, answer) if answer else None,
        downloads=downloads(asked, answer) if asked and answer else [],
        citation=_cited(here, asked.text) if asked and answer else None,
        error=occurrence,
        offending=results.offending_line(text, occurrence.facts) if occurrence else None,
        notes=teaching.notes(here, asked.text, asked.dataset, answer) if asked and answer else [],
    ).encode()
    if occurrence is None:
        response = representation.respond(body, HTML, here.release.id, negotiated=True, cache=_FRESH)
    else:
        response = Response(body, occurrence.status, content_type=HTML.content_type)
        response.headers.extend(occurrence.headers)
        response.vary.add("Accept")
        response.headers["Cache-Control"] = "no-store"
    response.headers[representation.CONTENT_POLICY] = representation.WITH_SCRIPT
    return response


def downloads(asked: Asked, answer: Answer) -> list[tuple[Format, str]]:
    """The same query in the other formats of its result, each as an address."""
    pairs = [("query", asked.text)]
    pairs += [("default-graph-uri", graph) for graph in asked.dataset.default]
    pairs += [("named-graph-uri", graph) for graph in asked.dataset.named]
    if asked.deadline:
        pairs.append(("timeout", f"{asked.deadline:g}"))
    offered = [form for form in OFFERED[answer.kind] if form is not HTML]
    offered += [SPREADSHEET] if answer.kind == "bindings" else []
    return [(form, "/sparql?" + urlencode([*pairs, ("format", form.key)])) for form in offered]
