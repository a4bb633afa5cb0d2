"""A real server over the release, and Debian's Chromium to visit it with; what the browser complains of is a fault."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from migov.graph.release import Release
from web.running import Running, eventually

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VIEWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "no script": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
}
"""The ways to look at a page: on a large screen, on a telephone, in the dark, and without scripts."""
_SECONDS = 60
_WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"


@dataclass
class Watch:
    """What a browser complains of while pages are visited: each is a fault of the site."""

    site: str
    faults: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    """Addresses of documents that are meant to be answered with an error: the browser's line about it is none."""

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", lambda request: self._failed(page, request))

    def _console(self, message: ConsoleMessage) -> None:
        own = message.location["url"] if message.location else ""
        if message.type in {"error", "warning"} and not (own in self.expected and "status of" in message.text):
            self.faults.append(f"console: {message.text} ({own})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.site).netloc:
            self.faults.append(f"request to another host: {request.url}")

    def _failed(self, page: Page, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a file that is saved, or the next page, ends what was under way
            self.faults.append(f"failed request: {request.url}: {request.failure}")


@pytest.fixture(scope="package")
def site(release: Release) -> Iterator[str]:
    """The address of a server over the project's own graph."""
    running = Running(
        release.path.parent, MIGOV_LOG="off", MIGOV_CLIENT_PLACES="32", MIGOV_DEADLINE="60"
    )  # a busy machine is no failure
    try:
        running.wait()
        assert eventually(lambda: running.status("/health/ready") == 200), running.told()
        yield f"http://127.0.0.1:{running.port}"
    finally:
        running.end()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; ended before other tests, for its event loop would be in the way of theirs."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("These tests drive Chromium, which is not here: apt-get install chromium", pytrace=False)
    expect.set_options(timeout=1000 * _SECONDS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[Callable[[str], BrowserContext]]:
    """Opens a view on the site; in the end nothing that the browser complained of is passed over."""
    watch = Watch(site)
    opened: list[BrowserContext] = []

    def open_(view: str = "desktop", **further: Any) -> BrowserContext:
        made = browser.new_context(base_url=site, reduced_motion="reduce", **VIEWS[view], **further)
        made.set_default_timeout(1000 * _SECONDS)
        if view != "no script":
            made.add_init_script(_WATCH)
        made.on("page", watch.over)
        made.watch = watch  # type: ignore[attr-defined]
        opened.append(made)
        return made

    yield open_
    for made in opened:
        made.close()
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def visit(context: Callable[..., BrowserContext], site: str) -> Callable[..., Page]:
    """Opens a page of the site in a view, and sees to it that it is answered with the status expected."""

    def open_(path: str, view: str = "desktop", status: int = 200, **further: Any) -> Page:
        made = context(view, **further)
        if status != 200:
            made.watch.expected.add(site + path)  # type: ignore[attr-defined]
        page = made.new_page()
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, path
        return page

    return open_
