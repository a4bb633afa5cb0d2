"""The HTTP front: an ASGI application around the editions of a site.

Answers that stay the same come from memory, all others from ``work``; each is counted, and told in the journal.
"""

import asyncio
import itertools
import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from migov.journal import OFF, Entry
from migov.settings import DEFAULTS
from migov.web import exchange, health
from migov.web.cache import Repeat
from migov.web.connection import Connection
from migov.web.edition import Edition
from migov.web.environ import Answer, Scope, scope_of
from migov.web.exchange import Receive, Send
from migov.web.visit import Surroundings, Visit
from migov.web.work import Work

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
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
        self._work = Work(limits, self.around)
        start = os.urandom(5).hex()
        self._ids = (f"{start}{number:06x}" for number in itertools.count(1))
        self._watching: tuple[asyncio.Task[None], ...] = ()
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
            self.edition.remember()
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
            answer = kept or await self._work.answer(visit, receive)
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
