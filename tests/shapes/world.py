"""A small valid world, and ways to break one thing in it.

``valid.ttl`` holds facts of the five sources, ``acts.ttl`` invented ones of a world of letters, ``mutations.txt`` one
line for each way to break a node and the one result that must come of it.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from migov import resources, vocabulary
from migov.graph import load
from migov.graph.findings import Result
from migov.graph.load import ParsedFile

HERE = Path(__file__).parent
PREFIXES = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in vocabulary.prefixes().items())


def shape(name: str) -> str:
    return vocabulary.SHAPES + name


def iri(short: str) -> str:
    prefix, _, local = short.partition(":")
    return vocabulary.prefixes()[prefix] + local


def parsed(name: str, text: str) -> ParsedFile:
    """A file of the graph with this text, as the loader would give it."""
    graph = NamedNode(vocabulary.GRAPH + name)
    triples = parse(text.encode(), format=RdfFormat.TURTLE)
    return ParsedFile(
        Path(f"graphs/{name}.ttl"), graph.value, [Quad(t.subject, t.predicate, t.object, graph) for t in triples], text
    )


@cache
def valid() -> tuple[ParsedFile, ...]:
    return tuple(parsed(name, (HERE / f"{name}.ttl").read_text("utf-8")) for name in ("valid", "acts"))


@cache
def terms() -> tuple[Quad, ...]:
    """The ontology, the reused terms and the code lists."""
    files = load.load(resources.default())
    return tuple(quad for file in files if file.path.parts[0] == "ontology" for quad in file.quads)


def store(files: Iterable[ParsedFile] = (), extra: Iterable[Quad] = ()) -> Store:
    made = Store()
    made.bulk_extend([*terms(), *(quad for file in files for quad in file.quads), *extra])
    return made


def add(turtle: str, graph: str = "valid") -> str:
    """The update that adds triples to a graph."""
    return f"INSERT DATA {{ GRAPH <{vocabulary.GRAPH}{graph}> {{ {turtle} }} }}"


def drop(node: str, path: str) -> str:
    """The update that takes a property from a node."""
    return f"DELETE WHERE {{ GRAPH ?g {{ {node} {path} ?old }} }}"


def turn(node: str, path: str, value: str) -> str:
    """The update that gives a property of a node another value."""
    return f"{drop(node, path)}; {add(f'{node} {path} {value}')}"


def silence(node: str, path: str, language: str) -> str:
    """The update that takes from a node what it says in one language."""
    said = f"GRAPH ?g {{ {node} {path} ?text }}"
    return f"DELETE {{ {said} }} WHERE {{ {said} FILTER(LANG(?text) = '{language}') }}"


class Case(NamedTuple):
    """Drop these properties from a copy of the node, add these; then this shape must speak, and no other."""

    shape: str
    node: str
    drop: tuple[str, ...]
    add: str
    severity: str

    def __str__(self) -> str:
        return self.shape

    def mutant(self, number: int) -> str:
        return f"{iri(self.node)}-case-{number}"

    def quads(self, number: int) -> Iterable[Quad]:
        subject, dropped = NamedNode(self.mutant(number)), {iri(name) for name in self.drop}
        for quad in described()[iri(self.node)]:
            if quad.predicate.value not in dropped:
                yield Quad(subject, quad.predicate, quad.object, quad.graph_name)
        text = f"{PREFIXES}\n<{subject.value}> {self.add} ." if self.add else ""
        for triple in parse(text.encode(), format=RdfFormat.TURTLE):
            yield Quad(triple.subject, triple.predicate, triple.object)


@cache
def described() -> dict[str, list[Quad]]:
    found: dict[str, list[Quad]] = {}
    for quad in (*terms(), *(quad for file in valid() for quad in file.quads)):
        found.setdefault(quad.subject.value, []).append(quad)
    return found


@cache
def cases() -> tuple[Case, ...]:
    """The lines of ``mutations.txt``: shape, node, what to drop, what to add, and a severity if no Violation."""
    rows = [line.split("|") for line in (HERE / "mutations.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
    fields = ([field.strip() for field in row] for row in rows)
    return tuple(
        Case(s, node, tuple(drop.split()), add, (*rest, "Violation")[0]) for s, node, drop, add, *rest in fields
    )


def said(results: Iterable[Result], about: str | None = None) -> list[tuple[str, str, str]]:
    """Shape, severity and focus of results, shortened, each once; of one node only when ``about`` is given."""
    short = vocabulary.compact
    found = {
        (r.shape.removeprefix(vocabulary.SHAPES), r.severity, short(r.focus))
        for r in results
        if about in (None, r.focus)
    }
    return sorted(found)


def triple(quad: Quad) -> str:
    """A quad as N-Triples, without its graph."""
    return f"{quad.subject} {quad.predicate} {quad.object}"
