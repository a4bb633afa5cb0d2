"""Reading requests whole and sending answers whole, within the bounds that every client is held to (ASGI)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import IO, Any, Final

from migov.store import Cancel
from migov.web import problem
from migov.web.environ import METHODS, Answer, Scope
from migov.web.lanes import Refused

_PART: Final = 2**18
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Limits = Mapping[str, float]


def check(scope: Scope, limits: Limits) -> None:
    """Refuse what no view could answer well."""
    if scope.method not in METHODS:
        raise Refused(problem.of_status(501, f"This server does not know the method {scope.method[:20]}."))
    if not has_one_host(scope):
        raise Refused(problem.of_status(400, "A request has exactly one Host header (RFC 9112, 3.2)."))
    most = int(limits["url_bytes"])
    if len(scope.path) + len(scope.query_string) > most:
        raise Refused(problem.of_status(414, f"The address is longer than {most:,} bytes.", limit=most))
    if "\x00" in scope.path or "\ufffd" in scope.path or not scope.path.startswith("/"):
        raise Refused(problem.of_status(400, "The path of the address is not UTF-8 text in percent-encoding."))
    if scope.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise Refused(problem.of_status(415, "Compressed bodies are not read: send it as it is."))


def has_one_host(scope: Scope) -> bool:
    """Tell whether a request names its host once, as HTTP/1.1 demands (RFC 9112, 3.2)."""
    return scope.http_version != "1.1" or "," not in scope.headers.get("host", ",")


async def body_of(scope: Scope, receive: Receive, limits: Limits) -> bytes:
    """Read the body within its size and its time; raises Refused."""
    declared = scope.headers.get("content-length", "0")
    if declared == "0" and "transfer-encoding" not in scope.headers:
        return b""
    most, seconds = int(limits["body_bytes"]), limits["body_seconds"]
    too_large = problem.of_status(413, f"The body is larger than {most:,} bytes.", limit=most, unit="bytes")
    if declared.isdigit() and int(declared) > most:
        raise Refused(too_large)
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(seconds):
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > most:
                    raise Refused(too_large)
    except TimeoutError:
        late = f"The body did not arrive within {seconds:g} seconds."
        raise Refused(problem.of_status(408, late, limit=seconds, unit="seconds")) from None
    return bytes(body)


async def send_answer(send: Send, answer: Answer, besides: Iterable[tuple[str, str]], body: bytes) -> None:
    """Send an answer that is whole."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*answer.headers, *besides)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_file(
    send: Send, answer: Answer, besides: Iterable[tuple[str, str]], file: IO[bytes], cancel: Cancel
) -> int:
    """Send an answer whose body is a file, no faster than the client reads; stop when the client has left."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*answer.headers, *besides)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    loop, sent = asyncio.get_running_loop(), 0
    part = await loop.run_in_executor(None, file.read, _PART)
    while part and not cancel.asked:
        sent += len(part)
        following = await loop.run_in_executor(None, file.read, _PART)
        await send({"type": "http.response.body", "body": part, "more_body": bool(following)})
        part = following
    return sent
