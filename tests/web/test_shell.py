"""The HTTP front by itself: time limits, full queues, clients that leave, and its memory of answers."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migov.settings import DEFAULTS
from migov.web.cache import Cache
from migov.web.edition import Edition
from migov.web.environ import Answer, Scope
from migov.web.shell import Shell


class Visitor:
    """A client over ASGI that sends these parts, perhaps goes on for ever, and may leave."""

    def __init__(
        self,
        path: str = "/",
        method: str = "GET",
        query: str = "",
        parts: tuple[bytes, ...] = (),
        hangs: bool = False,
        **headers: str,
    ) -> None:
        fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        fields += [(b"transfer-encoding", b"chunked")] if parts or hangs else []
        self.scope = {
            "type": "http",
            "http_version": "1.0",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": fields,
            "client": ("127.0.0.1", 50000),
        }
        self._parts = [*parts]
        self._hangs = hangs
        self.left = asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def receive(self) -> dict[str, Any]:
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(0), "more_body": bool(self._parts) or self._hangs}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message["body"]

    async def visit(self, shell: Shell) -> "Visitor":
        await shell(self.scope, self.receive, self.send)
        return self


@pytest.fixture
def slow(client: FlaskClient) -> tuple[Callable[..., Shell], threading.Event, list[dict[str, Any]]]:
    """Makes shells around an application that works until it is let go."""
    go, seen = threading.Event(), list[dict[str, Any]]()
    site: Flask = client.application

    def work(environ: dict[str, Any], start_response: Any) -> Any:
        if "migov.refused" in environ or environ["PATH_INFO"] == "/about":
            return site(environ, start_response)
        seen.append(environ)
        go.wait(10)
        start_response("200 OK", [("Cache-Control", "public")])
        return [b"done"]

    return (lambda **limits: Shell(Edition(work), DEFAULTS | limits)), go, seen


def test_a_body_that_never_ends_is_408(client: FlaskClient) -> None:
    shell = Shell(Edition(client.application), DEFAULTS | {"body_seconds": 0.05})
    visitor = Visitor("/sparql", "POST", parts=(b"A",), hangs=True)
    asyncio.run(visitor.visit(shell))
    assert visitor.status == 408
    assert json.loads(visitor.body)["limit"] == 0.05


def test_a_full_queue_is_503_and_pages_go_on(slow: Any) -> None:
    make, go, _ = slow

    async def story() -> None:
        shell = make(concurrent_queries=2, waiting_queries=1)
        queries = [Visitor("/sparql", query=f"n={n}") for n in range(4)]
        tasks = [asyncio.create_task(one.visit(shell)) for one in queries]
        await asyncio.wait(tasks, timeout=0.3)
        page = await Visitor("/about", accept="text/html").visit(shell)
        go.set()
        await asyncio.gather(*tasks)
        assert page.status == 200
        assert sorted(one.status for one in queries) == [200, 200, 200, 503]
        refused = next(one for one in queries if one.status == 503)
        assert refused.headers["retry-after"].isdigit()
        assert json.loads(refused.body)["type"].endswith("/problem/unavailable")

    asyncio.run(story())


def test_what_has_waited_its_deadline_is_503_and_never_begun(slow: Any) -> None:
    make, go, seen = slow

    async def story() -> None:
        shell = make(concurrent_queries=1, waiting_queries=5, deadline=0.2)
        queries = [Visitor("/sparql", query="n") for _ in range(3)]
        tasks = [asyncio.create_task(one.visit(shell)) for one in queries]
        await asyncio.wait(tasks[1:], timeout=5)
        assert [one.status for one in queries[1:]] == [503, 503]
        assert all(one.headers["retry-after"].isdigit() for one in queries[1:])
        go.set()
        await tasks[0]
        assert queries[0].status == 200
        assert len(seen) == 1

    asyncio.run(story())


def test_the_slash_at_its_end_brings_no_query_into_the_lane_of_pages(slow: Any) -> None:
    make, go, seen = slow

    async def story() -> None:
        shell = make(concurrent_queries=1, waiting_queries=1)
        task = asyncio.create_task(Visitor("/sparql/").visit(shell))
        while not seen:
            await asyncio.sleep(0.01)
        page = await asyncio.wait_for(Visitor("/about", accept="text/html").visit(shell), 5)
        assert page.status == 200
        go.set()
        await task

    asyncio.run(story())


def test_a_client_that_leaves_has_its_query_ended(slow: Any) -> None:
    make, go, seen = slow

    async def story() -> None:
        visitor = Visitor("/sparql")
        task = asyncio.create_task(visitor.visit(make()))
        while not seen:
            await asyncio.sleep(0.01)
        assert not seen[0]["migov.cancel"].asked
        visitor.left.set()
        await asyncio.sleep(0.05)
        assert seen[0]["migov.cancel"].asked
        go.set()
        await task

    asyncio.run(story())


def test_an_answer_is_remembered_by_address_and_accept(slow: Any) -> None:
    make, go, seen = slow
    go.set()

    async def story() -> None:
        shell = make()
        for accept in ("text/html", "text/html", "text/turtle"):
            assert (await Visitor("/x", accept=accept).visit(shell)).body == b"done"
        assert len(seen) == 2
        head = await Visitor("/x", "HEAD", accept="text/html").visit(shell)
        assert (head.status, head.body, len(seen)) == (200, b"", 2)

    asyncio.run(story())


def test_all_browsers_are_answered_from_memory_alike_and_first_by_what_was_made_before(slow: Any) -> None:
    make, go, seen = slow
    go.set()
    chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    async def story() -> None:
        shell = make()
        scope = Scope("GET", "/x", "", {"accept": "text/html"})
        shell.edition.made.append((scope, Answer(200, [("cache-control", "public")], b"made before")))
        shell.edition.remember()
        for accept in (chrome, firefox, "text/html", "text/html;q=0.5,*/*;q=0.1"):
            assert (await Visitor("/x", accept=accept).visit(shell)).body == b"made before"
        assert not seen
        for accept in ("text/html,text/turtle", "text/turtle,text/html;q=0.9", "*/*", "text/plain"):
            assert (await Visitor("/x", accept=accept).visit(shell)).body == b"done"
        assert len(seen) == 4

    asyncio.run(story())


def test_what_many_ask_at_once_is_made_once(slow: Any) -> None:
    make, go, seen = slow

    async def story() -> None:
        shell = make(concurrent_queries=1, waiting_queries=1)
        visitors = [Visitor("/x", accept="text/html") for _ in range(40)]
        tasks = [asyncio.create_task(one.visit(shell)) for one in visitors]
        while not seen:
            await asyncio.sleep(0.01)
        other = asyncio.create_task(Visitor("/y", accept="text/html").visit(shell))
        go.set()
        await asyncio.gather(*tasks, other)
        assert {(one.status, one.body) for one in visitors} == {(200, b"done")}
        assert [environ["PATH_INFO"] for environ in seen] == ["/x", "/y"]

    asyncio.run(story())


def test_who_waits_for_the_answer_of_another_asks_for_itself_when_there_is_none(slow: Any) -> None:
    make, go, seen = slow

    async def story() -> None:
        shell = make()
        first, second = Visitor("/x"), Visitor("/x")
        leaving = asyncio.create_task(first.visit(shell))
        while not seen:
            await asyncio.sleep(0.01)
        waiting = asyncio.create_task(second.visit(shell))
        await asyncio.sleep(0.05)
        shell.edition.cache.put = lambda key, answer: None  # as for an answer that may not be kept
        go.set()
        await asyncio.gather(leaving, waiting)
        assert (first.status, second.status, len(seen)) == (200, 200, 2)

    asyncio.run(story())


def test_no_query_waits_for_the_same_one_of_another_which_may_never_end(slow: Any) -> None:
    make, go, seen = slow

    async def story() -> None:
        shell = make()
        tasks = [asyncio.create_task(Visitor("/sparql", query="query=x").visit(shell)) for _ in range(2)]
        async with asyncio.timeout(5):
            while len(seen) < 2:
                await asyncio.sleep(0.01)
        go.set()
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_the_memory_is_bounded_and_forgets_the_least_used() -> None:
    cache = Cache(most_bytes=250)
    for n in range(3):
        cache.put((f"/{n}", "", ""), Answer(200, [("cache-control", "public")], b"x" * 100))
        cache.get(("/0", "", ""))
    assert [cache.get((f"/{n}", "", "")) is not None for n in range(3)] == [True, False, True]
    for answer in (
        Answer(404, [("cache-control", "public")], b"x"),
        Answer(200, [("cache-control", "no-cache")], b"x"),
        Answer(200, [("cache-control", "public")], b"", "/a/file"),
    ):
        cache.put(("/other", "", ""), answer)
        assert cache.get(("/other", "", "")) is None
