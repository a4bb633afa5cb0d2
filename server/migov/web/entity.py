"""Entities of every kind: ``/id/…`` names the thing, ``/page/…`` and ``/data/…`` are documents about it."""

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from migov.errors import NoSuchEntity, NotAcceptable
from migov.marking import E_
from migov.store import Iri
from migov.web import (
    citation,
    day,
    figures,
    kinds,
    lists,
    representation,
    resting,
    schemaorg,
    statements,
    summary,
)
from migov.web.addresses import KINDS
from migov.web.census import Census, census
from migov.web.negotiation import BY_EXTENSION, GRAPH_FORMATS, HTML, Format, choose
from migov.web.neighbours import kind_of
from migov.web.paging import single
from migov.web.reader import Node
from migov.web.record import Record
from migov.web.representation import Link
from migov.web.site import Site, site

blueprint = Blueprint("entity", __name__)
_KIND = f"any({', '.join(KINDS)})"


@blueprint.get(f"/id/<{_KIND}:kind>/<path:key>")
def thing(kind: str, key: str) -> Response:
    """Send a client from a thing to the document about it that it asked for."""
    return dereference(site(), f"id/{kind}/{key}", f"{kind}/{key}")


def dereference(here: Site, local: str, document: str, page: str = "") -> Response:
    """Answer 303 with the document in the format that ``Accept`` prefers; pages win between equals.

    An IRI that was retired answers 301 with that of what replaced it.
    """
    if successor := must_exist(here, here.addresses.iri(local)):
        return representation.moved(here.addresses.link(successor))
    form = acceptable((HTML, *GRAPH_FORMATS))
    page = page or f"/page/{document}"
    data = f"/data/{document}"
    target = page if form is HTML else f"{data}.{form.extension}"
    links = here.alternates(page, data)
    links.append(Link(here.addresses.link(target), "describedby", form.media_type))
    return representation.see_other(here.addresses.link(target), links)


def acceptable(offered: tuple[Format, ...]) -> Format:
    """The format to answer in; NotAcceptable names those there are."""
    form = choose(request.headers.get("Accept"), offered)
    if form is None:
        available = [form.media_type for form in offered]
        told = E_("This resource comes as %(types)s.", types=", ".join(available))
        raise NotAcceptable(told, available=available)
    return form


def must_exist(here: Site, iri: str) -> str | None:
    """Return the path of what replaced an IRI, if it is retired; NoSuchEntity unless something is said of it."""
    found = here.reader.rows("exists", entity=Iri(iri))
    if not found:
        raise NoSuchEntity(E_("The graph says nothing of <%(iri)s>.", iri=iri))
    return here.addresses.path(found[0]["successor"].value) if "successor" in found[0] else None


@blueprint.get(f"/page/<{_KIND}:kind>/<path:key>")
def page(kind: str, key: str) -> Response:
    """The page about a thing."""
    return record_page(site(), f"id/{kind}/{key}", f"{kind}/{key}")


def record_page(here: Site, local: str, document: str) -> Response:
    """The page about whatever has an IRI: facts, figures, lists, disagreements, names, sources, formats.

    With ``?list=`` it is the page of one of its long lists, and ``?page=`` says which part of it; with ``?on=`` the
    lists are those of a day.
    """
    iri = here.addresses.iri(local)
    path, data = f"/page/{document}", f"/data/{document}"
    known, on = census(here.reader, iri), day.asked()
    if chosen := single("list"):
        return list_page(here, iri, path, known, chosen)
    record = Record(here.reader, here.addresses, statements.read(here.reader, iri, known), on)
    part, counted = lists.parts(path, "", on), figures.read(record) if known.find(figures.NAME) else []
    about = kinds.About(here, record, known, part, path, counted)
    shown = kinds.shown(about)
    found, dated = about.lists_but(shown.unread), lists.dated(known)
    told = summary.summary(record, lists.told(found), lists.statements(here.reader, known))
    html = render_template(
        shown.template,
        record=record,
        facts=about.facts.without(shown.facts),
        lists=[
            *(listed for listed in found if listed.name not in shown.lists),
            *resting.listing_of(here, record, part),
        ],
        properties=shown.left(record.properties),
        incoming=shown.left(record.incoming),
        dated=dated,
        rivalries=about.rivalries,
        summary=told,
        citation=citation.cited(
            here,
            citation.record(here, record.title.text, document, iri, on if dated else ""),
            document,
            {day.NAME: on if dated else ""},
        ),
        path=day.kept(path, on),
        linked=schemaorg.record(here, record, path, told.text),
        plain=path,
        data_links=here.data_links(data),
        **shown.more,
        network=day.kept(f"/network/{document}", on) if kind_of(iri, here.base) else "",
    )
    links = here.alternates(path, data)[1:]
    links += [Link(here.addresses.absolute(day.kept(path, on)), "canonical"), Link(iri, "describes")]
    links.append(Link(here.addresses.link(f"{data}.ttl"), "describedby", BY_EXTENSION["ttl"].media_type))
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


def list_page(here: Site, iri: str, path: str, known: Census, chosen: str) -> Response:
    """One long list about an entity, a page at a time; NoSuchEntity when it has no such list."""
    names = here.reader.names_of([iri])
    record = Record(here.reader, here.addresses, statements.Neighbourhood(Node(iri), names=names), day.asked())
    part = lists.parts(path, chosen, record.day)
    found = lists.lists(record, known, part, chosen)
    if chosen == resting.NAME:
        found = resting.listing_of(here, record, part)
    if not found:
        raise NoSuchEntity(E_("There is no list %(name)s of <%(iri)s>.", name=repr(chosen[:60]), iri=iri))
    own, home = found[0].part.own, day.kept(path, record.day)
    html = render_template(
        "list.html", record=record, list=found[0], path=own, home=home, plain=path, dated=lists.dated(known)
    )
    links = [Link(here.addresses.absolute(own), "canonical"), Link(here.addresses.link(home), "up")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


@blueprint.get(f"/data/<{_KIND}:kind>/<path:file>")
def data(kind: str, file: str) -> Response:
    """All that the graph says of a thing, in one format."""
    key, form = split(file)
    return data_document(site(), f"id/{kind}/{key}", f"{kind}/{key}", form)


def split(file: str) -> tuple[str, Format]:
    """The key and the format that the name of a data document asks for."""
    key, _, extension = file.rpartition(".")
    if not key or extension not in BY_EXTENSION:
        raise NotFound
    return key, BY_EXTENSION[extension]


def data_document(here: Site, local: str, document: str, form: Format, page: str = "") -> Response:
    """The description of an IRI as the store writes it, with links to its other formats."""
    iri = here.addresses.iri(local)
    body = here.store.describe(iri, form.key, limits=here.config.limits)
    return with_links(here, body, form, iri, document, page)


def with_links(
    here: Site, body: bytes, form: Format, iri: str, document: str, page: str = "", about: Link | None = None
) -> Response:
    """A data document with its links: itself, what it describes (or ``about`` instead), and the other formats."""
    path = f"/data/{document}"
    own = here.addresses.link(f"{path}.{form.extension}")
    links = [link for link in here.alternates(page or f"/page/{document}", path) if link.target != own]
    links.append(Link(here.addresses.absolute(f"{path}.{form.extension}"), "canonical"))
    links.append(about or Link(iri, "describes"))
    return representation.respond(body, form, here.release.id, links=links)
