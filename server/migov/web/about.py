"""Pages about the whole: what it is, how it knows, how to cite it, how programs use it, and who can read it."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template

from migov.marking import N_
from migov.web import citation
from migov.web.catalogue import html_page, total
from migov.web.language import _
from migov.web.record import Value, said
from migov.web.references import STYLES
from migov.web.site import Site, site

blueprint = Blueprint("about", __name__, url_prefix="/about")
_PAGES: Final = (
    (N_("About"), "/about"),
    (N_("How we know"), "/about/evidence"),
    (N_("How to cite"), "/about/cite"),
    (N_("Use it from programs"), "/about/api"),
    (N_("Accessibility"), "/about/accessibility"),
)
_CASES: Final = {
    "evidence": (
        (
            "relation/icrmw-EGY-accession",
            N_("Four lists print the day on which Egypt acceded; the page has the place in each, and its words."),
        ),
    ),
    "disagreement": (
        (
            "event/iom-foundation-1951",
            N_("Most sources give the year 1951 only, one 5 December, one 6 December; all three stand."),
        ),
        (
            "relation/rome-statute-PHL-denunciation",
            N_("A press article gives another day than the Court; its value stays, set aside, with the reason."),
        ),
    ),
    "dates": (
        (
            "relation/iom-un-related-organisation",
            N_("Its sources give the year 2016 and no day. On 1 June 2016 the answer is therefore “perhaps”."),
        ),
        (
            "state/TTO",
            N_("It left the first Optional Protocol to the Covenant, came back on the same day, and left again."),
        ),
    ),
    "silence": (
        (
            "document/icrmw",
            N_("Several lists are complete as of a day, so whoever is missing there was surely no party then."),
        ),
    ),
}
"""By the section that they illustrate: things of the graph, with what can be seen in them."""


@dataclass(frozen=True)
class Case:
    """A real case: the thing of the graph, and what can be seen in it."""

    thing: Value
    told: str


@blueprint.get("")
def about() -> Response:
    """What this is, who makes it, and under which licence."""
    here = site()
    return _page(here, "/about", "about/about.html", statements=total(here, "Assertion"))


@blueprint.get("/evidence")
def evidence() -> Response:
    """How the graph knows what it says: evidence, disagreement, dates, absence, with cases."""
    here = site()
    return _page(here, "/about/evidence", "about/evidence.html", cases=cases(here))


@blueprint.get("/cite")
def cite() -> Response:
    """How to cite the dataset, a record, an answer; and why the release belongs to it."""
    here = site()
    known = citation.cited(here, citation.dataset(here), "dataset")
    return _page(here, "/about/cite", "about/cite.html", citation=known, styles=STYLES)


@blueprint.get("/api")
def api() -> Response:
    """Addresses, formats and examples for programs."""
    here = site()
    base = here.addresses.public.rstrip("/") or here.base.rstrip("/")
    return _page(here, "/about/api", "about/api.html", base=base)


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """What is done so that everybody can read these pages, and what is known to be missing."""
    return _page(site(), "/about/accessibility", "about/accessibility.html")


def _page(here: Site, path: str, template: str, **values: object) -> Response:
    pages = [(_(label), target) for label, target in _PAGES]
    return html_page(here, path, render_template(template, path=path, pages=pages, **values))


def cases(here: Site) -> dict[str, list[Case]]:
    """The cases that this graph has, by section."""
    iris = {key: here.addresses.iri(f"id/{key}") for found in _CASES.values() for key, _told in found}
    names = here.reader.names_of(iris.values())

    def shown(key: str) -> Value:
        name = said(names.of(iris[key]))
        return Value(name.text, here.addresses.href(iris[key]), name.language)

    return {
        section: [Case(shown(key), _(told)) for key, told in found if names.of(iris[key])]
        for section, found in _CASES.items()
    }
