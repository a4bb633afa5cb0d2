"""Pages of organisations, posts, persons, documents, statements and codes: what they say is what the graph says."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from migov.store import Iri, Literal
from migov.web import bands, headcount
from migov.web.scale import among
from migov.web.site import NAME, Site

_IOM = "/page/org/iom"
_PREFIXES = """
PREFIX mgo: <https://w3id.org/migov/ontology/>
PREFIX o: <https://w3id.org/migov/id/org/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX doc: <https://w3id.org/migov/id/document/>
PREFIX post: <https://w3id.org/migov/id/post/>
PREFIX kind: <https://w3id.org/migov/concept/membership-type/>
PREFIX status: <https://w3id.org/migov/concept/end-status/>
PREFIX rank: <https://w3id.org/migov/concept/rank/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def _ask(client: FlaskClient, text: str) -> list[dict[str, str]]:
    site: Site = client.application.extensions[NAME]
    return [{name: term.value for name, term in row.items()} for row in site.store.rows(_PREFIXES + text)]


def _section(page: str, anchor: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="h-{re.escape(anchor)}">.*?</section>', page, re.DOTALL)
    assert found, anchor
    return found[0]


def _words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


# -- organisations ----------------------------------------------------------------------------------------------


def test_key_facts_of_an_organisation_stand_first(client: FlaskClient) -> None:
    key = _words(_section(client.get(_IOM).text, "key"))
    assert "Founded 1951" in key
    assert re.search(r"Constitution of IOM · adopted: 19 October 1953 · in force: 30 November 1954", key)
    assert "Headquarters Geneva" in key
    assert "related organisation" in key
    assert "Amy Pope since 1 October 2023" in key


def test_members_are_counted_from_memberships_and_stated_by_sources(client: FlaskClient) -> None:
    counted = _ask(
        client,
        "SELECT (COUNT(DISTINCT ?m) AS ?n) { "
        "?s org:organization o:iom ; mgo:membershipType kind:member ; org:member ?m ; "
        "mgo:endStatus status:ongoing FILTER NOT EXISTS { ?s mgo:rank rank:deprecated } }",
    )
    key = _words(_section(client.get(_IOM).text, "key"))
    assert f"{counted[0]['n']} counted" in key
    assert "as stated" in key


@pytest.mark.parametrize("year", ["1970", "1998", "2013"])
def test_numbers_over_time_are_those_of_the_graph(client: FlaskClient, year: str) -> None:
    rows = _ask(
        client,
        "SELECT DISTINCT ?m ?begun ?over ?lasts { "
        "?s org:organization o:iom ; mgo:membershipType kind:member ; org:member ?m ; "
        "mgo:startLatest ?begun OPTIONAL { ?s mgo:endEarliest ?over } "
        "BIND(EXISTS { ?s mgo:endStatus status:ongoing } AS ?lasts) "
        "FILTER NOT EXISTS { ?s mgo:rank rank:deprecated } }",
    )
    end = f"{year}-12-31"
    held = {
        row["m"]
        for row in rows
        if row["begun"] <= end
        and "/group/" not in row["m"]
        and (row["lasts"] == "true" or row.get("over", row["begun"]) >= end)
    }
    table = _section(client.get(_IOM).text, "time")
    shown = dict(re.findall(r'<th scope="row">(\d{4})<td>(\d+)', table))
    latest = max(known for known in shown if known <= year)
    assert int(shown[latest]) == len(held)


def test_each_dated_name_stands_in_the_drawing_and_in_words(client: FlaskClient) -> None:
    names = _ask(client, "SELECT ?name { ?u mgo:named o:iom ; mgo:name ?name ; mgo:startDate ?d ; mgo:endDate ?e }")
    time = _section(client.get(_IOM).text, "time")
    drawing, told = time[: time.index("</svg>")], _words(time[time.index("</svg>") :])
    long = [row["name"] for row in names if " " in row["name"]]
    assert len(long) > 2
    assert all(name in unescape(drawing) and name in told for name in long)


def test_the_drawing_has_a_text_alternative_and_no_style(client: FlaskClient) -> None:
    time = _section(client.get(_IOM).text, "time")
    svg = time[time.index("<svg") : time.index("</svg>")]
    assert re.search(r'role="img" aria-label="[^"]{20,}"', svg)
    assert "style=" not in svg
    assert "<a " not in svg  # what stands in a picture cannot be reached


def test_parts_stand_in_a_tree_and_a_part_says_of_what(client: FlaskClient) -> None:
    parts = _ask(client, "SELECT ?part { ?c mgo:whole o:iom-council ; mgo:part ?part }")
    tree = _section(client.get(_IOM).text, "structure")
    council = _section(client.get("/page/org/iom-council").text, "structure")
    for row in parts:
        path = row["part"].replace("https://w3id.org/migov/id/", "/page/")
        assert path in tree
        assert path in council
    assert f'href="{_IOM}"' in council


def test_where_sources_differ_every_value_leads_to_its_statement(client: FlaskClient) -> None:
    differ = _section(client.get(_IOM).text, "differ")
    for key in ("iom-member-states-1998-4144ec", "iom-member-states-1998-475c83"):
        assert f'href="/page/observation/{key}"' in differ


def test_what_an_organisation_leads_to_is_there(client: FlaskClient) -> None:
    page = client.get(_IOM).text
    named = set(re.findall(rf'href="({_IOM}\?list=[^"]+)"', page))
    assert len(named) > 5
    for address in named:
        assert client.get(unescape(address)).status_code == 200, address
    assert client.get(f"{_IOM}?list=nothing").status_code == 404


def test_an_organisation_on_a_day_is_that_of_the_day(client: FlaskClient) -> None:
    key = _words(_section(client.get(f"{_IOM}?on=2000-01-01").text, "key"))
    assert "on 1 January 2000" in key
    assert "175" not in key
    assert client.get(f"{_IOM}?on=yesterday").status_code == 400
    assert client.get(f"{_IOM}?on=2000-01-01&on=2001-01-01").status_code == 400


@pytest.mark.parametrize(
    "key", ["org/iom", "org/un", "org/un-ga", "org/cmw", "org/unhcr", "post/cmw-member", "document/gcm"]
)
def test_pages_of_bodies_are_light(client: FlaskClient, key: str) -> None:
    assert len(client.get(f"/page/{key}").data) < 100_000


# -- posts and persons ------------------------------------------------------------------------------------------


def test_a_post_lists_its_holders_the_latest_first(client: FlaskClient) -> None:
    rows = _ask(client, "SELECT ?p { ?t mgo:post post:iom-director-general ; org:member ?p }")
    career = _section(client.get("/page/post/iom-director-general").text, "career")
    held = career[career.index("</svg>") :]
    places = [held.index(row["p"].replace("https://w3id.org/migov/id/", '"/page/')) for row in rows]
    assert len(places) > 5
    assert held.index("amy-pope") < held.index("antonio-vitorino") < held.index("brunson-mckinley")


def test_a_person_lists_posts_by_organisation(client: FlaskClient) -> None:
    career = _words(_section(client.get("/page/person/amy-pope").text, "career"))
    assert "International Organization for Migration" in career
    assert "Director General of IOM since 1 October 2023" in career
    assert "Deputy Director General" in career


def test_a_committee_names_its_chair_before_its_members(client: FlaskClient) -> None:
    posts = _section(client.get("/page/org/cmw").text, "posts")
    assert posts.index("/page/post/cmw-chair") < posts.index("/page/post/cmw-member")
    assert "/page/document/icrmw" in client.get("/page/org/cmw").text


# -- documents --------------------------------------------------------------------------------------------------


def test_votes_stand_by_name_beside_their_totals(client: FlaskClient) -> None:
    votes = _section(client.get("/page/document/gcm").text, "votes")
    against = _ask(
        client,
        "PREFIX cast: <https://w3id.org/migov/concept/vote-cast/> "
        "SELECT DISTINCT ?name { ?v mgo:instrument doc:gcm ; mgo:voteCast cast:no ; "
        "mgo:voter/skos:prefLabel ?name FILTER(LANG(?name) = 'en') }",
    )
    told = _words(votes)
    assert len(against) == 5
    assert all(row["name"] in told for row in against)
    assert re.search(r"152.*?5.*?12", told)


def test_a_source_says_how_many_statements_of_which_kind_rest_on_it(client: FlaskClient) -> None:
    source = "doc:source-c51888cf0f55"
    rows = _ask(
        client,
        f"SELECT ?kind (COUNT(DISTINCT ?a) AS ?n) {{ ?a mgo:evidence/mgo:source {source} ; a ?kind "
        "FILTER(?kind != mgo:Participation) } GROUP BY ?kind",
    )
    key = _words(_section(client.get("/page/document/source-c51888cf0f55").text, "key"))
    assert rows
    assert all(f"{int(row['n']):,}" in key for row in rows)
    assert "Read on" in key


def test_a_provision_has_its_neighbours(client: FlaskClient) -> None:
    row = _ask(client, "SELECT ?p ?w { ?p a mgo:Provision ; mgo:partOf ?w } ORDER BY ?p LIMIT 1")[0]
    page = client.get(row["p"].replace("https://w3id.org/migov/id/", "/page/")).text
    assert row["w"].replace("https://w3id.org/migov/id/", "/page/") in _section(page, "key")
    assert 'aria-current="page"' in _section(page, "siblings")


# -- statements and codes ---------------------------------------------------------------------------------------


def test_a_statement_shows_its_rivals_and_what_it_rests_on(client: FlaskClient) -> None:
    page = client.get("/page/observation/iom-member-states-1998-4144ec").text
    beside = _section(page, "beside")
    assert "/page/observation/iom-member-states-1998-475c83" in beside
    assert "this statement" in beside
    assert "/page/evidence/" in _section(page, "rests")


def test_a_statement_set_aside_says_why(client: FlaskClient) -> None:
    beside = _words(_section(client.get("/page/claim/52c4606d6175").text, "beside"))
    assert "related organisation" in beside
    assert "deprecated" in beside
    assert "A source of a higher tier" in beside


def test_a_code_says_where_it_is_used(client: FlaskClient) -> None:
    number = _ask(client, "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m mgo:membershipType kind:member }")[0]["n"]
    page = client.get("/page/concept/membership-type/member").text
    key = _section(page, "key")
    assert f"{int(number):,}" in _words(key)
    assert "/page/ontology/membershipType" in key
    for address in re.findall(r'href="(/page/concept[^"]*\?list=[^"]+)"', key):
        assert client.get(unescape(address)).status_code == 200


# -- drawing ----------------------------------------------------------------------------------------------------


def test_overlapping_periods_get_rows_of_their_own() -> None:
    scale = among(["1990-01-01", "2020-01-01"], "2020-12-31", 0, 310)
    assert scale is not None
    one = bands.Period("One", "", "2000-01-01", "2000-01-01", "2010-01-01", "2010-01-01", False)
    two = bands.Period("Two", "", "2005-01-01", "2005-01-01", "", "", True)
    three = bands.Period("Three", "", "2011-01-01", "2011-01-01", "", "", False)
    drawn = bands.draw([("Head", [one, two, three])], scale, "2020-12-31")
    assert [len(lane.bands) for lane in drawn.lanes] == [2, 1]
    assert drawn.lanes[0].bands[1].open_right is not None  # no source gives its end
    assert drawn.lanes[1].bands[0].open_right is None  # it lasts
    assert drawn.lanes[1].label == ""


def test_a_period_without_any_day_is_not_drawn() -> None:
    scale = among(["1990-01-01"], "2020-12-31", 0, 310)
    assert scale is not None
    nothing = bands.Period("Undated", "", "", "", "", "", False)
    assert bands.draw([("Head", [nothing])], scale, "2020-12-31").lanes == []
    assert among([], "2020-12-31", 0, 310) is None


def test_two_rows_of_one_member_count_once() -> None:
    def row(member: str, begun: str, over: str) -> dict[str, Iri | Literal]:
        return {"member": Iri(member), "lastBegun": Literal(begun), "over": Literal(over)}

    rows = [
        row("a", "2000-01-01", "2005-12-31"),
        row("a", "2004-01-01", "2008-12-31"),
        row("b", "2003-01-01", "2003-12-31"),
    ]
    steps = headcount.counted(rows, "2020-12-31")
    assert [headcount.on(steps, day) for day in ("1999-12-31", "2003-06-01", "2004-06-01", "2009-01-01")] == [
        0,
        2,
        1,
        0,
    ]
