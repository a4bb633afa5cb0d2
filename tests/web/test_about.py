"""A reader who doubts finds out what this is, how it knows, how to cite it, and how a program uses it."""

import re
import subprocess
import sys
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from migov.graph.release import Release

PAGES = ["/about", "/about/evidence", "/about/cite", "/about/api", "/about/accessibility"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_leads_to_the_others(small: FlaskClient, path: str) -> None:
    html = small.get(path).text
    assert all(f'href="{other}"' in html for other in PAGES)
    assert html.count("<h1") == 1
    assert f'href="{path}" aria-current="page"' in html


def test_the_cases_are_those_of_the_graph(client: FlaskClient, released: Store) -> None:
    html = client.get("/about/evidence").text
    cases = re.findall(r'<ul class="cases".*?</ul>', html, re.DOTALL)
    assert len(cases) == 4
    shown = "".join(cases)
    for path in re.findall(r'href="([^"]+)"', shown):
        assert client.get(path).status_code == 200, path

    def asked(query: str) -> list[str]:
        found = released.query(query, use_default_graph_as_union=True)
        return sorted(str(row[0].value) for row in found)  # type: ignore[union-attr]

    prefixes = "PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX r: <https://w3id.org/migov/id/relation/> " \
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "  # fmt: skip
    sources = asked(prefixes + "SELECT DISTINCT ?d { r:icrmw-EGY-accession mgo:evidence/mgo:source ?d }")
    assert len(sources) == 4
    assert "Four lists print the day on which Egypt acceded" in shown
    foundation = "<https://w3id.org/migov/id/event/iom-foundation-1951>"
    rivals = asked(
        prefixes + f"SELECT DISTINCT ?o {{ ?c rdf:subject {foundation} ; rdf:predicate mgo:date ; rdf:object ?o }}"
    )
    assert {"1951-12-05", "1951-12-06"} <= {*rivals, *asked(prefixes + f"SELECT ?o {{ {foundation} mgo:date ?o }}")}
    tie = "r:iom-un-related-organisation"
    assert asked(prefixes + f"SELECT ?d {{ {tie} mgo:startEarliest|mgo:startLatest ?d }}") == [
        "2016-01-01",
        "2016-12-31",
    ]


def test_a_graph_without_the_cases_shows_none(hostile: FlaskClient) -> None:
    answer = hostile.get("/about/evidence")
    assert answer.status_code == 200
    assert 'class="cases"' not in answer.text


def test_how_to_cite_names_the_release_served(small: FlaskClient, tiny: Release) -> None:
    html = small.get("/about/cite").text
    assert tiny.id[:12] in html
    for target in re.findall(r'href="(/cite/[^"]+)"', html):
        assert small.get(target).status_code == 200


def test_the_examples_for_programs_name_the_public_address(public: FlaskClient) -> None:
    text = unescape(public.get("/about/api").text)
    assert 'read.csv("https://graph.example.org/migov/library/standing.csv?treaty=doc:icrmw&on=2015-12-31")' in text


def test_the_example_in_python_runs_as_it_stands(client: FlaskClient) -> None:
    """It counts the 48 parties that the depositary had at the end of 2015."""
    text = unescape(client.get("/about/api").text)
    (example,) = [code for code in re.findall(r"<code>(.*?)</code>", text, re.DOTALL) if "import csv" in code]
    (address,) = re.findall(r'"https://w3id.org/migov(/library/[^"]+)"', example)
    served = client.get(address).data
    stand_in = f"import io, urllib.request\nurllib.request.urlopen = lambda url: io.BytesIO({served!r})\n"
    ran = subprocess.run([sys.executable, "-c", stand_in + example], capture_output=True, text=True, check=True)
    assert ran.stdout == "48 parties\n"
