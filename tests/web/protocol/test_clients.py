"""Programs that know nothing of this server, only the standards, read it over the wire."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from migov.graph.release import Release
from migov.vocabulary import BASE
from web.running import Running

ABOVE = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
PAIRS = f"SELECT ?s ?o {{ ?s <{ABOVE}> ?o }}"


@pytest.fixture(scope="module")
def server(tiny: Release) -> Iterator[Running]:
    running = Running(tiny.path.parent)
    running.wait()
    yield running
    assert running.end() == 0


@pytest.fixture(scope="module")
def graph(tiny: Release) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=tiny.graph, format=ox.RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def expected(graph: ox.Store) -> set[tuple[str, str]]:
    rows = graph.query(PAIRS, use_default_graph_as_union=True)
    found = {(row["s"].value, row["o"].value) for row in rows}
    assert found
    return found


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rdflib_asks_by_every_operation(server: Running, expected: set[object], method: str, form: str) -> None:
    store = SPARQLStore(f"http://127.0.0.1:{server.port}/sparql", method=method, returnFormat=form)
    found = Graph(store).query(PAIRS)
    assert {(str(row[0]), str(row[1])) for row in found} == expected


def test_rdflib_reads_a_graph_as_if_it_were_its_own(server: Running, expected: set[object]) -> None:
    graph = Graph(SPARQLStore(f"http://127.0.0.1:{server.port}/sparql"))
    pairs = graph.subject_objects(URIRef(ABOVE))
    assert {(str(subject), str(value)) for subject, value in pairs} == expected


def test_another_engine_federates_with_it(server: Running, expected: set[object]) -> None:
    asked = f"SELECT * {{ SERVICE <http://127.0.0.1:{server.port}/sparql> {{ {PAIRS} }} }}"
    assert {(row["s"].value, row["o"].value) for row in ox.Store().query(asked)} == expected


def test_a_graph_is_loaded_by_its_address(server: Running, graph: ox.Store) -> None:
    """What LOAD does in any engine: GET with an Accept of RDF, following redirects."""
    name = ox.NamedNode(f"{BASE}graph/ontology")
    wanted = {quad.triple for quad in graph.quads_for_pattern(None, None, None, name)}
    for path in ("/graph/ontology", f"/graph-store?graph={name.value}", "/data/graph/ontology.ttl"):
        store = ox.Store()
        store.update(f"LOAD <http://127.0.0.1:{server.port}{path}>")
        assert {quad.triple for quad in store} == wanted


def test_rdflib_follows_a_thing_to_its_data(server: Running) -> None:
    address = f"http://127.0.0.1:{server.port}/id/org/iom"
    for form in ("turtle", "xml", "nt"):
        graph = Graph().parse(address, format=form)
        assert (URIRef(f"{BASE}id/org/iom"), None, None) in graph
