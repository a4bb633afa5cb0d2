"""Frames between a client and its child: two lengths, a JSON header, a body of raw bytes.

Client and child take turns, so what is there to be read is never more than one frame.
"""

import json
import signal
import socket
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any

_LENGTHS = struct.Struct("!IQ")
_SMALL = 2**16
_USUAL = 500  # bytes of a header that is remembered

STATUS = struct.Struct("!i")
"""How the parent tells, on the pipe that came with its greeting, the wait status of a child that ended."""

TOO_MUCH = signal.SIGUSR2
"""What the parent ends a child with when all of them together take too much memory."""

Header = dict[str, Any]


def encoded(header: Header) -> bytes:
    """A header as it stands in a frame; who sends the same one again and again keeps it."""
    return json.dumps(header).encode()


def _decoded(head: bytes) -> Header:
    """Read a header; those of small queries differ little, and are not to be changed by who receives them."""
    header: Header = _remembered(head) if len(head) <= _USUAL else json.loads(head)
    return header


_remembered = lru_cache(maxsize=1024)(json.loads)


def start_of(head: bytes, body: bytes) -> bytes:
    """All of a frame but its body."""
    return _LENGTHS.pack(len(head), len(body)) + head


def send(connection: socket.socket, head: bytes, body: bytes = b"") -> None:
    """Send one frame; raises OSError when the other end is gone."""
    start = start_of(head, body)
    if len(body) < _SMALL:  # one system call for the usual small answer
        connection.sendall(start + body)
    else:
        connection.sendall(start)
        connection.sendall(body)


def receive(
    connection: socket.socket, expect: Callable[[int], None] = lambda size: None
) -> tuple[Header, bytes] | None:
    """Receive one frame; None when the other end closed before the frame was whole.

    ``expect`` is told the size of a body that is not small before there is any room made for it; what it raises
    ends the reception.
    """
    data, end = b"", _LENGTHS.size
    while len(data) < end:
        more = connection.recv(_SMALL)
        if not more:
            return None
        data += more
        if len(data) >= _LENGTHS.size:
            head_size, body_size = _LENGTHS.unpack_from(data)
            end = _LENGTHS.size + head_size
    header = _decoded(data[_LENGTHS.size : end])
    body = data[end:]
    if body_size > _SMALL:
        expect(body_size)
    if len(body) < body_size:
        body = _whole(connection, body, body_size)
    return (header, body) if len(body) == body_size else None


def _whole(connection: socket.socket, start: bytes, size: int) -> bytes:
    """Read on until there are ``size`` bytes; nothing when the other end closes before."""
    buffer = bytearray(size)
    buffer[: len(start)] = start
    view, at = memoryview(buffer), len(start)
    while at < size:
        count = connection.recv_into(view[at:])
        if not count:
            return b""
        at += count
    return bytes(buffer)


class Arriving:
    """A frame that arrives in parts; see ``receive`` for what ``expect`` is told."""

    def __init__(self, expect: Callable[[int], None] = lambda size: None) -> None:
        self._expect = expect
        self._data = bytearray()
        self._body = self._end = 0

    def take(self, part: bytes) -> tuple[Header, bytes] | None:
        """Take in one part; the frame once it is whole."""
        data = self._data
        data += part
        if not self._end and len(data) >= _LENGTHS.size:
            head_size, body_size = _LENGTHS.unpack_from(data)
            self._body = _LENGTHS.size + head_size
            self._end = self._body + body_size
            if body_size > _SMALL:
                self._expect(body_size)
        if not self._end or len(data) < self._end:
            return None
        with memoryview(data) as view:
            return _decoded(bytes(view[_LENGTHS.size : self._body])), bytes(view[self._body :])
