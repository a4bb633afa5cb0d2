"""From the name of a thing to a document about it: redirects, formats, validators and what is not there."""

import json
import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, parse

from migov.graph.release import Release
from migov.store.formats import GRAPH
from migov.web.negotiation import BY_EXTENSION, GRAPH_FORMATS, HTML, PROBLEM, Format

THINGS = {
    "/id/org/iom": ("/page/org/iom", "/data/org/iom"),
    "/ontology/": ("/page/ontology", "/data/ontology"),
    "/ontology/Membership": ("/page/ontology/Membership", "/data/ontology"),
    "/concept/qualifier": ("/page/concept/qualifier", "/data/concept/qualifier"),
    "/concept/qualifier/more-than": ("/page/concept/qualifier/more-than", "/data/concept/qualifier/more-than"),
    "/graph/ontology": ("/page/graph/ontology", "/data/graph/ontology"),
    "/graph/entities/organisations": ("/page/graph/entities/organisations", "/data/graph/entities/organisations"),
}


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("form", [HTML, *GRAPH_FORMATS], ids=lambda form: form.key)
def test_a_thing_leads_to_the_document_that_accept_prefers(small: FlaskClient, name: str, form: Format) -> None:
    page, data = THINGS[name]
    answer = small.get(name, headers={"Accept": form.media_type})
    if name.startswith("/graph/") and form is not HTML:  # a graph is a document, so it is given under its own name
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, form.content_type)
        assert answer.headers["Content-Location"] == f"{data}.{form.extension}"
        return
    assert answer.status_code == 303
    assert answer.headers["Location"] == (page if form is HTML else f"{data}.{form.extension}")
    assert answer.headers["Vary"] == "Accept"
    links = answer.headers["Link"]
    assert f'<{page}>; rel="alternate"; type="text/html"' in links
    for other in GRAPH_FORMATS:
        assert f'<{data}.{other.extension}>; rel="alternate"; type="{other.media_type}"' in links


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_a_retired_name_leads_to_the_one_that_took_its_place(small: FlaskClient, accept: str) -> None:
    answer = small.get("/id/org/iom-of-old", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (301, "/id/org/iom")
    assert b"isReplacedBy" in small.get("/data/org/iom-of-old.ttl").data


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.key)
def test_the_base_is_the_dataset_for_programs_and_the_home_page_for_people(
    small: FlaskClient, tiny: Release, form: Format
) -> None:
    answer = small.get("/", headers={"Accept": form.media_type})
    data = f"/data/dataset.{form.extension}"
    assert (answer.status_code, answer.headers["Location"]) == (303, data)
    known = small.get("/.well-known/void", headers={"Accept": form.media_type})
    assert (known.status_code, known.headers["Location"]) == (303, data)
    dataset = NamedNode(tiny.manifest.base)
    described = small.get(data)
    assert described.headers["Content-Type"] == form.content_type
    said = {quad.predicate.value for quad in parse(described.data, GRAPH[form.key]) if quad.subject == dataset}
    assert {"http://rdfs.org/ns/void#triples", "http://purl.org/dc/terms/modified"} <= said
    home = small.get("/", headers={"Accept": "text/html"})
    assert (home.status_code, home.headers["Vary"]) == (200, "Accept, Accept-Language")
    assert f'<{data}>; rel="alternate"; type="{form.media_type}"' in home.headers["Link"]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "image/png", ""])
def test_home_answers_whoever_wants_no_data(small: FlaskClient, accept: str) -> None:
    assert small.get("/", headers={"Accept": accept}).headers["Content-Type"] == HTML.content_type
    assert small.get("/.well-known/void").headers["Location"] == "/data/dataset.ttl"


@pytest.mark.parametrize("extension", ["trig", "nq"])
@pytest.mark.parametrize(
    ("data", "graph"),
    [
        ("/data/ontology", "graph/ontology"),
        ("/data/graph/meta", "graph/meta"),
        ("/data/concept/qualifier", "graph/concepts/qualifier"),
    ],
)
def test_formats_for_datasets_name_the_graph(
    small: FlaskClient, tiny: Release, data: str, graph: str, extension: str
) -> None:
    quads = list(parse(small.get(f"{data}.{extension}").data, format=GRAPH[BY_EXTENSION[extension].key]))
    assert {quad.graph_name for quad in quads} == {NamedNode(tiny.manifest.base + graph)}
    plain = parse(small.get(f"{data}.nt").data, format=GRAPH["ntriples"])
    assert {quad.triple for quad in quads} == {quad.triple for quad in plain}


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.key)
def test_the_data_comes_as_the_type_it_says_and_speaks_of_the_thing(
    small: FlaskClient, tiny: Release, name: str, form: Format
) -> None:
    _, data = THINGS[name]
    answer = small.get(f"{data}.{form.extension}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == form.content_type
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert f'{data}.{form.extension}>; rel="canonical"' in answer.headers["Link"]
    subjects = {quad.subject for quad in parse(answer.data, format=GRAPH[form.key])}
    iri = tiny.manifest.base + name.lstrip("/")
    assert NamedNode(iri) in subjects or name.startswith("/graph/")
    assert subjects


def test_the_data_of_a_graph_names_what_describes_it(small: FlaskClient, tiny: Release) -> None:
    links = small.get("/data/graph/ontology.nt").headers["Link"]
    assert '</data/graph/meta.nt>; rel="describedby"; type="application/n-triples"' in links
    assert 'rel="describes"' not in links
    described = {quad.subject for quad in parse(small.get("/data/graph/meta.nt").data, format=GRAPH["ntriples"])}
    assert NamedNode(tiny.manifest.base + "graph/ontology") in described


def test_a_page_names_its_other_formats_and_itself(public: FlaskClient) -> None:
    answer = public.get("/page/org/iom")
    root, links = "/migov", answer.headers["Link"]
    assert '<https://graph.example.org/migov/page/org/iom>; rel="canonical"' in links
    assert '<https://w3id.org/migov/id/org/iom>; rel="describes"' in links
    assert f'<{root}/data/org/iom.ttl>; rel="describedby"; type="text/turtle"' in links
    for form in GRAPH_FORMATS:
        assert f'<{root}/data/org/iom.{form.extension}>; rel="alternate"; type="{form.media_type}"' in links
    assert not re.findall(r'(?:href|action)="/(?!migov)', answer.text), "every link starts at the public path"


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"])
def test_no_header_of_a_client_gets_into_links(public: FlaskClient, header: str) -> None:
    for path in ("/id/org/iom", "/page/org/iom", "/sparql"):
        answer = public.get(path, headers={header: "evil.example", "Accept": "text/html"})
        assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("path", ["/page/org/iom", "/data/org/iom.ttl", "/", "/page/ontology", "/dump/migov.nq"])
def test_a_copy_is_checked_by_its_validator(small: FlaskClient, tiny: Release, path: str) -> None:
    first = small.get(path, buffered=True)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[^"]+"', tag), "a strong validator"
    assert tiny.id[:12] in tag
    assert "max-age" in first.headers["Cache-Control"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    for condition in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        again = small.get(path, headers={"If-None-Match": condition})
        assert (again.status_code, again.data) == (304, b""), condition
        assert again.headers["ETag"] == tag
    assert small.get(path, headers={"If-None-Match": '"other"'}, buffered=True).status_code == 200
    for condition in (tag, f'"other", {tag}', "*"):
        assert small.get(path, headers={"If-Match": condition}, buffered=True).status_code == 200, condition
    for condition in ('"other"', f"W/{tag}"):
        refused = small.get(path, headers={"If-Match": condition})
        assert refused.status_code == 412, condition
        assert json.loads(refused.data)["type"] == "/problem/precondition-failed"
    head = small.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == tag
    assert head.headers["Content-Length"] == str(len(first.data))
    assert head.headers["Content-Type"] == first.headers["Content-Type"]


def test_the_style_sheet_is_checked_by_its_validator_too(small: FlaskClient) -> None:
    tag = small.get("/static/site.css", buffered=True).headers["ETag"]
    assert small.get("/static/site.css", headers={"If-None-Match": tag}).status_code == 304
    assert small.get("/static/site.css", headers={"If-Match": "*"}, buffered=True).status_code == 200
    assert small.get("/static/site.css", headers={"If-Match": '"other"'}).status_code == 412


def test_each_representation_has_a_validator_of_its_own(small: FlaskClient) -> None:
    paths = ["/page/org/iom", *(f"/data/org/iom.{form.extension}" for form in GRAPH_FORMATS)]
    assert len({small.get(path).headers["ETag"] for path in paths}) == len(paths)


@pytest.mark.parametrize(
    "path",
    [
        "/id/org/nobody",
        "/page/org/nobody",
        "/data/org/nobody.ttl",
        "/ontology/Nothing",
        "/concept/nothing",
        "/page/concept/nothing",
        "/data/concept/nothing.ttl",
        "/concept/qualifier/nothing",
        "/graph/nothing",
        "/page/graph/nothing",
        "/data/org/iom.exe",
        "/data/org/iom",
        "/browse/Nothing",
        "/browse/Document?page=999",
        "/problem/nothing",
        "/dump/migov.exe",
        "/static/nothing.css",
        "/nothing/at/all",
        "/id/nothing/iom",
        "/id/org/%25zz",
        "/id/org/a%3Eb",
        "/page/org/a%3Eb",
        "/data/org/a%3Eb.ttl",
        "/concept/%20",
        "/page/concept/%20",
        "/graph/%5C",
        "/ontology/%5E",
        "/data/dataset.exe",
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/json", "*/*"])
def test_what_is_not_there_is_said_in_the_format_asked_for(small: FlaskClient, path: str, accept: str) -> None:
    answer = small.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    if accept == "text/html":
        assert answer.headers["Content-Type"] == HTML.content_type
        assert "<h1>Nothing is known under this address</h1>" in answer.text
    else:
        assert answer.headers["Content-Type"] == PROBLEM.content_type
        told = json.loads(answer.data)
        assert (told["status"], told["type"]) == (404, "/problem/not-found")
        assert "query" not in told["detail"]
        assert small.get(told["type"]).status_code == 200


def test_people_get_suggestions(small: FlaskClient) -> None:
    answer = small.get("/page/org/international-organization-for-mig", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert 'href="/page/org/iom"' in answer.text


@pytest.mark.parametrize(
    "path", ["/id/org/iom", "/ontology/", "/concept/qualifier", "/graph/ontology", "/search?q=iom"]
)
def test_nothing_acceptable_lists_what_there_is(small: FlaskClient, path: str) -> None:
    answer = small.get(path, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    told = json.loads(answer.data)
    assert told["type"] == "/problem/not-acceptable"
    assert "text/html" in told["available"]
    assert all(small.get(path, headers={"Accept": kind}).status_code in {200, 303} for kind in told["available"])


@pytest.mark.parametrize("path", ["/id/org/iom", "/page/org/iom", "/data/org/iom.ttl", "/", "/search", "/dump/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_site_is_read_only(small: FlaskClient, path: str, method: str) -> None:
    answer = small.open(path, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert json.loads(answer.data)["type"] == "/problem/method-not-allowed"


@pytest.mark.parametrize("path", ["/ontology", "/concept", "/graph", "/dump", "/problem", "/sparql", "/browse", "/"])
def test_a_slash_at_the_end_changes_nothing(small: FlaskClient, path: str) -> None:
    plain, slashed = path.rstrip("/") or "/", path.rstrip("/") + "/"
    for method in ("GET", "OPTIONS", "DELETE"):
        one, other = (small.open(each, method=method) for each in (plain, slashed))
        assert (
            one.status_code == other.status_code == {"OPTIONS": 204, "DELETE": 405}.get(method, one.status_code) < 500
        )
        if method != "GET":
            assert {"GET", "HEAD", "OPTIONS"} <= set(one.headers["Allow"].split(", "))
            assert set(one.headers["Allow"].split(", ")) == set(other.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/", "/id/org/iom", "/data/org/iom.ttl", "/dump/migov.nq", "/search", "/graph/meta"])
def test_scripts_of_other_sites_may_read_with_conditions(small: FlaskClient, path: str) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Headers": "if-none-match"}
    answer = small.options(path, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "HEAD"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert {"Accept", "If-None-Match", "If-Match"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))


def test_a_release_on_another_base_is_served_as_its_own(elsewhere: FlaskClient) -> None:
    page = elsewhere.get("/page/org/bad")
    assert page.status_code == 200
    assert '<https://example.net/graph/id/org/bad>; rel="describes"' in page.headers["Link"]
    assert 'href="/page/relation/contact"' in page.text
    assert "w3id.org/migov/id" not in page.text
    assert elsewhere.get("/id/org/bad", headers={"Accept": "text/html"}).headers["Location"] == "/page/org/bad"
    assert b"<https://example.net/graph/id/org/bad>" in elsewhere.get("/data/org/bad.nt").data
    assert elsewhere.get("/ontology/NameUse").status_code == 303
    assert elsewhere.get("/page/concept/indicator").status_code == 200


def test_versions_of_the_ontology_answer_or_say_that_they_are_gone(small: FlaskClient) -> None:
    header = small.application.extensions["migov"].reader.terms["https://w3id.org/migov/ontology/"]
    current, prior = header.one("versionIRI"), header.one("priorVersion")
    for iri, status in ((current, 303), (prior, 410)):
        answer = small.get("/" + iri.removeprefix("https://w3id.org/migov/"), headers={"Accept": "text/turtle"})
        assert answer.status_code == status, iri
