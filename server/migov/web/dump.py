"""The whole dataset as files, sent from the release, and the report of its validation."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from migov.web import representation
from migov.web.catalogue import html_page
from migov.web.negotiation import BY_EXTENSION, GRAPH_FORMATS, Format
from migov.web.representation import Link
from migov.web.site import Site, site

blueprint = Blueprint("dump", __name__)
_CHUNK = 256 * 1024


@blueprint.get("/dump")
@blueprint.get("/dump/")
def index() -> Response:
    """Every format of the whole dataset, with its size."""
    here = site()
    found = [(form, f"/dump/migov.{form.extension}", size) for form, size in files(here)]
    body = render_template("dump.html", path="/dump/", files=found, graphs=_graphs(here))
    return html_page(here, "/dump/", body)


def files(here: Site) -> list[tuple[Format, int]]:
    """The formats that the whole dataset is there in, with the size of each file."""
    found = [(form, here.release.dump(form.extension)) for form in GRAPH_FORMATS]
    return [(form, path.stat().st_size) for form, path in found if path.is_file()]


def _graphs(here: Site) -> list[tuple[str, str | None, int]]:
    return [(g.iri.removeprefix(here.base), here.addresses.href(g.iri), g.quads) for g in here.release.manifest.graphs]


@blueprint.get("/dump/migov.<extension>")
def whole(extension: str) -> Response:
    """The whole dataset in one format."""
    here = site()
    if extension not in BY_EXTENSION or not here.release.dump(extension).is_file():
        raise NotFound
    return stream(here, here.release.dump(extension), BY_EXTENSION[extension], "/dump/migov")


@blueprint.get("/validation.ttl")
def report() -> Response:
    """The report that the shapes and checks gave of this release (SHACL, section 3.6)."""
    here = site()
    if not here.release.report.is_file():
        raise NotFound
    return stream(here, here.release.report, BY_EXTENSION["ttl"], "")


def stream(here: Site, path: Path, form: Format, family: str) -> Response:
    """A file of the release, as it is, with a validator made from its content."""
    response = Response(content_type=form.content_type, direct_passthrough=True)
    response.content_length = path.stat().st_size
    response.set_etag(f"{here.release.id[:12]}-{_digest(path)[:20]}")
    response.headers["Cache-Control"] = representation.CACHE_CONTROL
    if family:
        others = [other for other in GRAPH_FORMATS if other is not form]
        paths = [(other, here.addresses.link(f"{family}.{other.extension}")) for other in others]
        representation.add_links(response, [Link(path, "alternate", other.media_type) for other, path in paths])
    representation.conditional(response)
    if request.method == "GET" and response.status_code == 200:
        response.response = wrap_file(request.environ, path.open("rb"), _CHUNK)
    return response


@cache
def _digest(path: Path) -> str:
    """The SHA-256 of a file of the release: files of a release never change, so once is enough."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
