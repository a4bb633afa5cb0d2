"""How long it was between two dates, as far as their precision tells: years and days, or a range of years."""

import calendar
from dataclasses import dataclass
from datetime import date

from migov.web.language import _, ngettext


@dataclass(frozen=True)
class Span:
    """Whole years and the days beyond them, at least and at most; both are the same where both dates are days."""

    least: tuple[int, int]
    most: tuple[int, int]

    @property
    def is_exact(self) -> bool:
        return self.least == self.most


def bounds(text: str) -> tuple[date, date]:
    """The first and the last day that a year, a month or a day may mean; ValueError for what is no date."""
    year, month, day = ([int(part) for part in text.removesuffix("Z").split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    last = month or 12
    return date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1])


def between(first: str, then: str) -> Span | None:
    """The time from one date to another; None where one is not known or the second may not be after the first."""
    try:
        (first_early, first_late), (then_early, then_late) = bounds(first), bounds(then)
    except ValueError:
        return None
    if then_late < first_early:
        return None
    return Span(_apart(first_late, then_early), _apart(first_early, then_late))


def _apart(first: date, then: date) -> tuple[int, int]:
    """Whole years and further days from a day to another; nothing where that is not later."""
    if then <= first:
        return 0, 0
    years = then.year - first.year - ((then.month, then.day) < (first.month, first.day))
    return years, (then - _anniversary(first, years)).days


def _anniversary(day: date, years: int) -> date:
    """The same day so many years later; for 29 February, where there is none, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def told(span: Span) -> str:
    """A span in words: "7 years 290 days", "290 days", "the same day", "2 to 3 years"."""
    years, days = span.least
    if span.is_exact:
        if not (years or days):
            return _("the same day")
        parts = [ngettext("%(num)s year", "%(num)s years", years)] if years else []
        parts += [ngettext("%(num)s day", "%(num)s days", days)] if days else []
        return " ".join(parts)
    least, most = span.least[0], span.most[0]
    if not most:
        return _("less than a year")
    return _("%(least)s to %(most)s years", least=least, most=most + 1)


def brief(span: Span) -> str:
    """A span for a narrow table, the unit of years and days by its letter: "7 y 290 d"."""
    years, days = span.least
    if not span.is_exact:
        return told(span)
    if not years:
        return _("%(days)s d", days=days)
    return _("%(years)s y %(days)s d", years=years, days=days) if days else _("%(years)s y", years=years)
