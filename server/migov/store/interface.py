"""What a store promises, whichever engine is behind it: text goes in, finished bytes or one exception come out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType
from typing import Literal, Protocol

from migov.settings import DEFAULTS
from migov.store.terms import Term

Kind = Literal["bindings", "boolean", "graph"]
KINDS: tuple[Kind, ...] = ("bindings", "boolean", "graph")


@dataclass(frozen=True)
class Dataset:
    """The graphs a query sees, by IRI (SPARQL 1.1 Protocol, 2.1.4).

    Where either tuple has members they replace every FROM and FROM NAMED of the query. Where both are empty the
    query's own clauses hold, and a query without any sees the union of all named graphs as its default graph.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)


@dataclass(frozen=True)
class Limits:
    """What one query may take: seconds, bytes of result, and bytes of memory beyond the loaded graph."""

    deadline: float = DEFAULTS["deadline"]
    result_bytes: int = int(DEFAULTS["result_bytes"])
    child_memory: int = int(DEFAULTS["child_memory"])

    def lowered(self, deadline: float | None) -> "Limits":
        """Return the same limits with at most ``deadline`` seconds: clients may lower it, never raise it."""
        if deadline is None or deadline >= self.deadline:
            return self
        return replace(self, deadline=max(deadline, 0.001))


@dataclass(frozen=True)
class Answer:
    """A whole result: its kind, the key of the format it is written in, and its bytes.

    ``absent`` holds, where it was asked for and there is no solution, the IRIs in the query that stand nowhere in the
    graph, each with its name in the query.
    """

    kind: Kind
    format: str
    body: bytes
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Cancel:
    """A handle that ends one running query from another thread; the query then raises ``LimitExceeded``.

    ``expect`` is told the bytes of a larger result before they are received, and may raise ``TooBusy``.
    """

    asked: bool = False
    expect: Callable[[int], None] = lambda size: None
    _abort: Callable[[], None] | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self) -> None:
        """End the query, or keep it from starting."""
        with self._lock:
            self.asked = True
            if self._abort:
                self._abort()

    def watch(self, abort: Callable[[], None] | None) -> None:
        """Say how the work now under way is ended (None when it is over); for stores only."""
        with self._lock:
            self._abort = abort
            if self.asked and abort:
                abort()


NO_BINDINGS: Mapping[str, Term] = MappingProxyType({})
DEFAULT_DATASET = Dataset()
DEFAULT_LIMITS = Limits()


class Store(Protocol):
    """One release of the graph, read only. Every method may be called from many threads at once.

    All methods raise ``QueryTimeout``, ``QueryMemory``, ``ResultTooLarge``, ``TooBusy`` and ``StoreUnavailable``.
    """

    @property
    def generation(self) -> str | None:
        """The SHA-256 of the N-Quads file behind the latest answer; None before the first."""

    def ready(self) -> bool:
        """Tell whether the engine answers now; never raises and never waits long."""

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
        """Run a SPARQL 1.1 query and return its whole result, and on request what it names in vain.

        ``formats`` names, for each kind of result, a key of ``formats.BINDINGS``, ``BOOLEAN`` or ``GRAPH``; None, or
        a missing kind, means that the client takes no such result. ``base`` is that of the release: what relative
        IRIs resolve against where the query has no BASE (RFC 3986, 5.1.4), and what our own namespaces begin with.
        The prefixes of the graph need no declaration; declared ones win. ``bindings`` give values to variables; a
        SELECT must project those that stand anywhere but in triple patterns.

        Raises ``QuerySyntax`` (facts: line, column), ``QueryTooComplex`` (likewise), ``QueryRefused`` (an update,
        or federation), ``NotAcceptable`` (facts: kind, available) and ``Unserialisable`` (facts: available).
        """

    def describe(
        self, iri: str, format: str, *, limits: Limits = DEFAULT_LIMITS, cancel: Cancel | None = None
    ) -> bytes:
        """Return all that is said of an entity, sorted, in a format of ``formats.GRAPH``.

        That is: its own triples; every assertion that mentions it, with its evidence; and the type and labels of
        everything these name. TriG and N-Quads keep the graphs. Raises ``NoSuchEntity`` and ``Unserialisable``.
        """

    def rows(self, text: str, /, **bindings: Term) -> list[dict[str, Term]]:
        """Run one of our own SELECT queries and return its solutions; unbound variables are missing keys."""
