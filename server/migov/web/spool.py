"""Large answers on their way to clients that may read slowly: in files, so that no memory waits for them.

The HTTP library sends a file as fast as the client reads, but keeps a body whole in memory until its last byte is
gone. A file loses its name as soon as it is open, so that nothing of it is left when the last byte is gone, or this
process.
"""

import asyncio
import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_FDS: Final = Path("/proc/self/fd")
_OPEN_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.02


class Spool:
    """A folder for large answers with a bound on the bytes that are on their way."""

    def __init__(self, folder: Path, most: float) -> None:
        self._folder = folder
        self._most = most
        self._named: dict[str, int] = {}
        self._quiet = True
        folder.mkdir(exist_ok=True)

    def put(self, body: bytes) -> str | None:
        """Write an answer to a file; its path, or None when too much is on its way already."""
        if self.on_the_way() + len(body) > self._most:
            return None
        number, path = tempfile.mkstemp(dir=self._folder)
        self._named[path] = len(body)
        self._quiet = False
        with open(number, "wb") as file:
            file.write(body)
        return path

    def on_the_way(self) -> int:
        """The bytes of all answers that are still being sent, or about to be."""
        if self._quiet:
            return 0
        opened = {path: size for path, size in self._opened() if path not in self._named}
        size = sum(opened.values()) + sum(self._named.copy().values())
        self._quiet = size == 0
        return size

    async def sent(self, path: str) -> None:
        """Take the name away from a file that has been handed over, once it is open or nobody wants it any more."""
        end = time.monotonic() + _OPEN_SECONDS
        while time.monotonic() < end and all(path != opened for opened, _ in self._opened()):
            await asyncio.sleep(_LOOK_SECONDS)
        os.unlink(path)
        del self._named[path]

    def _opened(self) -> Iterator[tuple[str, int]]:
        """The files of the folder that are open, with their sizes."""
        for entry in _FDS.iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                path = os.readlink(entry)
                if path.startswith(str(self._folder)):
                    yield path, entry.stat().st_size


def cut_silent_clients(seconds: float) -> bool:
    """Have the kernel cut connections whose clients take nothing for some time; False when nothing listens yet.

    New connections inherit this from the listening socket, which the HTTP library keeps to itself.
    """
    found = False
    for entry in _FDS.iterdir():
        try:
            copy = socket.socket(fileno=os.dup(int(entry.name)))
        except OSError:  # no socket
            continue
        with copy, contextlib.suppress(OSError):
            if copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and copy.family != socket.AF_UNIX:
                copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * seconds))
                found = True
    return found
