"""Which literals the graph may hold, and what makes one well formed (XML Schema 1.1 part 2, RDF 1.1 section 5).

Engines load an ill-typed literal such as ``"2018-02-30"^^xsd:date`` without a word and then leave it out of every
comparison; here it is an error. So are numbers that the engine would silently write otherwise (``+5``, ``1.50``,
xsd:positiveInteger): what a file says is what a query returns.
"""

import re
from collections.abc import Callable

from pyoxigraph import Literal

from migov.graph.dates import date_bounds
from migov.vocabulary import XSD

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9]")
_BOOLEAN = re.compile(r"true|false")
_ANY_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")  # cannot be carried by XML 1.0 results and dumps

LANGUAGE_TEXT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def _like(pattern: re.Pattern[str], shape: str) -> Callable[[Literal], str | None]:
    def check(literal: Literal) -> str | None:
        return None if pattern.fullmatch(literal.value) else f'"{literal.value}" is not {shape}'

    return check


def _date(literal: Literal) -> str | None:
    try:
        date_bounds(literal.value, literal.datatype.value)
    except ValueError as error:
        return str(error)
    return None


def _any_text(_: Literal) -> str | None:
    return None


_CHECKS: dict[str, Callable[[Literal], str | None]] = {
    XSD + "date": _date,
    XSD + "gYearMonth": _date,
    XSD + "gYear": _date,
    XSD + "integer": _like(_INTEGER, "a whole number without needless signs and zeros,"),
    XSD + "decimal": _like(_DECIMAL, "a decimal number without needless signs and zeros,"),
    XSD + "boolean": _like(_BOOLEAN, "true or false"),
    XSD + "anyURI": _like(_ANY_URI, "an absolute web address"),
    XSD + "string": _any_text,
    LANGUAGE_TEXT: _any_text,
}


def fault(literal: Literal) -> str | None:
    """Say in one clause what is wrong with a literal; None when nothing is."""
    kind = literal.datatype.value
    if kind not in _CHECKS:
        return f"the datatype {kind} is not used in this graph: use one of {', '.join(map(_short, _CHECKS))}"
    if literal.direction is not None:
        return "the base direction of a text is RDF 1.2, which not every tool can read yet: leave it out"
    if control := _CONTROL.search(literal.value):
        return f"the text holds the control character U+{ord(control[0]):04X}, which XML cannot carry"
    problem = _CHECKS[kind](literal)
    return f"{problem} as {_short(kind)} wants" if problem else None


def _short(datatype: str) -> str:
    return datatype.replace(XSD, "xsd:").replace(LANGUAGE_TEXT, "text with a language")
