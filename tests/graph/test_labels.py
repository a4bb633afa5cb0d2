"""Labels of assertions and records: what a person reads in a list."""

import pytest
from pyoxigraph import Store

from graph.story import store_of
from migov.graph.labels import LABELS, LONGEST, PATTERNS, labels
from migov.vocabulary import compact

WORLD = """
    o:iom skos:prefLabel "International Organization for Migration"@en ; mgo:acronym "IOM"@en , "OIM"@fr .
    o:un-system skos:prefLabel "United Nations system"@en , "système des Nations Unies"@fr .
    person:antonio-vitorino skos:prefLabel "António Vitorino"@pt .
    post:head skos:prefLabel "Director General of IOM"@en .
    doc:gcm skos:prefLabel "Global Compact"@en . doc:guide skos:prefLabel "Guide"@en .
    membership-type:related-organisation skos:prefLabel "related organisation"@en .
    change-type:renaming skos:prefLabel "renaming"@en .
    qualifier:exact skos:prefLabel "exact"@en . qualifier:more-than skos:prefLabel "more than"@en .
    indicator:staff skos:prefLabel "staff"@en . unit:person skos:prefLabel "person"@en .
    mgo:symbol rdfs:label "symbol"@en . mgo:PostTenure rdfs:label "post tenure"@en .
    mgo:endDate rdfs:label "end date"@en .
"""


def told(story: str, node: str = "rel:it") -> str:
    made = {compact(q.subject.value): q.object for q in labels(store_of(WORLD + story))}
    assert made[node].language == "en"
    return str(made[node].value)


@pytest.mark.parametrize(
    ("story", "label"),
    [
        (
            """rel:it a mgo:Membership ; org:member o:iom ; org:organization o:un-system ;
            mgo:membershipType membership-type:related-organisation ; mgo:startDate "2016"^^xsd:gYear .""",
            "Membership: IOM in United Nations system, related organisation, 2016",
        ),
        (
            """rel:it a mgo:PostTenure ; org:member person:antonio-vitorino ; mgo:post post:head ;
            mgo:startDate "2018-10-01"^^xsd:date ; mgo:endDate "2023"^^xsd:gYear .""",
            "Post tenure: António Vitorino as Director General of IOM, 2018-10-01 to 2023",
        ),
        ("rel:it a mgo:PostTenure ; mgo:post post:head .", "Post tenure: as Director General of IOM"),
        (
            """rel:it a mgo:Membership ; org:member o:iom ; org:organization o:un-system ;
            mgo:observedFrom "1998"^^xsd:gYear ; mgo:observedTo "2015"^^xsd:gYear .""",
            "Membership: IOM in United Nations system, as reported for 1998 to 2015",
        ),
        (
            """rel:it a mgo:Membership ; org:member o:iom ; org:organization o:un-system ;
            mgo:observedFrom "1998"^^xsd:gYear ; mgo:observedTo "1998"^^xsd:gYear .""",
            "Membership: IOM in United Nations system, as reported for 1998",
        ),
        (
            """rel:it a mgo:ListCompleteness ; mgo:listOf o:iom ; mgo:listKind list-kind:members ;
            mgo:completeness completeness:partial ; mgo:asOf "2024-08"^^xsd:gYearMonth .""",
            "ListCompleteness: members of IOM, partial, 2024-08",
        ),
        (
            """rel:it a mgo:Observation ; mgo:observedEntity o:iom ; mgo:indicator indicator:staff ; mgo:value 18551 ;
            mgo:valueQualifier qualifier:more-than ; mgo:unit unit:person ; mgo:asOf "2023-04"^^xsd:gYearMonth .""",
            "Observation: staff of IOM: more than 18,551 (person), 2023-04",
        ),
        (
            """rel:it a mgo:Observation ; mgo:observedEntity o:iom ; mgo:indicator indicator:staff ; mgo:value 175 ;
            mgo:valueQualifier qualifier:exact .""",
            "Observation: staff of IOM: 175",
        ),
        (
            """rel:it a mgo:OrganisationChange ; mgo:changeType change-type:renaming ;
            org:resultingOrganization o:iom ; mgo:date "1989"^^xsd:gYear .""",
            "OrganisationChange: renaming of IOM, 1989",
        ),
        ("rel:it a mgo:Claim ; rdf:subject doc:gcm ; rdf:predicate mgo:symbol ; rdf:object 'A/1' .",
         "Claim: Global Compact, symbol: A/1"),
        ("rel:it a mgo:ImportRecord ; mgo:table 'treaty-actions' ; mgo:importedFrom doc:guide ; mgo:rowsIn 9 .",
         "ImportRecord: treaty-actions from Guide"),
        ("rel:it a mgo:SourceRanking ; mgo:instrument doc:gcm ; mgo:rankedSource doc:guide ; mgo:position 2 .",
         "SourceRanking: Global Compact, source 2: Guide"),
        ("rel:it a mgo:Vote ; mgo:voter o:iom ; mgo:instrument doc:gcm ; mgo:voteCast vote-cast:abstention .",
         "Vote: IOM on Global Compact, abstention"),
        (
            "rel:it a mgo:Claim ; rdf:subject o:iom ; rdf:predicate foaf:page ; rdf:object <https://example.org/a/> .",
            "Claim: IOM, page: https://example.org/a/",
        ),
        ("rel:it a mgo:Cooperation .", "Cooperation: rel:it"),
        ("rel:it a mgo:Cooperation ; mgo:participant o:a , o:b , o:c , o:d , o:iom .",
         "Cooperation: a, b, c and 2 more"),
    ],
)  # fmt: skip
def test_an_assertion_is_told_by_what_it_says(story: str, label: str) -> None:
    assert told(story) == label


def test_a_claim_about_an_assertion_tells_of_it() -> None:
    story = """rel:it a mgo:Claim ; rdf:subject rel:dg ; rdf:predicate mgo:endDate ; rdf:object "2023"^^xsd:gYear .
        rel:dg a mgo:PostTenure ; org:member person:antonio-vitorino ; mgo:post post:head ."""
    assert told(story) == "Claim: António Vitorino as Director General of IOM, end date: 2023"


def test_an_assertion_about_another_tells_of_it_whatever_comes_first() -> None:
    story = """rel:it a mgo:Cooperation ; mgo:concerns event:sitting .
        event:sitting a mgo:Session ; mgo:sessionOf o:iom ; mgo:date "2018"^^xsd:gYear ."""
    assert told(story) == "Cooperation: on IOM, 2018"


def test_an_assertion_is_left_out_beside_what_has_a_name() -> None:
    story = """rel:it a mgo:PolicyPosition ; mgo:concerns rel:deed , doc:gcm . rel:deed a mgo:Activity ;
        mgo:organiser o:iom ; mgo:concerns doc:guide ."""
    assert told(story) == "PolicyPosition: on Global Compact"


def test_assertions_told_alike_are_told_apart_by_the_words_printed() -> None:
    story = """rel:it a mgo:Composition ; mgo:whole o:iom ; mgo:evidence ev:shared , ev:newer .
        rel:other a mgo:Composition ; mgo:whole o:iom ; mgo:evidence ev:shared , ev:older .
        ev:shared mgo:quote "a few offices"@en .
        ev:older mgo:quote "as of June"@en . ev:newer mgo:quote "as of May"@en ."""
    assert told(story) == "Composition: in IOM, “as of May”"
    assert told(story, "rel:other") == "Composition: in IOM, “as of June”"


def test_where_all_print_the_same_words_the_source_tells_them_apart() -> None:
    story = """rel:it a mgo:Composition ; mgo:whole o:iom ; mgo:evidence ev:one .
        rel:other a mgo:Composition ; mgo:whole o:iom ; mgo:evidence ev:two .
        ev:one mgo:quote "8 offices"@en ; mgo:source doc:guide .
        ev:two mgo:quote "8 offices"@en ; mgo:source doc:gcm ."""
    assert told(story) == "Composition: in IOM, “8 offices”, Guide"
    assert told(story, "rel:other") == "Composition: in IOM, “8 offices”, Global Compact"


def test_a_claim_about_an_assertion_told_at_length_keeps_what_it_claims() -> None:
    story = (
        """rel:it a mgo:TreatyAction ; mgo:actionType treaty-action:accession ; mgo:instrument doc:long .
        doc:long skos:prefLabel "Protocol with a name of many words"""
        + " and more of them" * 9
        + """"@en .
        claim:it a mgo:Claim ; rdf:subject rel:it ; rdf:predicate mgo:date ; rdf:object "2006" ."""
    )
    assert told(story, "claim:it").endswith("…, date: 2006")


def test_long_labels_leave_room_for_the_words_that_tell_them_apart() -> None:
    name = "long way " * 50
    story = f"""rel:it a mgo:Contact ; mgo:website '{name}' ; mgo:locality 'A' ; mgo:evidence ev:a .
        rel:other a mgo:Contact ; mgo:website '{name}' ; mgo:locality 'B' ; mgo:evidence ev:b .
        ev:a mgo:quote "at A"@en . ev:b mgo:quote "at B"@en ."""
    assert told(story).endswith("…, “at A”")
    assert len(told(story)) <= LONGEST


def test_a_label_stays_short() -> None:
    label = told("rel:it a mgo:Contact ; mgo:agent o:iom ; mgo:website '" + "long way " * 50 + "' .")
    assert len(label) == LONGEST
    assert label.endswith("…")


def test_entities_keep_their_own_labels_and_evidence_goes_by_its_place() -> None:
    assert labels(store_of(WORLD + "ev:a a mgo:Evidence ; mgo:source doc:guide ; mgo:locator 'Part' .")) == []


def test_the_order_of_the_data_makes_no_difference() -> None:
    lines = [f"rel:r{n} a mgo:Cooperation ; mgo:participant o:p{n} , o:iom , o:un-system .\n" for n in range(9)]
    one, other = labels(store_of(WORLD + "".join(lines))), labels(store_of("".join(lines[::-1]) + WORLD))
    assert one == other
    assert {quad.graph_name for quad in one} == {LABELS}


def test_everything_in_the_real_graph_has_a_name(released: Store) -> None:
    query = """PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?node WHERE {
            ?node a ?class . FILTER(STRSTARTS(STR(?node), "https://w3id.org/migov/id/"))
            MINUS { ?node rdfs:label|skos:prefLabel ?label }
            MINUS { ?node a mgo:Evidence ; mgo:source ?source ; mgo:locator ?locator } }"""
    assert [str(row["node"]) for row in released.query(query, use_default_graph_as_union=True)] == []


def test_no_two_assertions_of_the_real_graph_have_one_label(released: Store) -> None:
    query = """PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label WHERE { { SELECT DISTINCT ?node WHERE { ?node mgo:evidence ?any } } ?node rdfs:label ?label }
        GROUP BY ?label HAVING (COUNT(?node) > 1)"""
    assert [row["label"].value for row in released.query(query, use_default_graph_as_union=True)] == []


def test_every_kind_of_assertion_has_a_pattern(released: Store) -> None:
    query = """PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?kind WHERE { ?kind rdfs:subClassOf+ mgo:Assertion
        FILTER NOT EXISTS { ?below rdfs:subClassOf ?kind } }"""
    kinds = {row["kind"].value for row in released.query(query, use_default_graph_as_union=True)}
    assert {compact(kind).removeprefix("mgo:") for kind in kinds} <= set(PATTERNS)
