"""How to cite a record: the release is part of it, so that a reader can find the very same text again."""

from migov.graph.release import Release
from migov.web import wording


def text(title: str, iri: str, release: Release, day: str = "") -> str:
    """One line to cite a record of the graph by, as it stood on a day if one was asked about."""
    created = release.manifest.created
    dated = f", {wording.date(created[:10])}" if created else ""
    title += f", as it stood on {wording.date(day)}" if day else ""
    return f"migov, “{title}”, release {release.id[:12]}{dated}, {iri}"
