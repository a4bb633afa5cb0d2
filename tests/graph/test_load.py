"""Reading files: what is refused, and how well the message points at it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.story import prefixed
from migov.errors import DataError
from migov.graph import literals, load
from migov.resources import Resources
from migov.vocabulary import GRAPH, XSD

HEAD = "@prefix state: <https://w3id.org/migov/id/state/> .\n@prefix mgo: <https://w3id.org/migov/ontology/> .\n"


def write(root: Path, text: str | bytes, name: str = "graphs/entities/story.ttl") -> Resources:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Resources(root)


def refusal(root: Path, text: str | bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        load.load(write(root, text))
    assert caught.value.facts["file"] == "graphs/entities/story.ttl"
    return caught.value


@pytest.mark.parametrize(
    ("file", "graph"),
    [
        ("ontology/migov.ttl", "ontology"),
        ("ontology/alignments.ttl", "alignments"),
        ("ontology/concepts/membership-type.ttl", "concepts/membership-type"),
        ("graphs/relations/names.ttl", "relations/names"),
        ("graphs/dataset.ttl", "dataset"),
    ],
)
def test_a_file_is_a_graph(tmp_path: Path, file: str, graph: str) -> None:
    (parsed,) = load.load(write(tmp_path, HEAD + "state:XYZ mgo:m49 '001' .", file))
    assert parsed.path == Path(file)
    assert parsed.graph_iri == GRAPH + graph
    assert [quad.graph_name for quad in parsed.quads] == [NamedNode(GRAPH + graph)]


def test_two_files_cannot_be_one_graph(tmp_path: Path) -> None:
    write(tmp_path, HEAD, "ontology/concepts/rank.ttl")
    with pytest.raises(DataError, match=r"rank\.ttl already is .*graph/concepts/rank$"):
        load.load(write(tmp_path, HEAD, "graphs/concepts/rank.ttl"))


@pytest.mark.parametrize("name", ["graphs/derived/current.ttl", "graphs/meta.ttl"])
def test_nobody_writes_what_the_build_makes(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="made by the build"):
        load.load(write(tmp_path, HEAD, name))


@pytest.mark.parametrize("name", ["graphs/Entities/a.ttl", "graphs/my file.ttl", "graphs/ä.ttl"])
def test_a_file_name_must_do_for_an_address(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="lower-case"):
        load.load(write(tmp_path, HEAD, name))


def test_a_syntax_error_names_line_and_column(tmp_path: Path) -> None:
    error = refusal(tmp_path, HEAD + "\nstate:XYZ mgo:m49 '001' ,, .\n")
    assert (error.facts["line"], error.facts["column"]) == (4, 26)
    assert str(error).startswith("graphs/entities/story.ttl:4: this is not Turtle")


def test_bytes_that_are_no_text_name_their_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD.encode() + b"state:XYZ mgo:m49 '\xff' .").facts["line"] == 3


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"2018-02-30"^^xsd:date', "no day of the calendar"),
        ('"29/08/2017"^^xsd:date', "YYYY-MM-DD"),
        ('"2018"^^xsd:gYearMonth', "YYYY-MM"),
        ('"many"^^xsd:integer', "a whole number"),
        ('"1,5"^^xsd:decimal', "a decimal number"),
        ('"17"^^xsd:positiveInteger', "datatype"),
        ("+5", "whole number"),
        ("007", "whole number"),
        ("1.50", "decimal number"),
        ('"1"^^xsd:boolean', "true or false"),
        ('"yes"^^xsd:boolean', "true or false"),
        ('"www.iom.int"^^xsd:anyURI', "absolute web address"),
        ('"1"^^xsd:float', "datatype"),
        ('"a"^^<http://example.org/t>', "datatype"),
        ('"bell \\u0007"', r"U\+0007"),
    ],
)
def test_an_ill_typed_literal_names_its_line(tmp_path: Path, value: str, said: str) -> None:
    text = prefixed(f"state:ABC mgo:m49 '002' .\n\nstate:XYZ mgo:m49 '001' ;\n  mgo:note {value} .\n")
    error = refusal(tmp_path, text)
    assert re.search(said, error.detail)
    assert error.facts["line"] == text.splitlines().index(f"  mgo:note {value} .") + 1
    assert "state:XYZ mgo:note" in error.detail


@pytest.mark.parametrize("node", ["_:somebody", "[]", "[ mgo:m49 '002' ]", "( 1 )", "<<( state:ABC mgo:m49 '3' )>>"])
def test_what_cannot_be_cited_names_its_line(tmp_path: Path, node: str) -> None:
    text = prefixed(f"# [not here] (nor here) _:x\nstate:XYZ mgo:note 'a [b] (c) _:d' ;\n  mgo:link {node} .\n")
    error = refusal(tmp_path, text)
    assert "give the thing an IRI" in error.detail
    assert error.facts["line"] == len(text.splitlines())


@pytest.mark.parametrize(
    ("iri", "line"),
    [("id/state/XYZ", 3), ("id/state/XY", 4), ("id/state/ABC", 5), ("concept/rank/normal", 4), ("id/state/NONE", None)],
)
def test_the_line_on_which_a_node_is_described(iri: str, line: int | None) -> None:
    text = (
        "@prefix state: <https://w3id.org/migov/id/state/> .\n@prefix c: <https://w3id.org/migov/concept/> .\n"
        "state:XYZ state:next state:ABC .\nstate:XY state:next c:rank\\/normal .\n"
        "<https://w3id.org/migov/id/state/ABC> state:next state:XY .\n"
    )
    assert load.line_of(text, "https://w3id.org/migov/" + iri) == line


NUMBERLIKE = st.from_regex(r"[+-]?[0-9]{0,5}(-[0-9]{1,2}){0,2}(\.[0-9]*)?Z?", fullmatch=True)


@given(
    st.text() | NUMBERLIKE, st.sampled_from(("date", "gYear", "gYearMonth", "integer", "decimal", "boolean", "anyURI"))
)
def test_whatever_passes_here_passes_in_rdflib(text: str, kind: str) -> None:
    literal = Literal(text, datatype=NamedNode(XSD + kind))
    if literals.fault(literal) is None:
        assert not rdflib.Literal(text, datatype=rdflib.URIRef(XSD + kind)).ill_typed
        assert through_the_engine(literal) == literal


def through_the_engine(literal: Literal) -> object:
    node = NamedNode("https://example.org/x")
    store = Store()
    store.add(Quad(node, node, literal))
    (quad,) = store
    return quad.object


def shortest(number: Decimal) -> str:
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@given(st.dates(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.booleans())
def test_what_is_well_formed_is_let_through(day: date, whole: int, number: Decimal, truth: bool) -> None:
    written = {
        "date": f"{day}",
        "gYearMonth": f"{day}"[:7],
        "gYear": f"{day}"[:4],
        "integer": str(whole),
        "decimal": shortest(number),
        "boolean": str(truth).lower(),
        "anyURI": f"https://example.org/{whole}?q={number}",
        "string": str(number),
    }
    for kind, text in written.items():
        literal = Literal(text, datatype=NamedNode(XSD + kind))
        assert literals.fault(literal) is None
        assert through_the_engine(literal) == literal
    assert literals.fault(Literal("mot", language="fr")) is None
