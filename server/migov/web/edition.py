"""One release as it is served: its application, its store, its memory of answers.

A request belongs to the edition that was current when it came, to its last byte; so no answer mixes two releases.
"""

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from migov.graph import release
from migov.settings import DEFAULTS
from migov.store.awaited import AwaitedStore
from migov.store.local import LocalStore
from migov.web.app import create_app
from migov.web.cache import Cache, Repeats
from migov.web.environ import WSGI, Answer, Scope
from migov.web.places import SERVING, SOCKET
from migov.web.querying import Querying
from migov.web.site import NAME, Config
from migov.web.warming import Warming


def _nothing() -> None:
    """Leave nothing to close."""


@dataclass
class Edition:
    """A release being served, and how many requests are under way in it."""

    app: WSGI
    release: str = ""
    number: int = 0
    ready: Callable[[], bool] = lambda: True
    close: Callable[[], None] = _nothing
    querying: Querying | None = None
    cache: Cache = field(default_factory=Cache)
    repeats: Repeats = field(default_factory=Repeats)
    users: int = 0
    made: deque[tuple[Scope, Answer]] = field(default_factory=deque)
    """Answers that were made before anybody asked, for the memory to take up."""

    def remember(self) -> None:
        """Take up what has been made; only for the event loop's own thread, as the memory is."""
        while self.made:
            self.cache.keep(*self.made.popleft())


def current(folder: Path) -> int:
    """The number of the edition that a server's folder says is to be served."""
    return int(os.readlink(folder / SERVING))


def take(folder: Path, number: int, public_url: str, note: Callable[[str], None]) -> Edition:
    """Open an edition; its store need not answer yet. ``note`` is told why each query that is ended was ended."""
    place = folder / str(number)
    served = release.current(place)
    places = int(DEFAULTS["concurrent_queries"])
    store = LocalStore(place / SOCKET, 2 * places, patience=DEFAULTS["deadline"], note=note, primed=1)
    awaited = AwaitedStore(place / SOCKET, patience=DEFAULTS["deadline"], note=note)
    app = create_app(store, served, Config(public_url=public_url))
    warming = Warming(app, store.ready)

    def close() -> None:
        warming.stop()
        store.close()
        awaited.close()

    querying = Querying(app.extensions[NAME], awaited)
    return Edition(app, served.id, number, store.ready, close, querying, made=warming.made)
