"""No dead links: every internal link of every sort of page leads somewhere."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from migov.web.addresses import KINDS
from migov.web.site import NAME, Site

START = (
    "/",
    "/browse",
    "/sources",
    "/dump/",
    "/about",
    "/limits",
    "/formats",
    "/problem/",
    "/page/ontology",
    "/sparql",
    "/library",
    "/matrix",
    "/compare",
    "/quality",
)
PER_KIND = 2
PER_KIND_FOLLOWED = 25
"""Of links that lead to no entity so many of a sort are followed, the first and then others over the whole list."""
HTML = {"Accept": "text/html"}


def links(html: str) -> set[str]:
    found = {unescape(target) for target in re.findall(r'(?:href|action)="(/[^"]*)"', html)}
    return {target for target in found if not target.startswith("//")}


def family(path: str) -> str:
    """What sort of page a path is: those of one sort come from one template and one query."""
    parts = path.split("?")[0].strip("/").split("/")
    if parts[0] == "library":
        parts[1:] = [Path(part).suffix for part in parts[1:]]
    return "/".join(parts[:2]) + f"/{len(parts)}{'?' if '?' in path else ''}"


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    waiting = list(START)
    samples = site.store.rows(
        "SELECT ?class (MIN(STR(?x)) AS ?low) (MAX(STR(?x)) AS ?high)"
        " { ?x a ?class FILTER(CONTAINS(STR(?x), '/id/')) } GROUP BY ?class"
    )
    waiting += [row[end].value.replace(f"{site.base}id/", "/page/") for row in samples for end in ("low", "high")]
    visited: set[str] = set()
    seen: dict[str, int] = {}
    targets: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path in visited:
            continue
        visited.add(path)
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200, path
        for target in sorted(links(answer.text)):
            split = urlsplit(target)
            document = target.removesuffix("#" + split.fragment)
            targets.add(document)
            sort = family(document)
            if answer.mimetype == "text/html" and seen.get(sort, 0) < PER_KIND and not _is_file(document):
                seen[sort] = seen.get(sort, 0) + 1
                waiting.append(document)
    assert len(targets) > 500
    known = {row["s"].value for row in site.store.rows("SELECT DISTINCT ?s { ?s ?p ?o }")}
    sorts: dict[str, list[str]] = {}
    for target in sorted(targets - visited):
        if iri := named(target):
            assert site.base + iri in known, target
        else:
            sorts.setdefault(family(target), []).append(target)
    for followed in sorts.values():
        for target in followed[:: -(-len(followed) // PER_KIND_FOLLOWED)]:
            assert client.get(target, headers=HTML, buffered=True).status_code == 200, target


def _is_file(path: str) -> bool:
    return path.startswith(("/data/", "/dump/migov", "/static", "/favicon", "/validation"))


def named(target: str) -> str | None:
    """What a page or data document is about, None for other pages: that it is known is enough, and far quicker."""
    parts = re.fullmatch(r"/(page|data)/(([a-z]+)/.+)", target.split("?")[0])
    if parts is None or parts[3] not in {*KINDS, "concept", "graph"}:
        return None
    local = parts[2].rsplit(".", 1)[0] if parts[1] == "data" else parts[2]
    return local if parts[3] in {"concept", "graph"} else f"id/{local}"
