"""How many belonged to an organisation over the years: counted from dated memberships, beside what sources state."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from migov.web import chart, words
from migov.web.reader import Row
from migov.web.scale import Scale

TOP, HEIGHT = 20.0, 165.0
Steps = Sequence[tuple[str, int]]
"""Days on which a number changes, each with the number from that day on."""


@dataclass(frozen=True)
class Dot:
    """A figure as a source states it: a dot for a day, a dash for a month or a year."""

    x: float
    width: float
    y: float


@dataclass(frozen=True)
class Plot:
    """The number of members as drawn: the line of those counted, the area below it, dots, and lines across."""

    line: str
    area: str
    further: str
    dots: Sequence[Dot]
    up: Sequence[tuple[float, str]]
    bottom: float


def counted(rows: Iterable[Row], until: str) -> Steps:
    """How many surely belonged, from each day on which that changes; two rows of one member count once."""
    spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if "lastBegun" in row:
            begun, end = row["lastBegun"].value, _last(row, until)
            if begun <= end:
                spans[row["member"].value].append((begun, end))
    change: dict[str, int] = defaultdict(int)
    for periods in spans.values():
        for begun, end in _joined(periods):
            change[begun] += 1
            if end < until:
                change[_after(end)] -= 1
    found, now = [], 0
    for day in sorted(change):
        now += change[day]
        if change[day]:
            found.append((day, now))
    return found


def on(steps: Steps, day: str) -> int:
    """The number on a day."""
    return next((number for since, number in reversed(steps) if since <= day), 0)


def _last(row: Row, until: str) -> str:
    """The last day on which a membership surely held."""
    lasts = "valid" in row or ("status" in row and words.local(row["status"].value) == "ongoing")
    return until if lasts else row["over"].value if "over" in row else row["lastBegun"].value


def _joined(periods: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Periods that touch or overlap as one."""
    found: list[tuple[str, str]] = []
    for begun, end in sorted(periods):
        if found and begun <= _after(found[-1][1]):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begun, end))
    return found


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def plot(
    steps: Steps,
    stated: Sequence[tuple[str, str, int]],
    series: Sequence[tuple[str, int]],
    scale: Scale,
    until: str,
) -> Plot:
    """The drawing; ``stated`` are figures with their first and last day, ``series`` one source's by year."""
    numbers = [n for _, n in steps] + [n for *_, n in stated] + [n for _, n in series]
    step = chart.round_step(max([1, *numbers]))
    top = step * -(-max(numbers, default=1) // step)

    def y(number: int) -> float:
        return round(TOP + HEIGHT * (1 - number / top), 1)

    line = _stepped(steps, scale, y, until)
    dots = []
    for first, last, number in stated:
        x, right = scale.x(first), scale.x(last)
        dots.append(Dot(x, round(max(right - x, 0), 1), y(number)))
    further = "".join(
        f"{'M' if n == 0 else 'L'}{scale.x(day):g} {y(number):g}" for n, (day, number) in enumerate(sorted(series))
    )
    up = [(y(value), f"{value:,}") for value in range(0, top + 1, step)]
    area = f"{line}V{y(0):g}H{scale.x(steps[0][0]):g}Z" if steps else ""
    return Plot(line, area, further, dots, up, y(0))


def _stepped(steps: Steps, scale: Scale, y: Callable[[int], float], until: str) -> str:
    if not steps:
        return ""
    path = f"M{scale.x(steps[0][0]):g} {y(steps[0][1]):g}"
    for day, number in steps[1:]:
        path += f"H{scale.x(day):g}V{y(number):g}"
    return f"{path}H{scale.x(until):g}"
