"""What an organisation is to others, from its memberships: its tie to the United Nations, whom it serves or leads."""

from collections.abc import Container, Sequence

from migov.web import memberships, registers, words
from migov.web.bands import Period, period
from migov.web.facts import Fact
from migov.web.kinds.proof import fact_of
from migov.web.reader import Node, Row
from migov.web.record import Record

UNITED_NATIONS = ("un", "un-system", "un-ga", "ceb")
"""By key, the bodies whose members, observers or related organisations have a tie to the United Nations."""
SERVING = ("coordinator", "secretariat", "host", "chair", "co-chair")
"""By code, the kinds of membership by which one leads or serves what it belongs to."""


def own(record: Record) -> Sequence[Row]:
    """The memberships of the entity that nobody set aside."""
    rows = registers.memberships(record.reader, "member", record.iri)
    return [row for row in rows if "rank" not in row or words.local(row["rank"].value) != "deprecated"]


def with_united_nations(record: Record, rows: Sequence[Row]) -> list[Row]:
    """Those that tie the entity to the United Nations, the latest first."""
    base = f"{record.reader.base}id/org/"
    ties = [row for row in rows if row["org"].value in {base + key for key in UNITED_NATIONS}]
    return sorted(ties, key=lambda row: ("start" in row, _text(row, "lastBegun"), row["node"].value), reverse=True)


def of_kind(rows: Sequence[Row], codes: Container[str]) -> list[Row]:
    """Those of some kinds."""
    return [row for row in rows if "type" in row and words.local(row["type"].value) in codes]


def learn_names(record: Record, rows: Sequence[Row]) -> None:
    """Take in what memberships name."""
    named = {row[slot].value for row in rows for slot in ("member", "org", "type") if slot in row}
    record.found.names.join(record.reader.names_of(named - record.found.names.labels.keys()))


def told(record: Record, proofs: dict[str, Node], row: Row) -> Fact:
    """A membership as a fact about the organisation that it is in, with its kind."""
    kind = record.link(row["type"].value).text if "type" in row else ""
    notes = [row["note"].value] if "note" in row else []
    main = [record.link(row["org"].value)]
    return fact_of(record, proofs, row["node"].value, main, memberships.period(row), [kind], notes=notes)


def periods(record: Record, rows: Sequence[Row]) -> list[Period]:
    """The bands of memberships, named by their kind."""
    found = []
    for row in rows:
        kind = words.sentence_case(record.link(row["type"].value).text) if "type" in row else ""
        where = record.link(row["org"].value).text
        made = period(row, f"{kind}, {where}" if kind else where, kind or where)
        found.append(made)
    return found


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
