"""The one way migov writes Turtle: the same triples always give the same bytes, so a diff shows only what changed.

Subjects are sorted (the ontology or scheme header first), predicates stand one a line in a fixed order (type, labels,
definitions, slots by name, dates, evidence last), objects are sorted (one a line in very long lists), and only the
prefixes in use are declared.

``python -m migov.graph.turtle FILE...`` rewrites files in place; ``--check`` only tells which would change.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from migov import vocabulary
from migov.errors import DataError

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")  # a safe part of PN_LOCAL (Turtle 1.1, 6.5)
_BARE = {
    vocabulary.XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    vocabulary.XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    vocabulary.XSD + "boolean": re.compile(r"true|false"),
}
_FIRST = ("rdf:type", "skos:prefLabel", "rdfs:label", "mgo:acronym", "skos:altLabel", "skos:definition")
_DATES = ("mgo:adoptionDate", "mgo:appointmentDate", "mgo:asOf", "mgo:date", "mgo:startDate", "mgo:endDate")
_LAST = (*_DATES, "mgo:endStatus", "mgo:rank", "mgo:rankReason", "skos:editorialNote", "mgo:evidence")
_LONG = 2000  # characters of objects from which each stands on a line of its own
_HEADERS = frozenset({"http://www.w3.org/2002/07/owl#Ontology", vocabulary.SKOS + "ConceptScheme"})

Node = NamedNode | Literal


class Writer:
    """Writes the triples of one file and remembers which prefixes it needed."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def iri(self, iri: str) -> str:
        short = vocabulary.compact(iri)
        prefix, _, local = short.partition(":")
        if short == iri or not _LOCAL.fullmatch(local):
            return f"<{iri}>"
        self.used.add(prefix)
        return short

    def term(self, node: Node) -> str:
        if isinstance(node, NamedNode):
            return self.iri(node.value)
        pattern = _BARE.get(node.datatype.value)
        if pattern and pattern.fullmatch(node.value):
            return node.value
        if node.language or node.datatype.value == vocabulary.XSD + "string":
            return str(node)
        return f"{Literal(node.value)}^^{self.iri(node.datatype.value)}"

    def predicate(self, iri: str) -> str:
        return "a" if iri == vocabulary.RDF_TYPE else self.iri(iri)

    def subject(self, subject: str, pairs: dict[str, set[Node]]) -> str:
        lines = []
        for predicate in sorted(pairs, key=_predicate_key):
            objects = sorted(pairs[predicate], key=_object_key)
            terms = [self.term(node) for node in objects]
            apart = ", " if sum(map(len, terms)) < _LONG else ",\n        "
            lines.append(f"{self.predicate(predicate)} {apart.join(terms)}")
        return f"{self.iri(subject)} " + " ;\n    ".join(lines) + " .\n"


def _predicate_key(iri: str) -> tuple[int, str]:
    short = "rdf:type" if iri == vocabulary.RDF_TYPE else vocabulary.compact(iri)
    if short in _FIRST:
        return _FIRST.index(short), ""
    if short in _LAST:
        return 1000 + _LAST.index(short), ""
    return 500, short


def _object_key(node: Node) -> tuple[int, str, str, str]:
    if isinstance(node, NamedNode):
        return 0, node.value, "", ""
    number = node.value.zfill(24) if node.value.isdigit() else node.value
    return 1, node.language or "", number, node.datatype.value


def serialise(triples: Iterable[Triple | Quad]) -> bytes:
    """Return canonical Turtle for triples without blank nodes; DataError names the first blank node met."""
    subjects: dict[str, dict[str, set[Node]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            raise DataError(f"{triple} has a blank node or triple term: give it an IRI, so that it can be cited.")
        subjects[subject.value][triple.predicate.value].add(value)
    writer = Writer()
    blocks = [
        writer.subject(key, subjects[key]) for key in sorted(subjects, key=lambda s: _subject_key(s, subjects[s]))
    ]
    names = vocabulary.prefixes()
    head = [f"@prefix {prefix}: <{names[prefix]}> ." for prefix in names if prefix in writer.used]
    return ("\n".join(head) + "\n\n" + "\n".join(blocks)).encode()


def _subject_key(subject: str, pairs: dict[str, set[Node]]) -> tuple[int, str]:
    types = {node.value for node in pairs.get(vocabulary.RDF_TYPE, ())}
    return (0 if types & _HEADERS else 1), subject


def canonical(path: Path) -> bytes:
    """Return the canonical bytes for a Turtle file; DataError with file and line when it does not parse."""
    try:
        return serialise(parse(path.read_bytes(), format=RdfFormat.TURTLE))
    except SyntaxError as error:
        raise DataError(f"this is not Turtle: {error.msg}", file=str(path), line=error.lineno) from error


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    changed = 0
    for path in (Path(a) for a in arguments if a != "--check"):
        data = canonical(path)
        if data != path.read_bytes():
            changed += 1
            print(("would rewrite " if check else "rewrote ") + str(path))
            if not check:
                path.write_bytes(data)
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
