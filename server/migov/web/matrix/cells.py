"""One State and one treaty on a day: the answer, and all that it rests on or that speaks against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from migov.store import Iri
from migov.web import day, wording, words
from migov.web.language import N_, _
from migov.web.matrix import standings as known
from migov.web.matrix import table
from migov.web.matrix.standings import Actor, Complete, Period, Standing, Standings, Treaty
from migov.web.reader import Row
from migov.web.record import Value, other_language
from migov.web.site import Site

_STATUS = {"party": N_("party"), "signatory": N_("signatory"), "former-party": N_("former party")}
_RIVALS = {
    "date": N_("another date: %(value)s"),
    "set-aside": N_("a consent that was set aside: %(value)s"),
    "list": N_("a complete list of %(value)s does not have the State"),
}


@dataclass
class Act:
    """An act with its sources, notes, and what else is said of its dates."""

    kind: str
    date: str
    effect: str
    href: str | None
    deprecated: bool
    sources: list[Value] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    others: list[tuple[Value, str, list[Value]]] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """A period that follows from the acts: status, bounds in words, and whether it holds the day."""

    status: str
    start: Value
    end: str
    holds: str


@dataclass(frozen=True)
class Told:
    """A complete list: its day, its sources, and whether it has the State."""

    day: Value
    sources: list[Value]
    has: str


@dataclass(frozen=True)
class Shown:
    """The page of a cell."""

    path: str
    plain: str
    on: str
    day: str
    state: Value
    treaty: Value
    short: str
    answer: Standing
    since: str
    against: list[tuple[str, str | None, Value]]
    acts: list[Act]
    spans: list[Span]
    lists: list[Told]
    links: list[tuple[str, str]]


class _Names:
    """Links to what the page names, each read once."""

    def __init__(self, here: Site, found: Standings, iris: Iterable[str], on: str) -> None:
        self._here, self._on = here, on
        self._names = here.reader.names_of({*iris})
        self._names.join(found.names)

    def link(self, iri: str) -> Value:
        name = self._here.reader.label(iri, self._names)
        return Value(name.value, self._here.addresses.href(iri), other_language(name))


def build(here: Site, found: Standings, actor: Actor, treaty: Treaty) -> Shown:
    """The page for the day asked for, or for the latest."""
    on = day.asked()
    shown = on or here.release.manifest.as_of
    answer = found.judge(treaty, actor.iri, shown)
    rows = here.reader.rows("acts-between", actor=Iri(actor.iri), treaty=Iri(treaty.iri))
    lists = found.lists.get(treaty.iri, [])
    named = {row[slot].value for row in rows for slot in ("type", "source", "said", "property") if slot in row}
    named |= {source for made in lists for source in made.sources} | {rival.source for rival in answer.rivals}
    names = _Names(here, found, named, on)
    state, title = (_kept(names.link(iri), on) for iri in (actor.iri, treaty.iri))
    path = table.address(actor, treaty, "")
    periods = found.periods(treaty.iri).get(actor.iri, ())
    return Shown(
        day.kept(path, on),
        path,
        on,
        shown,
        state,
        title,
        treaty.short or title.text,
        answer,
        _since(answer),
        [(_rival(rival), here.addresses.href(rival.node), names.link(rival.source)) for rival in answer.rivals],
        _acts(here, names, rows),
        [
            _span(here, period, shown, treaty)
            for period in sorted(periods, key=lambda period: (period.first, period.iri))
        ],
        [_told(here, names, made, actor, rows) for made in reversed(lists)],
        _links(here, actor, treaty, on),
    )


def _kept(value: Value, on: str) -> Value:
    return Value(value.text, day.kept(value.href, on) if value.href else None, value.language)


def _since(answer: Standing) -> str:
    period = answer.period
    return wording.between(period.first, period.last, wording.date) if period else ""


def _rival(rival: known.Rival) -> str:
    return _(_RIVALS[rival.kind], value=wording.date(rival.value))


def _acts(here: Site, names: _Names, rows: Sequence[Row]) -> list[Act]:
    found: dict[str, Act] = {}
    for row in rows:
        said = {name: value.value for name, value in row.items()}
        node = said["node"]
        if node not in found:
            found[node] = Act(
                words.sentence_case(names.link(said["type"]).text),
                wording.date(said["date"]) if "date" in said else _("undated"),
                wording.date(said["effect"]) if "effect" in said else "",
                here.addresses.href(node),
                words.local(said.get("rank", "")) == "deprecated",
            )
        act = found[node]
        _further(act.sources, [names.link(said["source"])] if "source" in said else [])
        _further(act.notes, [said["note"]] if "note" in said else [])
        if "claim" in said:
            _claim(here, names, act, said)
    return list(found.values())


def _claim(here: Site, names: _Names, act: Act, said: dict[str, str]) -> None:
    """Put what another source says of an act beside it, with all sources that say so."""
    value = Value(wording.date(said["value"]), here.addresses.href(said["claim"]))
    kind = here.reader.term_label(said["property"])
    sources = next((other[2] for other in act.others if other[0] == value), None)
    if sources is None:
        sources = []
        act.others.append((value, kind, sources))
    _further(sources, [names.link(said["said"])] if "said" in said else [])


def _further(found: list[Any], more: Iterable[Any]) -> None:
    found.extend(one for one in more if one not in found)


def _span(here: Site, period: Period, shown: str, treaty: Treaty) -> Span:
    start = wording.between(period.first, period.last, wording.date) or _("day not known")
    if period.later:
        start = _("%(day)s or later", day=start)
    end = wording.between(period.end, period.over, wording.date)
    href = here.addresses.href(period.iri)
    holds = {6: N_("yes"), 3: N_("yes"), 2: N_("yes"), 5: N_("perhaps"), 1: N_("perhaps")}
    return Span(
        _(_STATUS.get(period.status, period.status)),
        Value(start, href),
        end,
        holds.get(period.grade(shown, treaty.made), N_("no")),
    )


def _told(here: Site, names: _Names, made: Complete, actor: Actor, rows: Sequence[Row]) -> Told:
    sources = {row[slot].value for row in rows for slot in ("source", "said") if slot in row}
    has = _("has the State") if sources & {*made.sources} else _("does not have the State")
    if actor.iri in made.unread:
        has = _("its row for the State could not be read")
    href = here.addresses.href(made.node)
    return Told(Value(wording.date(made.day), href), [names.link(source) for source in made.sources], has)


def _links(here: Site, actor: Actor, treaty: Treaty, on: str) -> list[tuple[str, str]]:
    row = f"/matrix?region={words.local(actor.part)}" if actor.part else "/matrix"
    latest = here.release.manifest.as_of
    question = day.kept(f"/library/standing?treaty=doc:{treaty.key}", min(on or latest, latest))
    return [
        (_("The States of the region in the matrix"), here.addresses.link(day.kept(row, on))),
        (_("The treaty on the map"), here.addresses.link(day.kept(f"/matrix?view=map&treaty={treaty.key}", on))),
        (_("All States and this treaty, as a question"), here.addresses.link(question)),
        (_("Compare the State with another"), here.addresses.link(f"/compare?a={_path(here, actor.iri)}")),
        (_("Compare the treaty with another"), here.addresses.link(f"/compare?a={_path(here, treaty.iri)}")),
    ]


def _path(here: Site, iri: str) -> str:
    return iri.removeprefix(f"{here.base}id/")
