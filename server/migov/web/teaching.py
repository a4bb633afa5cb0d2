"""What an answer of the endpoint says beyond its result: where a query is wrong, and what may have been meant.

Nothing here changes an answer: errors gain members, and a query that names an unknown term gains a note.
"""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

from migov import errors
from migov.marking import E_
from migov.store import Answer, Dataset, advice, guard
from migov.web.negotiation import BY_KEY
from migov.web.protocol import OFFERED
from migov.web.site import Site

NOTE_HEADER: Final = "Migov-Note"
_EXCERPT: Final = 160
_MOST_NOTES: Final = 5
_OWN: Final = "mgo"
_MOST_OF_IRI: Final = 300
_MOST_OF_HEADER: Final = 2_000  # proxies take 4 to 8 KiB for all headers together
_GRAPH: Final = re.compile(r"(?i:\b(?:FROM(?:\s+NAMED)?|GRAPH)\s*)<([^<>\"{}|^`\\\x00-\x20]*)>")
_LOCAL: Final = re.compile(r"mgo:([A-Za-z][\w-]*)")


def taught(error: errors.MigovError, text: str) -> errors.MigovError:
    """Give an error what helps to mend the query: its offending line, advice for limits, media types for formats."""
    if isinstance(error, (errors.QuerySyntax, errors.QueryTooComplex)) and "line" in error.facts:
        error.facts["excerpt"] = excerpt(text, error.facts["line"], error.facts.get("column", 1))
    if isinstance(error, (errors.QueryTimeout, errors.QueryMemory, errors.ResultTooLarge)) and (
        said := advice.on(text)
    ):
        error.facts["advice"] = said
    if isinstance(error, errors.NotAcceptable) and "kind" in error.facts:
        available = [form.media_type for form in OFFERED[error.facts["kind"]]]
        told = E_("The result of this query comes as %(types)s.", types=", ".join(available))
        return errors.NotAcceptable(told, available=available)
    if isinstance(error, errors.Unserialisable):
        error.facts["available"] = [BY_KEY[key].media_type for key in error.facts["available"]]
    return error


def excerpt(text: str, line: int, column: int) -> str:
    """The line of a query, cut around a column where it is long."""
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    whole = lines[line - 1].rstrip("\r")
    start = max(0, min(column - _EXCERPT // 2, len(whole) - _EXCERPT))
    return whole[start : start + _EXCERPT]


def notes(here: Site, text: str, dataset: Dataset, answer: Answer) -> list[str]:
    """Sentences about names that stand for nothing: terms of our ontology, graphs; if nothing was found, any other."""
    said = (_unknown_terms(here, text) + _unknown_graphs(here, text, dataset))[:_MOST_NOTES]
    own = here.addresses.iri("ontology/")  # of these was spoken
    names = [name for iri, name in answer.absent.items() if not iri.startswith(own)]
    return said or [E_("Nothing in the graph is called %(name)s.", name=name) for name in names[:_MOST_NOTES]]


def _unknown_graphs(here: Site, text: str, dataset: Dataset) -> list[str]:
    named = {*dataset.default, *dataset.named, *_GRAPH.findall(text)}
    graphs = [graph.iri for graph in here.release.manifest.graphs] if named else []
    absolute = {iri for iri in named if urlsplit(iri).scheme}  # a relative one may be known under the base
    return [no_graph(iri, graphs) for iri in sorted(absolute.difference(graphs))]


def no_graph(iri: str, graphs: list[str]) -> str:
    """A sentence that says that a graph is not here, and which one may have been meant."""
    near = get_close_matches(iri[:_MOST_OF_IRI], graphs, 1, 0.8)
    if not near:
        return E_("There is no graph <%(iri)s> here.", iri=iri[:_MOST_OF_IRI])
    return E_("There is no graph <%(iri)s> here. Did you mean <%(near)s>?", iri=iri[:_MOST_OF_IRI], near=near[0])


def _unknown_terms(here: Site, text: str) -> list[str]:
    namespace = here.addresses.iri("ontology/")
    known = here.reader.terms
    written = [*_LOCAL.findall(text), *(_full(namespace).findall(text) if namespace in text else ())]
    named = {name for name in written if namespace + name not in known}
    if not named or _redefined(text, namespace):
        return []
    meant = {token.text for token in guard.tokens(text) if token.kind in ("name", "iri")}  # not in strings, comments
    locals_ = [iri.removeprefix(namespace) for iri in known if iri.startswith(namespace)]
    found: list[str] = []
    for name in sorted(named):
        if {f"{_OWN}:{name}", f"<{namespace}{name}>"} & meant:
            term = f"{_OWN}:{name}"
            near = [f"{_OWN}:{close}" for close in get_close_matches(name, locals_, 1, 0.6)]
            found.append(
                E_("The ontology has no term %(term)s. Did you mean %(near)s?", term=term, near=near[0])
                if near
                else E_("The ontology has no term %(term)s.", term=term)
            )
    return found[:_MOST_NOTES]


@lru_cache
def _full(namespace: str) -> re.Pattern[str]:
    return re.compile(f"<{re.escape(namespace)}([\\w-]+)>")


def _redefined(text: str, namespace: str) -> bool:
    """Tell whether a query gives our prefix to another namespace."""
    declared = re.findall(rf"(?i:\bPREFIX)\s+{_OWN}:\s*<([^>]*)>", text)
    return any(iri != namespace for iri in declared)


def as_header(said: list[str]) -> str:
    """Sentences as the value of a header: short, and ASCII, with anything else in percent-encoding."""
    return quote(" ".join(said), safe=" !\"#$&'()*+,/:;<=>?@[]^`{|}~")[:_MOST_OF_HEADER]
