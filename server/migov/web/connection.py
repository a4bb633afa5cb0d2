"""One connection of a client: uvicorn's HTTP protocol, with bounds, and a short way for requests that come again.

A request that came before byte for byte is answered from memory before it is read at all. What a client can hold of the
server is bounded here: the bytes of a head, the time it takes, the number of connections, the time it reads nothing.
"""

import json
import re
import socket
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from migov.web import problem
from migov.web.addresses import Addresses
from migov.web.problem import Occurrence

if TYPE_CHECKING:
    import asyncio

    from migov.web.shell import Shell

_END: Final = b"\r\n\r\n"
_HEAD_BYTES: Final = 2**15
"""Bytes of a head beyond those of its address."""
_MOST_FIELDS: Final = 200
_REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP/1\.[01]\r\n")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_LINGER_SECONDS: Final = 1.0
_NOWHERE: Final = Addresses("")


class Connection(HttpToolsProtocol):
    """See above. ``head`` is the request under way where it is no more than a head that came at once."""

    shell: "Shell"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.shell = cast("Shell", self.app)
        self.head: bytes | None = None
        self.leaving: Callable[[], None] | None = None
        self.waiting_since: float | None = None
        """When the head that is expected, or has begun, was first waited for; None while a request is at work."""
        self._between = True
        self._pending = 0
        self._first = b""
        self._over = False

    def connection_made(self, transport: "asyncio.Transport") -> None:  # type: ignore[override]
        """Take a new client, unless there are too many."""
        super().connection_made(transport)
        self.waiting_since = time.monotonic()
        limits = self.shell.limits
        if len(self.shell.connections) >= limits["connections"]:
            self._refuse(problem.busy(2))
            return
        self.shell.connections.add(self)
        own = transport.get_extra_info("socket")
        if own is not None and hasattr(socket, "TCP_USER_TIMEOUT") and own.family != socket.AF_UNIX:
            # The kernel cuts the connections of clients that take nothing of their answers (RFC 5482).
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * limits["sending_seconds"]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a client; nobody waits for what it asked any more."""
        self.shell.connections.discard(self)
        super().connection_lost(exc)
        if self.leaving:
            self.leaving()

    def data_received(self, data: bytes) -> None:
        """Answer at once what was asked before; read anything else."""
        if self._over:
            return
        if self._between and (self.cycle is None or self.cycle.response_complete):
            if self._again(data):
                return
            whole = data.endswith(_END) and data.find(_END) == len(data) - len(_END)
            self.head = data if whole else None
            self._pending = 0
        if self._pending == 0:
            data = self._first = data if data.isascii() else _encoded(data)
        self._pending += len(data)
        super().data_received(data)
        if not self._between and self.waiting_since is not None and self._pending > self._most_head:
            self._refuse(problem.of_status(431, f"The head of a request may have {self._most_head:,} bytes."))

    @property
    def _most_head(self) -> int:
        return int(self.shell.limits["url_bytes"]) + _HEAD_BYTES

    def _again(self, data: bytes) -> bool:
        """Answer a request that came before, if nothing is still to be sent."""
        if self.flow.write_paused or self.transport.is_closing():
            return False
        answer = self.shell.again(data, self.client, self.server_state.default_headers)
        if answer is None:
            return False
        self.transport.writelines(answer)
        self.waiting_since = time.monotonic()
        return True

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._between = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header field, unless there are too many."""
        if len(self.headers) >= _MOST_FIELDS:
            raise ValueError  # which ends the parser, and comes to ``send_400_response``
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand a request over, with the connection that it came by."""
        self.waiting_since = None
        own: dict[object, object] = {"connection": self}
        self.scope["extensions"] = {"migov": own}
        super().on_headers_complete()
        own["cycle"] = self.cycle

    def send_whole(self, cycle: RequestResponseCycle, lines: bytes, body: bytes) -> None:
        """Send an answer that is whole in one write: two messages over ASGI would be two packets, and more work.

        ``lines`` is the status line and the header fields; what uvicorn adds to every answer is added here.
        """
        if self.transport.is_closing():  # the client has left
            return
        besides = b"".join([b"%s: %s\r\n" % pair for pair in self.server_state.default_headers])
        end = _END[2:] if cycle.keep_alive else b"connection: close\r\n\r\n"
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self.transport.writelines([lines + besides + end, body])
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def on_message_complete(self) -> None:
        """A request is whole: the next byte begins another."""
        self._between = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.leaving = None
        self.waiting_since = time.monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with bytes that are no request; called by uvicorn with the parser's error at hand."""
        unknown = isinstance(sys.exc_info()[1], httptools.HttpParserInvalidMethodError)
        if unknown and _REQUEST_LINE.match(self._first):
            self._refuse(problem.of_status(501, "This server does not know the method."))
        elif self.headers is not None and len(self.headers) >= _MOST_FIELDS:
            self._refuse(problem.of_status(431, f"A request may have {_MOST_FIELDS} header fields."))
        else:
            self._refuse(problem.of_status(400, "This is not an HTTP request (RFC 9112)."))

    def _refuse(self, occurrence: Occurrence) -> None:
        """Answer with a problem, and hang up."""
        body = json.dumps(occurrence.as_dict(_NOWHERE)).encode()
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n"
            b"cache-control: no-store\r\nconnection: close\r\n\r\n%s"
            % (occurrence.status, occurrence.problem.title.encode("ascii", "replace"), len(body), body)
        )
        # Closed at once, with bytes of the client still unread, the answer would be lost with the connection.
        self._over = True
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def tick(self, now: float) -> None:
        """Cut a client that has been silent, or has taken too long over a head; called every now and then."""
        if self.waiting_since is not None and now - self.waiting_since > self.shell.limits["idle_seconds"]:
            self.transport.close()


def _encoded(data: bytes) -> bytes:
    """Percent-encode what is no ASCII in a request line, as RFC 3986 demands and not every client does."""
    line, end, rest = data.partition(b"\r\n")
    return _NOT_ASCII.sub(lambda match: b"%%%02X" % match[0][0], line) + end + rest
