"""Options that several commands share."""

from pathlib import Path

import click

from migov import console

RELEASES = click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    default=console.releases_folder,
    show_default="MIGOVRELEASES, else releases/ of the checkout, else your data folder",
    help="Folder of the releases.",
)
AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day that shortcuts such as memberOf hold for, as YYYY-MM-DD.  [default: the dataset's last change]",
)


def address(_: click.Context, __: click.Parameter, value: str) -> str:
    """Check the address of a server, and return it without a slash at its end."""
    if value and not value.startswith(("https://", "http://")):
        raise click.BadParameter("must begin with http:// or https://")
    return value.rstrip("/")
