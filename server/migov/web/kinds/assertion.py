"""The view of one statement: its sentence, the places that it rests on, and what stands beside it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from migov.store import Literal
from migov.web import registers, wording, words
from migov.web.kinds.about import About, Shown
from migov.web.reader import Node, Row
from migov.web.record import Record, Value, other_language
from migov.web.statements import class_name


@dataclass(frozen=True)
class Place:
    """A place in a source: the words read, the document, where in it, and how surely they carry the statement."""

    words: Value
    document: Value
    locator: str
    confidence: str
    href: str | None


@dataclass(frozen=True)
class Rival:
    """One of the values that stand side by side; ``own`` is whether it is this statement's."""

    value: Value
    when: str
    sources: Sequence[Value]
    rank: str
    reason: str
    own: bool


def shown(about: About) -> Shown:
    """The page of a statement."""
    record = about.record
    places = [_place(record, node) for node in sorted(record.found.evidence.values(), key=lambda node: node.iri)]
    own = {term.value for term in record.found.entity.all("evidence")}
    places = [place for place, iri in zip(places, sorted(record.found.evidence), strict=True) if iri in own]
    return Shown("kinds/assertion.html", {"places": places, "beside": _beside(record)})


def _place(record: Record, node: Node) -> Place:
    quote = next((value for value in node.all("quote")), None)
    shown_in = other_language(quote) if isinstance(quote, Literal) else None
    href = record.addresses.href(node.iri)
    confidence = record.link(node.one("confidence")).text if node.one("confidence") else ""
    return Place(
        Value(quote.value if quote else "", href, shown_in),
        record.link(node.one("source")),
        node.one("locator"),
        confidence,
        href,
    )


def _beside(record: Record) -> list[tuple[str, list[Rival]]]:
    """The values by property or indicator; nothing where this statement stands alone."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(record):
        groups[row["predicate"].value].append(row)
    groups = {key: rows for key, rows in groups.items() if _told_apart(record, rows)}
    nodes = {row["node"].value for rows in groups.values() for row in rows}
    if not nodes:
        return []
    sources: dict[str, set[str]] = defaultdict(set)
    for row in record.reader.rows_of("sources-of", nodes):
        sources[row["node"].value].add(row["source"].value)
    named = {row[slot].value for rows in groups.values() for row in rows for slot in ("value", "unit") if slot in row}
    named |= {iri for iris in sources.values() for iri in iris} | set(groups)
    record.found.names.join(record.reader.names_of(named))
    return [
        (words.sentence_case(record.link(key).text), [_rival(record, row, sources) for row in rows])
        for key, rows in groups.items()
    ]


def _rows(record: Record) -> Sequence[Row]:
    """What may stand beside the statement: figures of the same time beside a figure, claims beside anything else."""
    own = record.found.entity
    if class_name(own) != "Observation":
        return record.rows("rivals-of")
    if own.all("inCountry"):
        return record.rows("rival-figures-of")
    first, last = own.one("asOfEarliest"), own.one("asOfLatest")
    return [
        {**row, "predicate": row["indicator"], **_renamed(row)}
        for row in registers.figures(record.reader, own.one("observedEntity"))
        if row["indicator"].value == own.one("indicator")
        and (row["node"].value == own.iri or (_text(row, "asOfEarliest") <= last and _text(row, "asOfLatest") >= first))
        and (row["node"].value == own.iri or (first and "asOfEarliest" in row))
    ]


def _renamed(row: Row) -> Row:
    names = {"valueQualifier": "qualifier", "rankReason": "reason"}
    return {new: row[old] for old, new in names.items() if old in row}


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def _told_apart(record: Record, rows: Sequence[Row]) -> bool:
    """Whether rows hold more than what this statement says itself."""
    return any(row["node"].value != record.iri for row in rows)


def _rival(record: Record, row: Row, sources: dict[str, set[str]]) -> Rival:
    value, node = record.value(row["value"]), row["node"].value
    qualifier = words.local(row["qualifier"].value) if "qualifier" in row else ""
    said = wording.hedged(value.text, qualifier) if qualifier else value.text
    documents = sorted((record.link(iri) for iri in sources[node]), key=lambda value: value.text.casefold())
    return Rival(
        Value(said, record.addresses.href(node), value.language),
        wording.date(row["asOf"].value) if "asOf" in row else "",
        documents,
        words.local(row["rank"].value) if "rank" in row else "",
        row["reason"].value if "reason" in row else "",
        node == record.iri,
    )
