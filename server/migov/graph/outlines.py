"""Outlines of files: what is known of a file without reading its quads again, and which checks that answers already.

Three checks look at every triple of the graph, and hardly ever find anything. What they look for shows in the outlines
of the files, which are remembered; so they are asked only where there is something to find, to say where it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from migov import vocabulary
from migov.graph.findings import key

_CLAIMED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
_VERSIONS = [NamedNode(f"http://www.w3.org/2002/07/owl#{name}") for name in ("versionIRI", "priorVersion")]
_RETIRED = NamedNode("http://purl.org/dc/terms/isReplacedBy")
_DECLARED = NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
_OURS = re.compile(re.escape(vocabulary.BASE) + r"(id|concept|ontology)/.")
_DERIVED = " ".join(f"<{vocabulary.GRAPH}derived/{name}>" for name in ("bounds", "claims", "current"))
_TERMS = f"""SELECT DISTINCT ?term WHERE {{ VALUES ?graph {{ {_DERIVED} }}
    GRAPH ?graph {{ {{ ?any ?term ?value }} UNION {{ ?any a ?term }} }} }}"""
_BLANK = f"""ASK {{ VALUES ?graph {{ {_DERIVED} }}
    GRAPH ?graph {{ ?focus ?path ?value }} FILTER(isBlank(?focus) || isBlank(?value)) }}"""


class Outline(NamedTuple):
    """The subjects of a file with their classes, the other IRIs it names, and the terms that it makes use of."""

    types: Mapping[str, Sequence[str]]
    names: Sequence[str]
    terms: Sequence[str]


def outline(quads: Iterable[Quad]) -> Outline:
    """Return the outline of the quads of one file."""
    types: dict[str, list[str]] = {}
    names: set[str] = set()
    terms: set[str] = set()
    for quad in quads:
        predicate, value = quad.predicate.value, quad.object
        kinds = types.setdefault(key(quad.subject), [])
        terms.add(predicate)
        if isinstance(value, NamedNode):
            (kinds.append if predicate == vocabulary.RDF_TYPE else names.add)(value.value)
            if predicate in (vocabulary.RDF_TYPE, _CLAIMED):
                terms.add(value.value)
    classes = {subject: sorted(kinds) for subject, kinds in types.items()}
    return Outline(classes, sorted(names - classes.keys()), sorted(terms))


def passed(outlines: Sequence[Outline], store: Store) -> set[str]:
    """Return the shapes of those checks that find nothing in ``store``: the files outlined and what was derived.

    The files are such as ``migov.graph.load`` lets through, so without blank nodes.
    """
    typed = {subject for each in outlines for subject, kinds in each.types.items() if kinds}
    described = {subject for each in outlines for subject in each.types}
    named = {name for each in outlines for name in each.names}
    terms = {term for each in outlines for term in each.terms} | _derived_terms(store)
    declared = {key(quad.subject) for quad in store.quads_for_pattern(None, _DECLARED, None, None)}
    retired = {key(quad.subject) for quad in store.quads_for_pattern(None, _RETIRED, None, None)}
    versions = {key(quad.object) for name in _VERSIONS for quad in store.quads_for_pattern(None, name, None, None)}
    found = {
        "Untyped": filter(_OURS.match, described - typed - retired),
        "Dangling": filter(_OURS.match, named - described - versions),
        "UnknownTerm": terms - declared,
        "NoBlankNodes": [True] if _blank(store) else [],
    }
    return {vocabulary.SHAPES + name for name, offenders in found.items() if not any(offenders)}


def _derived_terms(store: Store) -> set[str]:
    rows = store.query(_TERMS)
    return {key(row["term"]) for row in rows} if isinstance(rows, QuerySolutions) else set()


def _blank(store: Store) -> bool:
    answer = store.query(_BLANK)
    return isinstance(answer, QueryBoolean) and bool(answer)
