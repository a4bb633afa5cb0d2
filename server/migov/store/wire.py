"""Frames between a client and its child: two lengths, a JSON header, a body of raw bytes.

Client and child take turns, so what is there to be read is never more than one frame.
"""

import json
import signal
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct("!IQ")
_SMALL = 2**16

STATUS = struct.Struct("!i")
"""How the parent tells, on the pipe that came with its greeting, the wait status of a child that ended."""

TOO_MUCH = signal.SIGUSR2
"""What the parent ends a child with when all of them together take too much memory."""

Header = dict[str, Any]


def send(connection: socket.socket, header: Header, body: bytes = b"") -> None:
    """Send one frame; raises OSError when the other end is gone."""
    head = json.dumps(header).encode()
    start = _LENGTHS.pack(len(head), len(body)) + head
    if len(body) < _SMALL:  # one system call for the usual small answer
        connection.sendall(start + body)
    else:
        connection.sendall(start)
        connection.sendall(body)


def receive(connection: socket.socket) -> tuple[Header, bytes] | None:
    """Receive one frame; None when the other end closed before the frame was whole."""
    data = connection.recv(_SMALL)
    while len(data) < _LENGTHS.size:
        more = connection.recv(_SMALL)
        if not more:
            return None
        data += more
    head_size, body_size = _LENGTHS.unpack_from(data)
    end = _LENGTHS.size + head_size
    if len(data) < end + body_size:
        data = _whole(connection, data, end + body_size)
        if not data:
            return None
    header: Header = json.loads(data[_LENGTHS.size : end])
    return header, data[end:]


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
