"""The work of a web worker: requests that memory cannot answer, within the bounds on how much is done at once.

Queries of programs are awaited on the event loop, without a thread; all else is done by the web application in the
threads of two lanes, so that slow queries never keep pages waiting.
"""

import asyncio
import time
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from migov.errors import MigovError
from migov.web import exchange, health, problem
from migov.web.environ import Answer, environ_of, run_wsgi
from migov.web.exchange import Receive
from migov.web.health import Desk
from migov.web.lanes import Lane, Refused, Room
from migov.web.rate import allowance
from migov.web.visit import Surroundings, Visit

_LARGE: Final = 2**20


class Work:
    """Makes the answers of one worker; only for the event loop's own thread."""

    def __init__(self, limits: Mapping[str, float], around: Surroundings) -> None:
        self._limits = limits
        self._around = around
        self._desk = Desk(around.board, around.metrics_from)
        places, waiting = int(limits["concurrent_queries"]), int(limits["waiting_queries"])
        share = int(limits["client_places"])
        self._lanes = {kind: Lane(kind, places, waiting, limits["deadline"], share) for kind in ("query", "page")}
        self._room = Room(limits["making_bytes"])
        self._warned = False

    async def answer(self, visit: Visit, receive: Receive) -> Answer:
        """Answer a request; never raises for what the client did: refusals are answers too."""
        scope, cancel = visit.scope, visit.cancel
        visit.kind = "query" if scope.path.rstrip("/").endswith("/sparql") else "page"
        if visit.client.behind and not self._warned:
            self._warned = True
            advice = "requests come through a proxy that is not trusted: set MIGOV_TRUSTED_PROXIES"
            self._around.journal.event("warning", advice, proxy=visit.client.name)
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
            answer = self._refused(visit, environ)
        finally:
            self._room.back(sum(held))
        visit.outcome = "left" if cancel.asked else environ.get("migov.outcome", "answered")
        return answer

    async def _coming(self, visit: Visit) -> Answer | None:
        """The answer to the same request of another client, if that is under way; many may ask for one at once."""
        try:
            return await visit.edition.cache.coming(visit.scope, self._limits["deadline"])
        except TimeoutError:
            raise Refused(problem.busy(2)) from None

    async def _do(self, visit: Visit, receive: Receive, environ: dict[str, Any]) -> Answer:
        """Have the request answered, unless its client leaves; once for all who ask for the same page meanwhile."""
        scope, cache = visit.scope, visit.edition.cache
        counted_as = self._count(visit)
        exchange.check(scope, self._limits)
        body = await exchange.body_of(scope, receive, self._limits)
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

    def _refused(self, visit: Visit, environ: dict[str, Any]) -> Answer:
        """Have the application say what is refused; the body, which may not have been read, is no matter."""
        environ |= environ_of(visit.scope) | {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
        return run_wsgi(visit.edition.app, environ)

    def _count(self, visit: Visit) -> str:
        """Count a request against its client's allowance; the name to go on counting under, '' for nobody."""
        client = visit.client
        if self._around.rate is None or client.address in self._around.uncounted:
            return ""
        verdict = self._around.rate.take(client.counted_as)
        visit.allowance = allowance(self._around.rate.policy, verdict)
        if not verdict.allowed:
            most = f"{self._limits['client_rate']:g} a second, {self._limits['client_burst']:g} at once"
            raise Refused(problem.too_many(f"More requests than {most} came from you.", verdict.retry_after))
        return client.counted_as

    async def _spooled(self, answer: Answer) -> Answer:
        """Put a large answer into a file; refuse it when too much is on its way to clients that read slowly."""
        spool = self._around.spool
        if spool is None or len(answer.body) <= _LARGE:
            return answer
        file = await asyncio.get_running_loop().run_in_executor(None, spool.put, answer.body)
        if file is None:
            raise Refused(problem.busy(int(self._limits["sending_seconds"])))
        return Answer(answer.status, answer.headers, spooled=file)
