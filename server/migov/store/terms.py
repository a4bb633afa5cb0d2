"""RDF terms as plain values, so that no engine's own types leave the store."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI."""

    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its lexical form and either a language tag (lower case) or a datatype IRI (never both)."""

    value: str
    language: str | None = None
    datatype: str | None = None

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank node of one result; its name means nothing beyond that result."""

    value: str

    def __str__(self) -> str:
        return self.value


Term = Iri | Literal | Blank


def to_json(term: Term) -> dict[str, str]:
    """Write a term as SPARQL 1.1 Query Results JSON does (section 3.2.2)."""
    match term:
        case Iri(value):
            return {"type": "uri", "value": value}
        case Blank(value):
            return {"type": "bnode", "value": value}
        case Literal(value, language, datatype):
            kind = {"xml:lang": language} if language else {"datatype": datatype} if datatype else {}
            return {"type": "literal", "value": value, **kind}


def from_json(term: dict[str, Any]) -> Term:
    """Read a term from SPARQL 1.1 Query Results JSON; a plain string keeps ``datatype`` None."""
    kind, value = term.get("type"), term.get("value")
    if value is not None:
        if kind == "uri":
            return Iri(value)
        if kind in ("literal", "typed-literal"):
            return Literal(value, term.get("xml:lang"), term.get("datatype"))
        if kind == "bnode":
            return Blank(value)
    raise ValueError(f"not a term: {term!r}")
