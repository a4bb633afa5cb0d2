"""Somebody who never asked in SPARQL starts from an example, changes it, mends an error, and takes the answer away."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.test_accessible import RULES, violations
from migov.web import assets

EXAMPLE = "Which States were party to a treaty but not members of an organisation on a day?"
EDITOR = ".editor .CodeMirror"
TREATIES = """SELECT ?treaty ?label WHERE {
  ?treaty a mgo:Treaty ; skos:prefLabel ?label .
  FILTER(LANG(?label) = "en")
} ORDER BY ?label LIMIT 7"""

_SELECT = """([start, length]) => {
  const editor = document.querySelector('.CodeMirror').CodeMirror;
  editor.setSelection(editor.posFromIndex(start), editor.posFromIndex(start + length));
}"""


@pytest.fixture(autouse=True)
def built() -> None:
    if not assets.address("editor.js"):
        pytest.fail("The query editor is not built: make editor", pytrace=False)


@pytest.fixture
def form(visit: Callable[..., Page]) -> Page:
    """The form with its editor, on a large screen."""
    page = visit("/sparql")
    page.wait_for_selector(EDITOR)
    return page


def written(page: Page) -> str:
    """What the form would send."""
    return page.locator("textarea[name=query]").input_value()


def write(page: Page, text: str) -> None:
    """Put a text into the editor in place of all that is there, as by pasting it."""
    page.locator(EDITOR).click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    expect(page.locator("textarea[name=query]")).to_have_value(text)


def replace(page: Page, old: str, new: str) -> None:
    """Select a text in the editor, and type another in its place."""
    text = written(page)
    page.locator(EDITOR).click()
    page.evaluate(_SELECT, [text.index(old), len(old)])
    page.keyboard.type(new)
    page.keyboard.press("Escape")
    assert written(page) == text.replace(old, new, 1)


def test_from_an_example_to_a_file(
    visit: Callable[..., Page], site: str, context: Callable[..., BrowserContext]
) -> None:
    page = visit("/sparql")
    page.get_by_role("link", name=EXAMPLE).click()
    page.wait_for_selector(EDITOR)
    assert "2015-01-01" in written(page)
    replace(page, "2015-01-01", "2003-07-01")
    replace(page, "?state", "?stat e")
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status == 400 else None)
    page.context.watch.expected = Everything(site)  # type: ignore[attr-defined]
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="The query does not parse").wait_for()
    assert refused
    told = page.locator("section.error").inner_text()
    line = int(re.findall(r"Line (\d+)", told)[0])
    marked = page.locator(".CodeMirror .line-of-error")
    expect(marked).to_have_count(1)
    assert "?stat e" in written(page).splitlines()[line - 1]
    focused = page.evaluate("document.activeElement.closest('.CodeMirror').CodeMirror.getCursor().line")
    assert focused == line - 1
    replace(page, "?stat e", "?state")
    expect(marked).to_have_count(0)
    replace(page, "2015-01-01", "2003-07-01")
    page.get_by_role("button", name="Run").click()
    page.locator("#h-result").wait_for()
    rows = page.locator("section[aria-labelledby=h-result] tbody tr")
    with page.expect_download() as waiting:
        page.locator("p.formats").get_by_role("link", name="CSV", exact=True).click()
    with Path(waiting.value.path()).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == rows.count() > 2
    library = json.loads(page.request.get("/library/party-not-member.srj?on=2003-07-01").text())
    assert [row["state"] for row in found] == [row["state"]["value"] for row in library["results"]["bindings"]]


class Everything(set[str]):
    """Every address of a query: it is meant to be refused."""

    def __init__(self, site: str) -> None:
        super().__init__()
        self.start = f"{site}/sparql?"

    def __contains__(self, address: object) -> bool:
        return str(address).startswith(self.start)


def test_the_same_without_a_script(visit: Callable[..., Page]) -> None:
    page = visit("/sparql", "no script")
    page.get_by_role("link", name=EXAMPLE).click()
    field = page.get_by_label("Query")
    field.fill(field.input_value().replace("2015-01-01", "2003-07-01"))
    page.get_by_role("button", name="Run").click()
    assert page.locator("section[aria-labelledby=h-result] tbody tr").count() > 2
    assert page.locator(EDITOR).count() == 0
    for hidden in ("[data-keys]", "[data-copy]", "[data-toggle]"):
        expect(page.locator(hidden)).to_be_hidden()
    link = page.get_by_role("link", name="Link to this query").get_attribute("href") or ""
    assert "2003-07-01" in parse_qs(urlsplit(link).query)["query"][0]


def test_properties_of_the_class_are_offered_and_taken_by_the_keyboard(form: Page) -> None:
    write(form, "SELECT * WHERE {\n  ?p a mgo:Participation ; ")
    form.keyboard.type("mgo:st")
    hints = form.locator(".CodeMirror-hints")
    expect(hints.locator(".hint-name").first).to_have_text(re.compile("^mgo:st"))  # those of what was typed in full
    names = hints.locator(".hint-name").all_inner_texts()
    assert "mgo:status" in names[:4]
    for _ in range(names.index("mgo:status")):
        form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    assert written(form).endswith("mgo:status")
    form.keyboard.type(" par")
    expect(hints.locator(".hint-name").first).to_have_text("participation-status:party")
    form.keyboard.press("Enter")
    assert written(form).endswith("mgo:status participation-status:party")


def test_an_entity_is_found_by_its_label(form: Page) -> None:
    write(form, "SELECT * WHERE {\n  ?p mgo:instrument ")
    form.keyboard.type("icrmw")
    hints = form.locator(".CodeMirror-hints li")
    expect(hints.filter(has_text="UN Migrant Workers Convention")).to_have_count(1)
    hints.filter(has_text="UN Migrant Workers Convention").click()
    assert written(form).endswith("mgo:instrument doc:icrmw")


def test_the_keyboard_is_never_caught(form: Page) -> None:
    write(form, "SELECT * { ?s a ")
    form.keyboard.press("Control+Space")
    expect(form.locator(".CodeMirror-hints")).to_be_visible()
    form.keyboard.press("Escape")
    expect(form.locator(".CodeMirror-hints")).to_have_count(0)
    before = written(form)
    form.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Run")).to_be_focused()
    form.keyboard.press("Shift+Tab")
    form.keyboard.type("x")
    assert written(form) != before
    assert "Tab" in form.locator("[data-keys]").inner_text()


def test_a_prefix_of_the_project_is_no_error_and_a_slip_is_marked(form: Page) -> None:
    write(form, TREATIES)
    expect(form.locator(".line-in-doubt")).to_have_count(0)
    write(form, TREATIES.replace("FILTER", "FILER"))
    expect(form.locator(".line-in-doubt")).to_have_count(1)


def test_a_link_takes_the_query_elsewhere(visit: Callable[..., Page], context: Callable[..., BrowserContext]) -> None:
    page = visit("/sparql", permissions=["clipboard-read", "clipboard-write"])
    page.wait_for_selector(EDITOR)
    write(page, TREATIES)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("[data-said]")).to_have_text("Copied.")
    address = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(address).query)["query"] == [TREATIES]
    other = context().new_page()
    other.goto(address)
    assert other.locator("section[aria-labelledby=h-result] tbody tr").count() == 7
    assert other.locator("section[aria-labelledby=h-result] tbody a[href^='/page/document/']").count() == 7


def test_the_plain_field_is_one_button_away_and_remembered(form: Page) -> None:
    write(form, TREATIES)
    form.get_by_role("button", name="Use a plain text field").click()
    field = form.get_by_label("Query", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value(TREATIES)
    form.keyboard.press("Control+Enter")
    form.locator("#h-result").wait_for()
    expect(form.get_by_role("button", name="Use the editor")).to_be_visible()
    assert form.locator(EDITOR).count() == 0
    form.get_by_role("button", name="Use the editor").click()
    expect(form.locator(EDITOR)).to_be_visible()


def test_an_empty_query_is_not_sent(form: Page) -> None:
    form.locator(EDITOR).click()
    form.keyboard.press("Control+A")
    form.keyboard.press("Delete")
    address = form.url
    form.get_by_role("button", name="Run").click()
    form.wait_for_timeout(300)
    assert form.url == address


@pytest.mark.parametrize("view", ["desktop", "phone", "dark"])
def test_axe_finds_nothing_in_the_editor(visit: Callable[..., Page], view: str) -> None:
    page = visit("/sparql", view)
    if view == "phone":  # where fingers write, the plain field comes first
        page.get_by_role("button", name="Use the editor").click()
    page.wait_for_selector(EDITOR)
    write(page, "SELECT * WHERE {\n  ?p a mgo:Participation ; ")
    page.keyboard.type("mgo:st")
    page.wait_for_selector(".CodeMirror-hints")
    assert not violations(page, {"runOnly": {"type": "tag", "values": RULES}})
