"""The description of the SPARQL service (SPARQL 1.1 Service Description), built once from what the code knows.

Beside the terms of that specification it declares the prefixes (SHACL, section 5.2.1), gives the questions of the
library as executable examples (SHACL, section 5.2), and tells the limits as property values of schema.org.
"""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from migov.settings import DEFAULTS, LIMITS
from migov.store import Iri
from migov.vocabulary import RDF_TYPE, XSD, prefixes
from migov.web import library
from migov.web.negotiation import BINDINGS_FORMATS, GRAPH_FORMATS, Format
from migov.web.site import Site

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
SH: Final = "http://www.w3.org/ns/shacl#"
SCHEMA: Final = "https://schema.org/"
DCTERMS: Final = "http://purl.org/dc/terms/"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_NAMES: Final = {"sd": SD, "void": VOID, "sh": SH, "schema": SCHEMA, "dcterms": DCTERMS, "rdfs": RDFS}
_SIMPLE: Final = "http://www.w3.org/ns/entailment/Simple"
_WRITERS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
_Node = ox.NamedNode | ox.BlankNode
_Value = _Node | ox.Literal


def description(here: Site, form: Format) -> bytes:
    """The description in an RDF format; it names the endpoint only where the public address is known."""
    return here.reader.once(f"service description as {form.key}", lambda: _written(here, form), worded=False)


def _written(here: Site, form: Format) -> bytes:
    triples = here.reader.once("service description", lambda: list(_Description(here).triples()), worded=False)
    written = ox.serialize(triples, format=_WRITERS[form.key], prefixes=_NAMES)
    assert written is not None  # serialize returns bytes where no output is given
    return written


class _Description:
    """The triples about one service, whose parts are named after its address, or not at all when that is unknown."""

    def __init__(self, here: Site) -> None:
        self.here = here
        self.endpoint = here.addresses.absolute("/sparql") if here.addresses.public else ""
        self.service = self.part("")
        self.prefixes = self.part("prefixes")
        self.dataset = ox.NamedNode(here.base)

    def part(self, name: str) -> _Node:
        if not self.endpoint:
            return ox.BlankNode("service" + "".join(char if char.isalnum() else f"x{ord(char):x}x" for char in name))
        return ox.NamedNode(f"{self.endpoint}#{name}" if name else self.endpoint)

    def triples(self) -> Iterator[ox.Triple]:
        yield from self.itself()
        yield from self.data()
        yield from self.declarations()
        yield from self.limits()
        yield from self.examples()

    def itself(self) -> Iterator[ox.Triple]:
        """Its address, language, formats and features."""
        service = self.service
        if self.endpoint:
            yield from _say(service, SD + "endpoint", service)
            yield from _say(self.dataset, VOID + "sparqlEndpoint", service)
            void = ox.NamedNode(self.here.addresses.absolute("/.well-known/void"))
            yield from _say(service, RDFS + "seeAlso", void)
        yield from _say(service, RDF_TYPE, _iri(SD + "Service"))
        yield from _say(service, SD + "supportedLanguage", _iri(SD + "SPARQL11Query"), _iri(SD + "SPARQL10Query"))
        yield from _say(service, SD + "feature", _iri(SD + "UnionDefaultGraph"))
        yield from _say(service, SD + "defaultEntailmentRegime", _iri(_SIMPLE))
        yield from _say(service, SD + "resultFormat", *(_iri(f.uri) for f in (*BINDINGS_FORMATS, *GRAPH_FORMATS)))

    def data(self) -> Iterator[ox.Triple]:
        """The dataset with every named graph and its size; FROM may name any of them."""
        manifest, default = self.here.release.manifest, self.part("default-graph")
        yield from _say(self.service, SD + "defaultDataset", self.dataset)
        yield from _say(self.service, SD + "availableGraphs", self.dataset)
        yield from _say(self.dataset, RDF_TYPE, _iri(SD + "Dataset"), _iri(SD + "GraphCollection"))
        yield from _say(self.dataset, DCTERMS + "identifier", ox.Literal(manifest.id))
        yield from _say(self.dataset, SD + "defaultGraph", default)
        yield from _say(default, RDF_TYPE, _iri(SD + "Graph"))
        sizes = self.here.reader.rows("size", entity=Iri(self.here.base))  # a triple may stand in several graphs
        yield from _say(default, VOID + "triples", *(_count(int(row["triples"].value)) for row in sizes))
        for graph in manifest.graphs:
            named, inner = self.part("named-" + graph.iri.removeprefix(self.here.base)), ox.NamedNode(graph.iri)
            yield from _say(self.dataset, SD + "namedGraph", named)
            yield from _say(named, RDF_TYPE, _iri(SD + "NamedGraph"))
            yield from _say(named, SD + "name", inner)
            yield from _say(named, SD + "graph", inner)
            yield from _say(inner, RDF_TYPE, _iri(SD + "Graph"))
            yield from _say(inner, VOID + "triples", _count(graph.quads))

    def declarations(self) -> Iterator[ox.Triple]:
        """The prefixes that need no declaration in a query."""
        yield from _say(self.service, SH + "prefixes", self.prefixes)
        yield from _say(self.prefixes, RDF_TYPE, _iri("http://www.w3.org/2002/07/owl#Ontology"))
        for prefix, namespace in prefixes(self.here.base).items():
            node = self.part(f"prefix-{prefix}")
            yield from _say(self.prefixes, SH + "declare", node)
            yield from _say(node, RDF_TYPE, _iri(SH + "PrefixDeclaration"))
            yield from _say(node, SH + "prefix", ox.Literal(prefix))
            yield from _say(node, SH + "namespace", ox.Literal(namespace, datatype=_iri(XSD + "anyURI")))

    def limits(self) -> Iterator[ox.Triple]:
        """What a query may take."""
        for limit in LIMITS:
            node = self.part(f"limit-{limit.name}")
            yield from _say(self.service, SCHEMA + "additionalProperty", node)
            yield from _say(node, RDF_TYPE, _iri(SCHEMA + "PropertyValue"))
            yield from _say(node, SCHEMA + "name", ox.Literal(limit.name))
            yield from _say(
                node,
                SCHEMA + "value",
                _decimal(DEFAULTS[limit.name]),
            )
            yield from _say(node, SCHEMA + "unitText", ox.Literal(limit.unit))
            yield from _say(node, SCHEMA + "description", ox.Literal(limit.help, language="en"))

    def examples(self) -> Iterator[ox.Triple]:
        """The questions of the library, each as a query that runs here."""
        for question in library.questions(self.here.reader):
            node = self.part(f"example-{question.name}")
            yield from _say(node, RDF_TYPE, _iri(SH + "SPARQLExecutable"), _iri(SH + "SPARQLSelectExecutable"))
            yield from _say(node, RDFS + "comment", ox.Literal(question.title, language="en"))
            yield from _say(node, SH + "prefixes", self.prefixes)
            yield from _say(node, SH + "select", ox.Literal(question.text))
            yield from _say(node, SCHEMA + "target", self.service)


def _iri(value: str) -> ox.NamedNode:
    return ox.NamedNode(value)


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_iri(XSD + "integer"))


def _decimal(number: float) -> ox.Literal:
    return ox.Literal(f"{number:.9f}".rstrip("0").rstrip("."), datatype=_iri(XSD + "decimal"))


def _say(subject: _Node, predicate: str, *values: _Value) -> Iterator[ox.Triple]:
    return (ox.Triple(subject, _iri(predicate), value) for value in values)
