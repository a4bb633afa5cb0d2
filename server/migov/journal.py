"""One line for each request on standard error: JSON for machines, words on a terminal.

Lines are written by a thread of their own, so that a reader who stops reading stops no request; what does not fit
into its short memory is dropped and counted.
"""

import contextlib
import json
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

_MOST_LINES: Final = 10_000
_GATHER_SECONDS: Final = 0.05
_PATH_CHARACTERS: Final = 300
JSON, TEXT, OFF = "json", "text", "off"


class Entry(NamedTuple):
    """What is told of one request: no query string, no body and no header but the id, for those may hold secrets."""

    request: str
    client: str
    method: str
    path: str
    status: int
    ms: float
    size: int
    kind: str
    outcome: str
    release: str


class Journal:
    """Writes lines in one of the three forms; may be called from any thread."""

    def __init__(self, form: str, dropped: Callable[[], None] = lambda: None) -> None:
        self.form = form
        self._dropped = dropped
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        if form != OFF:
            threading.Thread(target=self._write, daemon=True, name="journal").start()

    def request(self, entry: Entry) -> None:
        """Tell of one request."""
        if self.form == JSON:
            self._put(_as_json(entry))
        elif self.form == TEXT:
            self._put(_as_text(entry))

    def event(self, level: str, message: str, **facts: Any) -> None:
        """Tell of anything else."""
        if self.form != OFF:
            self._put(event(self.form, level, message, **facts))

    def _put(self, line: str) -> None:
        if self._lines.qsize() < _MOST_LINES:
            self._lines.put(line)
        else:
            self._dropped()

    def flush(self) -> None:
        """Write what has not been written yet."""
        if lines := self._waiting():
            self._out(lines)

    def _waiting(self) -> list[str]:
        lines = []
        with contextlib.suppress(queue.Empty):
            while True:
                lines.append(self._lines.get_nowait())
        return lines

    def _write(self) -> None:
        while True:
            first = self._lines.get()
            time.sleep(_GATHER_SECONDS)  # one write for many requests, or each would wait for this thread to wake
            self._out([first, *self._waiting()])

    def _out(self, lines: list[str]) -> None:
        try:
            os.write(2, ("\n".join(lines) + "\n").encode("utf-8", "replace"))
        except OSError:  # nobody holds the other end any more
            self._dropped()


class Handler(logging.Handler):
    """Brings the records of ``logging`` into a journal."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; a traceback is one member of the line."""
        facts = {"trace": self.format(record)} if record.exc_info else {}
        self._journal.event(record.levelname.lower(), record.getMessage(), **facts)


def form_of(asked: str) -> str:
    """Return the form that MIGOV_LOG asks for; raises ValueError for a word that names none."""
    if asked not in {JSON, TEXT, OFF, "auto"}:
        raise ValueError(f"MIGOV_LOG is {asked!r}: it must be json, text, off or auto.")
    return asked if asked != "auto" else TEXT if sys.stderr.isatty() else JSON


def event(form: str, level: str, message: str, **facts: Any) -> str:
    """Return the line of an event in a form."""
    if form == JSON:
        return json.dumps({"time": _now(), "level": level, "event": message, **facts}, ensure_ascii=False)
    told = "".join(f" {name}={value}" for name, value in facts.items() if name != "trace")
    return f"{_now()} {level}: {message}{told}" + (f"\n{facts['trace']}" if "trace" in facts else "")


def say(level: str, message: str, **facts: Any) -> None:
    """Write the line of an event at once, as processes do that answer no requests."""
    form = form_of(os.environ.get("MIGOV_LOG", "auto"))
    if form != OFF:
        print(event(form, level, message, **facts), file=sys.stderr, flush=True)


def _now() -> str:
    now = time.time()
    return f"{_second(int(now))}.{int(now % 1 * 1000):03d}Z"


@lru_cache(1)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _as_json(entry: Entry) -> str:
    """Return one line; written by hand, since every request pays for it."""
    outcome = f',"outcome":"{entry.outcome}"' if entry.outcome else ""
    return (
        f'{{"time":"{_now()}","request":"{entry.request}","client":{encode_basestring(entry.client)},'
        f'"method":{encode_basestring(entry.method[:20])},"path":{encode_basestring(entry.path[:_PATH_CHARACTERS])},'
        f'"status":{entry.status},"ms":{entry.ms:.1f},"bytes":{entry.size},"from":"{entry.kind}"{outcome},'
        f'"release":"{entry.release[:12]}"}}'
    )


def _as_text(entry: Entry) -> str:
    path = entry.path[:_PATH_CHARACTERS].encode("unicode_escape").decode()
    start = f"{entry.status} {entry.method[:20]} {path}"
    outcome = f" {entry.outcome}" if entry.outcome else ""
    return f"{start}  {entry.ms:.1f} ms, {entry.size:,} bytes, {entry.kind}{outcome}  {entry.client} {entry.request}"
