"""The local store for a program with an event loop: queries are awaited, and no thread waits with them."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from socket import socket as Socket
from typing import Final, cast

from migov import errors
from migov.store import connection, wire
from migov.store.connection import AGAIN_SECONDS, GRACE_SECONDS, Asking, Gone, answered, asking, encoded, other
from migov.store.interface import (
    DEFAULT_DATASET,
    DEFAULT_LIMITS,
    NO_BINDINGS,
    Answer,
    Cancel,
    Dataset,
    Kind,
    Limits,
)

_PRIMED: Final = 1
"""Connections whose child has copied the graph's pages (see ``Graph.prime``): more would take more memory."""
_PRIMING_SECONDS: Final = 60.0
_YOUNG: Final = 2
"""Queries at work at once, as long as they are quick: more children would take turns on the processors, and each would
have to copy the pages of the graph that it writes to."""
_YOUNG_SECONDS: Final = 0.03
"""After this a query keeps no other waiting."""


class Link(asyncio.Protocol):
    """A connection to a child; one question at a time."""

    def __init__(self, status: int) -> None:
        self._status = status
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[wire.Header, bytes]] | None = None
        self._arriving = wire.Arriving()
        self.lost = self.primed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; called once by the loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take in a part of the answer."""
        if self._waiting is None or self._waiting.done():
            return
        try:
            frame = self._arriving.take(data)
        except errors.TooBusy as error:  # there is no room for it
            self._waiting.set_exception(error)
            return
        if frame:
            self._waiting.set_result(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits that nothing will come any more."""
        self.lost = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError())

    async def ask(
        self, head: bytes, body: bytes, seconds: float, expect: Callable[[int], None]
    ) -> tuple[wire.Header, bytes]:
        """Send a request and wait for its answer; raises ``Gone``, and TimeoutError after ``seconds``."""
        loop = asyncio.get_running_loop()
        if self.lost or self._transport is None:
            raise await self._gone(sent=False)
        self._arriving = wire.Arriving(expect)
        waiting = self._waiting = loop.create_future()
        late = loop.call_later(seconds, self._late)
        try:
            self._transport.write(wire.start_of(head, body) + body)
            frame: tuple[wire.Header, bytes] = await waiting
            return frame
        except ConnectionResetError:
            raise await self._gone(sent=True) from None
        finally:
            late.cancel()
            self._waiting = None

    def _late(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(TimeoutError())

    async def _gone(self, *, sent: bool) -> Gone:
        """Wait for the parent's word, in a thread, for it may take a while."""
        return Gone(await asyncio.get_running_loop().run_in_executor(None, connection.ending, self._status), sent)

    def abort(self) -> None:
        """Hang up: the child's query ends, and ``ask`` with it."""
        if self._transport:
            self._transport.abort()

    def close(self) -> None:
        """Hang up and give back both descriptors."""
        self.abort()
        os.close(self._status)


class Place:
    """A place among the queries that are young: it is left when the query is over, or young no more."""

    def __init__(self, young: asyncio.Semaphore) -> None:
        self._young = young
        self._held = False

    async def enter(self) -> None:
        """Wait until one is free."""
        await self._young.acquire()
        self._held = True
        self._aging = asyncio.get_running_loop().call_later(_YOUNG_SECONDS, self.leave)

    def leave(self) -> None:
        """Let the next one in, once."""
        if self._held:
            self._held = False
            self._aging.cancel()
            self._young.release()


class AwaitedStore:
    """Queries over the socket of a store process, as those of ``LocalStore``; only for the event loop's own thread.

    It starts no more queries than it is asked: whoever uses it bounds them. A new child is slow until it has copied the
    pages of the graph that it writes to, so one that has is kept, and used before others.
    """

    def __init__(
        self, path: Path | str, *, patience: float = 0, note: Callable[[str], None] = lambda reason: None
    ) -> None:
        self._path = Path(path)
        self._patience = patience
        self._note = note
        self._idle: list[Link] = []
        self._primed = 0
        self._priming: asyncio.Task[None] | None = None
        self._closed = False
        self._young = asyncio.Semaphore(_YOUNG)

    async def query(
        self,
        text: str,
        formats: Mapping[Kind, str | None],
        *,
        dataset: Dataset = DEFAULT_DATASET,
        base: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
        cancel: Cancel | None = None,
        absent: bool = False,
    ) -> Answer:
        """Run a query in a child; see ``Store.query``."""
        ask, start = asking(formats, dataset, base, NO_BINDINGS, absent), time.monotonic()
        place = Place(self._young)
        await place.enter()
        try:
            reply, body = await self._ask(ask, encoded(text), limits, cancel or Cancel(), start)
        finally:
            place.leave()
        return answered(reply, body)

    def close(self) -> None:
        """Close the idle connections; those at work are closed when they are done."""
        self._closed = True
        if self._priming:
            self._priming.cancel()
        self._drop_idle()

    async def _ask(
        self, ask: Asking, body: bytes, limits: Limits, cancel: Cancel, start: float
    ) -> tuple[wire.Header, bytes]:
        """Try a pooled connection, then fresh ones: the store process may have been restarted in between."""
        until = start + min(self._patience, limits.deadline)
        pooled = self._take()
        while True:
            left = limits.lowered(limits.deadline - round(time.monotonic() - start, 1))
            try:
                return await self._ask_one(pooled or await self._connect(left), ask, body, left, cancel)
            except Gone as gone:
                if gone.mistaken and not cancel.asked:
                    pooled = None
                    continue
                late = not pooled and time.monotonic() >= until
                if not gone.may_ask_again(self._patience) or cancel.asked or late:
                    self._note("left" if cancel.asked else gone.reason)
                    raise (connection.left() if cancel.asked else gone.verdict(limits)) from None
                self._drop_idle()
            except errors.StoreUnavailable:
                if cancel.asked or time.monotonic() >= until:
                    raise
            if not pooled:
                await asyncio.sleep(AGAIN_SECONDS)
            pooled = None

    def _take(self) -> Link | None:
        """A connection from the pool, a primed one first; where there is none at all, one is primed meanwhile."""
        while self._idle and self._idle[-1].lost:
            self._drop(self._idle.pop())
        if self._primed < _PRIMED and (self._priming is None or self._priming.done()):
            self._priming = asyncio.get_running_loop().create_task(self._prime())
        return self._idle.pop() if self._idle else None

    async def _prime(self) -> None:
        limits = Limits(deadline=_PRIMING_SECONDS)
        try:
            link = await self._connect(limits)
        except errors.StoreUnavailable:
            return  # whoever needs a connection will say so
        try:
            await link.ask(other("warm")(limits), b"", _PRIMING_SECONDS, lambda size: None)
            link.primed = True
        except (Gone, TimeoutError):
            return
        finally:
            if not link.primed:
                link.close()
        self._primed += 1
        self._keep(link)

    def _keep(self, link: Link) -> None:
        if self._closed:
            self._drop(link)
        else:
            self._idle.insert(len(self._idle) if link.primed else 0, link)

    def _drop(self, link: Link) -> None:
        self._primed -= link.primed
        link.close()

    def _drop_idle(self) -> None:
        """Close what leads to a store process that is gone."""
        idle, self._idle = self._idle, []
        for link in idle:
            self._drop(link)

    async def _connect(self, limits: Limits) -> Link:
        """Connect, in a thread: a child has to be forked first."""
        loop = asyncio.get_running_loop()
        greeting = loop.run_in_executor(None, connection.greeted, self._path, limits.deadline)
        try:
            socket, _, status = await asyncio.shield(greeting)
        except asyncio.CancelledError:
            greeting.add_done_callback(_hang_up)
            raise
        socket.setblocking(False)
        _, link = await loop.create_unix_connection(lambda: Link(status), sock=socket)
        return link

    async def _ask_one(
        self, link: Link, ask: Asking, body: bytes, limits: Limits, cancel: Cancel
    ) -> tuple[wire.Header, bytes]:
        keep = False
        try:
            cancel.watch(link.abort)
            reply, result = await link.ask(ask(limits), body, limits.deadline + GRACE_SECONDS, cancel.expect)
            keep = not reply["last"]
        except TimeoutError:
            self._note("deadline")
            raise connection.timeout(limits) from None
        finally:
            cancel.watch(None)
            if keep:
                self._keep(link)
            else:
                self._drop(link)
        return reply, result


def _hang_up(greeting: "asyncio.Future[tuple[Socket, str, int]]") -> None:
    """Give back both descriptors of a connection that nobody waits for any more."""
    if not greeting.cancelled() and greeting.exception() is None:
        made, _, status = greeting.result()
        made.close()
        os.close(status)
