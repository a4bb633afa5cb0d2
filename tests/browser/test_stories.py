"""What people come for, told in a browser: each begins at a page they know and goes on by what they see."""

import csv
import io
import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

FIRST_FIVE_YEARS = {  # the consents to 18 December 1995 in the depositary's list
    "Egypt": "1993-02-19",
    "Morocco": "1993-06-21",
    "Seychelles": "1994-12-15",
    "Colombia": "1995-05-24",
    "Philippines": "1995-07-05",
    "Uganda": "1995-11-14",
}


def test_a_doctoral_student_finds_the_early_parties_their_source_and_a_citation(
    visit: Callable[..., Page], site: str
) -> None:
    page = visit("/")
    page.get_by_role("link", name="Which States consented to a treaty within some years of its adoption?").click()
    page.get_by_label("The treaty").select_option(label="UN Migrant Workers Convention")
    page.get_by_label("How many years after the adoption").fill("5")
    page.get_by_role("button", name="Ask").click()
    rows = page.get_by_role("group", name=re.compile("^Answer")).get_by_role("row").all_inner_texts()
    found = {row.split("\t")[0]: row.split("\t")[2] for row in rows[1:]}
    assert found == FIRST_FIVE_YEARS
    page.get_by_role("link", name=re.compile("accession of ICRMW by Egypt")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Egypt")
    expect(page.get_by_role("main")).to_contain_text("19 February 1993")
    sources = page.get_by_role("region", name="Sources")
    expect(sources).to_contain_text("United Nations Treaty Collection")
    sources.get_by_role("link").filter(has=page.locator("q")).first.press("Enter")
    page.wait_for_url("**/page/evidence/*")
    expect(page.get_by_role("main")).to_contain_text("1993")
    page.go_back()
    page.wait_for_url("**/page/relation/*")
    line = page.locator(".cite").inner_text()
    assert re.search(r"“Treaty action: accession of ICRMW by Egypt, 1993-02-19”.*release [0-9a-f]{12}, .*\d{4}", line)
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    entry = Path(download.value.path()).read_text("utf-8")
    assert "url = {https://w3id.org/migov/id/relation/icrmw-EGY-accession}" in entry


def test_an_iom_desk_officer_compares_two_countries_on_a_past_day(visit: Callable[..., Page]) -> None:
    page = visit("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    form = page.get_by_role("region", name="Two States")
    form.get_by_label("The first").fill("Philippines")
    form.get_by_label("The second").fill("Mexico")
    form.get_by_label("As it stood on").fill("2006-01-01")
    form.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Philippines and Mexico")
    expect(page.get_by_role("main")).to_contain_text("1 January 2006")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile("^Rome Statute")))
    philippines, mexico = row.get_by_role("cell").all()
    expect(philippines).to_contain_text("signed")
    expect(mexico).to_contain_text("party")
    mexico.get_by_role("link").first.click()
    page.wait_for_url("**/matrix/MEX/rome-statute?on=2006-01-01")
    expect(page.get_by_role("main")).to_contain_text("28 October 2005")


def test_a_journalist_asks_when_iom_became_part_of_the_un_system(visit: Callable[..., Page]) -> None:
    page = visit("/")
    field = page.get_by_role("combobox", name=re.compile("A State, treaty, organisation"))
    field.press_sequentially("IOM")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.filter(has_text="International Organization for Migration").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="International Organization for Migration", exact=True).first.click()
    statement = page.get_by_role("main").get_by_role("link", name="United Nations system").first
    expect(statement).to_be_visible()
    told = statement.locator("xpath=ancestor::*[self::dd or self::li or self::tr][1]")
    expect(told).to_contain_text("2016")
    page.goto("/page/relation/iom-un-related-organisation")
    sources = page.get_by_role("region", name="Sources")
    expect(sources).to_contain_text("Practical Guide to Humanitarian Law: IOM (2021 text)")
    expect(sources).to_contain_text("became a related organisation of the United Nations (UN) system in 2016")
    expect(page.get_by_role("main")).to_contain_text("Other sources count IOM as part of the United Nations System")


def test_a_librarian_follows_an_identifier_from_a_catalogue(visit: Callable[..., Page], site: str) -> None:
    asked = urllib.request.Request(f"{site}/id/document/icrmw", headers={"Accept": "text/turtle"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.url == f"{site}/data/document/icrmw.ttl"
        assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
        assert b"icrmw" in answer.read()
    page = visit("/id/document/icrmw")
    assert page.url == f"{site}/page/document/icrmw"
    expect(page.get_by_role("heading", level=1)).to_have_text("UN Migrant Workers Convention")
    expect(page.locator(".strip code")).to_have_text("https://w3id.org/migov/id/document/icrmw")
    said = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    assert said["@graph"][0]["@type"] == "Legislation"


def test_a_user_of_a_screen_reader_reads_the_list_of_a_treaty_and_takes_it_away(
    context: Callable[..., BrowserContext],
) -> None:
    page = context("desktop").new_page()
    page.goto("/page/document/icrmw")
    section = page.get_by_role("region", name=re.compile("^Parties and signatories"))
    expect(section).to_be_visible()
    table = section.get_by_role("table").last
    headings = table.get_by_role("columnheader").all_inner_texts()
    assert len(headings) >= 4
    assert all(text.strip() for text in headings[:4])
    row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile("Egypt"))).first
    expect(row).to_contain_text("19 Feb 1993")
    page.goto("/library/standing?treaty=doc:icrmw&on=2015-12-31")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV for spreadsheets").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert sum(row["answer"] == "party" for row in rows) == 48


@pytest.mark.parametrize("view", ["desktop", "no script"])
def test_search_needs_no_script(visit: Callable[..., Page], view: str) -> None:
    page = visit("/", view)
    page.get_by_label(re.compile("A State, treaty, organisation")).fill("philippines")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Philippines", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Philippines")


def test_a_page_on_paper_shows_no_navigation(visit: Callable[..., Page]) -> None:
    page = visit("/page/relation/icrmw-EGY-accession")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator(".cite")).to_be_visible()
    expect(page.get_by_role("region", name="Sources")).to_be_visible()
