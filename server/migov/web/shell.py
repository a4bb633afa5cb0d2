"""The HTTP front: an RSGI shell that hands Flask only requests that are whole, and bounds how many are at work.

WSGI reads a body in the worker thread, so a few clients that send slowly would stop the site. Here bodies are read
by the event loop, within a size and a time; answers that stay the same come from a byte cache; queries and pages
wait in lanes of their own, so that slow queries never keep pages waiting.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, Protocol, cast

from werkzeug.wsgi import FileWrapper

from migov.settings import DEFAULTS
from migov.store import Cancel
from migov.web import problem
from migov.web.problem import Occurrence

log = logging.getLogger("migov.web")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"})
CACHE_BYTES: Final = 64 * 2**20
CACHEABLE_BYTES: Final = 2**20
_RETRY_SECONDS: Final = 2
_CONDITIONS: Final = ("if-none-match", "if-match", "if-modified-since", "range")


WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Scope(Protocol):
    """What RSGI says of a request (RSGI specification, section "HTTP scope")."""

    proto: str
    http_version: str
    method: str
    path: str
    query_string: str
    headers: Any


@dataclass
class Answer:
    """A whole answer; ``file`` is the path of a file to send instead of a body."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    file: str | None = None

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class Refused(Exception):
    """The request ends here, with this problem."""

    def __init__(self, occurrence: Occurrence) -> None:
        super().__init__(occurrence.detail)
        self.occurrence = occurrence


class Cache:
    """Answers by request, the least used leaving first; only for the event loop's own thread."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._left = most_bytes
        self._answers: OrderedDict[tuple[str, str, str], Answer] = OrderedDict()

    def get(self, key: tuple[str, str, str]) -> Answer | None:
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def put(self, key: tuple[str, str, str], answer: Answer) -> None:
        """Keep an answer that may be given again: whole, validated, and not to be checked each time."""
        keep = answer.status == 200 and answer.file is None and len(answer.body) <= CACHEABLE_BYTES
        if not keep or "public" not in answer.header("cache-control") or key in self._answers:
            return
        self._answers[key] = answer
        self._left -= len(answer.body) + sum(map(len, key))
        while self._left < 0:
            old, dropped = self._answers.popitem(last=False)
            self._left += len(dropped.body) + sum(map(len, old))


class Lane:
    """Threads for one kind of work, with a bound on how much of it waits."""

    def __init__(self, name: str, threads: int, waiting: int, patience: float) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._room = threads + waiting
        self._patience = patience

    async def run(self, work: Any, *arguments: Any) -> Answer:
        """Do the work in a thread; refuse it with 503 when too much waits already, or it has waited too long itself."""
        if self._room <= 0:
            raise Refused(problem.busy(_RETRY_SECONDS))
        self._room -= 1
        try:
            future = self._pool.submit(work, *arguments)
            answer = asyncio.wrap_future(future)
            await asyncio.wait([answer], timeout=self._patience)
            if future.cancel():  # so it has not begun
                raise Refused(problem.busy(_RETRY_SECONDS))
            return cast(Answer, await answer)
        finally:
            self._room += 1


class Shell:
    """The RSGI application around a WSGI application, which is the Flask app."""

    def __init__(self, app: WSGI, limits: dict[str, float] = DEFAULTS) -> None:
        self.app = app
        self.limits = limits
        self.cache = Cache()
        threads, waiting = int(limits["concurrent_queries"]), int(limits["waiting_queries"])
        self.lanes = {name: Lane(name, threads, waiting, limits["deadline"]) for name in ("queries", "pages")}

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        headers = _headers(scope)
        key = (scope.path, scope.query_string, headers.get("accept", ""))
        plain = scope.method in {"GET", "HEAD"} and not any(name in headers for name in _CONDITIONS)
        answer = self.cache.get(key) if plain else None
        if answer is None:
            answer = await self._answer(scope, headers, protocol)
            if plain and scope.method == "GET":
                self.cache.put(key, answer)
        self._send(answer, scope.method == "HEAD", protocol)

    async def _answer(self, scope: Scope, headers: dict[str, str], protocol: Any) -> Answer:
        cancel = Cancel()
        environ = _environ(scope, headers, cancel)
        try:
            self._check(scope, headers)
            environ["wsgi.input"] = await self._body(headers, protocol)
            environ["CONTENT_LENGTH"] = str(environ["wsgi.input"].getbuffer().nbytes)
            environ["migov.arrived"] = time.monotonic()
            lane = self.lanes["queries" if scope.path.rstrip("/").endswith("/sparql") else "pages"]
            leaving = asyncio.ensure_future(protocol.client_disconnect())
            leaving.add_done_callback(lambda future: None if future.cancelled() else cancel())
            try:
                return await lane.run(run_wsgi, self.app, environ)
            finally:
                leaving.cancel()
        except Refused as refused:
            environ["migov.refused"] = refused.occurrence
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(), "0"
            return run_wsgi(self.app, environ)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        """Refuse what no view could answer well."""
        if scope.method not in METHODS:
            raise Refused(problem.of_status(501, f"This server does not know the method {scope.method[:20]}."))
        if scope.http_version == "1.1" and ("host" not in headers or "," in headers["host"]):
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

    def _send(self, answer: Answer, head: bool, protocol: Any) -> None:
        if answer.file and not head:
            protocol.response_file(answer.status, answer.headers, answer.file)
        elif head or not answer.body:
            protocol.response_empty(answer.status, answer.headers)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.body)


def _headers(scope: Scope) -> dict[str, str]:
    """Header fields by lower-case name; several lines of one name are one list (RFC 9110, 5.2)."""
    found: dict[str, str] = {}
    for name, value in scope.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _environ(scope: Scope, headers: dict[str, str], cancel: Cancel) -> dict[str, Any]:
    """A WSGI environment (PEP 3333). No ``Host``: nothing may depend on what a client calls us."""
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name != "host"}
    environ |= {"CONTENT_TYPE": environ.pop("HTTP_CONTENT_TYPE", "")}
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ | {
        "REQUEST_METHOD": scope.method if scope.method in METHODS else "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "replace").decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": _Log(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        "migov.cancel": cancel,
    }


class _Log:
    """Where WSGI applications write their errors."""

    def write(self, text: str) -> None:
        if text.strip():
            log.error(text.rstrip())

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is kept back."""


def run_wsgi(app: WSGI, environ: dict[str, Any]) -> Answer:
    """Run a WSGI application to its end; a file that it returns stays a file."""
    answer = Answer()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [(name.lower(), value) for name, value in headers]

    result = app(environ, start_response)
    try:
        if isinstance(result, FileWrapper):
            answer.file = str(result.file.name)
        else:
            answer.body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return answer
