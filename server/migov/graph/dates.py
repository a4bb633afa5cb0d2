"""Dates and figures as sources print them, and the bounds that make them comparable.

A year, a month or a day each stand for an interval of days; a hedged figure stands for an interval of numbers.
Queries compare bounds only, because engines disagree about ``"2018"^^xsd:gYear < "2018-05-23"^^xsd:date``.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from migov.vocabulary import XSD

DAY, MONTH, YEAR = XSD + "date", XSD + "gYearMonth", XSD + "gYear"
_FORMS = {
    DAY: re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII),
    MONTH: re.compile(r"(\d{4})-(\d{2})", re.ASCII),
    YEAR: re.compile(r"(\d{4})", re.ASCII),
}


def date_bounds(text: str, datatype: str) -> tuple[date, date]:
    """Return the first and last day that ``text`` may mean; both are inclusive.

    Years 0001 to 9999 without a time zone. ValueError says what is wrong with any other text.
    """
    form = _FORMS.get(datatype)
    if form is None:
        raise ValueError(f"{datatype} is not a kind of date: use xsd:date, xsd:gYearMonth or xsd:gYear")
    match = form.fullmatch(text)
    if match is None:
        shape = {DAY: "YYYY-MM-DD", MONTH: "YYYY-MM", YEAR: "YYYY"}[datatype]
        raise ValueError(f'"{text}" is not written {shape}')
    year, *rest = (int(part) for part in match.groups())
    month = rest[0] if rest else None
    day = rest[1] if len(rest) > 1 else None
    try:
        first = date(year, month or 1, day or 1)
        return first, date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError as error:
        raise ValueError(f'"{text}" is no day of the calendar: {error}') from error


Interval = tuple[Decimal | None, Decimal | None]

_HEDGES: dict[str, Callable[[Decimal, Decimal], Interval]] = {
    "exact": lambda value, _: (value, value),
    "more-than": lambda value, _: (value, None),
    "at-least": lambda value, _: (value, None),
    "at-most": lambda value, _: (None, value),
    "approximately": lambda value, tolerance: (
        value - abs(value) * tolerance,
        value + abs(value) * tolerance,
    ),
}


def figure_bounds(value: Decimal, qualifier: str, tolerance: Decimal = Decimal(0)) -> Interval:
    """Return the least and greatest value that a figure with this hedge allows; None where there is no bound.

    ``qualifier`` is a code of the scheme ``qualifier``; ``tolerance`` is the relative width of *approximately*,
    0.05 for five per cent either side. ValueError for a code without a rule.
    """
    if qualifier not in _HEDGES:
        raise ValueError(f'no rule gives bounds for figures hedged "{qualifier}": use {", ".join(_HEDGES)}')
    return _HEDGES[qualifier](value, tolerance)
