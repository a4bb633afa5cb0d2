"""What every view needs, in one place: the release, its store and reader, the addresses, the limits."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import current_app

from migov.graph import search
from migov.graph.release import Release
from migov.settings import DEFAULTS
from migov.store import Limits, Store
from migov.web.addresses import Addresses
from migov.web.negotiation import GRAPH_FORMATS, HTML, Format
from migov.web.reader import Reader
from migov.web.representation import Link

NAME = "migov"


@dataclass(frozen=True)
class Config:
    """How a deployment differs: its public address ('' when only reached locally) and its limits."""

    public_url: str = ""
    limits: Limits = field(default_factory=Limits)
    query_bytes: int = int(DEFAULTS["query_bytes"])
    body_bytes: int = int(DEFAULTS["body_bytes"])


@dataclass(frozen=True)
class Site:
    """One release as a website."""

    store: Store
    release: Release
    config: Config
    addresses: Addresses
    reader: Reader

    @property
    def base(self) -> str:
        return self.release.manifest.base

    def find(self, text: str, limit: int) -> list[search.Hit]:
        """Entities by any of their names, best first."""
        return search.find(Path(self.release.search), text, limit)

    def near(self, text: str) -> str:
        """What may have been meant by a text that finds nothing; '' when nothing is near, or finds nothing either."""
        meant = search.near(Path(self.release.search), text) if text else ""
        return meant if meant and self.find(meant, 1) else ""

    def alternates(self, page: str, data: str) -> list[Link]:
        """Links to every format of a resource: its page, and its data document without the extension."""
        found = [Link(self.addresses.link(page), "alternate", HTML.media_type)]
        return found + [
            Link(self.addresses.link(f"{data}.{form.extension}"), "alternate", form.media_type)
            for form in GRAPH_FORMATS
        ]

    def data_links(self, data: str) -> list[tuple[Format, str]]:
        """The data documents of a resource, for people."""
        return [(form, self.addresses.link(f"{data}.{form.extension}")) for form in GRAPH_FORMATS]


def site() -> Site:
    """The site that the current request is for."""
    return cast(Site, current_app.extensions[NAME])
