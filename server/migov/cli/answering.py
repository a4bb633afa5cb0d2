"""The commands that answer: ``query`` and ``export``."""

import difflib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migov import console, vocabulary
from migov.cli.options import RELEASES
from migov.errors import MigovError, NotAcceptable
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


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@click.option("-e", "--expression", metavar="TEXT", help="The query itself.")
@click.option("--format", "name", type=click.Choice(list(_KINDS)), default="table", show_default=True)
@RELEASES
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


@click.command()
@click.option("--format", "name", type=click.Choice(_DUMPS), required=True, help="Format of the file.")
@click.option("--graph", help="One named graph only, by IRI or by name, such as relations/names.")
@click.option("-o", "--output", type=click.File("wb"), default="-", help="File to write.  [default: standard output]")
@RELEASES
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
