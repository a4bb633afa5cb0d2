"""Large answers on their way to clients that may read slowly: in files, so that no memory waits for them."""

import tempfile
from pathlib import Path
from threading import Lock
from typing import IO


class Spool:
    """A folder for large answers with a bound on the bytes that are on their way; may be used from any thread.

    Its files have no names, so that nothing of them is left when they are closed, or this process ends.
    """

    def __init__(self, folder: Path, most: float) -> None:
        self._folder = folder
        self._most = most
        self._lock = Lock()
        self.on_the_way = 0
        folder.mkdir(exist_ok=True)

    def put(self, body: bytes) -> IO[bytes] | None:
        """Write an answer to a file, to be read from its start; None when too much is on its way already.

        What was put has to be given back by ``sent``.
        """
        with self._lock:
            if self.on_the_way + len(body) > self._most:
                return None
            self.on_the_way += len(body)
        file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 (whoever sends it closes it)
        file.write(body)
        file.seek(0)
        return file

    def sent(self, size: int) -> None:
        """Count an answer as sent, or given up."""
        with self._lock:
            self.on_the_way -= size
