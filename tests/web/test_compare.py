"""Two things side by side, or one on two days: each group as the graph has it, and what cannot be compared."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions, Store

from migov import vocabulary
from web.conftest import small_release

MOST = 100_000
PREFIXES = """PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX state: <https://w3id.org/migov/id/state/>
PREFIX doc: <https://w3id.org/migov/id/document/> PREFIX o: <https://w3id.org/migov/id/org/>
PREFIX org: <http://www.w3.org/ns/org#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX s: <https://w3id.org/migov/concept/participation-status/>
PREFIX mt: <https://w3id.org/migov/concept/membership-type/> """


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def rows(client: FlaskClient, **asked: str) -> list[list[str]]:
    answer = client.get("/compare.csv", query_string=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *found = csv.reader(io.StringIO(answer.text))
    assert header[:4] == ["section", "group", "name", "iri"]
    return found


def group(found: list[list[str]], section: str, code: str) -> set[str]:
    return {row[3].rsplit("/", 1)[-1] for row in found if row[:2] == [section, code]}


def asked(store: Store, text: str) -> set[str]:
    solutions = store.query(PREFIXES + text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return {found["x"].value.rsplit("/", 1)[-1] for found in solutions}


def bound(state: str, treaty: str, day: str) -> str:
    """The pattern of a period as party that surely holds a day."""
    return f"""?p mgo:agent {state} ; mgo:instrument {treaty} ; mgo:status s:party ; mgo:startLatest ?since .
      FILTER(?since <= "{day}"^^xsd:date)
      FILTER NOT EXISTS {{ ?p mgo:endEarliest ?e FILTER(?e < "{day}"^^xsd:date) }}"""


def test_two_states_share_the_treaties_that_bind_both(client: FlaskClient, released: Store) -> None:
    found = rows(client, a="state/MEX", b="state/GTM", on="2020-01-01")
    of = {
        code: asked(released, f"SELECT DISTINCT ?x {{ {bound(f'state:{code}', '?x', '2020-01-01')} }}")
        for code in ("MEX", "GTM")
    }
    unsure = group(found, "Treaties", "unsure")
    assert len(unsure) < 3
    assert group(found, "Treaties", "both") == (of["MEX"] & of["GTM"]) - unsure
    only = group(found, "Treaties", "first") | group(found, "Treaties", "first-known")
    assert only == of["MEX"] - of["GTM"] - unsure
    assert (
        group(found, "Treaties", "second") | group(found, "Treaties", "second-known") == of["GTM"] - of["MEX"] - unsure
    )
    # of the Migration for Employment Convention no list is complete, so that nothing is known of Mexico
    assert "ilo-c097" in group(found, "Treaties", "second-known")
    page = words(client.get("/compare?a=state/MEX&b=state/GTM&on=2020-01-01").text)
    assert f"Both: {len(group(found, 'Treaties', 'both'))}" in page
    assert "This is 1 January 2020" in page


def test_two_treaties_share_their_parties(client: FlaskClient, released: Store) -> None:
    found = rows(client, a="document/icrmw", b="document/ilo-c097", on="2012-01-01")
    of = {
        key: asked(released, f"SELECT DISTINCT ?x {{ {bound('?x', f'doc:{key}', '2012-01-01')} }}")
        for key in ("icrmw", "ilo-c097")
    }
    unsure = group(found, "States", "unsure")
    assert group(found, "States", "both") == (of["icrmw"] & of["ilo-c097"]) - unsure
    # the list of the first is complete for that day, so that it is sure who was no party
    assert group(found, "States", "second") == of["ilo-c097"] - of["icrmw"] - unsure
    assert group(found, "States", "second-known") == set()
    page = client.get("/compare?a=document/icrmw&b=document/ilo-c097&on=2012-01-01")
    told = words(page.text)
    assert "Adopted 18 December 1990" in told
    assert "Entered into force 1 July 2003" in told
    assert 'href="/matrix/MEX/icrmw?on=2012-01-01"' in page.text


def test_one_state_on_two_days_has_gained_and_lost(client: FlaskClient, released: Store) -> None:
    found = rows(client, a="state/TTO", on="1998-01-01", on2="2001-01-01")
    assert "iccpr-op1" in group(found, "Treaties", "ended")
    before = asked(released, f"SELECT DISTINCT ?x {{ {bound('state:TTO', '?x', '1998-01-01')} }}")
    after = asked(released, f"SELECT DISTINCT ?x {{ {bound('state:TTO', '?x', '2001-01-01')} }}")
    unsure = group(found, "Treaties", "unsure")
    assert group(found, "Treaties", "added") == after - before - unsure
    assert group(found, "Treaties", "ended") == before - after - unsure
    assert group(found, "Treaties", "same") >= (before & after) - unsure
    (row,) = [row for row in found if row[3].endswith("/iccpr-op1")]
    assert row[4:7] == ["yes", "party", "14 Nov 1980 or later"] or row[5] == "party"
    assert row[9] == "left"


def test_the_days_stand_in_their_order_however_they_are_given(client: FlaskClient) -> None:
    one, other = (
        client.get("/compare", query_string={"a": "state/TTO", "on": a, "on2": b})
        for a, b in (("1998-01-01", "2001-01-01"), ("2001-01-01", "1998-01-01"))
    )
    assert one.headers["Link"] == other.headers["Link"]
    assert words(one.text) == words(other.text)
    assert "from 1 January 1998 to 1 January 2001" in words(one.text)
    latest = client.get("/compare?a=state/TTO&on=1998-01-01")
    assert "from 1 January 1998 to 23 November 2026" in words(latest.text)


def test_an_organisation_on_two_days_has_other_members_and_another_name(client: FlaskClient, released: Store) -> None:
    found = rows(client, a="org/iom", on="1952-01-01", on2="2000-01-01")
    names = {row[2]: row[1] for row in found if row[0] == "Names"}
    assert names["“PICMME”"] == "ended"
    text = """SELECT DISTINCT ?x {
      ?m org:organization o:iom ; mgo:membershipType mt:member ; org:member ?x .
      ?m mgo:startEarliest ?from ; mgo:startLatest ?to ; mgo:endStatus <https://w3id.org/migov/concept/end-status/ongoing>
      FILTER(?from > "1952-01-01"^^xsd:date && ?to <= "2000-01-01"^^xsd:date)
      FILTER NOT EXISTS { ?m mgo:rank <https://w3id.org/migov/concept/rank/deprecated> }
      FILTER NOT EXISTS { ?n org:organization o:iom ; org:member ?x . FILTER(?n != ?m) } }"""
    joined = asked(released, text)
    assert len(joined) > 10
    assert joined <= group(found, "Members", "added")


def test_two_organisations_share_members(client: FlaskClient) -> None:
    found = rows(client, a="org/iom", b="org/un")
    shared = group(found, "Members", "both")
    assert {"MEX", "PHL", "CHE"} <= shared
    page = client.get("/compare?a=org/iom&b=org/un").text
    assert "Latest figures up to the day" in page
    assert re.search(r'href="/page/relation/[^"]+">Member', page)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?a=state/MEX&b=state/GTM",
        "?a=org/iom&b=org/un",
        "?a=org/iom&on=1960-01-01",
        "?a=org/iom&b=org/un&part=members",
        "?a=document/refugee-1951&b=document/crc&on=1995-01-01",
        "?a=document/crc&on=1990-06-01&on2=2020-01-01&part=parties",
        "?a=state/FRA&b=state/DEU&lang=fr",
    ],
)
def test_a_page_is_small(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/compare{asked}")
    assert answer.status_code == 200, answer.text
    assert len(answer.data) < MOST


def test_a_part_has_every_row(client: FlaskClient) -> None:
    whole = [row for row in rows(client, a="org/iom", b="org/un") if row[0] == "Members"]
    page = client.get("/compare?a=org/iom&b=org/un&part=members").text
    assert page.count('<th scope="row">') == min(len(whole), 210)
    assert client.get("/compare?a=org/iom&b=org/un&part=none").status_code == 404
    assert client.get("/compare?a=org/iom&b=org/un&part=members&page=9").status_code == 404


@pytest.mark.parametrize(
    ("a", "b"),
    [("Mexico", "guatemala"), ("MEX", "GTM"), ("Mexique", "state/GTM"), ("https://w3id.org/migov/id/state/MEX", "GTM")],
)
def test_things_are_known_by_name_code_and_address(client: FlaskClient, a: str, b: str) -> None:
    answer = client.get("/compare", query_string={"a": a, "b": b})
    assert "<h1>Mexico and Guatemala</h1>" in answer.text
    assert '</compare?a=state/MEX&b=state/GTM>; rel="canonical"' in answer.headers["Link"]


def test_forms_offer_what_can_be_compared(client: FlaskClient) -> None:
    page = client.get("/compare").text
    assert page.count("<datalist") == 3
    assert '<option value="Mexico">' in page
    begun = client.get("/compare?a=org/iom").text
    assert begun.count("<datalist") == 1
    assert 'value="International Organization for Migration"' in begun
    for target in re.findall(r'href="(/compare\?[^"]+)"', page):
        assert client.get(unescape(target)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("a=state/MEX&b=org/iom", 400, "A State is compared with a State"),
        ("a=state/MEX&b=state/MEX", 400, "no comparison"),
        ("a=state/MEX&on=2000-01-01&on2=2000-01-01", 400, "no comparison"),
        ("a=state/MEX&on=2026-11-23", 400, "no comparison"),  # that is the latest
        ("a=state/MEX&b=state/GTM&on2=2000-01-01", 400, "on one day"),
        ("a=state/MEX&on=2000-02-30", 400, "on is a day"),
        ("a=state/MEX&on2=soon", 400, "on2 is a day"),
        ("a=state/MEX&a=state/GTM", 400, "given 2 times"),
        ("a=Atlantis&b=Mexico", 404, "Nothing that can be compared"),
        ("a=Mexiko", 404, "Is it mexico"),
        ("a=person/someone&on=2000-01-01", 404, "States, treaties and organisations"),
    ],
)
def test_what_is_no_comparison_is_told(client: FlaskClient, asked: str, status: int, told: str) -> None:
    answer = client.get(f"/compare?{asked}")
    assert answer.status_code == status
    assert answer.json is not None
    assert told in answer.json["detail"]


def test_a_file_of_nothing_is_refused(client: FlaskClient) -> None:
    assert client.get("/compare.csv").status_code == 400
    assert client.get("/compare.csv?a=state/MEX").status_code == 400


def test_signed_and_perhaps_stand_apart(opened: Callable[..., FlaskClient], tmp_path: Path) -> None:
    source = Path(__file__).with_name("days.trig")
    roads = opened(small_release(tmp_path, vocabulary.BASE, source))
    found = rows(roads, a="document/pact", on="1999-07-01", on2="2004-06-01")
    assert group(found, "States", "added") == {"AAA"}
    assert group(found, "States", "ended") == {"DDD"} - group(found, "States", "same")
    assert group(found, "States", "unsure") == {"CCC"}
    pair = rows(roads, a="state/AAA", b="state/CCC", on="2004-06-01")
    assert group(pair, "Treaties", "unsure") == {"pact", "bridges"}  # one by its year only, one left out by a list
    members = rows(roads, a="state/AAA", b="state/BBB", on="1996-06-01")
    assert group(members, "Memberships", "unsure") == {"league"}


def test_names_that_mean_harm_stay_text(opened: Callable[..., FlaskClient], tmp_path: Path) -> None:
    source = tmp_path / "harm.trig"
    text = Path(__file__).with_name("days.trig").read_text("utf-8")
    source.write_text(text.replace("Arcadia", "<script>alert(1)</script>").replace("League of Roads", "=1+1"), "utf-8")
    site = opened(small_release(tmp_path, vocabulary.BASE, source))
    for page in (
        "/compare",
        "/compare?a=AAA&b=BBB",
        "/compare?a=AAA&on=1995-01-01",
        "/compare?a=document/pact&on=1999-01-01",
    ):
        html = site.get(page).text
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)" in html
    assert ",'=1+1," in site.get("/compare.csv?a=AAA&b=BBB").text


def test_a_site_with_little_to_compare_says_so(small: FlaskClient, hostile: FlaskClient) -> None:
    for site in (small, hostile):
        assert site.get("/compare").status_code == 200
