"""The ``migov`` command. Heavy libraries load only in the commands that need them: serving starts at once."""

import difflib
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migov import __version__, console, resources, vocabulary
from migov.errors import MigovError, NotAcceptable, RequestError
from migov.graph import release

if TYPE_CHECKING:
    from migov.store.interface import Kind

_DUMPS = ("ttl", "nt", "jsonld", "rdf", "trig", "nq")
_KINDS: "dict[str, dict[Kind, str | None]]" = {  # --format of `migov query`: what it means for each kind of result
    "table": {"bindings": "json", "boolean": "json", "graph": "turtle"},
    "json": {"bindings": "json", "boolean": "json"},
    "csv": {"bindings": "csv"},
    "tsv": {"bindings": "tsv"},
    "xml": {"bindings": "xml", "boolean": "xml"},
    "turtle": {"graph": "turtle"},
    "ntriples": {"graph": "ntriples"},
    "jsonld": {"graph": "jsonld"},
    "rdfxml": {"graph": "rdfxml"},
    "trig": {"graph": "trig"},
    "nquads": {"graph": "nquads"},
}


class Commands(click.Group):
    """Turns what can go wrong into one line and exit code 1; a traceback is for bugs only."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MigovError as error:
            raise click.ClickException(_line(error)) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{place}{error.strerror or error}") from error


def _line(error: MigovError) -> str:
    place = ", ".join(f"{key} {error.facts[key]}" for key in ("line", "column") if key in error.facts)
    return f"{error} ({place})" if place and isinstance(error, RequestError) else str(error)


def _base(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (value.startswith(("https://", "http://")) and value.endswith(("/", "#"))):
        raise click.BadParameter("must begin with http:// or https:// and end with / or #")
    return value


def _address(_: click.Context, __: click.Parameter, value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise click.BadParameter("must begin with http:// or https://")
    return value.rstrip("/")


_RELEASES = click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    default=console.releases_folder,
    show_default="MIGOV_RELEASES, else releases/ of the checkout, else your data folder",
    help="Folder of the releases.",
)
_AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day that shortcuts such as memberOf hold for, as YYYY-MM-DD.  [default: the dataset's last change]",
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="migov %(version)s")
def main() -> None:
    """The sourced knowledge graph of migration governance: build it, check it, ask it, serve it.

    \b
    migov serve                        a web site with a SPARQL endpoint on your machine
    migov query -e "SELECT …"          one question, one table
    migov export --format ttl -o g.ttl the whole graph in a file
    """


@main.command()
@_RELEASES
@_AS_OF
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
        built, word = _build(releases, day, base), "is ready"
    click.echo(f"Release {built.path.name} {word}: {built.manifest.quads:,} quads in {built.path}")


def _is_current(releases: Path, as_of: date | None, base: str | None) -> bool:
    if not release.is_fresh(releases, resources.default()):
        return False
    manifest = release.current(releases).manifest
    day = as_of.isoformat() if as_of else manifest.created
    return (manifest.as_of, manifest.base) == (day, base or vocabulary.BASE)


def _build(releases: Path, as_of: date | None = None, base: str | None = None) -> release.Release:
    from migov.graph.build import build as make_release  # loads the validator

    with console.progress() as move:
        return make_release(resources.default(), releases, as_of=as_of, base=base, progress=move)


@main.command()
@_RELEASES
@_AS_OF
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


@main.command("import")
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


@main.command()
@_RELEASES
@click.option(
    "--host",
    default="127.0.0.1",
    envvar="MIGOV_HOST",
    show_default=True,
    help="Address to listen on; 0.0.0.0 for every one.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    envvar="MIGOV_PORT",
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    envvar="MIGOV_WORKERS",
    show_default=True,
    help="Web processes.",
)
@click.option(
    "--public-url",
    callback=_address,
    default="",
    envvar="MIGOV_PUBLIC_URL",
    metavar="URL",
    help="Address that visitors see, behind a proxy.",
)
@click.option(
    "--store", callback=_address, default="", metavar="URL", help="SPARQL endpoint that holds the release: see publish."
)
def serve(releases: Path, host: str, port: int, workers: int, public_url: str, store: str) -> None:
    """Serve the graph: pages, linked data and a SPARQL endpoint.

    Builds a release first when there is none or a file has changed. Ctrl-C ends it. With --store nothing is built:
    queries go to another engine, which must hold the current release.

    \b
    migov serve
    migov serve --port 9000 --public-url https://data.example.org
    migov serve --store http://localhost:7878/query
    """
    if store:
        from migov.publish import verify

        verify(release.current(releases), store)
    elif not release.is_fresh(releases, resources.default()):
        _build(releases)
    from migov.web.serve import serve as run

    options: dict[str, Any] = {"host": host, "port": port, "workers": workers, "public_url": public_url}
    sys.exit(run(release.current(releases), store_url=store, **options))


@main.command()
@_RELEASES
@click.option("--to", "url", callback=_address, required=True, metavar="URL", help="Graph Store Protocol endpoint.")
@click.option("--again", is_flag=True, help="Write every graph, even those that are there already.")
@click.option("--only-mark", is_flag=True, help="The graphs have been loaded by other means: say only which they are.")
def publish(releases: Path, url: str, again: bool, only_mark: bool) -> None:
    """Put the current release into another engine, for `migov serve --store`.

    Writes the graphs that have changed, removes those that are gone, and last a mark that says which release is there;
    what is interrupted goes on when it is run again. A user and password come from MIGOV_STORE_USER and
    MIGOV_STORE_PASSWORD or from .netrc.

    \b
    migov publish --to http://localhost:7878/store
    migov publish --to http://localhost:8890/sparql-graph-crud-auth
    """
    from migov.publish import publish as put

    current = release.current(releases)
    with console.steps("Writing graphs") as move:
        touched = put(current, url, again=again, only_mark=only_mark, progress=move)
    told = f"{touched:,} graphs were written or removed" if touched else "nothing had to be written"
    click.echo(f"Release {current.id[:12]} is in {url}: {told}")


@main.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@click.option("-e", "--expression", metavar="TEXT", help="The query itself.")
@click.option("--format", "name", type=click.Choice(list(_KINDS)), default="table", show_default=True)
@_RELEASES
def query(file: Any, expression: str | None, name: str, releases: Path) -> None:
    """Ask the current release in SPARQL 1.1.

    The query comes from FILE, from -e, or from standard input. The prefixes of the project (mgo, o, org, skos, …) are
    known. A table is for reading; SELECT also comes as json, csv, tsv or xml, ASK as json or xml, CONSTRUCT and
    DESCRIBE as turtle, ntriples, jsonld, rdfxml, trig or nquads. The limits are those of the public server.

    \b
    migov query -e "SELECT ?name WHERE { o:iom skos:prefLabel ?name }"
    migov query questions/members.rq --format csv > members.csv
    """
    if file is not None and expression is not None:
        raise click.UsageError("Give a FILE or -e TEXT, not both.")
    if file is None and expression is None and sys.stdin.isatty():
        raise click.UsageError("Give a FILE, or the query itself with -e, or pipe it in.")
    text = (file or sys.stdin).read() if expression is None else expression
    try:
        kind, body = console.ask(release.current(releases).graph, text, _KINDS[name])
    except NotAcceptable as error:
        fitting = [key for key, kinds in _KINDS.items() if error.facts["kind"] in kinds]
        raise click.UsageError(f"This query cannot be answered as {name}: use {', '.join(fitting)}.") from error
    click.echo(_table(body) if name == "table" and kind != "graph" else body.rstrip(b"\n"))


def _table(body: bytes) -> str:
    answer = json.loads(body)
    if "boolean" in answer:
        return "yes" if answer["boolean"] else "no"
    names = answer["head"]["vars"]
    found = answer["results"]["bindings"]
    rows = [[_cell(row[name]) if name in row else "" for name in names] for row in found]
    return f"{console.table(names, rows)}\n{len(rows)} row{'' if len(rows) == 1 else 's'}"


def _cell(term: dict[str, Any]) -> str:
    value = str(term["value"])
    shown = vocabulary.compact(value) if term["type"] == "uri" else value
    return " ".join(shown.split())


@main.command()
@click.option("--format", "name", type=click.Choice(_DUMPS), required=True, help="Format of the file.")
@click.option("--graph", help="One named graph only, by IRI or by name, such as relations/names.")
@click.option("-o", "--output", type=click.File("wb"), default="-", help="File to write.  [default: standard output]")
@_RELEASES
def export(name: str, graph: str | None, output: Any, releases: Path) -> None:
    """Write the current release, or one graph of it, to a file.

    ttl, nt, jsonld and rdf hold the triples of all graphs merged; trig and nq keep the named graphs apart.

    \b
    migov export --format ttl -o migov.ttl
    migov export --format trig --graph derived/current
    """
    current = release.current(releases)
    output.write(current.dump(name).read_bytes() if graph is None else _one_graph(current, graph, name))


def _one_graph(current: release.Release, graph: str, name: str) -> bytes:
    from pyoxigraph import RdfFormat, parse

    from migov.graph import export as formats

    base = current.manifest.base
    iri = graph if ":" in graph else f"{base}graph/{graph.strip('/').removeprefix('graph/')}"
    names = [entry.iri.removeprefix(f"{base}graph/") for entry in current.manifest.graphs]
    if (wanted := iri.removeprefix(f"{base}graph/")) not in names:
        near = ", ".join(difflib.get_close_matches(wanted, names, 3, 0.4)) or ", ".join(names[:3]) + " …"
        raise MigovError(f"There is no graph {graph} among {len(names)}. Did you mean: {near}?")
    quads = parse(path=current.graph, format=RdfFormat.N_QUADS)
    return formats.write((quad for quad in quads if quad.graph_name.value == iri), name, base)
