"""What machines that watch the server ask: is it alive, is it ready, what has it counted."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from migov import __version__, errors
from migov.web import metrics, problem
from migov.web.board import Board
from migov.web.clients import Client, Networks
from migov.web.edition import Edition
from migov.web.environ import Answer
from migov.web.lanes import Refused
from migov.web.representation import SECURITY_HEADERS

LIVE, READY, METRICS = ("/health/live",), ("/health", "/health/ready"), ("/metrics",)
PATHS: Final = frozenset({*LIVE, *READY, *METRICS})
_FRESH_SECONDS: Final = 0.2


class Desk:
    """Answers these questions beside the lanes, so that a full queue does not make a server look dead."""

    def __init__(self, board: Board | None, metrics_from: Networks) -> None:
        self._board = board
        self._metrics_from = metrics_from
        self._pool = ThreadPoolExecutor(1, "health")
        self._known = (0.0, -1, False)

    async def answer(self, path: str, method: str, client: Client, edition: Edition) -> Answer:
        """Answer one of ``PATHS``. Raises Refused for other methods, and for metrics where the client may not."""
        if method not in {"GET", "HEAD"}:
            error: errors.MigovError = errors.MethodNotAllowed("It is only read.", allow=["GET", "HEAD"])
            raise Refused(problem.occurrence_of(error))
        if path in LIVE:
            return _json(200, {"status": "alive"})
        if path in METRICS and (client.behind or client.address not in self._metrics_from):
            error = errors.Forbidden("Metrics are read from the addresses that MIGOV_METRICS_FROM names.")
            raise Refused(problem.occurrence_of(error))
        ready = await self._ready(edition)
        if path in READY:
            status = {"status": "ready" if ready else "unavailable", "release": edition.release, "version": __version__}
            return _json(200 if ready else 503, status)
        body = metrics.exposition(self._board, edition.release, ready) if self._board else b""
        return _plain(200, metrics.CONTENT_TYPE, body)

    async def _ready(self, edition: Edition) -> bool:
        """Ask the store, but not more often than it is worth."""
        when, number, ready = self._known
        if number != edition.number or time.monotonic() - when > _FRESH_SECONDS:
            ready = await asyncio.get_running_loop().run_in_executor(self._pool, edition.ready)
            self._known = (time.monotonic(), edition.number, ready)
        return ready


def _json(status: int, members: dict[str, str]) -> Answer:
    answer = _plain(status, "application/json", json.dumps(members).encode() + b"\n")
    if status == 503:
        answer.headers.append(("retry-after", "1"))
    return answer


def _plain(status: int, kind: str, body: bytes) -> Answer:
    headers = [("content-type", kind), ("content-length", str(len(body))), ("cache-control", "no-store")]
    return Answer(status, headers + [(name.lower(), value) for name, value in SECURITY_HEADERS.items()], body)
