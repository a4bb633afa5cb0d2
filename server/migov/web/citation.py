"""How to cite a record: the release is part of it, so that a reader can find the very same text again."""

from migov.graph.release import Release
from migov.web import wording


def text(title: str, iri: str, release: Release) -> str:
    """One line to cite a record of the graph by."""
    created = release.manifest.created
    dated = f", {wording.date(created[:10])}" if created else ""
    return f"migov, “{title}”, release {release.id[:12]}{dated}, {iri}"
