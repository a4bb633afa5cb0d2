"""Reading the graph for pages: query files in, plain rows out, with the names of things beside them."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from migov import queries
from migov.graph import answers
from migov.store import Iri, Literal, Store, Term
from migov.store.terms import from_json
from migov.vocabulary import BASE, compact
from migov.web import language, titles
from migov.web.words import local

Row = Mapping[str, Term]
Plain = Mapping[str, str]
Made = TypeVar("Made")
_BESIDE = ThreadPoolExecutor(4, "reader")
"""Threads for queries of one page that wait for no other."""
_MOST_NAMES = 20_000
"""So many things are known by name at once; then all are forgotten."""
_PAIRS = re.compile(r"(VALUES \(\?\w+ \?\w+\) ){}")
_PLAIN = re.compile(r"[A-Za-z0-9:/#._~%@!$&'()*+,;=-]+")


class Node:
    """One subject with its properties: ``slots`` by the IRI of the property, in the order met."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self.slots: dict[str, list[Term]] = {}
        self._by_name: dict[str, list[Term]] = {}
        self._met: set[tuple[str, Term]] = set()

    def add(self, predicate: str, value: Term) -> None:
        """Take in one triple; a second time it changes nothing."""
        if (predicate, value) not in self._met:
            self._met.add((predicate, value))
            self.slots.setdefault(predicate, []).append(value)
            self._by_name.setdefault(local(predicate), []).append(value)

    def all(self, name: str) -> Sequence[Term]:
        """The values of every property with this local name, as in ``startDate``."""
        return self._by_name.get(name, ())

    def one(self, name: str) -> str:
        """The text or IRI of the first value, '' when there is none."""
        values = self._by_name.get(name)
        return values[0].value if values else ""

    @property
    def classes(self) -> list[str]:
        return [value.value for value in self.all("type")]


def in_language(values: Iterable[Term], wanted: str = "") -> Literal | None:
    """The literal in a language, the reader's if none is given; else the English one; else one without any language;
    else the first by language tag, so that it is stable."""
    literals = [value for value in values if isinstance(value, Literal)]
    wanted = wanted or language.current()

    def rank(literal: Literal) -> tuple[bool, bool, bool, str, str]:
        tag = (literal.language or "").lower()
        main = tag.split("-")[0]
        return (main != wanted, main != language.DEFAULT, bool(tag), tag, literal.value)

    return min(literals, key=rank, default=None)


def is_spoken(literal: Literal) -> bool:
    """Whether a literal is in the reader's language, or in none."""
    return not literal.language or literal.language.split("-")[0].lower() == language.current()


@dataclass
class Names:
    """What things are called, as far as a page has read it."""

    labels: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))

    def read(self, rows: Iterable[Row], entity: str = "") -> "Names":
        """Take in rows of ``node`` and ``label``; a row without a node speaks of the entity."""
        for row in rows:
            self.labels[row["node"].value if "node" in row else entity].append(row["label"])
        return self

    def join(self, other: "Names") -> None:
        """Take in what is called what elsewhere."""
        for iri, labels in other.labels.items():
            self.labels[iri] = labels

    def of(self, iri: str) -> Literal | None:
        return in_language(self.labels.get(iri, ()))


class Reader:
    """The store as pages see it; query files are rebased to the release's own base.

    ``answers`` is the file with the rows of queries that the build has answered already, so that a page that needs no
    others waits for no store; ``each`` is that of queries that it has answered for each entity.
    """

    def __init__(self, store: Store, base: str, answers: Path | None = None, each: Path | None = None) -> None:
        self.store = store
        self.base = base
        self._file = answers
        self._each = each if each and each.is_file() else None
        self._kept: dict[str, Any] = {}
        self._named: dict[str, Sequence[Term]] = {}

    def once(self, name: str, make: Callable[[], Made], *, worded: bool = True) -> Made:
        """What is the same for every request of a release, made at the first one.

        It is kept by language, since it may hold words or links; what holds neither is not ``worded``, and kept once.
        """
        key = f"{name} {language.variant()}" if worded else name
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def rows(self, name: str, **bindings: Term) -> list[Row]:
        """The rows of ``queries/pages/<name>.rq`` with values bound to its parameters."""
        if not bindings and name in self._answered:
            return [{key: from_json(term) for key, term in row.items()} for row in self._answered[name]]
        return list(self.store.rows(self.text(f"pages/{name}.rq"), **bindings))

    def is_answered(self, name: str) -> bool:
        """Whether the build has answered a query, so that its rows cost nothing."""
        return name in self._answered

    def table(self, name: str, **bindings: Term) -> list[Plain]:
        """The rows of ``queries/pages/<name>.rq`` as plain text, '' where unbound: quicker, for long tables."""
        answer = self.store.query(self.text(f"pages/{name}.rq"), {"bindings": "csv"}, bindings=bindings)
        lines = csv.reader(StringIO(answer.body.decode(), newline=""))
        head = next(lines)
        return [dict(zip(head, line, strict=True)) for line in lines if line]

    def table_about(self, name: str, iri: str) -> list[Plain]:
        """The rows of ``queries/pages/<name>.rq`` about one IRI as plain text, looked up where the build has them."""
        found = answers.look_up(self._each, name, iri) if self._each else None
        return self.table(name, entity=Iri(iri)) if found is None else found

    def tables_about(self, iri: str, *names: str) -> list[list[Plain]]:
        """The rows of several query files about one IRI, asked for at the same time where the build has none."""
        asked = partial(self.table_about, iri=iri)
        return list((map if self._each else _BESIDE.map)(asked, names))

    @cached_property
    def _answered(self) -> Mapping[str, list[dict[str, Any]]]:
        """The rows that the build found, by query, as in SPARQL 1.1 Query Results JSON."""
        if self._file is None or not self._file.is_file():
            return {}
        rows: dict[str, list[dict[str, Any]]] = json.loads(self._file.read_text("utf-8"))
        return rows

    def answers(self, name: str) -> bool:
        """Whether the build has answered a query."""
        return name in self._answered

    def part_of(self, name: str, limit: int, offset: int, **bindings: Term) -> list[Row]:
        """Some of the rows of a query file that orders them: at most ``limit``, after the first ``offset``."""
        text = f"{self.text(f'pages/{name}.rq')}LIMIT {limit:d} OFFSET {offset:d}\n"
        return list(self.store.rows(text, **bindings))

    def about(self, name: str, iri: str, pairs: Iterable[tuple[str, str]] = ()) -> list[Row]:
        """The rows of a query file about one IRI, with the pairs for its VALUES block of two: see ``Census.rest``.

        The IRI is put in place of ``?entity`` in sub-selects too, where the engine would bind it only after it has
        planned (seconds instead of milliseconds); ``_PLAIN`` sees to it that it stays one IRI.
        """
        if not _PLAIN.fullmatch(iri):
            return []
        plain = (pair for pair in pairs if all(map(_PLAIN.fullmatch, pair)))
        block = "{ " + " ".join(f"(<{slot}> <{kind}>)" for slot, kind in plain) + " }"
        text = _PAIRS.sub(lambda match: match[1] + block, self.text(f"pages/{name}.rq"))
        return list(self.store.rows(text.replace("?entity", f"<{iri}>")))

    def text(self, name: str) -> str:
        """A query file as this release needs it."""
        return queries.text(name).replace(BASE, self.base)

    def names_of(self, iris: Iterable[str]) -> Names:
        """The names of a few of our own IRIs; what the graph gives no name gets one made from what it says."""
        asked = set(iris)
        names = Names()
        names.labels.update((iri, list(labels)) for iri, labels in self._labels(asked).items() if labels)
        nameless = {iri for iri in asked - names.labels.keys() if iri.startswith(f"{self.base}id/")}
        for node, name in titles.made(self.rows_of("slots-of", nameless), self.translation):
            names.labels[node].append(name)
        return names

    def _labels(self, iris: set[str]) -> dict[str, Sequence[Term]]:
        """The labels of things; those that a page has asked for before are remembered, for most name the same."""
        known = {iri: labels for iri in iris if (labels := self._named.get(iri)) is not None}
        new = iris - known.keys()
        if new:
            read = Names().read(self.rows_of("names-of", new)).labels
            found: dict[str, Sequence[Term]] = {iri: tuple(read.get(iri, ())) for iri in new}
            known |= found
            if len(self._named) > _MOST_NAMES:
                self._named.clear()
            self._named |= found
        return known

    def rows_of(self, name: str, iris: Iterable[str]) -> list[Row]:
        """The rows of a query file about a few of our own IRIs.

        A query parameter holds one value, so these stand in a VALUES block; ``_PLAIN`` lets nothing through that
        could end an IRI in SPARQL.
        """
        plain = sorted({iri for iri in iris if iri.startswith(self.base) and _PLAIN.fullmatch(iri)})
        if not plain:
            return []
        block = "VALUES ?node { " + " ".join(f"<{iri}>" for iri in plain) + " }"
        return list(self.store.rows(self.text(f"pages/{name}.rq").replace("VALUES ?node {}", block)))

    @cached_property
    def terms(self) -> dict[str, Node]:
        """Every ontology term by IRI; read once, for a release never changes."""
        found: dict[str, Node] = {}
        for row in self.rows("terms"):
            iri = row["term"].value
            found.setdefault(iri, Node(iri)).add(row["p"].value, row["o"])
        return dict(sorted(found.items()))

    def english(self, iri: str) -> str:
        """What the ontology calls a term in English, as the index of the search does."""
        node = self.terms.get(iri)
        label = in_language([*node.all("label"), *node.all("prefLabel")], "en") if node else None
        return label.value if label else ""

    def translation(self, iri: str) -> str:
        """What a thing is called in the reader's language, where that is not English; '' where no source says so."""
        wanted = language.current()
        known = self._translated(iri, wanted) if wanted != language.DEFAULT else None
        return known.value if known else ""

    def _translated(self, iri: str, wanted: str) -> Literal | None:
        name = self.term_name(iri) if iri in self.terms else None
        return name if name and is_spoken(name) else self.translated.get((iri, wanted))

    def term_label(self, iri: str) -> str:
        """What the ontology calls a term; its short name where the ontology does not speak of it."""
        return self.term_name(iri).value

    def term_name(self, iri: str) -> Literal:
        """What the ontology calls a term, with the language that it has."""
        node = self.terms.get(iri)
        label = in_language([*node.all("label"), *node.all("prefLabel")]) if node else None
        return label or Literal(spaced(local(iri)), language.DEFAULT, None)

    @cached_property
    def translated(self) -> dict[tuple[str, str], Literal]:
        """The names in languages other than English, by IRI and language; read once."""
        found: dict[tuple[str, str], Literal] = {}
        for row in self.rows("translated"):
            label = row["label"]
            if isinstance(label, Literal):
                found.setdefault((row["node"].value, (label.language or "").split("-")[0].lower()), label)
        return found

    def definition(self, iri: str) -> str:
        """The text of what the ontology says a term means, '' where it says nothing."""
        found = self.defined(iri)
        return found.value if found else ""

    def defined(self, iri: str) -> Literal | None:
        """What the ontology says a term means, in the reader's language if it can; None where it says nothing."""
        node = self.terms.get(iri)
        return in_language([*node.all("definition"), *node.all("comment")]) if node else None

    def label(self, iri: str, names: Names) -> Literal:
        """The best name for anything: a label, the ontology's, or at last the IRI in short."""
        known, wanted = names.of(iri), language.current()
        if wanted != language.DEFAULT and (known is None or not is_spoken(known)):
            known = self._translated(iri, wanted) or known  # queries with names mostly bring the English ones
        if known is not None:
            return known
        if iri in self.terms:
            return self.term_name(iri)
        return Literal(compact(iri.replace(self.base, BASE, 1)), None, None)

    def main_class(self, classes: Iterable[str]) -> str:
        """The class to speak of: the one with the most ancestors among those given, ours before others'."""

        def depth(iri: str) -> tuple[bool, int, str]:
            return (iri.startswith(self.base), len(self.ancestors(iri)), iri)

        return max(classes, key=depth, default="")

    def ancestors(self, iri: str) -> set[str]:
        """Every class above a class, as far as the ontology says."""
        above: set[str] = set()
        waiting = [iri]
        while waiting:
            node = self.terms.get(waiting.pop())
            for parent in node.all("subClassOf") if node else ():
                if parent.value not in above:
                    above.add(parent.value)
                    waiting.append(parent.value)
        return above


def spaced(name: str) -> str:
    """Camel case in words: ``bodyOfLaw`` is "body of law"."""
    return "".join(f" {c.lower()}" if c.isupper() and i else c for i, c in enumerate(name)).replace("-", " ").strip()
