"""Loading: the default graph is a merge, which is stored only where it must be."""

from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from migov import errors
from migov.store import Dataset
from migov.store.evaluate import evaluate
from migov.store.load import load

LINE = '<http://example.org/{}> <http://example.org/p> "x <http://example.org/> y" <http://example.org/{}> .\n'


def write(path: Path, *names: tuple[str, str]) -> Path:
    path.write_text("".join(sorted(LINE.format(*pair) for pair in names)))
    return path


def test_a_triple_in_two_graphs_is_one_triple_of_the_merge(tmp_path: Path) -> None:
    graph = load(write(tmp_path / "a.nq", ("a", "g"), ("a", "h"), ("b", "g")))
    assert graph.merged
    (row,) = graph.store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert row["n"].value == "2"


def test_where_no_triple_is_in_two_graphs_nothing_is_stored_twice(tmp_path: Path) -> None:
    graph = load(write(tmp_path / "a.nq", ("a", "g"), ("b", "h"), ("c", "g")))
    assert not graph.merged
    assert len(graph.store) == 3


@pytest.mark.parametrize("twice", [(), (("a", "h"),)])
def test_a_query_sees_the_same_default_graph_in_both_cases(tmp_path: Path, twice: tuple[tuple[str, str], ...]) -> None:
    graph = load(write(tmp_path / "a.nq", ("a", "g"), ("b", "h"), *twice))

    def seen(clauses: str) -> int:
        text = f"SELECT ?s {clauses} {{ ?s ?p ?o }}"
        options = {"dataset": Dataset(), "bindings": {}, "result_bytes": 10**6, "prefixes": {}}
        return evaluate(graph, text, {"bindings": "csv"}, **options).body.count(b"\r\n") - 1

    assert seen("") == 2
    assert seen("FROM <http://example.org/g>") == 1
    assert seen("FROM NAMED <http://example.org/g>") == 0
    assert seen("FROM <http://example.org/none>") == 0


COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
G, H = "http://example.org/g", "http://example.org/h"


@pytest.mark.parametrize("outside", [(), (("c", "h"), ("c", "i"))])
@pytest.mark.parametrize(
    ("clauses", "asked", "count"),
    [
        (f"FROM <{G}> FROM <{H}>", Dataset(), 3),
        (f"FROM <{G}> FROM <{G}>", Dataset(), 2),
        (f"from<{G}>\nFROM # h\n <{H}> FROM NAMED <{H}>", Dataset(), 3),
        ("FROM ex:g FROM ex:h", Dataset(), 3),
        ("FROM <g> FROM <h>", Dataset(), 3),
        (f"FROM NAMED <{G}> FROM NAMED <{H}>", Dataset(), 0),
        ("", Dataset((G, H)), 3),
        ("", Dataset((G, G)), 2),
        (f"FROM <{G}>", Dataset((H,)), 2),
        ("FROM <nothing>", Dataset((), (G, H)), 0),
    ],
)
def test_what_two_graphs_say_is_one_triple_of_their_merge(
    tmp_path: Path, clauses: str, asked: Dataset, count: int, outside: tuple[tuple[str, str], ...]
) -> None:
    """Graph g has a and b, graph h has b and c: their merge has three triples, not four."""
    shared = (("b", "h"), ("c", "h")) if not outside else (("b", "h"), *outside)
    graph = load(write(tmp_path / "a.nq", ("a", "g"), ("b", "g"), *shared))
    assert graph.merged
    text = "PREFIX ex: <http://example.org/> " + COUNT.format(clauses)
    options = {"bindings": {}, "result_bytes": 10**6, "prefixes": {}, "base": "http://example.org/"}
    for _ in range(2):
        answer = evaluate(graph, text, {"bindings": "csv"}, dataset=asked, **options)
        assert answer.body == f"n\r\n{count}\r\n".encode()
    names = evaluate(graph, "SELECT ?g { GRAPH ?g {} }", {"bindings": "csv"}, dataset=Dataset(), **options)
    assert b"urn:" not in names.body, "the merge is gone with its query"


def test_clauses_are_found_wherever_they_stand(tmp_path: Path) -> None:
    graph = load(write(tmp_path / "a.nq", ("a", "g"), ("b", "g"), ("b", "h")))
    options = {"bindings": {}, "result_bytes": 10**6, "prefixes": {}, "dataset": Dataset()}
    for text in (
        f"CONSTRUCT {{ ?s ?p ?o }} FROM <{G}> FROM <{H}> WHERE {{ ?s ?p ?o }}",
        f"SELECT (EXISTS {{ ?a ?b ?c }} AS ?x) ?s FROM <{G}> FROM <{H}> {{ ?s ?p ?o }}",
        f"CONSTRUCT FROM <{H}> FROM <{G}> WHERE {{ ?s ?p ?o }}",
    ):
        answer = evaluate(graph, text, {"bindings": "csv", "graph": "ntriples"}, **options)
        assert answer.body.count(b"http://example.org/b>" if answer.kind == "graph" else b"http://example.org/b") == 1
    for text in (
        "SELECT * FROM { ?s ?p ?o }",
        "SELECT * FROM NAMED",
        "FROM",
        "SELECT * FROM nope:x {}",
        "ASK FROM 'x' {}",
    ):
        with pytest.raises(errors.QuerySyntax):
            evaluate(graph, text, {"bindings": "csv"}, **options)


def test_triples_outside_named_graphs_are_part_of_the_merge(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nq", ("a", "g"))
    path.write_text(path.read_text() + "<http://example.org/b> <http://example.org/p> <http://example.org/o> .\n")
    graph = load(path)
    assert len(set(graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == 2


def test_the_generation_is_the_digest_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nq", ("a", "g"))
    assert load(path).generation == sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("text", "line"), [(b"nonsense\n", 1), (b"\n\n<a:a> <a:b> \xff .\n", 3)])
def test_what_cannot_be_parsed_is_named_with_its_line(tmp_path: Path, text: bytes, line: int) -> None:
    (tmp_path / "a.nq").write_bytes(text)
    with pytest.raises(errors.DataError) as refusal:
        load(tmp_path / "a.nq")
    assert refusal.value.facts == {"file": "a.nq", "line": line}
