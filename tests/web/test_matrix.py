"""The matrix: every answer as the library gives it, the order and the pages asked for, files, the map, each cell."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions, Store

from migov import queries, vocabulary
from web.conftest import small_release

CORE = 15
MOST = 100_000
DAYS = ("1960-06-01", "2000-01-01", "2012-04-06", "2022-09-17", "2026-05-25")
TREATIES = ("icrmw", "rome-statute", "refugee-1951", "coe-echr", "stateless-1961", "vccr-opd", "icerd", "au-kampala")


def rows(client: FlaskClient, **asked: str) -> list[dict[str, str]]:
    """The cells that the matrix gives as CSV, a dictionary each."""
    answer = client.get("/matrix.csv", query_string={"cells": "rows", **asked})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def body(html: str) -> list[tuple[str, list[str]]]:
    """The rows of the table by name, each with the words of its cells."""
    found = []
    for row in html.split('<table class="matrix">')[1].split('<tbody class="sums">')[0].split("<tr>")[2:]:
        name, *cells = re.split(r"<td class=", row)
        found.append((words(name).strip(), [words(cell.split(">", 1)[1]).strip() for cell in cells]))
    return found


@pytest.mark.parametrize("treaty", TREATIES)
@pytest.mark.parametrize("day", DAYS)
def test_answers_are_those_of_the_question_of_the_library(
    client: FlaskClient, released: Store, treaty: str, day: str
) -> None:
    text = queries.text("library/standing.rq").replace("doc:rome-statute", f"doc:{treaty}").replace("2018-06-01", day)
    solutions = released.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    expected = {}
    for found in solutions:
        answer, kept, since = (found[name] for name in ("answer", "kept", "boundSince"))
        expected[found["state"].value] = (answer.value, kept.value if kept else "", since.value if since else "")
    told = {}
    for row in rows(client, treaty=treaty, on=day):
        bound = row["since"].rsplit("/", 1)[-1] if "party" in (row["answer"], row["kept"]) else ""
        told[row["state"]] = (row["answer"], row["kept"], bound)
    assert told == expected


@pytest.mark.parametrize(
    ("state", "day"), [("MEX", "2000-01-01"), ("HUN", ""), ("TTO", "1998-09-01"), ("RUS", "2010-01-01")]
)
def test_a_row_agrees_with_the_page_of_its_state(client: FlaskClient, state: str, day: str) -> None:
    page = client.get(
        f"/page/state/{state}",
        query_string={"on": day, "list": "treaty-actions"} if day else {"list": "treaty-actions"},
    )
    standing: dict[str, str] = {}
    for group in page.text.split('<tr class="group">')[1:]:
        heading = re.search(r"<span>([^<]+?) <small>", group)
        assert heading
        for key in re.findall(r'<th scope="row"><a href="/page/document/([^"?]+)', group):
            standing[key] = unescape(heading[1])
    assert len(standing) > 20
    for row in rows(client, group="all", on=day):
        if row["code"] != state:
            continue
        best, shown = row["kept"] or row["answer"], standing.get(row["treaty"], "")
        if best == "party":
            assert shown == "Party to", row
        elif best.startswith("left"):
            assert shown == "Former party to", row
        elif best.startswith("signatory"):
            assert shown.startswith("Signatory"), row
        elif best in {"not a party", "not recorded"}:
            # somebody bound from an unknown day may have been so, to the page of a State, before the treaty was made
            assert shown == "" or (shown == "Not certain" and row["treaty"] in {"ilo-c181", "ilo-c190"}), row


def test_the_worked_cases_of_the_documentation(client: FlaskClient) -> None:
    def told(state: str, treaty: str, day: str) -> str:
        (found,) = [row for row in rows(client, treaty=treaty, on=day) if row["code"] == state]
        return f"{found['answer']} ({found['kept']})" if found["kept"] else found["answer"]

    assert told("MEX", "icrmw", "2000-01-01") == "consented, not yet bound"
    assert told("MEX", "icrmw", "2003-07-01") == "party"
    assert told("TTO", "iccpr-op1", "1998-08-25") == "party"
    assert told("TTO", "iccpr-op1", "2000-06-27") == "left: no longer a party"
    assert told("HTI", "stateless-1961", "2018-06-01") == "perhaps a party: a day is not known"
    assert told("RUS", "coe-echr", "2012-04-06") == "party"
    assert told("RUS", "coe-echr", "2022-09-17") == "sources disagree (party)"
    assert told("HUN", "rome-statute", "2026-05-25") == "sources disagree (party)"
    assert told("HUN", "rome-statute", "2026-06-02") == "left: no longer a party"
    assert told("AFG", "rome-statute", "2026-05-25") == "party"


def test_the_first_page_is_the_core_on_the_day_of_the_release(client: FlaskClient) -> None:
    answer = client.get("/matrix")
    assert answer.status_code == 200
    assert "198 States and 15 treaties on 23 November 2026" in words(answer.text)
    assert "An editorial choice of this site" in answer.text
    first, cells = body(answer.text)[0]
    assert first == "Afghanistan"
    assert len(cells) == CORE + 1
    assert cells[0] == "party 1983"
    assert 'aria-sort="ascending"><a href="/matrix?sort=-name">State</a>' in answer.text
    assert answer.headers["Link"].startswith('</matrix>; rel="canonical"')


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?group=all",
        "?group=all&on=2000-01-01&sort=-parties&page=2",
        "?group=human-rights&on=1990-01-01&lang=fr",
        "?view=map&treaty=untoc-tip&on=2010-01-01",
        "?on=2010-01-01&sort=region&" + "&".join(f"treaty={key}" for key in TREATIES),
    ],
)
def test_a_page_is_small(client: FlaskClient, asked: str) -> None:
    assert len(client.get(f"/matrix{asked}").data) < MOST


def test_the_most_treaties_that_can_be_chosen_still_make_small_pages(client: FlaskClient) -> None:
    keys = re.findall(r'name="treaty" value="([^"]+)"', client.get("/matrix").text)
    assert len(keys) == 81
    answer = client.get(
        "/matrix",
        query_string={"treaty": keys[:30], "on": "2010-01-01", "sort": "-icrmw" if "icrmw" in keys[:30] else "name"},
    )
    assert answer.status_code == 200
    assert len(answer.data) < MOST
    refused = client.get("/matrix", query_string={"treaty": keys[:31]})
    assert refused.status_code == 400
    assert "choose 30 at most" in refused.text


def test_all_pages_together_have_every_state_once(client: FlaskClient) -> None:
    names: list[str] = []
    page = "/matrix?on=2015-01-01"
    while page:
        html = client.get(page).text
        names += [name for name, _ in body(html)]
        following = re.search(r'<a rel="next" href="([^"]+)"', html)
        page = unescape(following[1]) if following else ""
    assert len(names) == len({*names}) == 198
    assert {"Nauru", "Holy See", "European Union"} <= {*names}


def test_rows_are_sorted_by_name_number_region_and_day(client: FlaskClient) -> None:
    def first(sort: str, **asked: str) -> list[tuple[str, list[str]]]:
        return body(
            client.get("/matrix", query_string={"treaty": "icrmw", "on": "2020-01-01", "sort": sort, **asked}).text
        )

    names = [name for name, _ in first("name")]
    assert [name for name, _ in first("-name")] == names[::-1]
    # by the day of being bound: those of 2003, when the Convention entered into force, before those of later years
    bound = ("party ", "perhaps ")
    years = [cells[0].split(" ")[1] for _, cells in first("icrmw") if cells[0].startswith(bound)]
    assert years == sorted(years)
    assert years[0] == "2003"
    assert len(years) == sum(cells[0].startswith(bound) for _, cells in first("name"))
    latest = [cells[0].split(" ")[1] for _, cells in first("-icrmw")][: len(years)]
    assert latest == sorted(years, reverse=True)
    counts = [int(cells[-1].split("–")[0]) for _, cells in first("parties", treaty="", group="core")]
    assert counts == sorted(counts, reverse=True)
    page = client.get("/matrix?region=africa&sort=region&treaty=icrmw").text
    assert re.findall(r'scope="rowgroup"[^>]*><span>Africa: ([^<]+)', page) == [
        "Eastern Africa",
        "Middle Africa",
        "Northern Africa",
        "Southern Africa",
        "Western Africa",
    ]


def test_states_of_a_region_are_those_of_its_parts(client: FlaskClient, released: Store) -> None:
    text = """PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX region: <https://w3id.org/migov/concept/m49-region/>
    SELECT ?code { ?s mgo:iso3166alpha3 ?code ; mgo:region/skos:broader? region:%s }"""
    for region in ("africa", "southern-europe"):
        solutions = released.query(text % region, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        expected = {found["code"].value for found in solutions}
        assert len(expected) > 10
        assert {row["code"] for row in rows(client, treaty="icrmw", region=region)} == expected
    near = {row["code"] for row in rows(client, treaty="icrmw", region="MEX")}
    assert near == {row["code"] for row in rows(client, treaty="icrmw", region="central-america")}


def test_groups_follow_from_the_data(client: FlaskClient, released: Store) -> None:
    def group(code: str) -> set[str]:
        return {row["treaty"] for row in rows(client, group=code, region="northern-america")}

    def asked(pattern: str) -> set[str]:
        text = f"PREFIX mgo: <https://w3id.org/migov/ontology/> SELECT ?t {{ ?t a mgo:Treaty {pattern} }}"
        solutions = released.query(text, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        return {found["t"].value.rsplit("/", 1)[1] for found in solutions}

    assert group("human-rights") == asked('; mgo:registrationId ?n FILTER(STRSTARTS(?n, "IV-"))')
    assert group("refugees") == {"refugee-1951", "refugee-1967p", "stateless-1954", "stateless-1961"}
    assert group("labour") == asked('; mgo:acronym ?a FILTER(REGEX(STR(?a), "^C[0-9]{3}$"))')
    assert group("regional") == asked("; mgo:reach <https://w3id.org/migov/concept/treaty-reach/regional>")
    assert group("humanitarian") == {"gc-i", "gc-ii", "gc-iii", "gc-iv", "ap-i", "ap-ii"}
    named = ("human-rights", "refugees", "labour", "crime", "humanitarian", "diplomatic", "regional")
    assert group("other") == asked("") - set().union(*map(group, (*named, "core")))
    assert group("all") == asked("")


def test_totals_of_a_column_count_every_row(client: FlaskClient) -> None:
    html = client.get("/matrix?on=2018-06-01").text
    sums = html.split('<tbody class="sums">')[1].split("</table>")[0]
    shown = {
        words(row.split("<td>")[0]).strip(): [words(cell).strip() for cell in row.split("<td>")[1:]]
        for row in sums.split("<tr>")[1:]
    }
    cells = [row for row in rows(client, group="core", on="2018-06-01") if row["treaty"] == "icerd"]
    for word, answer in (("party", "party"), ("disputed", "sources disagree"), ("not party", "not a party")):
        assert int(shown[word][0] or 0) == sum(row["answer"] == answer for row in cells), word
    assert sum(int(counts[0] or 0) for counts in shown.values()) == len(cells)


def test_the_table_can_be_read_without_seeing_it(client: FlaskClient) -> None:
    html = client.get("/matrix?on=2000-01-01&region=central-america").text
    table = html.split('<table class="matrix">')[1].split("</table>")[0]
    assert '<caption id="matrix-title">' in table
    assert table.count('<th scope="col"') == CORE + 2
    assert table.count('<th scope="row"><a') == 8
    mexico = table.split("Mexico")[1].split("<tr>")[0]
    assert '<td class=c><a href="/matrix/MEX/icrmw?on=2000-01-01">not yet<br>2003</a>' in mexico  # a word, not a colour
    assert "Not yet bound: consent was given, and takes effect later." in html


def test_files_give_answers_or_days(client: FlaskClient) -> None:
    status = client.get("/matrix.csv?treaty=icrmw&treaty=stateless-1961&region=caribbean&on=2019-01-01")
    assert status.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "inline" in status.headers["Content-Disposition"]
    header, *lines = csv.reader(io.StringIO(status.text))
    assert header == ["state", "code", "region", "subregion", "on", "icrmw", "stateless-1961", "parties", "most"]
    by_code = {line[1]: line for line in lines}
    assert by_code["JAM"][5:] == ["party", "party", "2", "2"]
    dates = client.get("/matrix.csv?treaty=stateless-1961&region=caribbean&on=2018-06-01&cells=date").text
    (haiti,) = [line for line in csv.reader(io.StringIO(dates)) if line[1] == "HTI"]
    assert haiti[5:] == ["2018-01-01/2018-12-31", "0", "1"]


def test_a_cell_leads_to_its_acts_and_their_sources(client: FlaskClient) -> None:
    page = words(client.get("/matrix/MEX/icrmw").text)
    assert "Mexico and ICRMW" in page
    assert "party on 23 November 2026 · since 1 July 2003 or later" in page
    assert "Ratification 8 March 1999" in page
    then = client.get("/matrix/MEX/icrmw?on=2000-01-01").text
    assert "not yet on 1 January 2000" in words(then)
    assert 'href="/page/state/MEX?on=2000-01-01"' in then
    assert "United Nations Treaty Collection" in then


def test_a_cell_says_what_speaks_against_it(client: FlaskClient) -> None:
    russia = words(client.get("/matrix/RUS/coe-echr?on=2022-09-17").text)
    assert "disputed on 17 September 2022" in russia
    assert "The answer that is kept is “party”." in russia
    assert "a complete list of 16 September 2022 does not have the State" in russia
    brunei = words(client.get("/matrix/BRN/icerd").text)
    assert "a consent that was set aside" in brunei
    assert "deprecated" in brunei


def test_a_cell_without_acts_says_what_absence_means(client: FlaskClient) -> None:
    then, now = (words(client.get(f"/matrix/CAN/icrmw{on}").text) for on in ("?on=2010-01-01", ""))
    assert "not party on 1 January 2010" in then
    assert "The list that says so is that of 26 October 2014." in then
    assert "No act is recorded." in then
    assert "no record on 23 November 2026" in now
    assert "The last complete list, that of 26 October 2014, does not have the State." in now


def test_a_union_of_states_is_a_row_with_a_page(client: FlaskClient) -> None:
    (found,) = [row for row in rows(client, treaty="crpd") if row["state"] == "European Union"]
    assert found["answer"] == "party"
    assert "European Union and CRPD" in words(client.get("/matrix/org/eu/crpd").text)


def test_the_map_has_a_tile_for_each_state_and_the_same_as_a_table(client: FlaskClient, released: Store) -> None:
    html = client.get("/matrix?view=map&treaty=icrmw&on=2012-06-01").text
    tiles = re.findall(
        r'<li class="(\w)"><a href="/matrix/([^/]+)/icrmw\?on=2012-06-01" title="([^"]+)"[^>]*>(\w+)</a>', html
    )
    assert len(tiles) == 197
    solutions = released.query(
        "PREFIX mgo: <https://w3id.org/migov/ontology/> SELECT ?c { ?s a mgo:State ; mgo:iso3166alpha3 ?c }",
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, QuerySolutions)
    assert {code for *_, code in tiles} == {found["c"].value for found in solutions}
    assert ("p", "MEX", "Mexico: party 1 Jul 2003", "MEX") in [(a, b, unescape(c), d) for a, b, c, d in tiles]
    twin = html.split('<table class="twin">')[1].split("</table>")[0]
    assert twin.count('<th scope="row">') == len(tiles)
    for letter in {letter for letter, *_ in tiles}:
        assert twin.count(f'<td class="{letter}">') == sum(tile[0] == letter for tile in tiles)
    assert "no border is drawn that is in dispute" in html


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?on=2020-13-01", 400),
        ("?on=2020-01-01&on=2021-01-01", 400),
        ("?view=globe", 400),
        ("?sort=colour", 400),
        ("?sort=coe-echr", 400),  # a treaty, but none of the columns
        ("?sort=name&sort=region", 400),
        ("?page=0", 400),
        ("?page=99", 404),
        ("?region=atlantis", 404),
        ("?group=everything", 404),
        ("?treaty=icrmv", 404),
        ("/XXX/icrmw", 404),
        ("/MEX/none", 404),
        ("/MEX/icrmw?on=yesterday", 400),
        (".csv?cells=colours", 400),
        (".csv?region=atlantis", 404),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, asked: str, status: int) -> None:
    answer = client.get(f"/matrix{asked}")
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["detail"]


def test_a_misspelt_treaty_is_told_the_nearest(client: FlaskClient) -> None:
    told = client.get("/matrix?treaty=icrmv").json
    assert told is not None
    assert "Is it icrmw" in told["detail"]


@pytest.mark.parametrize(
    ("day", "answers"),
    [
        (
            "",
            {
                "Arcadia": "party 2000",
                "Bohemia": "signed 1999",
                "Cockaigne": "party 2004",
                "Erewhon": "no record not in 2005",
            },
        ),
        ("1999-07-01", {"Arcadia": "signed 1999", "Dreamland": "party 1998", "Erewhon": "not party"}),
        ("2001-03-01", {"Dreamland": "left 2001", "Erewhon": "not party"}),
        ("2004-06-01", {"Cockaigne": "perhaps 2004", "Bohemia": "signed 1999"}),
    ],
)
def test_a_small_graph_without_regions(
    opened: Callable[..., FlaskClient],
    tmp_path_factory: pytest.TempPathFactory,
    day: str,
    answers: dict[str, str],
) -> None:
    source = Path(__file__).with_name("days.trig")
    roads = opened(small_release(tmp_path_factory.mktemp("roads"), vocabulary.BASE, source))
    html = roads.get("/matrix", query_string={"treaty": "pact", "on": day}).text
    found = {name: cells[0] for name, cells in body(html)}
    assert {name: found[name] for name in answers} == answers
    assert roads.get("/matrix?view=map&treaty=pact").status_code == 200


def test_nothing_to_show_is_a_page_too(small: FlaskClient, hostile: FlaskClient) -> None:
    for site in (small, hostile):
        assert site.get("/matrix").status_code == 200
        assert site.get("/matrix.csv").status_code == 200
        assert site.get("/matrix?view=map").status_code in {200, 404}


def test_names_that_mean_harm_stay_text(opened: Callable[..., FlaskClient], tmp_path: Path) -> None:
    source = tmp_path / "harm.trig"
    text = Path(__file__).with_name("days.trig").read_text("utf-8")
    source.write_text(text.replace("Arcadia", "<script>alert(1)</script>").replace('"PoR"', "'=1+1<b>'"), "utf-8")
    site = opened(small_release(tmp_path, vocabulary.BASE, source))
    for page in ("/matrix?treaty=pact", "/matrix?view=map&treaty=pact", "/matrix/AAA/pact"):
        html = site.get(page).text
        assert "<script" not in html
        assert "<b>" not in html.replace("<b>0", "").replace("</dt>", "") or re.search(r"<b>\d+</b>", html)
        assert "&lt;script&gt;alert(1)" in html
    assert "'=1+1" not in site.get("/matrix.csv?treaty=pact").text
