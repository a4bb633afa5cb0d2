"""A reader takes along a reference that says what he read, in which release, and that his program can read."""

import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from migov.graph.release import Release
from migov.web.references import BY_EXTENSION, Work, bibtex, csl, plain, ris

KINDS = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
    "txt": "text/plain; charset=utf-8",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "} , note = {x}, title = {",
    "{ never closed",
    r"back \slash \input{/etc/passwd} 100 % & # $ _ ^ ~",
    "two\nlines\r\nER  - \r\nTY  - BOOK",
    'quote " and \u2028 separator \x00\x1b',
    "Élodie – “née” 移民 حوكمة",
]


def read_bibtex(text: str) -> tuple[str, dict[str, str]]:
    """The type and the fields of one entry, read as BibTeX does: it counts braces and knows no backslash."""
    head = re.match(r"@(\w+)\{([^,\s{}]+),\n", text)
    assert head, text
    fields, at = {}, head.end()
    while match := re.compile(r"\s*(\w+) = \{").match(text, at):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        fields[match[1]] = text[match.end() : end - 1]
        assert text[end] == ","
        at = end + 1
    assert text[at:].strip() == "}", "nothing stands behind the entry"
    return head[1], fields


def read_ris(text: str) -> list[tuple[str, str]]:
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines[:-1]), text
    return [(line[:2], line[6:]) for line in lines[:-1]]


def test_a_record_is_cited_in_four_formats(client: FlaskClient, release: Release) -> None:
    found = {}
    for extension, kind in KINDS.items():
        answer = client.get(f"/cite/document/icrmw.{extension}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == kind
        assert f"migov-icrmw.{extension}" in answer.headers["Content-Disposition"]
        found[extension] = answer.get_data(as_text=True)
    short, day = release.id[:12], release.manifest.created[:10]
    iri = "https://w3id.org/migov/id/document/icrmw"
    _, fields = read_bibtex(found["bib"])
    assert fields["title"] == "{UN Migrant Workers Convention}"
    assert (fields["url"], fields["year"], fields["date"]) == (iri, day[:4], day)
    assert short in fields["note"]
    tags = dict(read_ris(found["ris"]))
    assert (tags["TY"], tags["TI"], tags["UR"]) == ("DATA", "UN Migrant Workers Convention", iri)
    assert tags["DA"] == day.replace("-", "/")
    (item,) = json.loads(found["json"])
    assert (item["type"], item["title"], item["URL"]) == ("dataset", "UN Migrant Workers Convention", iri)
    assert item["issued"] == {"date-parts": [[int(part) for part in day.split("-")]]}
    assert "accessed" not in item, "nobody knows when it will be read"
    assert found["txt"].count("\n") == 1
    assert all(part in found["txt"] for part in ("“UN Migrant Workers Convention”", short, iri))


def test_a_page_offers_its_own_citation(client: FlaskClient) -> None:
    html = client.get("/page/state/PHL?on=2005-06-30").text
    assert "as it stood on 30 June 2005" in html
    links = re.findall(r'href="(/cite/state/PHL\.\w+\?on=2005-06-30)"', html)
    assert len(links) == len(KINDS)
    assert "30 June 2005" in client.get(links[0]).text


def test_an_answer_is_cited_with_its_values(client: FlaskClient) -> None:
    html = client.get("/library/standing?treaty=doc:icrmw&on=2015-12-31").text
    (link,) = re.findall(r'href="(/cite/library/standing\.json\?[^"]*)"', html)
    (item,) = json.loads(client.get(link.replace("&amp;", "&")).text)
    assert item["URL"] == "https://w3id.org/migov/library/standing?treaty=doc:icrmw&on=2015-12-31"
    assert item["title"].startswith("Was each State party to a treaty on a day")


def test_the_answer_to_a_query_is_cited_with_the_query(small: FlaskClient) -> None:
    query = 'SELECT * { ?s ?p "} % # é" }'
    html = small.get(f"/sparql?query={quote(query)}", headers={"Accept": "text/html"}).text
    links = [unescape(link) for link in re.findall(r'href="(/cite/sparql[^"]*)"', html)]
    assert len(links) == len(KINDS)
    assert all(small.get(link).status_code == 200 for link in links)
    (item,) = json.loads(small.get(f"/cite/sparql.json?query={quote(query)}").text)
    assert item["URL"].startswith("https://w3id.org/migov/sparql?query=SELECT+")
    assert small.get(item["URL"].removeprefix("https://w3id.org/migov")).status_code == 200
    _, fields = read_bibtex(small.get(f"/cite/sparql.bib?query={quote(query)}").text)
    assert not set(fields["url"]) & set('{}\\" ')


def test_the_dataset_is_cited_as_a_whole(small: FlaskClient, tiny: Release) -> None:
    (item,) = json.loads(small.get("/cite/dataset.json").text)
    assert item["URL"] == "https://w3id.org/migov/"
    assert "container-title" not in item
    assert tiny.id[:12] in item["version"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cite/org/nobody.bib", 404),
        ("/cite/org/iom.docx", 404),
        ("/cite/org/iom", 404),
        ("/cite/dataset.html", 404),
        ("/cite/library/nothing.bib", 404),
        ("/cite/sparql.bib", 400),
        ("/cite/sparql.bib?query=a&query=b", 400),
        ("/cite/org/iom.bib?on=yesterday", 400),
        ("/cite/org/" + quote("<script>") + ".bib", 404),
    ],
)
def test_what_cannot_be_cited_is_said(small: FlaskClient, path: str, status: int) -> None:
    assert small.get(path).status_code == status


def test_a_value_that_may_not_be_is_refused(client: FlaskClient) -> None:
    assert client.get("/cite/library/standing.bib?on=never").status_code == 400


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_leaves_its_place(title: str) -> None:
    work = Work("org/bad", title, 'https://example.org/id/{}\\"\n<x>', "f" * 64, "2026-11-23")
    kind, fields = read_bibtex(bibtex(work))
    assert kind == "misc"
    assert list(fields) == ["author", "title", "howpublished", "year", "date", "version", "url", "note"]
    assert fields["title"].count("{") == fields["title"].count("}")
    assert [tag for tag, _ in read_ris(ris(work))] == ["TY", "AU", "TI", "T2", "PY", "DA", "ET", "UR", "ER"]
    (item,) = json.loads(csl(work))
    assert item["title"] == " ".join(re.sub(r"[\x00-\x1f]", " ", title).split())
    assert plain(work).count("\n") == 1
    assert not set(item["URL"]) & set('{}\\" \n<>')


@pytest.mark.parametrize("extension", BY_EXTENSION)
def test_hostile_labels_stay_words(hostile: FlaskClient, extension: str) -> None:
    answer = hostile.get(f"/cite/org/bad.{extension}")
    assert answer.status_code == 200
    assert not answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "alert('label')" in answer.text
