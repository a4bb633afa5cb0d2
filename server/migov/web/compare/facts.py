"""What two things are, side by side: when treaties were made, and which figures sources give of organisations."""

from collections.abc import Sequence
from dataclasses import dataclass

from migov.web import registers, wording
from migov.web.compare.choice import Choice
from migov.web.compare.sides import Sides
from migov.web.compare.things import ORGANISATION, TREATY, Thing
from migov.web.language import _
from migov.web.matrix import standings as known
from migov.web.matrix.standings import standings
from migov.web.reader import Row
from migov.web.record import Value
from migov.web.site import Site
from migov.web.words import local, sentence_case

_FIGURES = 12
"""So many indicators are shown side by side."""


@dataclass(frozen=True)
class Fact:
    """A row: what is told, and what is said of each side, every value that is said."""

    label: str
    first: list[Value]
    second: list[Value]


def of(here: Site, sides: Sides, asked: Choice) -> list[Fact]:
    """The facts of both sides; nothing for States, whose facts are their treaties and memberships."""
    pairs = ((asked.first, asked.days[0]), (asked.second, asked.days[1]))
    if asked.first.kind == TREATY:
        told = [_treaty(here, sides, thing, on or asked.latest) for thing, on in pairs]
    elif asked.first.kind == ORGANISATION:
        told = [_figures(here, sides, thing, on or asked.latest) for thing, on in pairs]
    else:
        return []
    labels = list(dict.fromkeys((*told[0], *told[1])))
    facts = [Fact(label, told[0].get(label, []), told[1].get(label, [])) for label in labels]
    if asked.first.kind == ORGANISATION:
        facts.sort(key=lambda fact: (not (fact.first and fact.second), fact.label))
        facts = facts[:_FIGURES]
    return facts


def _treaty(here: Site, sides: Sides, thing: Thing, day: str) -> dict[str, list[Value]]:
    found = standings(here.reader)
    treaty = found.treaties[thing.path.partition("/")[2]]
    events = here.reader.once("treaty events", lambda: here.reader.rows("treaty-events"), worded=False)
    own = [row for row in events if row["node"].value == thing.iri]
    codes = [answer.code for answer in found.column(treaty, day).values()]
    sure = codes.count(known.PARTY)
    most = sure + codes.count(known.PERHAPS) + codes.count(known.DISPUTED)
    number = wording.number(str(sure)) if sure == most else f"{wording.number(str(sure))}–{wording.number(str(most))}"
    page = here.addresses.link(f"/matrix?view=map&treaty={treaty.key}&on={day}")
    listed = list(found.lists.get(treaty.iri, ()))[-1:]
    keeper = []
    if treaty.depositary:
        sides.names.join(here.reader.names_of([treaty.depositary]))
        keeper = [Value(sides.name(treaty.depositary), here.addresses.href(treaty.depositary))]
    return {
        _("Adopted"): [_dated(here, row) for row in own if row["kind"].value == "adopted"],
        _("Entered into force"): [_dated(here, row) for row in own if row["kind"].value == "in-force"],
        _("Parties on the day"): [Value(number, page)],
        _("Last complete list of parties"): [
            Value(wording.date(made.day), here.addresses.href(made.node)) for made in listed
        ],
        _("Depositary"): keeper,
        _("Number"): [Value(treaty.registered)] if treaty.registered else [],
    }


def _dated(here: Site, row: Row) -> Value:
    return Value(wording.date(row["date"].value), here.addresses.href(row["event"].value))


def _figures(here: Site, sides: Sides, thing: Thing, day: str) -> dict[str, list[Value]]:
    """The latest figure of each kind that speaks of a time up to the day; where sources differ, all of them."""
    latest: dict[str, list[Row]] = {}
    for row in registers.figures(here.reader, thing.iri):
        moment = _moment(row)
        if not moment or moment > day or local(_text(row, "rank")) == "deprecated":
            continue
        kept = latest.setdefault(row["indicator"].value, [])
        if kept and _moment(kept[0]) < moment:
            kept.clear()
        if not kept or _moment(kept[0]) == moment:
            kept.append(row)
    sides.names.join(here.reader.names_of(latest))
    return {sentence_case(sides.name(indicator)): _values(here, rows) for indicator, rows in latest.items()}


def _values(here: Site, rows: Sequence[Row]) -> list[Value]:
    found: dict[str, Value] = {}
    for row in rows:
        figure = wording.hedged(wording.number(row["value"].value), local(_text(row, "valueQualifier")))
        text = f"{figure} ({wording.date(row['asOf'].value)})" if "asOf" in row else figure
        found.setdefault(text, Value(text, here.addresses.href(row["node"].value)))
    return list(found.values())


def _moment(row: Row) -> str:
    return _text(row, "asOfLatest") or _text(row, "asOfEarliest")


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
