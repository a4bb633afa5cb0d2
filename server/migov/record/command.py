"""Runs one import from beginning to end, for the command line and for tests."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from migov.record import rows, sources, tables
from migov.record.context import Context, open_graphs
from migov.record.tables import Layout, Table
from migov.record.writing import alone

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
READ_BACK = {"treaty-actions"}  # the evidence of these says all that their rows said
Import = Callable[[Table, Context], None]


@dataclass(frozen=True)
class Outcome:
    """What an import did: the rows it read and those new to the graph, the account of all rows of that kind, files."""

    read: int
    new: int
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


def run(
    kind: str,
    path: Path,
    graphs: Path,
    descriptions: Path | None = None,
    *,
    dry: bool = False,
    replace: bool = False,
) -> Outcome:
    """Import a table into a graphs folder; TableRefused says what is wrong with it, and then nothing is written.

    The rows are added to those that the graph has; with ``replace`` they stand for all of their kind.
    ``descriptions`` is a table of sources; without it the sources must be in the graph already. ``dry`` writes nothing.
    """
    with nullcontext() if dry else alone(graphs):
        return _run(kind, path, graphs, descriptions, dry=dry, replace=replace)


def _run(kind: str, path: Path, graphs: Path, descriptions: Path | None, *, dry: bool, replace: bool) -> Outcome:
    layout, work = importer(kind)
    context = open_graphs(graphs, kind, replace=replace)
    if descriptions:
        context.sources.describe(descriptions)
    table = tables.read(path, layout)
    before = context.ledger.before(context.files)
    work(table if kind in READ_BACK else rows.join(table, layout, context), context)
    context.ledger.save(context.files)
    changed = context.files.changed if dry else context.files.save()
    fates = context.ledger.totals
    new = fates.total() - (0 if replace else before)
    return Outcome(
        len(table.rows),
        new,
        fates.total(),
        fates["made"],
        fates["merged"],
        fates["disputed"],
        fates["set-aside"],
        changed,
    )
