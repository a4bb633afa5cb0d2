"""Pages about the site itself, what each problem type means, and the small files that browsers and robots ask for."""

import hashlib
import mimetypes
from pathlib import Path

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from migov.settings import LIMITS
from migov.web import representation
from migov.web.catalogue import html_page
from migov.web.negotiation import FORMATS, GRAPH_FORMATS, NETWORK_FORMATS
from migov.web.problem import BY_SLUG
from migov.web.problems import PROBLEMS
from migov.web.site import site

blueprint = Blueprint("guide", __name__)
_STATIC = Path(__file__).with_name("static")
_YEAR = 365 * 24 * 3600


@blueprint.get("/limits")
def limits() -> Response:
    """Every limit of this server, from the table that enforces them."""
    return html_page(site(), "/limits", render_template("limits.html", path="/limits", limits=LIMITS))


@blueprint.get("/formats")
def formats() -> Response:
    """Every address form and media type, from the table that negotiation reads."""
    table = [form for form in FORMATS if form.key not in {"problem", "plainjson"} and form not in NETWORK_FORMATS]
    body = render_template("formats.html", path="/formats", table=table, graph_formats=GRAPH_FORMATS)
    return html_page(site(), "/formats", body)


@blueprint.get("/problem")
@blueprint.get("/problem/")
def problems() -> Response:
    """Every problem type."""
    return html_page(site(), "/problem/", render_template("problems.html", path="/problem/", problems=PROBLEMS))


@blueprint.get("/problem/<slug>")
def problem(slug: str) -> Response:
    """What one problem type means and what to do about it (RFC 9457, section 4)."""
    if slug not in BY_SLUG:
        raise NotFound
    path = f"/problem/{slug}"
    return html_page(site(), path, render_template("problem_type.html", path=path, problem=BY_SLUG[slug]))


@blueprint.get("/static/<path:name>")
def static_file(name: str) -> Response:
    """The style sheet and the icon."""
    path = next((path for path in _STATIC.iterdir() if path.name == name), None)
    if path is None:
        raise NotFound
    kind, _ = mimetypes.guess_type(name)
    response = Response(path.read_bytes(), mimetype=kind)
    response.set_etag(hashlib.sha256(response.data).hexdigest()[:20])
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}"
    return representation.conditional(response)


@blueprint.get("/favicon.ico")
@blueprint.get("/favicon.svg")
def favicon() -> Response:
    return static_file("favicon.svg")
