"""What is sent to another engine means there what was meant here, and nothing more."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov import errors
from migov.store import Dataset, guard
from migov.store.rewrite import Places, rewrite, string

E = "http://example.org/"
PLACES = Places(E + "merged", E + "graph/")
ALL = Dataset()
PREFIXES = {"e": E, "unused": "urn:unused:"}


def sent(text: str, dataset: Dataset = ALL, **options: object) -> str:
    return rewrite(text, PLACES, dataset=dataset, values={}, prefixes=PREFIXES, **options).text


@pytest.fixture
def engine() -> ox.Store:
    """An engine with a merge, two graphs of the release, and a graph of somebody else."""
    store = ox.Store()
    for graph, subject in (("graph/one", "a"), ("graph/two", "b"), ("merged", "a"), ("merged", "b"), ("other", "c")):
        names = (ox.NamedNode(E + name) for name in (subject, "p", "o", graph))
        store.add(ox.Quad(*names))
    return store


def found(engine: ox.Store, text: str, dataset: Dataset = ALL) -> list[str]:
    rows = engine.query(sent(text, dataset))
    assert isinstance(rows, ox.QuerySolutions)
    return sorted(row[0].value.removeprefix(E) for row in rows)


def test_the_default_graph_is_the_merge_and_graph_sees_the_release_only(engine: ox.Store) -> None:
    assert found(engine, "SELECT ?s { ?s e:p e:o }") == ["a", "b"]
    assert found(engine, "SELECT ?g { GRAPH ?g { ?s ?p ?o } }") == ["graph/one", "graph/two"]
    assert found(engine, "SELECT ?s { GRAPH e:other { ?s ?p ?o } }") == []
    assert found(engine, "SELECT ?s { { SELECT ?s { ?s ?p ?o } } FILTER NOT EXISTS { GRAPH ?g { e:c ?p ?s } } }") == [
        "a",
        "b",
    ]
    assert found(engine, "SELECT ?s { ?s ?p ?o } ORDER BY (EXISTS { ?s ?p e:o })") == ["a", "b"]


def test_datasets_are_those_of_the_request_else_of_the_query(engine: ox.Store) -> None:
    one, two = E + "graph/one", E + "graph/two"
    assert found(engine, f"SELECT ?s FROM <{one}> {{ ?s ?p ?o }}") == ["a"]
    assert found(engine, f"SELECT ?s FROM NAMED <{one}> {{ ?s ?p ?o }}") == []
    assert found(engine, f"SELECT ?s FROM NAMED <{one}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == ["a"]
    assert found(engine, f"SELECT ?s FROM <{one}> {{ ?s ?p ?o }}", Dataset(default=(two,))) == ["b"]
    assert found(engine, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }", Dataset(default=(two,))) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o OPTIONAL { service silent ?x { ?s ?p ?o } } }",
        "SELECT * { ?s ?p '''\n''' . SERVICE?x{ ?s ?p ?o } }",
    ],
)
def test_federation_is_never_sent(text: str) -> None:
    with pytest.raises(errors.QueryRefused):
        sent(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p <http://a/\\u003E> }",
        "SELECT * { ?s ?p e:a\\u0020SERVICE\\u0020 }",
        "SELECT * { ?s ?p 'a\\u0000b' }",
        "SELECT * { ?s ?p 'a\x00b' }",
    ],
)
def test_what_engines_read_otherwise_is_refused(text: str) -> None:
    with pytest.raises(errors.QuerySyntax):
        sent(text)


def test_comments_go_and_strings_lose_their_escapes() -> None:
    text = "SELECT * { # } SERVICE\n ?s ?p '''a\"\n\\u0022 # b''', 'it\\'s' }"
    assert sent(text).count("#") == 1, "the one in the string"
    assert r'"a\"\n\" # b", "it' in sent(text)


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=30))
def test_any_string_is_written_as_one_token_of_the_same_value(value: str) -> None:
    (token,) = guard.tokens(string(value))
    assert token.kind == "string"
    row = next(iter(ox.Store().query(f"SELECT ({string(value)} AS ?x) {{}}")))
    assert row["x"].value == value


def test_only_what_is_used_is_declared_and_a_base_is_given_once() -> None:
    assert "PREFIX e:" in sent("ASK { ?s e:p ?o }")
    assert "unused" not in sent("ASK { ?s e:p ?o }")
    assert sent("PREFIX e: <urn:x:> ASK { ?s e:p ?o }").count("PREFIX e:") == 1
    assert sent("ASK { <a> ?p ?o }", base=E).startswith(f"BASE <{E}>")
    assert sent("BASE <urn:x:> ASK { <a> ?p ?o }", base=E).count("BASE") == 1


def test_a_describe_is_asked_as_two_questions() -> None:
    asked = rewrite("DESCRIBE ?s e:x { ?s e:p ?o }", PLACES, dataset=Dataset(), values={}, prefixes=PREFIXES)
    assert "SELECT DISTINCT ?s" in asked.text
    assert asked.named == ("e:x",)
    assert asked.about is not None
    assert "CONSTRUCT { ?s ?p ?o }" in asked.about[0]


@pytest.mark.parametrize(
    "condition", ["COALESCE(?x > 1, false)", "!COALESCE(?x > 1 && ?y > 1, false)", "COALESCE(?x > 1 || ?y > 1, false)"]
)
@pytest.mark.parametrize("values", ["UNDEF UNDEF", "2 UNDEF", "UNDEF 2", "2 2", "0 2"])
def test_what_is_written_for_virtuoso_means_the_same(condition: str, values: str) -> None:
    text = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({values}) }} {{ ?s ?p ?o }} UNION {{}} FILTER({condition}) }}"
    plain, put = (ox.Store().query(sent(text, virtuoso=virtuoso)) for virtuoso in (False, True))
    assert [str(row) for row in plain] == [str(row) for row in put]
