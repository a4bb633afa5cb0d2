"""Imports what IOM spent in each State or territory, year by year."""

from migov.record import tables
from migov.record.citing import Citer, as_of
from migov.record.context import Context
from migov.record.draft import Draft, node
from migov.record.observing import figure, observe
from migov.record.tables import Column, Layout, Table

LAYOUT = Layout(
    "expenses",
    "Expenses of IOM by country",
    (
        Column("iso3", "code of the State, territory or place", True),
        Column("country", "its name as printed", True),
        Column("year", "the year of the expenses", True),
        Column("iom_expenses_usd", "the expenses in US dollars", True),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "time whose state the source shows, or undated", True),
    ),
    key=("iso3", "year"),
)
FILE = "expenses/iom"


def run(table: Table, context: Context) -> None:
    """Write one observation for each row, in place of those of an earlier import."""
    problems, register = table.problems, context.register
    spender = register.find("org", "iom")
    if spender is None:
        problems.add(1, "organisation 'iom' is unknown")
    read = []
    for row in table:
        state = register.find("state place", row["iso3"])
        year = tables.moment(row, "year", problems)
        value = figure(row, "iom_expenses_usd", problems)
        if state is None:
            problems.add(row, f"State {row['iso3']!r} is unknown")
        if year is not None and not year.datatype.value.endswith("#gYear"):
            problems.add(row, f"year {year.value!r} is more than a year")
        if spender and state and value:
            read.append((row, spender, state, year, value))
    problems.refuse()
    citer, draft = Citer(context), Draft(context)
    for row, iom, state, year, value in read:
        words = f"{row['country']} {row['iom_expenses_usd']}"
        where = f"IOM, {row['country']}, {row['year']}"
        cited = citer.cite(row["source_url"], where, words, as_of=as_of(row["source_as_of"]))
        name = node("observation", "iom", "expenses-in-country", row["iso3"], row["year"])
        observe(
            draft,
            f"observations/{FILE}",
            name,
            iom,
            "expenses-in-country",
            "us-dollar",
            value,
            cited,
            as_of=year,
            country=state,
        )
        context.ledger.record(cited.document, "made")
    draft.save("observations/expenses")
    citer.save(f"sources/{FILE}")
