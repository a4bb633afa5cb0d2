"""The commands that let others ask: ``serve`` and ``publish``."""

import sys
from pathlib import Path
from typing import Any

import click

from migov import console, resources
from migov.cli.making import build_release
from migov.cli.options import RELEASES, address
from migov.graph import release


@click.command()
@RELEASES
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
    callback=address,
    default="",
    envvar="MIGOV_PUBLIC_URL",
    metavar="URL",
    help="Address that visitors see, behind a proxy.",
)
@click.option(
    "--store", callback=address, default="", metavar="URL", help="SPARQL endpoint that holds the release: see publish."
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
        build_release(releases)
    from migov.web.serve import serve as run

    options: dict[str, Any] = {"host": host, "port": port, "workers": workers, "public_url": public_url}
    sys.exit(run(release.current(releases), store_url=store, **options))


@click.command()
@RELEASES
@click.option("--to", "url", callback=address, required=True, metavar="URL", help="Graph Store Protocol endpoint.")
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
