"""A reader reads the answer of a question: names lead to things, long answers come in pages, charts fit the rows."""

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Store

from migov import library
from migov.vocabulary import BASE, SKOS
from migov.web.library import INTRODUCTIONS

QUESTIONS = library.questions()
DRAWN = [question for question in QUESTIONS if question.chart]


def rows_of(client: FlaskClient, address: str) -> list[dict[str, dict[str, str]]]:
    return list(json.loads(client.get(address).text)["results"]["bindings"])


def table_of(page: str) -> list[list[str]]:
    table = page.split('class="answer"', 1)[1].split("</table>", 1)[0].split("<tbody>", 1)[1]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in table.split("<tr>")[1:]]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html))).strip()


def test_each_group_says_what_it_is_good_for(client: FlaskClient) -> None:
    assert set(INTRODUCTIONS) == set(library.GROUPS)
    page = words(client.get("/library").text)
    assert all(told in page for told in INTRODUCTIONS.values())


def test_a_name_in_an_answer_leads_to_what_it_names(client: FlaskClient, released: Store) -> None:
    page = client.get("/library/withdrawals").text
    states = {cell for row in table_of(page) for cell in row if "/page/state/" in cell}
    assert states
    for cell in states:
        (code, name) = re.findall(r'href="/page/state/(\w+)"[^>]*>([^<]+)<', cell)[0]
        labels = released.quads_for_pattern(
            NamedNode(f"{BASE}id/state/{code}"), NamedNode(SKOS + "prefLabel"), None, None
        )
        assert unescape(name) in {q.object.value for q in labels if isinstance(q.object, Literal)}


def test_each_source_of_several_leads_to_its_own_page(client: FlaskClient) -> None:
    document = json.loads(client.get("/library/withdrawals.srj").text)
    rows = document["results"]["bindings"]
    table = table_of(client.get("/library/withdrawals").text)
    column = document["head"]["vars"].index("sources")
    several = [(row, cells) for row, cells in zip(rows, table, strict=True) if "; " in row["sources"]["value"]]
    assert several
    for row, cells in several:
        assert words(cells[column]) == row["sources"]["value"]
        assert len(re.findall(r'href="/page/document/', cells[column])) == len(row["sources"]["value"].split("; "))


def test_the_pages_of_a_long_answer_hold_each_row_once(client: FlaskClient) -> None:
    address = "/library/figures-side-by-side"
    rows = rows_of(client, f"{address}.srj")
    found: list[list[str]] = []
    page = client.get(address).text
    (last,) = set(re.findall(r"Page 1 of (\d+)", page))
    for number in range(1, int(last) + 1):
        answer = client.get(f"{address}?page={number}")
        assert len(answer.data) < 100_000
        found += table_of(answer.text)
    assert len(found) == len(rows)
    assert [words(cells[-1]) for cells in found] == [words(row.get("printed", {}).get("value", "")) for row in rows]
    assert client.get(f"{address}?page={int(last) + 1}").status_code == 404
    assert client.get(f"{address}?page=0").status_code == 400


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_no_page_is_heavy(client: FlaskClient, question: library.Question) -> None:
    assert len(client.get(f"/library/{question.name}").data) < 100_000


@pytest.mark.parametrize("question", DRAWN, ids=lambda question: question.name)
def test_a_chart_is_of_columns_that_the_answer_has(client: FlaskClient, question: library.Question) -> None:
    form, _, told = question.chart.partition(" | ")
    kind, *columns = form.split()
    document = json.loads(client.get(f"/library/{question.name}.srj").text)
    assert kind in {"line", "bars", "count"}
    assert {*columns} - {"by"} <= {*document["head"]["vars"]}
    page = client.get(f"/library/{question.name}").text
    assert f'aria-label="{told}: ' in unescape(page)


def test_the_bars_of_a_count_are_the_rows_of_each_kind(client: FlaskClient) -> None:
    rows = rows_of(client, "/library/standing.srj")
    kinds = [row["answer"]["value"] for row in rows]
    page = client.get("/library/standing").text
    drawn = {unescape(name): int(n) for name, n in re.findall(r"<title>([^<]+): (\d+)</title>", page)}
    assert drawn == {kind: kinds.count(kind) for kind in kinds}


def test_the_line_of_the_consents_ends_where_the_table_does(client: FlaskClient) -> None:
    rows = rows_of(client, "/library/consents-by-year.srj")
    figure = client.get("/library/consents-by-year").text.split("<figcaption>", 1)[1].split("</figcaption>", 1)[0]
    assert f"{rows[-1]['byThen']['value']} in {rows[-1]['year']['value']}" in words(figure)
