"""The matrix as a table: rows in the order asked for, a cell for each treaty, and the totals of rows and columns."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from migov.web import day, wording, words
from migov.web.language import N_, _
from migov.web.matrix import standings as known
from migov.web.matrix.choice import NAME, PARTIES, REGION, Choice
from migov.web.matrix.standings import Actor, Standing, Treaty
from migov.web.paging import Pages, pages
from migov.web.record import Value, other_language
from migov.web.site import Site

WORDS: Final = {  # in a cell, where there is little room
    known.PARTY: N_("party"),
    known.PERHAPS: N_("perhaps"),
    known.CONSENTED: N_("not yet"),
    known.SIGNED: N_("signed"),
    known.UNSURE: N_("signed?"),
    known.LEFT: N_("left"),
    known.NOT: N_("not party"),
    known.UNKNOWN: N_("no record"),
    known.DISPUTED: N_("disputed"),
}
MEANINGS: Final = {
    known.PARTY: N_("Party: bound on that day, surely."),
    known.PERHAPS: N_("Perhaps a party: a first or last day is known by its year only, or not at all."),
    known.CONSENTED: N_("Not yet bound: consent was given, and takes effect later."),
    known.SIGNED: N_("Signed, and no consent to be bound is recorded."),
    known.UNSURE: N_("Perhaps signed by then: the day of signing is not known."),
    known.LEFT: N_("Left: no longer a party."),
    known.NOT: N_("Not a party: a list that is complete on that day or later does not have the State."),
    known.UNKNOWN: N_(
        "Not recorded: no act, and no list that is complete on that day or later. “Not in” and a year: the last "
        "complete list before, of that year, does not have the State."
    ),
    known.DISPUTED: N_("Sources disagree; the answer that is kept stands below."),
}
"""The answers in the order of the legend and of the totals."""
LETTERS: Final = dict(zip(MEANINGS, "pqcsulxod", strict=True))
"""The class of a cell, of one letter, for it stands in each."""
_DATED: Final = {known.PARTY, known.PERHAPS, known.SIGNED, known.LEFT, known.CONSENTED}
_BYTES, _FRAME, _ROW, _CELL, _HEAD = 97_000, 20_000, 130, 44, 480
"""About how many bytes a page may have, and its parts, so that it is cut into pages that stay below."""


@dataclass(frozen=True)
class Cell:
    """An answer: the letter of its code, the word for it, the line below, and the page of its acts."""

    letter: str
    word: str
    below: str
    href: str


@dataclass(frozen=True)
class Line:
    """A State with its cells, and to how many treaties it is a party: surely, and at most."""

    state: Value
    cells: list[Cell]
    sure: int
    most: int
    heading: str = ""


@dataclass(frozen=True)
class Column:
    """A treaty at the head: its short form, itself, the links that sort and show it, and its totals by answer."""

    treaty: Treaty
    title: Value
    sort: str
    sorted: str
    counts: Mapping[str, int]
    listed: str
    alone: str


@dataclass(frozen=True)
class Table:
    """A page of the matrix. ``orders`` are the other orders, each with its link and how it sorts now."""

    columns: list[Column]
    lines: list[Line]
    part: Pages
    orders: Mapping[str, tuple[str, str]]
    totals: Sequence[str]


def title(here: Site, choice: Choice, iri: str) -> Value:
    """A State, treaty or region by its name in the reader's language, linked to its page as on the day."""
    name = here.reader.label(iri, choice.standings.names)
    href = here.addresses.href(iri)
    kept = day.kept(href, choice.on) if href and "/id/" in iri else href
    return Value(name.value, kept, other_language(name))


def short(here: Site, choice: Choice, treaty: Treaty) -> str:
    """A treaty in few words."""
    return treaty.short or title(here, choice, treaty.iri).text


def folded(text: str) -> str:
    """A name as people sort it: without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def standing(choice: Choice, treaty: Treaty, actor: Actor) -> Standing:
    """The answer of a cell."""
    return choice.columns[treaty.key][actor.iri]


def tally(choice: Choice, actor: Actor) -> tuple[int, int]:
    """To how many treaties somebody is surely a party, and to how many at most, with “perhaps” and “disputed”."""
    found = [standing(choice, treaty, actor) for treaty in choice.treaties]
    sure = sum(answer.code == known.PARTY for answer in found)
    doubtful = sum(answer.code in {known.PERHAPS, known.DISPUTED} for answer in found)
    return sure, sure + doubtful


def ordered(here: Site, choice: Choice) -> list[Actor]:
    """The States in the order asked for; those of equal rank by name."""
    by_name = sorted(choice.actors, key=lambda actor: (folded(title(here, choice, actor.iri).text), actor.key))
    key, down = choice.sort.removeprefix("-"), choice.sort.startswith("-")
    if key == NAME:
        return by_name[::-1] if down else by_name
    if key == REGION:
        return sorted(by_name, key=lambda actor: region(here, choice, actor), reverse=down)
    if key == PARTIES:
        return sorted(by_name, key=lambda actor: tally(choice, actor), reverse=not down)
    treaty = choice.standings.treaties[key]
    dated = [(began(standing(choice, treaty, actor)), actor) for actor in by_name]
    first = sorted((pair for pair in dated if pair[0]), key=lambda pair: pair[0], reverse=down)
    return [actor for _began, actor in first] + [actor for date, actor in dated if not date]


def began(answer: Standing) -> str:
    """Since when somebody is bound, as a key to sort by; '' for who is not."""
    bound = answer.best in {known.PARTY, known.PERHAPS} and answer.period
    return (bound.last or bound.first or "9") if bound else ""


def region(here: Site, choice: Choice, actor: Actor) -> str:
    """The part of the world of a State with the larger one: "Africa: Eastern Africa"; last those without one."""
    if not actor.part:
        return _("No region")
    names = (title(here, choice, iri).text for iri in (actor.whole, actor.part) if iri)
    return ": ".join(names)


def build(here: Site, choice: Choice) -> Table:
    """The page of the table that the request asks for."""
    actors = ordered(here, choice)
    part = pages(choice.address(), len(actors), rows_per_page(here, choice))
    headed = choice.sort.removeprefix("-") == REGION
    lines = [_line(here, choice, actor, headed=headed) for actor in part.cut(actors)]
    columns = [_column(here, choice, treaty, actors) for treaty in choice.treaties]
    told = [code for code in MEANINGS if any(column.counts[code] for column in columns)]
    return Table(columns, lines, part, {key: _order(here, choice, key) for key in (NAME, REGION, PARTIES)}, told)


def rows_per_page(here: Site, choice: Choice) -> int:
    """How many rows a page has so that it stays below 100 kB: the more columns, the fewer."""
    sample = len(here.addresses.link(day.kept("/matrix/MEX/", choice.on)))
    row = _ROW + sum(_CELL + sample + len(treaty.key) for treaty in choice.treaties)
    head = sum(_HEAD + 2 * len(choice.address()) for _ in choice.treaties)
    return max(5, min(250, (_BYTES - _FRAME - head) // row))


def _line(here: Site, choice: Choice, actor: Actor, *, headed: bool) -> Line:
    cells = [cell(here, choice, treaty, actor) for treaty in choice.treaties]
    heading = region(here, choice, actor) if headed else ""
    return Line(title(here, choice, actor.iri), cells, *tally(choice, actor), heading)


def cell(here: Site, choice: Choice, treaty: Treaty, actor: Actor) -> Cell:
    """One answer in brief."""
    answer = standing(choice, treaty, actor)
    below = f"({_(WORDS[answer.kept])})" if answer.code == known.DISPUTED else year(answer)
    if answer.earlier:
        below = _("not in %(year)s", year=answer.earlier[:4])
    href = here.addresses.link(address(actor, treaty, choice.on))
    return Cell(LETTERS[answer.code], _(WORDS[answer.code]), below, href)


def address(actor: Actor, treaty: Treaty, on: str) -> str:
    """The page of a cell."""
    return day.kept(f"/matrix/{actor.key}/{treaty.key}", on)


def year(answer: Standing) -> str:
    """The year in which what holds began, or the years in which it may have; '' where no day is known."""
    period = answer.period
    if period is None or answer.code not in _DATED:
        return ""
    if answer.code == known.CONSENTED:
        return period.first[:4]
    first, last = period.first[:4], period.last[:4]
    return first if first == last else "–".join((first, last))


def _column(here: Site, choice: Choice, treaty: Treaty, actors: Sequence[Actor]) -> Column:
    column = choice.columns[treaty.key]
    counts = Counter(column[actor.iri].code for actor in actors)
    link, state = _order(here, choice, treaty.key)
    listed = max((made.day for made in choice.standings.lists.get(treaty.iri, ())), default="")
    alone = choice.but(group="", chosen=(treaty.key,), view="map", sort=NAME).address()
    name = title(here, choice, treaty.iri)
    return Column(treaty, name, link, state, counts, wording.date(listed) if listed else "", here.addresses.link(alone))


def _order(here: Site, choice: Choice, key: str) -> tuple[str, str]:
    """The link that sorts by something, the other way round if it is so sorted already, and how it is sorted now."""
    down_first = key == PARTIES
    state = ""
    if choice.sort.removeprefix("-") == key:
        state = "ascending" if choice.sort.startswith("-") == down_first else "descending"
    sort = f"-{key}" if choice.sort == key else key
    return here.addresses.link(choice.but(sort=sort).address()), state


def code_of(actor: Actor) -> str:
    """The code of a State for a narrow place, or the key of whoever has none."""
    return actor.code or words.local(actor.key).upper()[:4]
