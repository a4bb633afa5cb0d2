"""What pages say to search engines: their subject in the terms of schema.org, as JSON-LD in a data block.

A data block is no script: browsers run nothing of it, and no character of it can end its element.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from migov.store import Iri, Literal
from migov.web import words
from migov.web.negotiation import GRAPH_FORMATS
from migov.web.record import Record
from migov.web.references import DATASET
from migov.web.site import Site

Said = dict[str, Any]
_ESCAPED: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_TYPES: Final = (
    ("State", "Country"),
    ("Territory", "AdministrativeArea"),
    ("LegalInstrument", "Legislation"),
    ("Document", "CreativeWork"),
    ("Person", "Person"),
    ("Agent", "Organization"),
    ("Organization", "Organization"),
    ("Group", "Organization"),
    ("Place", "Place"),
    ("Concept", "DefinedTerm"),
    ("Assertion", "Claim"),
)
"""By the local name of a class of ours or above it, what schema.org calls its individuals; the first that fits."""
_SAME: Final = ("sameAs", "exactMatch", "homepage")
_DATES: Final = (
    ("Legislation", "legislationDate", "Adoption", "adoptedDocument"),
    ("Organization", "foundingDate", "OrganisationChange", "resultingOrganization"),
)


def block(documents: Iterable[Said]) -> Markup:
    """The data block of a page."""
    graph = {"@context": "https://schema.org", "@graph": list(documents)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # escaped by _ESCAPED


def home(here: Site, description: str) -> Markup:
    """The dataset with its files, and the site with its search."""
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": form.media_type,
            "contentUrl": _url(here, f"/dump/migov.{form.extension}"),
        }
        for form in GRAPH_FORMATS
        if here.release.dump(form.extension).is_file()
    ]
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": _url(here, "/search?q={search_term_string}")},
        "query-input": "required name=search_term_string",
    }
    dataset = _dataset(here) | {
        "description": description,
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "version": here.release.id,
        "creator": {"@type": "Organization", "name": "migov contributors"},
        "keywords": ["migration governance", "international law", "treaties", "linked data", "provenance"],
        "distribution": files,
    }
    if here.release.manifest.created:
        dataset["dateModified"] = here.release.manifest.created[:10]
    site = {"@type": "WebSite", "name": "migov", "url": _url(here, "/"), "potentialAction": search}
    return block([dataset, site])


def record(here: Site, record: Record, path: str, description: str) -> Markup:
    """The subject of a page about one thing, and the way to the page."""
    found = thing(here, record) | {"url": _url(here, path), "description": description}
    steps = [("migov", "/")]
    if record.kind:
        named = words.sentence_case(record.reader.term_label(record.kind))
        steps.append((named, f"/browse/{words.local(record.kind)}"))
    return block([found, way(here, [*steps, (record.title.text, path)])])


def thing(here: Site, record: Record) -> Said:
    """What is plainly said of a thing that schema.org has words for."""
    node = record.found.entity
    kind = kind_of(record)
    said: Said = {
        "@type": kind,
        "@id": record.iri,
        "name": record.title.text,
        "isPartOf" if kind in {"CreativeWork", "Legislation", "Claim"} else "subjectOf": {"@id": here.base},
    }
    names = {v.value for slot in ("prefLabel", "altLabel", "acronym") for v in node.all(slot) if isinstance(v, Literal)}
    if others := sorted(names - {record.title.text}):
        said["alternateName"] = others
    same = [v.value for slot in _SAME for v in node.all(slot) if isinstance(v, Iri) and _is_web(v.value)]
    if same:
        said["sameAs"] = sorted(same)
    for type_, slot, event, role in _DATES:
        if type_ == kind and (date := _date(record, event, role)):
            said[slot] = date
    if codes := [v.value for slot in ("iso3166alpha3", "symbol", "registrationId", "notation") for v in node.all(slot)]:
        said["termCode" if kind == "DefinedTerm" else "identifier"] = codes[0] if len(codes) == 1 else codes
    if kind == "Claim":
        said["appearance"] = [{"@type": "CreativeWork", "name": s.document.text} for s in record.sources]
    return said


def kind_of(record: Record) -> str:
    """What schema.org calls a thing."""
    reader = record.reader
    classes = {iri for own in record.found.entity.classes for iri in (own, *reader.ancestors(own))}
    names = {words.local(iri) for iri in classes}
    return next((found for name, found in _TYPES if name in names), "Thing")


def _date(record: Record, event: str, role: str) -> str:
    """The first day that an event of the kind has in the sources, for foundations and adoptions."""
    found = [
        node.one("date")
        for node in record.found.assertions.values()
        if event in {words.local(kind) for kind in node.classes}
        and any(value.value == record.iri for value in node.all(role))
        and words.local(node.one("changeType")) in {"", "foundation"}
        and words.local(node.one("rank")) != "deprecated"
    ]
    return min(filter(None, found), default="")


def way(here: Site, steps: Sequence[tuple[str, str]]) -> Said:
    """The way from the home page to a page."""
    items: list[Mapping[str, Any]] = [
        {"@type": "ListItem", "position": number, "name": name, "item": _url(here, path)}
        for number, (name, path) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _dataset(here: Site) -> Said:
    return {"@type": "Dataset", "@id": here.base, "name": DATASET, "url": _url(here, "/")}


def _url(here: Site, path: str) -> str:
    """The public address of a path; below the base of the release while no public address is known."""
    return here.addresses.absolute(path) if here.addresses.public else here.base.rstrip("/") + path


def _is_web(iri: str) -> bool:
    return iri.lower().startswith(("http://", "https://"))
