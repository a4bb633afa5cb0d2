"""Runs one import from beginning to end, for the command line and for tests."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from migov.record import sources, tables
from migov.record.context import Context, open_graphs
from migov.record.tables import Layout, Table

KINDS = {  # each kind of table: the module that reads it
    "states": "states",
    "treaties": "treaties",
    "treaty-actions": "actions",
    "organisations": "organisations",
    "memberships": "memberships",
    "iom-members": "iom_members",
    "people": "people",
    "instruments": "instruments",
    "votes": "votes",
    "figures": "figures",
    "expenses": "expenses",
}
Import = Callable[[Table, Context], None]


@dataclass(frozen=True)
class Outcome:
    """What an import did: rows by what became of them, and the files it changed."""

    rows: int
    made: int
    merged: int
    disputed: int
    set_aside: int
    files: list[str]


def importer(kind: str) -> tuple[Layout, Import]:
    """Return the layout of a kind of table and the function that imports it."""
    module = import_module(f"migov.record.{KINDS[kind]}")
    return module.LAYOUT, module.run


def columns(kind: str) -> str:
    """Return the documented columns of a kind of table and of the table of sources, for people to read."""
    lines = []
    for layout in (importer(kind)[0], sources.LAYOUT):
        width = max(map(len, layout.names))
        lines += [f"{layout.title} (CSV, UTF-8):"]
        for column in layout.columns:
            lines.append(f"  {column.name:{width}}  {column.meaning}{'' if column.required else ' (may be empty)'}")
    return "\n".join(lines)


def run(kind: str, path: Path, graphs: Path, descriptions: Path | None = None, *, dry: bool = False) -> Outcome:
    """Import a table into a graphs folder; TableRefused says what is wrong with it, and then nothing is written.

    ``descriptions`` is a table of sources; without it the sources must be in the graph already. ``dry`` writes nothing.
    """
    layout, work = importer(kind)
    context = open_graphs(graphs, kind)
    if descriptions:
        context.sources.describe(descriptions)
    table = tables.read(path, layout)
    work(table, context)
    context.ledger.save(context.files)
    changed = context.files.changed if dry else context.files.save()
    rows = context.ledger.totals
    return Outcome(rows.total(), rows["made"], rows["merged"], rows["disputed"], rows["set-aside"], changed)
