"""What an answer of the endpoint says beyond its result: where a query is wrong, and what may have been meant.

Nothing here changes an answer: errors gain members, and a query that names an unknown term gains a note.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Final
from urllib.parse import quote, urlsplit

from migov import errors
from migov.marking import E_
from migov.store import Answer, Dataset, advice, guard
from migov.vocabulary import prefixes
from migov.web.negotiation import BY_KEY
from migov.web.protocol import OFFERED
from migov.web.site import Site

NOTE_HEADER: Final = "Migov-Note"
_EXCERPT: Final = 160
_MOST_NOTES: Final = 5
_MOST_TOKENS: Final = 2_000
_MOST_NAMES: Final = 20
_EASY: Final = re.compile(r"[A-Za-z0-9:/#._~@!$&*+,;=-]+")
_NO_NODE_AFTER: Final = frozenset({"^^", "PREFIX", "BASE", "FROM", "NAMED", "GRAPH"})
_NOTHING: Final = {  # how an answer without solutions ends
    ("bindings", "json"): b'"bindings":[]}}',
    ("bindings", "xml"): b"<results></results></sparql>",
    ("bindings", "csv"): b"\r\n",
    ("bindings", "tsv"): b"\n",
    ("boolean", "json"): b'"boolean":false}',
    ("boolean", "xml"): b"<boolean>false</boolean></sparql>",
}
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
    said = at_sight(here, text, dataset)
    names = {} if said or not is_empty(answer) else names_in(here, text)
    if not names:
        return said
    try:
        nowhere = [row["node"].value for row in here.store.rows(nowhere_query(here, names))]
    except errors.LimitExceeded:  # a note is not worth an error
        return []
    return absent(here, names, nowhere)


def at_sight(here: Site, text: str, dataset: Dataset) -> list[str]:
    """The sentences for which nothing need be asked of the store."""
    return (_unknown_terms(here, text) + _unknown_graphs(here, text, dataset))[:_MOST_NOTES]


def is_empty(answer: Answer) -> bool:
    """Tell whether an answer has no solution, as far as its end shows."""
    if not answer.body.endswith(_NOTHING.get((answer.kind, answer.format), b"\x00")):
        return False
    return answer.format not in ("csv", "tsv") or answer.body.count(b"\n") == 1


def nowhere_query(here: Site, names: Iterable[str]) -> str:
    """The query for those of some IRIs that stand nowhere in the graph."""
    block = "VALUES ?node { " + " ".join(f"<{iri}>" for iri in names) + " }"
    return here.reader.text("pages/nowhere.rq").replace("VALUES ?node {}", block)


def absent(here: Site, names: Mapping[str, str], nowhere: Iterable[str]) -> list[str]:
    """A sentence for each name of a query without solutions that stands nowhere in the graph."""
    own = here.addresses.iri("ontology/")  # of these ``at_sight`` speaks
    told = (
        E_("Nothing in the graph is called %(name)s.", name=names[iri]) for iri in nowhere if not iri.startswith(own)
    )
    return list(islice(told, _MOST_NOTES))


def names_in(here: Site, text: str) -> dict[str, str]:
    """The IRIs that a query names in its pattern, each with its name there; a few, and only those read easily."""
    spaces = dict(prefixes(here.base))
    tokens = list(islice(guard.tokens(text), _MOST_TOKENS))
    found: dict[str, str] = {}
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if before and before.kind == "name" and token.kind == "iri" and before.text.endswith(":") and len(found) == 0:
            spaces[before.text[:-1]] = token.text[1:-1]  # a declaration
            continue
        if (after and after.text == "(") or (before and before.text.upper() in _NO_NODE_AFTER):
            continue
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in spaces and _EASY.fullmatch(local):
            found[spaces[prefix] + local] = token.text
        elif token.kind == "iri" and _EASY.fullmatch(token.text[1:-1]) and urlsplit(token.text[1:-1]).scheme:
            found[token.text[1:-1]] = token.text
    return dict(islice(found.items(), _MOST_NAMES))


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
    named = {name for name in _LOCAL.findall(text) if namespace + name not in known}
    named |= {name for name in re.findall(f"<{re.escape(namespace)}([\\w-]+)>", text) if namespace + name not in known}
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


def _redefined(text: str, namespace: str) -> bool:
    """Tell whether a query gives our prefix to another namespace."""
    declared = re.findall(rf"(?i:\bPREFIX)\s+{_OWN}:\s*<([^>]*)>", text)
    return any(iri != namespace for iri in declared)


def as_header(said: list[str]) -> str:
    """Sentences as the value of a header: short, and ASCII, with anything else in percent-encoding."""
    return quote(" ".join(said), safe=" !\"#$&'()*+,/:;<=>?@[]^`{|}~")[:_MOST_OF_HEADER]
