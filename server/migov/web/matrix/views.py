"""``/matrix``: the table and the map, its CSV, and the page of one cell."""

from typing import Any

from flask import Blueprint, Response, render_template

from migov import errors
from migov.web import representation
from migov.web.language import E_
from migov.web.matrix import cells, choice, groups, sheet, table, tiles
from migov.web.matrix.standings import Actor, Standings, Treaty, standings
from migov.web.negotiation import BY_KEY, HTML
from migov.web.paging import single
from migov.web.representation import Link
from migov.web.site import Site, site
from migov.web.words import local

blueprint = Blueprint("matrix", __name__)
_CSV = BY_KEY["csv"]


@blueprint.get("/matrix")
def matrix() -> Response:
    """States by treaties as of a day, a page at a time; with ``view=map`` one treaty on a map of equal tiles."""
    here = site()
    asked = choice.asked(standings(here.reader), here.release.manifest.as_of)
    if asked.view == choice.MAP:
        drawn = tiles.build(here, asked)
        return _page(here, asked.but(chosen=(drawn.treaty.key,), group="", sort=choice.NAME), "map.html", map=drawn)
    shown = table.build(here, asked)
    return _page(here, asked, "table.html", own=shown.part.own, table=shown)


def _page(here: Site, asked: choice.Choice, template: str, own: str = "", **more: Any) -> Response:
    path = own or asked.address()
    csv = asked.but(view=choice.TABLE).address("/matrix.csv")
    html = render_template(
        f"matrix/{template}",
        path=path,
        choice=asked,
        files=[(kind, asked.but(view=choice.TABLE).address("/matrix.csv", cells=kind)) for kind in sheet.KINDS],
        sheet=sheet.KINDS,
        words=table.WORDS,
        letters=table.LETTERS,
        meanings=table.MEANINGS,
        regions=_regions(here, asked),
        groups=groups.GROUPS,
        offered=_offered(here, asked),
        other=asked.but(view=choice.TABLE if asked.view == choice.MAP else choice.MAP).address(),
        **more,
    )
    links = [Link(here.addresses.absolute(path), "canonical"), Link(here.addresses.link(csv), "alternate", "text/csv")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


def _regions(here: Site, asked: choice.Choice) -> list[tuple[tuple[str, str], list[tuple[str, str]]]]:
    """The large parts of the world with the smaller ones in each, all by code and name."""
    found: dict[str, set[str]] = {}
    for actor in asked.standings.actors.values():
        if actor.part:
            found.setdefault(actor.whole or actor.part, set()).update({actor.part} if actor.whole else ())

    def named(iri: str) -> tuple[str, str]:
        return local(iri), table.title(here, asked, iri).text

    ordered = [(named(whole), sorted(map(named, parts), key=lambda pair: pair[1])) for whole, parts in found.items()]
    return sorted(ordered, key=lambda item: item[0][1])


def _offered(here: Site, asked: choice.Choice) -> list[tuple[str, str]]:
    """Every treaty by key and short form, in the order of names."""
    every = groups.members(groups.BY_CODE["all"], asked.standings.treaties)
    return [(treaty.key, table.short(here, asked, treaty)) for treaty in every]


@blueprint.get("/matrix.csv")
def file() -> Response:
    """All rows of the matrix, with answers, or days, or one line for each cell."""
    here = site()
    asked = choice.asked(standings(here.reader), here.release.manifest.as_of)
    kind = single("cells") or next(iter(sheet.KINDS))
    if kind not in sheet.KINDS:
        raise errors.BadRequest(E_("cells is status, date or rows; %(given)s is none of them.", given=kind[:20]))
    body = sheet.write(here, asked, kind)
    links = [Link(here.addresses.link(asked.address()), "alternate", HTML.media_type)]
    response = representation.respond(body, _CSV, here.release.id, links=links)
    response.headers["Content-Disposition"] = f'inline; filename="migov-matrix-{asked.day}.csv"'
    return response


@blueprint.get("/matrix/<path:actor>/<treaty>")
def one(actor: str, treaty: str) -> Response:
    """One State and one treaty: the answer for the day with what it rests on, every act, and what others say."""
    here = site()
    found = standings(here.reader)
    shown = cells.build(here, found, *_pair(found, actor, treaty))
    html = render_template(
        "matrix/cell.html",
        path=shown.path,
        cell=shown,
        words=table.WORDS,
        meanings=table.MEANINGS,
        letters=table.LETTERS,
    )
    links = [Link(here.addresses.absolute(shown.path), "canonical")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


def _pair(found: Standings, actor: str, treaty: str) -> tuple[Actor, Treaty]:
    if actor not in found.actors:
        raise errors.NoSuchEntity(E_("Nobody who can be a party has the key %(given)s.", given=actor[:40]))
    if treaty not in found.treaties:
        raise errors.NoSuchEntity(choice.unknown_treaty(found, treaty))
    return found.actors[actor], found.treaties[treaty]
