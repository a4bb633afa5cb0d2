"""The namespaces of the graph, read from the one prefix list in ``ontology/context.jsonld``."""

import json
from functools import cache

from migov import resources

BASE = "https://w3id.org/migov/"
ONTOLOGY = BASE + "ontology/"
SHAPES = BASE + "shapes/"
CONCEPT = BASE + "concept/"
ID = BASE + "id/"
GRAPH = BASE + "graph/"

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"


@cache
def prefixes(base: str = BASE) -> dict[str, str]:
    """Prefix to namespace, in the order of the file; the same list serves files, answers and pages.

    Our own namespaces begin with ``base``, which a release may have of its own.
    """
    named = _listed()
    return {key: base + value.removeprefix(BASE) if value.startswith(BASE) else value for key, value in named.items()}


@cache
def _listed() -> dict[str, str]:
    """Read the list; once, for a child of the store cannot open files."""
    context = json.loads((resources.default().ontology / "context.jsonld").read_text("utf-8"))["@context"]
    return {key: value for key, value in context.items() if isinstance(value, str) and not key.startswith("@")}


def compact(iri: str) -> str:
    """Shorten an IRI to ``prefix:local`` where a prefix fits, the longest namespace first; else return it whole."""
    best = max(
        ((p, ns) for p, ns in prefixes().items() if iri.startswith(ns) and iri != ns),
        key=lambda pair: len(pair[1]),
        default=None,
    )
    return f"{best[0]}:{iri[len(best[1]) :]}" if best else iri
