"""Turn the engine's complaint about a query into one that helps to mend it.

The engine reports the furthest character it looked at, up to a keyword's length beyond the mistake. So the query is
parsed once more with wide gaps between its tokens: the token before the gap reached is the one at fault.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice, pairwise

import pyoxigraph as ox

from migov import errors
from migov.store import guard

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
_COMPLAINT = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_SYMBOL = re.compile(r'"([^\s\w\\]{1,2})"')
_STARTS = (  # what a set of first characters begins, the widest first
    ({"?", "<", "'"}, "a term", set("?$<:'+-.") | {"_:"}),
    ({"?", "<"}, "a variable or an IRI", set("?$<:")),
    ({"<", ":"}, "an IRI", set("<:")),
    ({"?"}, "a variable", set("?$")),
)
_AFTER = {"ORDER": "BY", "GROUP": "BY", "NOT": "EXISTS or IN", "LIMIT": "a number", "OFFSET": "a number"}
_RARE = {"<<", "{|", "~"}  # of statements about statements, which hardly anybody means
_WORDS = re.findall(
    r"\w+",
    """
    BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY HAVING ORDER ASC DESC LIMIT
    OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND AS MINUS UNION FILTER NOT EXISTS IN TRUE FALSE
    COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL
    FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY
    HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM
    ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE
    """,
)
_GAP = " " * 32  # longer than any keyword of SPARQL
_REASONS = {
    "Prefix not found": "The prefix “{prefix}:” is not declared.",
    "IRI parsing failed": "“{found}” does not make a whole IRI; a relative one needs BASE.",
    "Duplicated variable name": "SELECT gives the same name to two columns.",
    "SELECT * is not authorized": "SELECT * cannot stand with GROUP BY: name the variables.",
    "blank node": "A blank node label is used in two groups; each needs its own.",
}
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_CLOSED = re.compile(r"""("|')\1\1.*|("|')(?:[^\\\r\n]|\\.)*\2""", re.DOTALL)
_EMPTY = ox.Store()


def explain(
    text: str, prefixes: Mapping[str, str], base: str | None = None, known: Iterable[str] = ()
) -> errors.RequestError:
    """Return the error to raise for query text that the engine refuses; ``known`` are prefixes it could have meant."""
    if _is_update(text):
        return errors.QueryRefused("This endpoint is read only: SELECT, ASK, CONSTRUCT and DESCRIBE are answered.")
    if cut := next((t for t in guard.tokens(text) if t.kind == "string" and not _CLOSED.fullmatch(t.text)), None):
        advice = "This string is not closed on its line; one of several lines stands between three quotation marks."
        return errors.QuerySyntax(advice, **guard.place(text, cut.start))
    token, complaint = _fault(text, prefixes, base)
    found = _short(token.text) if token else ""
    place = guard.place(text, token.start if token else len(text.rstrip()))
    for reason, message in _REASONS.items():
        if reason in complaint:
            told = message.format(found=found, prefix=found.partition(":")[0])
            return errors.QuerySyntax(told + _nearest_prefix(found, text, known) * ("prefix" in message), **place)
    if "variable that is unbound" in complaint:
        return _ungrouped(text)
    if (found, complaint) == ("}", "OPTIONAL") and guard.has_word(text, "bind"):  # all the engine says of this one
        return errors.QuerySyntax("A BIND before this “}” is for a variable that has a value already.", **place)
    if base is None and token and token.kind == "iri" and not _SCHEME.match(token.text):
        return errors.QuerySyntax(_REASONS["IRI parsing failed"].format(found=found), **place)
    if token is None:
        what = "The query ends too early: a bracket or quotation mark may not be closed."
        return errors.QuerySyntax(what + _expected(text, prefixes, base), **place)
    hint = _nearest_word(token) or _expected(text[: token.start], prefixes, base)
    return errors.QuerySyntax(f"“{found}” cannot stand here.{hint}", **place)


def unknown_function(text: str, iri: str) -> errors.QuerySyntax:
    """Return the error to raise for a function that the engine does not have, with its place if it can be told."""
    tokens = list(guard.tokens(text))
    calls = (token for token, after in pairwise(tokens) if after.text == "(" and token.kind in ("iri", "name"))
    call = next((token for token in calls if iri.endswith(token.text.strip("<>").rpartition(":")[2])), None)
    return errors.QuerySyntax(
        f"The function {iri} is not known here.", **(guard.place(text, call.start) if call else {})
    )


def _ungrouped(text: str) -> errors.QuerySyntax:
    """Name the variable that the outermost SELECT shows bare and no GROUP BY holds; a sub-select's stays unnamed."""
    tokens = list(guard.tokens(text))
    words = [token.text.upper() for token in tokens]
    grouped = {t.text[1:] for t in tokens[words.index("BY") :]} if "BY" in words else set()
    depth = 0
    for token in tokens:
        if token.text == "{":
            break
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "variable" and not depth and token.text[1:] not in grouped:
            told = f"SELECT names {token.text}, which is neither grouped nor aggregated."
            return errors.QuerySyntax(told, **guard.place(text, token.start))
    return errors.QuerySyntax("A SELECT names a variable that is neither grouped nor aggregated.")


def _is_update(text: str) -> bool:
    """Tell an update by its first word after BASE and PREFIX; only to say so, never to let anything pass."""
    words = (t.text.upper() for t in islice(guard.tokens(text), 1000) if t.kind == "word")
    return next((word for word in words if word not in ("PREFIX", "BASE")), "") in _UPDATES


def _complaint(text: str, prefixes: Mapping[str, str], base: str | None) -> tuple[int, str]:
    """Parse text; return how far the engine came, as an offset, and what it missed."""
    try:
        _EMPTY.query(text, base_iri=base, prefixes=dict(prefixes))
    except SyntaxError as error:
        match = _COMPLAINT.match(str(error))
        if match is None:
            return len(text), str(error)
        lines = text.split("\n")[: int(match[1]) - 1]
        return sum(len(line) + 1 for line in lines) + int(match[2]) - 1, match[3]
    return len(text), ""


def _fault(text: str, prefixes: Mapping[str, str], base: str | None) -> tuple[guard.Token | None, str]:
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
    reached, complaint = _complaint(spaced, prefixes, base)
    if reached >= len(spaced):
        return None, complaint
    at = sum(start <= reached for start in starts) - 1
    return tokens[max(at, 0)], complaint


def _expected(start: str, prefixes: Mapping[str, str], base: str | None) -> str:
    """Say what could follow this beginning of a query, where it is little."""
    symbols = set(_SYMBOL.findall(_complaint(start, prefixes, base)[1])) - _RARE
    told = []
    for sign, name, covered in _STARTS:
        if sign <= symbols:
            told.append(name)
            symbols -= covered
            break
    told += sorted(symbols)
    if not told:
        words = [token.text.upper() for token in guard.tokens(start)][-1:]
        told = [_AFTER[word] for word in words if word in _AFTER]
    return f" Expected: {' or '.join(told)}" if 0 < len(told) <= 8 else ""


def _nearest_word(token: guard.Token) -> str:
    """Name the keyword or function that a word was meant to be."""
    word = token.text.upper()
    near = get_close_matches(word, _WORDS, 1, 0.7) if token.kind == "word" and len(word) < 20 else []
    return f" Did you mean {near[0]}?" if near and near[0] != word else ""


def _nearest_prefix(found: str, text: str, known: Iterable[str]) -> str:
    """Name the prefix that an undeclared one was meant to be, among those known and those the query declares."""
    own = (token.text[:-1] for token in guard.tokens(text) if token.kind == "name" and token.text.endswith(":"))
    near = get_close_matches(found.partition(":")[0], {*known, *own} - {found.partition(":")[0]}, 1, 0.5)
    return f" Did you mean “{near[0]}:”?" if near else ""


def _short(text: str) -> str:
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= 40 else shown[:39] + "…"
