"""How to cite what a page shows: the line for people, and where the references for programs are.

The release is part of each, so that a reader can find the very same text again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from migov.web.references import DATASET, STYLES, Style, Work, plain
from migov.web.site import Site

_DIGITS = 12


@dataclass(frozen=True)
class Citation:
    """A reference as a line, and the addresses of its files."""

    text: str
    files: list[tuple[Style, str]]


def cited(here: Site, work: Work, path: str, values: Mapping[str, str] | None = None) -> Citation:
    """The citation of a work whose references stand at ``/cite/<path>.<extension>``."""
    asked = {name: value for name, value in (values or {}).items() if value}
    query = f"?{urlencode(asked, safe=':')}" if asked else ""
    files = [(style, here.addresses.link(f"/cite/{path}.{style.extension}{query}")) for style in STYLES]
    return Citation(plain(work).strip(), files)


def record(here: Site, title: str, document: str, iri: str, day: str = "") -> Work:
    """The page about one thing, as of a day if one was asked about."""
    return Work(document, title, iri, here.release.id, issued(here), day)


def answer(here: Site, title: str, address: str) -> Work:
    """An answer of the library, at its stable address."""
    key = f"{address.removeprefix('/')}"
    return Work(key, title, here.base + key, here.release.id, issued(here))


def result(here: Site, title: str, query: str) -> Work:
    """The answer to a query: the address holds the query, the key its digest."""
    digest = hashlib.sha256(query.encode()).hexdigest()[:_DIGITS]
    address = f"{here.base}sparql?{urlencode({'query': query})}"
    return Work(f"sparql/{digest}", title, address, here.release.id, issued(here))


def dataset(here: Site) -> Work:
    """The dataset as a whole."""
    return Work("dataset", DATASET, here.base, here.release.id, issued(here), part=False)


def issued(here: Site) -> str:
    """The day of the release, '' where it has none."""
    return here.release.manifest.created[:10]
