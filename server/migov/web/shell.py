"""The HTTP front: an ASGI application that hands on only requests that are whole, and bounds how many are at work.

Bodies are read by the event loop, within a size and a time; answers that stay the same come from memory; queries of
programs are awaited here, without a thread; all else is done by the web application in the threads of two lanes, so
that slow queries never keep pages waiting.
"""

import asyncio
import itertools
import os
import re
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from migov.errors import MigovError
from migov.journal import OFF, Entry
from migov.settings import DEFAULTS
from migov.web import exchange, health, problem
from migov.web.cache import Repeat
from migov.web.connection import Connection
from migov.web.edition import Edition
from migov.web.environ import Answer, Scope, environ_of, run_wsgi, scope_of
from migov.web.exchange import Receive, Send
from migov.web.health import Desk
from migov.web.lanes import Lane, Refused, Room
from migov.web.rate import allowance
from migov.web.visit import Surroundings, Visit

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_LARGE: Final = 2**20
_LOOK_SECONDS: Final = 0.1
_QUIET_SECONDS: Final = 0.05


class Shell:
    """The ASGI application around the editions of a site.

    ``renew`` is asked every now and then, in a thread, for the edition to be served after the present one.
    """

    def __init__(
        self,
        edition: Edition,
        limits: dict[str, float] = DEFAULTS,
        around: Surroundings | None = None,
        renew: Callable[[Edition], Edition | None] = lambda _: None,
    ) -> None:
        self.edition = edition
        self.limits = limits
        self.around = around or Surroundings()
        self.connections: set[Connection] = set()
        self._renew = renew
        self._row = self.around.row
        self._desk = Desk(self.around.board, self.around.metrics_from)
        places, waiting = int(limits["concurrent_queries"]), int(limits["waiting_queries"])
        share = int(limits["client_places"])
        self._lanes = {kind: Lane(kind, places, waiting, limits["deadline"], share) for kind in ("query", "page")}
        self._room = Room(limits["making_bytes"])
        start = os.urandom(5).hex()
        self._ids = (f"{start}{number:06x}" for number in itertools.count(1))
        self._watching: tuple[asyncio.Task[None], ...] = ()
        self._warned = False
        self._row.put("edition", edition.number)
        self._row.put("oldest", edition.number)

    async def __call__(self, asgi: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end with the server (ASGI specification)."""
        if asgi["type"] == "lifespan":
            await self._live(receive, send)
        elif asgi["type"] == "http":
            await self._visited(asgi, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Look for new editions as long as the server lives; leave nothing untold at its end."""
        await receive()
        self._watching = (asyncio.create_task(self._watch()), asyncio.create_task(self._sweep()))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self._watching:
            task.cancel()
        self.around.journal.flush()
        await send({"type": "lifespan.shutdown.complete"})

    async def _sweep(self) -> None:
        """Cut the connections that have been silent for too long; tell what is being sent."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            for connection in [*self.connections]:
                connection.tick(now)
            if self.around.spool:
                self._row.put("sending", self.around.spool.on_the_way)

    async def _watch(self) -> None:
        """Take up each new edition; the one before is closed when the last of its requests is done."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            new = await asyncio.get_running_loop().run_in_executor(None, self._renew, self.edition)
            if new is None:
                continue
            old, self.edition = self.edition, new
            self._row.put("edition", new.number)
            while old.users:
                await asyncio.sleep(_QUIET_SECONDS)
            old.close()
            self._row.put("oldest", new.number)

    def again(
        self, request: bytes, peer: tuple[str, int] | None, fields: Iterable[tuple[bytes, bytes]]
    ) -> list[bytes] | None:
        """The whole answer to a request that came before, byte for byte; None for any other.

        ``fields`` are header fields to send besides.
        """
        kept = self.edition.repeats.get(request)
        if kept is None:
            return None
        begun = time.perf_counter()
        scope = kept.scope
        client = self.around.clients.of(f"{peer[0]}:{peer[1]}" if peer else "", scope.headers)
        visit = Visit(scope, self.edition, client, self._id(scope.headers), sent=len(kept.body))
        besides = b"".join([b"%s: %s\r\n" % pair for pair in fields])
        self._tell(visit, kept.status, time.perf_counter() - begun)
        return [kept.head + besides + b"x-request-id: " + visit.id.encode() + b"\r\n\r\n", kept.body]

    async def _visited(self, asgi: dict[str, Any], receive: Receive, send: Send) -> None:
        begun = time.perf_counter()
        scope, edition = scope_of(asgi), self.edition
        own = asgi.get("extensions", {}).get("migov", {})
        connection = own.get("connection")
        client = self.around.clients.of(scope.client, scope.headers)
        visit = Visit(scope, edition, client, self._id(scope.headers), connection=connection)
        visit.cycle = own.get("cycle")
        status = 500
        edition.users += 1
        self._row.add("in_flight")
        try:
            kept = edition.cache.answer(scope) if exchange.has_one_host(scope) else None
            answer = kept or await self._work(visit, receive)
            status = answer.status
            if kept and connection is not None and connection.head and not visit.allowance:
                self._remember(scope, kept, connection.head)
            await self._send(visit, answer, send)
        finally:
            edition.users -= 1
            self._row.add("in_flight", amount=-1)
            self._tell(visit, status, time.perf_counter() - begun)

    def _remember(self, scope: Scope, answer: Answer, head: bytes) -> None:
        """Keep what memory answered, so that the same bytes need not be read a third time."""
        headers = scope.headers
        if scope.http_version != "1.1" or "close" in headers.get("connection", "").lower():
            return
        if "content-length" in headers or "transfer-encoding" in headers:  # its end is not the end of its head
            return
        body = b"" if scope.method == "HEAD" else answer.body
        self.edition.repeats.put(head, Repeat(scope, answer.status, head_of(answer), body))

    def _id(self, headers: dict[str, str]) -> str:
        """The client's own id for the request where it is well-formed, so that both can find it; or a new one."""
        own = headers.get("x-request-id")
        return own if own and _WELL_FORMED.fullmatch(own) else next(self._ids)

    def _tell(self, visit: Visit, status: int, seconds: float) -> None:
        """Count the answer and write its line; who watches the server is not told that he does."""
        scope = visit.scope
        if scope.path in health.PATHS:
            return
        self._row.answered(visit.kind, status, seconds, visit.sent)
        if visit.kind == "query":
            self._row.add("queries", visit.outcome)
        if self.around.journal.form != OFF:
            self.around.journal.request(
                Entry(
                    visit.id,
                    visit.client.name,
                    scope.method,
                    scope.path,
                    status,
                    1000 * seconds,
                    visit.sent,
                    visit.kind,
                    visit.outcome,
                    visit.edition.release,
                )
            )

    async def _work(self, visit: Visit, receive: Receive) -> Answer:
        """Answer what memory does not hold."""
        scope, cancel = visit.scope, visit.cancel
        visit.kind = "query" if scope.path.rstrip("/").endswith("/sparql") else "page"
        if visit.client.behind and not self._warned:
            self._warned = True
            advice = "requests come through a proxy that is not trusted: set MIGOV_TRUSTED_PROXIES"
            self.around.journal.event("warning", advice, proxy=visit.client.name)
        held: list[int] = []

        def expect(size: int) -> None:
            self._room.take(size)
            held.append(size)

        cancel.expect = expect
        environ: dict[str, Any] = {"migov.cancel": cancel, "migov.request": visit.id}
        try:
            if scope.path in health.PATHS:
                return await self._desk.answer(scope.path, scope.method, visit.client, visit.edition)
            answer = await self._do(visit, receive, environ)
        except Refused as refused:
            environ["migov.refused"] = refused.occurrence
            answer = self._refused(scope, environ)
        finally:
            self._room.back(sum(held))
        visit.outcome = "left" if cancel.asked else environ.get("migov.outcome", "answered")
        return answer

    async def _coming(self, visit: Visit) -> Answer | None:
        """The answer to the same request of another client, if that is under way; many may ask for one at once."""
        try:
            return await visit.edition.cache.coming(visit.scope, self.limits["deadline"])
        except TimeoutError:
            raise Refused(problem.busy(2)) from None

    async def _do(self, visit: Visit, receive: Receive, environ: dict[str, Any]) -> Answer:
        """Have the request answered, unless its client leaves; once for all who ask for the same page meanwhile."""
        scope, cache = visit.scope, visit.edition.cache
        counted_as = self._count(visit)
        exchange.check(scope, self.limits)
        body = await exchange.body_of(scope, receive, self.limits)
        leaving = self._watch_leaving(visit, receive)
        environ["migov.arrived"] = time.monotonic()
        try:
            if visit.kind == "query":  # which may take all its time and have no answer, or another one each time
                return await self._made(visit, body, environ, counted_as)
            if kept := await self._coming(visit):
                visit.kind = "cache"
                return kept
            with cache.making(scope):
                return await self._made(visit, body, environ, counted_as)
        finally:
            if leaving:
                leaving.cancel()

    async def _made(self, visit: Visit, body: bytes, environ: dict[str, Any], counted_as: str) -> Answer:
        """Make an answer, in the lane of its kind, and keep it: by the short way of queries, or by the application."""
        scope, edition, lane = visit.scope, visit.edition, self._lanes[visit.kind]
        try:
            asked = edition.querying.read(scope, body) if edition.querying else None
            await lane.enter(counted_as)
            try:
                if asked and edition.querying:
                    answer = await edition.querying.answer(asked, environ["migov.arrived"], visit.cancel)
                else:
                    environ |= environ_of(scope) | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
                    answer = await lane.in_thread(run_wsgi, edition.app, environ)
            finally:
                lane.leave(counted_as)
        except MigovError as error:
            raise Refused(problem.occurrence_of(error)) from None
        answer = answer if scope.method == "HEAD" else await self._spooled(answer)
        edition.cache.keep(scope, answer)
        return answer

    def _watch_leaving(self, visit: Visit, receive: Receive) -> "asyncio.Task[None] | None":
        """End the query of a client that hangs up: its connection tells, or else a task that waits for the word."""
        if visit.connection is not None:
            visit.connection.leaving = visit.cancel
            if visit.connection.transport.is_closing():  # it has left already
                visit.cancel()
            return None

        async def wait() -> None:
            while (await receive())["type"] != "http.disconnect":
                continue
            visit.cancel()

        return asyncio.create_task(wait())

    def _refused(self, scope: Scope, environ: dict[str, Any]) -> Answer:
        """Have the application say what is refused; the body, which may not have been read, is no matter."""
        environ |= environ_of(scope) | {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
        return run_wsgi(self.edition.app, environ)

    def _count(self, visit: Visit) -> str:
        """Count a request against its client's allowance; the name to go on counting under, '' for nobody."""
        client = visit.client
        if self.around.rate is None or client.address in self.around.uncounted:
            return ""
        verdict = self.around.rate.take(client.counted_as)
        visit.allowance = allowance(self.around.rate.policy, verdict)
        if not verdict.allowed:
            most = f"{self.limits['client_rate']:g} a second, {self.limits['client_burst']:g} at once"
            raise Refused(problem.too_many(f"More requests than {most} came from you.", verdict.retry_after))
        return client.counted_as

    async def _spooled(self, answer: Answer) -> Answer:
        """Put a large answer into a file; refuse it when too much is on its way to clients that read slowly."""
        spool = self.around.spool
        if spool is None or len(answer.body) <= _LARGE:
            return answer
        file = await asyncio.get_running_loop().run_in_executor(None, spool.put, answer.body)
        if file is None:
            raise Refused(problem.busy(int(self.limits["sending_seconds"])))
        return Answer(answer.status, answer.headers, spooled=file)

    async def _send(self, visit: Visit, answer: Answer, send: Send) -> None:
        besides = [("x-request-id", visit.id), *visit.allowance]
        if visit.scope.method == "HEAD" or not (answer.spooled or answer.file):
            body = b"" if visit.scope.method == "HEAD" else answer.body
            visit.sent = len(body)
            if visit.connection is None:
                await exchange.send_answer(send, answer, besides, body)
            elif not visit.cancel.asked:
                visit.connection.send_whole(visit.cycle, head_of(answer, besides), body)
            return
        if visit.connection is not None:
            visit.connection.leaving = visit.cancel
        try:
            with answer.spooled or Path(str(answer.file)).open("rb") as file:
                visit.sent = await exchange.send_file(send, answer, besides, file, visit.cancel)
        finally:
            if answer.spooled and self.around.spool:
                self.around.spool.sent(int(answer.header("content-length")))


def head_of(answer: Answer, besides: Iterable[tuple[str, str]] = ()) -> bytes:
    """The status line and header fields of an answer (RFC 9112, 4 and 5); Werkzeug lets no line break into a field."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in (*answer.headers, *besides)])
    return STATUS_LINE[answer.status] + lines.encode("latin-1")
