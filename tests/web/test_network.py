"""The network of an entity: picture, table and files tell the same links, for a day, a kind of link, a reader."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from migov.web import netfile
from migov.web.neighbours import Tie
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
        "depth=3",
        "depth=2&depth=2",
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


GEXF, GRAPHML = "{http://gexf.net/1.3}", "{http://graphml.graphdrawing.org/xmlns}"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def valid_gexf(body: bytes) -> ElementTree.Element:
    """The document, which has the parts of GEXF 1.3 in their order, and ids that are declared once and before use."""
    root = ElementTree.fromstring(body)
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.3")
    assert [child.tag for child in root] == [f"{GEXF}meta", f"{GEXF}graph"]
    graph = root[1]
    expected = {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date"}
    assert expected.items() <= graph.attrib.items()
    assert [child.tag for child in graph] == [
        f"{GEXF}{part}" for part in ("attributes", "attributes", "nodes", "edges")
    ]
    declared = {str(one.get("class")): {a.get("id") for a in one} for one in graph[:2]}
    nodes = [str(node.get("id")) for node in graph[2]]
    edges = [str(edge.get("id")) for edge in graph[3]]
    assert len(set(nodes)) == len(nodes) == int(str(graph[2].get("count")))
    assert len(set(edges)) == len(edges) == int(str(graph[3].get("count")))
    allowed = {"id", "source", "target", "type", "label", "kind", "start", "end"}
    for edge in graph[3]:
        assert {edge.get("source"), edge.get("target")} <= set(nodes)
        assert edge.attrib.keys() <= allowed
        assert edge.get("type") in {"directed", "undirected"}
        times = [edge.get(name, "") for name in ("start", "end")]
        assert all(DAY.fullmatch(time) for time in times if time)
        assert not all(times) or times[0] <= times[1]
    for kind, part in (("node", graph[2]), ("edge", graph[3])):
        assert {value.get("for") for value in part.iter(f"{GEXF}attvalue")} <= declared[kind]
    return root


def valid_graphml(body: bytes) -> ElementTree.Element:
    """The document, whose edges join nodes of it and whose data use declared keys."""
    root = ElementTree.fromstring(body)
    assert root.tag == f"{GRAPHML}graphml"
    keys = {key.get("id"): key.get("for") for key in root.iter(f"{GRAPHML}key")}
    nodes = {node.get("id") for node in root.iter(f"{GRAPHML}node")}
    for kind in ("node", "edge"):
        for one in root.iter(f"{GRAPHML}{kind}"):
            assert all(keys[str(data.get("key"))] == kind for data in one)
    for edge in root.iter(f"{GRAPHML}edge"):
        assert {edge.get("source"), edge.get("target")} <= nodes
    return root


def pairs(root: ElementTree.Element, name: str) -> set[tuple[str, str]]:
    return {(str(e.get("source")), str(e.get("target"))) for e in root.iter(f"{name}edge")}


def test_both_files_hold_every_link_of_the_table(client: FlaskClient) -> None:
    query = "relation=membership&relation=participation"
    site: Site = client.application.extensions[NAME]
    known = {
        (row["a"].value, row["b"].value)
        for row in site.store.rows(
            "SELECT ?a ?b { BIND(state:PHL AS ?a) { ?m a mgo:Membership ; org:member ?a ; org:organization ?b }"
            " UNION { ?m a mgo:Participation ; mgo:agent ?a ; mgo:instrument ?b } }"
        )
    }
    gexf = client.get(f"/network/state/PHL.gexf?{query}")
    assert gexf.mimetype == "application/gexf+xml"
    assert pairs(valid_gexf(gexf.data), GEXF) == known
    graphml = client.get(f"/network/state/PHL.graphml?{query}")
    assert graphml.mimetype == "application/graphml+xml"
    assert pairs(valid_graphml(graphml.data), GRAPHML) == known


def test_an_edge_has_the_time_of_its_statement(client: FlaskClient) -> None:
    """Indonesia: consent on 31 May 2012, bound at the earliest on that day (README)."""
    root = valid_gexf(client.get("/network/state/IDN.gexf?relation=participation").data)
    bound = [
        edge
        for edge in root.iter(f"{GEXF}edge")
        if str(edge.get("target")).endswith("/document/icrmw")
        and any(v.get("value") == "party" for v in edge.iter(f"{GEXF}attvalue"))
    ]
    assert [(edge.get("start"), edge.get("end")) for edge in bound] == [("2012-05-31", None)]


@pytest.mark.parametrize("extension", ["gexf", "graphml"])
def test_the_network_of_all_organisations_and_states_is_one_file(client: FlaskClient, extension: str) -> None:
    site: Site = client.application.extensions[NAME]
    known = {
        (row["a"].value, row["b"].value)
        for row in site.store.rows(
            "SELECT DISTINCT ?a ?b { ?m a mgo:Composition ; mgo:part ?a ; mgo:whole ?b"
            " FILTER(REGEX(STR(?a), '/id/(org|state|group)/') && REGEX(STR(?b), '/id/(org|state|group)/')) }"
        )
    }
    check, name = (valid_gexf, GEXF) if extension == "gexf" else (valid_graphml, GRAPHML)
    assert pairs(check(client.get(f"/network.{extension}?relation=structure").data), name) == known
    assert len(pairs(check(client.get(f"/network.{extension}").data), name)) > 2000
    assert client.get("/network.pdf").status_code == 404


def test_files_of_hostile_names_are_xml_that_says_those_names(hostile: FlaskClient) -> None:
    for key, read in (("gexf", valid_gexf), ("graphml", valid_graphml)):
        root = read(hostile.get(f"/network/org/bad.{key}").data)
        texts = {text for one in root.iter() for text in (one.get("label"), one.text) if text}
        assert "<script>alert('label')</script>" in texts
        assert "]]><script>alert(13)</script>&<svg onload=alert(14)>" in texts


def test_what_xml_cannot_hold_is_replaced() -> None:
    tie = Tie("member-of", "b:id/org/a", "b:id/org/b", "b:id/relation/x", (), "", "", "holds", ("", "", "", ""))
    made = netfile.graph("t\x00", "", "b:", [tie], lambda iri: f"{iri}\x0b\ud800")
    for key, read in (("gexf", valid_gexf), ("graphml", valid_graphml)):
        assert "b:id/org/a\ufffd\ufffd" in netfile.write(made, key).decode()
        assert read(netfile.write(made, key)) is not None


def test_rivals_that_end_before_they_begin_have_no_time() -> None:
    bounds = ("2001-01-01", "2001-01-01", "1999-01-01", "1999-01-01")
    tie = Tie("works-with", "b:id/org/z", "b:id/org/a", "b:id/relation/x", (), "", "", "past", bounds)
    (edge,) = valid_gexf(netfile.write(netfile.graph("", "", "b:", [tie], str), "gexf")).iter(f"{GEXF}edge")
    assert (edge.get("type"), edge.get("start"), edge.get("end")) == ("undirected", None, None)


def test_two_steps_show_what_the_neighbours_are_linked_to(client: FlaskClient) -> None:
    query = "relation=cooperation&depth=2"
    site: Site = client.application.extensions[NAME]
    known = {
        frozenset((row["a"].value, row["b"].value))
        for row in site.store.rows(
            "SELECT DISTINCT ?a ?b { ?m a mgo:Cooperation ; mgo:participant o:iom , ?a . ?n a mgo:Cooperation ;"
            " mgo:participant ?a , ?b . FILTER(?a != ?b && ?a != o:iom) }"
        )
    }
    near = {other for pair in known for other in pair if f"{site.base}id/org/iom" in pair} - {f"{site.base}id/org/iom"}
    gexf = valid_gexf(client.get(f"/network/org/iom.gexf?{query}").data)
    assert {frozenset(pair) for pair in pairs(gexf, GEXF)} == known
    html = client.get(f"/network/org/iom?{query}").text
    assert len(drawn(html)) == len({other for pair in known for other in pair}) - 1
    assert "Links of the neighbours" in table(html)
    assert f"Works with <small>{len(near)}" in table(html)
    wide, _narrow = pictures(html)
    assert any("chord" in str(path.get("class")) for path in wide.iter(f"{SVG}path"))


def test_a_second_step_is_refused_in_words_where_there_are_too_many_neighbours(client: FlaskClient) -> None:
    html = client.get("/network/state/PHL?depth=2").text
    assert "too many neighbours for a second step" in html
    assert rows(html) == rows(client.get("/network/state/PHL").text)


def test_pages_of_networks_stay_below_the_bound(client: FlaskClient) -> None:
    for path in ("org/iom", "org/un", "state/DEU", "document/crc", "org/cmw?depth=2", "org/unnm?depth=2"):
        assert len(client.get(f"/network/{path}").data) < 100_000, path
