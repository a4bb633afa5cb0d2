"""Ways in: search, the index of classes and their individuals, and the list of sources."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template

from migov import errors
from migov.graph import search as search_index
from migov.marking import E_, N_
from migov.store import Iri, Term
from migov.web import language, representation, words
from migov.web.entity import acceptable, data_document, split
from migov.web.negotiation import GRAPH_FORMATS, HTML, JSON
from migov.web.paging import pages, single
from migov.web.reader import Row
from migov.web.record import Value, other_language, said
from migov.web.representation import Link
from migov.web.site import Site, site
from migov.web.terms import Entry

blueprint = Blueprint("catalogue", __name__)
DATASET = "/data/dataset"
PER_PAGE = 200
BY_NAME = 2000
"""Larger classes are listed by key: to sort them all by name takes the engine too long."""
HITS = 50
SOURCES_PER_PAGE = 100


def html_page(here: Site, path: str, body: str, *, links: Iterable[Link] = (), negotiated: bool = False) -> Response:
    """A page with its canonical address."""
    links = [*links, Link(here.addresses.absolute(path), "canonical")]
    return representation.respond(body.encode(), HTML, here.release.id, links=links, negotiated=negotiated)


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """Where crawlers look for the description of a dataset (VoID, section 7.2)."""
    here = site()
    form = acceptable(GRAPH_FORMATS)
    return representation.see_other(here.addresses.link(f"{DATASET}.{form.extension}"), here.alternates("/", DATASET))


@blueprint.get(f"{DATASET}.<extension>")
def description(extension: str) -> Response:
    """The description of the dataset."""
    _, form = split(f"dataset.{extension}")
    return data_document(site(), "", "dataset", form, page="/")


@blueprint.get("/search")
def search() -> Response:
    """Entities by any name they have, for people and for programs."""
    here = site()
    text = single("q")
    form = acceptable((HTML, JSON))
    hits = here.find(text, HITS)
    if form is JSON:
        found = [{"iri": h.iri, "label": h.label, "matched": h.matched, "kind": h.kind} for h in hits]
        body = json.dumps({"query": text, "results": found}, ensure_ascii=False, indent=1).encode()
        return representation.respond(body, JSON, here.release.id, negotiated=True)
    rows = [(hit, here.addresses.href(hit.iri)) for hit in _spoken(here, hits)]
    path = f"/search?{urlencode({'q': text})}" if text else "/search"
    meant = "" if rows else here.near(text)
    shown = render_template("search.html", text=text, rows=rows, meant=meant, path=path)
    response = html_page(here, path, shown, negotiated=True)
    response.headers[representation.CONTENT_POLICY] = representation.WITH_SCRIPT
    return response


def _spoken(here: Site, hits: Iterable[search_index.Hit]) -> list[search_index.Hit]:
    """Hits with their names and kinds in the reader's language, as far as there are any."""
    kinds = {here.reader.english(iri): iri for iri in here.release.manifest.counts}
    return [
        replace(
            hit,
            label=here.reader.translation(hit.iri) or hit.label,
            kind=here.reader.term_label(kinds[hit.kind]) if hit.kind in kinds else hit.kind,
        )
        for hit in hits
    ]


def total(here: Site, name: str) -> int:
    """How many individuals a class has, its subclasses' included, as far as the manifest counts."""
    counts = here.release.manifest.counts
    target = here.addresses.iri(f"ontology/{name}")
    below = sum(n for iri, n in counts.items() if target in here.reader.ancestors(iri))
    return max(below, counts.get(target, 0))


def class_groups(here: Site) -> list[tuple[str, list[Entry]]]:
    """Classes with counts, by what they are: things, assertions, and the rest."""
    assertion = here.addresses.iri("ontology/Assertion")
    groups: dict[str, list[Entry]] = {N_("Things"): [], N_("Statements"): [], N_("Behind them"): []}
    for iri, number in sorted(here.release.manifest.counts.items(), key=lambda item: (-item[1], item[0])):
        group = "Statements" if assertion in {iri, *here.reader.ancestors(iri)} else _other_group(here, iri)
        label = words.plural(words.sentence_case(here.reader.term_label(iri)), words.local(iri))
        groups[group].append(Entry(label, here.addresses.link(f"/browse/{words.local(iri)}"), number))
    return [(heading, entries) for heading, entries in groups.items() if entries]


_BEHIND = {"owl", "rdf-schema", "22-rdf-syntax-ns", "skos", "void", "dcat", "prov"}


def _other_group(here: Site, iri: str) -> str:
    behind = any(f"/{part}#" in iri for part in _BEHIND) or words.local(iri) in {"Evidence", "Indicator"}
    return "Behind them" if behind else "Things"


@blueprint.get("/browse")
def browse() -> Response:
    """Every class with its number of individuals."""
    here = site()
    body = render_template("browse.html", groups=class_groups(here), path="/browse")
    return html_page(here, "/browse", body)


@blueprint.get("/browse/<name>")
def individuals(name: str) -> Response:
    """The individuals of a class by name, a page at a time."""
    here = site()
    iri = class_called(here, name)
    count = here.release.manifest.counts.get(iri) or len(here.reader.rows("instances", entity=Iri(iri)))
    part = pages(f"/browse/{name}", count, PER_PAGE)
    query = "instances" if count <= BY_NAME else "instances-by-key"
    rows = here.reader.part_of(query, PER_PAGE, part.offset, entity=Iri(iri))
    body = render_template(
        "individuals.html",
        path=f"/browse/{name}",
        label=words.plural(words.sentence_case(here.reader.term_label(iri)), name),
        definition=said(here.reader.defined(iri)),
        term=here.addresses.href(iri),
        entries=entries(here, rows),
        part=part,
    )
    return html_page(here, part.own, body)


def class_called(here: Site, name: str) -> str:
    """The class with this local name: ours, or one reused; NoSuchEntity when nothing has it."""
    found = list(here.release.manifest.counts)
    found += [iri for iri, node in here.reader.terms.items() if "Class" in {words.local(c) for c in node.classes}]
    matching = sorted({iri for iri in found if words.local(iri) == name}, key=lambda iri: not iri.startswith(here.base))
    if not matching:
        raise errors.NoSuchEntity(E_("No class is called %(name)s.", name=name))
    return matching[0]


def entries(here: Site, rows: list[Row]) -> list[Value]:
    """Rows of ``node`` and ``label`` as links."""
    names = here.reader.names_of(row["node"].value for row in rows if "label" not in row)
    names.read(row for row in rows if "label" in row)
    found = []
    for row in rows:
        node: Term = row["node"]
        label = here.reader.label(node.value, names)
        found.append(Value(label.value, here.addresses.href(node.value), other_language(label)))
    return found


@blueprint.get("/sources")
def sources() -> Response:
    """Every document that was read, and how much rests on it, the one with most places first."""
    here = site()
    found = sources_of(here)
    part = pages("/sources", len(found), SOURCES_PER_PAGE)
    resting = here.reader.once("source-statements", lambda: _statements(here), worded=False)
    body = render_template("sources.html", sources=part.cut(found), resting=resting, path="/sources", part=part)
    return html_page(here, part.own, body)


Said = Mapping[str, str | int | None]


def sources_of(here: Site) -> list[Said]:
    """The documents that evidence was read in, with what is said of each."""
    return here.reader.once("sources", lambda: _sources(here))


def _sources(here: Site) -> list[Said]:
    found: list[Said] = []
    for row in here.reader.rows("sources"):
        said: dict[str, str | int | None] = {key: value.value for key, value in row.items()}
        label = here.reader.translation(row["document"].value)
        said |= {"label": label, "language": language.current()} if label else {"language": language.DEFAULT}
        said |= {"places": int(row["places"].value), "href": here.addresses.href(row["document"].value)}
        found.append(said)
    return sorted(found, key=lambda said: (-int(said["places"] or 0), str(said.get("label"))))


def _statements(here: Site) -> dict[str, int]:
    """How many statements rest on each document: counted apart, for it takes the engine longest."""
    return {row["document"].value: int(row["statements"].value) for row in here.reader.rows("source-statements")}
