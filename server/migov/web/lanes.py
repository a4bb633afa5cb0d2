"""Threads for the work of requests: how much is done at once, how much waits, and how much of it for one client."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final, cast

from migov import errors
from migov.web import problem
from migov.web.environ import Answer
from migov.web.problem import Occurrence

_RETRY_SECONDS: Final = 2


class Refused(Exception):
    """The request ends here, with this problem."""

    def __init__(self, occurrence: Occurrence) -> None:
        super().__init__(occurrence.detail)
        self.occurrence = occurrence


class Room:
    """A bound on the bytes of results that are being turned into answers; may be used from any thread."""

    def __init__(self, most: float) -> None:
        self._left = most
        self._lock = Lock()

    def take(self, size: int) -> None:
        """Make room for a result; raises TooBusy when others have it all."""
        with self._lock:
            if size > self._left:
                raise errors.TooBusy("Too many large results are under way.", retry_after=_RETRY_SECONDS)
            self._left -= size

    def back(self, size: int) -> None:
        """Give room back."""
        with self._lock:
            self._left += size


class Lane:
    """Threads for one kind of work, with a bound on how much of it waits; only for the event loop's own thread."""

    def __init__(self, name: str, threads: int, waiting: int, patience: float, share: int) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._room = threads + waiting
        self._patience = patience
        self._share = share
        self._clients: Counter[str] = Counter()

    async def run(self, client: str, work: Any, *arguments: Any) -> Answer:
        """Do the work in a thread; ``client`` is '' for those who are not counted.

        Raises Refused with 503 when too much waits already, or this has waited too long itself, and with 429 when
        most of what waits is this client's own.
        """
        if client and self._clients[client] >= self._share:
            detail = f"{self._share} requests of yours are at work or waiting already."
            raise Refused(problem.too_many(detail, _RETRY_SECONDS))
        if self._room <= 0:
            raise Refused(problem.busy(_RETRY_SECONDS))
        self._room -= 1
        self._clients[client] += 1
        try:
            return await self._run(work, *arguments)
        finally:
            self._room += 1
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]  # so that the table is never larger than the room

    async def _run(self, work: Any, *arguments: Any) -> Answer:
        future = self._pool.submit(work, *arguments)
        answer = asyncio.wrap_future(future)
        await asyncio.wait([answer], timeout=self._patience)
        if future.cancel():  # so it has not begun
            raise Refused(problem.busy(_RETRY_SECONDS))
        return cast(Answer, await answer)
