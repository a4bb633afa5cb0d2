"""What axe, the keyboard and a narrow screen find on one page of each kind: nothing, and everything within reach."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from browser.kinds import PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = "options => axe.run(document, options).then(found => found.violations)"
_REACH = """() => {
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
  const meant = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true]';
  return [...document.querySelectorAll(meant)].filter(e => shown(e) && !e.disabled && !e.closest('[aria-hidden=true]'))
    .filter(e => e.tabIndex !== 0).map(e => e.outerHTML.slice(0, 120));
}"""
_FOCUSED = """() => {
  const e = document.activeElement, look = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    what: e.outerHTML.slice(0, 120), body: e === document.body, number: [...document.all].indexOf(e),
    seen: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
_TOP = "() => { const b = document.body; b.tabIndex = -1; b.focus(); b.removeAttribute('tabindex'); }"
"""Begin where a page begins: the editor puts the cursor where a query is wrong."""
_ALIKE = 8
_CUT = """most => {
  const lists = 'tbody, ul, ol, dl, select, main section, main article, main article > div';
  const kept = /^(H[1-6]|P|FORM)$/;
  for (const list of document.querySelectorAll(lists))
    for (const item of [...list.children].filter(e => !kept.test(e.tagName)).slice(most)) item.remove();
}"""
"""Of what is alike some suffice: axe would look at each row of a table for minutes."""
_SCROLLED_FROM_WITHIN = (
    'scrollable-region-focusable: Scrollable region must have keyboard access: <div class="CodeMirror-scroll"'
)
"""The field of the editor stands beside what scrolls, not in it; its arrow keys scroll, which axe cannot see."""
_STEPS = 30


@cache
def axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe finds on a page as it is, a line for each rule and place; the policy of the page stays in force."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate(_RUN, {**rules, "resultTypes": ["violations"]})
    told = [f"{rule['id']}: {rule['help']}: {node['html'][:200]}" for rule in found for node in rule["nodes"][:5]]
    return [line for line in told if not line.startswith(_SCROLLED_FROM_WITHIN)]


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing(visit: Callable[..., Page], kind: str) -> None:
    path, status = PAGES[kind]
    page = visit(path, status=status)
    page.evaluate(_CUT, _ALIKE)
    everything = {"runOnly": {"type": "tag", "values": RULES}}
    faults = {"desktop": violations(page, everything)}
    page.emulate_media(color_scheme="dark")
    faults["dark"] = violations(page, {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    faults["phone"] = violations(page, everything)
    assert not any(faults.values()), "\n".join(f"{view}: {line}" for view, lines in faults.items() for line in lines)


@pytest.mark.parametrize("kind", PAGES)
def test_a_phone_shows_a_page_without_scrolling_sideways(visit: Callable[..., Page], kind: str) -> None:
    path, status = PAGES[kind]
    page = visit(path, "phone", status=status)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    headings = page.evaluate("[...document.querySelectorAll('h1')].map(e => e.innerText)")
    assert len(headings) == 1
    assert page.title().endswith("migov")


@pytest.mark.parametrize("kind", PAGES)
def test_everything_is_within_reach_of_the_keyboard(visit: Callable[..., Page], kind: str) -> None:
    path, status = PAGES[kind]
    page = visit(path, status=status)
    assert page.evaluate(_REACH) == []
    page.evaluate(_TOP)
    page.keyboard.press("Tab")
    first = page.evaluate(_FOCUSED)
    assert 'class="skip"' in first["what"]
    assert first["inside"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement === document.body || document.activeElement.closest('main, footer')")
    assert inside, "the skip link leads into the content"
    last = -1
    for _ in range(_STEPS):
        at = page.evaluate(_FOCUSED)
        if at["body"]:
            break
        assert at["seen"], f"no focus to be seen: {at['what']}"
        assert at["inside"], f"focus outside of the screen: {at['what']}"
        assert at["number"] >= last, f"focus goes back: {at['what']}"  # a field for a day has a stop for each part
        last = at["number"]
        page.keyboard.press("Tab")
