"""What an engine's refusal means here: one of our own errors, with the engine's words where they help."""

import re
from http import HTTPStatus
from typing import Final

from migov import errors
from migov.store.engine import Response

_SLOW: Final = re.compile(
    r"time[ -]?(?:d )?out|S1T00|exceeds the limit|too long|Anytime|operation has been cancelled", re.IGNORECASE
)
_LARGE: Final = re.compile(r"memory|too many|too large", re.IGNORECASE)
_NO_ENDPOINT: Final = {*range(300, 400), HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, 406, 415}
_SECONDS: Final = 2
_MOST = 300


def verdict(response: Response, accept: str) -> errors.MigovError | None:
    """Return the error to raise for an answer that is no result; None for a whole result.

    Virtuoso answers 200 with what it has when its time is over, and says so in ``X-SQL-State`` only: that is a
    time-out here, never a result.
    """
    status, headers = response.status, response.headers
    if "x-sql-state" in headers:
        return _slow(headers.get("x-sql-message", headers["x-sql-state"]))
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == HTTPStatus.OK:
        if kind in accept:
            return None
        return errors.StoreUnavailable(f"What is asked is no SPARQL endpoint: it answers in {kind or 'no media type'}.")
    told = " ".join(response.body[:4096].decode("utf-8", "replace").split())[:_MOST]
    if status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT) or (status >= 500 and _SLOW.search(told)):
        return _slow(told)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or (status >= 500 and _LARGE.search(told)):
        return errors.QueryMemory(f"The engine has not the room to answer this query: {told}")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return errors.TooBusy("The engine has too much to do.", retry_after=_SECONDS)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return errors.StoreUnavailable("The engine does not let this server in.")
    if status == HTTPStatus.BAD_REQUEST or told.startswith("Virtuoso "):  # whose 500 is as often the query's fault
        return errors.QuerySyntax(f"The engine behind this endpoint cannot run this query: {told}")
    if status in _NO_ENDPOINT:
        return errors.StoreUnavailable(f"What is asked is no SPARQL endpoint: it answers {status} to a query.")
    return errors.StoreUnavailable(f"The engine failed with status {status}: {told}")


def unreadable(response: Response, error: Exception) -> errors.MigovError:
    """Return the error to raise for a body that is not what its header says: cut, or ended with an excuse.

    The Oxigraph server answers 200 and, when its time is over, ends the result so far with a sentence.
    """
    end = response.body[-200:].decode("utf-8", "replace")
    if _SLOW.search(end):
        return _slow(" ".join(end.rpartition("}")[2].rpartition(" .")[2].split()))
    return errors.StoreUnavailable(f"The engine's answer cannot be read, so it may be cut: {error}.")


def _slow(told: str) -> errors.QueryTimeout:
    return errors.QueryTimeout(f"The query was ended by the engine's own limit of time: {told}")
