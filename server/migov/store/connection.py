"""One connection to a store process, the child behind it, and what it means when that child is gone."""

import json
import os
import select
import signal
import socket
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from migov import errors
from migov.settings import DEFAULTS
from migov.store import terms, wire
from migov.store.interface import Answer, Dataset, Kind, Limits
from migov.store.terms import Term

GRACE_SECONDS: Final = 2.0
"""How long beyond its deadline a child may be silent (it is ended by the kernel, so only a stopped one is)."""
AGAIN_SECONDS: Final = 0.02
"""How long to wait before a store process that is not there is looked for again."""
_HELLO_SECONDS: Final = 5.0
_TIMEOUTS: Final = {signal.SIGALRM, signal.SIGXCPU}


class Gone(Exception):
    """The child ended before its answer was whole. ``status`` is its wait status; None when the parent is gone too."""

    def __init__(self, status: int | None, sent: bool) -> None:
        super().__init__(status)
        self.status = status
        self.signal = signal.Signals(os.WTERMSIG(status)) if status and os.WIFSIGNALED(status) else None
        # A child that finds its parent gone does not begin.
        self.untouched = not sent or status is None

    @property
    def mistaken(self) -> bool:
        """Whether the child took its client for gone, so that one that is still there asks another at once.

        The kernel signals what happens to a connection (O_ASYNC, see ``kernel``) after it has happened: a child that is
        quick may have read a whole request before it is told that there is one.
        """
        return self.signal == signal.SIGIO

    def may_ask_again(self, patience: float) -> bool:
        """Whether it was no fault of the query: who ends a store with SIGTERM means none, and queries only read."""
        return self.untouched or (self.signal == signal.SIGTERM and patience > 0)

    @property
    def reason(self) -> str:
        """Why it ended: deadline, restart, total-memory, memory or crash."""
        if self.signal in _TIMEOUTS:
            return "deadline"
        if self.untouched or not self.status or self.signal == signal.SIGTERM:
            return "restart"
        if self.signal == wire.TOO_MUCH:
            return "total-memory"
        return "memory" if self.signal == signal.SIGABRT else "crash"

    def verdict(self, limits: Limits) -> errors.LimitExceeded:
        """Say why there is no answer, from what the parent reported of its child."""
        if self.reason == "deadline":
            return timeout(limits)
        if self.reason == "restart":
            return errors.StoreUnavailable("The query engine was restarted; ask again.")
        if self.reason == "total-memory":
            most = int(DEFAULTS["total_memory"])
            detail = f"All queries together used more than {most:,} bytes; this one, which used the most, was ended."
            return errors.QueryMemory(detail, limit=most, unit="bytes")
        name = self.signal.name if self.signal else "an error of the engine"
        used = f"used more than {limits.child_memory:,} bytes or broke the engine ({name})"
        return errors.QueryMemory(f"The query was ended because it {used}.", limit=limits.child_memory, unit="bytes")


def timeout(limits: Limits) -> errors.QueryTimeout:
    """The error of a query that was ended at its deadline."""
    return errors.QueryTimeout(
        f"The query was ended at its deadline of {limits.deadline:g} seconds.", limit=limits.deadline, unit="seconds"
    )


def left() -> errors.LimitExceeded:
    """The error of a query that was ended because its client left; nobody will read it."""
    return errors.LimitExceeded("The query was ended because nobody waits for it any more.")


def greeted(path: Path, deadline: float) -> tuple[socket.socket, str, int]:
    """Connect; return the socket, the generation of the graph, and the pipe that tells how the child ended.

    Raises ``StoreUnavailable`` when the store process does not answer in time.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(min(max(deadline, 1.0), _HELLO_SECONDS))
    try:
        connection.connect(str(path))
        hello, pipes, _, _ = socket.recv_fds(connection, 4096, 1)
        generation: str = json.loads(hello)["generation"]
        (status,) = pipes
    except (OSError, ValueError):
        connection.close()
        raise errors.StoreUnavailable("The query engine does not answer; it is being restarted.") from None
    return connection, generation, status


def ending(pipe: int) -> int | None:
    """Wait for the parent's word on how the child ended; None when there is none."""
    readable = select.select([pipe], [], [], GRACE_SECONDS)[0]
    data = os.read(pipe, wire.STATUS.size) if readable else b""
    return int(wire.STATUS.unpack(data)[0]) if data else None


Asking = Callable[[Limits], bytes]
"""What makes the header of a frame that asks something, once it is known what time is left for it."""


def asking(
    formats: Mapping[Kind, str | None],
    dataset: Dataset,
    base: str | None,
    bindings: Mapping[str, Term],
    absent: bool,
) -> Asking:
    """Ask a query."""
    if bindings or dataset:
        header: wire.Header = {
            "formats": dict(formats),
            "dataset": vars(dataset),
            "base": base,
            "bindings": {name: terms.to_json(term) for name, term in bindings.items()},
            "absent": absent,
        }
        return other("query", **header)
    return partial(_usual, tuple(formats.items()), base, absent)


def other(ask: str, **header: Any) -> Asking:
    """Ask anything else."""
    return lambda limits: wire.encoded({"ask": ask, **header, "limits": vars(limits)})


@lru_cache(maxsize=1024)
def _usual(formats: tuple[tuple[Kind, str | None], ...], base: str | None, absent: bool, limits: Limits) -> bytes:
    """The header of a query of which nothing is given beside its text."""
    header = {"formats": dict(formats), "dataset": vars(Dataset()), "base": base, "bindings": {}, "absent": absent}
    return other("query", **header)(limits)


def encoded(text: str) -> bytes:
    """A query as the store reads it; raises ``QuerySyntax`` for what is no Unicode text."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise errors.QuerySyntax(f"Half a character (a surrogate) at offset {error.start}.") from None


def opened(reply: wire.Header) -> wire.Header:
    """The header of an answer; raises the error that it tells of."""
    if "error" in reply:
        facts: dict[str, Any] = reply["facts"]
        raise getattr(errors, reply["error"])(reply["detail"], **facts)
    return reply


def answered(reply: wire.Header, body: bytes) -> Answer:
    """The answer to a query; raises the error that its header tells of."""
    reply = opened(reply)
    return Answer(reply["kind"], reply["format"], body, reply.get("absent", {}))


class Connection:
    """A connection whose user waits for each answer; ``primed`` where its child is, see ``Graph.prime``."""

    def __init__(self, path: Path, deadline: float) -> None:
        """Connect; raises ``StoreUnavailable`` when the store process does not answer in time."""
        self._socket, self.generation, self._status = greeted(path, deadline)
        self.primed = False

    def ask(self, head: bytes, body: bytes, seconds: float, expect: Callable[[int], None]) -> tuple[wire.Header, bytes]:
        """Send a request and wait for its answer; raises ``Gone``, and TimeoutError after ``seconds``."""
        self._socket.settimeout(seconds)
        sent = False
        try:
            wire.send(self._socket, head, body)
            sent = True
            answer = wire.receive(self._socket, expect)
        except ConnectionError:
            answer = None
        if answer is None:
            raise Gone(ending(self._status), sent)
        return answer

    def abort(self) -> None:
        """Hang up, from any thread: the child's query ends, and ``ask`` with it."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up and give back both descriptors."""
        self._socket.close()
        os.close(self._status)
