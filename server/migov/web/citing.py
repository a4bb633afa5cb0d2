"""``/cite/…``: references to the dataset, a record, an answer of the library or one to a query, as files."""

from collections.abc import Callable

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from migov import errors
from migov.web import asking, citation, day, entity, representation
from migov.web.addresses import KINDS
from migov.web.language import E_, _
from migov.web.library import address
from migov.web.negotiation import Format
from migov.web.paging import single
from migov.web.references import BY_EXTENSION, Style, Work
from migov.web.site import Site, site

blueprint = Blueprint("citing", __name__, url_prefix="/cite")
_KIND = f"any({', '.join((*KINDS, 'concept'))})"


@blueprint.get("/dataset.<extension>")
def dataset(extension: str) -> Response:
    """The dataset as a whole."""
    return _written(extension, "dataset", citation.dataset)


@blueprint.get("/sparql.<extension>")
def result(extension: str) -> Response:
    """The answer to a query given as ``query``."""

    def work(here: Site) -> Work:
        text = single("query")
        if not text:
            raise errors.BadRequest(E_("Which query is to be cited? Give it as query."))
        return citation.result(here, _("Answer to a SPARQL query"), text)

    return _written(extension, "sparql", work)


@blueprint.get("/library/<name>.<extension>")
def answer(name: str, extension: str) -> Response:
    """An answer of the library for the values given."""

    def work(here: Site) -> Work:
        question = asking.called(here, name)
        fields = asking.fields_of(here, question)
        for field in fields:
            if field.wrong:
                raise errors.BadRequest(field.wrong)
        return citation.answer(here, question.title, address(question, {f.name: f.value for f in fields}))

    return _written(extension, name, work)


@blueprint.get(f"/<{_KIND}:kind>/<path:file>")
def record(kind: str, file: str) -> Response:
    """One thing that the graph speaks of, as of the day ``on`` if there is one."""
    key, _dot, extension = file.rpartition(".")
    document = f"{kind}/{key}"

    def work(here: Site) -> Work:
        iri = here.addresses.iri(document if kind == "concept" else f"id/{document}")
        entity.must_exist(here, iri)
        title = here.reader.label(iri, here.reader.names_of([iri])).value
        return citation.record(here, title, document, iri, day.asked())

    return _written(extension, key.rsplit("/", 1)[-1], work)


def _written(extension: str, name: str, work: Callable[[Site], Work]) -> Response:
    style = BY_EXTENSION.get(extension)
    if style is None:
        raise NotFound
    here = site()
    response = representation.respond(style.write(work(here)).encode(), _format(style), here.release.id)
    response.headers["Content-Disposition"] = f'inline; filename="migov-{_plain(name)}.{extension}"'
    return response


def _format(style: Style) -> Format:
    """How a reference is sent: always in UTF-8, which only text says."""
    return Format(style.extension, style.media_type, style.extension, style.label, charset=style.extension != "json")


def _plain(name: str) -> str:
    """A name as a file may have it."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:80]
