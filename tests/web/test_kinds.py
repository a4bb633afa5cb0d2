"""The best view of a treaty and of a State: key facts, delays, regions, lists that can be sorted and taken as files."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from migov import vocabulary
from migov.web import kinds, spans
from web.conftest import small_release

PREFIXES = (
    "PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX doc: <https://w3id.org/migov/id/document/> "
    "PREFIX s: <https://w3id.org/migov/concept/participation-status/> PREFIX state: <https://w3id.org/migov/id/state/> "
    "PREFIX m49: <https://w3id.org/migov/concept/m49-region/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
MOST = 100_000
"""Bytes of a page."""


def ask(store: Store, body: str) -> list[list[str]]:
    rows = store.query(PREFIXES + body, use_default_graph_as_union=True)
    return [[value.value if value else "" for value in row] for row in rows]  # type: ignore[union-attr,misc]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def fact(page: str, label: str) -> str:
    """What stands beside a label of the panel."""
    panel = page.split('id="h-key"', 1)[1].split("</section>", 1)[0]
    found = re.search(rf"<dt>{re.escape(label)}(?: <small>\d+</small>)?</dt>(.*?)</div>", panel, re.S)
    return words(found[1]) if found else ""


def section(page: str, name: str) -> str:
    return page.split(f'id="h-{name}"', 1)[1].split("</section>", 1)[0]


def rows(table: str) -> list[list[str]]:
    """The fields of the rows of a table, those that name a group left out."""
    found = re.findall(r'<tr>(<th scope="row">.*?)(?=<tr|</tr>|</tbody>)', table, re.S)
    return [[words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)(?=</th>|<td|$)", row, re.S)] for row in found]


def sheet(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


# -- the table of kinds -----------------------------------------------------------------------------------------


def test_views_are_named_by_classes_of_the_ontology(client: FlaskClient) -> None:
    ontology = client.get("/data/ontology.ttl").get_data(as_text=True)
    assert all(re.search(rf"\b(mgo|org|foaf|skos):{name}\b", ontology) for name, _ in kinds.VIEWS)


# -- a treaty ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["", "2010-06-30"])
def test_a_treaty_tells_its_parties_at_the_top(client: FlaskClient, released: Store, day: str) -> None:
    holds = (
        f'FILTER(?from <= "{day}"^^xsd:date && (!BOUND(?end) || ?end >= "{day}"^^xsd:date))'
        if day
        else "?p <http://purl.org/dc/terms/valid> ?v ."
    )
    number = len(
        ask(
            released,
            "SELECT DISTINCT ?a { ?p mgo:instrument doc:icrmw ; mgo:status s:party ; mgo:agent ?a ; "
            f"mgo:startLatest ?from OPTIONAL {{ ?p mgo:endEarliest ?end }} {holds} }}",
        )
    )
    page = client.get("/page/document/icrmw", query_string={"on": day} if day else {}).text
    assert fact(page, "Parties").startswith(f"{number} States")
    shown = section(page, "key")
    assert ("as of 30 June 2010" if day else "as of 23 November 2026") in words(shown)


def test_a_treaty_tells_what_it_is_with_sources(client: FlaskClient) -> None:
    page = client.get("/page/document/icrmw").text
    assert fact(page, "Adopted").startswith("18 December 1990")
    assert "New York" in fact(page, "Adopted")
    assert fact(page, "In force").startswith("1 July 2003")
    assert fact(page, "Kind") == "Convention open to all States"
    assert "Secretary-General of the United Nations" in fact(page, "Depositary")
    assert fact(page, "First to consent").startswith("Egypt 19 February 1993")
    assert "Committee on Migrant Workers" in fact(page, "Monitored by")
    panel = section(page, "key")
    assert len(re.findall(r'class="src" href="[^"]+"', panel)) >= 6
    assert "Not recorded" in fact(page, "Reservations")


def test_who_left_is_told_with_both_days(client: FlaskClient) -> None:
    told = fact(client.get("/page/document/iccpr-op1").text, "Withdrawals")
    assert "Trinidad & Tobago notice 26 May 1998, effect 26 August 1998" in told
    assert "notice 27 March 2000, effect 27 June 2000" in told
    before = fact(client.get("/page/document/iccpr-op1?on=1999-01-01").text, "Withdrawals")
    assert "26 August 1998" in before
    assert "27 June 2000" not in before
    assert fact(client.get("/page/document/icrmw").text, "Withdrawals") == "None recorded"


def test_protocols_and_their_parent_lead_to_each_other(client: FlaskClient) -> None:
    assert "Optional Protocol" in fact(client.get("/page/document/crc").text, "Protocols")
    assert fact(client.get("/page/document/op-crc-ac").text, "Protocol to").startswith("Convention on the Rights")


def test_who_brought_a_treaty_into_force_is_told_where_sources_give_the_days(
    client: FlaskClient, released: Store
) -> None:
    (force,) = ask(released, "SELECT ?d { ?e a mgo:EntryIntoForce ; mgo:instrument doc:coe-trafficking ; mgo:date ?d }")
    given = ask(
        released,
        "SELECT ?name ?consent { ?p mgo:instrument doc:coe-trafficking ; mgo:status s:party ; "
        f'mgo:agent/skos:prefLabel ?name ; mgo:startEarliest "{force[0]}"^^xsd:date ; mgo:consentLatest ?consent '
        'FILTER(LANG(?name) = "en") } '
        "ORDER BY DESC(?consent)",
    )
    told = fact(client.get("/page/document/coe-trafficking").text, "In force")
    assert given[0][0] in told
    assert "the latest consent of those first bound on that day" in told


def test_parties_are_counted_by_region(client: FlaskClient, released: Store) -> None:
    page = client.get("/page/document/icrmw").text
    figure = page.split('<figure class="bars">', 1)[1].split("</figure>", 1)[0]
    counted = {row[0]: row[1:] for row in rows(figure)}
    for name, states, parties in ask(
        released,
        "SELECT ?name (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?party) AS ?k) { "
        "?s a mgo:State ; mgo:iso3166alpha3 ?c ; mgo:region/skos:broader ?r . "
        '?r skos:prefLabel ?name FILTER(LANG(?name) = "en") OPTIONAL { ?s mgo:partyTo doc:icrmw BIND(?s AS ?party) } } '
        "GROUP BY ?name",
    ):
        assert counted[name][:2] == [states, parties]
        assert f"{name} {parties} of {states}" in unescape(figure.split("aria-label=", 1)[1].split(">", 1)[0])
    total = sum(
        int(row[1]) for name, row in counted.items() if name in {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    )
    assert total == 59


def test_parties_of_unknown_days_are_missed_in_the_chart_and_said(client: FlaskClient, released: Store) -> None:
    undated = ask(
        released,
        "SELECT DISTINCT ?a { ?p mgo:instrument doc:coe-trafficking ; mgo:status s:party ; mgo:agent ?a ; "
        "<http://purl.org/dc/terms/valid> ?v FILTER NOT EXISTS { ?p mgo:startLatest ?day } }",
    )
    assert undated
    page = words(client.get("/page/document/coe-trafficking").text)
    assert f"{len(undated)} parties are not in this picture" in page
    assert "not in this picture" not in words(client.get("/page/document/icrmw").text)


def test_a_treaty_without_acts_is_shown(client: FlaskClient) -> None:
    page = client.get("/page/document/un-charter")
    assert page.status_code == 200
    assert fact(page.text, "Kind") == "Charter"
    assert fact(page.text, "Parties") == ""


# -- delays -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("1991-05-22", "1999-03-08", "7 years 290 days"),
        ("1991-05-22", "1991-05-22", "the same day"),
        ("1991-05-22", "1991-05-23", "1 day"),
        ("1990-03-01", "1991-03-01", "1 year"),
        ("1996-02-29", "1997-02-28", "365 days"),  # the year is full on 1 March
        ("1996-02-29", "1997-03-02", "1 year 1 day"),
        ("1990", "1993", "2 to 4 years"),
        ("1990-06-15", "1990", "less than a year"),
        ("1990-06-15", "1993-06", "2 to 4 years"),
        ("1999-03-08", "1991-05-22", None),
        ("1999", "1991", None),
        ("", "1991-05-22", None),
        ("undated", "1991", None),
        ("1991-13-45", "1992", None),
    ],
)
def test_the_time_between_two_dates_is_as_precise_as_they_are(first: str, then: str, told: str | None) -> None:
    span = spans.between(first, then)
    assert (spans.told(span) if span else None) == told


def test_a_row_tells_how_long_consent_took(client: FlaskClient) -> None:
    listed = {row[0]: row for row in rows(section(client.get("/page/document/icrmw").text, "treaty-actions"))}
    assert "7 y 290 d" in listed["Mexico"]
    whole = {row[0]: row for row in rows(client.get("/page/state/MEX?list=treaty-actions").text)}
    row = whole["UN Migrant Workers Convention"]
    assert "7 y 290 d" in row  # signed 22 May 1991, ratified 8 March 1999
    assert "8 y 80 d" in row  # adopted 18 December 1990


# -- lists ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "column"), [("consent", "consent"), ("signed", "signed"), ("bound", "bound_from_earliest")]
)
def test_a_list_can_be_sorted_within_each_status(client: FlaskClient, sort: str, column: str) -> None:
    page = client.get(f"/page/document/icrmw?list=treaty-actions&sort={sort}").text
    assert page.count('aria-sort="ascending"') == 1
    names = [row[0] for row in rows(page)]
    values = {row["name"]: (row["status"], row[column] or "9") for row in sheet(client, "/lists/document/icrmw.csv")}
    assert len(names) == len(values) == 70
    order = [values[name] for name in names]
    parties = [value for status, value in order if status == "party"]
    assert [status for status, _ in order] == ["party"] * 59 + ["signatory"] * 11
    assert parties == sorted(parties)


@pytest.mark.parametrize("query", ["sort=colour", "sort=consent&sort=took"])
def test_what_no_list_is_sorted_by_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/page/document/icrmw?list=treaty-actions&{query}")
    assert answer.status_code == 400


def test_a_list_as_a_file_says_what_the_page_says(client: FlaskClient, released: Store) -> None:
    page = client.get("/page/document/icrmw").text
    assert 'href="/lists/document/icrmw.csv"' in page
    found = sheet(client, "/lists/document/icrmw.csv")
    assert [row["name"] for row in found] == [row[0] for row in rows(section(page, "treaty-actions"))]
    (mexico,) = [row for row in found if row["name"] == "Mexico"]
    assert mexico["iri"].endswith("/id/state/MEX")
    assert (mexico["signed"], mexico["consent"], mexico["consent_act"]) == ("1991-05-22", "1999-03-08", "ratification")
    assert (mexico["years_after_signing"], mexico["days_beyond"]) == ("7", "290")
    assert (mexico["bound_from_earliest"], mexico["bound_basis"]) == ("2003-07-01", "earliest-possible-day")
    behind = {
        source
        for (source,) in ask(
            released,
            "SELECT DISTINCT ?s { ?a a mgo:TreatyAction ; mgo:actor state:MEX ; mgo:instrument doc:icrmw ; "
            "mgo:evidence/mgo:source ?s }",
        )
    }
    assert set(mexico["sources"].split()) == behind


def test_a_file_tells_of_the_day_asked_about(client: FlaskClient) -> None:
    then = {row["name"]: row["status"] for row in sheet(client, "/lists/document/icrmw.csv?on=2000-01-01")}
    assert then["Mexico"] == "signatory"  # it had consented, and nobody was bound before 1 July 2003
    assert "party" not in then.values()


def test_a_state_has_its_treaties_as_a_file(client: FlaskClient, released: Store) -> None:
    found = sheet(client, "/lists/state/MEX.csv")
    parties = {row["iri"] for row in found if row["status"] == "party"}
    assert parties == {iri for (iri,) in ask(released, "SELECT ?t { state:MEX mgo:partyTo ?t }")}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/lists/document/nothing-of-the-kind.csv", 404),
        ("/lists/document/gcm.csv", 404),  # nobody acts towards a compact
        ("/lists/person/amy-pope.csv", 404),
        ("/lists/document/icrmw.csv?on=2000-02-30", 400),
        ("/lists/document/icrmw.csv?on=2000-01-01&on=2001-01-01", 400),
        ("/lists/document/%22%3E.csv", 404),
    ],
)
def test_a_file_that_there_is_not_is_refused(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


# -- a State ----------------------------------------------------------------------------------------------------


def test_a_state_is_compared_with_its_region(client: FlaskClient, released: Store) -> None:
    others = ask(
        released,
        "SELECT ?t (COUNT(DISTINCT ?s) AS ?n) { ?s mgo:region m49:central-america ; a mgo:State ; mgo:partyTo ?t "
        "FILTER(?s != state:MEX) } GROUP BY ?t",
    )
    count = {treaty: int(number) for treaty, number in others}
    own = {treaty for (treaty,) in ask(released, "SELECT ?t { state:MEX mgo:partyTo ?t }")}
    names = dict(ask(released, 'SELECT ?t ?n { ?t a mgo:Treaty ; skos:prefLabel ?n FILTER(LANG(?n) = "en") }'))
    region = section(client.get("/page/state/MEX").text, "region")
    assert "Beside the 7 other States of Central America" in words(region)
    more, fewer = (rows(part) for part in region.split("<tbody>")[1:])
    assert {row[0] for row in more} == {names[t] for t in own if count.get(t, 0) < 3.5}
    assert {row[0] for row in fewer} == {names[t] for t, n in count.items() if n > 3.5 and t not in own}
    assert {row[0]: row[1] for row in (*more, *fewer)} == {
        name: f"{count.get(t, 0)} of 7" for t, name in names.items() if name in {row[0] for row in (*more, *fewer)}
    }
    (gap,) = [row for row in fewer if "Protocol II" in row[0]]
    assert gap[2] == "not a party as of 25 October 2023"
    listed = rows(section(client.get("/page/state/MEX").text, "treaty-actions"))
    assert all(row[-2] == f"{count.get(t, 0)} of 7" for row in listed for t, name in names.items() if row[0] == name)


def test_the_comparison_is_that_of_the_day(client: FlaskClient) -> None:
    then = client.get("/page/state/MEX?on=1985-01-01").text
    assert "Convention against Torture" not in words(section(then, "region"))
    assert "as of 1 January 1985" in words(section(then, "key"))
    assert "region=MEX&amp;on=1985-01-01" in then


def test_a_state_of_a_small_region_is_compared_with_the_larger_one(client: FlaskClient) -> None:
    assert "States of Americas" in words(section(client.get("/page/state/CAN").text, "region"))


def test_a_state_tells_who_of_its_nationals_sits_where(client: FlaskClient) -> None:
    told = section(client.get("/page/state/MEX").text, "nationals")
    (rapporteur,) = [row for row in rows(told) if row[0] == "Jorge A. Bustamante"]
    assert rapporteur[1:3] == ["UN Special Rapporteur on the human rights of migrants", "2005 to 2011"]
    assert "does not represent the State" in words(told)
    then = section(client.get("/page/state/MEX?on=2015-06-01").text, "nationals")
    assert "Bustamante" not in then


def test_a_state_tells_where_sources_differ(client: FlaskClient, released: Store) -> None:
    told = fact(client.get("/page/state/MEX").text, "Sources differ on")
    differing = ask(
        released,
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> SELECT DISTINCT ?a ?n { "
        "?c rdf:subject ?a . ?a a mgo:TreatyAction ; "
        'mgo:actor state:MEX ; mgo:instrument/skos:prefLabel ?n FILTER(LANG(?n) = "en") }',
    )
    assert differing
    assert all(name in told for _, name in differing)


def test_votes_are_among_the_key_facts(client: FlaskClient) -> None:
    assert "abstention" in fact(client.get("/page/state/USA").text, "Votes")


# -- weight, and words that mean harm ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["document/crc", "document/gc-i", "document/iccpr", "state/FRA", "state/NLD", "state/GBR"]
)
@pytest.mark.parametrize("on", ["", "?on=2014-01-01"])
def test_no_page_is_too_heavy(client: FlaskClient, path: str, on: str) -> None:
    assert len(client.get(f"/page/{path}{on}").data) < MOST


HOSTILE = """
@prefix mgo: <https://w3id.org/migov/ontology/> .
@prefix c: <https://w3id.org/migov/concept/> .
@prefix rel: <https://w3id.org/migov/id/relation/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix state: <https://w3id.org/migov/id/state/> .
@prefix doc: <https://w3id.org/migov/id/document/> .
@prefix ev: <https://w3id.org/migov/id/evidence/> .
<https://w3id.org/migov/graph/hostile> {
doc:t a mgo:Treaty ; skos:prefLabel "<script>alert(1)</script>"@en ; mgo:reach c:universal ; mgo:instrumentType c:x .
state:AAA a mgo:State ; skos:prefLabel "=HYPERLINK(\\"http://example.org\\")<img src=x onerror=alert(2)>"@en ;
  mgo:iso3166alpha3 "\\"><svg onload=alert(3)>" ; mgo:region c:r .
state:BBB a mgo:State ; skos:prefLabel "B"@en ; mgo:iso3166alpha3 "BBB" ; mgo:region c:r ; mgo:partyTo doc:t .
c:r skos:prefLabel "</text><script>alert(4)</script>"@en ; skos:broader c:w .
c:w skos:prefLabel "\\" onload=\\"alert(5)"@en .
c:x skos:prefLabel "<i>x</i>"@en .
c:accession skos:prefLabel "<u>accession</u>"@en .
rel:a a mgo:TreatyAction ; mgo:actor state:AAA ; mgo:instrument doc:t ; mgo:actionType c:accession ;
  mgo:date "<b>2000</b>" ; mgo:evidence ev:e .
rel:p a mgo:Participation ; mgo:agent state:AAA ; mgo:instrument doc:t ; mgo:status c:party ;
  mgo:startEarliest "2000-01-01"^^xsd:date ; mgo:startLatest "2000-01-01"^^xsd:date ; mgo:evidence ev:e ;
  <http://purl.org/dc/terms/valid> "2026-11-23"^^xsd:date .
ev:e a mgo:Evidence ; mgo:source doc:s ; mgo:locator "l" .
doc:s a mgo:Document ; skos:prefLabel "<a href=javascript:alert(6)>s</a>"@en .
}
"""


@pytest.fixture(scope="module")
def harmful(opened: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site over a treaty and a State whose words try to become markup, script and formula."""
    folder = tmp_path_factory.mktemp("harmful")
    source = folder / "harmful.trig"
    source.write_text(HOSTILE, "utf-8")
    return opened(small_release(folder, vocabulary.BASE, source))


@pytest.mark.parametrize(
    "path", ["/page/document/t", "/page/state/AAA", "/page/document/t?list=treaty-actions&sort=consent"]
)
def test_words_of_the_graph_stay_words(harmful: FlaskClient, path: str) -> None:
    page = harmful.get(path)
    assert page.status_code == 200
    tags = [re.sub(r'"[^"]*"', "", tag) for tag in re.findall(r'<(?:"[^"]*"|[^>"])*>', page.text)]
    assert len(tags) > 100
    assert not [tag for tag in tags if re.search(r"alert|onerror|onload|<[bui]>|=[^ >]*<", tag)]
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page.text))
    assert "&lt;" in page.text


def test_words_of_the_graph_become_no_formula(harmful: FlaskClient) -> None:
    (row,) = sheet(harmful, "/lists/document/t.csv")
    assert row["name"].startswith("'=HYPERLINK")


def test_files_stand_where_they_are_documented() -> None:
    http = (Path(__file__).parents[2] / "docs" / "http.md").read_text("utf-8")
    assert "/lists/{kind}/{key}.csv" in http
