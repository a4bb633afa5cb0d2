"""The commands that make the graph: ``build``, ``check``, ``import``."""

import sys
from datetime import date, datetime
from pathlib import Path

import click

from migov import console, resources, vocabulary
from migov.cli.options import AS_OF, RELEASES
from migov.graph import release


def _base(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (value.startswith(("https://", "http://")) and value.endswith(("/", "#"))):
        raise click.BadParameter("must begin with http:// or https:// and end with / or #")
    return value


@click.command()
@RELEASES
@AS_OF
@click.option(
    "--base", callback=_base, metavar="URL", help="Base address that replaces the canonical one in every IRI."
)
def build(releases: Path, as_of: datetime | None, base: str | None) -> None:
    """Build the graph into a release.

    Reads the ontology and the graphs, validates them, derives dates, shortcuts and labels, and writes a release: the
    graph in six formats, a search index, the validation report. The release becomes the current one only when all is
    well; a failed build changes nothing. The same files always give the same bytes.

    \b
    migov build
    migov build --as-of 2018-12-19 --releases /srv/migov
    """
    day = as_of.date() if as_of else None
    if _is_current(releases, day, base):
        built, word = release.current(releases), "is up to date"
    else:
        built, word = build_release(releases, day, base), "is ready"
    click.echo(f"Release {built.path.name} {word}: {built.manifest.quads:,} quads in {built.path}")


def _is_current(releases: Path, as_of: date | None, base: str | None) -> bool:
    if not release.is_fresh(releases, resources.default()):
        return False
    manifest = release.current(releases).manifest
    day = as_of.isoformat() if as_of else manifest.created
    return (manifest.as_of, manifest.base) == (day, base or vocabulary.BASE)


def build_release(releases: Path, as_of: date | None = None, base: str | None = None) -> release.Release:
    """Build a release and show how it goes; what can go wrong is that of ``migov.graph.build.build``."""
    from migov.graph.build import build as make_release  # loads the validator

    with console.progress() as move:
        return make_release(resources.default(), releases, as_of=as_of, base=base, progress=move)


@click.command()
@RELEASES
@AS_OF
@click.option(
    "--report",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the SHACL validation report in Turtle.  [default: validation.ttl in the folder of the releases]",
)
@click.option("--for-release", is_flag=True, help="Check also what a published release may not leave open.")
def check(releases: Path, as_of: datetime | None, target: Path | None, for_release: bool) -> None:
    """Check the graph and say what to do.

    Prints what breaks a rule, file by file with line, node, property and value. Exit code 1 when there is a
    violation, 0 when there are only warnings or nothing. No release is made or changed.

    \b
    migov check
    migov check --report report.ttl
    """
    from migov.graph import build as pipeline
    from migov.graph import report, validate
    from migov.graph.memory import Memory

    with console.progress() as move:
        graph = pipeline.make(resources.default(), as_of.date() if as_of else None, move, Memory(releases))
    results = [*graph.results, *(validate.release(graph.files) if for_release else ())]
    target = target or releases / release.REPORT_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(report.as_turtle(results))
    click.echo(report.as_text(results), nl=False)
    click.echo(f"SHACL report: {target}")
    if report.fails(results):
        sys.exit(1)


@click.command("import")
@click.argument("kind", metavar="KIND")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option(
    "--sources",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Table that describes the sources.  [default: those that the graph has]",
)
@click.option(
    "--graphs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=lambda: resources.default().graphs,
    show_default="graphs/ of the checkout",
    help="Folder to merge into.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would change, and write nothing.")
@click.option(
    "--replace", is_flag=True, help="Take the table for all rows of its kind: forget those of earlier tables."
)
def import_(kind: str, table: Path | None, sources: Path | None, graphs: Path, dry_run: bool, replace: bool) -> None:
    """Merge a table of facts into the graph, for curators.

    KIND says what the table holds. Without a TABLE its columns are listed. The rows become canonical Turtle: acts that
    several sources report become one statement with the evidence of each, contradictions stand beside as rivals. The
    rows are added to those of earlier tables; a second run changes nothing. A table with one unknown name or malformed
    date is refused whole, with row numbers.

    \b
    migov import treaty-actions
    migov import treaty-actions actions.csv --sources sources.csv --dry-run
    """
    from migov.record import command

    if kind not in command.KINDS:
        raise click.BadParameter(f"choose from {', '.join(sorted(command.KINDS))}", param_hint="KIND")
    if table is None:
        click.echo(command.columns(kind))
        return
    done = command.run(kind, table, graphs, sources, dry=dry_run, replace=replace)
    click.echo(f"{done.read:,} rows read, {done.new:,} new, none rejected")
    click.echo(
        f"All {done.rows:,} rows: {done.made:,} added, {done.merged:,} merged, {done.disputed:,} disputed", nl=False
    )
    click.echo(f", {done.set_aside:,} set aside")
    changed = "would change" if dry_run else "changed"
    click.echo(f"{len(done.files)} files {changed}" + "".join(f"\n  {name}.ttl" for name in done.files[:20]))
