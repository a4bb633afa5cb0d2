"""The network of an entity: picture, table and files tell the same links, for a day, a kind of link, a reader."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from migov.web.site import NAME, Site

SVG = "{http://www.w3.org/2000/svg}"


def pictures(html: str) -> list[ElementTree.Element]:
    """The wide and the narrow picture of a page; they are well-formed."""
    figure = html.split('<figure class="net"', 1)[1].split("</figure>")[0]
    found = re.findall(r'<svg class="(?:wide|narrow)".*?</svg>', figure, re.DOTALL)
    return [
        ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)) for svg in found
    ]


def drawn(html: str) -> set[str]:
    """Where the neighbours in the picture lead."""
    wide, narrow = pictures(html)
    found = [{str(a.get("href")) for a in p.iter(f"{SVG}a") if a.get("class")} for p in (wide, narrow)]
    assert found[0] == found[1]
    return found[0]


def table(html: str) -> str:
    return html.split('id="h-network"', 1)[1].split("</table>", 1)[0]


def rows(html: str) -> list[str]:
    return [row for row in table(html).split("<tr>")[2:] if 'scope="row"' in row]


def asked(client: FlaskClient, query: str) -> Iterator[str]:
    """The paths of the one column of a query."""
    site: Site = client.application.extensions[NAME]
    for row in site.store.rows(query):
        yield next(iter(row.values())).value.replace(f"{site.base}id/", "/page/")


def test_the_table_names_every_organisation_that_a_state_belongs_to(client: FlaskClient) -> None:
    html = client.get("/network/state/PHL?relation=membership").text
    known = set(
        asked(client, "SELECT DISTINCT ?o { ?m a mgo:Membership ; org:member state:PHL ; org:organization ?o }")
    )
    assert known
    assert {re.search(r'href="([^"]+)"', row)[1] for row in rows(html)} == known  # type: ignore[index]
    assert drawn(html) == known


def test_all_parties_stand_in_the_table_and_what_is_not_drawn_is_counted(client: FlaskClient) -> None:
    html = client.get("/network/document/icrmw?relation=participation").text
    known = set(
        asked(client, "SELECT DISTINCT ?s { ?p a mgo:Participation ; mgo:instrument doc:icrmw ; mgo:agent ?s }")
    )
    assert {unescape(re.search(r'href="([^"]+)"', row)[1]) for row in rows(html)} == known  # type: ignore[index]
    shown = drawn(html)
    assert shown < known
    assert f"{len(known) - len(shown)} more" in html


def test_each_row_leads_to_its_statement_and_its_sources(client: FlaskClient) -> None:
    html = client.get("/network/org/iom?relation=monitoring&relation=cooperation").text
    assert rows(html)
    for row in rows(html):
        assert re.search(r'href="/page/relation/[^"]+"', row)
        assert re.search(r'href="#n-\d+"', row)


@pytest.mark.parametrize(
    "query",
    [
        "relation=friendship",
        "on=yesterday",
        "on=2015-01-01&on=2016-01-01",
        "page=0",
        "relation=%3Cscript%3E",
    ],
)
def test_what_is_no_question_is_refused_with_a_reason(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/network/org/iom?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/network/org/nobody", "/network/evidence/x", "/network/org/iom?page=999"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).status_code == 404


def test_a_kind_may_be_given_twice_and_no_kind_means_all(client: FlaskClient) -> None:
    twice = client.get("/network/state/PHL?relation=membership&relation=membership")
    assert "/network/state/PHL?relation=membership>" in twice.headers["Link"]
    assert len(rows(client.get("/network/state/PHL").text)) > len(rows(twice.text))


def test_labels_never_meet(client: FlaskClient) -> None:
    for picture in pictures(client.get("/network/org/iom").text):
        texts = [t for t in picture.iter(f"{SVG}text") if t.get("text-anchor") != "middle"]
        lines = sorted((t.get("text-anchor") or "start", float(t.get("y") or 0)) for t in texts)
        for (side, above), (other, below) in pairwise(lines):
            assert side != other or below - above >= 12, (side, above, below)
        assert all(0 < float(t.get("y") or 0) < float(picture.get("height") or 0) for t in texts)


def test_the_page_of_a_thing_leads_to_its_network_and_keeps_the_day(client: FlaskClient) -> None:
    assert 'href="/network/document/icrmw?on=2015-01-01"' in client.get("/page/document/icrmw?on=2015-01-01").text
    assert "/network/" not in client.get("/page/claim/ff0b1e9823fb").text


def test_hostile_names_stay_names(hostile: FlaskClient) -> None:
    site: Site = hostile.application.extensions[NAME]
    seen = 0
    for row in site.store.rows("SELECT DISTINCT ?x { ?x a ?c FILTER(REGEX(STR(?x), '/id/(org|document)/')) }"):
        answer = hostile.get(row["x"].value.replace(f"{site.base}id/", "/network/"))
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "javascript:" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', answer.text))
        if 'class="net"' in answer.text:
            seen += len(pictures(answer.text))
    assert seen
