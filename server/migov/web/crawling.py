"""What robots ask for: which addresses are for them, and where all pages are listed (sitemaps.org)."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from migov.errors import NoSuchEntity
from migov.web import language, library, representation, words
from migov.web.negotiation import Format
from migov.web.site import Site, site

blueprint = Blueprint("crawling", __name__)
PART = 8000
"""So many addresses in one file: the protocol allows 50,000, but memory keeps no answer above 1 MiB."""
_PAGES = (
    "/",
    "/browse",
    "/library",
    "/matrix",
    "/compare",
    "/sparql",
    "/page/ontology",
    "/sources",
    "/quality",
    "/quality/lists",
    "/quality/differences",
    "/dump/",
    "/about",
    "/about/evidence",
    "/about/cite",
    "/about/api",
    "/about/accessibility",
    "/formats",
    "/limits",
    "/problem/",
)
_ENDLESS = (
    "/sparql?",
    "/matrix?",
    "/compare?",
    "/matrix/",
    "/compare?",
    "/search",
    "/suggest",
    "/complete",
    "/cite/",
    "/library/*?",
    "/*?on=",
    "/*&on=",
    "/*?lang=",
    "/*&lang=",
)
_XML = Format("xml", "application/xml", "xml", "XML", charset=True)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Pages may be crawled; queries, searches, questions with other values and other days have no end, so may not."""
    here = site()
    root = here.addresses.root
    endless = [path for path in dict.fromkeys(_ENDLESS) if not path.startswith("/*")]
    endless += [language.in_language(path, tag) for tag in language.LANGUAGES for path in endless]
    endless += [path for path in _ENDLESS if path.startswith("/*")]
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in endless)]
    if here.addresses.public:  # an address in full is demanded
        lines += ["", f"Sitemap: {here.addresses.absolute('/sitemap.xml')}"]
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = representation.CACHE_CONTROL
    return response


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The parts of the list of all pages."""
    here = site()
    names = ["pages", *(f"{kind}-{n}" for kind, found in _things(here).items() for n in range(1, _parts(found) + 1))]
    items = "".join(_item(here, "sitemap", f"/sitemap/{name}.xml") for name in names)
    return _answer(here, f'<sitemapindex xmlns="{_NAMESPACE}">\n{items}</sitemapindex>\n')


@blueprint.get("/sitemap/pages.xml")
def pages() -> Response:
    """Every page but those of things: guides, indexes, questions, code lists."""
    here = site()
    paths = [*_PAGES, *(f"/library/{question.name}" for question in library.questions(here.reader))]
    paths += [f"/browse/{words.local(iri)}" for iri in sorted(here.release.manifest.counts)]
    paths += sorted(here.addresses.page(row["scheme"].value) or "/" for row in here.reader.rows("schemes"))
    return _listed(here, list(dict.fromkeys(paths)))


@blueprint.get("/sitemap/<kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """A part of the pages of things of one kind."""
    here = site()
    found = _things(here).get(kind, [])
    if not 1 <= number <= _parts(found) or not found:
        raise NoSuchEntity(f"No part {number} of the list of pages of the kind {kind[:20]!r}.")
    return _listed(here, found[(number - 1) * PART : number * PART])


def _parts(found: Sequence[str]) -> int:
    return -(-len(found) // PART)


def _things(here: Site) -> dict[str, list[str]]:
    """The pages of all things by kind, in order; read once for a release."""

    def read() -> dict[str, list[str]]:
        kinds: dict[str, list[str]] = {}
        for row in here.reader.table("subjects"):
            page = here.addresses.page(row["node"])
            if page:
                kinds.setdefault(page.split("/")[2], []).append(page)
        return {kind: sorted(found) for kind, found in sorted(kinds.items())}

    return here.reader.once("sitemap", read, worded=False)


def _listed(here: Site, paths: Sequence[str]) -> Response:
    items = "".join(_item(here, "url", path) for path in paths)
    return _answer(here, f'<urlset xmlns="{_NAMESPACE}">\n{items}</urlset>\n')


def _item(here: Site, name: str, path: str) -> str:
    created = here.release.manifest.created[:10]
    changed = f"<lastmod>{created}</lastmod>" if created else ""
    return f"<{name}><loc>{escape(here.addresses.absolute(path))}</loc>{changed}</{name}>\n"


def _answer(here: Site, text: str) -> Response:
    return representation.respond((_HEAD + text).encode(), _XML, here.release.id)
