"""The derivation rules: what each makes, and when it must not."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from graph.story import short, store_of
from migov.errors import DataError
from migov.graph import rules
from migov.resources import Resources
from migov.vocabulary import GRAPH, prefixes

Facts = Callable[..., set[str]]
TODAY = "2026-11-23"

# A kind of situation, its slots, and the shortcut it stands for.
SHORTCUTS = {
    "member": (
        "a mgo:Membership ; org:member state:AAA ; org:organization o:body ; mgo:membershipType membership-type:member",
        "state:AAA mgo:memberOf o:body",
    ),
    "observer": (
        "a mgo:Membership ; org:member o:a ; org:organization o:body ; mgo:membershipType membership-type:observer",
        "o:a mgo:observerIn o:body",
    ),
    "tenure": (
        "a mgo:PostTenure ; org:member person:antonio-vitorino ; mgo:post post:head",
        "person:antonio-vitorino mgo:holdsPost post:head",
    ),
    "monitoring": (
        "a mgo:Monitoring ; mgo:monitor o:body ; mgo:instrument doc:treaty",
        "o:body mgo:monitors doc:treaty",
    ),
    "cooperation": (
        "a mgo:Cooperation ; mgo:participant o:a , o:b",
        "o:b mgo:cooperatesWith o:a",
    ),
    "unit": (
        "a mgo:Composition ; mgo:part o:council ; mgo:whole o:body . o:council a mgo:Organ",
        "o:council org:unitOf o:body",
    ),
    "suborganisation": (
        "a mgo:Composition ; mgo:part o:agency ; mgo:whole o:body . o:agency a mgo:IntergovernmentalOrganisation",
        "o:agency org:subOrganizationOf o:body",
    ),
}
STANDS = {
    "nothing is said of time": "",
    "it is ongoing": "mgo:endStatus end-status:ongoing",
    "it began before": 'mgo:startDate "2018"^^xsd:gYear',
    "it begins on the very day": f'mgo:startDate "{TODAY}"^^xsd:date',
    "it may have begun": 'mgo:startDate "2026"^^xsd:gYear',
    "its last day is the very day": f'mgo:endDate "{TODAY}"^^xsd:date ; mgo:endStatus end-status:ended',
    "it may not have ended yet": 'mgo:endDate "2026-11"^^xsd:gYearMonth ; mgo:endStatus end-status:ended',
    "it is preferred": "mgo:rank rank:preferred",
}
STANDS_NOT = {
    "nobody knows whether it still lasts": "mgo:endStatus end-status:not-known",
    "it begins the day after": 'mgo:startDate "2026-11-24"^^xsd:date',
    "it surely begins later": 'mgo:startDate "2027"^^xsd:gYear',
    "it ended the day before": 'mgo:endDate "2026-11-22"^^xsd:date ; mgo:endStatus end-status:ended',
    "it surely ended": 'mgo:startDate "2014"^^xsd:gYear ; mgo:endDate "2025"^^xsd:gYear',
    "it ended on a day nobody gives": "mgo:endStatus end-status:ended-unknown-day",
    "it is set aside": "mgo:rank rank:deprecated",
}


def situation(slots: str, more: str) -> str:
    return f"rel:it {more} . rel:it {slots} ." if more else f"rel:it {slots} ."


@pytest.mark.parametrize("kind", SHORTCUTS)
@pytest.mark.parametrize("why", STANDS)
def test_a_shortcut_holds_while_its_situation_may_stand(derived: Facts, kind: str, why: str) -> None:
    slots, shortcut = SHORTCUTS[kind]
    assert shortcut in derived(situation(slots, STANDS[why]), TODAY)


@pytest.mark.parametrize("kind", SHORTCUTS)
@pytest.mark.parametrize("why", STANDS_NOT)
def test_no_shortcut_from_what_is_known_not_to_stand(derived: Facts, kind: str, why: str) -> None:
    slots, shortcut = SHORTCUTS[kind]
    made = derived(situation(slots, STANDS_NOT[why]), TODAY)
    assert shortcut not in made
    assert not any("dcterms:valid" in fact for fact in made)


def test_the_day_decides(derived: Facts) -> None:
    slots, shortcut = SHORTCUTS["member"]
    story = situation(slots, 'mgo:startDate "2002-06-05"^^xsd:date ; mgo:endDate "2010-01-31"^^xsd:date')
    days = ("2002-06-04", "2002-06-05", "2010-01-31", "2010-02-01")
    assert [shortcut in derived(story, day) for day in days] == [False, True, True, False]


def test_an_associate_is_neither_member_nor_observer(derived: Facts) -> None:
    slots, _ = SHORTCUTS["member"]
    made = derived(situation(slots.replace("membership-type:member", "membership-type:associate"), ""))
    assert made == {f"rel:it dcterms:valid {TODAY}"}


def test_nobody_cooperates_with_itself(derived: Facts) -> None:
    made = derived("rel:it a mgo:Cooperation ; mgo:participant o:a , o:b , o:c .")
    links = {fact for fact in made if "cooperatesWith" in fact}
    assert links == {f"o:{one} mgo:cooperatesWith o:{two}" for one in "abc" for two in "abc" if one != two}


def test_giving_advice_is_no_cooperation_both_ways(derived: Facts) -> None:
    story = "rel:it a mgo:Cooperation ; mgo:participant o:a , o:court ; mgo:provider o:a ."
    assert derived(story) == {f"rel:it dcterms:valid {TODAY}"}


def test_a_post_that_takes_part_is_no_agent(derived: Facts) -> None:
    story = "rel:it a mgo:Cooperation ; mgo:participant o:a , post:rapporteur . post:rapporteur a org:Post ."
    assert derived(story) == {f"rel:it dcterms:valid {TODAY}"}


def test_a_unit_is_not_called_a_suborganisation(derived: Facts) -> None:
    slots, _ = SHORTCUTS["unit"]
    assert not any("subOrganizationOf" in fact for fact in derived(situation(slots, "")))


def test_a_post_that_is_part_of_a_body_is_no_organisation(derived: Facts) -> None:
    made = derived("rel:it a mgo:Composition ; mgo:part post:head ; mgo:whole o:body . post:head a org:Post .")
    assert made == {f"rel:it dcterms:valid {TODAY}"}


def test_a_tenure_of_any_time_names_the_organisation_of_its_post(derived: Facts) -> None:
    story = """rel:old a mgo:PostTenure ; org:member person:antonio-vitorino ; mgo:post post:head ;
        mgo:endStatus end-status:ended-unknown-day .
        post:head org:postIn o:body . post:other org:postIn o:elsewhere ."""
    assert derived(story) == {"rel:old org:organization o:body"}


@pytest.mark.parametrize("kind", ["replacement", "merger", "split"])
def test_a_body_is_succeeded_by_what_it_became(derived: Facts, kind: str) -> None:
    story = f"""event:it a mgo:OrganisationChange ; mgo:changeType change-type:{kind} ; mgo:date "2018"^^xsd:gYear ;
        org:originalOrganization o:old ; org:resultingOrganization o:new ."""
    assert derived(story) == {"o:old mgo:succeededBy o:new"}
    assert derived(story, "2017-12-31") == set()


@pytest.mark.parametrize(
    "slots",
    [
        "mgo:changeType change-type:renaming ; org:originalOrganization o:it ; org:resultingOrganization o:it",
        "mgo:changeType change-type:replacement ; org:originalOrganization o:it ; org:resultingOrganization o:it",
        "mgo:changeType change-type:foundation ; org:resultingOrganization o:it",
        "mgo:changeType change-type:affiliation ; org:originalOrganization o:it ; org:resultingOrganization o:un",
        "mgo:changeType change-type:replacement ; org:originalOrganization o:it ; org:resultingOrganization o:un ;"
        " mgo:rank rank:deprecated",
    ],
)
def test_other_changes_are_no_succession(derived: Facts, slots: str) -> None:
    assert derived(f"event:it a mgo:OrganisationChange ; {slots} .") == set()


def test_claims_are_projected_unless_set_aside(derived: Facts) -> None:
    ranks = {"none": "", "normal": "; mgo:rank rank:normal", "preferred": "; mgo:rank rank:preferred"}
    story = "".join(
        f"claim:{name} a mgo:Claim ; rdf:subject doc:it ; rdf:predicate mgo:cites ; rdf:object doc:{name} {rank} .\n"
        for name, rank in {**ranks, "deprecated": "; mgo:rank rank:deprecated"}.items()
    )
    assert derived(story) == {f"doc:it mgo:cites doc:{name}" for name in ranks}


def test_a_rival_to_what_an_assertion_says_is_not_projected(derived: Facts) -> None:
    story = """rel:it a mgo:TreatyAction ; mgo:evidence ev:one .
        claim:rival a mgo:Claim ; rdf:subject rel:it ; rdf:predicate mgo:actionType ; rdf:object doc:it ."""
    assert derived(story) == set()


def test_a_claim_may_state_a_text(derived: Facts) -> None:
    story = 'claim:a a mgo:Claim ; rdf:subject doc:it ; rdf:predicate mgo:symbol ; rdf:object "A/1" .'
    assert derived(story) == {"doc:it mgo:symbol A/1"}


def test_every_rule_tells_in_its_head_what_it_does(resources: Resources) -> None:
    found = rules.read(resources.queries / "rules")
    assert len(found) == len({rule.name for rule in found})
    for rule in found:
        assert rule.file.endswith(f"-{rule.name}.rq")
        assert all((rule.reads, rule.writes, rule.example))


def test_the_example_of_a_rule_is_true(resources: Resources, released: Store) -> None:
    told = {rule.example for rule in rules.read(resources.queries / "rules") if not rule.example.startswith("<")}
    assert len(told) > 5
    named = (example.split(" ")[0].split(":", 1) for example in told)
    subjects = {NamedNode(prefixes()[prefix] + key) for prefix, key in named}
    made = [NamedNode(GRAPH + name) for name in rules.GRAPHS]
    facts = short(q for s in subjects for g in made for q in released.quads_for_pattern(s, None, None, g))
    assert told <= facts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CONSTRUCT WHERE { ?a ?b ?c }", "lacks: name, reads, writes, example"),
        ("# graph: ontology\n{head}CONSTRUCT WHERE {{ ?a ?b ?c }}", "writes to one of"),
        ("{head}CONSTRUCT WHERE {{ ?a ?b }}", "not SPARQL"),
        ("{head}SELECT * WHERE {{ ?a ?b ?c }}", "must be a CONSTRUCT"),
    ],
)
def test_a_bad_rule_is_named(tmp_path: Path, text: str, said: str) -> None:
    head = "".join(f"# {key}: x\n" for key in ("name", "reads", "writes", "example"))
    (tmp_path / "01-bad.rq").write_text(text.format(head=head) if "{head}" in text else text)
    with pytest.raises(DataError, match=said) as caught:
        rules.run(rules.read(tmp_path), store_of(""), date(2026, 1, 1))
    assert caught.value.facts["file"] == "01-bad.rq"
