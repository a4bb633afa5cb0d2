"""The HTTP front: an RSGI shell that hands Flask only requests that are whole, and bounds how many are at work.

WSGI reads a body in the worker thread, so a few clients that send slowly would stop the site. Here bodies are read
by the event loop, within a size and a time; answers that stay the same come from a byte cache; queries and pages
wait in lanes of their own, so that slow queries never keep pages waiting.
"""

import asyncio
import itertools
import os
import re
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from migov.journal import OFF, Entry, Journal
from migov.settings import DEFAULTS
from migov.store import Cancel
from migov.web import health, problem
from migov.web.board import PLACES, Board, Row
from migov.web.clients import Client, Clients, Networks
from migov.web.edition import Edition
from migov.web.environ import METHODS, Answer, Scope, environ_of, headers_of, run_wsgi
from migov.web.health import Desk
from migov.web.lanes import Lane, Refused, Room
from migov.web.rate import Rate, allowance
from migov.web.spool import Spool, cut_silent_clients

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_LARGE: Final = 2**20
_LOOK_SECONDS: Final = 0.1
_QUIET_SECONDS: Final = 0.05


@dataclass
class Surroundings:
    """What a worker shares with the others, or with the operator; by default nothing."""

    clients: Clients = field(default_factory=lambda: Clients(Networks("")))
    uncounted: Networks = field(default_factory=lambda: Networks(""))
    metrics_from: Networks = field(default_factory=lambda: Networks(""))
    rate: Rate | None = None
    board: Board | None = None
    row: Row = field(default_factory=lambda: Row(memoryview(array("d", bytes(8 * len(PLACES))))))
    journal: Journal = field(default_factory=lambda: Journal(OFF))
    spool: Spool | None = None


@dataclass
class Visit:
    """One request on its way."""

    scope: Scope
    headers: dict[str, str]
    edition: Edition
    client: Client
    id: str
    kind: str = "cache"
    outcome: str = ""
    allowance: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0


class Shell:
    """The RSGI application around the editions of a site.

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
        self._renew = renew
        self._row = self.around.row
        self._desk = Desk(self.around.board, self.around.metrics_from)
        threads, waiting = int(limits["concurrent_queries"]), int(limits["waiting_queries"])
        share = int(limits["client_places"])
        self._lanes = {kind: Lane(kind, threads, waiting, limits["deadline"], share) for kind in ("query", "page")}
        self._room = Room(limits["making_bytes"])
        start = os.urandom(5).hex()
        self._ids = (f"{start}{number:06x}" for number in itertools.count(1))
        self._tasks: set[asyncio.Task[None]] = set()
        self._warned = False
        self._row.put("edition", edition.number)
        self._row.put("oldest", edition.number)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look for new editions; called once when the worker starts."""
        self._tasks.add(loop.create_task(self.watch()))

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Leave nothing untold; called once when the worker ends."""
        self.around.journal.flush()

    async def watch(self) -> None:
        """Take up each new edition; the one before is closed when the last of its requests is done."""
        listens = False
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            listens = listens or cut_silent_clients(self.limits["sending_seconds"])
            if self.around.spool:
                self._row.put("sending", self.around.spool.on_the_way())
            new = await asyncio.get_running_loop().run_in_executor(None, self._renew, self.edition)
            if new is None:
                continue
            old, self.edition = self.edition, new
            self._row.put("edition", new.number)
            while old.users:
                await asyncio.sleep(_QUIET_SECONDS)
            old.close()
            self._row.put("oldest", new.number)

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        begun = time.perf_counter()
        headers = headers_of(scope)
        edition = self.edition
        visit = Visit(scope, headers, edition, self.around.clients.of(scope.client, headers), self._id(headers))
        status = 500
        edition.users += 1
        self._row.add("in_flight")
        try:
            kept = edition.cache.answer(scope, headers) if _has_one_host(scope, headers) else None
            answer = kept or await self._work(visit, protocol)
            status = answer.status
            self._send(visit, answer, protocol)
        finally:
            edition.users -= 1
            self._row.add("in_flight", amount=-1)
            self._tell(visit, status, time.perf_counter() - begun)

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

    async def _work(self, visit: Visit, protocol: Any) -> Answer:
        """Answer what memory does not hold."""
        scope, headers, edition = visit.scope, visit.headers, visit.edition
        visit.kind = "query" if scope.path.rstrip("/").endswith("/sparql") else "page"
        if visit.client.behind and not self._warned:
            self._warned = True
            advice = "requests come through a proxy that is not trusted: set MIGOV_TRUSTED_PROXIES"
            self.around.journal.event("warning", advice, proxy=visit.client.name)
        held: list[int] = []

        def expect(size: int) -> None:
            self._room.take(size)
            held.append(size)

        cancel = Cancel(expect=expect)
        environ = environ_of(scope, headers) | {"migov.cancel": cancel, "migov.request": visit.id}
        try:
            if scope.path in health.PATHS:
                return await self._desk.answer(scope.path, scope.method, visit.client, edition)
            counted_as = self._count(visit)
            self._check(scope, headers)
            environ["wsgi.input"] = await self._body(headers, protocol)
            environ["CONTENT_LENGTH"] = str(environ["wsgi.input"].getbuffer().nbytes)
            environ["migov.arrived"] = time.monotonic()
            leaving = asyncio.ensure_future(protocol.client_disconnect())
            leaving.add_done_callback(lambda future: None if future.cancelled() else cancel())
            try:
                answer = await self._lanes[visit.kind].run(counted_as, run_wsgi, edition.app, environ)
            finally:
                leaving.cancel()
            answer = answer if scope.method == "HEAD" else await self._spooled(answer)
        except Refused as refused:
            environ["migov.refused"] = refused.occurrence
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(), "0"
            answer = run_wsgi(edition.app, environ)
        finally:
            self._room.back(sum(held))
        visit.outcome = "left" if cancel.asked else environ.get("migov.outcome", "answered")
        edition.cache.keep(scope, headers, answer)
        return answer

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

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        """Refuse what no view could answer well."""
        if scope.method not in METHODS:
            raise Refused(problem.of_status(501, f"This server does not know the method {scope.method[:20]}."))
        if not _has_one_host(scope, headers):
            raise Refused(problem.of_status(400, "A request has exactly one Host header (RFC 9112, 3.2)."))
        most = int(self.limits["url_bytes"])
        if len(scope.path) + len(scope.query_string) > most:
            raise Refused(problem.of_status(414, f"The address is longer than {most:,} bytes.", limit=most))
        if "\x00" in scope.path or "\ufffd" in scope.path or not scope.path.startswith("/"):
            raise Refused(problem.of_status(400, "The path of the address is not UTF-8 text in percent-encoding."))
        if headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
            raise Refused(problem.of_status(415, "Compressed bodies are not read: send it as it is."))

    async def _body(self, headers: dict[str, str], protocol: Any) -> BytesIO:
        """Read the body within its size and its time."""
        most, seconds = int(self.limits["body_bytes"]), self.limits["body_seconds"]
        body = BytesIO()
        too_large = problem.of_status(413, f"The body is larger than {most:,} bytes.", limit=most, unit="bytes")
        declared = headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > most:
            raise Refused(too_large)

        async def read() -> None:
            async for part in protocol:
                body.write(part)
                if body.tell() > most:
                    raise Refused(too_large)

        try:
            await asyncio.wait_for(read(), seconds)
        except TimeoutError:
            late = f"The body did not arrive within {seconds:g} seconds."
            raise Refused(problem.of_status(408, late, limit=seconds, unit="seconds")) from None
        body.seek(0)
        return body

    async def _spooled(self, answer: Answer) -> Answer:
        """Put a large answer into a file; refuse it when too much is on its way to clients that read slowly."""
        spool = self.around.spool
        if spool is None or len(answer.body) <= _LARGE:
            return answer
        path = await asyncio.get_running_loop().run_in_executor(None, spool.put, answer.body)
        if path is None:
            raise Refused(problem.busy(int(self.limits["sending_seconds"])))
        sent = asyncio.get_running_loop().create_task(spool.sent(path))
        self._tasks.add(sent)
        sent.add_done_callback(self._tasks.discard)
        return Answer(answer.status, answer.headers, file=path)

    def _send(self, visit: Visit, answer: Answer, protocol: Any) -> None:
        headers = [*answer.headers, ("x-request-id", visit.id), *visit.allowance]
        if visit.scope.method == "HEAD" or not (answer.body or answer.file):
            protocol.response_empty(answer.status, headers)
        elif answer.file:
            visit.sent = int(answer.header("content-length") or 0)
            protocol.response_file(answer.status, headers, answer.file)
        else:
            visit.sent = len(answer.body)
            protocol.response_bytes(answer.status, headers, answer.body)


def _has_one_host(scope: Scope, headers: dict[str, str]) -> bool:
    """Tell whether a request names its host once, as HTTP/1.1 demands (RFC 9112, 3.2)."""
    return scope.http_version != "1.1" or ("host" in headers and "," not in headers["host"])
