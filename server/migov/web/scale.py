"""Days on a line: where a day stands between the first and the last year of a drawing, and the years written below."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Scale:
    """Years from ``first`` to the end of ``last``, between two places across."""

    first: int
    last: int
    left: float
    right: float

    def x(self, day: str) -> float:
        """The place of a day, ``YYYY-MM-DD``; a day beyond either end stands at that end."""
        moment = date.fromisoformat(day)
        years = moment.year - self.first + (moment.timetuple().tm_yday - 1) / 366
        share = min(max(years / (self.last + 1 - self.first), 0), 1)
        return round(self.left + share * (self.right - self.left), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """The first days of some years, six or so, with the years; none that would run into the left edge."""
        span = self.last + 1 - self.first
        step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if span / step <= 9), 200)
        return [
            (self.x(f"{year:04d}-01-01"), str(year)) for year in range(self.first, self.last + 1) if year % step == 0
        ]


def among(days: list[str], until: str, left: float, right: float) -> Scale | None:
    """The scale that holds some days and reaches to the year of ``until``; None where there is nothing to hold."""
    years = [int(day[:4]) for day in days if len(day) == 10 and day[:4].isdigit() and int(day[:4]) > 0]
    if not years:
        return None
    last = max(int(until[:4]), *years) if until else max(years)
    return Scale(min(years), last, left, right)
