"""Measures what the project promises of its speed, on the graph of this checkout; see README.md beside this file.

Every figure is that of a command as a person would run it, in a process of its own: start, imports and all.
"""

import os
import resource
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("ontology", "graphs", "shapes", "queries", "server")
CHANGED = Path("graphs/entities/places.ttl")  # the one file that "after a change" changes
CHECK = "from migov.cli import main; main(['check', '--releases', 'releases'])"
BUILD = "from migov.cli import main; main(['build', '--releases', 'releases'])"
SERVE = "from migov.cli import main; main(['serve', '--releases', 'releases', '--port', '{port}'])"


def run(name: str, code: str, folder: Path, limit: float) -> None:
    """Run one command to its end and print its time and the memory of its largest process."""
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, env=environment(folder), stdout=subprocess.PIPE
    )
    output = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{name} ended with {process.returncode}: {output.decode()[-500:]}")
    tell(name, time.monotonic() - start, limit, usage.ru_maxrss // 1024)


def serve(folder: Path, limit: float) -> None:
    """Start the server on a free port and print how long it took to say that it answers."""
    start = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-u", "-c", SERVE.format(port=port)]
    process = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=subprocess.PIPE)
    try:
        ready, _, _ = select.select([process.stdout], [], [], 120)
        if not ready or process.poll() is not None:
            raise SystemExit("the server did not start")
        tell("server start to first answer", time.monotonic() - start, limit, None)
    finally:
        process.terminate()
        process.wait(30)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment that makes Python use the copy of the code in ``folder``."""
    return {**os.environ, "PYTHONPATH": str(folder / "server")}


def tell(name: str, seconds: float, limit: float, memory: int | None) -> None:
    """Print one line of the table."""
    room = f"{memory:>6} MiB" if memory is not None else " " * 10
    print(f"{name:<34} {seconds:>7.1f} s  (at most {limit:>3.0f} s) {room}", flush=True)


def main() -> None:
    """Measure in a copy, so that nothing here changes the checkout."""
    with tempfile.TemporaryDirectory(prefix="migov-bench-") as place:
        folder = Path(place)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name)
        run("validation, cold", CHECK, folder, 60)
        run("validation, nothing changed", CHECK, folder, 5)
        with (folder / CHANGED).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        run("validation, one file changed", CHECK, folder, 5)
        shutil.rmtree(folder / "releases")
        run("build, cold", BUILD, folder, 120)
        serve(folder, 2)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{'largest process of all':<34} {largest:>6} MiB  (at most 2048 MiB)")


if __name__ == "__main__":
    main()
