"""What to change in a query that met a limit, told from its form alone: nothing here runs it or decides about it.

The reading is rough on purpose (groups, statements and the variables in them, from the scan of ``guard``), since only
a child may parse client text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from migov.store import guard
from migov.store.guard import Token

CROSS: Final = (
    "Parts of a group share no variable ({parts}), so each solution of one is paired with each of the other: join them."
)
EVERYTHING: Final = "A pattern of three variables matches every statement there is: name its predicate or its object."
PATH: Final = (
    "A path with * or + starts from every node when neither of its ends is known: bind one end, or list the steps."
)
ABSENCE: Final = "NOT EXISTS is tried for each solution anew: MINUS { … } is computed once and often much faster."
TEXT: Final = (
    "A text filter reads the texts of all solutions: bind the property and class first, or use /search?q= for names."
)
SORTING: Final = "ORDER BY needs all solutions before the first is given, LIMIT or not: narrow the pattern."
ALL: Final = "There is no LIMIT: ask for part of the rows first."
_TEXTUAL = frozenset({"REGEX", "CONTAINS", "STRSTARTS", "STRENDS", "REPLACE", "LCASE", "UCASE"})
_AGGREGATES = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"})
_STARTING = frozenset(
    {"OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "GRAPH", "SERVICE", "UNION", "SELECT", "EXISTS"}
)
_ASIDE = frozenset({"FILTER", "MINUS", "EXISTS"})
_MOST = 4_000


@dataclass
class _Group:
    """A group of the pattern: the variables of each statement in it; for a sub-select also those it shows."""

    statements: list[set[str]] = field(default_factory=lambda: [set()])
    values: list[set[str]] = field(default_factory=list)  # those of VALUES and BIND: they join others, being small
    shown: set[str] | None = None
    heading: bool = False  # between SELECT and its pattern
    glued: bool = False  # the next inner group goes with the statement before it: GRAPH ?g { }, { } UNION { }
    giving: bool = False  # within VALUES or BIND
    summing: bool = False  # a sub-select that gives one row: it has an aggregate and no GROUP BY

    def begin(self, word: str = "") -> None:
        """Begin a statement, perhaps with this keyword."""
        if word == "UNION":
            self.statements = [one for one in self.statements if one] or [set()]
        else:
            self.statements.append(set())
        self.glued = word in {"UNION", "GRAPH"}
        self.giving = word in {"VALUES", "BIND"}
        if self.giving:
            self.values.append(set())
        if word == "SELECT":
            self.shown, self.heading = set(), True

    def add(self, variable: str) -> None:
        """Take in a variable of the statement, or of what a sub-select shows."""
        if self.heading and self.shown is not None:
            self.shown.add(variable)
        else:
            (self.values if self.giving else self.statements)[-1].add(variable)

    def take(self, inner: "_Group") -> None:
        """Take in what an inner group shows; one row of aggregates joins others as VALUES do."""
        if inner.summing:
            self.values.append(inner.everything())
            return
        if not self.glued:
            self.begin()
        self.statements[-1] |= inner.everything()
        self.begin()

    def everything(self) -> set[str]:
        """What the group shows to the one around it."""
        return self.shown or set().union(*self.statements, *self.values)

    def parts(self) -> list[set[str]]:
        """The variables of its statements, those together that are joined; a sub-select has none of its own."""
        if self.shown is not None:
            return []
        found: list[set[str]] = []
        for statement in filter(None, self.statements + self.values):
            joined = [part for part in found if part & statement]
            found = [part for part in found if part not in joined] + [statement.union(*joined)]
        return [part for part in found if any(part & statement for statement in self.statements)]


class _Bracket(NamedTuple):
    """An open bracket: the group it opens or stands in; ``aside`` where it joins nothing, as in FILTER and MINUS."""

    text: str
    group: _Group
    aside: bool


def on(text: str) -> list[str]:
    """Return sentences of advice, the most likely cause first; none where the form of the query shows nothing."""
    tokens = list(_first(text))
    words = {token.text.upper() for token in tokens if token.kind == "word"}
    pairs = {(a.text.upper(), b.text.upper()) for a, b in pairwise(tokens)}
    found = [CROSS.format(parts=parts) for parts in _cross_products(tokens)][:1]
    found += [advice for advice, holds in (
        (PATH, _open_path(tokens)),
        (ABSENCE, ("NOT", "EXISTS") in pairs),
        (EVERYTHING, _all_variables(tokens)),
        (TEXT, words & _TEXTUAL),
        (SORTING, "ORDER" in words),
        (ALL, words & {"SELECT", "CONSTRUCT"} and "LIMIT" not in words and not words & _AGGREGATES),
    ) if holds]  # fmt: skip
    return found


def _first(text: str) -> Iterator[Token]:
    """The tokens of a query, as many as are worth reading."""
    for number, token in enumerate(guard.tokens(text)):
        if number >= _MOST:
            return
        yield token


def _cross_products(tokens: list[Token]) -> Iterator[str]:
    """Name, for each group whose statements fall apart, a variable of each part: ``?a and ?b``."""
    stack = [_Bracket("", _Group(heading=True), True)]
    aside = False  # FILTER or MINUS was read, and its bracket is still to come
    for token in tokens:
        bracket, group = stack[-1], stack[-1].group
        word = token.text.upper() if token.kind == "word" else ""
        if token.kind == "open":
            inherited = bracket.aside and bracket.text != "{"
            group.heading = group.heading and token.text != "{"
            stack.append(_Bracket(token.text, _Group() if token.text == "{" else group, aside or inherited))
            aside = False
        elif token.kind == "close" and len(stack) > 1:
            stack.pop()
            if bracket.text == "{":
                if len(parts := group.parts()) > 1:
                    yield " and ".join(min(part) for part in parts[:3])
                if not bracket.aside:
                    stack[-1].group.take(group)
            elif bracket.aside:
                group.begin()
        elif group.shown is not None and word in _AGGREGATES | {"GROUP"}:
            group.summing = group.heading and word != "GROUP"
        elif word in _STARTING:
            aside = word in _ASIDE
            if word != "EXISTS":
                group.begin(word)
        elif token.text == ".":
            group.begin()
        elif token.kind == "variable" and not (bracket.aside and bracket.text != "{"):
            group.add("?" + token.text[1:])
        elif token.text.startswith("_:"):
            group.add(token.text)


def _open_path(tokens: list[Token]) -> bool:
    """Tell whether a path of any length stands between two variables."""
    for number, token in enumerate(tokens):
        if (
            token.text not in ("*", "+")
            or number < 2
            or tokens[number - 1].kind not in ("iri", "name", "close", "word")
        ):
            continue
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        start = _start_of_path(tokens, number - 1)
        if after and after.kind == "variable" and start and start.kind == "variable":
            return True
    return False


def _start_of_path(tokens: list[Token], number: int) -> Token | None:
    """The subject before a path that ends at ``number``."""
    depth = 0
    for token in reversed(tokens[: number + 1]):
        depth += (token.text == ")") - (token.text == "(")
        if depth < 0 or token.text in "{};,.":
            return None
        if not depth and token.kind == "variable":
            return token
    return None


def _all_variables(tokens: list[Token]) -> bool:
    """Tell whether three variables stand as one pattern."""
    windows = zip(*(tokens[start:] for start in range(5)), strict=False)
    return any(
        before.text in {"{", ".", "}", ")"}
        and {first.kind, second.kind, third.kind} == {"variable"}
        and after.text != "{"
        and after.kind != "variable"
        for before, first, second, third, after in windows
    )
