"""Cites a row of a table: source, where in it, the few words that carry the fact, and how sure they are."""

import hashlib
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from migov.record.keys import term
from migov.vocabulary import ID, RDF_TYPE, XSD

LONGEST = 12  # words of a quote
Term = NamedNode | Literal
_TYPE, _DATE = NamedNode(RDF_TYPE), NamedNode(XSD + "date")


def triples(subject: NamedNode, kind: str, slots: Iterable[tuple[str, Term | None]]) -> list[Triple]:
    """Return what is said of ``subject``: its class, and each slot that has a value (``("mgo:date", literal)``)."""
    said = [Triple(subject, _TYPE, term(kind))]
    return said + [Triple(subject, term(slot), value) for slot, value in slots if value is not None]


def text(value: str, language: str | None = None) -> Literal:
    """Return a plain string, or words in a language."""
    return Literal(value, language=language) if language else Literal(value)


def day(value: str) -> Literal:
    """Return a day given as YYYY-MM-DD."""
    return Literal(value, datatype=_DATE)


def number(value: int) -> Literal:
    """Return a whole number."""
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def digest(*parts: str) -> str:
    """Return the key that evidence and claims have: twelve hex digits of the SHA-1 of their parts."""
    return hashlib.sha1("|".join(parts).encode(), usedforsecurity=False).hexdigest()[:12]


def clip(words: str) -> str:
    """Return the first words of a text that may stand as a quote."""
    return " ".join(words.split()[:LONGEST])


def cite(
    source: NamedNode,
    locator: str,
    quote: str,
    *,
    language: str = "en",
    confidence: str = "high",
    retrieved: str,
    supports: Iterable[str] = (),
) -> tuple[NamedNode, list[Triple]]:
    """Return an Evidence node and its triples; the same place and words always give the same node.

    ``retrieved`` is YYYY-MM-DD, ``confidence`` a code of that scheme, ``supports`` names properties (``mgo:date``).
    ValueError for a quote of more than twelve words or none.
    """
    if not 0 < len(quote.split()) <= LONGEST:
        raise ValueError(f"a quote has 1 to {LONGEST} words: {quote!r}")
    node = NamedNode(f"{ID}evidence/{digest(source.value, locator, quote)}")
    slots: list[tuple[str, Term | None]] = [
        ("mgo:source", source),
        ("mgo:locator", text(locator)),
        ("mgo:quote", text(quote, language)),
        ("mgo:confidence", term(f"confidence:{confidence}")),
        ("mgo:retrieved", day(retrieved)),
        *(("mgo:supports", term(name)) for name in supports),
    ]
    return node, triples(node, "mgo:Evidence", slots)


def claim(
    subject: NamedNode,
    predicate: str,
    value: Term,
    evidence: Iterable[NamedNode],
    *,
    rank: str | None = None,
    reason: str | None = None,
) -> list[Triple]:
    """Return a Claim that one triple holds, for a plain attribute or for a rival value of an assertion's slot.

    ``rank`` is a code (preferred, deprecated); ``reason`` says in English why. ValueError for a claim without evidence.
    """
    nodes = sorted(evidence, key=str)
    if not nodes:
        raise ValueError(f"a claim about {subject.value} needs evidence")
    about = term(predicate)
    node = NamedNode(f"{ID}claim/{digest(subject.value, about.value, value.value, nodes[0].value)}")
    slots: list[tuple[str, Term | None]] = [
        ("rdf:subject", subject),
        ("rdf:predicate", about),
        ("rdf:object", value),
        ("mgo:rank", term(f"rank:{rank}") if rank else None),
        ("mgo:rankReason", text(reason, "en") if reason else None),
        *(("mgo:evidence", item) for item in nodes),
    ]
    return triples(node, "mgo:Claim", slots)
