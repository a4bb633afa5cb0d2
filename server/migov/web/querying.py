"""The short way of queries: what programs ask of ``/sparql`` is answered on the event loop, with no thread between.

It answers as ``migov.web.sparql`` does, from the same parts; whatever is not a plain query of a program (a page, a
condition, a question for the service description) is left to the application.
"""

from typing import Final

from migov import errors
from migov.store import Cancel
from migov.store.awaited import AwaitedStore
from migov.web import protocol, representation, sparql, teaching
from migov.web.environ import Answer, Scope
from migov.web.negotiation import HTML, SPREADSHEET
from migov.web.protocol import Asked, Message
from migov.web.site import Site

_CONDITIONS: Final = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range")
_LEFT_TO_THE_APPLICATION: Final = (HTML, SPREADSHEET)


class Querying:
    """The queries of programs over one release."""

    def __init__(self, site: Site, store: AwaitedStore) -> None:
        self._site = site
        self._store = store

    def read(self, scope: Scope, body: bytes) -> Asked | None:
        """The query of a request; None where the application is to answer. Raises what a malformed one deserves."""
        if scope.path != "/sparql" or scope.method not in protocol.METHODS:
            return None
        headers = scope.headers
        if any(name in headers for name in _CONDITIONS):
            return None
        message = Message(
            scope.method,
            scope.query_string.encode("latin-1"),
            headers.get("accept"),
            headers.get("content-type", ""),
            body,
        )
        try:
            asked = protocol.read(message, self._site.config.query_bytes)
        except errors.MigovError:  # the application says so, to a program or on a page
            return None
        if not asked.text.strip() or any(form in _LEFT_TO_THE_APPLICATION for form in asked.formats.values()):
            return None
        return asked

    async def answer(self, asked: Asked, arrived: float, cancel: Cancel) -> Answer:
        """Answer a query; raises the errors of ``Store.query`` with what helps to mend it."""
        here = self._site
        limits = sparql.remaining(here.config.limits.lowered(asked.deadline), arrived)
        formats = sparql.written(asked)
        try:
            result = await self._store.query(
                asked.text, formats, dataset=asked.dataset, base=here.base, limits=limits, cancel=cancel, absent=True
            )
        except errors.MigovError as error:
            raise teaching.taught(error, asked.text) from None
        form = asked.formats[result.kind]
        assert form is not None  # the store refuses kinds without a format
        besides = [("content-disposition", sparql.disposition(form))]
        if said := teaching.notes(here, asked.text, asked.dataset, result):
            besides.append((teaching.NOTE_HEADER.lower(), teaching.as_header(said)))
        cache = sparql.caching(asked.text)
        fields = representation.fields(result.body, form, here.release.id, cache=cache, besides=besides)
        return Answer(200, fields, result.body)
