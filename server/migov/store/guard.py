"""A linear scan of query text that turns away what would overrun the engine's recursive parser.

The scan skips strings, IRIs and comments, and counts what is left. It is no judge of grammar or of safety: text that
passes is still only parsed inside a child. It exists so that the usual mistake gets an answer that explains itself.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from migov import errors
from migov.settings import DEFAULTS

_LONG = {
    '"': r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|(?P<double>\\?\Z)) |''',
    "'": r"""'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|(?P<single>\\?\Z)) |""",
}
_MARKS = {"double": '"', "single": "'"}
_OPERANDS = frozenset({"string", "iri", "variable", "number", "name", "tag", "close"})
_UNCOUNTED = frozenset({"close", "mark"})
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_HIDING = re.compile(r"[('#]")


class Token(NamedTuple):
    """A terminal: its kind (a group of the grammar above), its text, and where it starts."""

    kind: str
    text: str
    start: int


class Block(NamedTuple):
    """An open bracket, and whether it opens the rows of a VALUES clause."""

    bracket: str
    data: bool


@cache
def _grammar(quotes: str) -> re.Pattern[str]:
    """Compile the terminals of SPARQL 1.1, section 19.8, that matter here; ``quotes`` may be tripled.

    Possessive, and whatever an alternative may scan in vain the next one consumes, so that the scan is linear.
    """
    long_strings = "".join(_LONG[quote] for quote in quotes)
    return re.compile(
        rf"""
          (?P<space>    \s++ | \#[^\r\n]*+ )
        | (?P<string>   {long_strings} "(?:[^"\\\r\n]|\\.)*+"?+ | '(?:[^'\\\r\n]|\\.)*+'?+ )
        | (?P<iri>      <[^<>"{{}}|^`\x00-\x20]*+> )
        | (?P<variable> [?$]\w++ )
        | (?P<number>   \d++(?:\.\d++)?+(?:[eE][+-]?\d++)?+ )
        | (?P<name>     (?:[^\W\d_][\w·.-]*+|_)?+ : (?:[\w:%·-]|\\.|\.(?=[\w:%·\\-]))*+ )
        | (?P<word>     [^\W\d_][\w·.-]*+ )
        | (?P<tag>      @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
        | (?P<open>     <<\(? | [({{\[] )
        | (?P<close>    \)?>> | [)}}\]] )
        | (?P<mark>     [.;,] )
        | (?P<operator> \^\^ | && | \|\| | [<>!]= | . )
        """,
        re.VERBOSE | re.DOTALL,
    )


def tokens(text: str) -> Iterator[Token]:
    """Cut text into terminals, in linear time; white space and comments are left out. Never raises."""
    quotes, start, unclosed = "\"'", 0, ""
    while True:
        for match in _grammar(quotes).finditer(text, start):
            kind = match.lastgroup or ""
            if kind == "string" and (unclosed := _unclosed(match)):
                break
            if kind != "space":
                yield Token(kind, match.group(), match.start())
        else:
            return
        # An empty short string, then, as to the engine; and no later one of this kind can be closed either.
        quotes, start = quotes.replace(unclosed, ""), match.start()


def _unclosed(match: re.Match[str]) -> str:
    """Return the quotation mark of a long string that the end of the text cuts off, or nothing."""
    groups = match.groupdict()
    return next((mark for name, mark in _MARKS.items() if groups.get(name) is not None), "")


def place(text: str, offset: int) -> dict[str, int]:
    """Return the line and column, both from 1, of a character."""
    return {"line": text.count("\n", 0, offset) + 1, "column": offset - text.rfind("\n", 0, offset)}


def has_word(text: str, word: str) -> bool:
    """Tell whether a bare word in lower case, such as ``from``, stands in a query in any case."""
    return word in text.lower() and any(token.kind == "word" and token.text.lower() == word for token in tokens(text))


def check(text: str, nesting: int = int(DEFAULTS["query_nesting"]), terms: int = int(DEFAULTS["query_terms"])) -> None:
    """Raise ``QueryTooComplex`` with line and column when brackets nest too deep or terms are too many.

    The rows of VALUES are free: data is read in a loop, not by recursion.
    """
    brackets = sum(map(text.count, ("(", "{", "[", "<<")))
    if brackets <= nesting and len(text) <= terms:
        return  # fewer characters than terms allowed: most queries of people end here
    _walk(text, nesting, terms)


def _walk(text: str, nesting: int, terms: int) -> None:
    stack: list[Block] = []
    counted = 0
    heading = False  # between VALUES and its rows
    before = ""
    for token in tokens(text):
        inside = stack[-1] if stack else Block("", False)
        if token.kind == "open":
            data = inside.data if token.text == "(" else heading and token.text == "{"
            stack.append(Block(token.text[0], data))
            heading = heading and token.text == "("
            if len(stack) > nesting:
                raise _too(text, token, f"Brackets are nested more than {nesting} deep.", nesting, "levels")
        elif token.kind == "close":
            _close(stack, token.text[-1])
        elif token.kind == "iri" and inside == Block("(", False) and before in _OPERANDS:
            _refuse_riddle(text, token)
        elif token.kind == "word":
            heading = token.text.upper() == "VALUES"
        counted += token.kind not in _UNCOUNTED and not inside.data
        if counted > terms:
            raise _too(text, token, f"The query has more than {terms:,} terms.", terms, "terms")
        before = "name" if token.text in ("true", "false") else token.kind


def _close(stack: list[Block], bracket: str) -> None:
    """Take brackets off the stack down to the partner of this one; a stray one closes nothing."""
    partner = {")": "(", "}": "{", "]": "[", ">": "<"}[bracket]
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].bracket == partner:
            del stack[depth:]
            return
        if bracket != "}" and stack[depth].bracket == "{":
            return


def _refuse_riddle(text: str, token: Token) -> None:
    """Refuse ``?a<((…>``: an IRI to the standard, a comparison with brackets to the engine."""
    if _HIDING.search(token.text) and not _ABSOLUTE.match(token.text):
        place_ = place(text, token.start)
        raise errors.QueryTooComplex("Put a space after “<” here: it reads as an IRI and as a comparison.", **place_)


def _too(text: str, token: Token, what: str, limit: int, unit: str) -> errors.QueryTooComplex:
    place_ = place(text, token.start)
    where = f"line {place_['line']}, column {place_['column']}"
    return errors.QueryTooComplex(f"{what} The limit is passed at {where}.", limit=limit, unit=unit, **place_)
