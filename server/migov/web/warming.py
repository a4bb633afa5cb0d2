"""What a worker does before anybody asks: it makes a few pages, so that no reader waits for what is made only once.

Templates are compiled, the answers of the build read, catalogues of translations loaded, a child of the store primed.
"""

import gc
from collections.abc import Callable
from io import BytesIO
from threading import Event, Thread
from typing import Final

from migov.web.environ import WSGI, Scope, environ_of, run_wsgi
from migov.web.language import LANGUAGES

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
"""A page of each kind; one that a release does not have is no matter. In other languages only the first is made."""
_LOOK_SECONDS: Final = 0.2


class Warming:
    """Makes pages in a thread as soon as the store is ready, until they are made or it is to stop."""

    def __init__(self, app: WSGI, ready: Callable[[], bool]) -> None:
        self._app = app
        self._ready = ready
        self._over = Event()
        Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """Make no further pages."""
        self._over.set()

    def _work(self) -> None:
        while not self._over.is_set() and not self._ready():
            self._over.wait(_LOOK_SECONDS)
        first, *others = LANGUAGES
        spoken = [(path, first) for path in _PATHS] + [(_PATHS[0], language) for language in others]
        for path, language in spoken:
            if self._over.is_set():
                return
            self._make(path, language)
        gc.unfreeze()
        gc.collect()
        gc.freeze()  # what is made once stays: to look through it again takes longer than most pages

    def _make(self, path: str, language: str) -> None:
        address, _, query = path.partition("?")
        headers = {"accept": "text/html", "accept-language": language}
        nothing = {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
        run_wsgi(self._app, environ_of(Scope("GET", address, query, headers)) | nothing)
