"""Every structure shape bites: a valid node with one thing broken gives exactly the result it should."""

import pytest
from rdflib import RDF, SH, Graph

from migov import resources
from migov.graph import validate
from migov.graph.findings import Result
from migov.graph.load import ParsedFile
from shapes import world


@pytest.fixture(scope="module")
def found() -> list[Result]:
    """What validation says of all mutants, each a copy of its own, beside the valid world."""
    return validate.structure([*world.valid(), mutants()], world.terms())


def mutants() -> ParsedFile:
    text = "".join(f"{quad} .\n" for n, case in enumerate(world.cases()) for quad in map(world.triple, case.quads(n)))
    return world.parsed("mutants", text)


def test_valid_world_passes() -> None:
    assert world.said(validate.structure(world.valid(), world.terms())) == []


@pytest.mark.parametrize(("number", "case"), list(enumerate(world.cases())), ids=str)
def test_mutation_gives_exactly_its_result(found: list[Result], number: int, case: world.Case) -> None:
    mutant = case.mutant(number)
    about = {(result.shape, result.severity) for result in found if result.focus == mutant}
    assert about == {(world.shape(case.shape), case.severity)}


def test_nothing_is_said_of_other_nodes(found: list[Result]) -> None:
    mutants = {case.mutant(number) for number, case in enumerate(world.cases())}
    assert {result.focus for result in found} <= mutants


def test_every_shape_with_a_condition_has_a_mutation() -> None:
    shapes = Graph().parse(resources.default().shapes / "structure.ttl")
    said = {str(shape) for shape in shapes.subjects(SH.message) if (shape, RDF.type, SH.SPARQLConstraint) not in shapes}
    said |= {str(shape) for shape in shapes.subjects(SH.sparql)}
    assert said == {world.shape(case.shape) for case in world.cases()}


def test_small_chunks_in_processes_find_the_same(found: list[Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "CHUNK", 50)
    assert validate.structure([*world.valid(), mutants()], world.terms()) == found
