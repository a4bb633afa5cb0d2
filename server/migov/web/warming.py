"""What a worker does before anybody asks: it makes a few pages, so that no reader waits for what is made only once.

Templates are compiled, the answers of the build read, catalogues of translations loaded, a child of the store primed;
and the pages themselves, among them those that take longest, are there for whoever asks for one.
"""

import gc
from collections import deque
from collections.abc import Callable
from io import BytesIO
from threading import Event, Thread
from typing import Final

from migov.web.environ import WSGI, Answer, Scope, environ_of, run_wsgi
from migov.web.language import LANGUAGES, in_language
from migov.web.negotiation import HTML

_PATHS: Final = (
    "/",
    "/page/state/PHL",
    "/page/document/icrmw",
    "/page/org/iom",
    "/page/org/iom?list=organization.Membership",
    "/page/document/iom-constitution",
    "/page/person/antonio-vitorino",
    "/network/state/PHL",
    "/matrix",
    "/matrix/PHL/icrmw",
    "/compare",
    "/compare?a=state/PHL&b=state/MEX",
    "/browse",
    "/browse/State",
    "/search?q=iom",
    "/library",
    "/sparql",
    "/page/ontology",
    "/sources",
    "/quality",
    "/about",
    "/sitemap.xml",
)
"""A page of each kind; one that a release does not have is no matter."""
_LONG: Final = (
    "/network/org/iom",
    *(f"/page/document/{treaty}" for treaty in ("crc", "cedaw", "icerd", "iccpr", "icescr", "crpd", "untoc")),
)
"""Those that take longest."""
_IN_ALL_LANGUAGES: Final = ("/", "/page/org/iom", "/network/org/iom")
_LOOK_SECONDS: Final = 0.2


class Warming:
    """Makes pages in a thread as soon as the store is ready, until they are ``made`` or it is to stop."""

    def __init__(self, app: WSGI, ready: Callable[[], bool]) -> None:
        self._app = app
        self._ready = ready
        self._over = Event()
        self.made: deque[tuple[Scope, Answer]] = deque()
        Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """Make no further pages."""
        self._over.set()

    def _work(self) -> None:
        while not self._over.is_set() and not self._ready():
            self._over.wait(_LOOK_SECONDS)
        first, *others = LANGUAGES
        spoken = [(path, first) for path in (*_PATHS, *_LONG)]
        for tag in others:
            spoken += [(path, tag) for path in _IN_ALL_LANGUAGES]
            spoken += [(in_language(path, tag), tag) for path in _IN_ALL_LANGUAGES]
        for path, tag in spoken:
            if self._over.is_set():
                return
            self._make(path, tag)
        gc.unfreeze()
        gc.collect()
        gc.freeze()  # what is made once stays: to look through it again takes longer than most pages

    def _make(self, path: str, language: str) -> None:
        address, _, query = path.partition("?")
        scope = Scope("GET", address, query, {"accept": HTML.media_type, "accept-language": language})
        nothing = {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
        self.made.append((scope, run_wsgi(self._app, environ_of(scope) | nothing)))
