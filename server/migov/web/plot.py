"""Charts of results: lines or dots over time, bars by name, drawn by the server; the table of the rows is their twin.

Coordinates only: the style sheet gives the colours. What cannot be drawn honestly is not drawn: negative numbers, text
among numbers, a single value.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from migov.web.language import _, ngettext

WIDTH: Final = 640
MOST_BARS: Final = 30
MOST_POINTS: Final = 2_000
MOST_SERIES: Final = 4
_ROW, _LETTERS, _DIGIT = 44, 64, 11
_HEIGHT, _BOTTOM, _TOP, _RIGHT = 220, 24, 14, 14
_NUMERIC = re.compile(r"#(?:integer|decimal|double|float|\w+Integer|int|long|short|byte|unsigned\w+)$")
_TIME = re.compile(r"#(?:date|dateTime|gYear|gYearMonth)$")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:$|[TZ+-])")
_YEARS = range(1000, 2200)
_STEPS = (1, 2, 5)
Row = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Bar:
    """One bar: its name in full and as far as there is room, its number, where and how wide it is."""

    name: str
    short: str
    told: str
    y: float
    width: float


@dataclass(frozen=True)
class Series:
    """Values over time: the path of the line ('' for dots alone), and a dot for each value."""

    name: str
    line: str
    dots: list[tuple[float, float, str]]


@dataclass(frozen=True)
class Plot:
    """What a template draws; ``told`` is the chart in a sentence."""

    told: str
    height: int
    bars: list[Bar] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    across: list[tuple[float, str]] = field(default_factory=list)
    up: list[tuple[float, str]] = field(default_factory=list)
    left: float = 0
    note: str = ""
    width: int = WIDTH


def of_result(columns: Sequence[str], rows: Sequence[Row], names: Mapping[str, str]) -> Plot | None:
    """The chart of a result with two columns, one of them of numbers; None where the result has no such form."""
    if len(columns) != 2:
        return None
    for across, up in (columns, columns[::-1]):
        if all(number(row.get(up)) is not None for row in rows):
            times = [_time(row.get(across), across) for row in rows]
            if all(at is not None for at in times):
                return lines(rows, across, [up])
            if not any(number(row.get(across)) is not None for row in rows):
                return bars(rows, across, up, names)
    return None


def described(head: str, rows: Sequence[Row], names: Mapping[str, str]) -> Plot | None:
    """The chart that the head of a question asks for.

    ``line DAY NUMBER [NUMBER …]``, ``line DAY NUMBER by NAME``, ``bars NAME NUMBER`` or ``count NAME``; each word in
    capitals is a column.
    """
    kind, *columns = head.split()
    if kind == "line":
        by = columns[columns.index("by") + 1] if "by" in columns else ""
        return lines(rows, columns[0], columns[1 : columns.index("by") if by else None], by, names)
    if kind == "bars":
        return bars(rows, columns[0], columns[1], names)
    counted = Counter(_text(row.get(columns[0]), names) for row in rows)
    made = [
        {"name": {"value": name}, "n": {"value": str(n), "datatype": "#integer"}} for name, n in counted.most_common()
    ]
    return bars(made, "name", "n", {})


def bars(rows: Sequence[Row], across: str, up: str, names: Mapping[str, str]) -> Plot | None:
    """A bar for each row, in the order of the rows; of many the first ones, which is told."""
    pairs = [(_text(row.get(across), names), number(row.get(up))) for row in rows]
    found = [(name, number) for name, number in pairs if number is not None and name]
    if len(found) < 2 or min(number for _name, number in found) < 0 or not any(number for _name, number in found):
        return None
    shown = found[:MOST_BARS]
    most = max(number for _name, number in shown) or 1
    room = WIDTH - 16 - _DIGIT * max(len(_written(number)) for _name, number in shown)
    drawn = [
        Bar(name, _cut(name), _written(number), _ROW * place, round(room * number / most, 1))
        for place, (name, number) in enumerate(shown)
    ]
    top = max(shown, key=lambda pair: pair[1])
    told = _("%(bars)d bars; the longest: %(name)s, %(number)s", bars=len(shown), name=top[0], number=_written(top[1]))
    left_out = len(found) - len(shown)
    note = _more(left_out) if left_out else ""
    return Plot(told, _ROW * len(shown) + 4, bars=drawn, note=note)


def _more(count: int) -> str:
    return ngettext("%(num)s more row stands in the table.", "%(num)s more rows stand in the table.", count)


def lines(
    rows: Sequence[Row], across: str, ups: Sequence[str], by: str = "", names: Mapping[str, str] | None = None
) -> Plot | None:
    """Numbers over time: a line where each day has one number, dots where it has several; a series a column or name."""
    groups = _groups(rows[:MOST_POINTS], across, ups, by, names or {})
    points = sorted(point for group in groups.values() for point in group)
    if len({point.at for point in points}) < 3 or min(point.number for point in points) < 0:
        return None
    most = max(point.number for point in points)
    if not most or len(groups) > MOST_SERIES:
        return None
    unit = _unit(most)
    divisor = 1_000_000 if most >= 10_000_000 else 1
    ticks = [unit * step for step in range(int(-(-most // unit)) + 1)]
    left = 8 + _DIGIT * max(len(_written(tick / divisor)) for tick in ticks)
    frame = _Frame(points[0].at, points[-1].at, ticks[-1], left)
    each = [(name, _course(sorted(group))) for name, group in groups.items()]
    told = "; ".join(f"{name}: {course}" for name, course in each) if len(each) > 1 else each[0][1]
    return Plot(
        told,
        _HEIGHT,
        series=[_series(name, group, frame) for name, group in groups.items()],
        across=_years(frame),
        up=[(frame.y(tick), _written(tick / divisor)) for tick in ticks],
        left=left,
        note=_("The scale is in millions.") if divisor > 1 else "",
    )


def _course(group: Sequence["_Point"]) -> str:
    """How a series begins and ends, and its greatest number, in a sentence."""
    return _(
        "%(first)s in %(begun)s, %(last)s in %(now)s, at most %(most)s",
        first=_written(group[0].number),
        begun=group[0].day,
        last=_written(group[-1].number),
        now=group[-1].day,
        most=_written(max(point.number for point in group)),
    )


@dataclass(frozen=True, order=True)
class _Point:
    at: float
    number: float
    day: str


@dataclass(frozen=True)
class _Frame:
    """Where the first and the last time, and the greatest number, stand."""

    first: float
    last: float
    top: float
    left: float

    def x(self, at: float) -> float:
        return round(self.left + (at - self.first) * (WIDTH - self.left - _RIGHT) / (self.last - self.first), 1)

    def y(self, number: float) -> float:
        return round(_HEIGHT - _BOTTOM - number * (_HEIGHT - _BOTTOM - _TOP) / self.top, 1)


def _groups(
    rows: Sequence[Row], across: str, ups: Sequence[str], by: str, names: Mapping[str, str]
) -> dict[str, list[_Point]]:
    groups: dict[str, list[_Point]] = {}
    for row in rows:
        at = _time(row.get(across), across)
        for up in ups:
            value = number(row.get(up))
            if at is not None and value is not None:
                name = _text(row.get(by), names) if by else up
                groups.setdefault(name, []).append(_Point(at, value, str(row[across]["value"])))
    return groups


def _series(name: str, group: list[_Point], frame: _Frame) -> Series:
    group = sorted(group)
    one_each = len({point.at for point in group}) == len(group) > 1
    path = "M" + "L".join(f"{frame.x(point.at):g} {frame.y(point.number):g}" for point in group) if one_each else ""
    return Series(name, path, [(frame.x(p.at), frame.y(p.number), f"{p.day}: {_written(p.number)}") for p in group])


def _years(frame: _Frame) -> list[tuple[float, str]]:
    first, last = -int(-frame.first // 1), int(frame.last)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (last - first) / step <= 8)
    return [(frame.x(year), str(year)) for year in range(first, last + 1) if year % step == 0]


def _unit(most: float) -> float:
    """A round step between the lines across, so that there are about four."""
    unit = 10.0 ** (len(str(int(most))) - 2)
    while True:
        for step in _STEPS:
            if step * unit * 4 >= most:
                return step * unit
        unit *= 10


def number(term: Mapping[str, Any] | None) -> float | None:
    """The number that a term of a result is; None for any other term, and for numbers that no chart can tell."""
    if term is None or not _NUMERIC.search(term.get("datatype", "")):
        return None
    try:
        number = float(term["value"])
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # neither infinite nor beyond what a chart can tell


def _time(term: Mapping[str, Any] | None, column: str) -> float | None:
    """A time as years and their parts; whole numbers only of a column that is called after years."""
    if term is None:
        return None
    text, kind = str(term["value"]), term.get("datatype", "")
    if kind.endswith("#integer") and "year" in column.lower() and text.isdigit() and int(text) in _YEARS:
        return float(text)
    match = _DAY.match(text) if _TIME.search(kind) else None
    if match is None or int(match[1]) not in _YEARS:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        return year + (date(year, month, day).timetuple().tm_yday - 1) / 366
    except ValueError:
        return None


def _text(term: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    return "" if term is None else names.get(str(term["value"]), str(term["value"]))


def _cut(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1].rstrip()}…"


def _written(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}".rstrip("0")
