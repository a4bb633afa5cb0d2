"""No dead links: every internal link of every sort of page leads somewhere."""

import re
from html import unescape
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
)
PER_KIND = 2
HTML = {"Accept": "text/html"}


def links(html: str) -> set[str]:
    found = {unescape(target) for target in re.findall(r'(?:href|action)="(/[^"]*)"', html)}
    return {target for target in found if not target.startswith("//")}


def family(path: str) -> str:
    """What sort of page a path is: those of one sort come from one template and one query."""
    parts = path.split("?")[0].strip("/").split("/")
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
    for target in sorted(targets - visited):
        assert _leads(client, target), target


def _is_file(path: str) -> bool:
    return path.startswith(("/data/", "/dump/migov", "/static", "/favicon", "/validation"))


def _leads(client: FlaskClient, target: str) -> bool:
    """Follow a link; to see that an entity is there, its redirect is enough and far quicker than its page."""
    kind = re.match(r"/(?:page|data)/([a-z]+)/", target)
    if kind and kind[1] in {*KINDS, "concept"}:
        head, local = target.strip("/").split("/", 1)
        local = local.rsplit(".", 1)[0] if head == "data" else local
        name = f"/{local}" if kind[1] == "concept" else f"/id/{local}"
        answer = client.head(name, headers={"Accept": "text/html" if head == "page" else "text/turtle"})
        expected = target if head == "page" else target.rsplit(".", 1)[0] + ".ttl"
        return answer.status_code == 303 and answer.headers["Location"] == expected
    return client.get(target, headers=HTML, buffered=True).status_code == 200
