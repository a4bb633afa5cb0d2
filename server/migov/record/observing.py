"""What imports of figures share: reading numbers, and stating an observation with its evidence."""

from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, Triple

from migov.record.citing import Cited
from migov.record.draft import Draft
from migov.record.evidence import Term, text
from migov.record.keys import term
from migov.record.tables import Problems, Row
from migov.vocabulary import XSD


def figure(row: Row, column: str, problems: Problems) -> Literal | None:
    """Return the number in a column, exactly: ``75492148.0`` is 75492148; None for an empty cell.

    A cell that holds no number, or one below zero, is a problem.
    """
    if not row[column]:
        return None
    try:
        number = Decimal(row[column])
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        problems.add(row, f"{column} {row[column]!r} is no number from 0")
        return None
    if number == number.to_integral_value():
        return Literal(str(int(number)), datatype=NamedNode(XSD + "integer"))
    return Literal(format(number.normalize(), "f"), datatype=NamedNode(XSD + "decimal"))


def observe(
    draft: Draft,
    file: str,
    node: NamedNode,
    entity: NamedNode,
    indicator: str,
    unit: str,
    value: Literal,
    cited: Cited,
    *,
    as_of: Literal | None,
    qualifier: str = "exact",
    country: NamedNode | None = None,
    note: str = "",
) -> None:
    """State one figure of one source; ``indicator``, ``unit`` and ``qualifier`` are codes."""
    slots: list[tuple[str, Term | None]] = [
        ("mgo:observedEntity", entity),
        ("mgo:indicator", term(f"indicator:{indicator}")),
        ("mgo:unit", term(f"unit:{unit}")),
        ("mgo:value", value),
        ("mgo:valueQualifier", term(f"qualifier:{qualifier}")),
        ("mgo:inCountry", country),
        ("mgo:asOf", as_of),
        ("skos:editorialNote", text(note, "en") if note else None),
    ]
    draft.state(file, node, "mgo:Observation", slots, [cited])


def set_aside(node: NamedNode, kept: Literal, by: Cited, other: Cited) -> list[Triple]:
    """Return what ranks a figure below the one kept, which a source of a higher tier gives."""
    reason = f"A source of a higher tier gives {kept.value} for this time: {by.tier} before {other.tier}."
    return [
        Triple(node, term("mgo:rank"), term("rank:deprecated")),
        Triple(node, term("mgo:rankReason"), text(reason, "en")),
    ]
