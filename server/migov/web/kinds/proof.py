"""Assertions that a view takes from a register, made into facts with the places that they rest on."""

from collections.abc import Iterable

from migov.store import Iri
from migov.web.facts import Fact
from migov.web.reader import Node
from migov.web.record import Detail, Record, Value

_EVIDENCE = "evidence"
_PLACE = ("source", "locator", "paragraph", "quote", "confidence")


def learn(record: Record, assertions: Iterable[str]) -> dict[str, Node]:
    """Read the evidence of assertions that the page did not read itself, before its sources are numbered."""
    wanted = set(assertions)
    known = {iri: record.found.assertions[iri] for iri in wanted & record.found.assertions.keys()}
    slot = f"{record.reader.base}ontology/{_EVIDENCE}"
    named: set[str] = set()
    for row in record.reader.rows_of("evidence-of", wanted - known.keys()):
        node = known.setdefault(row["node"].value, Node(row["node"].value))
        place = record.found.evidence.setdefault(row["place"].value, Node(row["place"].value))
        node.add(slot, Iri(place.iri))
        for part in row.keys() & set(_PLACE):
            place.add(part, row[part])
        named |= {row[part].value for part in ("source", "confidence") if part in row}
    record.found.names.join(record.reader.names_of(named - record.found.names.labels.keys()))
    return known


def fact_of(
    record: Record,
    proofs: dict[str, Node],
    iri: str,
    main: Iterable[Value],
    when: str = "",
    details: Iterable[str] = (),
    rank: str = "",
    notes: Iterable[str] = (),
) -> Fact:
    """One assertion as a fact: its message, its time, further words, the numbers of its sources, its own page."""
    marks = record.marks(proofs[iri]) if iri in proofs else []
    further = [Detail("", [Value(text)]) for text in details if text]
    return Fact(list(main), further, when, marks, record.addresses.href(iri), rank, list(notes))
