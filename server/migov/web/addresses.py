"""Addresses: from the IRIs of the graph to the paths of this server and back.

IRIs keep the release's base whatever the host; links are relative to this server or start from the configured
public address. Request headers such as ``Host`` or ``X-Forwarded-Host`` are never read.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit

from pyoxigraph import NamedNode

from migov.errors import NoSuchEntity
from migov.marking import E_
from migov.web import language

KINDS = (
    "org",
    "state",
    "person",
    "post",
    "place",
    "document",
    "group",
    "relation",
    "event",
    "observation",
    "claim",
    "evidence",
    "record",
)
_SAFE = "/:@!$&'()*+,;=~-._"
_PLAIN = re.compile(r"[A-Za-z0-9/:._-]+")
"""What needs no quoting: nearly every name."""


@dataclass(frozen=True)
class Addresses:
    """``base`` is the namespace of the release, ``public`` the address people reach us at ('' = unknown)."""

    base: str
    public: str = ""

    @cached_property
    def root(self) -> str:
        """The path below which this server is mounted, without a slash at its end."""
        return quote(unquote(urlsplit(self.public).path), safe=_SAFE).rstrip("/")

    def link(self, path: str) -> str:
        """A link to a path of this server, such as ``/search``; it keeps the language that the reader chose."""
        return self.root + language.kept(path)

    def absolute(self, path: str) -> str:
        """The public address of a path; only the path while no public address is configured."""
        return self.public.rstrip("/") + path if self.public else path

    def iri(self, path: str) -> str:
        """The IRI that a path such as ``id/org/iom`` stands for; NoSuchEntity for a path that no IRI has."""
        try:
            return NamedNode(self.base + path).value
        except ValueError:
            raise NoSuchEntity(E_("This address holds characters that no name of the graph can have.")) from None

    def path(self, iri: str) -> str | None:
        """The path on this server that dereferences an IRI; None for IRIs outside the base."""
        if not iri.startswith(self.base):
            return None
        local = iri[len(self.base) :]
        if not local:  # the dataset itself
            return "/"
        head = local.split("/", 1)[0]
        if head not in {"id", "concept", "graph", "ontology"}:
            return None
        return "/" + (local if _PLAIN.fullmatch(local) else quote(local, safe=_SAFE + "%"))

    def page(self, iri: str) -> str | None:
        """The page about an IRI, which saves people the redirect from its path."""
        path = self.path(iri)
        if path is None or path == "/":
            return path
        if path.startswith("/id/"):
            return "/page/" + path.removeprefix("/id/")
        if path.startswith("/ontology"):
            term = path.removeprefix("/ontology").strip("/")
            return "/page/ontology" + (f"/{term}" if term else "")
        return "/page" + path

    def href(self, iri: str) -> str | None:
        """What a value may link to: our own page, or an http(s) address elsewhere; None for all else.

        ``javascript:`` and ``data:`` are legal schemes for IRIs in RDF: they must stay text.
        """
        page = self.page(iri)
        if page is not None:
            return self.link(page)
        split = iri.lower().startswith(("http://", "https://"))
        return iri if split and not iri.startswith(self.base) else None
