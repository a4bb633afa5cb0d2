"""The names in a query without solutions that stand nowhere in the graph: most often they are misspelt."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from migov.store import guard
from migov.store.interface import Answer

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


def is_empty(answer: Answer) -> bool:
    """Tell whether an answer has no solution, as far as its end shows."""
    if not answer.body.endswith(_NOTHING.get((answer.kind, answer.format), b"\x00")):
        return False
    return answer.format not in ("csv", "tsv") or answer.body.count(b"\n") == 1


def names_in(text: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """The IRIs that a query names in its pattern, each with its name there; a few, and only those read easily."""
    spaces = dict(prefixes)
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


def among(store: ox.Store, iris: Iterable[str]) -> Iterator[str]:
    """Those of some IRIs that stand in no triple of a store."""
    for iri in iris:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        places = ((node, None, None), (None, node, None), (None, None, node))
        if not any(any(store.quads_for_pattern(*place)) for place in places):
            yield iri
