"""A reader trusts that the ontology and the graph fit: no idle terms, no examples that lead nowhere, no misuse."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from migov import resources, vocabulary

ROOT = resources.default()
CURIE = re.compile(r"(?<![\w:/-])([a-z][a-z-]*):([\w-]+)")
PREFIXES = """
PREFIX mgo: <https://w3id.org/migov/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# A use as the subject describes a term; a use in any other place employs it.
TERMS = "SELECT ?term WHERE { ?term rdfs:isDefinedBy mgo: }"
USES = (
    "SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term } UNION { ?s rdf:predicate|mgo:supports ?term } }"
)
EXAMPLES = "SELECT ?term ?text WHERE { ?term skos:example ?text }"
AXIOMS = "SELECT ?property ?wanted WHERE { ?property %s ?wanted }"
TYPES = "SELECT ?node ?type WHERE { ?node a/rdfs:subClassOf* ?type }"
TORN = """
SELECT DISTINCT ?term WHERE {
    ?term a ?one, ?two FILTER(STR(?one) < STR(?two))
    ?one rdfs:subClassOf*/(owl:disjointWith|^owl:disjointWith)/^rdfs:subClassOf* ?two
}"""
# The triples that a file states, and those that its claims state.
TRIPLES = """
SELECT DISTINCT ?s ?property ?o WHERE {
    { ?s ?property ?o } UNION { ?claim a mgo:Claim ; rdf:subject ?s ; rdf:predicate ?property ; rdf:object ?o }
}"""


@pytest.fixture(scope="module")
def everything() -> Store:
    """The ontology, its code lists and all graphs, as written by hand: nothing derived."""
    store = Store()
    for path in (*ROOT.ontology.rglob("*.ttl"), *ROOT.graphs.rglob("*.ttl")):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def iris(store: Store, query: str) -> set[str]:
    return {row["term"].value for row in store.query(PREFIXES + query)}


def named_in(folder: Path, pattern: str) -> Iterator[str]:
    """IRIs that shapes or queries name with a prefix; their comments do not count."""
    prefixes = vocabulary.prefixes()
    for path in folder.rglob(pattern):
        text = re.sub(r"^\s*#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        yield from (prefixes[prefix] + name for prefix, name in CURIE.findall(text) if prefix in prefixes)


def idle(store: Store) -> set[str]:
    """Terms of ours that no shape, no query and no triple employs."""
    used = iris(store, USES) | set(named_in(ROOT.shapes, "*.ttl")) | set(named_in(ROOT.queries, "*.rq"))
    return {vocabulary.compact(iri) for iri in iris(store, TERMS) - used if iri.startswith(vocabulary.ONTOLOGY)}


def lost(store: Store) -> set[tuple[str, str]]:
    """Names in examples, each with the term it should illustrate, that nothing in the store describes."""
    prefixes, found = vocabulary.prefixes(), set()
    for row in store.query(PREFIXES + EXAMPLES):
        for prefix, name in CURIE.findall(row["text"].value):
            node = NamedNode(prefixes.get(prefix, "urn:none:") + name)
            if prefix in prefixes and next(store.quads_for_pattern(node, None, None, None), None) is None:
                found.add((vocabulary.compact(row["term"].value), f"{prefix}:{name}"))
    return found


def misfits(store: Store) -> set[tuple[str, str, str]]:
    """Nodes of ours that stand at an end of a property without being of the kind that its axiom asks for."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in store.query(PREFIXES + TYPES):
        kinds[row["node"].value].add(row["type"].value)
    wanted: dict[tuple[str, str], str] = {}
    for axiom, end in (("rdfs:domain", "s"), ("rdfs:range", "o")):
        for row in store.query(PREFIXES + AXIOMS % axiom):
            wanted[row["property"].value, end] = row["wanted"].value
    found = set()
    for row in store.query(PREFIXES + TRIPLES):
        for end in ("s", "o"):
            node, kind = row[end].value, wanted.get((row["property"].value, end))
            if (
                kind
                and node.startswith(vocabulary.BASE)
                and isinstance(row[end], NamedNode)
                and kind not in kinds[node]
            ):
                found.add(
                    (vocabulary.compact(row["property"].value), vocabulary.compact(node), vocabulary.compact(kind))
                )
    return found


def test_every_term_serves_a_shape_a_question_or_the_data(everything: Store) -> None:
    assert sorted(idle(everything)) == []


def test_every_example_leads_to_something_in_the_graph(everything: Store) -> None:
    assert sorted(lost(everything)) == []


def test_the_graph_uses_each_property_between_the_kinds_it_joins(everything: Store) -> None:
    assert sorted(misfits(everything)) == []


def test_nothing_in_the_graph_is_of_two_kinds_that_exclude_each_other(everything: Store) -> None:
    assert sorted(iris(everything, TORN)) == []


def test_an_idle_term_a_lost_example_and_misused_properties_are_seen(load: Callable[..., Store]) -> None:
    store = load(Path(__file__).parent / "misuse.ttl")
    assert "mgo:Idle" in idle(store)
    assert ("mgo:Idle", "place:nowhere") in lost(store)
    assert ("mgo:Idle", "place:x") not in lost(store)
    assert iris(store, TORN) == {f"{vocabulary.ID}place/z"}
    assert misfits(store) == {("mgo:within", "state:XXX", "mgo:Place"), ("mgo:cites", "state:XXX", "mgo:Document")}


def test_every_code_list_has_its_prefix_and_its_file() -> None:
    prefixes = vocabulary.prefixes()
    files = {path.stem for path in (ROOT.ontology / "concepts").glob("*.ttl")}
    listed = {key for key, namespace in prefixes.items() if namespace == f"{vocabulary.CONCEPT}{key}/"}
    assert files == listed


def test_the_approximate_hedge_tells_people_and_programs_the_same(everything: Store) -> None:
    query = PREFIXES + "SELECT ?code ?share ?note WHERE { ?code mgo:tolerance ?share ; skos:scopeNote ?note }"
    rows = [(row["code"].value, row["share"], row["note"]) for row in everything.query(query)]
    assert rows, "no hedge has a tolerance"
    for _, share, note in rows:
        assert isinstance(share, Literal)
        assert f"±{float(share.value) * 100:g} %" in note.value


def test_the_context_is_json_ld_that_names_each_namespace_once() -> None:
    context = json.loads((ROOT.ontology / "context.jsonld").read_text("utf-8"))["@context"]
    assert len(set(context.values())) == len(context)


def test_the_main_file_says_only_what_a_description_logic_tool_reads() -> None:
    foreign = {"org", "foaf", "prov", "skos", "xsd"}
    allowed = {"rdf:langString", "rdfs:Literal", "rdfs:seeAlso"}
    axioms = ("subClassOf", "subPropertyOf", "domain", "range", "disjointWith")
    for quad in parse(path=str(ROOT.ontology / "migov.ttl"), format=RdfFormat.TURTLE):
        assert quad.subject.value.startswith(vocabulary.ONTOLOGY)
        if quad.predicate.value.endswith(axioms):
            name = vocabulary.compact(quad.object.value)
            assert name in allowed or name.split(":")[0] in foreign | {"mgo"}, f"{name} belongs in alignments.ttl"


def test_the_guide_for_readers_names_every_class_and_the_version(ontology: Store) -> None:
    guide = (ROOT.ontology / "README.md").read_text("utf-8")
    classes = iris(ontology, "SELECT ?term WHERE { ?term a owl:Class }")
    ours = {iri.removeprefix(vocabulary.ONTOLOGY) for iri in classes if iri.startswith(vocabulary.ONTOLOGY)}
    assert {name for name in ours if f"`{name}`" not in guide} == set()
    [version] = iris(ontology, "SELECT ?term WHERE { mgo: owl:versionInfo ?term }")
    assert f"version {version}" in guide
