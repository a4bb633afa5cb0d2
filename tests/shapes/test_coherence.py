"""Coherence and release shapes bite: a change to the valid world gives exactly the result it should."""

from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Quad, Store
from rdflib import RDF, SH, Graph

from migov import resources, vocabulary
from migov.graph import bounds, validate
from migov.graph.load import ParsedFile
from shapes import world
from shapes.world import add, silence, turn


class Change(NamedTuple):
    """After this update, this shape says this of each of these nodes."""

    shape: str
    about: str
    update: str
    severity: str = "Violation"


def act(kind: str, date: str, actor: str = "state:BBB") -> str:
    return add(
        f"rel:new a mgo:TreatyAction ; mgo:actor {actor} ; mgo:instrument doc:example-treaty ;"
        f" mgo:actionType treaty-action:{kind} ; mgo:date {date} ; mgo:evidence ev:9ea124568e58"
    )


def change(kind: str, slots: str) -> str:
    return add(
        f"event:new a mgo:OrganisationChange ; mgo:changeType change-type:{kind} ; {slots} mgo:evidence ev:9ea124568e58"
    )


CHANGES = (
    Change(
        "PeriodOrder",
        "rel:example-body-AAA",
        turn("rel:example-body-AAA", "mgo:startDate", "'2005-07-01'^^xsd:date"),
    ),
    Change(
        "EndStatusAgrees", "rel:example-tenure-a", turn("rel:example-tenure-a", "mgo:endStatus", "end-status:ongoing")
    ),
    Change(
        "EndStatusAgrees", "rel:example-body-AAA", "DELETE WHERE { GRAPH ?g { rel:example-body-AAA mgo:endStatus ?s } }"
    ),
    Change(
        "EndStatusAgrees", "rel:example-body-AAA-2", turn("rel:example-body-AAA-2", "mgo:endStatus", "end-status:ended")
    ),
    Change(
        "TenureOverlap",
        "rel:example-tenure-a",
        turn("rel:example-tenure-b", "mgo:startDate", "'2004-10'^^xsd:gYearMonth"),
        "Warning",
    ),
    Change(
        "MembershipRepeat", "rel:example-body-AAA", turn("rel:example-body-AAA-2", "mgo:startDate", "'2004'^^xsd:gYear")
    ),
    Change(
        "MembershipRepeat",
        "rel:example-body-AAA",
        "DELETE WHERE { GRAPH ?g { rel:example-body-AAA mgo:startDate ?a ; mgo:endDate ?b ; mgo:endStatus ?c } };"
        "DELETE WHERE { GRAPH ?g { rel:example-body-AAA-2 mgo:startDate ?a ; mgo:endStatus ?c } }",
    ),
    Change("ActionBeforeAdoption", "rel:new", act("signature", "'1989'^^xsd:gYear")),
    Change(
        "EffectBeforeAction",
        "rel:example-AAA-ratification",
        turn("rel:example-AAA-ratification", "mgo:effectiveDate", "'1992-04-30'^^xsd:date"),
        "Warning",
    ),
    Change("ActionAfterDenunciation", "rel:new", act("declaration", "'2002'^^xsd:gYear")),
    Change(
        "RatificationBeforeSignature",
        "rel:example-AAA-ratification",
        turn("rel:example-AAA-signature", "mgo:date", "'1993'^^xsd:gYear"),
        "Warning",
    ),
    Change(
        "ChangeParticipants",
        "event:new",
        change("replacement", "org:originalOrganization o:ilo ; org:resultingOrganization o:ilo ;"),
    ),
    Change(
        "ChangeParticipants",
        "event:new",
        change("renaming", "org:originalOrganization o:ilo ; org:resultingOrganization o:iihl ;"),
    ),
    Change("ChangeParticipants", "event:new", change("foundation", "")),
    Change("ChangeParticipants", "event:new", change("dissolution", "")),
    Change(
        "MembershipAfterDissolution",
        "rel:example-body-AAA-2",
        change("dissolution", "org:originalOrganization o:example-body ; mgo:date '2007'^^xsd:gYear ;"),
    ),
)
RELEASE = (
    Change("ReleaseUnverified", "ev:9ea124568e58", turn("ev:9ea124568e58", "mgo:confidence", "confidence:unverified")),
    Change("ReleaseSource", "doc:example-register", turn("doc:example-register", "mgo:sourceTier", "source-tier:none")),
    Change("ReleaseTranslation", "rank:normal", silence("rank:normal", "skos:prefLabel", "fr")),
    Change("ReleaseTranslation", "c:rank", silence("c:rank", "skos:prefLabel", "es")),
    Change("ReleaseTranslation", "mgo:Treaty", silence("mgo:Treaty", "rdfs:label", "es")),
)
QUIET = {
    "a succession takes effect from independence": act("succession", "'1999-05-01'^^xsd:date", "state:AAA")
    + "; "
    + add("rel:new mgo:effectiveDate '1993'^^xsd:gYear"),
    "a State may come back": act("accession", "'2002'^^xsd:gYear"),
    "an acting holder overlaps": turn("rel:example-tenure-b", "mgo:startDate", "'2004-10'^^xsd:gYearMonth")
    + "; "
    + add("rel:example-tenure-b mgo:actingCapacity acting-capacity:acting"),
    "a handover within one imprecise year": turn("rel:example-tenure-b", "mgo:startDate", "'2004'^^xsd:gYear"),
    "a change of name keeps the organisation": change(
        "renaming", "org:originalOrganization o:ilo ; org:resultingOrganization o:ilo ;"
    ),
}


@pytest.fixture
def world_store() -> Store:
    return world.store(world.valid())


def after(store: Store, update: str) -> tuple[list[ParsedFile], list[Quad]]:
    """The valid world after an update, and the terms it uses."""
    store.update(world.PREFIXES + update)
    graphs = {file.graph_iri for file in world.valid()}
    said = [quad for quad in store if quad.graph_name.value in graphs]
    return [ParsedFile(Path("graphs/valid.ttl"), vocabulary.GRAPH + "valid", said)], [*(set(store) - set(said))]


def coherence(store: Store, update: str) -> list[tuple[str, str, str]]:
    files, terms = after(store, update)
    return world.said(validate.coherence(files, terms, bounds.bounds(store)))


def test_valid_world_is_coherent(world_store: Store) -> None:
    assert coherence(world_store, "") == []
    assert world.said(validate.release(*after(world_store, ""))) == []


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case.shape)
def test_incoherence_gives_exactly_its_result(world_store: Store, case: Change) -> None:
    assert coherence(world_store, case.update) == [(case.shape, case.severity, case.about)]


def test_cycle_of_replacements(world_store: Store) -> None:
    there = change("replacement", "org:originalOrganization o:unnm ; org:resultingOrganization o:ilo ;")
    back = change("replacement", "org:originalOrganization o:ilo ; org:resultingOrganization o:gmg ;").replace(
        ":new", ":newer"
    )
    expected = [("ReplacementCycle", "Violation", f"event:{e}") for e in ("gmg-replacement-2018", "new", "newer")]
    assert coherence(world_store, f"{there}; {back}") == expected


@pytest.mark.parametrize("update", QUIET.values(), ids=QUIET)
def test_what_can_be_true_passes(world_store: Store, update: str) -> None:
    assert coherence(world_store, update) == []


@pytest.mark.parametrize("case", RELEASE, ids=lambda case: case.shape)
def test_release_gives_exactly_its_result(world_store: Store, case: Change) -> None:
    results = validate.release(*after(world_store, case.update))
    assert world.said(results) == [(case.shape, case.severity, case.about)]


@pytest.mark.parametrize(
    ("name", "known"),
    [("coherence", {*(c.shape for c in CHANGES), "ReplacementCycle"}), ("release", {c.shape for c in RELEASE})],
)
def test_every_shape_has_a_mutation(name: str, known: set[str]) -> None:
    shapes = Graph().parse(resources.default().shapes / f"{name}.ttl")
    said = {shape for shape in shapes.subjects(SH.message) if (shape, RDF.type, SH.SPARQLConstraint) not in shapes}
    assert {str(shape) for shape in said | set(shapes.subjects(SH.sparql))} == {world.shape(name) for name in known}
