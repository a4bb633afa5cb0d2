"""Imports figures about organisations: each row is what one source says that one indicator was at one time.

Two sources make two observations, even where they agree. Where they give sums of money for one year, or counts for
one day, that cannot both be right, the one of the lower tier is set aside with that reason; sources of one tier stand
side by side. A measure that is counted by another rule is another indicator: concepts say with ``mgo:tableKey`` which
words of tables mean them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from migov.graph.dates import DAY
from migov.record import codes, tables
from migov.record.citing import Cited, Citer, as_of
from migov.record.context import Context
from migov.record.draft import Draft, key, node
from migov.record.observing import figure, observe, set_aside
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "figures",
    "Figures about organisations",
    (
        Column("org_key", "key of the organisation", True),
        Column("measure", "what is counted, in words that an indicator knows", True),
        Column("value", "the number as printed", True),
        Column("unit", "what the number counts, in words that a unit knows", True),
        Column("qualifier", "hedge as printed, such as more than; empty for none"),
        Column("as_of", "day, month or year for which the number holds; may be empty"),
        Column("as_of_precision", "day, month, year, or empty for no date"),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "time whose state the source shows, or undated", True),
        Column("note", "what to beware of"),
    ),
)
FOLDER = "figures"


@dataclass(frozen=True)
class Figure:
    """One row, understood."""

    row: Row
    organisation: NamedNode
    indicator: str
    unit: str
    qualifier: str
    value: Literal
    as_of: Literal | None

    @property
    def file(self) -> str:
        return f"{FOLDER}/{key(self.organisation)}"

    @property
    def time(self) -> str:
        return self.as_of.value if self.as_of else "undated"


def run(table: Table, context: Context) -> None:
    """Write one observation for each row, in place of those of an earlier import."""
    figures = [found for row in table if (found := _figure(row, table, context))]
    table.problems.refuse()
    citer, draft = Citer(context), Draft(context)
    groups: dict[tuple[NamedNode, str, str], list[tuple[Figure, Cited]]] = defaultdict(list)
    for one in figures:
        groups[one.organisation, one.indicator, one.time].append((one, _cite(one, citer)))
    for group in groups.values():
        _state(group, draft, context)
    draft.save(f"observations/{FOLDER}")
    citer.save(f"sources/{FOLDER}")


def _figure(row: Row, table: Table, context: Context) -> Figure | None:
    problems = table.problems
    organisation = context.register.find("org", row["org_key"])
    if organisation is None:
        problems.add(row, f"organisation {row['org_key']!r} is unknown")
    indicator = tables.code(row, "measure", codes.words("indicator"), problems)
    unit = tables.code(row, "unit", codes.words("unit"), problems)
    hedges = {"": "exact", **codes.words("qualifier")}
    qualifier = tables.code(row, "qualifier", hedges, problems)
    value = figure(row, "value", problems)
    moment = tables.moment(row, "as_of", problems, "as_of_precision")
    if organisation and indicator and unit and qualifier and value:
        return Figure(row, organisation, indicator, unit, qualifier, value, moment)
    return None


def _cite(one: Figure, citer: Citer) -> Cited:
    row = one.row
    where = f"{row['org_key'].upper()}: {row['measure']}" + (f", {one.time}" if one.as_of else "")
    words = " ".join(filter(None, (row["qualifier"], row["value"], row["unit"])))
    return citer.cite(row["source_url"], where, words, as_of=as_of(row["source_as_of"]), dated=one.as_of is not None)


def _state(group: Sequence[tuple[Figure, Cited]], draft: Draft, context: Context) -> None:
    """State the figures of one organisation, indicator and time; the most trusted of them sets others aside."""
    order = sorted(group, key=lambda pair: pair[1].trust)
    first, kept = order[0]
    for one, cited in order:
        source = key(cited.document).removeprefix("source-")[:6]
        name = node("observation", key(one.organisation), one.indicator, one.time, source)
        observe(
            draft,
            f"observations/{one.file}",
            name,
            one.organisation,
            one.indicator,
            one.unit,
            one.value,
            cited,
            as_of=one.as_of,
            qualifier=one.qualifier,
            note=one.row["note"],
        )
        rival = cited.trust > kept.trust and _contradicts(one, first)
        if rival:
            draft.add(f"observations/{one.file}", set_aside(name, first.value, kept, cited))
        context.ledger.record(cited.document, "disputed" if rival else "made")


def _contradicts(one: Figure, other: Figure) -> bool:
    """Tell whether both cannot be right: a sum of money for a year is one number, a count may change within it."""
    one_number = one.as_of is not None and (one.as_of.datatype.value == DAY or one.unit == "us-dollar")
    return one_number and one.qualifier == other.qualifier == "exact" and one.value != other.value
