"""A process that holds the loaded graph and the listening socket, and forks the parent that serves them.

Loading takes seconds, forking some milliseconds: a parent that dies is replaced before its clients' deadlines notice,
and the graph, shared copy-on-write, takes no memory twice. If this process dies itself the parent serves on until
somebody else listens at the path.
"""

import contextlib
import os
import select
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

from migov import journal
from migov.store.load import Graph
from migov.store.process import Parent, listen, pipe

STDIN = 0
_AGAIN_SECONDS = 0.02


def keep(graph: Graph, path: Path, most: int) -> None:
    """Serve a graph until SIGTERM, or until standard input closes, which tells that the supervisor is gone."""
    listener = listen(path)
    awake, wake = pipe()
    serving = 0
    signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    try:
        while True:
            serving = os.fork()
            if serving == 0:
                _become_parent(Parent(graph, path, listener, most))
            if not _outlives(serving, awake):
                return
            journal.say("warning", "the parent of the queries ended and is replaced", pid=serving)
            serving = 0
            time.sleep(_AGAIN_SECONDS)
    finally:
        if serving:
            os.kill(serving, signal.SIGTERM)
            os.waitpid(serving, 0)


def _outlives(pid: int, awake: int) -> bool:
    """Wait for the end of a child; False when standard input closed before."""
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if STDIN in select.select([awake, STDIN], [], [])[0] and not os.read(STDIN, 1):
            return False
        with contextlib.suppress(BlockingIOError):
            os.read(awake, 4096)
    return True


def _become_parent(parent: Parent) -> NoReturn:
    """Serve in this new process, and end it."""
    status = 1
    try:
        parent.run(None, STDIN)
        status = 0
    except SystemExit:
        status = 0
    finally:
        if status:
            traceback.print_exc()
        os._exit(status)
