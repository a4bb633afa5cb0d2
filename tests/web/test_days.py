"""Who stood where on a day, how surely, and what it means that somebody is not on a list: a small graph made for it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from migov import vocabulary
from web.conftest import small_release

PACT, LEAGUE = "/page/document/pact", "/page/org/league"
NOW, BEFORE = "", "1997-01-01"


@pytest.fixture(scope="module")
def roads(opened: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site over a treaty with four States, and a league of three."""
    source = Path(__file__).with_name("days.trig")
    return opened(small_release(tmp_path_factory.mktemp("days"), vocabulary.BASE, source))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def groups(page: str, name: str) -> dict[str, list[str]]:
    """The rows of a list by the heading they stand under."""
    section = page.split(f'id="h-{name}"', 1)[1].split("</section>", 1)[0]
    found: dict[str, list[str]] = {}
    for body in section.split('<tr class="group">')[1:]:
        heading = re.search(r"<span>([^<]+?) <small>", body)
        assert heading
        found[unescape(heading[1])] = re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', body)
    return found


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (NOW, {"Parties": ["Arcadia", "Cockaigne", "Dreamland"], "Signed, not party": ["Bohemia"]}),
        ("1999-07-01", {"Parties": ["Dreamland"], "Signed, not party": ["Arcadia", "Bohemia"]}),
        ("2001-02-28", {"Parties": ["Arcadia", "Dreamland"], "Signed, not party": ["Bohemia"]}),
        ("2001-03-01", {"Parties": ["Arcadia"], "Former parties": ["Dreamland"], "Signed, not party": ["Bohemia"]}),
        (
            "2004-06-01",
            {"Parties": ["Arcadia", "Dreamland"], "Signed, not party": ["Bohemia"], "Not certain": ["Cockaigne"]},
        ),
        (BEFORE, {}),
    ],
)
def test_a_treaty_lists_who_stood_where_on_a_day(roads: FlaskClient, day: str, standing: dict[str, list[str]]) -> None:
    assert groups(roads.get(PACT, query_string={"on": day}).text, "treaty-actions") == standing


def test_a_day_before_every_act_has_no_row_and_says_so(roads: FlaskClient) -> None:
    assert "No row for this day." in words(roads.get(PACT, query_string={"on": BEFORE}).text)
    assert "No row for this day." in words(roads.get(PACT, query_string={"on": BEFORE, "list": "treaty-actions"}).text)


def test_a_record_is_cited_with_the_day(roads: FlaskClient) -> None:
    assert "“Pact on Roads, as it stood on 1 June 2004”" in words(roads.get(f"{PACT}?on=2004-06-01").text)
    assert "“Pact on Roads”" in words(roads.get(PACT).text)


def test_what_came_later_is_not_told_of_a_day(roads: FlaskClient) -> None:
    then, now = (words(roads.get(PACT + on).text) for on in ("?on=1999-07-01", ""))
    assert "10 Jan 2000" not in then
    assert "1 May 1999" in then
    assert "10 Jan 2000 or later" in now
    assert "1 Dec 2000 effect 1 Mar 2001" in now


def test_the_day_is_said_and_kept_in_links(roads: FlaskClient) -> None:
    answer = roads.get(f"{PACT}?on=2004-06-01")
    assert "on 1 June 2004 · migov</title>" in answer.text
    assert "This is 1 June 2004" in words(answer.text)
    assert 'value="2004-06-01"' in answer.text
    assert f'<{PACT}?on=2004-06-01>; rel="canonical"' in answer.headers["Link"]
    following = set(re.findall(r'href="(/page/state/[^"]+)"', answer.text))
    assert following
    assert {link.partition("?")[2] for link in following} == {"on=2004-06-01"}
    state = roads.get("/page/state/DDD?on=2001-06-01").text
    assert groups(state, "treaty-actions") == {"Former party to": ["Pact on Roads"]}
    assert f'href="{PACT}?on=2001-06-01"' in state


@pytest.mark.parametrize("day", ["2004-13-01", "2004", "01.06.2004", "2023-02-29", "٢٠٠٤-٠١-٠١"])
def test_what_is_no_day_is_refused(roads: FlaskClient, day: str) -> None:
    answer = roads.get(PACT, query_string={"on": day})
    assert answer.status_code == 400
    assert "a day as in 2015-01-31" in words(answer.text)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (
            NOW,
            "Complete as of 30 June 2005, by Register of Roads . Whoever has no row here was not a party on that day",
        ),
        ("2002-01-01", "Complete for 1 January 2002: it holds the whole list as of 30 June 2005 by Register of Roads"),
        ("2002-01-01", "Whoever has no row here was not a party on 1 January 2002."),
        ("2010-01-01", "Complete only as of 30 June 2005"),
        ("2010-01-01", "for later days that is not recorded"),
    ],
)
def test_a_list_of_parties_says_how_far_it_goes_and_what_absence_means(roads: FlaskClient, day: str, told: str) -> None:
    assert told in words(roads.get(PACT, query_string={"on": day}).text)


def test_who_has_no_row_is_named(roads: FlaskClient) -> None:
    page = words(roads.get(PACT).text)
    assert "Those without a row 1 Erewhon" in page
    assert "Those without a row 2 Cockaigne , Erewhon" in words(roads.get(f"{PACT}?on=2002-01-01").text)


def test_a_row_on_which_sources_differ_leads_to_both_values(roads: FlaskClient) -> None:
    page = roads.get(PACT).text
    assert "1 row says that sources differ" in words(page)
    (act,) = re.findall(r'<a href="([^"]+)">sources differ</a>', page)
    told = words(roads.get(act).text)
    assert "10 January 2000" in told
    assert "10 January 2001" in told
    assert "Almanac" in told


def test_a_party_that_a_complete_list_leaves_out_is_marked(roads: FlaskClient) -> None:
    page = roads.get("/page/document/bridges").text
    marked = re.findall(r'<tr><th scope="row"><a [^>]*>([^<]+)</a>[^\n]*not on the list of 31 Jan 2004', page)
    assert marked == ["Arcadia"]  # Erewhon's row could not be read, and Bohemia is on the list
    assert "The rows of Erewhon could not be read in that list." in words(page)
    assert "1 row says that sources differ" in words(page)
    assert "not on the list" not in roads.get("/page/document/bridges?on=2003-01-01").text


def test_a_state_tells_not_a_party_from_not_recorded(roads: FlaskClient) -> None:
    told = words(roads.get("/page/state/DDD").text)
    assert "1 treaty of the 2 in the graph without a row here." in told
    assert "Pact on Bridges not a party as of 31 January 2004" in told
    assert "Pact on Bridges not a party as of" not in words(roads.get("/page/state/DDD?on=2003-06-01").text)
    assert "Pact on Bridges not a party" in words(roads.get("/page/state/DDD?on=2003-06-01").text)
    other = words(roads.get("/page/state/EEE").text)
    assert "Pact on Roads not recorded" in other


def test_an_act_leads_to_the_period_that_follows_from_it(roads: FlaskClient) -> None:
    act = roads.get("/page/relation/a-acc").text
    assert 'href="/page/relation/a-party"' in act
    period = words(roads.get("/page/relation/a-party").text)
    assert "since 10 January 2000" in period


def test_a_chart_tells_the_parties_of_each_year_and_has_a_table(roads: FlaskClient) -> None:
    page = roads.get(PACT).text
    figure = page.split('<figure class="chart">', 1)[1].split("</figure>", 1)[0]
    rows = re.findall(r'<th scope="row">(\d+)</th><td class="n">(\d+)</td>', figure)
    # Cockaigne counts from the end of 2004, when it surely was a party
    assert rows == [("1998", "1"), ("2000", "2"), ("2001", "1"), ("2003", "2"), ("2004", "3"), ("2026", "3")]
    assert "1 in 1998, 3 in 2026" in words(figure)
    assert 'role="img" aria-label="Parties at the end of each year: 1 in 1998' in figure


def test_the_order_of_the_sources_is_given_with_its_reasons(roads: FlaskClient) -> None:
    told = words(roads.get(PACT).text)
    assert "Which source goes first where they differ Register of Roads It is the depositary's own." in told


def test_a_list_of_members_tells_sure_from_perhaps(roads: FlaskClient) -> None:
    def on(day: str) -> dict[str, list[str]]:
        return groups(roads.get(LEAGUE, query_string={"on": day}).text, "organization.Membership")

    assert on("1993-06-01") == {"Member": ["Arcadia", "Bohemia"], "Not certain on that day": ["Cockaigne"]}
    assert on("1996-06-01") == {"Member": ["Arcadia"], "Not certain on that day": ["Bohemia", "Cockaigne"]}
    assert on(NOW) == {"Member": ["Arcadia"], "No longer, or not known to last": ["Bohemia", "Cockaigne"]}
    assert "No source says how far this list goes." in words(roads.get(LEAGUE).text)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("event/vote-a", "Vote of Arcadia on PoR: in favour"),
        ("record/import", "Import of treaty actions from Register of Roads"),
        ("record/first", "Source 1 for PoR: Register of Roads"),
        ("evidence/list", "Register of Roads, Table 1, row 4"),
        ("relation/a-party", "Participation: Arcadia in PoR, party, 10 January 2000"),
    ],
)
def test_what_the_graph_gives_no_name_has_a_title(roads: FlaskClient, path: str, title: str) -> None:
    page = roads.get(f"/page/{path}").text
    assert f"<h1>{title}</h1>" in unescape(page)
    assert f"<title>{title} · migov</title>" in unescape(page)
