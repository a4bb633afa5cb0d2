"""The home page: search, doors, featured questions, what came last, and the files of the dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request

from migov.library import Question
from migov.web import citation, dump, library, representation, schemaorg, wording
from migov.web.catalogue import DATASET, Said, html_page, sources_of, total
from migov.web.language import N_, _
from migov.web.negotiation import GRAPH_FORMATS, HTML, choose
from migov.web.reader import Names
from migov.web.record import Value
from migov.web.representation import Link
from migov.web.site import Site, site
from migov.web.terms import Entry

blueprint = Blueprint("welcome", __name__)

_HIGHLIGHTS: Final = (
    ("State", N_("States")),
    ("Treaty", N_("treaties")),
    ("TreatyAction", N_("acts on treaties")),
    ("IntergovernmentalOrganisation", N_("intergovernmental organisations")),
    ("Membership", N_("memberships")),
)
QUESTIONS: Final = 6
NEWEST: Final = 5
_DOORS: Final = (
    ("State", N_("A State"), N_("What binds it, where it belongs, how it voted: today or on a past day."), "state/PHL"),
    (
        "Treaty",
        N_("A treaty"),
        N_("Who is bound since when, by which act, and how complete the list is."),
        "document/icrmw",
    ),
    (
        "IntergovernmentalOrganisation",
        N_("An organisation"),
        N_("Members, bodies, heads, mandates and figures, with the names it has had."),
        "org/iom",
    ),
)
"""A class, what its door is called, what lies behind it, and one of its individuals to begin with."""
_EXAMPLES: Final = ("IOM", "Migrant Workers Convention", "Philippines", "Global Compact", "Amy Pope")


@dataclass(frozen=True)
class Door:
    """A way into the graph: its name, what is found behind it, where it leads, and an example."""

    name: str
    told: str
    href: str
    example: Value | None = None


@dataclass(frozen=True)
class Act:
    """An act towards a treaty: its day, who did what, and to which treaty."""

    when: Value
    actor: Value
    kind: Value
    treaty: Value


@blueprint.get("/")
def home() -> Response:
    """The dataset: for people what it is and where to start, for programs its description in VoID, DCAT and PROV."""
    here = site()
    form = choose(request.headers.get("Accept"), (HTML, *GRAPH_FORMATS)) or HTML
    if form is not HTML:
        return representation.see_other(
            here.addresses.link(f"{DATASET}.{form.extension}"), here.alternates("/", DATASET)
        )
    sources = sources_of(here)
    body = render_template(
        "home.html",
        path="/",
        linked=schemaorg.home(here, _("Who governs migration, by what texts, since when, and which source says so.")),
        doors=doors(here),
        examples=examples(here),
        statements=total(here, "Assertion"),
        highlights=highlights(here),
        sources=sources,
        questions=questions(here),
        acts=latest_acts(here),
        newest=newest(sources),
        files=[(form, wording.size(size)) for form, size in dump.files(here)],
        citation=citation.cited(here, citation.dataset(here), "dataset"),
    )
    links = [*here.alternates("/", DATASET)[1:], Link(here.base, "describes")]
    response = html_page(here, "/", body, links=links, negotiated=True)
    response.headers[representation.CONTENT_POLICY] = representation.WITH_SCRIPT
    return response


def highlights(here: Site) -> list[Entry]:
    """The counts that tell most of what there is, as far as there is any."""
    counts = here.release.manifest.counts
    found = []
    for name, label in _HIGHLIGHTS:
        number = counts.get(here.addresses.iri(f"ontology/{name}"), 0)
        if number:
            found.append(Entry(_(label), here.addresses.link(f"/browse/{name}"), number))
    return found


def doors(here: Site) -> list[Door]:
    """Where to start: only what there is."""
    counts = here.release.manifest.counts
    iris = {example: here.addresses.iri(f"id/{example}") for _c, _n, _t, example in _DOORS}
    names = _names(here)
    found = []
    for kind, name, told, example in _DOORS:
        if counts.get(here.addresses.iri(f"ontology/{kind}")):
            known = names.of(iris[example])
            shown = Value(known.value, here.addresses.href(iris[example])) if known else None
            found.append(Door(_(name), _(told), here.addresses.link(f"/browse/{kind}"), shown))
    return found


def _names(here: Site) -> Names:
    """The names of what this page speaks of; the build has read them, so that the page waits for no store."""
    return Names().read(here.reader.rows("home-names"))


def examples(here: Site) -> list[str]:
    """Words to search for that are found here."""
    return here.reader.once("search examples", lambda: [text for text in _EXAMPLES if here.find(text, 1)])


def questions(here: Site) -> list[tuple[Question, str]]:
    """The featured questions, each with the first sentence of what is said about it."""
    found = library.questions(here.reader)[:QUESTIONS]
    return [(question, first_sentence(_(question.about))) for question in found]


def first_sentence(text: str) -> str:
    """The first sentence of a text, without what follows a semicolon in it."""
    return text.split(". ")[0].split("; ")[0].rstrip().rstrip(".") + "." if text else ""


def latest_acts(here: Site) -> list[Act]:
    """The last acts of the record, the latest first."""
    rows = here.reader.rows("latest-acts")
    names = _names(here)

    def named(iri: str) -> Value:
        return Value(here.reader.label(iri, names).value, here.addresses.href(iri))

    return [
        Act(
            Value(wording.date(row["date"].value), here.addresses.href(row["act"].value)),
            named(row["actor"].value),
            named(row["type"].value),
            named(row["treaty"].value),
        )
        for row in rows
    ]


def newest(sources: Sequence[Said]) -> list[Said]:
    """The sources of the latest day, the newest first."""
    dated = [source for source in sources if source.get("issued")]
    return sorted(dated, key=lambda source: str(source["issued"]), reverse=True)[:NEWEST]
