"""What the shapes in ``shapes/*.ttl`` ask of each class and slot, as plain data for who explains them.

Only what can be told in words is read: counts, kinds of value, patterns and bounds. What a shape asks by a query is
known by the terms that the query names and by its message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from migov import resources
from migov.vocabulary import ONTOLOGY, RDF_TYPE, SHAPES

_SH: Final = "http://www.w3.org/ns/shacl#"
_RDF: Final = RDF_TYPE.removesuffix("type")
_FILES: Final = ("structure", "coherence", "release")
_NAMED = re.compile(r"(?<![\w:])mgo:(\w+)")
Subject = NamedNode | BlankNode


@dataclass(frozen=True)
class Constraint:
    """One thing that is asked: of what (``target``, a class or the subjects of a property), and of which slot.

    ``kinds`` are the classes, datatypes and kinds of node that a value may be, by IRI, any one of them. A constraint
    that a query checks has neither; ``named`` are the terms of ours that the query speaks of.
    """

    shape: str
    target: str
    by_property: bool
    path: str
    least: int = 0
    most: int | None = None
    kinds: tuple[str, ...] = ()
    pattern: str = ""
    lower: str = ""
    upper: str = ""
    filled: bool = False
    per_language: bool = False
    message: str = ""
    warning: bool = False
    closed: bool = False
    named: tuple[str, ...] = ()


@cache
def every(folder: Path | None = None) -> tuple[Constraint, ...]:
    """Every constraint of the project's shapes, or those of another folder, in the order of their names."""
    folder = folder or resources.default().shapes
    store = Store()
    for path in (folder / f"{name}.ttl" for name in _FILES):
        if path.is_file():
            store.load(path=str(path), format=RdfFormat.TURTLE)
    found = [constraint for shape in _shapes(store) for constraint in _of_shape(store, shape)]
    return tuple(sorted(found, key=lambda one: (one.shape, one.target, one.path)))


def _shapes(store: Store) -> Iterator[Subject]:
    for quad in store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(_SH + "NodeShape")):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject


def _of_shape(store: Store, shape: Subject) -> Iterator[Constraint]:
    """What one node shape asks: of each of its targets, by each of its slots and queries, and whether it is closed."""
    name = _name(shape)
    targets = [(value, False) for value in _all(store, shape, "targetClass")]
    targets += [(value, True) for value in _all(store, shape, "targetSubjectsOf")]
    for target, by_property in targets:
        closed = _text(store, shape, "closed") == "true"
        if closed:
            message = _text(store, shape, "message")
            yield Constraint(name, target, by_property, "", message=message, closed=True)
        elif not list(_nodes(store, shape, "property")):
            yield Constraint(name, target, by_property, "", message=_text(store, shape, "message"))
        for slot in _nodes(store, shape, "property"):
            yield _of_slot(store, slot, target, by_property)
    for query in _nodes(store, shape, "sparql"):
        terms = sorted({ONTOLOGY + name for name in _NAMED.findall(_text(store, query, "select"))})
        message = _text(store, query, "message") or _text(store, shape, "message")
        yield Constraint(name, "", False, "", message=message, warning=_warns(store, shape), named=tuple(terms))


def _of_slot(store: Store, slot: Subject, target: str, by_property: bool) -> Constraint:
    most = _text(store, slot, "maxCount")
    return Constraint(
        _name(slot),
        target,
        by_property,
        _text(store, slot, "path"),
        int(_text(store, slot, "minCount") or 0),
        int(most) if most else None,
        tuple(sorted(_kinds(store, slot))),
        _text(store, slot, "pattern"),
        _text(store, slot, "minInclusive"),
        _text(store, slot, "maxInclusive"),
        bool(_text(store, slot, "minLength")),
        _text(store, slot, "uniqueLang") == "true",
        _text(store, slot, "message"),
        _warns(store, slot),
    )


def _kinds(store: Store, slot: Subject) -> Iterator[str]:
    """What a value may be: directly, or by any member of a list of alternatives."""
    places = [slot]
    for chosen in _nodes(store, slot, "or"):
        places += _listed(store, chosen)
    for place in places:
        for name in ("class", "datatype", "nodeKind"):
            yield from _all(store, place, name)


def _listed(store: Store, head: Subject) -> list[Subject]:
    found: list[Subject] = []
    while True:
        first = next(store.quads_for_pattern(head, NamedNode(_RDF + "first"), None), None)
        rest = next(store.quads_for_pattern(head, NamedNode(_RDF + "rest"), None), None)
        if first is None or not isinstance(first.object, NamedNode | BlankNode):
            return found
        found.append(first.object)
        if rest is None or not isinstance(rest.object, BlankNode):
            return found
        head = rest.object


def _nodes(store: Store, subject: Subject, name: str) -> Iterator[Subject]:
    for quad in store.quads_for_pattern(subject, NamedNode(_SH + name), None):
        if isinstance(quad.object, NamedNode | BlankNode):
            yield quad.object


def _all(store: Store, subject: Subject, name: str) -> list[str]:
    found = (quad.object for quad in store.quads_for_pattern(subject, NamedNode(_SH + name), None))
    return sorted(value.value for value in found if isinstance(value, NamedNode | Literal))


def _text(store: Store, subject: Subject, name: str) -> str:
    return next(iter(_all(store, subject, name)), "")


def _warns(store: Store, subject: Subject) -> bool:
    return _text(store, subject, "severity") == _SH + "Warning"


def _name(shape: Subject) -> str:
    return shape.value.removeprefix(SHAPES)
