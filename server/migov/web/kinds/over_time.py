"""An organisation over time, in one drawing: its members, its names, its tie to the United Nations, who led it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from migov.web import headcount, registers, wording, words
from migov.web.bands import Drawing, Period, draw, period, scale_of
from migov.web.kinds.offices import Office, periods
from migov.web.language import _
from migov.web.reader import Node, Row
from migov.web.record import Record, Value
from migov.web.scale import Scale

STATED = ("member-states", "members")
LISTED = ("member-states-counted",)
"""By code, the indicators of members as sources state them, and as one counted them year by year."""
_MOST_POSTS = 4


@dataclass(frozen=True)
class Year:
    """A row of the table beside the drawing: the number counted at the end of a year, and what sources say of it."""

    year: str
    counted: int | None
    listed: Sequence[str]
    stated: Sequence[tuple[Value, str]]


@dataclass(frozen=True)
class OverTime:
    """The drawing with its words and its table; ``plot`` is None where no number of members is known over time."""

    plot: headcount.Plot | None
    drawing: Drawing
    summary: str
    told: Sequence[str]
    years: Sequence[Year] = field(default_factory=list)


def over_time(
    record: Record, figures: Sequence[Node], offices: Sequence[Office], ties: Sequence[Period], until: str
) -> OverTime | None:
    """The drawing of an organisation; None where too little is dated to draw."""
    counted = headcount.counted(_members(record), until)
    stated, listed = _figures(figures, STATED), _figures(figures, LISTED)
    numbered = len(counted) > 2 or len(stated) + len(listed) > 2
    groups = [(name, found) for name, found in _bands(record, offices, ties) if found]
    further = (
        [day for day, _ in counted] + [node.one("asOfEarliest") for node in (*stated, *listed)] if numbered else []
    )
    scale = scale_of(groups, until, further)
    if scale is None or not (numbered or sum(len(found) for _, found in groups) > 1):
        return None
    plot = _plot(counted, stated, listed, scale, until) if numbered else None
    drawing = draw(groups, scale, until, plot.bottom + 22 if plot else 0)
    told = [f"{name}: {'; '.join(p.text for p in found)}." for name, found in groups[:2]]
    summary = _("Drawn along the years: %(names)s.", names=wording.listed([name for name, _found in groups]))
    if counted and numbered:
        summary = f"{_counted_words(counted, until)} {summary}" if groups else _counted_words(counted, until)
    years = _years(record, counted, stated, listed, until) if numbered else []
    return OverTime(plot, drawing, summary, told, years)


def members_on(record: Record, day: str) -> int:
    """How many members, surely and counted one by one, the entity had on a day."""
    return headcount.on(headcount.counted(_members(record), day), day)


def _members(record: Record) -> list[Row]:
    """The full members of the entity that stand for themselves."""
    rows = registers.memberships(record.reader, "org", record.iri)
    return [
        row
        for row in rows
        if ("type" not in row or words.local(row["type"].value) == "member")
        and "/id/group/" not in row["member"].value
        and ("rank" not in row or words.local(row["rank"].value) != "deprecated")
    ]


def _figures(nodes: Sequence[Node], codes: Sequence[str]) -> list[Node]:
    """The dated figures of some indicators, in order of time."""
    found = [
        node
        for node in nodes
        if words.local(node.one("indicator")) in codes
        and node.one("asOfEarliest")
        and node.one("value").isdigit()
        and words.local(node.one("rank")) != "deprecated"
    ]
    return sorted(found, key=lambda node: (node.one("asOfEarliest"), node.iri))


def _bands(record: Record, offices: Sequence[Office], ties: Sequence[Period]) -> list[tuple[str, Sequence[Period]]]:
    found: list[tuple[str, Sequence[Period]]] = [(_("Name"), _names(record)), (_("United Nations"), ties)]
    for office in offices[:_MOST_POSTS]:
        found.append((_post(office.who.text, record), periods(record, office.rows, "person", day=record.day)))
    return found


def _post(name: str, record: Record) -> str:
    """The name of a post without that of its organisation, where it ends in it: "Director General of IOM"."""
    own = (record.title.text, *(value.value for value in record.found.entity.all("acronym")))
    for text in own:
        for joined in (f" of {text}", f" of the {text}", f", {text}"):
            name = name.removesuffix(joined)
    return name


def _names(record: Record) -> list[Period]:
    """The names that the entity went by, each with the short form used at the same time."""
    uses = registers.name_uses(record.reader, record.iri)
    short = {_time(row): row["name"].value for row in uses if words.local(row["type"].value) == "acronym"}
    found = []
    for row in uses:
        if words.local(row["type"].value) in {"former", "official"} and any(_time(row)):
            found.append(period(row, row["name"].value, short.get(_time(row), "")))
    if found:
        found += _present_name(record, uses, max(period.last_over for period in found))
    return found


def _present_name(record: Record, uses: Sequence[Row], since: str) -> list[Period]:
    """The official name without a date of its own: it held, at the latest, from the end of the last one before it."""
    official = sorted(
        row["name"].value for row in uses if words.local(row["type"].value) == "official" and not any(_time(row))
    )
    name = record.title.text if record.title.text in official or not official else official[0]
    short = next((value.value for value in record.found.entity.all("acronym")), "")
    return [Period(name, short or name, "", since, "", "", True, True)] if since and official else []


def _time(row: Row) -> tuple[str, str]:
    return _text(row, "start"), _text(row, "end")


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def _plot(
    counted: headcount.Steps,
    stated: Sequence[Node],
    listed: Sequence[Node],
    scale: Scale,
    until: str,
) -> headcount.Plot:
    dots = [(node.one("asOfEarliest"), node.one("asOfLatest"), int(node.one("value"))) for node in stated]
    line = [(node.one("asOfLatest"), int(node.one("value"))) for node in listed]
    return headcount.plot(counted, dots, line, scale, until)


def _counted_words(counted: headcount.Steps, until: str) -> str:
    return _(
        "Members counted: %(first)s from %(day)s, %(last)s on %(until)s.",
        first=counted[0][1],
        day=wording.date(counted[0][0]),
        last=headcount.on(counted, until),
        until=wording.date(until),
    )


def _years(
    record: Record, counted: headcount.Steps, stated: Sequence[Node], listed: Sequence[Node], until: str
) -> list[Year]:
    """A row for each year at whose end the number differs from that before, or of which a source speaks."""
    spoken: dict[str, list[Node]] = {year: list(group) for year, group in groupby(stated, _year)}
    by_list: dict[str, list[Node]] = {year: list(group) for year, group in groupby(listed, _year)}
    days = [day for day, _ in counted]
    years = sorted({*spoken, *by_list, *(day[:4] for day in days)})
    found = []
    for year in years:
        end = min(f"{year}-12-31", until)
        found.append(
            Year(
                year,
                headcount.on(counted, end) if counted else None,
                [wording.number(node.one("value")) for node in by_list.get(year, ())],
                [(_number(record, node), wording.date(node.one("asOf"))) for node in spoken.get(year, ())],
            )
        )
    return found


def _year(node: Node) -> str:
    return node.one("asOfEarliest")[:4]


def _number(record: Record, node: Node) -> Value:
    hedged = wording.hedged(wording.number(node.one("value")), words.local(node.one("valueQualifier")))
    return Value(hedged, record.addresses.href(node.iri))
