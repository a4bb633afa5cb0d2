"""Checks bite: a change to the valid world, made by SPARQL, gives exactly the result it should."""

from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Store

from migov import resources
from migov.errors import DataError
from migov.graph import bounds, checks
from migov.graph.findings import Result
from shapes import world
from shapes.world import add, drop, turn


class Change(NamedTuple):
    """After this update, this check says this of this node, and suggests this name."""

    check: str
    about: str
    update: str
    severity: str = "Violation"
    suggestion: str | None = None


def act(kind: str, target: str) -> str:
    return add(
        "rel:new a mgo:TreatyAction ; mgo:actor state:AAA ; mgo:instrument doc:example-treaty ;"
        f" mgo:evidence ev:9ea124568e58 ; mgo:actionType treaty-action:{kind} ; mgo:targetAction {target}"
    )


def figure(entity: str, indicator: str, value: int, as_of: str) -> str:
    return add(
        f"obs:new a mgo:Observation ; mgo:observedEntity {entity} ; mgo:indicator indicator:{indicator} ;"
        f" mgo:value {value} ; mgo:valueQualifier qualifier:exact ;"
        f" mgo:asOf '{as_of}'^^xsd:gYear ; mgo:evidence ev:9ea124568e58"
    )


BUDGET = "obs:iom-budget-2022"
CHANGES = (
    Change("NoBlankNodes", "o:un", add("o:un skos:editorialNote []")),
    Change("NoSameAs", "o:un", add("o:un owl:sameAs o:ilo")),
    Change("NoAssertedShortcut", "o:un", add("o:un mgo:memberOf o:iom")),
    Change(
        "NoAssertedShortcut",
        "claim:new",
        add("claim:new a mgo:Claim ; rdf:subject o:un ; rdf:predicate mgo:memberOf ; rdf:object o:iom"),
    ),
    Change(
        "NoDerivedByHand", "rel:example-body-AAA", add("rel:example-body-AAA mgo:startLatest '1995-12-31'^^xsd:date")
    ),
    Change("NoDerivedByHand", "rel:new", add("rel:new a mgo:Participation")),
    Change("NeedsClaim", "doc:example-treaty", add("doc:example-treaty mgo:symbol 'X/1'")),
    Change("NeedsClaim", "o:un", add("o:un foaf:page <http://www.example.org/>")),
    Change(
        "Dangling",
        "rel:iom-presence-portugal",
        add("rel:iom-presence-portugal mgo:concerns place:portugol"),
        suggestion="place:portugal",
    ),
    Change("Dangling", "rel:example-tenure-a", add("rel:example-tenure-a mgo:underProvision doc:nowhere")),
    Change("Orphans", "o:new", add("o:new a org:Organization ; skos:prefLabel 'New'@en"), "Info"),
    Change("Untyped", "o:new", add("o:new skos:prefLabel 'New'@en")),
    Change("UnknownTerm", "o:un", add("o:un skos:preflabel 'UN'@en"), suggestion="skos:prefLabel"),
    Change("UnknownTerm", "o:un", add("o:un rdfs:isDefindBy o:ilo"), suggestion="rdfs:isDefinedBy"),
    Change("UnknownTerm", "o:un", add("o:un a mgo:TreatyBodies"), suggestion="mgo:TreatyBody"),
    Change(
        "UnknownTerm",
        "claim:example-seats",
        turn("claim:example-seats", "rdf:predicate", "mgo:seat"),
        suggestion="mgo:seats",
    ),
    Change("ClaimFits", "claim:example-threshold", turn("claim:example-threshold", "rdf:object", "'one'")),
    Change(
        "ClaimFits", "claim:example-threshold", turn("claim:example-threshold", "rdf:subject", "doc:example-register")
    ),
    Change("CodeList", "rel:example-body-AAA-2", turn("rel:example-body-AAA-2", "mgo:membershipType", "rank:normal")),
    Change("EvidenceSupports", "ev:4c3c40fe5023", add("ev:4c3c40fe5023 mgo:supports mgo:symbol"), "Warning"),
    Change("EvidenceKey", "ev:9ea124568e58", turn("ev:9ea124568e58", "mgo:quote", "'another'@en")),
    Change("PartyWithoutAction", "state:AAA", add("state:AAA mgo:partyTo doc:iom-constitution", "derived/current")),
    Change(
        "IntoForceThreshold",
        "event:example-treaty-entry-into-force",
        add("doc:example-treaty mgo:ratificationsRequired 3", "derived/claims"),
        "Warning",
    ),
    Change("ObjectionTarget", "rel:example-BBB-objection", drop("rel:example-BBB-objection", "mgo:targetAction")),
    Change(
        "ObjectionTarget",
        "rel:example-BBB-objection",
        turn("rel:example-BBB-objection", "mgo:instrument", "doc:iom-constitution"),
    ),
    Change("ObjectionTarget", "rel:new", act("withdrawal-of-reservation", "rel:example-AAA-signature")),
    Change("FigureAgainstCount", "obs:new", figure("o:example-body", "member-states", 5, "2010"), "Info"),
    Change("Contradictions", BUDGET, figure("o:iom", "budget", 2**40, "2022"), "Warning"),
    Change("IdentifierUnique", "state:AAA", add("state:BBB mgo:m49 '001'")),
    Change(
        "TenureOrganisation", "rel:example-tenure-b", turn("rel:example-tenure-b", "org:organization", "o:example-body")
    ),
    Change("UnitOfIndicator", BUDGET, turn(BUDGET, "mgo:unit", "unit:state")),
    Change("UnitKnown", BUDGET, f"{drop(BUDGET, 'mgo:unit')}; {drop('indicator:budget', 'mgo:unit')}"),
    Change("IriKind", "o:un", add("o:un a mgo:Place")),
    Change("LabelIsKey", "o:ilo", turn("o:ilo", "skos:prefLabel", "'ilo'@en"), "Warning"),
    Change("LabelUnique", "person:example-a", turn("person:example-b", "skos:prefLabel", "'Holder A'@en"), "Warning"),
    Change("SaidTwice", "o:un", add("o:un a mgo:IntergovernmentalOrganisation", "another")),
    Change("SourceTier", "doc:example-register", drop("doc:example-register", "mgo:sourceTier")),
)
QUIET = {
    "shortcuts that the build derives": add("o:un mgo:memberOf o:iom", "derived/current"),
    "the triple of a claim that stands in a file too": add(
        "o:un a mgo:IntergovernmentalOrganisation", "derived/claims"
    ),
    "the triple of a claim": add("doc:example-treaty mgo:symbol 'X/1'", "derived/claims"),
    "a hedged figure of one year": figure("o:iom", "budget", 2**40, "2022")
    + f"; {turn('obs:new', 'mgo:valueQualifier', 'qualifier:at-most')}",
    "a contradiction with ranks": figure("o:iom", "budget", 2**40, "2022")
    + "; "
    + add("obs:new mgo:rank rank:deprecated"),
    "a figure for one country beside one for all": figure("o:iom", "budget", 2**40, "2022")
    + "; "
    + add("obs:new mgo:inCountry state:AAA"),
    "a change over time": figure("o:iom", "budget", 2**40, "2021"),
    "a count that agrees": figure("o:example-body", "member-states", 1, "2010"),
    "a count without its year": figure("o:example-body", "member-states", 5, "1980"),
}


@pytest.fixture
def store() -> Store:
    return world.store(world.valid())


def results(store: Store, update: str) -> list[Result]:
    store.update(world.PREFIXES + update)
    store.extend(bounds.bounds(store))
    return checks.run(store, world.valid())


def test_valid_world_passes(store: Store) -> None:
    assert results(store, "") == []


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case.check)
def test_slip_gives_exactly_its_result(store: Store, case: Change) -> None:
    found = results(store, case.update)
    assert world.said(found) == [(case.check, case.severity, case.about)]
    assert {result.suggestion for result in found} == {case.suggestion}


@pytest.mark.parametrize("update", QUIET.values(), ids=QUIET)
def test_what_is_right_passes(store: Store, update: str) -> None:
    assert results(store, update) == []


def test_every_check_has_a_slip() -> None:
    known = checks.read(resources.default().queries / "checks")
    assert {check.shape for check in known} == {world.shape(case.check) for case in CHANGES}


def test_message_names_the_values(store: Store) -> None:
    [found] = results(store, turn("rel:example-tenure-b", "org:organization", "o:example-body"))
    assert "in o:example-post-office, the tenure in o:example-body" in found.message


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ("# severity: Violation\n# message: m\n", "lacks: title"),
        ("# title: t\n# severity: Fatal\n# message: m\n", "a severity out of Violation, Warning, Info"),
    ],
)
def test_incomplete_head_is_refused(tmp_path: Path, head: str, complaint: str) -> None:
    (tmp_path / "some-check.rq").write_text(head + "SELECT ?focus { ?focus ?p ?o }")
    with pytest.raises(DataError, match=complaint) as caught:
        checks.read(tmp_path)
    assert caught.value.facts["file"] == "some-check.rq"
