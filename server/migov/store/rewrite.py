"""Write a query anew for another engine, so that it means there what it means here.

Engines differ in what they take as the default graph, in how they read a dataset, and in what else they hold. So none
of that is left to them: the pattern is put inside ``GRAPH <the merge of the release>``, every ``GRAPH`` is held to the
graphs it may see, prefixes and base are declared, and what an engine might read otherwise than our parser did is
written in one way (no comments, no codepoint escapes, short strings). The text must have been parsed here before.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from migov import errors
from migov.store import guard
from migov.store.guard import Token
from migov.store.interface import Dataset

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_BY_NUMBER = re.compile(r"\\[uU\\]|\\\Z")
_MOST = 2**31 - 1
_NOWHERE = "<urn:migov:nowhere>"  # names no graph


@dataclass(frozen=True)
class Places:
    """Where a release lies in an engine: the graph with the merge, and what the names of all others begin with."""

    merged: str
    graphs: str


class Rewritten(NamedTuple):
    """The query to send.

    That of a DESCRIBE looks up what to describe ('' when nothing is to be looked up), beside the IRIs that it names;
    then the list of all of them stands between the two texts of ``about``, which is None for other queries.
    """

    text: str
    named: tuple[str, ...] = ()
    about: tuple[str, str] | None = None


def rewrite(
    text: str,
    places: Places,
    *,
    dataset: Dataset,
    base: str | None = None,
    values: Mapping[str, str],
    prefixes: Mapping[str, str],
    columns: Sequence[str] = (),
    virtuoso: bool = False,
) -> Rewritten:
    """Return the query for a dataset; ``values`` are terms for variables, as SPARQL writes them.

    ``columns`` are the variables that ``SELECT *`` shows, in their order, which is open otherwise.

    For ``virtuoso`` it is put so that Virtuoso 7 does not fall into two of its faults.

    Raises ``QueryRefused`` for federation and ``QuerySyntax`` for what another engine could read in another way.
    """
    query = _Query(text)
    prologue = query.prologue(base, prefixes)
    clauses = query.dataset(dataset)
    query.hold_graphs(places.graphs)
    query.show(columns)
    if virtuoso:
        query.ask_for_values()
        query.select_unions()
    given = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in values.items())
    around = ("", "") if clauses is not None else (f" GRAPH <{places.merged}> {{", "}")
    query.hold_elsewhere(*around)
    return query.written(prologue, clauses or "", given, *around)


def string(value: str) -> str:
    """Write a string as every engine reads it; raises ``QuerySyntax`` for NUL, where some would stop reading."""
    if "\x00" in value:
        raise errors.QuerySyntax("NUL does not reach the engine behind this endpoint.")
    return '"' + "".join(_WRITTEN.get(character, character) for character in value) + '"'


class _Query:
    """A query as tokens, with what is put in ahead of some and behind some, and which are left out."""

    def __init__(self, text: str) -> None:
        self.tokens = list(guard.tokens(text))
        for token in self.tokens:
            _check(text, token)
        self.words = [token.text.upper() if token.kind == "word" else "" for token in self.tokens]
        self.ahead: dict[int, str] = {}
        self.behind: dict[int, str] = {}
        self.dropped: set[int] = set()
        self.named: list[str] | None = None  # the graphs that GRAPH may see; None: all of the release
        self.partner, self.groups = _brackets(self.tokens)
        self.form = next(n for n, word in enumerate(self.words) if word in _FORMS)
        self.end = len(self.tokens)
        self.template = self.form + 1 if self.words[self.form] == "CONSTRUCT" and self.form + 1 in self.groups else None
        rest = [n for n in self.groups if n != self.template]
        self.where = rest[0] if rest else None

    def prologue(self, base: str | None, prefixes: Mapping[str, str]) -> str:
        """Declare what the query uses and does not declare itself."""
        words = self.words[: self.form]
        declared = {self.tokens[n + 1].text.partition(":")[0] for n, word in enumerate(words) if word == "PREFIX"}
        used = {token.text.partition(":")[0] for token in self.tokens if token.kind == "name"} - declared
        lines = [f"PREFIX {key}: <{prefixes[key]}>\n" for key in sorted(used) if key in prefixes]
        own = self._part(0, self.form)  # first, since some engines read BASE nowhere else
        first = f"BASE <{base}>\n" if base and "BASE" not in words else ""
        return first + own + "\n" * bool(own) + "".join(lines)

    def dataset(self, asked: Dataset) -> str | None:
        """Take the FROM clauses out and return those to write; None where there is no dataset but the release.

        Those of the request win (SPARQL 1.1 Protocol, 2.1.4). Without a default graph there is an empty one.
        """
        default: list[str] = []
        named: list[str] = []
        for n in range(self.form, self.end if self.where is None else self.where):
            if self.words[n] == "FROM":
                at = n + 1 + (self.words[n + 1] == "NAMED")
                (named if at > n + 1 else default).append(self.tokens[at].text)
                self.dropped |= set(range(n, at + 1))
        if asked:
            default, named = [f"<{iri}>" for iri in asked.default], [f"<{iri}>" for iri in asked.named]
        elif not self.dropped:
            return None
        self.named = named
        return "".join([f" FROM {iri}" for iri in default or [_NOWHERE]] + [f" FROM NAMED {iri}" for iri in named])

    def show(self, columns: Sequence[str]) -> None:
        """Name the columns of a ``SELECT *``."""
        star = self.form + 1 + (self.words[self.form + 1] in ("DISTINCT", "REDUCED"))
        if columns and self.words[self.form] == "SELECT" and self.tokens[star].text == "*":
            self.dropped.add(star)
            self.behind[star - 1] = "".join(f" ?{name}" for name in columns)

    def hold_graphs(self, graphs: str) -> None:
        """Hold what every GRAPH may name to the named graphs of the dataset."""
        for n, word in enumerate(self.words):
            if word == "GRAPH":
                name = self.tokens[n + 1].text
                condition = f"STRSTARTS(STR({name}), {string(graphs)})"
                if self.named is not None:
                    condition = f"{name} IN ({', '.join(self.named)})" if self.named else "1 = 0"
                self.behind[self.partner[n + 2]] = f" FILTER({condition})"

    def ask_for_values(self) -> None:
        """Write ``COALESCE(?a < ?b, false)`` as ``(BOUND(?a) && BOUND(?b) && ?a < ?b)``.

        Both are false where a value is missing (SPARQL 1.1, 17.2 and 17.4.1.3), but Virtuoso takes the comparison of a
        missing value with one of the graph as true.
        """
        for n, word in enumerate(self.words):
            end = self.partner.get(n + 1, 0)
            if word != "COALESCE" or [t.text.lower() for t in self.tokens[end - 2 : end]] != [",", "false"]:
                continue
            depth, names, plain = 0, [], True
            for token in self.tokens[n + 2 : end - 2]:
                depth += (token.kind == "open") - (token.kind == "close")
                if depth == 0 and token.kind == "variable" and token.text not in names:
                    names.append(token.text)
                plain = plain and (depth > 0 or token.text not in ("||", ","))
            if names and plain:
                self.dropped |= {n, end - 2, end - 1}
                self.behind[n + 1] = "".join(f"BOUND({name}) && " for name in names)

    def select_unions(self) -> None:
        """Write ``{ … } UNION { … }`` as a sub-select of itself, which means the same (SPARQL 1.1, 18.2.4.1).

        Where more follows in the group, Virtuoso loses values of OPTIONAL otherwise; beside EXISTS it stands still.
        """
        if "EXISTS" in self.words:
            return
        opened = {end: start for start, end in self.partner.items()}
        for n, word in enumerate(self.words):
            if word != "UNION" or self.words[opened[n - 1] - 1] == "UNION":
                continue
            start, end = opened[n - 1], self.partner[n + 1]
            branches = [start, n + 1]
            while self.words[end + 1] == "UNION":
                branches.append(end + 2)
                end = self.partner[end + 2]
            for branch in branches:
                if "OPTIONAL" in self.words[branch : self.partner[branch]]:
                    self._select(branch, self.partner[branch], f" LIMIT {_MOST}")
            if (self.tokens[start - 1].text, self.tokens[end + 1].text) != ("{", "}"):
                self._select(start, end)

    def _select(self, start: int, end: int, modifier: str = "") -> None:
        """Make a group of a sub-select around what is between two tokens."""
        self.ahead[start] = "{ SELECT * WHERE {" + self.ahead.get(start, "")
        self.behind[end] = self.behind.get(end, "") + "}" + modifier + " }"

    def hold_elsewhere(self, opening: str, ending: str) -> None:
        """Put each EXISTS outside the pattern, in SELECT, HAVING or ORDER BY, between the same two texts."""
        inside = range(self.where, self.partner[self.where]) if self.where is not None else range(0)
        for n, word in enumerate(self.words):
            if word == "EXISTS" and n not in inside:
                last = self.partner[n + 1] - 1
                self.behind[last] = self.behind.get(last, "") + ending
                self.behind[n + 1] = opening + self.behind.get(n + 1, "")

    def written(self, prologue: str, clauses: str, given: str, opening: str, ending: str) -> Rewritten:
        """Put the parts together, with the values first and the pattern between ``opening`` and ``ending``."""
        about = (
            f"{prologue}CONSTRUCT {{ ?s ?p ?o }}{clauses} WHERE {{{opening} VALUES ?s {{",
            f"}} ?s ?p ?o {ending}}}",
        )
        head = "" if self.where is None else self._part(self.form, self.where).removesuffix("WHERE")
        pattern, rest = (
            ("", self._part(self.form, self.end)) if self.where is None else self._pattern(opening + given, ending)
        )
        if self.words[self.form] != "DESCRIBE":
            if self.words[self.form] == "CONSTRUCT" and self.template is None and self.where is not None:
                head = "CONSTRUCT {" + self._part(self.where + 1, self.partner[self.where]) + "}"
            return Rewritten(f"{prologue}{head}{clauses} WHERE {pattern}{rest}")
        heading = [n for n in range(self.form + 1, self.where or self.end) if n not in self.dropped]
        named = tuple(self.tokens[n].text for n in heading if self.tokens[n].kind in ("iri", "name"))
        shown = [t.text for t in (self.tokens[n] for n in heading) if t.kind == "variable" or t.text == "*"]
        if self.where is None or not shown:
            return Rewritten("", named, about)
        return Rewritten(f"{prologue}SELECT DISTINCT {' '.join(shown)}{clauses} WHERE {pattern}{rest}", named, about)

    def _pattern(self, opening: str, ending: str) -> tuple[str, str]:
        assert self.where is not None
        close = self.partner[self.where]
        inner = self._part(self.where + 1, close)
        return f"{{{opening} {inner} {ending}}}", self._part(close + 1, self.end)

    def _part(self, start: int, end: int) -> str:
        """The tokens of a range as they are to be read; a gap stays one, nothing else becomes one."""
        parts = []
        for n in range(start, end):
            if n in self.dropped:
                continue
            token = self.tokens[n]
            if n and self.tokens[n - 1].start + len(self.tokens[n - 1].text) < token.start:
                parts.append(" ")
            parts.append(self.ahead.get(n, ""))
            parts.append(string(_value(token.text)) if token.kind == "string" else token.text)
            parts.append(self.behind.get(n, ""))
        return "".join(parts)


def _check(text: str, token: Token) -> None:
    """Refuse what must not, or not in this way, reach another engine."""
    if token.kind == "word" and token.text.upper() == "SERVICE":
        raise errors.QueryRefused("Federation is off: SERVICE is not answered here, SILENT or not.")
    if token.kind != "string" and ("\x00" in token.text or _BY_NUMBER.search(token.text)):
        told = "Write the character itself: escapes by number do not reach the engine behind this endpoint."
        raise errors.QuerySyntax(told, **guard.place(text, token.start))


def _brackets(tokens: Sequence[Token]) -> tuple[dict[int, int], list[int]]:
    """The closing bracket of each opening one, by their places, and the outermost ``{``; the text is known to parse."""
    partner: dict[int, int] = {}
    groups: list[int] = []
    stack: list[int] = []
    for n, token in enumerate(tokens):
        if token.kind == "open":
            if token.text == "{" and not stack:
                groups.append(n)
            stack.append(n)
        elif token.kind == "close" and stack:
            partner[stack.pop()] = n
    return partner, groups


def _value(token: str) -> str:
    """The characters that a string stands for."""
    mark = token[:3] if len(token) > 5 and token[:3] in ('"""', "'''") else token[:1]

    def character(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, code)

    return _ESCAPE.sub(character, token[len(mark) : -len(mark)])
