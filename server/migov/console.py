"""What the commands of ``migov`` share: where releases live, how progress is shown, how a query is run once."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migov import resources
from migov.errors import StoreUnavailable

STAGES = {
    "read": "Reading files",
    "structure": "Checking structure",
    "bounds": "Bounding dates",
    "coherence": "Checking coherence",
    "rules": "Deriving",
    "checks": "Checking the whole",
    "write": "Writing the release",
}
if TYPE_CHECKING:
    from migov.store.interface import Kind

_STEPS = 100  # of the bar for each stage
_START_SECONDS = 60.0
Progress = Callable[[str, int, int], None]


def releases_folder() -> Path:
    """Return where releases live: ``MIGOV_RELEASES``, else ``releases/`` of the checkout, else the user's data folder.

    The data folder is that of the XDG Base Directory Specification.
    """
    if named := os.environ.get("MIGOV_RELEASES"):
        return Path(named)
    if resources.is_checkout():
        return resources.default().root / "releases"
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "migov" / "releases"


@contextmanager
def progress() -> Iterator[Progress]:
    """Show the stages of a build on stderr: a bar on a terminal, one line a stage elsewhere."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    names = list(STAGES)
    with click.progressbar(
        length=_STEPS * len(names), show_eta=False, item_show_func=lambda text: text, file=sys.stderr, width=30
    ) as bar:

        def move(stage: str, done: int, total: int) -> None:
            reached = _STEPS * names.index(stage) + _STEPS * done // total
            bar.update(max(0, reached - bar.pos), STAGES[stage])

        yield move


@contextmanager
def steps(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show one stage on stderr: a bar on a terminal, one line elsewhere."""
    if not sys.stderr.isatty():
        click.echo(f"{label} …", err=True)
        yield lambda done, total: None
        return
    with click.progressbar(length=_STEPS, label=label, file=sys.stderr, width=30) as bar:
        yield lambda done, total: bar.update(max(0, _STEPS * done // max(total, 1) - bar.pos))


def _lines() -> Progress:
    said: set[str] = set()

    def say(stage: str, done: int, total: int) -> None:
        if stage not in said:
            said.add(stage)
            click.echo(f"{STAGES[stage]} …", err=True)

    return say


def ask(graph: Path, text: str, formats: "Mapping[Kind, str | None]") -> tuple[str, bytes]:
    """Answer one query over an N-Quads file; return the kind of the result and its bytes.

    The query runs in a store process of its own that ends with it, under the same limits as on the server, so that no
    query can take this process or the machine down. Raises what ``migov.store`` raises.
    """
    from migov.store.local import LocalStore
    from migov.store.process import command

    with tempfile.TemporaryDirectory(prefix="migov-") as folder:
        socket = Path(folder) / "store"
        process = subprocess.Popen(command(graph, socket), start_new_session=True)
        try:
            with closing(LocalStore(socket, connections=1)) as store:
                _await(store.ready, process)
                answer = store.query(text, formats)
                return answer.kind, answer.body
        finally:
            process.terminate()
            process.wait()


def _await(ready: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise StoreUnavailable("The query engine did not start.")
        time.sleep(0.01)


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return rows as a text table; widths follow the longest value of each column."""
    widths = [max(len(line[n]) for line in [header, *rows]) for n in range(len(header))]
    lines = ["  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)) for line in rows]
    head = "  ".join(name.ljust(width) for name, width in zip(header, widths, strict=True))
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(line.rstrip() for line in (head, rule, *lines))
