"""The ``migov`` command. Heavy libraries load only in the commands that need them: serving starts at once."""

from typing import Any

import click

from migov import __version__
from migov.cli.answering import export, query
from migov.cli.making import build, check, import_
from migov.cli.serving import publish, serve
from migov.errors import MigovError, RequestError


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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="migov %(version)s")
def main() -> None:
    """The sourced knowledge graph of migration governance: build it, check it, ask it, serve it.

    \b
    migov serve                        a web site with a SPARQL endpoint on your machine
    migov query -e "SELECT …"          one question, one table
    migov export --format ttl -o g.ttl the whole graph in a file
    """


for command in (build, check, import_, serve, publish, query, export):
    main.add_command(command)
