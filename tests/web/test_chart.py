"""The chart of a treaty: how many were bound at the end of each year, drawn and told."""

import re

from migov.web.chart import by_year, steps


def test_a_period_counts_at_the_end_of_each_year_that_it_holds() -> None:
    periods = [("1998-03-01", "2001-02-28"), ("2000-01-10", ""), ("2003-02-02", "2003-12-31"), ("2002-12-31", "")]
    assert by_year(periods, 2004) == [(1998, 1), (1999, 1), (2000, 2), (2001, 1), (2002, 2), (2003, 3), (2004, 2)]
    assert by_year([], 2004) == [(2004, 0)]


def test_a_line_rises_where_the_number_does_and_is_told_in_words() -> None:
    chart = steps([(2000, 1), (2001, 1), (2002, 5), (2003, 4)], "2001-06-01")
    assert chart is not None
    heights = [float(y) for y in re.findall(r"V([\d.]+)", chart.line)]
    assert len(heights) == 2
    assert heights[0] < heights[1]  # downwards on the screen
    assert chart.values == [(2000, 1), (2002, 5), (2003, 4)]
    assert chart.told == "1 in 2000, 4 in 2003, at most 5"
    assert chart.mark is not None
    assert chart.left < chart.mark < chart.width
    assert [text for _, text in chart.up] == ["0", "2", "4", "6"]


def test_a_mark_in_the_last_year_says_nothing_and_too_few_years_are_no_chart() -> None:
    whole = steps([(2000, 1), (2001, 2), (2002, 3)], "2002-05-05")
    assert whole is not None
    assert whole.mark is None
    assert steps([(2000, 1), (2001, 1)]) is None
    assert steps([(2000, 0), (2001, 0), (2002, 0)]) is None
