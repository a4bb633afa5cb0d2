"""The graph counts the members of IOM, and what it counts is held against what sources state."""

from collections.abc import Iterator
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from migov import resources
from migov.graph.bounds import bounds

ROOT = resources.default()
FILES = ("relations/iom-membership", "entities", "observations/figures", "observations")
# Stated for the day a Council admitted members that the list of the Constitution dates later, or a rounded count.
GAPS = {1998: {-1, 7}, 1999: {-8, 0}, 2013: {-2}, 2014: {0, 2}, 2016: {-5}, 2017: {-1}}


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()
    folders = [path for name in FILES for path in (ROOT.graphs / name).glob("*.ttl")]
    for path in (*folders, *(ROOT.ontology / "concepts").glob("*.ttl"), *(ROOT.graphs / "sources").rglob("*.ttl")):
        made.load(path=str(path), format=RdfFormat.TURTLE, to_graph=NamedNode(f"urn:{path.stem}"))
    made.bulk_extend(bounds(made))
    return made


def rows(store: Store) -> Iterator[tuple[date, int, int | None]]:
    query = (ROOT.queries / "library" / "member-count-by-year.rq").read_text("utf-8")
    for row in store.query(query, use_default_graph_as_union=True):
        day, counted, stated = row["day"], row["counted"], row["stated"]
        assert isinstance(day, Literal)
        yield date.fromisoformat(day.value), int(counted.value), int(stated.value) if stated else None


def test_counted_members_meet_the_stated_ones_or_the_gap_is_known(store: Store) -> None:
    met = set()
    for day, counted, stated in rows(store):
        if stated is not None:
            assert stated - counted in GAPS.get(day.year, {0}), f"{day}: counted {counted}, stated {stated}"
            met.add(day.year)
    assert {1997, 2008, 2012, 2015, 2019, 2023} <= met


def test_who_left_and_came_back_is_known(store: Store) -> None:
    query = """
    PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX org: <http://www.w3.org/ns/org#>
    PREFIX o: <https://w3id.org/migov/id/org/> PREFIX membership-type: <https://w3id.org/migov/concept/membership-type/>
    SELECT DISTINCT ?state WHERE {
        ?first org:organization o:iom ; org:member ?state ; mgo:membershipType membership-type:member ;
            mgo:endLatest ?left .
        ?second org:organization o:iom ; org:member ?state ; mgo:membershipType membership-type:member ;
            mgo:startEarliest ?back .
        FILTER(?back > ?left)
    }"""
    returned = {row["state"].value[-3:] for row in store.query(query, use_default_graph_as_union=True)}
    assert returned == {"AUS", "BRA", "CAN", "ESP", "FRA", "GBR", "MLT", "NZL", "SWE", "ZAF", "VEN"}
