"""Periods as bands along the years, a row for each matter: what surely held, what perhaps did, and open ends.

Coordinates only: the sheet gives the colours. Every drawing has its periods as a list beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migov.web.reader import Row
from migov.web.scale import Scale, among
from migov.web.words import local

WIDTH = 720
LEFT, RIGHT = 150, 6
HIGH, GAP = 22, 6
_LETTER = 6.2
"""The width of a letter in a band, about."""
_LABEL_LETTERS, _BEGINNING = 21, 6
_LEAST, _OPEN, _LONG = 3.0, 10.0, 90.0
"""How wide the narrowest band is; how long an open end before it, and one after it at most."""


@dataclass(frozen=True)
class Period:
    """One period: what the band says, in short too, and its bounds as days, '' where a source gives none.

    ``lasts`` is whether it is known to go on, ``shown`` whether it is the one that holds now or on the day asked about.
    """

    text: str
    short: str
    begun: str
    last_begun: str
    over: str
    last_over: str
    lasts: bool
    shown: bool = False


@dataclass(frozen=True)
class Band:
    """A period as drawn: a sure part, the whole where it may be longer, and open ends, each as the data of a path."""

    x: float
    width: float
    text: str
    title: str
    wide_x: float
    wide: float
    open_left: float | None
    open_right: float | None
    shown: bool


@dataclass(frozen=True)
class Lane:
    """A row of bands that do not overlap, and what it is named; '' for one that goes on with the row above."""

    label: str
    y: float
    bands: Sequence[Band]


@dataclass(frozen=True)
class Drawing:
    """Rows of bands over one scale of years."""

    lanes: Sequence[Lane]
    ticks: Sequence[tuple[float, str]]
    top: float
    height: float
    width: int = WIDTH
    left: int = LEFT


def period(row: Row, text: str, short: str = "", *, shown: bool = False) -> Period:
    """The period of a row that holds bounds as ``begun``, ``lastBegun``, ``over`` and ``lastOver``."""
    said = {name: row[name].value for name in ("begun", "lastBegun", "over", "lastOver", "status") if name in row}
    lasts = "valid" in row or local(said.get("status", "")) == "ongoing"
    begun, last_begun = said.get("begun", ""), said.get("lastBegun", "")
    over, last_over = said.get("over", ""), said.get("lastOver", "")
    return Period(text, short or text, begun, last_begun, over, last_over, lasts, shown)


def scale_of(groups: Iterable[tuple[str, Sequence[Period]]], until: str, further: Iterable[str] = ()) -> Scale | None:
    """The years that hold all periods, and further days."""
    periods = [period for _, group in groups for period in group]
    days = [day for p in periods for day in (p.begun or p.last_begun, p.last_begun, p.over, p.last_over) if day]
    return among([*days, *further], until, LEFT, WIDTH - RIGHT)


def draw(groups: Sequence[tuple[str, Sequence[Period]]], scale: Scale, until: str, top: float = 0) -> Drawing:
    """The rows of bands from ``top`` down, more than one for a group whose periods overlap."""
    lanes: list[Lane] = []
    y = top + GAP
    for label, periods in groups:
        for number, row in enumerate(_apart(periods, scale, until)):
            name = _cut(label, _LABEL_LETTERS) if number == 0 else ""
            lanes.append(Lane(name, round(y), row))
            y += HIGH + GAP
    return Drawing(lanes, scale.ticks, top, y + 16)


def _apart(periods: Sequence[Period], scale: Scale, until: str) -> list[list[Band]]:
    """The bands of one group in as few rows as keep them from overlapping by more than their uncertain ends."""
    rows: list[list[tuple[Period, float, float]]] = []
    for period in sorted(periods, key=lambda p: (p.last_begun or p.begun or p.over or p.last_over, p.text)):
        place = _place(period, scale, until)
        if place is None:
            continue
        row = next((row for row in rows if row[-1][2] <= place[0] + 1), None)
        if row is None:
            rows.append(row := [])
        row.append((period, *place))
    found = []
    for row in rows:
        room = [x for _, x, _ in row[1:]] + [scale.right]
        found.append([_band(period, x, right, end, scale) for (period, x, right), end in zip(row, room, strict=True)])
    return found


def _place(period: Period, scale: Scale, until: str) -> tuple[float, float] | None:
    """From where to where a period surely held; None where no day of it is known."""
    start = period.last_begun or period.over or period.last_over
    if not start:
        return None
    end = until if period.lasts else period.over or start
    x = scale.x(min(start, end))
    return x, max(scale.x(max(start, end)), x + _LEAST)


def _band(period: Period, x: float, right: float, room: float, scale: Scale) -> Band:
    """A period as drawn, where the next in its row begins at ``room``."""
    left = min(scale.x(period.begun), x) if period.begun else x
    wide = max(scale.x(period.last_over), right) if period.last_over and not period.lasts else right
    closed = period.lasts or period.last_over
    open_right = None if closed else round(min(wide + _LONG, max(room - 2, wide), scale.right), 1)
    open_left = None if period.begun else round(max(left - _OPEN, scale.left), 1)
    text = _fitting(period, (open_right or right) - x)
    width, wider = round(right - x, 1), round(wide - left, 1)
    return Band(x, width, text, period.text, left, wider, open_left, open_right, period.shown)


def _fitting(period: Period, width: float) -> str:
    """The words that fit into a band: all, the short form, its beginning, or none."""
    room = int((width - 8) / _LETTER)
    fitting = next((text for text in (period.text, period.short) if len(text) <= room), "")
    return fitting or (_cut(period.short, room) if room > _BEGINNING else "")


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
