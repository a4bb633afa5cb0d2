"""The limits of a child, laid in the hands of the kernel: it ends native code that no Python handler could reach."""

import ctypes
import fcntl
import math
import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migov.store.interface import Limits
from migov.store.seal import seal

LONG = 0.2
"""Seconds of CPU after which a query runs at the lowest priority, so that small ones overtake it."""
STACK = 64 * 2**20
"""Bytes of stack: the engine recurses into a query, and what ``guard`` lets through must fit many times over."""
_OPEN = 64
_GROWN = 64 * 2**20


class Confinement:
    """Everything a child may not do, set once; and a guard around each query."""

    def __init__(self, connection: socket.socket, on_disk: bool = False) -> None:
        """Take away files and sockets: SERVICE, FROM <file:…> or a bug can open nothing whatever a query says.

        An index that is ``on_disk`` needs its files; then only sockets are taken away.
        """
        self._connection = connection
        self._flags = fcntl.fcntl(connection, fcntl.F_GETFL)
        self._address_space = _address_space()
        self._memory = 0  # the limit now set; none yet
        self.settle()
        self._priority = os.getpriority(os.PRIO_PROCESS, 0)
        _lower(resource.RLIMIT_STACK, STACK)
        _lower(resource.RLIMIT_CORE, 0)
        if on_disk:
            seal()
        else:
            _lower(resource.RLIMIT_NOFILE, 0)
        fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
        # libc's nice() has the signature of a signal handler: SIGPROF (27) calls nice(27), in native code too.
        libc = ctypes.CDLL(None)
        libc.signal(signal.SIGPROF, ctypes.cast(libc.nice, ctypes.c_void_p))

    def settle(self) -> None:
        """Take the memory that the child has now for what it needs at rest."""
        self._peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Let the child open files and sockets while it asks an engine, which it does for itself, not for a query."""
        _lower(resource.RLIMIT_NOFILE, _OPEN)
        try:
            yield
        finally:
            _lower(resource.RLIMIT_NOFILE, 0)

    def arm(self, limits: Limits) -> bool:
        """Start the clocks for one query; False when the client has hung up already.

        SIGALRM (deadline), SIGXCPU (CPU of any native thread) and SIGIO (the client hung up) end the process by
        their default action.
        """
        signal.setitimer(signal.ITIMER_REAL, max(limits.deadline, 0.001))  # 0 would mean no deadline
        signal.setitimer(signal.ITIMER_PROF, LONG)
        _lower(resource.RLIMIT_CPU, math.ceil(sum(os.times()[:2]) + limits.deadline) + 1)
        if self._address_space and limits.child_memory != self._memory:
            self._memory = limits.child_memory
            _lower(resource.RLIMIT_AS, self._address_space + self._memory)
        fcntl.fcntl(self._connection, fcntl.F_SETFL, self._flags | os.O_ASYNC)
        try:
            return bool(self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True

    def disarm(self) -> None:
        """Stop the clocks: what is finished may be sent in peace."""
        fcntl.fcntl(self._connection, fcntl.F_SETFL, self._flags)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)

    def worn(self) -> bool:
        """Tell whether the child has grown or sunk in priority, so that a fresh one should take the next query."""
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self._peak) * 1024
        return grown > _GROWN or os.getpriority(os.PRIO_PROCESS, 0) != self._priority


def _lower(limit: int, value: int) -> None:
    """Set a soft limit, no higher than the hard one."""
    hard = resource.getrlimit(limit)[1]
    resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _address_space() -> int:
    """Return the bytes of address space in use; 0 where the system does not tell (then memory is not bounded)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
