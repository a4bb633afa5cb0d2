"""A curator imports organisations; one body stays one body, whatever it was called and whoever tells of it."""

from collections.abc import Callable

import pytest
from pyoxigraph import Literal

from migov.errors import TableRefused
from migov.record import changing, naming
from migov.record.organisations import LAYOUT
from record.folder import Folder

A, B, C, FR = "https://a.example/list", "https://b.example/book", "https://c.example/news", "https://fr.example/noms"
Make = Callable[..., Folder]


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    made = folder_with(
        """
        o:iom a mgo:IntergovernmentalOrganisation ; skos:prefLabel "International Organization for Migration"@en ;
            mgo:tableKey "icm" .
        o:un-system a org:Organization ; skos:prefLabel "United Nations system"@en .
        """,
        sources={A: "official", B: "secondary", C: "tertiary", FR: "tertiary"},
    )
    made.write(
        "relations/kept",
        """
        rel:iom-name-official a mgo:NameUse ; mgo:named o:iom ; mgo:name "International Organization for Migration"@en ;
            mgo:nameType name-type:official ; mgo:evidence ev:kept .
        event:iom-foundation-1951 a mgo:OrganisationChange ; mgo:changeType change-type:foundation ;
            org:resultingOrganization o:iom ; mgo:date "1951"^^xsd:gYear ; mgo:evidence ev:kept .
        """,
    )
    return made


def row(key: str, name: str, kind: str = "regional organisation", **cells: str) -> dict[str, str]:
    made = {column.name: "" for column in LAYOUT.columns}
    made |= {"key": key, "name_en": name, "kind": kind, "source_url": A, "source_as_of": "2025"} | cells
    made["established_precision"] = {0: "", 4: "year", 7: "month", 10: "day"}[len(made["established"])]
    return made


CLUB = row(
    "club",
    "Club of the North",
    name_fr="Club du Nord",
    abbreviation="CN",
    former_names="Friends of the North (1990 to 1995); North Circle (other name)",
    established="1990-05",
    established_by="North Declaration",
    hq_city="Paris",
    hq_country_iso3="FRA",
    website="club.example",
    extra_sources=FR,
    note="a note to heed",
)


def test_a_body_comes_with_names_kind_seat_website_and_beginning(folder: Folder) -> None:
    outcome = folder.imports("organisations", [CLUB, row("club-office", "Office", "secretariat", parent_key="club")])
    assert (outcome.rows, outcome.made, outcome.set_aside) == (2, 2, 0)
    club = folder.node("o:club")
    assert folder.values(club, "rdf:type") == {folder.node("mgo:IntergovernmentalOrganisation")}
    labels = {Literal("Club of the North", language="en"), Literal("Club du Nord", language="fr")}
    assert folder.values(club, "skos:prefLabel") == labels
    names = {folder.text(use, "mgo:name"): use for use in folder.having("mgo:named", club)}
    assert set(names) == {"Club of the North", "Club du Nord", "CN", "Friends of the North", "North Circle"}
    assert folder.text(names["Friends of the North"], "mgo:startDate") == "1990"
    assert folder.text(names["Friends of the North"], "mgo:endDate") == "1995"
    [event] = folder.having("org:resultingOrganization", club)
    assert folder.text(event, "mgo:date") == "1990-05"
    assert folder.text(event, "skos:editorialNote") == "Founded by: North Declaration."
    [claim] = folder.having("rdf:predicate", "mgo:territoryOf")
    assert folder.values(claim, "rdf:subject") == {folder.node("place:paris")}
    assert folder.values(claim, "rdf:object") == {folder.node("state:FRA")}
    [contact] = folder.of_class("mgo:Contact")
    assert folder.text(contact, "mgo:website") == "http://club.example"
    [part] = folder.of_class("mgo:Composition")
    assert folder.values(part, "mgo:whole") == {club}
    notes = [folder.values(node, "skos:editorialNote") for node in folder.of_class("mgo:Evidence")]
    assert {Literal("a note to heed", language="en")} in notes


def test_a_second_import_changes_nothing(folder: Folder) -> None:
    rows = [CLUB, row("club", "Club of the North", established="1991", source_url=C)]
    folder.imports("organisations", rows)
    before = folder.bytes()
    assert folder.imports("organisations", rows).files == []
    assert folder.bytes() == before


def test_rival_beginnings_and_kinds_stand_beside_what_the_better_source_says(folder: Folder) -> None:
    rows = [
        row("club", "Club", established="1990", source_url=B),
        row("club", "Club", established="1992", source_url=C),
        row("club", "Club", "NGO", established="1990-05-01", source_url=C),
        row("club", "Club", established="1991", source_url=B),
    ]
    outcome = folder.imports("organisations", rows)
    assert (outcome.made, outcome.merged, outcome.disputed) == (1, 0, 3)
    [event] = folder.having("org:resultingOrganization", "o:club")
    assert folder.text(event, "mgo:date") == "1990-05-01"
    rivals = {folder.text(claim, "rdf:object"): claim for claim in folder.having("rdf:subject", event)}
    assert set(rivals) == {"1991", "1992"}
    assert folder.values(rivals["1992"], "mgo:rank") == {folder.node("rank:deprecated")}
    assert "secondary before tertiary" in folder.text(rivals["1992"], "mgo:rankReason")
    assert folder.values(rivals["1991"], "mgo:rank") == set()
    kinds = folder.having("rdf:predicate", "org:classification")
    ranks = {min(folder.values(claim, "rdf:object"), key=str): folder.values(claim, "mgo:rank") for claim in kinds}
    assert ranks[folder.node("organisation-type:non-governmental-organisation")] == {folder.node("rank:deprecated")}
    assert ranks[folder.node("organisation-type:regional-organisation")] == set()


def test_a_body_that_is_there_keeps_its_label_and_its_date_and_gains_evidence(folder: Folder) -> None:
    name = "International Organization for Migration"
    rows = [
        row("iom", name, "related organisation", parent_key="un-system", established="1951-12-05", source_url=B),
        row("iom", name, "related organisation", established="1951", source_url=C),
        row("iom", name, "related organisation", established="1951-12-06", source_url=C),
    ]
    folder.imports("organisations", rows)
    iom = folder.node("o:iom")
    assert folder.of_class("mgo:IntergovernmentalOrganisation") == [iom]
    assert Literal("International Organization for Migration", language="en") in folder.values(iom, "skos:prefLabel")
    assert len(folder.values(folder.node("rel:iom-name-official"), "mgo:evidence")) > 1
    event = folder.node("event:iom-foundation-1951")
    assert folder.text(event, "mgo:date") == "1951"
    ranks = {folder.text(c, "rdf:object"): folder.values(c, "mgo:rank") for c in folder.having("rdf:subject", event)}
    assert ranks == {"1951-12-05": {folder.node("rank:preferred")}, "1951-12-06": {folder.node("rank:deprecated")}}
    [tie] = folder.of_class("mgo:Membership")
    assert folder.values(tie, "mgo:membershipType") == {folder.node("membership-type:related-organisation")}


def test_an_earlier_name_is_no_other_body(folder: Folder) -> None:
    earlier = row(
        "icm", "Committee for Migration", "predecessor organisation", established="1980-11", status="renamed 1989-11-14"
    )
    folder.imports("organisations", [earlier])
    [use] = [use for use in folder.having("mgo:named", "o:iom") if folder.values(use, "mgo:endDate")]
    assert folder.text(use, "mgo:name") == "Committee for Migration"
    assert (folder.text(use, "mgo:startDate"), folder.text(use, "mgo:endDate")) == ("1980-11", "1989-11-14")
    [change] = folder.having("mgo:changeType", "change-type:renaming")
    ends = (folder.values(change, "org:originalOrganization"), folder.values(change, "org:resultingOrganization"))
    assert ends == ({folder.node("o:iom")}, {folder.node("o:iom")})


def test_an_office_held_by_one_person_is_a_post(folder: Folder) -> None:
    rapporteur = row("sr-x", "Rapporteur on x", "special procedure", parent_key="council", established="1999")
    folder.imports("organisations", [row("council", "Council", "governing body"), rapporteur])
    post = folder.node("post:sr-x")
    assert folder.values(post, "org:postIn") == {folder.node("o:council")}
    [creation] = folder.having("mgo:changedPost", post)
    assert folder.text(creation, "mgo:date") == "1999"


def test_a_treaty_body_is_served_by_its_secretariat_and_no_part_of_it(folder: Folder) -> None:
    rows = [row("office", "Office", "secretariat"), row("cttee", "Committee", "treaty body", parent_key="office")]
    folder.imports("organisations", rows)
    assert folder.of_class("mgo:Composition") == []
    [service] = folder.of_class("mgo:Cooperation")
    assert folder.values(service, "mgo:provider") == {folder.node("o:office")}


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"kind": "secret society"}, "kind 'secret society' is unknown"),
        ({"parent_key": "nowhere"}, "organisation 'nowhere' is unknown"),
        ({"hq_city": "Oz", "hq_country_iso3": "OZZ"}, "State 'OZZ' is unknown"),
        ({"established": "1990-13"}, "established"),
        ({"status": "went fishing"}, "tells no fate"),
        ({"status": "replaced by the Nobody"}, "no organisation of the table is called 'Nobody'"),
        ({"former_names": "Old Club (some time in 1950 or so)"}, "tells no time of a name"),
        ({"source_as_of": "lately"}, "is no date"),
        ({"source_url": "by post"}, "no address"),
        ({"kind": "predecessor organisation"}, "no key of the body"),
    ],
)
def test_a_table_with_a_row_that_makes_no_sense_is_refused_whole(
    folder: Folder, cells: dict[str, str], complaint: str
) -> None:
    before = folder.bytes()
    with pytest.raises(TableRefused, match="row 3: ") as refused:
        folder.imports("organisations", [row("good", "Good"), row("bad", "Bad", **cells)])
    assert complaint in str(refused.value)
    assert folder.bytes() == before


@pytest.mark.parametrize(
    ("status", "change", "date", "by"),
    [
        ("renamed 1980-11", "renaming", "1980-11", ""),
        ("ended 1951", "dissolution", "1951", ""),
        ("abolished 2013-11-21", "dissolution", "2013-11-21", ""),
        ("suspended operations 1 November 1995", "suspension", "1995-11-01", ""),
        ("replaced by the SCPF", "replacement", None, "SCPF"),
        ("became the Global Group in 2006", "replacement", "2006", "Global Group"),
    ],
)
def test_a_status_tells_a_fate(status: str, change: str, date: str | None, by: str) -> None:
    told = changing.fate(status)
    assert told is not None
    assert (told.change, told.date.value if told.date else None, told.by) == (change, date, by)


def test_names_are_told_apart_by_semicolons_outside_brackets() -> None:
    cell = "A (1951-12-05 to 1952); B (until 21 March 1996); C (CC; other name); later D (since 2017); E (1996)"
    found = {name.text: name for name in naming.former(cell)}
    assert set(found) == set("ABCDE")
    assert found["C"].acronym == "CC"
    dates = [found["A"].start, found["A"].end, found["B"].end, found["D"].start, found["E"].seen]
    assert [date.value if date else None for date in dates] == ["1951-12-05", "1952", "1996-03-21", "2017", "1996"]


def test_what_several_rows_say_alike_is_one_claim_with_the_evidence_of_all(folder: Folder) -> None:
    seat = {"hq_city": "Lyon", "hq_country_iso3": "FRA"}
    folder.imports("organisations", [row("club", "Club", **seat), row("guild", "Guild", source_url=C, **seat)])
    [claim] = folder.having("rdf:predicate", "mgo:territoryOf")
    assert len(folder.values(claim, "mgo:evidence")) == 2
