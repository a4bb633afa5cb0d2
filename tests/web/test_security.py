"""Words from the graph and from requests never become markup, links that run, or trust."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from migov.graph.release import Release

PAGES = [
    "/",
    "/page/org/bad",
    "/page/relation/name",
    "/page/relation/contact",
    "/page/claim/page",
    "/page/observation/one",
    "/page/evidence/one",
    "/page/document/bad",
    "/page/concept/indicator",
    "/page/concept/indicator/x",
    "/page/graph/hostile",
    "/page/ontology",
    "/page/ontology/IntergovernmentalOrganisation",
    "/page/ontology/NameUse",
    "/network/org/bad",
    "/network/org/worse",
    "/browse",
    "/browse/IntergovernmentalOrganisation",
    "/sources",
    "/search?q=script",
    "/search?q=" + quote("<script>alert(20)</script>"),
    "/sparql?query=" + quote("SELECT * { ?s ?p ?o }"),
    "/sparql?query=" + quote("CONSTRUCT WHERE { ?s ?p ?o }"),
    "/sparql?query=" + quote("</textarea><script>alert(21)</script>"),
    "/sparql?query=" + quote('SELECT ("<script>alert(22)</script>" AS ?x) (IRI("javascript:alert(23)") AS ?y) {}'),
    "/page/org/" + quote("<script>alert(24)</script>"),
    "/" + quote('"><img src=x onerror=alert(25)>'),
]
DRAWN = {"wide", "narrow", "sign"}
"""The classes of the pictures that the server draws itself."""


class Reader(HTMLParser):
    """Collects what in a page could run or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.scripts: list[str | None] = []
        self.blocks: list[str] = []
        self._in_block = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_block = ("type", "application/ld+json") in attrs and tag == "script"  # data: no browser runs it
        if tag == "script" and (source := dict(attrs).get("src")):
            self.scripts.append(source)
        elif not self._in_block and (tag != "svg" or dict(attrs).get("class") not in DRAWN):
            self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in {"href", "src", "action"}:
                self.targets.append(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_block:
            self.blocks.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_block = False


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_a_page_runs(hostile: FlaskClient, path: str) -> None:
    answer = hostile.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in {200, 400, 404}
    assert answer.headers["Content-Type"].startswith("text/html")
    page = Reader()
    page.feed(answer.text)
    own = r"/static/(suggest|editor)\.js\?v=[0-9a-f]+"
    assert all(re.fullmatch(own, source or "") for source in page.scripts)
    scripted = path == "/" or path.startswith(("/sparql", "/search"))
    assert ("script-src 'self';" in answer.headers["Content-Security-Policy"]) == scripted
    assert scripted or not page.scripts
    assert all(json.loads(text)["@context"] == "https://schema.org" for text in page.blocks)
    assert not page.tags & {"script", "iframe", "object", "embed", "svg", "img", "style", "base", "i", "b", "u", "s"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    assert all(target.startswith(("/", "#", "https://", "http://", "?")) for target in page.targets)


def test_hostile_words_are_shown_as_words(hostile: FlaskClient) -> None:
    text = hostile.get("/page/org/bad").text
    assert "&lt;script&gt;alert(&#39;label&#39;)&lt;/script&gt;" in text
    assert "javascript:alert(5)" in text
    assert "{{ 7*7 }}" in text
    assert 'href="https://example.org/site"' in text
    assert 'href="https://example.org/fine"' in text


@pytest.mark.parametrize(
    "path", ["/", "/page/org/iom", "/data/org/iom.ttl", "/sparql", "/nothing", "/static/site.css", "/dump/"]
)
def test_every_answer_carries_the_security_headers(small: FlaskClient, path: str) -> None:
    answer = small.get(path, headers={"Accept": "text/html"}, buffered=True)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["style-src"] == policy["form-action"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/id/org/../../etc/passwd",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/page/org/%00",
        "/dump/migov.ttl/..",
        "/browse//Document",
        "/page//org/iom",
    ],
)
def test_odd_paths_are_plainly_not_found(small: FlaskClient, path: str) -> None:
    answer = small.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in {400, 404}
    assert "Location" not in answer.headers
    assert "Traceback" not in answer.text


def test_a_failure_of_ours_says_nothing_of_our_insides(
    small: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tiny: Release
) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError("secret detail of the insides")

    monkeypatch.setattr("migov.web.site.search.find", fail)
    answer = small.get("/search?q=x")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "secret detail" in caplog.text
