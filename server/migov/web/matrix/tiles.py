"""One treaty on a map of equal tiles: a tile for each State, in blocks of the parts of the world, by name.

Equal tiles show a small island State as well as a large one, and draw no border that somebody disputes. The blocks are
the regions of United Nations statistics (M49); three columns of them stand side by side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migov import errors
from migov.web import wording
from migov.web.language import E_, _
from migov.web.matrix import standings as known
from migov.web.matrix import table
from migov.web.matrix.choice import Choice
from migov.web.matrix.standings import Actor, Standing, Treaty
from migov.web.record import Value
from migov.web.site import Site
from migov.web.words import local

_FIRST = "icrmw"
"""The treaty of a group that is shown first, where it is one of the group."""

_COLUMNS = (("americas",), ("europe", "africa"), ("asia", "oceania"))
"""Which regions stand below each other; any other comes below the last."""


@dataclass(frozen=True)
class Tile:
    """A State: its code, its name with the answer in words, its letter, and the page of its acts."""

    code: str
    told: str
    letter: str
    href: str


@dataclass(frozen=True)
class Block:
    """A smaller part of the world with the tiles of its States."""

    name: str
    tiles: list[Tile]


@dataclass(frozen=True)
class Row:
    """A State in the table beside the map: the answer by letter and word, since when, and the page of its acts."""

    state: Value
    letter: str
    word: str
    since: str
    href: str


@dataclass(frozen=True)
class Map:
    """The map of a treaty: columns of blocks by code and name of their region, the numbers by answer, and the table."""

    treaty: Treaty
    title: Value
    short: str
    columns: list[dict[tuple[str, str], list[Block]]]
    counts: Mapping[str, int]
    rows: Mapping[str, list[Row]]
    listed: str


def build(here: Site, choice: Choice) -> Map:
    """The map of the first treaty asked for."""
    if not choice.treaties:
        raise errors.NoSuchEntity(E_("There is no treaty to show."))
    shown = {treaty.key: treaty for treaty in choice.treaties}
    treaty = shown[choice.chosen[0]] if choice.chosen else shown.get(_FIRST, choice.treaties[0])
    choice = choice.but(group="", chosen=(treaty.key,), sort="name")
    rows: dict[str, list[Row]] = {}
    tiles: list[tuple[Actor, Tile]] = []
    for actor in table.ordered(here, choice):
        answer = table.standing(choice, treaty, actor)
        row = _row(here, choice, actor, answer)
        rows.setdefault(answer.code, []).append(row)
        told = ": ".join(filter(None, (row.state.text, f"{row.word} {row.since}".strip())))
        tiles.append((actor, Tile(table.code_of(actor), told, row.letter, row.href)))
    listed = max((made.day for made in choice.standings.lists.get(treaty.iri, ())), default="")
    return Map(
        treaty,
        table.title(here, choice, treaty.iri),
        table.short(here, choice, treaty),
        _columns(_continents(here, choice, tiles)),
        {code: len(rows.get(code, ())) for code in table.MEANINGS},
        {code: rows[code] for code in table.MEANINGS if code in rows},
        wording.date(listed) if listed else "",
    )


def _continents(here: Site, choice: Choice, tiles: Iterable[tuple[Actor, Tile]]) -> dict[tuple[str, str], list[Block]]:
    """The tiles by larger and smaller part of the world, all by name; last those that are in none."""
    found: dict[tuple[str, str], dict[str, list[Tile]]] = {}
    for actor, tile in tiles:
        whole, (_code, part) = _named(here, choice, actor.whole or actor.part), _named(here, choice, actor.part)
        found.setdefault(whole, {}).setdefault(part, []).append(tile)
    return {
        whole: [Block(name, sorted(parts[name], key=lambda tile: tile.code)) for name in sorted(parts)]
        for whole, parts in sorted(found.items(), key=lambda item: (not item[0][0], item[0][1]))
    }


def _columns(found: dict[tuple[str, str], list[Block]]) -> list[dict[tuple[str, str], list[Block]]]:
    """The larger parts of the world in the columns where they stand."""
    by_code = {whole[0]: whole for whole in found}
    columns = [{by_code[code]: found[by_code[code]] for code in codes if code in by_code} for codes in _COLUMNS]
    placed = {whole for column in columns for whole in column}
    columns[-1] |= {whole: blocks for whole, blocks in found.items() if whole not in placed}
    return [column for column in columns if column]


def _named(here: Site, choice: Choice, iri: str) -> tuple[str, str]:
    """A part of the world by code and name."""
    return (local(iri), table.title(here, choice, iri).text) if iri else ("", _("No region"))


def _row(here: Site, choice: Choice, actor: Actor, answer: Standing) -> Row:
    treaty = choice.treaties[0]
    href = here.addresses.link(table.address(actor, treaty, choice.on))
    period = answer.period
    if answer.earlier:
        since = _("not in %(year)s", year=answer.earlier[:4])
    else:
        since = wording.between(period.first, period.last) if period and answer.code != known.DISPUTED else ""
    if answer.code == known.DISPUTED:
        since = _("kept: %(answer)s", answer=_(table.WORDS[answer.kept]))
    return Row(
        table.title(here, choice, actor.iri), table.LETTERS[answer.code], _(table.WORDS[answer.code]), since, href
    )
