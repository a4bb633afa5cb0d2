"""A number over the years as a step line, drawn by the server: coordinates only, the sheet gives the colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from migov.web.language import _
from migov.web.wording import number

WIDTH, HEIGHT = 640, 180
_LEFT, _BOTTOM, _TOP, _RIGHT = 34, 22, 12, 8
_TICKS = 4
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Chart:
    """What a template draws: the line and the area below it, ticks as (place, words), and the values as a table."""

    line: str
    area: str
    across: list[tuple[float, str]]
    up: list[tuple[float, str]]
    values: list[tuple[int, int]]
    mark: float | None
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - _BOTTOM

    @property
    def told(self) -> str:
        """The chart in a sentence."""
        (first, begun), (last, now) = self.values[0], self.values[-1]
        most = max(value for _year, value in self.values)
        values = {"begun": number(str(begun)), "first": first, "now": number(str(now)), "last": last}
        if most <= max(begun, now):
            return _("%(begun)s in %(first)s, %(now)s in %(last)s", **values)
        return _("%(begun)s in %(first)s, %(now)s in %(last)s, at most %(most)s", **values, most=number(str(most)))


def by_year(periods: Iterable[tuple[str, str]], last: int) -> list[tuple[int, int]]:
    """How many periods hold at the end of each year up to ``last``; each is its first and its last day, '' for none."""
    change: dict[int, int] = {}
    for start, end in periods:
        change[int(start[:4])] = change.get(int(start[:4]), 0) + 1
        if end:
            gone = int(end[:4]) + end.endswith("-12-31")
            change[gone] = change.get(gone, 0) - 1
    years = range(min(change, default=last), last + 1)
    return list(zip(years, accumulate(change.get(year, 0) for year in years), strict=True))


def steps(values: Sequence[tuple[int, int]], mark: str = "") -> Chart | None:
    """The chart of values by year with a line at the day of a mark; None where there are too few to draw."""
    if len(values) < 3 or not any(value for _year, value in values):
        return None
    first, last = values[0][0], values[-1][0]
    unit = round_step(max(value for _year, value in values))
    top = unit * -(-max(value for _year, value in values) // unit)

    def x(year: int) -> float:
        return round(_LEFT + (year - first) * (WIDTH - _LEFT - _RIGHT) / (last - first), 1)

    def y(value: int) -> float:
        return round(HEIGHT - _BOTTOM - value * (HEIGHT - _BOTTOM - _TOP) / top, 1)

    changed = [pair for n, pair in enumerate(values) if n == 0 or pair[1] != values[n - 1][1]]
    line = f"M{x(first):g} {y(values[0][1]):g}" + "".join(f"H{x(year):g}V{y(value):g}" for year, value in changed[1:])
    line += f"H{x(last):g}"
    decades = 10 * -(-(last - first) // 60) if last - first > 12 else 2
    across = [(x(year), str(year)) for year in range(first, last + 1) if year % decades == 0]
    up = [(y(value), number(str(value))) for value in range(0, top + 1, unit)]
    kept = changed if changed[-1] == values[-1] else [*changed, values[-1]]
    at = x(max(int(mark[:4]), first)) if mark and int(mark[:4]) < last else None
    return Chart(line, f"{line}V{HEIGHT - _BOTTOM}H{_LEFT}Z", across, up, kept, at)


def round_step(most: int) -> int:
    """A round step between the lines across, so that there are about four."""
    unit = 1
    while True:
        for step in _STEPS:
            if step * unit * _TICKS >= most:
                return step * unit
        unit *= 10
