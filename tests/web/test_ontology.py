"""The pages of the ontology: an overview, and for each term its meaning, use, checks, example and query."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from migov.graph import constraints
from migov.vocabulary import BASE, prefixes
from migov.web.site import NAME, Site

MGO = f"{BASE}ontology/"
MOST_BYTES = 100_000


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def section(html: str, name: str) -> str:
    return html.split(f'id="h-{name}"', 1)[1].split("</section>", 1)[0]


def number(client: FlaskClient, query: str) -> int:
    site: Site = client.application.extensions[NAME]
    return int(next(iter(next(iter(site.store.rows(query))).values())).value)


def test_every_term_has_a_page_with_its_meaning_below_the_bound(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    terms = [iri for iri in site.reader.terms if iri.startswith(MGO) and iri != MGO]
    assert len(terms) > 200
    for iri in terms:
        answer = client.get(f"/page/ontology/{iri.removeprefix(MGO)}")
        assert answer.status_code == 200, iri
        assert len(answer.data) < MOST_BYTES, iri
        assert re.sub(r"\s+", " ", site.reader.definition(iri)) in text(answer.text), iri
        assert iri in answer.text
    assert len(client.get("/page/ontology").data) < MOST_BYTES


@pytest.mark.parametrize("name", ["Membership", "Treaty", "membershipType", "startDate", "evidence", "Situation"])
def test_a_term_says_how_often_it_is_used_and_its_query_finds_something(client: FlaskClient, name: str) -> None:
    html = client.get(f"/page/ontology/{name}").text
    pattern = f"?x a mgo:{name}" if name[0].isupper() else f"?x mgo:{name} ?y"
    count = number(client, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert f"<small>{count:,}</small>" in section(html, "used")
    run = unescape(re.search(r'class="button" href="([^"]+)"', html)[1])  # type: ignore[index]
    assert urlsplit(run).path == "/sparql"
    query = parse_qs(urlsplit(run).query)["query"][0]
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200
    assert answer.get_json(force=True)["results"]["bindings"]


def test_the_query_of_every_term_is_sparql_that_finds_what_there_is(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    for iri in site.reader.terms:
        if not iri.startswith(MGO) or iri == MGO:
            continue
        html = client.get(f"/page/ontology/{iri.removeprefix(MGO)}").text
        run = unescape(re.search(r'class="button" href="([^"]+)"', html)[1])  # type: ignore[index]
        rows = list(site.store.rows(parse_qs(urlsplit(run).query)["query"][0]))
        used = not re.search(r'id="h-used">[^<]+<small>0<', html)
        assert rows or not used, iri


def test_an_example_is_a_thing_of_the_graph_in_turtle(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    for name in ("Membership", "Claim", "Evidence", "voteCast", "endDate"):
        example = section(client.get(f"/page/ontology/{name}").text, "example")
        target = re.search(r'href="/page/([^"]+)"', example)
        assert target
        thing = f"<{BASE}id/{target[1]}>"
        assert any(thing_has(site, thing, name)), name
        assert f"mgo:{name}" in text(example)


def thing_has(site: Site, thing: str, name: str) -> list[bool]:
    pattern = f"{thing} a mgo:{name}" if name[0].isupper() else f"{thing} mgo:{name} ?y"
    return [True for _ in site.store.rows(f"SELECT * {{ BIND(1 AS ?one) {pattern} }}")]


def test_what_the_shapes_ask_stands_in_words(client: FlaskClient) -> None:
    """A membership has exactly one member and at least one evidence (shapes/structure.ttl)."""
    checked = text(section(client.get("/page/ontology/Membership").text, "checked"))
    assert "member exactly one Agent" in checked
    assert "A membership has exactly one capacity" in checked
    assert "evidence at least one Evidence" in checked
    assert "no other property" in checked
    kind = text(section(client.get("/page/ontology/membershipType").text, "checked"))
    assert "Membership exactly one Concept" in kind
    assert "{?" not in kind
    assert "pattern ^[0-9a-f]{64}$" in text(section(client.get("/page/ontology/passageDigest").text, "checked"))


def test_constraints_are_those_of_the_files(tmp_path: object) -> None:
    """Counted by hand in the shape of evidence: eight slots, closed; a quote is one text of at most twelve words."""
    found = [one for one in constraints.every() if one.target == f"{MGO}Evidence" and one.shape.startswith("Evidence")]
    assert len([one for one in found if one.path]) == 8
    assert [one.shape for one in found if one.closed] == ["Evidence"]
    (quote,) = [one for one in found if one.path == f"{MGO}quote"]
    assert (quote.least, quote.most, quote.pattern) == (1, 1, "^[^ ]+( [^ ]+){0,11}$")
    assert quote.kinds == (f"{prefixes()['rdf']}langString",)
    (post,) = [one for one in constraints.every() if one.shape == "Mandate-holder"]
    assert len(post.kinds) > 1  # an agent or a post: a list of alternatives
    assert any(one.warning for one in constraints.every())


def test_a_term_leads_to_its_code_list_and_its_neighbours(client: FlaskClient) -> None:
    html = section(client.get("/page/ontology/membershipType").text, "meaning")
    assert 'href="/page/concept/membership-type"' in html
    assert 'href="/page/ontology/Membership"' in html
    wider = section(client.get("/page/ontology/Situation").text, "meaning")
    assert 'href="/page/ontology/Membership"' in wider
    assert 'href="/page/ontology/Assertion"' in wider


@pytest.mark.parametrize("path", ["/page/ontology/Nothing", "/page/ontology/membership", "/page/ontology/%3Cscript%3E"])
def test_what_is_no_term_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_a_term_in_the_browser_and_in_a_program(client: FlaskClient) -> None:
    page = client.get("/ontology/Membership", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Location"]) == (303, "/page/ontology/Membership")
    data = client.get("/ontology/Membership", headers={"Accept": "text/turtle"})
    assert (data.status_code, data.headers["Location"]) == (303, "/data/ontology.ttl")
    assert client.get("/page/ontology/0.2.0").headers["Location"] == "/page/ontology"
    assert client.get("/page/ontology/0.1.0").status_code == 410


def test_the_overview_is_drawn_twice_and_each_word_leads_to_a_term(client: FlaskClient) -> None:
    html = client.get("/page/ontology").text
    drawn = re.findall(r'<svg class="(?:wide|narrow)".*?</svg>', section(html, "glance"), re.DOTALL)
    assert len(drawn) == 2
    for svg in drawn:
        root = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
        box = re.search(r'viewBox="0 0 (\d+) ', svg)
        assert box
        for link in root.iter("{http://www.w3.org/2000/svg}a"):
            target = str(link.get("href"))
            assert target.startswith(("/page/ontology", "http://"))
            if target.startswith("/page/ontology/"):
                assert f'id="{target.removeprefix("/page/ontology/")}"' in html
            word = link[0]
            assert float(str(word.get("x"))) + 5.5 * len(word.text or "") < int(box[1])


def test_terms_of_hostile_words_stay_words(hostile: FlaskClient) -> None:
    for name in ("IntergovernmentalOrganisation", "NameUse"):
        html = hostile.get(f"/page/ontology/{name}").text
        assert "<script" not in html
        assert "<img" not in html
        assert 'onmouseover="' not in html
    assert "&lt;img src=x" in hostile.get("/page/ontology/IntergovernmentalOrganisation").text
