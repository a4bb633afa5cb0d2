"""``/sparql``: the SPARQL 1.1 Protocol for programs, and a form with examples and tables for people."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from migov import errors
from migov.store import Answer, Kind
from migov.web import library, problem, protocol, representation, results, service
from migov.web.negotiation import GRAPH_FORMATS, HTML, Format, choose
from migov.web.protocol import OFFERED, Asked
from migov.web.site import Site, site

blueprint = Blueprint("sparql", __name__)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS, POST",
}
TABLE_BYTES = 8 * 2**20
_FRESH = "no-cache"  # NOW() and RAND() may differ each time, so a copy has to be checked before use


@blueprint.route("/sparql", methods=["OPTIONS"], provide_automatic_options=False)
def preflight() -> Response:
    """Let scripts of any site send queries (Fetch standard, CORS preflight)."""
    return Response(status=204, headers=PREFLIGHT)


@blueprint.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def endpoint() -> Response:
    """Answer a query; without one, describe the service to programs and show the form to people."""
    here = site()
    person = choose(request.headers.get("Accept"), (*GRAPH_FORMATS, *OFFERED["bindings"])) is HTML
    try:
        asked = protocol.read(request, here.config.query_bytes)
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
    response = representation.respond(answer.body, form, here.release.id, negotiated=True, cache=_FRESH)
    filename = f"migov-result.{form.extension}"
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def run(here: Site, asked: Asked, result_bytes: int | None = None) -> Answer:
    """Send the query to the store, with the formats that its kinds of result are wanted in."""
    written = {"bindings": "json", "boolean": "json", "graph": "turtle"}  # what pages are made from
    formats: dict[Kind, str | None] = {
        kind: (written[kind] if form is HTML else form.key) if form else None for kind, form in asked.formats.items()
    }
    if not any(formats.values()):
        available = [form.media_type for offered in OFFERED.values() for form in offered]
        raise errors.NotAcceptable("No format of results fits the Accept header.", available=available)
    limits = here.config.limits.lowered(asked.deadline)
    if result_bytes:
        limits = replace(limits, result_bytes=min(result_bytes, limits.result_bytes))
    cancel = request.environ.get("migov.cancel")
    return here.store.query(asked.text, formats, dataset=asked.dataset, limits=limits, cancel=cancel)


def without_query(here: Site, asked: Asked, person: bool) -> Response:
    """The form for people; for programs the service description, or 400 where a result was expected."""
    if person:
        return form_page(here)
    form = choose(request.headers.get("Accept"), GRAPH_FORMATS)
    if request.method == "POST" or form is None or "query" in request.values:
        raise errors.BadRequest("The parameter query is missing.")
    body = service.description(here, form)
    return representation.respond(body, form, here.release.id, negotiated=True)


def for_people(here: Site, asked: Asked) -> Response:
    """The form with the result, or with what is wrong, below the query."""
    try:
        answer = run(here, asked, TABLE_BYTES)
    except errors.MigovError as error:
        return form_page(here, asked, error=error)
    form = asked.formats[answer.kind]
    if form is not None and form is not HTML:
        return representation.respond(answer.body, form, here.release.id, negotiated=True, cache=_FRESH)
    return form_page(here, asked, answer=answer)


def form_page(
    here: Site, asked: Asked | None = None, *, answer: Answer | None = None, error: errors.MigovError | None = None
) -> Response:
    """The form page, with the status of what it tells."""
    questions = library.questions(here.reader)
    example = next((q for q in questions if q.name == request.args.get("example")), None)
    text = asked.text if asked else request.values.get("query", "")
    waiting = text or (example or questions[0]).text if questions else text
    occurrence = problem.occurrence_of(error) if error else None
    body = render_template(
        "sparql.html",
        path="/sparql",
        text=waiting,
        asked=asked,
        questions=questions,
        opened=example or questions[0] if questions and not text else None,
        highlight=results.highlighted,
        answer=results.shown(here, answer) if answer else None,
        downloads=downloads(asked, answer) if asked and answer else [],
        error=occurrence,
        offending=results.offending_line(text, occurrence.facts) if occurrence else None,
    ).encode()
    if occurrence is None:
        return representation.respond(body, HTML, here.release.id, negotiated=True, cache=_FRESH)
    response = Response(body, occurrence.status, content_type=HTML.content_type)
    response.headers.extend(occurrence.headers)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response


def downloads(asked: Asked, answer: Answer) -> list[tuple[Format, str]]:
    """The same query in the other formats of its result, each as an address."""
    pairs = [("query", asked.text)]
    pairs += [("default-graph-uri", graph) for graph in asked.dataset.default]
    pairs += [("named-graph-uri", graph) for graph in asked.dataset.named]
    if asked.deadline:
        pairs.append(("timeout", f"{asked.deadline:g}"))
    offered = (form for form in OFFERED[answer.kind] if form is not HTML)
    return [(form, "/sparql?" + urlencode([*pairs, ("format", form.key)])) for form in offered]
