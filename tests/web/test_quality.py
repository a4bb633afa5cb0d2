"""How good the data are, told by the data: lists, findings, disagreements and the ledger, and pages that stay short."""

import re
from collections import Counter
from html import unescape

from flask.testing import FlaskClient

from migov.graph import reported
from migov.graph.release import Release
from migov.web.site import NAME, Site

MOST_BYTES = 250_000


def words(html: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def rows(client: FlaskClient, query: str) -> list[dict[str, str]]:
    site: Site = client.application.extensions[NAME]
    return [{name: term.value for name, term in row.items()} for row in site.store.rows(query)]


def numbers(html: str) -> list[int]:
    return [int(text.replace(",", "")) for text in re.findall(r'<td class="n">([\d,]+)</td>', html)]


def walk(client: FlaskClient, path: str) -> list[str]:
    """Every page of a long list, from its first one."""
    found = []
    following: str | None = path
    while following:
        found.append(client.get(following).text)
        match = re.search(r'rel="next" href="([^"]+)"', found[-1])
        following = match and match[1].replace("&amp;", "&")
    return found


def test_the_ledger_accounts_for_every_row_of_every_table(client: FlaskClient) -> None:
    page = client.get("/quality/ledger").text
    kept = rows(client, "SELECT ?table ?in { ?r a mgo:ImportRecord ; mgo:table ?table ; mgo:rowsIn ?in }")
    assert kept
    total = numbers(page.split("<tfoot>")[1])
    assert total[0] == sum(int(row["in"]) for row in kept) == sum(total[1:5])
    for name in {row["table"] for row in kept}:
        table = client.get(f"/quality/ledger/{name}").text
        assert "Every row is accounted for." in table
        lines = [row for row in kept if row["table"] == name]
        assert f"from {len(lines):,} source" in words(table)


def test_rows_set_aside_say_why(client: FlaskClient) -> None:
    aside = rows(
        client,
        "SELECT ?table ?why { ?r mgo:table ?table ; mgo:rowsSetAside ?n ; mgo:setAsideReason ?why FILTER(?n > 0) }",
    )
    assert aside
    for row in aside:
        told = " ".join(words(page) for page in walk(client, f"/quality/ledger/{row['table']}"))
        assert re.sub(r"\s+", " ", row["why"]) in told


def test_every_list_says_how_far_it_goes_and_as_of_when(client: FlaskClient) -> None:
    kept = rows(client, "SELECT ?l ?kind { ?l a mgo:ListCompleteness ; mgo:listKind/skos:notation ?kind }")
    assert kept
    shown = {
        href for page in walk(client, "/quality/lists") for href in re.findall(r'href="(/page/relation/[^"]+)"', page)
    }
    site: Site = client.application.extensions[NAME]
    assert shown == {site.addresses.href(row["l"]) for row in kept}
    kinds = Counter(row["kind"] for row in kept)
    text = words(client.get("/quality").text)
    assert all(kind.replace("-", " ").capitalize() in text for kind in kinds)


def test_every_finding_leads_to_what_it_is_about(client: FlaskClient, release: Release) -> None:
    kinds = reported.read(release.report)
    assert kinds
    overview = client.get("/quality").text
    for kind in kinds:
        name = kind.shape.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        assert f"/quality/validation/{name}" in overview
    smallest = min(kinds, key=lambda kind: len(kind.findings))
    page = client.get("/quality/validation/" + smallest.shape.rsplit("/", 1)[-1].rsplit("#", 1)[-1]).text
    for finding in smallest.findings:
        path = finding.focus.replace("https://w3id.org/migov/id/", "/page/")
        assert not finding.focus or f'href="{path}"' in page
    assert client.get("/quality/validation/nothing-of-the-kind").status_code == 404


def test_every_rival_stands_with_its_reason_and_sources(client: FlaskClient) -> None:
    rivals = rows(client, "SELECT ?c ?why { ?c a mgo:Claim ; rdf:subject/mgo:evidence ?e ; mgo:rankReason ?why }")
    assert rivals
    pages = walk(client, "/quality/differences")
    told = " ".join(words(page) for page in pages)
    hrefs = {href for page in pages for href in re.findall(r'href="(/page/claim/[^"]+)"', page)}
    assert all(len(page) < MOST_BYTES for page in pages)
    for row in rivals:
        assert row["c"].replace("https://w3id.org/migov/id/", "/page/") in hrefs
        assert re.sub(r"\s+", " ", row["why"]) in told


def test_a_treaty_lists_each_actor_once_with_its_status_and_sources(client: FlaskClient) -> None:
    actors = rows(client, "SELECT DISTINCT ?a { ?act mgo:instrument doc:icrmw ; mgo:actionType ?t ; mgo:actor ?a }")
    page = client.get("/page/document/icrmw").text
    section = page.split('id="h-treaty-actions"', 1)[1].split("</section>", 1)[0]
    named = re.findall(r'<th scope="row"><a href="(/page/(?:state|org)/[^"]+)"', section)
    assert len(named) == len(set(named)) == len(actors) > 50
    assert len(re.findall(r'<td><a href="#ta-\d+"', section)) >= len(actors)
    parties = rows(
        client,
        "SELECT DISTINCT ?a { ?p mgo:instrument doc:icrmw ; mgo:agent ?a ; mgo:status participation-status:party ;"
        " dcterms:valid ?day }",
    )
    assert f"{len(parties)} parties" in words(section)


def test_a_state_lists_its_treaties(client: FlaskClient) -> None:
    treaties = rows(client, "SELECT DISTINCT ?t { ?act mgo:actor state:FRA ; mgo:actionType ?k ; mgo:instrument ?t }")
    section = client.get("/page/state/FRA").text.split('id="h-treaty-actions"', 1)[1].split("</section>", 1)[0]
    named = re.findall(r'<th scope="row"><a href="(/page/document/[^"]+)"', section)
    assert len(named) == len(set(named)) == len(treaties) > 10


def test_figures_by_country_have_a_page_of_their_own(client: FlaskClient) -> None:
    figures = rows(client, "SELECT ?o { ?o mgo:observedEntity o:iom ; mgo:inCountry ?c }")
    assert len(figures) > 100
    name = "observedEntity.Observation.in-country"
    page = client.get("/page/org/iom").text
    section = page.split(f'id="h-{name}"', 1)[1].split("</section>", 1)[0]
    assert "/page/observation/" not in section
    assert f'href="/page/org/iom?list={name}"' in section
    pages = walk(client, f"/page/org/iom?list={name}")
    shown = {href for each in pages for href in re.findall(r'href="(/page/observation/[^"]+)"', each)}
    assert shown == {row["o"].replace("https://w3id.org/migov/id/", "/page/") for row in figures}


def test_a_source_lists_all_that_was_read_in_it(client: FlaskClient) -> None:
    largest = rows(
        client, "SELECT ?d (COUNT(?e) AS ?n) { ?e mgo:source ?d } GROUP BY ?d ORDER BY ?n LIMIT 1 OFFSET 300"
    ) or rows(client, "SELECT ?d (COUNT(?e) AS ?n) { ?e mgo:source ?d } GROUP BY ?d ORDER BY DESC(?n) LIMIT 1")
    path = largest[0]["d"].replace("https://w3id.org/migov/id/", "/page/")
    pages = walk(client, f"{path}?list=resting")
    shown = {href for page in pages for href in re.findall(r'<th scope="row"><a href="(/page/evidence/[^"]+)"', page)}
    assert len(shown) == int(largest[0]["n"])


def test_no_page_is_too_long(client: FlaskClient) -> None:
    for path in ("/", "/sources", "/quality", "/quality/ledger", "/page/org/iom", "/page/document/crc", "/page/org/un"):
        assert len(client.get(path).data) < MOST_BYTES, path


def test_a_list_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/page/org/iom?list=nothing").status_code == 404
    assert client.get("/page/document/icrmw?list=treaty-actions&page=99").status_code == 404
    assert client.get("/page/document/icrmw?list=treaty-actions&page=x").status_code == 400
