"""The network of an entity: what it is linked to, drawn by the server, as a table, and as files for graph tools."""

from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from migov import errors
from migov.marking import E_
from migov.web import day, neighbours, netfile, netlayout, netview, paging, representation
from migov.web.entity import must_exist
from migov.web.negotiation import HTML, NETWORK_FORMATS, Format
from migov.web.neighbours import KINDS, RELATIONS, Tie, read
from migov.web.reader import Names, Node
from migov.web.record import Record
from migov.web.representation import Link
from migov.web.site import Site, site
from migov.web.statements import Neighbourhood

blueprint = Blueprint("network", __name__)
_KIND = f"any({', '.join(KINDS)})"


def asked() -> list[str]:
    """The kinds of link asked for, each once; BadRequest for one that there is not. None means all."""
    chosen = list(dict.fromkeys(value.strip() for value in request.args.getlist("relation") if value.strip()))
    unknown = [value for value in chosen if value not in RELATIONS]
    if unknown:
        raise errors.BadRequest(f"{unknown[0][:40]!r} is no kind of link; there are {', '.join(RELATIONS)}.")
    return [code for code in RELATIONS if code in chosen]


def depth_asked() -> int:
    """How many steps from the entity are asked for: 1 or 2; BadRequest for anything else."""
    text = paging.single("depth") or "1"
    if text not in {"1", "2"}:
        raise errors.BadRequest(E_("depth is 1 or 2; %(text)s is neither.", text=repr(text[:20])))
    return int(text)


def further(here: Site, iri: str, ties: list[Tie], chosen: list[str], on: str) -> list[Tie]:
    """The links of the neighbours to others than the entity; none where there are too many neighbours."""
    first = {tie.other for tie in ties}
    if len(first) > netview.SMALL:
        return []
    found = neighbours.beyond(here.reader, first, on)
    return [tie for tie in found if tie.other != iri and (not chosen or tie.relation in chosen)]


def address(path: str, relations: list[str], on: str, **more: str) -> str:
    """An address of a network with its parameters."""
    pairs = [("relation", code) for code in relations] + [(day.NAME, on)] * bool(on) + list(more.items())
    return f"{path}?{urlencode(pairs)}" if pairs else path


@blueprint.get("/network.<extension>")
def whole(extension: str) -> Response:
    """Every link between organisations and States as one file."""
    here, chosen, on = site(), asked(), day.asked()
    form = next((form for form in NETWORK_FORMATS if form.extension == extension), None)
    if form is None:
        raise NotFound
    ties = [tie for tie in neighbours.whole(here.reader, on) if not chosen or tie.relation in chosen]
    names = _names(here, "", ties)
    title = "What organisations and States are linked to"
    return _file(here, title, ties, names, form, address(f"/network.{extension}", chosen, on))


def _file(here: Site, title: str, ties: list[Tie], names: Names, form: Format, own: str, iri: str = "") -> Response:
    """A network as a file; ``iri`` is what it is the network of, if it is of one thing."""
    created = here.release.manifest.created[:10]
    first = [iri] if iri else []
    made = netfile.graph(title, created, here.base, ties, lambda node: _label(here, node, names), first)
    links = [Link(here.addresses.absolute(own), "canonical")]
    links += [Link(iri, "describes")] if iri else []
    response = representation.respond(netfile.write(made, form.key), form, here.release.id, links=links)
    response.headers["Content-Disposition"] = "attachment"
    return response


def _label(here: Site, iri: str, names: Names) -> str:
    return here.reader.label(iri, names).value


@blueprint.get(f"/network/<{_KIND}:kind>/<path:key>")
def neighbourhood(kind: str, key: str) -> Response:
    """The picture and the table of what an entity is linked to."""
    here, chosen, on = site(), asked(), day.asked()
    form = next((form for form in NETWORK_FORMATS if key.endswith(f".{form.extension}")), None)
    key = key.removesuffix(f".{form.extension}") if form else key
    iri = here.addresses.iri(f"id/{kind}/{key}")
    if successor := must_exist(here, iri):
        return representation.moved(
            here.addresses.link(successor.replace("/id/", "/network/", 1)) + (f".{form.extension}" if form else "")
        )
    every, depth = read(here.reader, [iri], on), depth_asked()
    ties = [tie for tie in every if not chosen or tie.relation in chosen]
    if depth > 1:
        ties += further(here, iri, ties, chosen, on)
    more = {"depth": str(depth)} if depth > 1 else {}
    if form:
        names = _names(here, iri, ties)
        title = f"What {_label(here, iri, names)} is linked to"
        return _file(
            here, title, ties, names, form, address(f"/network/{kind}/{key}.{form.extension}", chosen, on, **more), iri
        )
    return _page(here, iri, f"/network/{kind}/{key}", every, ties, chosen, on, more)


def _page(
    here: Site, iri: str, path: str, every: list[Tie], ties: list[Tie], chosen: list[str], on: str, more: dict[str, str]
) -> Response:
    names = _names(here, iri, ties)
    record = Record(here.reader, here.addresses, Neighbourhood(Node(iri), names=names), on)
    lists = {code: here.addresses.link(address(path, [code], on)) + "#h-network" for code in RELATIONS}
    near = [tie for tie in ties if tie.node == iri]
    first = {tie.other for tie in near}
    sectors = netview.sectors(record, near, lists)
    drawn = sum(len(sector.items) for sector in sectors)
    beyond, chords = netview.second_step(record, [tie for tie in ties if tie.node != iri], first)
    sectors += beyond
    own = address(path, chosen, on, **more)
    table = netview.table(record, ties, lambda _, count, rows: paging.pages(own, count, rows))
    html = render_template(
        "network.html",
        record=record,
        pictures=[netlayout.wide(sectors, chords), netlayout.narrow(sectors)] if sectors else [],
        table=table,
        choices=netview.choices(every, chosen),
        neighbours=len(first),
        drawn=drawn,
        depth=2 if more else 1,
        small=len(first) <= netview.SMALL,
        kind=path.split("/")[2],
        plain=path,
        path=table.part.own,
        files=[
            (form, here.addresses.link(address(f"{path}.{form.extension}", chosen, on, **more)))
            for form in NETWORK_FORMATS
        ],
    )
    links = [Link(here.addresses.absolute(table.part.own), "canonical"), Link(iri, "describes")]
    links += [
        Link(here.addresses.link(address(f"{path}.{form.extension}", chosen, on, **more)), "alternate", form.media_type)
        for form in NETWORK_FORMATS
    ]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


def _names(here: Site, iri: str, ties: list[Tie]) -> Names:
    named = (
        {iri} | {tie.node for tie in ties} | {tie.other for tie in ties} | {code for tie in ties for code in tie.codes}
    )
    return here.reader.names_of(named)
