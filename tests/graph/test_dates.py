"""Bounds of dates and figures."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov.graph.dates import DAY, MONTH, YEAR, date_bounds, figure_bounds

FIGURES = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)
TOLERANCES = st.decimals(min_value=0, max_value=1, places=3)


@given(st.dates())
def test_every_way_to_write_a_day_bounds_it(day: date) -> None:
    for text, datatype in ((f"{day}", DAY), (f"{day}"[:7], MONTH), (f"{day}"[:4], YEAR)):
        first, last = date_bounds(text, datatype)
        assert first <= day <= last


@given(st.dates())
def test_a_coarser_date_is_exactly_its_parts(day: date) -> None:
    assert date_bounds(f"{day}", DAY) == (day, day)
    first, last = date_bounds(f"{day}"[:7], MONTH)
    assert (last - first).days + 1 == calendar.monthrange(day.year, day.month)[1]
    start, end = date_bounds(f"{day}"[:4], YEAR)
    assert (end - start).days + 1 == 365 + calendar.isleap(day.year)
    assert start == date(day.year, 1, 1)
    assert first.day == 1
    if last < date.max:
        assert (last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2018-02-30", DAY),
        ("2018-13", MONTH),
        ("29/08/2017", DAY),
        ("20180523", DAY),
        ("2018-W01-1", DAY),
        ("2018-5-3", DAY),
        ("2018-05-23Z", DAY),
        ("2018-05", DAY),
        ("2018", MONTH),
        ("0000", YEAR),
        ("-0044", YEAR),
        ("12018", YEAR),
        ("٢٠١٨", YEAR),
        ("2018", "http://www.w3.org/2001/XMLSchema#string"),
    ],
)
def test_no_bounds_for_what_is_no_date(text: str, datatype: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        date_bounds(text, datatype)


@given(st.text(), st.sampled_from((DAY, MONTH, YEAR)))
def test_any_other_text_is_refused_in_one_way(text: str, datatype: str) -> None:
    try:
        first, last = date_bounds(text, datatype)
    except ValueError:
        return
    assert first <= last


@given(FIGURES, TOLERANCES)
def test_a_figure_lies_within_its_own_bounds(value: Decimal, tolerance: Decimal) -> None:
    for qualifier in ("exact", "more-than", "at-least", "approximately", "at-most"):
        lower, upper = figure_bounds(value, qualifier, tolerance)
        assert lower is None or lower <= value
        assert upper is None or value <= upper


@given(FIGURES)
def test_each_hedge_opens_the_side_it_speaks_of(value: Decimal) -> None:
    assert figure_bounds(value, "exact") == (value, value)
    assert figure_bounds(value, "more-than") == (value, None)
    assert figure_bounds(value, "at-least") == (value, None)
    assert figure_bounds(value, "at-most") == (None, value)


@given(FIGURES, TOLERANCES, TOLERANCES)
def test_more_tolerance_never_narrows_a_figure(value: Decimal, one: Decimal, other: Decimal) -> None:
    narrow = figure_bounds(value, "approximately", min(one, other))
    wide = figure_bounds(value, "approximately", max(one, other))
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


def test_around_twenty_two_with_five_per_cent() -> None:
    assert figure_bounds(Decimal(22), "approximately", Decimal("0.05")) == (Decimal("20.9"), Decimal("23.1"))


def test_an_unknown_hedge_is_named() -> None:
    with pytest.raises(ValueError, match="nearly"):
        figure_bounds(Decimal(1), "nearly")
