"""What a reader asks of the matrix: the day, the States, the treaties and the order; and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from flask import request

from migov import errors
from migov.web import day
from migov.web.language import E_
from migov.web.matrix import groups
from migov.web.matrix.groups import Group
from migov.web.matrix.standings import Actor, Standing, Standings, Treaty
from migov.web.paging import single
from migov.web.words import local, natural

MOST: Final = 30
"""So many treaties can be chosen one by one; a group may have more."""
NAME, REGION, PARTIES = "name", "region", "parties"
TABLE, MAP = "table", "map"
_VIEWS: Final = ("", TABLE, MAP)


@dataclass(frozen=True)
class Choice:
    """The parameters of a request, all of them known to be sound; ``on`` is the day asked for, '' for the latest."""

    standings: Standings
    latest: str
    on: str = ""
    region: str = ""
    group: str = ""
    chosen: tuple[str, ...] = ()
    sort: str = NAME
    view: str = TABLE

    @property
    def day(self) -> str:
        """The day that is shown."""
        return self.on or self.latest

    @property
    def kind(self) -> Group | None:
        """The group of treaties shown; None where only single ones are."""
        if self.group:
            return groups.BY_CODE[self.group]
        return None if self.chosen else groups.DEFAULT

    @cached_property
    def treaties(self) -> Sequence[Treaty]:
        """The treaties shown: those of the group, then those chosen one by one."""
        kind = self.kind
        found = {treaty.key: treaty for treaty in (groups.members(kind, self.standings.treaties) if kind else ())}
        return list({**found, **{key: self.standings.treaties[key] for key in self.chosen}}.values())

    @cached_property
    def columns(self) -> Mapping[str, Mapping[str, Standing]]:
        """Where everybody stands on the day, by the key of each treaty shown and by IRI."""
        return {treaty.key: self.standings.column(treaty, self.day) for treaty in self.treaties}

    @cached_property
    def actors(self) -> Sequence[Actor]:
        """The States shown, and whoever else acted towards a treaty shown, in no order."""
        found = self.standings.actors.values()
        if self.region:
            return [actor for actor in found if self.region in {local(actor.part), local(actor.whole)}]
        return [actor for actor in found if actor.code or self._acted(actor)]

    def _acted(self, actor: Actor) -> bool:
        return any(actor.iri in self.standings.periods(treaty.iri) for treaty in self.treaties)

    def but(self, **changes: object) -> "Choice":
        """The same with something else asked for."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the callers are typed by their words

    def address(self, path: str = "/matrix", **further: str) -> str:
        """The address where it is shown: what is the default stands not in it."""
        kind = "" if self.group == groups.DEFAULT.code and not self.chosen else self.group
        view, sort = (self.view if self.view != TABLE else ""), (self.sort if self.sort != NAME else "")
        said = [("view", view), ("group", kind), *(("treaty", key) for key in self.chosen), ("region", self.region)]
        said += [(day.NAME, self.on), ("sort", sort), *further.items()]
        query = urlencode([(name, value) for name, value in said if value])
        return f"{path}?{query}" if query else path


def asked(standings: Standings, latest: str) -> Choice:
    """What the request asks for; BadRequest for what is malformed, NoSuchEntity for what is not known."""
    group, region, view = single("group"), single("region"), single("view")
    if group and group not in groups.BY_CODE:
        told = E_(
            "There is no group of treaties %(given)s; there are %(known)s.",
            given=group[:40],
            known=_listed(groups.BY_CODE),
        )
        raise errors.NoSuchEntity(told)
    if region in standings.actors and standings.actors[region].part:
        region = local(standings.actors[region].part)
    if region and region not in regions(standings):
        known = _listed(regions(standings))
        raise errors.NoSuchEntity(
            E_("There is no region %(given)s; there are %(known)s.", given=region[:40], known=known)
        )
    if view not in _VIEWS:
        raise errors.BadRequest(E_("view is table or map; %(given)s is neither.", given=view[:20]))
    made = Choice(standings, latest, day.asked(), region, group, _chosen(standings), view=view or TABLE)
    return made.but(sort=_sorted(made, single("sort") or NAME))


def _chosen(standings: Standings) -> tuple[str, ...]:
    given = [text.strip() for text in request.args.getlist("treaty")]
    keys = dict.fromkeys(local(text.removeprefix("doc:")) for text in given if text)
    for key in keys:
        if key not in standings.treaties:
            raise errors.NoSuchEntity(unknown_treaty(standings, key))
    if len(keys) > MOST:
        told = E_("%(count)s treaties are chosen; choose %(most)s at most, or a group.", count=len(keys), most=MOST)
        raise errors.BadRequest(told)
    return tuple(keys)


def unknown_treaty(standings: Standings, key: str) -> str:
    """What to tell of a key that no treaty has, with those that it may stand for."""
    near = get_close_matches(key.casefold(), standings.treaties, 3, 0.5)
    if near:
        return E_("No treaty has the key %(given)s. Is it %(near)s?", given=key[:40], near=", ".join(near))
    return E_("No treaty has the key %(given)s.", given=key[:40])


def _sorted(choice: Choice, sort: str) -> str:
    known = {NAME, REGION, PARTIES, *(treaty.key for treaty in choice.treaties)}
    if sort.removeprefix("-") in known:
        return sort
    told = E_(
        "sort is name, region, parties, or the key of a treaty shown, with a minus sign before it for the other way "
        "round; %(given)s is none of them.",
        given=sort[:40],
    )
    raise errors.BadRequest(told)


def regions(standings: Standings) -> Mapping[str, str]:
    """The IRIs of the parts of the world, large and small, by their codes."""
    found = {part for actor in standings.actors.values() for part in (actor.part, actor.whole) if part}
    return {local(iri): iri for iri in sorted(found)}


def _listed(codes: Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(sorted(codes, key=natural))
