"""Results of queries as tables for people, and coloured query text."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.rdf import SparqlLexer, TurtleLexer

from migov.store import Answer, Kind, Literal
from migov.web import plot
from migov.web.plot import Plot
from migov.web.reader import Names
from migov.web.record import Value, other_language
from migov.web.site import Site

ROWS = 1000
LABELLED = 300
CODE_CHARACTERS = 200_000
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Shown:
    """A result for people: a table of cells, a truth value, or graph text; ``total`` counts all rows."""

    kind: Kind
    columns: list[str]
    rows: list[list[Value | None]]
    total: int
    truth: bool | None = None
    code: Markup | None = None
    chart: Plot | None = None


def highlighted(text: str) -> Markup:
    """SPARQL text with its tokens in classes; the lexer escapes what it does not know."""
    return Markup(highlight(text, SparqlLexer(), _FORMATTER))  # Pygments escapes every token


def highlighted_turtle(text: str) -> Markup:
    """Turtle with its tokens in classes."""
    return Markup(highlight(text, TurtleLexer(), _FORMATTER))


def shown(here: Site, answer: Answer) -> Shown:
    """Put an answer, in the format that pages are made from, in a shape to print."""
    if answer.kind == "graph":
        text = answer.body.decode()
        triples = text.count("\n")
        if len(text) > CODE_CHARACTERS:
            text = text[:CODE_CHARACTERS].rsplit("\n", 1)[0] + "\n# …\n"
        return Shown("graph", [], [], triples, code=Markup(highlight(text, TurtleLexer(), _FORMATTER)))
    document = json.loads(answer.body)
    if answer.kind == "boolean":
        return Shown("boolean", [], [], 1, truth=bool(document["boolean"]))
    columns: list[str] = document["head"]["vars"]
    rows = document["results"]["bindings"]
    iris = _iris(rows[:ROWS])
    names = here.reader.names_of(iris)
    cells = [[cell(here, names, row.get(column)) for column in columns] for row in rows[:ROWS]]
    chart = plot.of_result(columns, rows, {iri: here.reader.label(iri, names).value for iri in iris})
    return Shown("bindings", columns, cells, len(rows), chart=chart)


def _iris(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    found = dict.fromkeys(term["value"] for row in rows for term in row.values() if term["type"] == "uri")
    return list(found)[:LABELLED]


def cell(here: Site, names: Names, term: Mapping[str, Any] | None) -> Value | None:
    """One value of a table; only http(s) IRIs become links, and those of ours lead to their page."""
    if term is None:
        return None
    text, tag = text_of(term), term.get("xml:lang")
    if term["type"] != "uri":
        return Value(text, None, other_language(Literal(text, tag)))
    own = text.startswith(here.base)
    label = here.reader.label(text, names) if own else Literal(text)
    return Value(label.value, here.addresses.href(text), other_language(label), not own)


def text_of(term: Mapping[str, Any]) -> str:
    """The text of a term in SPARQL JSON; a triple, which RDF 1.2 lets be a value, as Turtle would write it."""
    if term["type"] != "triple":
        return str(term["value"])
    parts = (term["value"][part] for part in ("subject", "predicate", "object"))
    return f"<<( {' '.join(text_of(part) for part in parts)} )>>"


def offending_line(text: str, facts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The line that an error points at, cut before and at its column; None when it points nowhere."""
    line, column = facts.get("line"), facts.get("column")
    lines = text.splitlines()
    if not isinstance(line, int) or not 1 <= line <= len(lines):
        return None
    at = max(0, min(column - 1, len(lines[line - 1]))) if isinstance(column, int) else 0
    return lines[line - 1][:at], lines[line - 1][at:]
