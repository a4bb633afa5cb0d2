"""A server of this checkout's current release, to be measured or maltreated, and a look at its processes."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SERVE = "from migov.cli import main; main(['serve', '--port', '{port}'])"


class Server:
    """A running server: its address and its processes."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-c", SERVE.format(port=self.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={**os.environ, "MIGOV_LOG": "off"},
            text=True,
        )
        while line := self._process.stdout.readline() if self._process.stdout else "":
            if self.url in line:
                return
        raise SystemExit("the server did not start")

    def processes(self, module: str) -> list[int]:
        """The processes below this server that run a module, in the order of their birth."""
        return sorted(pid for pid in family(self._process.pid) if module in _command(pid))

    def end(self) -> int:
        """End the server; its exit code."""
        self._process.terminate()
        return self._process.wait(60)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start a server and end it."""
    running = Server()
    try:
        yield running
    finally:
        running.end()


def family(pid: int) -> set[int]:
    """A process and all below it."""
    found = {pid}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found |= family(int(path.parent.name))
    return found


def share(process: int) -> int:
    """Return the KiB of memory that a process accounts for."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def parent(pid: int) -> int:
    """The process id of the parent of a process; 0 when it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0


def resident(pid: int) -> int:
    """The mebibytes that a process has in memory; 0 when it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 2**20
    return 0


def descriptors(pid: int) -> int:
    """The descriptors that a process has open; 0 when it is gone."""
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


def _command(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []
