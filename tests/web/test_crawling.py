"""Robots, search engines and browsers find their way: what may be crawled, where all pages are, what each is about."""

import json
import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from migov.graph.release import Release

PUBLIC = "https://graph.example.org/migov"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def locations(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.mimetype == "application/xml"
    assert len(answer.data) <= 50 * 2**20
    return [node.text or "" for node in ElementTree.fromstring(answer.data).iter(f"{MAP}loc")]


def said(client: FlaskClient, path: str) -> list[dict[str, object]]:
    """What a page says of its subject in the terms of schema.org."""
    (block,) = BLOCK.findall(client.get(path, headers={"Accept": "text/html"}).text)
    document = json.loads(block)
    assert document["@context"] == "https://schema.org"
    found: list[dict[str, object]] = document["@graph"]
    return found


def test_every_subject_with_a_page_is_listed_once(client: FlaskClient, released: Store) -> None:
    parts = [part for part in locations(client, "/sitemap.xml") if "pages" not in part]
    listed = [locations(client, part) for part in parts]
    assert max(map(len, listed)) <= 50_000
    pages = [page for part in listed for page in part]
    assert len(pages) == len(set(pages))
    query = 'SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), "https://w3id.org/migov/id/")) }'
    asked = released.query(query, use_default_graph_as_union=True)
    expected = {str(row[0].value).replace("https://w3id.org/migov/id/", "/page/") for row in asked}
    assert {page.split("?")[0] for page in pages} == {quote(page, safe="/:@!$&'()*+,;=~-._") for page in expected}


def test_every_other_page_listed_is_there(client: FlaskClient) -> None:
    pages = locations(client, "/sitemap/pages.xml")
    assert len(pages) == len(set(pages)) > 100
    for page in pages:
        assert client.get(page, headers={"Accept": "text/html"}).status_code == 200, page


def test_addresses_are_those_that_the_public_knows(public: FlaskClient, tiny: Release) -> None:
    robots = public.get("/robots.txt").text
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in robots
    assert "Disallow: /migov/sparql?" in robots
    assert "Disallow: /migov/fr/search" in robots
    assert all(address.startswith(f"{PUBLIC}/") for address in locations(public, "/sitemap.xml"))
    assert f"{PUBLIC}/page/org/iom" in locations(public, "/sitemap/org-1.xml")
    assert tiny.manifest.created[:10] in public.get("/sitemap/org-1.xml").text
    html = public.get("/page/org/iom").text
    assert f'<meta property="og:url" content="{PUBLIC}/page/org/iom">' in html
    (image,) = re.findall(r'<meta property="og:image" content="([^"]*)">', html)
    assert image.startswith(PUBLIC)
    assert '<link rel="search" type="application/opensearchdescription+xml" href="/migov/opensearch.xml"' in html


def test_without_a_public_address_no_map_is_named(small: FlaskClient) -> None:
    assert "Sitemap" not in small.get("/robots.txt").text


@pytest.mark.parametrize("path", ["/sitemap/org-0.xml", "/sitemap/org-99.xml", "/sitemap/nothing-1.xml"])
def test_a_part_that_is_not_there_is_not_found(small: FlaskClient, path: str) -> None:
    assert small.get(path).status_code == 404


def test_a_browser_learns_how_to_search(public: FlaskClient) -> None:
    answer = public.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    spaces = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    urls = {
        node.attrib["type"]: node.attrib["template"]
        for node in ElementTree.fromstring(answer.data).findall("o:Url", spaces)
    }
    assert urls["text/html"] == f"{PUBLIC}/search?q={{searchTerms}}"
    assert urls["application/x-suggestions+json"] == f"{PUBLIC}/suggest?q={{searchTerms}}"


def test_names_are_suggested_while_somebody_types(client: FlaskClient) -> None:
    answer = client.get("/suggest?q=philipp")
    assert answer.mimetype == "application/x-suggestions+json"
    text, names, kinds, pages = json.loads(answer.text)
    assert (text, names[0], kinds[0], pages[0]) == ("philipp", "Philippines", "State", "/page/state/PHL")
    assert len(names) == len(kinds) == len(pages) <= 8
    former = json.loads(client.get("/suggest?q=ICEM").text)
    assert "ICEM" in former[2][former[3].index("/page/org/iom")]
    assert json.loads(client.get("/suggest?q=").text) == ["", [], [], []]
    assert client.get("/suggest?q=a&q=b").status_code == 400


def test_the_home_page_describes_the_dataset_and_its_files(public: FlaskClient, tiny: Release) -> None:
    dataset, site = said(public, "/")
    assert (dataset["@type"], dataset["@id"]) == ("Dataset", "https://w3id.org/migov/")
    assert dataset["version"] == tiny.id
    files = {f["encodingFormat"]: f["contentUrl"] for f in dataset["distribution"]}  # type: ignore[attr-defined]
    assert files["text/turtle"] == f"{PUBLIC}/dump/migov.ttl"
    assert public.get("/dump/migov.ttl", buffered=True).status_code == 200
    assert site["@type"] == "WebSite"


@pytest.mark.parametrize(
    ("path", "type_", "more"),
    [
        ("/page/state/PHL", "Country", {"name": "Philippines", "identifier": "PHL"}),
        ("/page/document/icrmw", "Legislation", {"legislationDate": "1990-12-18"}),
        ("/page/org/iom", "Organization", {"@id": "https://w3id.org/migov/id/org/iom"}),
        ("/page/person/amy-pope", "Person", {"name": "Amy Pope"}),
        ("/page/concept/treaty-action/ratification", "DefinedTerm", {"name": "ratification"}),
        ("/page/relation/icrmw-EGY-accession", "Claim", {}),
    ],
)
def test_a_page_says_what_its_subject_is(client: FlaskClient, path: str, type_: str, more: dict[str, object]) -> None:
    thing, way = said(client, path)
    assert thing["@type"] == type_
    assert more.items() <= thing.items()
    assert way["@type"] == "BreadcrumbList"
    assert way["itemListElement"][-1]["name"] == thing["name"]  # type: ignore[index]


def test_hostile_words_cannot_leave_the_data(hostile: FlaskClient) -> None:
    thing, _ = said(hostile, "/page/org/bad")
    assert thing["name"] == "<script>alert('label')</script>"
    assert thing["sameAs"] == ["https://example.org/fine"], "javascript: and data: addresses lead nowhere"
    block = BLOCK.findall(hostile.get("/page/org/bad").text)[0]
    assert not set("<>&") & set(block)
    for path in ("/sitemap.xml", "/sitemap/org-1.xml", "/opensearch.xml"):
        ElementTree.fromstring(hostile.get(path).data)
    names = json.loads(hostile.get("/suggest?q=script").text)
    assert any("<script>" in name for name in names[1])
    assert all(page.startswith("/page/") for page in names[3])
    assert "nosniff" in hostile.get("/suggest?q=script").headers["X-Content-Type-Options"]


def test_the_social_tags_hold_words_only(hostile: FlaskClient) -> None:
    html = hostile.get("/page/org/bad").text
    (title,) = re.findall(r'<meta property="og:title" content="([^"]*)">', html)
    assert "&lt;script&gt;" in title
