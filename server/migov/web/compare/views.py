"""``/compare``: the forms, the comparison, one section of it at length, and its CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, render_template

from migov import errors
from migov.web import neighbours, representation, wording
from migov.web.compare import choice, facts, pairs, things
from migov.web.compare.choice import Choice
from migov.web.compare.pairs import Group, Section
from migov.web.compare.sides import HEADINGS, Entry, Sides
from migov.web.language import E_, _
from migov.web.negotiation import BY_KEY, HTML
from migov.web.paging import Pages, pages, single
from migov.web.record import Value
from migov.web.representation import Link
from migov.web.site import Site, site
from migov.web.spreadsheet import harmless

blueprint = Blueprint("compare", __name__)
_CSV: Final = BY_KEY["csv"]
_CUTS: Final = (1000, 100, 50, 25, 12, 6, 3)
_MOST: Final = 210
"""So many rows stand on one page of a comparison; groups are cut so that it holds, and have pages of their own."""


@dataclass(frozen=True)
class Compared:
    """A comparison as it is shown: both sides by name, and the sections; ``cut`` rows of each group are shown."""

    choice: Choice
    sides: Sides
    names: tuple[Value, Value]
    heads: tuple[str, str]
    sections: list[Section]
    cut: int

    def heading(self, section: Section) -> str:
        """What a section is called."""
        group = neighbours.GROUPS.get(section.code)
        return _(HEADINGS.get(section.code) or (group.heading if group else section.code))

    def told(self, group: Group) -> str:
        """What the rows of a group have in common."""
        if self.choice.dated:
            return _(pairs.OF_DAYS[group.code])
        return _(pairs.OF_TWO[group.code], first=self.heads[0], second=self.heads[1])

    def name(self, key: str) -> str:
        """What a row is about."""
        return self.sides.name(key) if "://" in key else key

    def link(self, key: str) -> str | None:
        """The page about it."""
        return (
            self.sides.link(key, self.choice.days[0])
            if "://" in key and not self.choice.dated
            else (self.sides.link(key, "") if "://" in key else None)
        )


@blueprint.get("/compare")
def compare() -> Response:
    """Two things on a day or one on two days; without both, the forms to choose them."""
    here = site()
    asked = choice.asked(here)
    if asked is None:
        return _forms(here)
    shown = _compared(here, asked)
    part = None
    if wanted := single("part"):
        shown, part = _part(shown, wanted)
    path = part.own if part else asked.address()
    html = render_template(
        "compare/result.html",
        path=path,
        shown=shown,
        part=part,
        facts=[] if part else facts.of(here, shown.sides, asked),
        csv=asked.address("/compare.csv"),
        offered=things.offered(here, asked.first.kind),
        folded=pairs.FOLDED,
    )
    links = [Link(here.addresses.absolute(path), "canonical")]
    links.append(Link(here.addresses.link(asked.address("/compare.csv")), "alternate", "text/csv"))
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


def _forms(here: Site) -> Response:
    """A form for each kind; what was given already stands in the one that it belongs to."""
    given = single("a") or single("b")
    first = things.called(here, given) if given else None
    kinds = [kind for kind in things.KINDS if first is None or kind == first.kind]
    html = render_template(
        "compare/forms.html",
        path=f"/compare?a={first.path}" if first else "/compare",
        kinds=[(kind, things.KINDS[kind], things.offered(here, kind)) for kind in kinds],
        first=things.value(here, first).text if first else "",
    )
    links = [Link(here.addresses.absolute("/compare"), "canonical")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


def _compared(here: Site, asked: Choice) -> Compared:
    both = (asked.first, asked.second)
    sides = Sides(here, [asked.first] if asked.dated else both, dated=asked.dated)
    first, second = (sides.of(thing, on, asked.latest) for thing, on in zip(both, asked.days, strict=True))
    judge, order = (pairs.of_days, pairs.OF_DAYS) if asked.dated else (pairs.of_two, pairs.OF_TWO)
    found = pairs.sections(first, second, judge, order, lambda key: sides.name(key) if "://" in key else key)
    names = things.value(here, asked.first), things.value(here, asked.second)
    heads = names[0].text, names[1].text
    if asked.dated:
        heads = wording.date(asked.days[0] or asked.latest), wording.date(asked.days[1] or asked.latest)
    lengths = [len(group.lines) for section in found for group in section.groups]
    cut = next((most for most in _CUTS if sum(min(most, length) for length in lengths) <= _MOST), _CUTS[-1])
    return Compared(asked, sides, names, heads, found, cut)


def _part(shown: Compared, wanted: str) -> tuple[Compared, Pages]:
    """One section alone, a page at a time."""
    section = next((section for section in shown.sections if section.code == wanted), None)
    if section is None:
        raise errors.NoSuchEntity(E_("This comparison has no part %(given)s.", given=wanted[:40]))
    part = pages(shown.choice.address(part=wanted), section.count, _MOST)
    rows = part.cut([(group.code, line) for group in section.groups for line in group.lines])
    groups = [Group(group.code, [line for code, line in rows if code == group.code]) for group in section.groups]
    cut = Section(wanted, [group for group in groups if group.lines])
    return replace(shown, sections=[cut], cut=_CUTS[0]), part


@blueprint.get("/compare.csv")
def file() -> Response:
    """Every row of a comparison."""
    here = site()
    asked = choice.asked(here)
    if asked is None:
        raise errors.BadRequest(E_("A comparison needs a and b, or a and two days (on, on2)."))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(_rows(_compared(here, asked)))
    response = representation.respond(
        text.getvalue().encode(),
        _CSV,
        here.release.id,
        links=[Link(here.addresses.link(asked.address()), "alternate", HTML.media_type)],
    )
    response.headers["Content-Disposition"] = 'inline; filename="migov-comparison.csv"'
    return response


def _rows(shown: Compared) -> Iterator[list[str]]:
    sides = [thing.path + (f" {day}" if day else "") for thing, day in _sides(shown.choice)]
    yield ["section", "group", "name", "iri", *(f"{side}: {column}" for side in sides for column in _COLUMNS)]
    for section in shown.sections:
        for group in section.groups:
            for line in group.lines:
                iri = line.key if "://" in line.key else ""
                own = [shown.heading(section), group.code, shown.name(line.key), iri]
                yield [*map(harmless, own), *_cells(line.first), *_cells(line.second)]


_COLUMNS: Final = ("status", "answer", "when", "statement")


def _sides(asked: Choice) -> list[tuple[things.Thing, str]]:
    return [(asked.first, asked.days[0] or asked.latest), (asked.second, asked.days[1] or asked.latest)]


def _cells(entry: Entry | None) -> list[str]:
    if entry is None:
        return ["unknown", "", "", ""]
    return [harmless(text) for text in (entry.status, entry.word, entry.when, entry.iri)]
