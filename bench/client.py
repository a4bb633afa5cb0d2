"""A small HTTP client for measuring: one kept connection a thread, whole answers, the same for every engine."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode, urlsplit

SELECT, GRAPH = "application/sparql-results+json", "application/n-triples"
SECONDS = 60.0


class Failed(Exception):
    """The engine did not answer with success."""


@dataclass(frozen=True)
class Request:
    """A GET: path with query string, and what is accepted."""

    path: str
    accept: str


class Connection:
    """One connection, kept open, opened anew after a failure."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._http = self._open()

    def _open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=SECONDS)

    def get(self, request: Request) -> bytes:
        """Return the body of a 200; Failed for anything else."""
        try:
            self._http.request("GET", request.path, headers={"Accept": request.accept})
            answer = self._http.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._http.close()
            self._http = self._open()
            raise Failed(f"{type(error).__name__}: {error}") from error
        if answer.status != 200:
            raise Failed(f"{answer.status}: {body[:200]!r}")
        return body

    def close(self) -> None:
        self._http.close()


def question(path: str, query: str, form: str) -> Request:
    """Return the request that asks a query by GET (SPARQL 1.1 Protocol, 2.1.1)."""
    return Request(f"{path}?{urlencode({'query': query})}", GRAPH if form == "CONSTRUCT" else SELECT)


_NUMBERS = count(1)


def fresh(query: str) -> str:
    """Return the query with a comment that no cache has seen."""
    return f"{query}\n# {next(_NUMBERS)}-{time.monotonic_ns()}"


def latencies(url: str, requests: list[Request]) -> list[float]:
    """Return the seconds that each request took, one after the other on one connection."""
    connection, times = Connection(url), []
    try:
        for request in requests:
            start = time.perf_counter()
            connection.get(request)
            times.append(time.perf_counter() - start)
    finally:
        connection.close()
    return times


def throughput(url: str, requests: Callable[[], Request], connections: int, seconds: float) -> tuple[float, int]:
    """Return answers a second over some connections, and how many requests failed."""
    done, failed, end = [0] * connections, [0] * connections, time.perf_counter() + seconds

    def work(number: int) -> None:
        connection = Connection(url)
        while time.perf_counter() < end:
            try:
                connection.get(requests())
                done[number] += 1
            except Failed:
                failed[number] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start), sum(failed)
