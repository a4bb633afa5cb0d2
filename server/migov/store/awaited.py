"""The local store for a program with an event loop: queries are awaited, and no thread waits with them."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

from migov import errors
from migov.store import connection, wire
from migov.store.connection import AGAIN_SECONDS, GRACE_SECONDS, Gone, asking, encoded, opened
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

_SPARE: Final = 1
_WARM_SECONDS: Final = 10.0


class Link(asyncio.Protocol):
    """A connection to a child; one question at a time."""

    def __init__(self, status: int) -> None:
        self._status = status
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[wire.Header, bytes]] | None = None
        self._arriving = wire.Arriving()
        self.lost = False

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
        self, header: wire.Header, body: bytes, seconds: float, expect: Callable[[int], None]
    ) -> tuple[wire.Header, bytes]:
        """Send a request and wait for its answer; raises ``Gone``, and TimeoutError after ``seconds``."""
        loop = asyncio.get_running_loop()
        if self.lost or self._transport is None:
            raise await self._gone(sent=False)
        self._arriving = wire.Arriving(expect)
        waiting = self._waiting = loop.create_future()
        late = loop.call_later(seconds, self._late)
        try:
            self._transport.write(wire.start_of(header, body) + body)
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


class AwaitedStore:
    """Queries over the socket of a store process, as those of ``LocalStore``; only for the event loop's own thread.

    It starts no more queries than it is asked: whoever uses it bounds them. A spare connection is kept, whose child
    has answered something already, for a new child is slow until it has copied the pages that it writes to.
    """

    def __init__(
        self, path: Path | str, *, patience: float = 0, note: Callable[[str], None] = lambda reason: None
    ) -> None:
        self._path = Path(path)
        self._patience = patience
        self._note = note
        self._idle: list[Link] = []
        self._making: set[asyncio.Task[None]] = set()
        self._closed = False

    async def query(
        self,
        text: str,
        formats: Mapping[Kind, str | None],
        *,
        dataset: Dataset = DEFAULT_DATASET,
        base: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
        cancel: Cancel | None = None,
    ) -> Answer:
        """Run a query in a child; see ``Store.query``."""
        header = asking(formats, dataset, base, NO_BINDINGS)
        reply, body = await self._ask(header, encoded(text), limits, cancel or Cancel())
        reply = opened(reply)
        return Answer(reply["kind"], reply["format"], body)

    def close(self) -> None:
        """Close the idle connections; those at work are closed when they are done."""
        self._closed = True
        idle, self._idle = self._idle, []
        for link in idle:
            link.close()

    async def _ask(self, header: wire.Header, body: bytes, limits: Limits, cancel: Cancel) -> tuple[wire.Header, bytes]:
        """Try a pooled connection, then fresh ones: the store process may have been restarted in between."""
        start = time.monotonic()
        until = start + min(self._patience, limits.deadline)
        pooled = self._take()
        while True:
            left = limits.lowered(limits.deadline - round(time.monotonic() - start, 1))
            try:
                return await self._ask_one(pooled or await self._connect(left), header, body, left, cancel)
            except Gone as gone:
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
        """A connection from the pool; when it is the last one, a spare one is made meanwhile."""
        while self._idle and self._idle[-1].lost:
            self._idle.pop().close()
        link = self._idle.pop() if self._idle else None
        if len(self._idle) + len(self._making) < _SPARE:
            task = asyncio.get_running_loop().create_task(self._make_spare())
            self._making.add(task)
            task.add_done_callback(self._making.discard)
        return link

    async def _make_spare(self) -> None:
        limits = Limits(deadline=_WARM_SECONDS)
        try:
            link = await self._connect(limits)
        except errors.StoreUnavailable:
            return  # whoever needs a connection will say so
        try:
            await link.ask({"ask": "warm", "limits": vars(limits)}, b"", _WARM_SECONDS, lambda size: None)
        except (Gone, TimeoutError):
            link.close()
            return
        self._keep(link)

    def _keep(self, link: Link) -> None:
        if self._closed:
            link.close()
        else:
            self._idle.append(link)

    def _drop_idle(self) -> None:
        """Close what leads to a store process that is gone."""
        idle, self._idle = self._idle, []
        for link in idle:
            link.close()

    async def _connect(self, limits: Limits) -> Link:
        """Connect, in a thread: a child has to be forked first."""
        loop = asyncio.get_running_loop()
        socket, _, status = await loop.run_in_executor(None, connection.greeted, self._path, limits.deadline)
        socket.setblocking(False)
        _, link = await loop.create_unix_connection(lambda: Link(status), sock=socket)
        return link

    async def _ask_one(
        self, link: Link, header: wire.Header, body: bytes, limits: Limits, cancel: Cancel
    ) -> tuple[wire.Header, bytes]:
        keep = False
        try:
            cancel.watch(link.abort)
            header["limits"] = vars(limits)
            reply, result = await link.ask(header, body, limits.deadline + GRACE_SECONDS, cancel.expect)
            keep = not reply.pop("last")
        except TimeoutError:
            self._note("deadline")
            raise connection.timeout(limits) from None
        finally:
            cancel.watch(None)
            if keep:
                self._keep(link)
            else:
                link.close()
        return reply, result
