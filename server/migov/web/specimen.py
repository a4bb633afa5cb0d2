"""A term shown at work: a real thing in Turtle, and a query to start from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, Triple

from migov.graph import turtle
from migov.store import Iri, Literal
from migov.vocabulary import RDF_TYPE
from migov.web import words
from migov.web.record import Value

if TYPE_CHECKING:
    from migov.web.term import Term

_MOST_TRIPLES, _LONG = 24, 300
_FEW, _ROWS = 4, 25
_MOSTLY = 0.9  # a property that so many individuals have is one to show
_UNTELLING = words.HIDDEN | words.NAMING | {"type", "confidence", "retrieved", "quote", "locator", "source", "rule"}


@dataclass(frozen=True)
class Example:
    """A real thing with its triples in Turtle; ``cut`` tells that there are more."""

    thing: Value
    turtle: str
    cut: bool


def example(term: "Term") -> Example | None:
    """One thing of the data that is of the class, or that has the property; None where there is none."""
    for iri in _candidates(term):
        rows = term.reader.rows_of("own-triples", [iri])
        if not any(_shows(term, row["p"].value, row["o"].value) for row in rows):
            continue
        name = term.reader.label(iri, term.reader.names_of([iri]))
        short = sorted((row for row in rows if len(row["o"].value) < _LONG), key=lambda row: row["p"].value != term.iri)
        told = short[:_MOST_TRIPLES]
        triples = [
            Triple(NamedNode(iri), NamedNode(row["p"].value), _node(row["o"]))
            for row in told
            if isinstance(row["o"], Iri | Literal)
        ]
        thing = Value(name.value, term.addresses.href(iri))
        return Example(thing, turtle.serialise(triples).decode(), len(told) < len(rows))
    return None


def _shows(term: "Term", predicate: str, value: str) -> bool:
    if not term.is_class:
        return predicate == term.iri
    return predicate == RDF_TYPE and (value == term.iri or term.iri in term.reader.ancestors(value))


def _candidates(term: "Term") -> Iterable[str]:
    """What the ontology itself gives as an example, then the first of some that the graph has."""
    for pieces in term.examples:
        if pieces[0].text.startswith("Yes"):
            yield from (iri for iri in map(term.iri_of, pieces) if iri)
    name = "one-of-class" if term.is_class else "one-with-property"
    found = term.reader.rows(name, entity=Iri(term.iri)) if term.count else []
    yield from sorted(row["node"].value for row in found)[:1]


def _node(value: Iri | Literal) -> NamedNode | OxLiteral:
    if isinstance(value, Iri):
        return NamedNode(value.value)
    if value.language:
        return OxLiteral(value.value, language=value.language)
    return OxLiteral(value.value, datatype=NamedNode(value.datatype)) if value.datatype else OxLiteral(value.value)


def query(term: "Term") -> str:
    """A query to start from, which finds something wherever the term is used."""
    if not term.is_class:
        return _of_property(term)
    if not term.count:
        return (
            "SELECT ?class (COUNT(?thing) AS ?number)\nWHERE {\n"
            f"  ?class rdfs:subClassOf* {term.short} .\n  ?thing a ?class .\n}}\n"
            "GROUP BY ?class\nORDER BY DESC(?number)"
        )
    name = term.name[:1].lower() + term.name[1:]
    frequent = [p for _class, p, n in term.pairs if n >= _MOSTLY * term.count]
    telling = [p for p in frequent if words.local(p) not in {*_UNTELLING, name}][:_FEW]
    lines = [f"  ?{name} a {term.short} ."]
    lines += [f"  ?{name} {term.short_of(p)} ?{words.local(p)} ." for p in telling]
    if not telling:
        labelled = any(words.local(p) == "label" for _class, p, _n in term.pairs)
        label = "rdfs:label" if labelled else "skos:prefLabel"
        lines.append(f'  OPTIONAL {{ ?{name} {label} ?label . FILTER(LANG(?label) = "en") }}')
    return "SELECT *\nWHERE {\n" + "\n".join(lines) + f"\n}}\nLIMIT {_ROWS}"


def _of_property(term: "Term") -> str:
    if term.node.one("codeList"):
        return (
            "SELECT ?code ?label ?number\nWHERE {\n"
            f"  {{ SELECT ?code (COUNT(?thing) AS ?number) WHERE {{ ?thing {term.short} ?code }} GROUP BY ?code }}\n"
            '  ?code skos:prefLabel ?label .\n  FILTER(LANG(?label) = "en")\n}\nORDER BY DESC(?number)'
        )
    return f"SELECT ?thing ?value\nWHERE {{\n  ?thing {term.short} ?value .\n}}\nLIMIT {_ROWS}"
