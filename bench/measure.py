"""Measures what the project promises of its speed, on the graph of this checkout; see README.md beside this file.

Every figure is that of a command as a person would run it, in a process of its own: start, imports and all.
"""

import http.client
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local import family, share

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("ontology", "graphs", "shapes", "queries", "server")
CHANGED = Path("graphs/entities/places.ttl")  # the one file that "after a change" changes
COMMAND = "import sys; from migov.cli import main; main(sys.argv[1:])"
QUESTION = "/sparql?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D"
PATIENCE = 120
MEMORY = 2048  # MiB, in all processes together


class Memory:
    """The most memory that a process and all it started held at one time, pages that they share counted once."""

    def __init__(self, process: int) -> None:
        self.most = 0
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, sum(map(share, family(self._process))))

    def end(self) -> int:
        """Stop watching; the most, in MiB."""
        self._over.set()
        self._thread.join()
        return self.most // 1024


def run(name: str, folder: Path, limit: float, *arguments: str) -> None:
    """Run one command to its end and print its time and memory."""
    start, used = time.monotonic(), processor()
    process = launch(folder, *arguments)
    memory = Memory(process.pid)
    output, _ = process.communicate()
    took = time.monotonic() - start
    if process.returncode not in (0, 1):
        raise SystemExit(f"{name} ended with {process.returncode}: {output[-500:]!r}")
    tell(name, took, limit, memory.end(), processor() - used)


def processor() -> float:
    """Return the seconds of processor that ended commands and all below them have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def launch(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command of the copy in ``folder``."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "server")}
    command = [sys.executable, "-c", COMMAND, *arguments, "--releases", "releases"]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE)


def serve(folder: Path) -> None:
    """Start the server on a free port; print how long the home page took to come, and the first answer to a query."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = time.monotonic()
    with running(folder, port) as memory:
        for name, path in (("server start to the home page", "/"), ("server start to a query answered", QUESTION)):
            while not answers(port, path):
                if time.monotonic() - start > PATIENCE:
                    raise SystemExit("the server did not start")
                time.sleep(0.01)
            tell(name, time.monotonic() - start, 2)
        time.sleep(1)
        tell("server, at rest", None, None, memory())


@contextmanager
def running(folder: Path, port: int) -> Iterator[Callable[[], int]]:
    """Run the server; gives what ends the watch over its memory."""
    process = launch(folder, "serve", "--port", str(port))
    memory = Memory(process.pid)
    try:
        yield memory.end
    finally:
        process.terminate()
        process.communicate(timeout=30)
        memory.end()


def answers(port: int, path: str) -> bool:
    """Tell whether this comes whole."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def tell(
    name: str, seconds: float | None, limit: float | None, memory: int | None = None, used: float | None = None
) -> None:
    """Print one line of the table."""
    took = f"{seconds:>7.2f} s (at most {limit:>3.0f} s)" if seconds is not None else " " * 25
    cores = f"{used:>6.1f} s of processor" if used is not None else " " * 21
    room = f"{memory:>6} MiB (at most {MEMORY} MiB)" if memory is not None else ""
    print(f"{name:<32} {took} {cores} {room}".rstrip(), flush=True)


def main() -> None:
    """Measure in a copy, so that nothing here changes the checkout."""
    with tempfile.TemporaryDirectory(prefix="migov-bench-") as place:
        folder = Path(place)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name)
        run("validation, cold", folder, 60, "check")
        run("validation, nothing changed", folder, 5, "check")
        with (folder / CHANGED).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        run("validation, one file changed", folder, 5, "check")
        shutil.rmtree(folder / "releases")
        run("build, cold", folder, 120, "build")
        serve(folder)


if __name__ == "__main__":
    main()
