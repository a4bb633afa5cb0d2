"""The matrix as CSV: a row for each State with answers or days, or a row for each cell with all that is known of it.

Answers are the words of the question ``standing`` of the library, in English, so that programs can rely on them.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from migov.web.language import N_
from migov.web.matrix import standings as known
from migov.web.matrix import table
from migov.web.matrix.choice import Choice
from migov.web.matrix.standings import Actor, Standing, Treaty
from migov.web.site import Site
from migov.web.spreadsheet import harmless
from migov.web.words import local

KINDS: Final = {
    "status": N_("CSV of the answers"),
    "date": N_("CSV of the first days bound"),
    "rows": N_("CSV with a line for each cell"),
}
"""What stands in the cells, by the word for it in addresses."""
_ANSWERS: Final = {
    known.PARTY: "party",
    known.PERHAPS: "perhaps a party: a day is not known",
    known.CONSENTED: "consented, not yet bound",
    known.LEFT: "left: no longer a party",
    known.UNSURE: "perhaps a signatory",
    known.NOT: "not a party",
    known.UNKNOWN: "not recorded",
    known.DISPUTED: "sources disagree",
}


def answer(code: str, found: Standing) -> str:
    """An answer in the words of the library; a signatory is told apart by whether a complete list leaves it out."""
    if code == known.SIGNED:
        return "signatory, not a party" if found.listed else "signatory; no consent recorded"
    return _ANSWERS.get(code, "")


def bounds(found: Standing) -> str:
    """The first day of what holds, as precise as it is known: a day, or both bounds as in ISO 8601 with a slash."""
    period = found.period
    if period is None:
        return ""
    return period.first if period.first == period.last else f"{period.first or '..'}/{period.last or '..'}"


def write(here: Site, choice: Choice, kind: str) -> bytes:
    """The whole table, all its pages."""
    actors = table.ordered(here, choice)
    rows = _lines(here, choice, actors) if kind == "rows" else _wide(here, choice, actors, kind)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _wide(here: Site, choice: Choice, actors: Iterable[Actor], kind: str) -> Iterator[list[str]]:
    yield ["state", "code", "region", "subregion", "on", *(treaty.key for treaty in choice.treaties), "parties", "most"]
    for actor in actors:
        found = [table.standing(choice, treaty, actor) for treaty in choice.treaties]
        dates = (bounds(one) if one.best in {known.PARTY, known.PERHAPS} else "" for one in found)
        cells = dates if kind == "date" else (answer(one.code, one) for one in found)
        yield [*_of(here, choice, actor), choice.day, *cells, *map(str, table.tally(choice, actor))]


def _of(here: Site, choice: Choice, actor: Actor) -> list[str]:
    return [table.title(here, choice, actor.iri).text, actor.code, local(actor.whole), local(actor.part)]


def _lines(here: Site, choice: Choice, actors: Iterable[Actor]) -> Iterator[list[str]]:
    yield [
        *("state", "code", "region", "subregion", "treaty", "title", "on", "answer", "kept", "since", "or_later"),
        *("complete_list", "rival", "rival_source", "period", "page"),
    ]
    titles = {treaty.key: table.title(here, choice, treaty.iri).text for treaty in choice.treaties}
    for actor in actors:
        own = _of(here, choice, actor)
        for treaty in choice.treaties:
            found = table.standing(choice, treaty, actor)
            yield [*own, treaty.key, titles[treaty.key], choice.day, *_cell(here, choice, treaty, actor, found)]


def _cell(here: Site, choice: Choice, treaty: Treaty, actor: Actor, found: Standing) -> list[str]:
    period = found.period
    return [
        answer(found.code, found),
        answer(found.kept, found),
        bounds(found),
        "true" if period and period.later else "",
        found.listed,
        "; ".join(f"{rival.kind} {rival.value}" for rival in found.rivals),
        " ".join(rival.source for rival in found.rivals),
        period.iri if period else "",
        here.addresses.absolute(table.address(actor, treaty, choice.on)),
    ]
