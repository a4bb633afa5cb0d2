"""A curator imports documents and votes: one document a key, one adoption, one vote a voter, and rivals beside them."""

from collections.abc import Callable

import pytest

from migov.errors import TableRefused
from record.folder import Folder

A, B, D = "https://a.example/list", "https://b.example/life", "https://d.example/blog"
Make = Callable[..., Folder]
RESOLUTION = "General Assembly resolution"


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    return folder_with(
        """
        o:un-ga a org:Organization ; skos:prefLabel "General Assembly"@en .
        post:rapporteur a org:Post ; skos:prefLabel "Rapporteur"@en ; org:postIn o:un-ga .
        doc:compact a mgo:LegalInstrument ; skos:prefLabel "The Compact"@en ; mgo:tableKey "compact-conference" .
        """,
        sources={A: "official", B: "secondary", D: "doubtful"},
    )


def row(key: str, title: str = "A text", kind: str = RESOLUTION, **cells: str) -> dict[str, str]:
    made = {"key": key, "title": title, "kind": kind, "source_url": A, "source_as_of": "2020", **cells}
    precision = {0: "", 4: "year", 7: "month", 10: "day"}[len(made.get("adopted", ""))]
    return made | {"adopted_precision": precision}


def vote(iso3: str, cast: str, url: str = A, instrument: str = "compact") -> dict[str, str]:
    return {"instrument_key": instrument, "iso3": iso3, "vote": cast, "source_url": url, "source_as_of": "undated"}


COMPACT = row(
    "compact",
    symbol="A/RES/1/1",
    adopted="2018-12-19",
    adopting_body="un-ga",
    votes_for="152",
    votes_against="1",
    abstentions="1",
)


def test_a_known_document_keeps_its_name_and_gains_symbol_adoption_and_tally(folder: Folder) -> None:
    outcome = folder.imports("instruments", [COMPACT])
    assert outcome.made == 1
    compact = folder.node("doc:compact")
    assert folder.text(compact, "skos:prefLabel") == "The Compact"
    [symbol] = folder.having("rdf:predicate", "mgo:symbol")
    assert folder.text(symbol, "rdf:object") == "A/RES/1/1"
    [adoption] = folder.of_class("mgo:Adoption")
    assert folder.values(adoption, "mgo:adoptedDocument") == {compact}
    assert folder.text(adoption, "mgo:date") == "2018-12-19"
    [for_it] = folder.having("mgo:indicator", "indicator:votes-in-favour")
    assert folder.text(for_it, "mgo:value") == "152"
    assert folder.values(for_it, "mgo:observedEntity") == {adoption}


def test_two_bodies_may_adopt_one_document_and_a_conference_is_one_of_them(folder: Folder) -> None:
    conference = row(
        "compact-conference", kind="conference outcome", adopted="2018-12-10", adopting_body="Great Conference, Oslo"
    )
    folder.imports("instruments", [COMPACT, conference])
    dates = {folder.text(one, "mgo:date") for one in folder.of_class("mgo:Adoption")}
    assert dates == {"2018-12-10", "2018-12-19"}
    [body] = folder.having("org:classification", "organisation-type:conference")
    assert folder.text(body, "skos:prefLabel") == "Great Conference, Oslo"


def test_rows_of_one_key_are_one_document_and_the_better_source_is_kept(folder: Folder) -> None:
    rows = [
        row("text", symbol="A/1/L.5 (draft)", adopted="2018-12-17", source_url=D, votes_against="2", abstentions="10"),
        row("text", symbol="A/RES/1/2", adopted="2018-12-17", votes_against="2", abstentions="3"),
        row("text", adopted="2018-12-18", source_url=B),
    ]
    outcome = folder.imports("instruments", rows)
    assert outcome.rows == 3
    assert outcome.disputed == 2
    [adoption] = folder.of_class("mgo:Adoption")
    assert folder.text(adoption, "mgo:date") == "2018-12-17"
    assert len(folder.values(adoption, "mgo:evidence")) == 3
    [rival] = folder.having("rdf:subject", adoption)
    assert folder.text(rival, "rdf:object") == "2018-12-18"
    abstentions = folder.having("mgo:indicator", "indicator:abstentions")
    kept = [one for one in abstentions if not folder.values(one, "mgo:rank")]
    assert [folder.text(one, "mgo:value") for one in kept] == ["3"]
    drafts = [one for one in folder.having("rdf:predicate", "mgo:symbol") if folder.values(one, "skos:editorialNote")]
    assert [folder.text(one, "rdf:object") for one in drafts] == ["A/1/L.5"]


def test_parts_have_a_number_and_reports_an_author(folder: Folder) -> None:
    rows = [
        COMPACT,
        row("compact-1", "Data", "Compact objective", part_of="compact", number="1", adopted="2018-12-19"),
        row("report", "A report", "report of a special procedure", adopted="2013", adopting_body="rapporteur"),
    ]
    folder.imports("instruments", rows)
    part = folder.node("doc:compact-1")
    assert folder.values(part, "mgo:partOf") == {folder.node("doc:compact")}
    assert folder.text(part, "skos:prefLabel") == "Compact objective 1: Data"
    [number] = folder.having("rdf:predicate", "mgo:number")
    assert folder.text(number, "rdf:object") == "1"
    assert len(folder.of_class("mgo:Adoption")) == 1
    [author] = folder.having("rdf:predicate", "dcterms:creator")
    assert folder.values(author, "rdf:object") == {folder.node("post:rapporteur")}


def test_an_adoption_and_an_entry_into_force_kept_by_hand_gain_evidence(folder: Folder) -> None:
    folder.write(
        "relations/by-hand",
        """event:one a mgo:Adoption ; mgo:adoptedDocument doc:compact ; mgo:date "2018-12-19"^^xsd:date .
           event:two a mgo:EntryIntoForce ; mgo:instrument doc:compact ; mgo:date "2019-01-01"^^xsd:date .""",
    )
    outcome = folder.imports("instruments", [row("compact", adopted="2018-12-19", in_force="2019-01-01")])
    assert (outcome.made, outcome.merged) == (0, 1)
    assert folder.of_class("mgo:Adoption") == [folder.node("event:one")]
    assert folder.of_class("mgo:EntryIntoForce") == [folder.node("event:two")]
    assert folder.values(folder.node("event:one"), "mgo:evidence") == folder.values(
        folder.node("event:two"), "mgo:evidence"
    )


def test_documents_of_one_title_are_told_apart_by_their_symbols(folder: Folder) -> None:
    folder.imports("instruments", [row("r-1", "Report", symbol="R 1"), row("r-2", "Report", symbol="R 2")])
    assert folder.text(folder.node("doc:r-1"), "skos:prefLabel") == "Report (R 1)"
    assert folder.text(folder.node("doc:r-2"), "skos:prefLabel") == "Report (R 2)"


def test_votes_of_sources_that_agree_are_one_and_a_full_list_sets_strangers_aside(folder: Folder) -> None:
    folder.imports("instruments", [COMPACT])
    rows = [vote("FRA", "against"), vote("FRA", "against", D), vote("IDN", "abstain"), vote("KEN", "abstain", D)]
    outcome = folder.imports("votes", rows)
    assert (outcome.made, outcome.merged, outcome.disputed) == (2, 1, 1)
    [france] = folder.having("mgo:voter", "state:FRA")
    assert folder.values(france, "mgo:voteCast") == {folder.node("vote-cast:no")}
    assert folder.values(france, "mgo:onAdoption") == {folder.node("event:compact-adoption")}
    assert len(folder.values(france, "mgo:evidence")) == 2
    [aside] = folder.having("mgo:rank", "rank:deprecated")
    assert aside == folder.having("mgo:voter", "state:KEN")[0]


def test_without_a_full_list_all_voters_stand_and_a_contrary_report_is_a_rival(folder: Folder) -> None:
    folder.imports("instruments", [COMPACT])
    outcome = folder.imports("votes", [vote("FRA", "for"), vote("KEN", "for", D), vote("FRA", "absent", D)])
    assert (outcome.made, outcome.disputed) == (2, 1)
    [rival] = folder.having("rdf:predicate", "mgo:voteCast")
    assert folder.values(rival, "rdf:object") == {folder.node("vote-cast:absent")}
    assert folder.values(rival, "mgo:rank") == {folder.node("rank:deprecated")}


def test_second_imports_change_nothing(folder: Folder) -> None:
    rows = [COMPACT, row("other", adopting_body="Small Conference, Rome", adopted="1951")]
    votes = [vote("FRA", "against"), vote("KEN", "against", D)]
    assert folder.imports("instruments", rows).files
    assert folder.imports("votes", votes).files
    assert folder.imports("instruments", rows).files == []
    assert folder.imports("votes", votes).files == []


def test_documents_that_cannot_be_understood_are_refused_by_row(folder: Folder) -> None:
    bad = [
        row("x", kind="sonnet"),
        row("y", adopting_body="un-nowhere"),
        row("z", part_of="void", number="1"),
        row("u", part_of="compact"),
        row("v", adopted="2018-02-30"),
        row("w", votes_for="most"),
    ]
    before = folder.bytes()
    with pytest.raises(TableRefused) as refused:
        folder.imports("instruments", bad)
    assert refused.value.facts["rows"] == [2, 3, 4, 5, 6, 7]
    assert folder.bytes() == before


def test_votes_need_a_known_voter_text_adoption_and_word(folder: Folder) -> None:
    folder.imports("instruments", [COMPACT])
    bad = [
        vote("ZZZ", "for"),
        vote("FRA", "perhaps"),
        vote("FRA", "for", instrument="void"),
        vote("FRA", "for", instrument="compact-conference"),
    ]
    with pytest.raises(TableRefused) as refused:
        folder.imports("votes", bad)
    assert refused.value.facts["rows"] == [2, 3, 4, 5]
