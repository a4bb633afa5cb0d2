"""The local store: a pool of connections to the store process, each with a child of its own behind it."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread

from migov import errors
from migov.store import connection, terms, wire
from migov.store.connection import (
    AGAIN_SECONDS,
    GRACE_SECONDS,
    Asking,
    Connection,
    Gone,
    answered,
    asking,
    encoded,
    opened,
    other,
)
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

_PRIMING_SECONDS = 60.0


class LocalStore:
    """A ``Store`` over the socket of a store process; it survives the restart of that process.

    At most ``connections`` queries run at once; a further one waits for its deadline, then ``TooBusy`` is raised;
    what it waited is taken off its time. A store process that is not there, or ends, is waited for as long as
    ``patience`` and the deadline allow. ``note`` is told the reason when a child is ended: deadline, memory,
    total-memory, crash, left or restart. Of its connections as many as ``primed`` get a child that has copied the pages
    of the graph which queries write to (see ``Graph.prime``); they are used before others.
    Make one in each process that needs one: a pool must not be carried over a fork.
    """

    def __init__(
        self,
        path: Path | str,
        connections: int = 8,
        *,
        patience: float = 0,
        note: Callable[[str], None] = lambda reason: None,
        primed: int = 0,
    ) -> None:
        self._path = Path(path)
        self._unprimed = primed  # those that are still to be primed
        self._closings = 0
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
            reply, _ = self._ask(other("ping"), b"", limits, Cancel(), 0)
        except errors.LimitExceeded:
            return False
        return "error" not in reply

    def close(self) -> None:
        """Close the idle connections; the store stays usable."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._closings += 1
        for link in idle:
            self._drop(link)

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
        absent: bool = False,
    ) -> Answer:
        """Run a query in a child; see ``Store.query``."""
        ask = asking(formats, dataset, base, bindings, absent)
        reply, body = self._exchange(ask, text, limits, cancel)
        return answered(reply, body)

    def describe(
        self, iri: str, format: str, *, limits: Limits = DEFAULT_LIMITS, cancel: Cancel | None = None
    ) -> bytes:
        """Describe an entity in a child; see ``Store.describe``."""
        return self._exchange(other("describe", format=format), iri, limits, cancel)[1]

    def rows(self, text: str, /, **bindings: Term) -> list[dict[str, Term]]:
        """Run a SELECT of our own; see ``Store.rows``."""
        solutions = json.loads(self.query(text, {"bindings": "json"}, bindings=bindings).body)["results"]["bindings"]
        return [{name: terms.from_json(term) for name, term in solution.items()} for solution in solutions]

    def _exchange(self, ask: Asking, text: str, limits: Limits, cancel: Cancel | None) -> tuple[wire.Header, bytes]:
        body = encoded(text)
        start = time.monotonic()
        if not self._free.acquire(timeout=max(limits.deadline, 0)):
            raise errors.TooBusy("All places are taken by other queries.", retry_after=1)
        limits = limits.lowered(limits.deadline - round(time.monotonic() - start, 1))
        try:
            reply, result = self._ask(ask, body, limits, cancel or Cancel(), self._patience)
        finally:
            self._free.release()
        return opened(reply), result

    def _ask(
        self, ask: Asking, body: bytes, limits: Limits, cancel: Cancel, patience: float
    ) -> tuple[wire.Header, bytes]:
        """Try a pooled connection, then fresh ones: the store process may have been restarted in between."""
        start = time.monotonic()
        until = start + min(patience, limits.deadline)
        pooled = self._pooled()
        while True:
            left = limits.lowered(limits.deadline - round(time.monotonic() - start, 1))
            try:
                return self._ask_one(pooled or self._connect(left), ask, body, left, cancel)
            except Gone as gone:
                if gone.mistaken and not cancel.asked:
                    pooled = None
                    continue
                if not gone.may_ask_again(patience) or cancel.asked or (not pooled and time.monotonic() >= until):
                    raise self._verdict(gone, limits, cancel) from None
                self.close()
            except errors.StoreUnavailable:
                if cancel.asked or time.monotonic() >= until:
                    raise
            if not pooled:
                time.sleep(AGAIN_SECONDS)
            pooled = None

    def _pooled(self) -> Connection | None:
        """An idle connection, best a primed one; where one is still to be primed, that is done beside this."""
        with self._lock:
            if self._unprimed:
                self._unprimed -= 1
                Thread(target=self._prime, daemon=True).start()
            return self._idle.pop() if self._idle else None

    def _prime(self) -> None:
        limits, closings = Limits(deadline=_PRIMING_SECONDS), self._closings
        try:
            link = self._connect(limits)
        except errors.StoreUnavailable:  # whoever needs a connection will say so
            with self._lock:
                self._unprimed += 1
            return
        link.primed = True
        try:
            link.ask(other("warm")(limits), b"", _PRIMING_SECONDS, lambda size: None)
        except (Gone, TimeoutError):
            self._drop(link)
            return
        (self._keep if closings == self._closings else self._drop)(link)

    def _keep(self, link: Connection) -> None:
        with self._lock:
            self._idle.insert(len(self._idle) if link.primed else 0, link)

    def _drop(self, link: Connection) -> None:
        with self._lock:
            self._unprimed += link.primed
        link.close()

    def _connect(self, limits: Limits) -> Connection:
        made = Connection(self._path, limits.deadline)
        self._generation = made.generation
        return made

    def _ask_one(
        self, link: Connection, ask: Asking, body: bytes, limits: Limits, cancel: Cancel
    ) -> tuple[wire.Header, bytes]:
        keep = False
        try:
            cancel.watch(link.abort)
            reply, result = link.ask(ask(limits), body, limits.deadline + GRACE_SECONDS, cancel.expect)
            keep = not reply["last"]
        except TimeoutError:
            self._note("deadline")
            raise connection.timeout(limits) from None
        finally:
            cancel.watch(None)
            if keep:
                self._keep(link)
            else:
                self._drop(link)
        return reply, result

    def _verdict(self, gone: Gone, limits: Limits, cancel: Cancel) -> errors.LimitExceeded:
        self._note("left" if cancel.asked else gone.reason)
        return connection.left() if cancel.asked else gone.verdict(limits)
