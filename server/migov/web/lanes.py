"""Places for the work of requests: how much is done at once, how much waits, and how much of it for one client."""

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
    """Places for one kind of work, with a bound on how much of it waits; only for the event loop's own thread."""

    def __init__(self, name: str, places: int, waiting: int, patience: float, share: int) -> None:
        self._pool = ThreadPoolExecutor(places, name)
        self._free = asyncio.Semaphore(places)
        self._room = places + waiting
        self._patience = patience
        self._share = share
        self._clients: Counter[str] = Counter()

    async def enter(self, client: str) -> None:
        """Wait for a place, which must be left again; ``client`` is '' for those who are not counted.

        Raises Refused with 503 when too much waits already, or this has waited too long itself, and with 429 when
        most of what waits is this client's own.
        """
        if client and self._clients[client] >= self._share:
            detail = f"{self._share} requests of yours are at work or waiting already."
            raise Refused(problem.too_many(detail, _RETRY_SECONDS))
        if self._room <= 0:
            raise Refused(problem.busy(_RETRY_SECONDS))
        self._count(client, 1)
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            self._count(client, -1)
            raise Refused(problem.busy(_RETRY_SECONDS)) from None

    def leave(self, client: str) -> None:
        """Give a place back."""
        self._free.release()
        self._count(client, -1)

    def _count(self, client: str, more: int) -> None:
        self._room -= more
        if client:
            self._clients[client] += more
            if not self._clients[client]:
                del self._clients[client]  # so that the table is never larger than the room

    async def in_thread(self, work: Any, *arguments: Any) -> Answer:
        """Do work that waits, by somebody who has a place."""
        return cast(Answer, await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments))
