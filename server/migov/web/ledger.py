"""The ledger of the import: no row of a table vanishes, and each source's account adds up."""

from collections.abc import Iterable
from dataclasses import dataclass

from migov.web import words
from migov.web.language import N_, collated
from migov.web.reader import Row
from migov.web.record import Value
from migov.web.site import Site

TITLES = (N_("Expenses"), N_("Instruments"), N_("Iom members"), N_("Organisations"), N_("People"))
"""Titles of tables that are texts of no other page; all are made of the names of the tables."""


@dataclass(frozen=True)
class Account:
    """Counts of rows: all of them, and what became of them; and what was made from them."""

    rows: int
    made: int
    merged: int
    disputed: int
    aside: int
    assertions: int
    evidence: int

    def __add__(self, other: "Account") -> "Account":
        return Account(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def balanced(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows == self.made + self.merged + self.disputed + self.aside


NOTHING = Account(0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Line:
    """The account of one source in a table; ``href`` leads to its import record."""

    source: Value
    href: str | None
    account: Account
    reason: str


@dataclass(frozen=True)
class Table:
    """A table that was imported, with the accounts of its sources, the largest first, and their sum."""

    name: str
    title: str
    lines: list[Line]

    @property
    def account(self) -> Account:
        return total_of(line.account for line in self.lines)


def total_of(accounts: Iterable[Account]) -> Account:
    """The sum of accounts."""
    return sum(accounts, NOTHING)


def total(tables: Iterable[Table]) -> Account:
    """The sum over all tables."""
    return total_of(table.account for table in tables)


def tables(here: Site) -> list[Table]:
    """Every table that was imported, by name."""
    found: dict[str, list[Line]] = {}
    for row in here.reader.rows("ledger"):
        found.setdefault(row["table"].value, []).append(_line(here, row))
    return [
        Table(name, words.sentence_case(name.replace("-", " ")), sorted(lines, key=_largest))
        for name, lines in sorted(found.items())
    ]


def _largest(line: Line) -> tuple[int, str]:
    return -line.account.rows, collated(line.source.text)


def _line(here: Site, row: Row) -> Line:
    source = row["source"].value
    name = here.reader.translation(source) or (row["name"].value if "name" in row else words.local(source))
    account = Account(*(_count(row, key) for key in _COUNTS))
    return Line(
        Value(name, here.addresses.href(source)),
        here.addresses.href(row["record"].value),
        account,
        row["reason"].value if "reason" in row else "",
    )


_COUNTS = ("in", "made", "merged", "disputed", "aside", "assertions", "evidence")


def _count(row: Row, name: str) -> int:
    return int(row[name].value) if name in row else 0
