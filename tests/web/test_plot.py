"""A reader sees the shape of a result before the figures: what is drawn is what the rows say, and only if it can be."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from migov.web import plot

XSD = "http://www.w3.org/2001/XMLSchema#"


def term(value: Any, kind: str = "") -> dict[str, str]:
    return {"type": "literal", "value": str(value)} | ({"datatype": XSD + kind} if kind else {})


def result(*pairs: tuple[Any, Any], first: str = "", second: str = "integer") -> list[dict[str, dict[str, str]]]:
    return [{"x": term(a, first), "n": term(b, second)} for a, b in pairs]


def test_names_with_numbers_are_bars_as_long_as_their_numbers() -> None:
    drawn = plot.of_result(["x", "n"], result(("A", 30), ("B", 60), ("C", 0)), {})
    assert drawn
    assert [bar.name for bar in drawn.bars] == ["A", "B", "C"]
    assert drawn.bars[1].width == 2 * drawn.bars[0].width > 0 == drawn.bars[2].width
    assert "B" in drawn.told
    assert "60" in drawn.told


def test_numbers_may_stand_first() -> None:
    rows = result((30, "A"), (60, "B"), first="integer", second="")
    drawn = plot.of_result(["x", "n"], rows, {})
    assert drawn
    assert [bar.told for bar in drawn.bars] == ["30", "60"]


def test_of_many_bars_the_first_are_drawn_and_the_rest_counted() -> None:
    drawn = plot.of_result(["x", "n"], result(*((f"S{n}", n + 1) for n in range(100))), {})
    assert drawn
    assert len(drawn.bars) == plot.MOST_BARS
    assert drawn.note.startswith(str(100 - plot.MOST_BARS))


def test_days_with_numbers_are_a_line_in_the_order_of_time() -> None:
    rows = result(("2010", 5), ("2000", 1), ("2005", 3), first="gYear")
    drawn = plot.of_result(["x", "n"], rows, {})
    assert drawn
    (series,) = drawn.series
    steps = [tuple(map(float, step.split())) for step in series.line[1:].split("L")]
    assert steps == sorted(steps)
    assert [y for _, y in steps] == sorted((y for _, y in steps), reverse=True)
    assert (steps[1][0] - steps[0][0]) == pytest.approx(steps[2][0] - steps[1][0], abs=0.2)


def test_a_day_with_two_numbers_is_drawn_as_dots_and_not_joined() -> None:
    rows = result(("2000-01-01", 5), ("2000-01-01", 9), ("2001-05-01", 3), ("2003-01-01", 2), first="date")
    drawn = plot.of_result(["x", "n"], rows, {})
    assert drawn
    (series,) = drawn.series
    assert not series.line
    assert len(series.dots) == 4


@pytest.mark.parametrize(
    "rows",
    [
        result(("A", -1), ("B", 3)),
        result(("A", 1)),
        result(("A", 0), ("B", 0)),
        result(("A", "many"), ("B", 3), second=""),
        result(("A", "INF"), ("B", 3), second="double"),
        result(("A", "NaN"), ("B", 3), second="double"),
        result(("2000", 3), ("2001", 4), first="gYear"),
        result((1, 2), (3, 4), first="integer"),
        [],
    ],
    ids=["negative", "single", "nothing", "text", "infinite", "nan", "two years", "two numbers", "no rows"],
)
def test_what_cannot_be_drawn_honestly_is_not(rows: list[dict[str, dict[str, str]]]) -> None:
    assert plot.of_result(["x", "n"], rows, {}) is None


def test_three_columns_are_a_table_only() -> None:
    assert plot.of_result(["x", "n", "z"], result(("A", 1), ("B", 3)), {}) is None


def test_a_question_may_count_the_rows_of_each_kind() -> None:
    drawn = plot.described("count x", result(("A", 1), ("B", 3), ("A", 2)), {})
    assert drawn
    assert [(bar.name, bar.told) for bar in drawn.bars] == [("A", "2"), ("B", "1")]


def test_a_question_may_draw_several_series() -> None:
    rows = [
        {"year": term(year, "gYear"), "sum": term(value, "decimal"), "of": term(name)}
        for name, values in {"income": (20_000_000, 50_000_000), "spending": (30_000_000, 10_000_000)}.items()
        for year, value in zip((2000, 2004), values, strict=True)
    ] + [{"year": term(2002, "gYear"), "sum": term(7, "integer"), "of": term("income")}]
    drawn = plot.described("line year sum by of", rows, {})
    assert drawn
    assert [series.name for series in drawn.series] == ["income", "spending"]
    assert "millions" in drawn.note


class Picture(HTMLParser):
    """Collects the attributes of what is drawn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


QUERY = "SELECT ?t (COUNT(?a) AS ?n) { ?p mgo:instrument ?t ; mgo:agent ?a } GROUP BY ?t ORDER BY DESC(?n) ?t LIMIT 9"


def test_a_result_of_the_endpoint_is_drawn_above_its_table(client: FlaskClient) -> None:
    page = client.get("/sparql", query_string={"query": QUERY}, headers={"Accept": "text/html"}).text
    picture = Picture(page.split("<figure", 1)[1].split("</figure>", 1)[0])
    widths = [float(attributes["width"] or 0) for tag, attributes in picture.found if tag == "rect"]
    assert len(widths) == 9
    assert widths == sorted(widths, reverse=True)
    (drawing,) = [attributes for tag, attributes in picture.found if tag == "svg"]
    assert drawing["role"] == "img"
    assert drawing["aria-label"]
    assert not any("style" in attributes for _, attributes in picture.found)
    numbers = re.findall(r"<td>([\d,]+)</td>", page.split("<table>", 1)[1])
    assert len(numbers) == 9


def test_hostile_names_in_a_chart_stay_words(hostile: FlaskClient) -> None:
    query = 'SELECT ?x ?n { VALUES (?x ?n) { ("<script>alert(1)</script>" 1) ("\\"><svg onload=x>" 2) } }'
    page = hostile.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert page.count("<svg") == 1
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
