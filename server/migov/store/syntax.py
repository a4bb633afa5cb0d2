"""Turn the engine's complaint about a query into one that helps to mend it.

The engine reports the furthest character it looked at, up to a keyword's length beyond the mistake. So the query is
parsed once more with wide gaps between its tokens: the token before the gap reached is the one at fault.
"""

import re
from collections.abc import Mapping
from itertools import islice

import pyoxigraph as ox

from migov import errors
from migov.store import guard

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
_COMPLAINT = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_SYMBOL = re.compile(r'"([^"\s\w\\]{1,2})"')
_GAP = " " * 32  # longer than any keyword of SPARQL
_REASONS = {
    "Prefix not found": "The prefix “{prefix}:” is not declared.",
    "IRI parsing failed": "“{found}” does not make a whole IRI; a relative one needs BASE.",
    "variable that is unbound": "SELECT names a variable that is neither grouped nor aggregated.",
    "blank node": "A blank node label is used in two groups; each needs its own.",
}
_EMPTY = ox.Store()


def explain(text: str, prefixes: Mapping[str, str]) -> errors.RequestError:
    """Return the error to raise for query text that the engine refuses."""
    if _is_update(text):
        return errors.QueryRefused("This endpoint is read only: SELECT, ASK, CONSTRUCT and DESCRIBE are answered.")
    token, complaint = _fault(text, prefixes)
    found = _short(token.text) if token else ""
    place = guard.place(text, token.start if token else len(text.rstrip()))
    for reason, message in _REASONS.items():
        if reason in complaint:
            return errors.QuerySyntax(message.format(found=found, prefix=found.partition(":")[0]), **place)
    if token is None:
        what = "The query ends too early: a bracket or quotation mark may not be closed."
        return errors.QuerySyntax(what + _expected(text, prefixes), **place)
    return errors.QuerySyntax(f"“{found}” cannot stand here." + _expected(text[: token.start], prefixes), **place)


def _is_update(text: str) -> bool:
    """Tell an update by its first word after BASE and PREFIX; only to say so, never to let anything pass."""
    words = (t.text.upper() for t in islice(guard.tokens(text), 1000) if t.kind == "word")
    return next((word for word in words if word not in ("PREFIX", "BASE")), "") in _UPDATES


def _complaint(text: str, prefixes: Mapping[str, str]) -> tuple[int, str]:
    """Parse text; return how far the engine came, as an offset, and what it missed."""
    try:
        _EMPTY.query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        match = _COMPLAINT.match(str(error))
        if match is None:
            return len(text), str(error)
        lines = text.split("\n")[: int(match[1]) - 1]
        return sum(len(line) + 1 for line in lines) + int(match[2]) - 1, match[3]
    return len(text), ""


def _fault(text: str, prefixes: Mapping[str, str]) -> tuple[guard.Token | None, str]:
    """Find the token the query fails at (None: its end), and the engine's words for it."""
    tokens = list(guard.tokens(text))
    spaced = ""
    starts = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        joined = before is not None and before.start + len(before.text) == token.start
        if not joined or {"open", "close", "mark"} & {token.kind, before.kind if before else ""}:
            spaced += _GAP
        starts.append(len(spaced))
        spaced += token.text
    spaced += _GAP
    reached, complaint = _complaint(spaced, prefixes)
    if reached >= len(spaced):
        return None, complaint
    at = sum(start <= reached for start in starts) - 1
    return tokens[max(at, 0)], complaint


def _expected(start: str, prefixes: Mapping[str, str]) -> str:
    """Say which symbols could follow this beginning of a query, where they are few."""
    symbols = sorted(set(_SYMBOL.findall(_complaint(start, prefixes)[1])))
    return f" Expected one of: {' '.join(symbols)}" if 0 < len(symbols) <= 8 else ""


def _short(text: str) -> str:
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= 40 else shown[:39] + "…"
