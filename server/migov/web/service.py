"""The description of the SPARQL service (SPARQL 1.1 Service Description), built from what the code knows."""

import pyoxigraph as ox

from migov.vocabulary import RDF_TYPE, XSD
from migov.web.negotiation import BINDINGS_FORMATS, GRAPH_FORMATS, Format
from migov.web.site import Site

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_WRITERS = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


def description(here: Site, form: Format) -> bytes:
    """The description in an RDF format; it names the endpoint only where the public address is known."""
    written = ox.serialize(triples(here), format=_WRITERS[form.key], prefixes={"sd": SD, "void": VOID})
    assert written is not None  # serialize returns bytes where no output is given
    return written


def triples(here: Site) -> list[ox.Triple]:
    """The service: its language, formats, features, and the dataset with every named graph."""
    service: ox.NamedNode | ox.BlankNode = ox.BlankNode("service")
    found: list[ox.Triple] = []

    def say(
        subject: ox.NamedNode | ox.BlankNode, predicate: str, *values: ox.NamedNode | ox.BlankNode | ox.Literal
    ) -> None:
        found.extend(ox.Triple(subject, ox.NamedNode(predicate), value) for value in values)

    def count(number: int) -> ox.Literal:
        return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))

    if here.addresses.public:
        service = ox.NamedNode(here.addresses.absolute("/sparql"))
        say(service, SD + "endpoint", service)
    say(service, RDF_TYPE, ox.NamedNode(SD + "Service"))
    say(service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query"))
    say(service, SD + "feature", ox.NamedNode(SD + "UnionDefaultGraph"))
    say(service, SD + "resultFormat", *(ox.NamedNode(form.uri) for form in (*BINDINGS_FORMATS, *GRAPH_FORMATS)))
    dataset, default = ox.BlankNode("dataset"), ox.BlankNode("default")
    say(service, SD + "defaultDataset", dataset)
    say(dataset, RDF_TYPE, ox.NamedNode(SD + "Dataset"))
    say(dataset, SD + "defaultGraph", default)
    say(default, RDF_TYPE, ox.NamedNode(SD + "Graph"))
    say(default, VOID + "triples", count(here.release.manifest.quads))
    for number, graph in enumerate(here.release.manifest.graphs):
        named, inner = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        say(dataset, SD + "namedGraph", named)
        say(named, RDF_TYPE, ox.NamedNode(SD + "NamedGraph"))
        say(named, SD + "name", ox.NamedNode(graph.iri))
        say(named, SD + "graph", inner)
        say(inner, RDF_TYPE, ox.NamedNode(SD + "Graph"))
        say(inner, VOID + "triples", count(graph.quads))
    return found
