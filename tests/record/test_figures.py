"""A curator imports figures: numbers stay exact, each source speaks for itself, and indicators are not mixed up."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from migov.errors import TableRefused
from migov.graph.literals import fault
from migov.record.observing import figure
from migov.record.tables import Problems, Row
from record.folder import Folder

A, B, C = "https://a.example/list", "https://b.example/life", "https://c.example/news"
Make = Callable[..., Folder]


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    sources = {A: "official", B: "secondary", C: "tertiary"}
    return folder_with('o:iom a mgo:IntergovernmentalOrganisation ; skos:prefLabel "IOM"@en .', sources=sources)


def row(measure: str, value: str, unit: str = "States", as_of: str = "2014-11-25", **cells: str) -> dict[str, str]:
    precision = {0: "", 4: "year", 7: "month", 10: "day"}[len(as_of)]
    made = {"org_key": "iom", "measure": measure, "value": value, "unit": unit, "as_of": as_of}
    return made | {"as_of_precision": precision, "source_url": A, "source_as_of": "2015", **cells}


def spent(iso3: str, year: str, usd: str, **cells: str) -> dict[str, str]:
    made = {"iso3": iso3, "country": iso3.title(), "year": year, "iom_expenses_usd": usd}
    return made | {"source_url": A, "source_as_of": "2026-08", **cells}


def test_two_sources_make_two_observations_even_where_they_agree(folder: Folder) -> None:
    rows = [row("member states", "157"), row("member states", "157", source_url=B)]
    assert folder.imports("figures", rows).made == 2
    both = folder.having("mgo:indicator", "indicator:member-states")
    assert [folder.text(one, "mgo:value") for one in both] == ["157", "157"]
    assert len({*map(frozenset, (folder.values(one, "mgo:evidence") for one in both))}) == 2


def test_counting_by_another_rule_is_another_indicator(folder: Folder) -> None:
    folder.imports("figures", [row("member states", "157"), row("member states (counted)", "155")])
    [counted] = folder.having("mgo:indicator", "indicator:member-states-counted")
    assert folder.text(counted, "mgo:value") == "155"
    assert not folder.values(counted, "mgo:rank")


def test_of_two_numbers_for_one_day_the_better_source_sets_the_other_aside(folder: Folder) -> None:
    outcome = folder.imports(
        "figures", [row("staff", "9000", "persons", source_url=C), row("staff", "8400", "persons")]
    )
    assert (outcome.made, outcome.disputed) == (1, 1)
    [aside] = folder.having("mgo:rank", "rank:deprecated")
    assert folder.text(aside, "mgo:value") == "9000"
    assert "8400" in folder.text(aside, "mgo:rankReason")


@pytest.mark.parametrize(
    "rows",
    [
        [row("member states", "59", as_of="1998", source_url=B), row("member states", "67", as_of="1998")],
        [row("staff", "9000", "persons", source_url=C, qualifier="about"), row("staff", "8400", "persons")],
        [row("staff", "9000", "persons"), row("staff", "8400", "persons")],
        [row("staff", "9000", "persons", as_of="", source_url=C), row("staff", "8400", "persons", as_of="")],
    ],
    ids=["a count changes within a year", "a hedge leaves room", "sources of one tier", "no time is given"],
)
def test_numbers_that_may_both_be_right_stand_side_by_side(folder: Folder, rows: list[dict[str, str]]) -> None:
    assert folder.imports("figures", rows).made == 2
    assert not folder.having("mgo:rank", "rank:deprecated")


def test_hedges_and_cents_are_kept(folder: Folder) -> None:
    rows = [row("offices", "440", "offices", qualifier="more than"), row("revenue", "2127069586.68", "USD", "2019")]
    folder.imports("figures", rows)
    [offices] = folder.having("mgo:indicator", "indicator:offices")
    assert folder.values(offices, "mgo:valueQualifier") == {folder.node("qualifier:more-than")}
    [revenue] = folder.having("mgo:indicator", "indicator:revenue")
    assert folder.text(revenue, "mgo:value") == "2127069586.68"


def test_expenses_name_the_country_and_sum_up_to_the_table(folder: Folder) -> None:
    rows = [spent("FRA", "2015", "10.50"), spent("IDN", "2015", "20.0"), spent("MOO", "2015", "3")]
    assert folder.imports("expenses", rows).made == 3
    made = folder.of_class("mgo:Observation")
    assert sum(Decimal(folder.text(one, "mgo:value")) for one in made) == Decimal("33.5")
    [moon] = folder.having("mgo:inCountry", "place:moon")
    assert folder.values(moon, "mgo:observedEntity") == {folder.node("o:iom")}
    assert folder.text(moon, "mgo:asOf") == "2015"


def test_second_imports_change_nothing(folder: Folder) -> None:
    figures, expenses = [row("staff", "1", "persons")], [spent("FRA", "2015", "10")]
    assert folder.imports("figures", figures).files
    assert folder.imports("expenses", expenses).files
    assert folder.imports("figures", figures).files == []
    assert folder.imports("expenses", expenses).files == []


def test_figures_that_cannot_be_understood_are_refused_by_row(folder: Folder) -> None:
    bad = [
        row("dolphins", "3"),
        row("staff", "many", "persons"),
        row("staff", "-1", "persons"),
        row("staff", "1", "furlongs"),
        row("staff", "1", "persons", qualifier="perhaps"),
        row("staff", "1", "persons", org_key="guild"),
        row("staff", "1", "persons", as_of="2014-02-30"),
        row("staff", "1", "persons"),
    ]
    before = folder.bytes()
    with pytest.raises(TableRefused) as refused:
        folder.imports("figures", bad)
    assert refused.value.facts["rows"] == [2, 3, 4, 5, 6, 7, 8]
    assert folder.bytes() == before


def test_expenses_are_refused_for_unknown_countries_and_for_a_year_told_twice(folder: Folder) -> None:
    bad = [
        spent("FRA", "2015", "1"),
        spent("ZZZ", "2015", "1"),
        spent("FRA", "2015", "2"),
        spent("KEN", "2015-01", "1"),
    ]
    with pytest.raises(TableRefused) as refused:
        folder.imports("expenses", bad)
    assert refused.value.facts["rows"] == [3, 4, 5]


@given(st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False, places=2))
def test_a_number_keeps_its_value_in_the_one_form_that_the_engine_keeps(number: Decimal) -> None:
    problems = Problems("table")
    read = figure(Row(2, {"value": str(number)}), "value", problems)
    assert isinstance(read, Literal)
    assert Decimal(read.value) == number
    assert not problems.found
    assert fault(read) is None
