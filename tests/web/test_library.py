"""A reader asks a question of the library: chooses values, reads the answer, takes it away, and opens the query."""

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from migov import library
from migov.web.site import NAME, Site

QUESTIONS = library.questions()
ASKED = "/library/party-not-member"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_every_question_stands_in_its_group_and_says_what_it_lacks(client: FlaskClient) -> None:
    page = client.get("/library").text
    for group in library.GROUPS:
        heading = re.search(rf'<h2 id="(g\d+)">{re.escape(group)}</h2>', page)
        assert heading
        section = page.split(heading[0], 1)[1].split("</section>", 1)[0]
        asked = [question for question in QUESTIONS if question.group == group]
        assert sorted(re.findall(r'href="/library/([^"]+)"', section)) == [question.name for question in asked]
        for question in asked:
            assert question.title in words(section)
            assert question.lacks in words(section)


def test_the_answer_on_the_page_is_that_of_the_file(client: FlaskClient) -> None:
    address = f"{ASKED}?treaty=doc:crc&on=2003-07-01"
    page = client.get(address).text
    table = page.split('class="answer"', 1)[1].split("</table>", 1)[0]
    (file,) = re.findall(rf'href="({ASKED}\.srj[^"]*)"', page)
    rows = json.loads(client.get(unescape(file)).text)["results"]["bindings"]
    assert rows
    shown = table.count("<tr>") - 1
    assert 20 <= shown <= len(rows)
    assert f"{len(rows)} rows" in words(page)
    assert all(row["state"]["value"] in words(table) for row in rows[:shown])
    other = json.loads(client.get(f"{ASKED}.srj").text)["results"]["bindings"]
    assert other != rows


def test_each_file_comes_as_the_type_that_its_link_says(client: FlaskClient) -> None:
    page = client.get(f"{ASKED}?treaty=doc:crc").text
    formats = page.split('<p class="formats">', 1)[1].split("</p>", 1)[0]
    links = re.findall(r'href="([^"]+)" type="([^"]+)"', formats)
    assert len(links) == len({target for target, _ in links}) >= 5
    for target, kind in links:
        answer = client.get(unescape(target))
        assert answer.status_code == 200
        assert answer.mimetype == kind
        assert len(answer.text.splitlines()) > 1 or len(answer.text) > 1000


def test_only_what_differs_from_the_default_stands_in_the_address(client: FlaskClient) -> None:
    answer = client.get(f"{ASKED}?treaty=doc:icrmw&organisation=o:iom&on=2003-07-01&tracked=1")
    assert f'<{ASKED}?on=2003-07-01>; rel="canonical"' in answer.headers["Link"]


def test_a_thing_may_be_given_by_its_name_or_its_iri(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]

    def main(treaty: str) -> str:
        return client.get(ASKED, query_string={"treaty": treaty}).text.split("<footer>")[0]

    plain = main("doc:crc")
    assert main(f"{site.base}id/document/crc") == plain
    assert main("Convention on the Rights of the Child") == plain


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"on": "yesterday"}, "'yesterday' is no day"),
        ({"on": "1066-10-14"}, "1066-10-14 is not between 1900-01-01 and"),
        ({"treaty": "o:iom"}, "'o:iom' is none of the"),
        ({"treaty": "doc:crc } ?s ?p ?o {"}, "is none of the"),
        ({"treaty": "UN Migrant"}, "Is it UN Migrant Workers Convention?"),
    ],
)
def test_a_value_that_may_not_be_is_told_beside_its_field(
    client: FlaskClient, values: dict[str, str], told: str
) -> None:
    answer = client.get(ASKED, query_string=values)
    assert answer.status_code == 400
    assert told in words(answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert client.get(f"{ASKED}.csv", query_string=values).status_code == 400


def test_the_query_shown_is_the_one_that_was_asked(client: FlaskClient) -> None:
    page = client.get(f"{ASKED}?on=2003-07-01").text
    (editor,) = re.findall(r'class="button" href="(/sparql\?[^"]+)"', page)
    rows = client.get(unescape(editor), headers={"Accept": "application/sparql-results+json"}).json
    assert rows == client.get(f"{ASKED}.srj?on=2003-07-01", headers={"Accept": "*/*"}).get_json(force=True)


def test_a_question_without_data_says_so(client: FlaskClient) -> None:
    lacking = [question for question in QUESTIONS if question.lacks]
    assert lacking
    for question in lacking:
        page = words(client.get(f"/library/{question.name}").text)
        assert "No answer yet." in page
        assert question.lacks in page


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_has_a_page_with_a_field_for_each_parameter(
    client: FlaskClient, question: library.Question
) -> None:
    page = client.get(f"/library/{question.name}").text
    assert question.title in words(page)
    fields = re.findall(r'<(?:select|input) id="p-[^"]+" name="([^"]+)"', page)
    assert fields == [parameter.name for parameter in question.parameters]


def test_what_is_no_question_is_not_found(client: FlaskClient) -> None:
    assert client.get("/library/nothing").status_code == 404
    assert client.get("/library/nothing.csv").status_code == 404
    assert client.get(f"{ASKED}.exe").status_code == 404
