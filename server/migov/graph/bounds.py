"""Makes ``graph/derived/bounds``: for each date its first and last day, for each figure the least and greatest value.

Runs after the structure shapes, so that each slot holds at most one value of a known kind.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Store

from migov.errors import DataError
from migov.graph.dates import date_bounds, figure_bounds
from migov.vocabulary import CONCEPT, GRAPH, ONTOLOGY, XSD

BOUNDS = NamedNode(GRAPH + "derived/bounds")
_SLOTS = {"startDate": "start", "endDate": "end", "date": "date", "effectiveDate": "effective", "asOf": "asOf"}
# A report of what was so at a time bounds the period from inside: it began then or before, and ended then or after.
_SEEN = {"observedFrom": ("startDate", "startLatest", 1), "observedTo": ("endDate", "endEarliest", 0)}
_QUALIFIER = CONCEPT + "qualifier/"


def bounds(store: Store) -> list[Quad]:
    """Return the bounds of every date and figure in the store; DataError for one that has no bounds."""
    return [*_dates(store), *_observed(store), *_figures(store)]


def _term(name: str) -> NamedNode:
    return NamedNode(ONTOLOGY + name)


def _dates(store: Store) -> Iterator[Quad]:
    for slot, stem in _SLOTS.items():
        earliest, latest = _term(stem + "Earliest"), _term(stem + "Latest")
        for quad in store.quads_for_pattern(None, _term(slot), None, None):
            first, last = _days(quad, slot)
            yield Quad(quad.subject, earliest, first, BOUNDS)
            yield Quad(quad.subject, latest, last, BOUNDS)


def _observed(store: Store) -> Iterator[Quad]:
    for slot, (dated, bound, side) in _SEEN.items():
        for quad in store.quads_for_pattern(None, _term(slot), None, None):
            if next(store.quads_for_pattern(quad.subject, _term(dated), None, None), None) is None:
                yield Quad(quad.subject, _term(bound), _days(quad, slot)[side], BOUNDS)


def _days(quad: Quad, slot: str) -> tuple[Literal, Literal]:
    if not isinstance(quad.object, Literal):
        raise DataError(f"{quad.subject} has {quad.object} where a date belongs")
    try:
        return _bounds(quad.object.value, quad.object.datatype.value)
    except ValueError as error:
        raise DataError(f"the {slot} of {quad.subject}: {error}") from error


@lru_cache(maxsize=10_000)  # many things happened on one day
def _bounds(text: str, datatype: str) -> tuple[Literal, Literal]:
    first, last = date_bounds(text, datatype)
    return _day(first), _day(last)


def _figures(store: Store) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(None, _term("value"), None, None):
        for hedge in store.quads_for_pattern(quad.subject, _term("valueQualifier"), None, None):
            code = _text(hedge.object).removeprefix(_QUALIFIER)
            widths = list(store.quads_for_pattern(NamedNode(_QUALIFIER + code), _term("tolerance"), None, None))
            if code == "approximately" and not widths:
                raise DataError(f"{_QUALIFIER}{code} needs mgo:tolerance: how far a figure so hedged may be off")
            try:
                tolerance = Decimal(_text(widths[0].object)) if widths else Decimal(0)
                lower, upper = figure_bounds(Decimal(_text(quad.object)), code, tolerance)
            except (ValueError, ArithmeticError) as error:  # decimal.InvalidOperation is an ArithmeticError
                raise DataError(f"{quad.subject}: {quad.object} has no bounds: {error}") from error
            for name, bound in (("valueLower", lower), ("valueUpper", upper)):
                if bound is not None:
                    yield Quad(quad.subject, _term(name), _number(bound), BOUNDS)


def _text(node: object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else str(node)


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))


def _number(value: Decimal) -> Literal:
    plain = format(value, "f")
    short = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Literal(short, datatype=NamedNode(XSD + "decimal"))
