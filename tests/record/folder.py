"""A small graphs folder for stories about imports: it begins with Turtle, takes in rows, and tells what it holds."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from migov import vocabulary
from migov.graph import turtle
from migov.record import command
from migov.record.keys import term
from migov.record.sources import document

Node = NamedNode | BlankNode | Triple
Rows = Sequence[Mapping[str, str]]
PREFIXES = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in vocabulary.prefixes().items())


class Folder:
    """A graphs folder; names such as ``o:club`` are shortened IRIs."""

    def __init__(self, path: Path, entities: str, sources: Mapping[str, str]) -> None:
        self.path = path
        self.write("entities/known", entities)
        described = "".join(
            f'{vocabulary.compact(document(address).value)} a mgo:Document ; mgo:readOn "2026-11-23"^^xsd:date ; '
            f'mgo:sourceTier source-tier:{tier} ; skos:prefLabel "{address}"@en .\n'
            for address, tier in sources.items()
        )
        self.write("sources/documents-known", described)

    def write(self, name: str, text: str) -> None:
        """Keep a file by hand."""
        path = self.path / f"{name}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(turtle.serialise(list(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))))

    def imports(self, kind: str, rows: Rows, *, dry: bool = False, replace: bool = False) -> command.Outcome:
        """Import rows as a curator does, from a CSV file."""
        table = self.path.parent / f"{kind}.csv"
        layout, _ = command.importer(kind)
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=layout.names, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return command.run(kind, table, self.path, dry=dry, replace=replace)

    def bytes(self) -> dict[str, bytes]:
        """Every file and what is in it."""
        return {path.name: path.read_bytes() for path in sorted(self.path.rglob("*.ttl"))}

    def node(self, short: str) -> NamedNode:
        return term(short)

    def values(self, subject: Node, predicate: str) -> set[Node | Literal]:
        return {quad.object for quad in self._store().quads_for_pattern(subject, term(predicate), None)}

    def text(self, subject: Node, predicate: str) -> str:
        """The one literal that is the value of a property."""
        [value] = self.values(subject, predicate)
        assert isinstance(value, Literal)
        return value.value

    def having(self, predicate: str, value: str | Node) -> list[Node]:
        """The subjects that have a value for a property, in order."""
        wanted = term(value) if isinstance(value, str) else value
        found = {quad.subject for quad in self._store().quads_for_pattern(None, term(predicate), wanted)}
        return sorted(found, key=str)

    def of_class(self, name: str) -> list[Node]:
        return self.having("rdf:type", name)

    def _store(self) -> Store:
        store = Store()
        for path in self.path.rglob("*.ttl"):
            store.load(path=str(path), format=RdfFormat.TURTLE)
        return store
