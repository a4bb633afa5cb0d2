"""Frames between a client and its child: two lengths, a JSON header, a body of raw bytes."""

import json
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct("!IQ")

STATUS = struct.Struct("!i")
"""How the parent tells, on the pipe that came with its greeting, the wait status of a child that ended."""

Header = dict[str, Any]


def send(connection: socket.socket, header: Header, body: bytes = b"") -> None:
    """Send one frame; raises OSError when the other end is gone."""
    head = json.dumps(header).encode()
    start = _LENGTHS.pack(len(head), len(body)) + head
    if len(body) < 2**16:  # one system call for the usual small answer
        connection.sendall(start + body)
    else:
        connection.sendall(start)
        connection.sendall(body)


def receive(connection: socket.socket) -> tuple[Header, bytes] | None:
    """Receive one frame; None when the other end closed before the frame was whole."""
    lengths = _exactly(connection, _LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head = _exactly(connection, head_size)
    body = _exactly(connection, body_size)
    if head is None or body is None:
        return None
    header: Header = json.loads(head)
    return header, body


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    data = connection.recv(size) if size else b""
    if len(data) == size:
        return data
    buffer = bytearray(size)
    buffer[: len(data)] = data
    view, at = memoryview(buffer), len(data)
    while at < size:
        count = connection.recv_into(view[at:])
        if not count:
            return None
        at += count
    return bytes(buffer)
