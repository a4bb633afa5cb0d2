"""Search for browsers: what this search is (OpenSearch 1.1), and names while somebody types (its suggestions)."""

import json
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from migov.web import representation
from migov.web.language import _
from migov.web.negotiation import Format
from migov.web.paging import single
from migov.web.site import site

blueprint = Blueprint("suggesting", __name__)
MOST = 8
_DESCRIPTION = Format("opensearch", "application/opensearchdescription+xml", "xml", "OpenSearch", charset=True)
_SUGGESTIONS = Format("suggestions", "application/x-suggestions+json", "json", "Suggestions")


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """How a browser can ask the search of this site."""
    here = site()

    def url(kind: str, path: str, further: str = "") -> str:
        template = escape(here.addresses.absolute(path), {'"': "&quot;"})
        return f'  <Url type="{kind}" template="{template}"{further}/>\n'

    icon = escape(here.addresses.absolute("/favicon.svg"))
    told = _("Organisations, treaties, States, persons and documents of migration governance, by any name")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        "  <ShortName>migov</ShortName>\n"
        f"  <Description>{escape(told)}</Description>\n"
        + url("text/html", "/search?q={searchTerms}")
        + url(_SUGGESTIONS.media_type, "/suggest?q={searchTerms}")
        + url(_DESCRIPTION.media_type, "/opensearch.xml", ' rel="self"')
        + f'  <Image width="16" height="16" type="image/svg+xml">{icon}</Image>\n'
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        "</OpenSearchDescription>\n"
    )
    return representation.respond(text.encode(), _DESCRIPTION, here.release.id)


@blueprint.get("/suggest")
def suggest() -> Response:
    """Names that go on as the text begins: the text, the names, what they are, and their pages."""
    here = site()
    text = single("q")
    hits = here.find(text, MOST)
    answer = [
        text,
        [hit.label for hit in hits],
        [hit.kind if hit.matched == hit.label else f"{hit.matched} · {hit.kind}" for hit in hits],
        [here.addresses.absolute(here.addresses.page(hit.iri) or "/") for hit in hits],
    ]
    return representation.respond(json.dumps(answer, ensure_ascii=False).encode(), _SUGGESTIONS, here.release.id)
