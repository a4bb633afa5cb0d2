"""Where the things of a network stand in its picture: sectors of one kind of link, labels that never meet.

The thing in the middle, its neighbours on an ellipse around it, each on a line of its own with its label outwards.
On narrow screens the same stand below each other on a stem. Nothing is drawn by chance: the same links always give
the same picture.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from math import sqrt

WIDE, NARROW = 1060, 380
_LINE, _HEAD, _GAP, _EDGE = 21, 24, 14, 16
_NARROW_LETTERS, _WIDE_LETTERS = frozenset("ijlftr.,:;'’()[]|! -"), frozenset("mwMW@%&…—")
_NEAR, _BOW = 96, 96  # how far from the middle the ellipse begins, and how far it bows out
_STEM, _INDENT = 16, 52
BEYOND = "beyond"
"""The kind of link of a sector of things two steps away: chords lead to them, no line from the middle."""
_LATIN = 0x24F  # letters beyond may be as wide as high
_PARTED = 8  # a sector with more items may be parted between both sides


@dataclass(frozen=True)
class Item:
    """A neighbour to draw: its label, what a click leads to, what is told of it, and how surely it is linked."""

    label: str
    href: str
    told: str
    kind: str
    state: str
    also: tuple[str, ...] = ()  # further kinds of link to it
    language: str = ""


@dataclass(frozen=True)
class Sector:
    """Neighbours by one kind of link; ``more`` others are not drawn, and ``href`` leads to the list of them all."""

    heading: str
    relation: str
    way: str
    items: tuple[Item, ...]
    more: str = ""
    href: str = ""

    @property
    def height(self) -> int:
        return _HEAD + _LINE * (len(self.items) + bool(self.more)) + _GAP


@dataclass(frozen=True)
class Spot:
    """An item at its place: its mark at (x, y), its label at ``text``, and the lines that lead to it by relation."""

    item: Item
    label: str
    way: str
    anchor: str
    x: float
    y: float
    text: float
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Heading:
    """The heading of a sector behind a sample of its line; ``rest`` is where the number of those not drawn stands."""

    sector: Sector
    label: str
    anchor: str
    x: float
    y: float
    bar: str
    rest: tuple[float, float] | None


@dataclass(frozen=True)
class Chord:
    """A link between two of the things around the middle, given by what they lead to; ``line`` is how it is drawn."""

    ends: tuple[str, str]
    relation: str
    state: str
    line: str = ""


@dataclass
class Picture:
    """What a template draws; the thing itself stands at (x, y)."""

    name: str
    width: int
    height: float
    x: float
    y: float
    spots: list[Spot] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    chords: list[Chord] = field(default_factory=list)
    stem: str = ""


def wide(sectors: Sequence[Sector], chords: Sequence[Chord] = ()) -> Picture:
    """The picture for screens of usual width: sectors to the right and to the left of the middle."""
    sides = _sides(sectors)
    height = max(120, max(sum(sector.height for sector in side) for side in sides) + 2 * _EDGE)
    picture = Picture("wide", WIDE, height, WIDE / 2, height / 2)
    for side, sign in zip(sides, (1, -1), strict=True):
        top = picture.y - sum(sector.height for sector in side) / 2
        for sector in side:
            _place(picture, sector, top, sign)
            top += sector.height
    at = {spot.item.href: (spot.x, spot.y) for spot in picture.spots}
    for chord in chords:
        if chord.ends[0] in at and chord.ends[1] in at:
            picture.chords.append(replace(chord, line=_chord(picture, at[chord.ends[0]], at[chord.ends[1]])))
    return picture


def _chord(picture: Picture, one: tuple[float, float], other: tuple[float, float]) -> str:
    """A line between two neighbours that bows towards the middle, yet passes by it."""
    x = ((one[0] + other[0]) / 2 + 2 * picture.x) / 3 + (12 if one[0] + other[0] > 2 * picture.x else -12)
    y = (one[1] + other[1]) / 2
    return f"M{one[0]:g} {one[1]:g}Q{x:.0f} {y:.0f} {other[0]:g} {other[1]:g}"


def _sides(sectors: Sequence[Sector]) -> tuple[list[Sector], list[Sector]]:
    """The sectors of each side, in their order, so that both sides are about as high; one that is long is parted."""
    room = sum(sector.height for sector in sectors) / 2
    right: list[Sector] = []
    left: list[Sector] = []
    for sector in sectors:
        over = sector.height - room
        if left or (right and over > sector.height / 2 and room < _HEAD + 4 * _LINE):
            left.append(sector)
        elif len(sector.items) > _PARTED and over > 4 * _LINE:
            cut = max(3, int((room - _HEAD) // _LINE))
            right.append(replace(sector, items=sector.items[:cut], more=""))
            left.append(replace(sector, items=sector.items[cut:]))
        else:
            right.append(sector)
        room -= sector.height
    return right, left


def _place(picture: Picture, sector: Sector, top: float, sign: int) -> None:
    """Put a sector on the right (1) or the left (-1), its labels outwards."""
    anchor = "start" if sign > 0 else "end"
    y = top + _HEAD / 2 + 4
    x = _on_ellipse(picture, y, sign) + sign * 13
    rest_y = y + _LINE * (len(sector.items) + 1)
    rest = (round(_on_ellipse(picture, rest_y, sign) + sign * 13, 1), rest_y) if sector.more else None
    beside = round(x + sign * 30, 1)
    bar = f"M{x:.1f} {y - 4:g}H{x + sign * 24:.1f}"
    picture.headings.append(Heading(sector, _cut(sector.heading, picture, beside), anchor, beside, y, bar, rest))
    for item in sector.items:
        y += _LINE
        x = round(_on_ellipse(picture, y, sign), 1)
        text = x + sign * 13
        kinds = () if sector.relation == BEYOND else (sector.relation, *item.also[:2])
        lines = [(relation, _bowed(picture, x, y, number)) for number, relation in enumerate(kinds)]
        label = _cut(item.label, picture, text)
        picture.spots.append(Spot(item, label, sector.way, anchor, x, round(y, 1), round(text, 1), lines))


def _on_ellipse(picture: Picture, y: float, sign: int) -> float:
    away = min(1.0, abs(y - picture.y) / (picture.height / 2))
    return picture.x + sign * (_NEAR + _BOW * sqrt(1 - away * away))


def _bowed(picture: Picture, x: float, y: float, number: int) -> str:
    """A line from the middle to a neighbour; a second and a third one bow away from the first."""
    bend = (0, 16, -16)[number]
    middle = picture.x + (x - picture.x) * 0.6
    return f"M{picture.x:g} {picture.y:g}Q{middle:.0f} {y + bend:.0f} {x:g} {y:.1f}"


def narrow(sectors: Sequence[Sector]) -> Picture:
    """The picture for phones: the thing on top, a stem below it, each neighbour on a branch."""
    picture = Picture("narrow", NARROW, 0, _STEM, 18)
    text, y = _INDENT + 13, 40.0
    for sector in sectors:
        y += _HEAD / 2 + 4
        rest = (text, y + _LINE * (len(sector.items) + 1)) if sector.more else None
        label, bar = _cut(sector.heading, picture, text + 30), f"M{text} {y - 4:g}H{text + 24}"
        picture.headings.append(Heading(sector, label, "start", text + 30, y, bar, rest))
        for item in sector.items:
            y += _LINE
            line = f"M{_STEM} {y - 12:g}Q{_STEM} {y:g} {_STEM + 12} {y:g}H{_INDENT}"
            label, lines = _cut(item.label, picture, text), [(sector.relation, line)]
            picture.spots.append(Spot(item, label, sector.way, "start", _INDENT, y, text, lines))
            picture.stem = f"M{_STEM} 18V{y - 12:g}"
        y += _LINE * bool(sector.more) + _GAP + _HEAD / 2 - 4
    picture.height = y + _EDGE
    return picture


def _cut(label: str, picture: Picture, x: float) -> str:
    """A label as far as there is room for it between its place and the edge of the picture."""
    room = picture.width - x if x > picture.x else x
    widths = list(accumulate(map(_width, label)))
    if not widths or widths[-1] <= room:
        return label
    return label[: bisect_right(widths, room - 13)].rstrip(" ,(") + "…"


def width_of(text: str) -> float:
    """About how wide a text is in the size of labels, in the widest of the usual fonts."""
    return sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return 4.9
    return 12 if letter in _WIDE_LETTERS or ord(letter) > _LATIN else 7.7
