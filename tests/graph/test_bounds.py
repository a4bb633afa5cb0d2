"""Bounds in the graph: which slots get them, and what stops the build."""

import pytest

from graph.story import short, store_of
from migov.errors import DataError
from migov.graph.bounds import BOUNDS, bounds

TOLERANCE = "qualifier:approximately mgo:tolerance 0.05 . "


@pytest.mark.parametrize(
    ("slot", "stem"),
    [("startDate", "start"), ("endDate", "end"), ("date", "date"), ("effectiveDate", "effective"), ("asOf", "asOf")],
)
def test_each_date_slot_has_its_bounds(slot: str, stem: str) -> None:
    made = bounds(store_of(f'rel:it mgo:{slot} "2024-02"^^xsd:gYearMonth .'))
    assert short(made) == {f"rel:it mgo:{stem}Earliest 2024-02-01", f"rel:it mgo:{stem}Latest 2024-02-29"}
    assert {quad.graph_name for quad in made} == {BOUNDS}


def test_a_report_bounds_a_period_from_inside_only() -> None:
    story = 'rel:it mgo:observedFrom "1998"^^xsd:gYear ; mgo:observedTo "2003-06"^^xsd:gYearMonth .'
    assert short(bounds(store_of(story))) == {"rel:it mgo:startLatest 1998-12-31", "rel:it mgo:endEarliest 2003-06-01"}


def test_a_date_bounds_a_period_better_than_a_report() -> None:
    story = 'rel:it mgo:startDate "1990"^^xsd:gYear ; mgo:observedFrom "1998"^^xsd:gYear .'
    assert short(bounds(store_of(story))) == {
        "rel:it mgo:startEarliest 1990-01-01",
        "rel:it mgo:startLatest 1990-12-31",
    }


def test_other_dates_have_none() -> None:
    assert bounds(store_of('rel:it mgo:appointmentDate "2018-06"^^xsd:gYearMonth .')) == []


@pytest.mark.parametrize(
    ("value", "hedge", "expected"),
    [
        ("175", "exact", {"mgo:valueLower 175", "mgo:valueUpper 175"}),
        ("15000", "more-than", {"mgo:valueLower 15000"}),
        ("7800", "at-least", {"mgo:valueLower 7800"}),
        ("12.5", "at-most", {"mgo:valueUpper 12.5"}),
        ("22", "approximately", {"mgo:valueLower 20.9", "mgo:valueUpper 23.1"}),
        ("1200000000", "approximately", {"mgo:valueLower 1140000000", "mgo:valueUpper 1260000000"}),
        ("-100", "approximately", {"mgo:valueLower -105", "mgo:valueUpper -95"}),
    ],
)
def test_a_hedge_bounds_its_figure(value: str, hedge: str, expected: set[str]) -> None:
    story = TOLERANCE + f"obs:it mgo:value {value} ; mgo:valueQualifier qualifier:{hedge} ."
    assert {fact.removeprefix("obs:it ") for fact in short(bounds(store_of(story)))} == expected


def test_the_tolerance_is_read_from_the_code_list() -> None:
    story = (
        "qualifier:approximately mgo:tolerance 0.5 . obs:it mgo:value 10 ; mgo:valueQualifier qualifier:approximately ."
    )
    assert short(bounds(store_of(story))) == {"obs:it mgo:valueLower 5", "obs:it mgo:valueUpper 15"}


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("obs:it mgo:value 22 ; mgo:valueQualifier qualifier:approximately .", "needs mgo:tolerance"),
        ("obs:it mgo:value 22 ; mgo:valueQualifier qualifier:nearly .", "nearly"),
        ("obs:it mgo:value 'many' ; mgo:valueQualifier qualifier:exact .", "many"),
        ("rel:it mgo:startDate 'spring' .", "startDate"),
        ("rel:it mgo:endDate place:geneva .", "date belongs"),
    ],
)
def test_what_has_no_bounds_stops_the_build(story: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        bounds(store_of(story))
