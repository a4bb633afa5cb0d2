"""What the endpoint says of itself: to programs the service description, to people the form."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, parse

from migov.graph.release import Release
from migov.settings import DEFAULTS
from migov.store.formats import GRAPH as WRITERS
from migov.vocabulary import prefixes
from migov.web.negotiation import BINDINGS_FORMATS, GRAPH_FORMATS, Format
from web.protocol.conftest import PUBLIC

SD = "http://www.w3.org/ns/sparql-service-description#"
PREFIXES = {
    "sd": SD,
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
    "schema": "https://schema.org/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
ENDPOINT = NamedNode(f"{PUBLIC}/sparql")


@pytest.fixture(scope="module")
def described(endpoint: FlaskClient) -> Store:
    store = Store()
    store.extend(Quad(*quad.triple) for quad in parse(turtle(endpoint), format=WRITERS["turtle"]))
    return store


def turtle(endpoint: FlaskClient) -> bytes:
    answer = endpoint.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
    return answer.data


def found(store: Store, query: str) -> list[tuple[str, ...]]:
    rows = store.query(query, prefixes=PREFIXES)
    return sorted(tuple(term.value for term in row) for row in rows)


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.key)
def test_returns_rdf(endpoint: FlaskClient, described: Store, form: Format) -> None:
    """returns-rdf of the W3C suite, in every format, and the same in each."""
    answer = endpoint.get("/sparql", headers={"Accept": form.media_type})
    assert answer.headers["Content-Type"] == form.content_type
    assert {quad.triple for quad in parse(answer.data, format=WRITERS[form.key])} == {q.triple for q in described}
    assert endpoint.head("/sparql", headers={"Accept": form.media_type}).headers["ETag"] == answer.headers["ETag"]


def test_has_endpoint_triple(described: Store) -> None:
    """has-endpoint-triple of the W3C suite: the address that clients such as Comunica follow."""
    assert [quad.object for quad in described.quads_for_pattern(ENDPOINT, NamedNode(SD + "endpoint"), None)] == [
        ENDPOINT
    ]


def test_conforms_to_schema(described: Store, few: Release, quads: list[Quad]) -> None:
    """conforms-to-schema of the W3C suite: each part has the class its property asks for, and what it must have."""
    assert found(described, "SELECT ?s { ?s a sd:Service }") == [(ENDPOINT.value,)]
    for slot, kind in (
        ("defaultDataset", "Dataset"),
        ("defaultGraph", "Graph"),
        ("namedGraph", "NamedGraph"),
        ("graph", "Graph"),
    ):
        assert found(described, f"SELECT ?x {{ ?s sd:{slot} ?x }}")
        assert not found(described, f"SELECT ?x {{ ?s sd:{slot} ?x MINUS {{ ?x a sd:{kind} }} }}")
    counted = found(described, "SELECT ?name ?n { ?d sd:namedGraph ?g . ?g sd:name ?name ; sd:graph/void:triples ?n }")
    assert counted == sorted((graph.iri, str(graph.quads)) for graph in few.manifest.graphs)
    distinct = str(len({quad.triple for quad in quads}))
    assert found(described, "SELECT ?n { ?s sd:defaultDataset/sd:defaultGraph/void:triples ?n }") == [(distinct,)]
    formats = {form.uri for form in (*BINDINGS_FORMATS, *GRAPH_FORMATS)}
    assert {iri for (iri,) in found(described, "SELECT ?f { ?s sd:resultFormat ?f }")} == formats
    assert found(described, "SELECT ?f { ?s sd:feature ?f }") == [(SD + "UnionDefaultGraph",)]


def test_prefixes_are_declared_and_need_no_declaration(endpoint: FlaskClient, described: Store) -> None:
    rows = found(described, "SELECT ?p ?n { ?s sh:prefixes/sh:declare ?d . ?d sh:prefix ?p ; sh:namespace ?n }")
    assert dict(rows) == prefixes()
    for prefix, namespace in rows[:5]:
        query = f"ASK {{ FILTER(STR({prefix}:x) = '{namespace}x') }}"
        assert b"true" in endpoint.get("/sparql", query_string={"query": query}).data


def test_a_release_on_another_base_has_its_own_namespaces(elsewhere: FlaskClient) -> None:
    base = "https://example.net/graph/"
    store = Store()
    store.extend(Quad(*quad.triple) for quad in parse(turtle(elsewhere), format=WRITERS["turtle"]))
    rows = dict(found(store, "SELECT ?p ?n { ?d sh:prefix ?p ; sh:namespace ?n }"))
    assert rows == prefixes(base)
    assert rows["mgo"] == base + "ontology/"
    answer = elsewhere.get("/sparql", query_string={"query": "SELECT ?x { o:bad mgo:acronym ?x }"})
    assert b"7*7" in answer.data
    assert "Migov-Note" in answer.headers, "its ontology has no such term"
    turned = elsewhere.get("/sparql?query=DESCRIBE%20o%3Abad", headers={"Accept": "text/turtle"})
    assert f"@prefix o: <{base}id/org/>" in turned.text


def test_limits_are_told_as_they_hold(described: Store) -> None:
    rows = found(
        described, "SELECT ?name ?v { ?s schema:additionalProperty ?p . ?p schema:name ?name ; schema:value ?v }"
    )
    assert {name: float(value) for name, value in rows} == DEFAULTS


def test_examples_run_as_they_are(endpoint: FlaskClient, described: Store) -> None:
    query = (
        "SELECT ?title ?text { ?e a sh:SPARQLExecutable ; schema:target ?s ; rdfs:comment ?title ; sh:select ?text }"
    )
    rows = found(described, query)
    assert len(rows) >= 10
    for title, text in rows[:10]:
        assert endpoint.post("/sparql", data={"query": text}).status_code == 200, title


def test_it_leads_to_the_description_of_the_dataset(endpoint: FlaskClient, described: Store, few: Release) -> None:
    assert found(described, "SELECT ?x { ?s a sd:Service ; rdfs:seeAlso ?x }") == [(f"{PUBLIC}/.well-known/void",)]
    assert endpoint.get("/.well-known/void", headers={"Accept": "text/turtle"}).status_code == 303
    base = few.manifest.base
    assert found(described, "SELECT ?d { ?d void:sparqlEndpoint ?s }") == [(base,)]
    assert (base, few.id) in found(described, "SELECT ?d ?id { ?d <http://purl.org/dc/terms/identifier> ?id }")


def test_it_is_made_once(endpoint: FlaskClient) -> None:
    first = endpoint.get("/sparql", headers={"Accept": "text/turtle"})
    again = endpoint.get("/sparql/", headers={"Accept": "text/turtle", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "public" in first.headers["Cache-Control"]


def test_where_the_address_is_unknown_none_is_invented(hostile: FlaskClient) -> None:
    quads = list(parse(turtle(hostile), format=WRITERS["turtle"]))
    (service,) = {quad.subject for quad in quads if quad.object == NamedNode(SD + "Service")}
    assert isinstance(service, BlankNode)
    assert not [quad for quad in quads if quad.predicate == NamedNode(SD + "endpoint")]
    assert any(isinstance(quad.object, Literal) for quad in quads)


@pytest.mark.parametrize(
    "accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"]
)
def test_a_browser_gets_the_form(endpoint: FlaskClient, accept: str) -> None:
    answer = endpoint.get("/sparql", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith("text/html")
    assert 'name="query"' in answer.text
    assert "Accept" in answer.headers["Vary"]


def test_curl_without_a_query_gets_the_description(endpoint: FlaskClient) -> None:
    assert endpoint.get("/sparql", headers={"Accept": "*/*"}).headers["Content-Type"] == "text/turtle; charset=utf-8"
