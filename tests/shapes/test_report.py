"""What a person gets to read, and what a machine does."""

from pyoxigraph import BlankNode, NamedNode
from rdflib import RDF, SH, Graph, URIRef

from migov.graph import report, validate
from migov.graph.findings import Result, nearest
from shapes import world

TYPO = """@prefix mgo: <https://w3id.org/migov/ontology/> .
@prefix rel: <https://w3id.org/migov/id/relation/> .

rel:typo a mgo:Monitoring ;
    mgo:instrument <https://w3id.org/migov/id/document/example-treaty> ;
    mgo:monitor <https://w3id.org/migov/id/org/example-body> ;
    mgo:procedur <https://w3id.org/migov/concept/procedure/visits> ;
    mgo:evidence <https://w3id.org/migov/id/evidence/9ea124568e58> .
"""


def note(severity: str, shape: str = "Some", file: str | None = "graphs/a.ttl", line: int = 1) -> Result:
    subject = f"https://w3id.org/migov/id/org/{severity.lower()}-{line}"
    return Result(severity, world.shape(shape), subject, None, None, "Wrong: do this.", file, line)


def test_typo_is_shown_with_file_line_and_nearest_name() -> None:
    results = validate.structure([*world.valid(), world.parsed("typo", TYPO)], world.terms())
    assert report.as_text(results) == (
        "graphs/typo.ttl\n"
        "  graphs/typo.ttl:7: Violation: rel:typo mgo:procedur procedure:visits\n"
        "      This property is no slot of a monitoring: correct its spelling, remove it, or state the fact as a Claim."
        " (mgs:Monitoring)\n"
        "      Did you mean mgo:procedure?\n"
        "\n"
        "1 violation, 0 warnings, 0 notes.\n"
    )


def test_line_of_the_node_stands_in_for_a_missing_property() -> None:
    text = TYPO.replace("    mgo:procedur <https://w3id.org/migov/concept/procedure/visits> ;\n", "")
    broken = world.parsed("typo", text.replace("    mgo:monitor <https://w3id.org/migov/id/org/example-body> ;\n", ""))
    [found] = validate.structure([*world.valid(), broken], world.terms())
    assert (found.path, found.file, found.line) == (world.iri("mgo:monitor"), "graphs/typo.ttl", 4)
    assert found.component == str(SH.MinCountConstraintComponent)


def test_only_violations_stop_a_build() -> None:
    assert not report.fails([note("Warning"), note("Info")])
    assert report.fails([note("Info"), note("Violation")])


def test_text_gathers_notes_and_shortens_repetition() -> None:
    many = [note("Warning", "Many", line=line) for line in range(1, 8)]
    text = report.as_text([*many, note("Info", "Count"), note("Info", "Count", line=2), note("Violation", file=None)])
    assert text.count("(mgs:Many)") == report.SHOWN
    assert "  … and 2 more of mgs:Many\n" in text
    assert "In no single file\n" in text
    assert "For information:\n       2  mgs:Count\n" in text
    assert text.endswith("1 violation, 7 warnings, 2 notes.\n")


def test_turtle_is_a_shacl_report() -> None:
    value = NamedNode("https://w3id.org/migov/id/org/un")
    found = Result("Warning", world.shape("Some"), "https://w3id.org/x", world.iri("mgo:actor"), value, "Wrong.")
    graph = Graph().parse(data=report.as_turtle([found]))
    [whole] = graph.subjects(RDF.type, SH.ValidationReport)
    [result] = graph.objects(whole, SH.result)
    said = {str(graph.namespace_manager.normalizeUri(p)): str(o) for p, o in graph.predicate_objects(result)}
    assert graph.value(whole, SH.conforms).toPython() is False
    assert (result, RDF.type, SH.ValidationResult) in graph
    assert said | {"rdf:type": ""} == {
        "rdf:type": "",
        "sh:focusNode": "https://w3id.org/x",
        "sh:resultMessage": "Wrong.",
        "sh:resultPath": world.iri("mgo:actor"),
        "sh:resultSeverity": str(SH.Warning),
        "sh:sourceConstraintComponent": str(SH.SPARQLConstraintComponent),
        "sh:sourceShape": world.shape("Some"),
        "sh:value": value.value,
    }


def test_turtle_without_results_conforms() -> None:
    graph = Graph().parse(data=report.as_turtle([]))
    [whole] = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(whole, SH.conforms).toPython() is True
    assert list(graph.objects(whole, SH.result)) == []


def test_turtle_is_the_same_whatever_the_order() -> None:
    results = [note("Warning", line=line) for line in (1, 2, 3)]
    assert report.as_turtle(results) == report.as_turtle(results[::-1])


def test_turtle_names_blank_nodes_by_literals() -> None:
    found = Result("Violation", world.shape("NoBlankNodes"), "_:b1", None, BlankNode("b2"), "Wrong.")
    graph = Graph().parse(data=report.as_turtle([found]))
    assert {str(o) for o in graph.objects(None, URIRef(SH + "value"))} == {"_:b2"}
    assert {str(o) for o in graph.objects(None, SH.focusNode)} == {"_:b1"}


def test_nearest_name_is_near_or_none() -> None:
    known = [world.iri(name) for name in ("mgo:actor", "mgo:actionType", "skos:prefLabel")]
    assert nearest(world.iri("mgo:acter"), known) == "mgo:actor"
    assert nearest(world.iri("mgo:quote"), known) is None
