"""The local store: a pool of connections to the store process, each with a child of its own behind it."""

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import BoundedSemaphore, Lock

from migov import errors
from migov.settings import DEFAULTS
from migov.store import terms, wire
from migov.store.interface import (
    DEFAULT_DATASET,
    DEFAULT_LIMITS,
    NO_BINDINGS,
    Answer,
    Cancel,
    Dataset,
    Kind,
    Limits,
)
from migov.store.terms import Term

_HELLO_SECONDS = 5.0
_GRACE_SECONDS = 2.0
"""How long beyond its deadline a child may be silent (it is ended by the kernel, so only a stopped one is)."""
_TIMEOUTS = {signal.SIGALRM, signal.SIGXCPU}
_AGAIN_SECONDS = 0.02


class Gone(Exception):
    """The child ended before its answer was whole. ``status`` is its wait status; None when the parent is gone too."""

    def __init__(self, status: int | None, sent: bool) -> None:
        super().__init__(status)
        self.status = status
        self.signal = signal.Signals(os.WTERMSIG(status)) if status and os.WIFSIGNALED(status) else None
        # A child that finds its parent gone does not begin.
        self.untouched = not sent or status is None


class Connection:
    """One connection, the child behind it, and the pipe that tells how the child ended."""

    def __init__(self, path: Path, seconds: float) -> None:
        """Connect; raises ``StoreUnavailable`` when the store process does not answer in time."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(seconds)
        try:
            self._socket.connect(str(path))
            hello, pipes, _, _ = socket.recv_fds(self._socket, 4096, 1)
            self.generation: str = json.loads(hello)["generation"]
            (self._status,) = pipes
        except (OSError, ValueError):
            self._socket.close()
            raise errors.StoreUnavailable("The query engine does not answer; it is being restarted.") from None

    def ask(
        self, header: wire.Header, body: bytes, seconds: float, expect: Callable[[int], None]
    ) -> tuple[wire.Header, bytes]:
        """Send a request and wait for its answer; raises ``Gone``, and TimeoutError after ``seconds``."""
        self._socket.settimeout(seconds)
        sent = False
        try:
            wire.send(self._socket, header, body)
            sent = True
            answer = wire.receive(self._socket, expect)
        except ConnectionError:
            answer = None
        if answer is None:
            raise Gone(self._end(), sent)
        return answer

    def _end(self) -> int | None:
        """Wait for the parent's word on how the child ended."""
        readable = select.select([self._status], [], [], _GRACE_SECONDS)[0]
        data = os.read(self._status, wire.STATUS.size) if readable else b""
        return int(wire.STATUS.unpack(data)[0]) if data else None

    def abort(self) -> None:
        """Hang up, from any thread: the child's query ends, and ``ask`` with it."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up and give back both descriptors."""
        self._socket.close()
        os.close(self._status)


class LocalStore:
    """A ``Store`` over the socket of a store process; it survives the restart of that process.

    At most ``connections`` queries run at once; a further one waits for its deadline, then ``TooBusy`` is raised;
    what it waited is taken off its time. A store process that is not there, or ends, is waited for as long as
    ``patience`` and the deadline allow. ``note`` is told the reason when a child is ended: deadline, memory,
    total-memory, crash, left or restart.
    Make one in each process that needs one: a pool must not be carried over a fork.
    """

    def __init__(
        self,
        path: Path | str,
        connections: int = 8,
        *,
        patience: float = 0,
        note: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._path = Path(path)
        self._patience = patience
        self._note = note
        self._free = BoundedSemaphore(connections)
        self._idle: list[Connection] = []
        self._lock = Lock()
        self._generation: str | None = None

    @property
    def generation(self) -> str | None:
        """The SHA-256 of the N-Quads file behind the latest connection; None before the first."""
        return self._generation

    def ready(self) -> bool:
        """Tell whether a child answers now, on a pooled connection if there is one; waits few seconds at most."""
        limits = Limits(deadline=1.0)
        try:
            reply, _ = self._ask({"ask": "ping"}, b"", limits, Cancel(), 0)
        except errors.LimitExceeded:
            return False
        return "error" not in reply

    def close(self) -> None:
        """Close the idle connections; the store stays usable."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def query(
        self,
        text: str,
        formats: Mapping[Kind, str | None],
        *,
        dataset: Dataset = DEFAULT_DATASET,
        base: str | None = None,
        bindings: Mapping[str, Term] = NO_BINDINGS,
        limits: Limits = DEFAULT_LIMITS,
        cancel: Cancel | None = None,
    ) -> Answer:
        """Run a query in a child; see ``Store.query``."""
        header = {
            "ask": "query",
            "formats": dict(formats),
            "dataset": vars(dataset),
            "base": base,
            "bindings": {name: terms.to_json(term) for name, term in bindings.items()},
        }
        reply, body = self._exchange(header, text, limits, cancel)
        return Answer(reply["kind"], reply["format"], body)

    def describe(
        self, iri: str, format: str, *, limits: Limits = DEFAULT_LIMITS, cancel: Cancel | None = None
    ) -> bytes:
        """Describe an entity in a child; see ``Store.describe``."""
        return self._exchange({"ask": "describe", "format": format}, iri, limits, cancel)[1]

    def rows(self, text: str, /, **bindings: Term) -> list[dict[str, Term]]:
        """Run a SELECT of our own; see ``Store.rows``."""
        solutions = json.loads(self.query(text, {"bindings": "json"}, bindings=bindings).body)["results"]["bindings"]
        return [{name: terms.from_json(term) for name, term in solution.items()} for solution in solutions]

    def _exchange(
        self, header: wire.Header, text: str, limits: Limits, cancel: Cancel | None
    ) -> tuple[wire.Header, bytes]:
        try:
            body = text.encode()
        except UnicodeEncodeError as error:
            raise errors.QuerySyntax(f"Half a character (a surrogate) at offset {error.start}.") from None
        start = time.monotonic()
        if not self._free.acquire(timeout=max(limits.deadline, 0)):
            raise errors.TooBusy("All places are taken by other queries.", retry_after=1)
        limits = limits.lowered(limits.deadline - round(time.monotonic() - start, 1))
        try:
            reply, result = self._ask(header, body, limits, cancel or Cancel(), self._patience)
        finally:
            self._free.release()
        if "error" in reply:
            raise getattr(errors, reply["error"])(reply["detail"], **reply["facts"])
        return reply, result

    def _ask(
        self, header: wire.Header, body: bytes, limits: Limits, cancel: Cancel, patience: float
    ) -> tuple[wire.Header, bytes]:
        """Try a pooled connection, then fresh ones: the store process may have been restarted in between."""
        start = time.monotonic()
        until = start + min(patience, limits.deadline)
        with self._lock:
            pooled = self._idle.pop() if self._idle else None
        while True:
            left = limits.lowered(limits.deadline - round(time.monotonic() - start, 1))
            try:
                return self._ask_one(pooled or self._connect(left), header, body, left, cancel)
            except Gone as gone:
                # Who ends a store with SIGTERM means no query; and queries only read, so asking again is safe.
                again = gone.untouched or (gone.signal == signal.SIGTERM and patience > 0)
                if not again or cancel.asked or (not pooled and time.monotonic() >= until):
                    raise self._verdict(gone, limits, cancel) from None
                self.close()
            except errors.StoreUnavailable:
                if cancel.asked or time.monotonic() >= until:
                    raise
            if not pooled:
                time.sleep(_AGAIN_SECONDS)
            pooled = None

    def _connect(self, limits: Limits) -> Connection:
        connection = Connection(self._path, min(max(limits.deadline, 1.0), _HELLO_SECONDS))
        self._generation = connection.generation
        return connection

    def _ask_one(
        self, connection: Connection, header: wire.Header, body: bytes, limits: Limits, cancel: Cancel
    ) -> tuple[wire.Header, bytes]:
        keep = False
        try:
            cancel.watch(connection.abort)
            request = {**header, "limits": vars(limits)}
            reply, result = connection.ask(request, body, limits.deadline + _GRACE_SECONDS, cancel.expect)
            keep = not reply.pop("last")
        except TimeoutError:
            self._note("deadline")
            raise _timeout(limits) from None
        finally:
            cancel.watch(None)
            if keep:
                with self._lock:
                    self._idle.append(connection)
            else:
                connection.close()
        return reply, result

    def _verdict(self, gone: Gone, limits: Limits, cancel: Cancel) -> errors.LimitExceeded:
        """Say why there is no answer, from what the parent reported of its child."""
        reason = "left" if cancel.asked else _reason(gone)
        self._note(reason)
        if reason == "left":
            return errors.LimitExceeded("The query was ended because nobody waits for it any more.")
        if reason == "deadline":
            return _timeout(limits)
        if reason == "restart":
            return errors.StoreUnavailable("The query engine was restarted; ask again.")
        if reason == "total-memory":
            most = int(DEFAULTS["total_memory"])
            detail = f"All queries together used more than {most:,} bytes; this one, which used the most, was ended."
            return errors.QueryMemory(detail, limit=most, unit="bytes")
        name = gone.signal.name if gone.signal else "an error of the engine"
        used = f"used more than {limits.child_memory:,} bytes or broke the engine ({name})"
        return errors.QueryMemory(f"The query was ended because it {used}.", limit=limits.child_memory, unit="bytes")


def _timeout(limits: Limits) -> errors.QueryTimeout:
    return errors.QueryTimeout(
        f"The query was ended at its deadline of {limits.deadline:g} seconds.", limit=limits.deadline, unit="seconds"
    )


def _reason(gone: Gone) -> str:
    if gone.signal in _TIMEOUTS:
        return "deadline"
    if gone.untouched or not gone.status or gone.signal == signal.SIGTERM:
        return "restart"
    if gone.signal == wire.TOO_MUCH:
        return "total-memory"
    return "memory" if gone.signal == signal.SIGABRT else "crash"
