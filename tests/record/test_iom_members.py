"""A curator imports who joined IOM when; the Constitution's own list leads, others agree, differ or only saw."""

from collections.abc import Callable

import pytest

from migov.errors import TableRefused
from migov.record.iom_members import LAYOUT
from record.folder import Folder, Node

CODED, CIA, NEWS = "https://coded.example/set", "https://cia.example/editions", "https://news.example/item"
Make = Callable[..., Folder]


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    return folder_with(
        """
        o:iom a mgo:IntergovernmentalOrganisation ; skos:prefLabel "International Organization for Migration"@en .
        state:OLD a mgo:State ; skos:prefLabel "Oldland"@en ; mgo:tableKey "Oldland" .
        """,
        sources={CODED: "secondary", CIA: "secondary", NEWS: "tertiary", "https://law.example/annex": "official"},
    )


def bind(folder: Folder, state: str, day: str) -> None:
    """Let the Constitution enter into force for a State, as the import of treaty actions does."""
    [annex] = [doc for doc in folder.of_class("mgo:Document") if "law.example" in folder.text(doc, "skos:prefLabel")]
    folder.write(
        "relations/treaty-actions/iom-constitution",
        f"""
        rel:act a mgo:TreatyAction ; mgo:actor state:{state} ; mgo:effectiveDate "{day}"^^xsd:date ;
            mgo:evidence ev:force, ev:deposit .
        """,
    )
    folder.write(
        "sources/treaty-actions/iom-constitution",
        f"""
        ev:force a mgo:Evidence ; mgo:source {annex} ; mgo:supports mgo:effectiveDate .
        ev:deposit a mgo:Evidence ; mgo:source {annex} .
        """,
    )


def row(state: str = "FRA", status: str = "member", **cells: str) -> dict[str, str]:
    made = {column.name: "" for column in LAYOUT.columns}
    made |= {"iso3": state, "state_name": {"FRA": "France", "IDN": "Indonesia", "KEN": "Kenya"}.get(state, state)}
    made |= {"status": status, "source": "a list", "source_url": CIA, "source_as_of": "2014"} | cells
    made["date_precision"] = {0: "", 4: "year", 7: "month", 10: "day"}[len(made["membership_date"])]
    return made


def coded(start: str, end: str = "") -> dict[str, str]:
    status = "former" if end else "member"
    years = {"observed_from": start, "observed_to": end or "2014"}
    return row(status=status, membership_date=start, end_date=end, source_url=CODED, **years)


def memberships(folder: Folder, state: str = "FRA") -> dict[str, Node]:
    nodes = folder.having("org:member", f"state:{state}")
    return {getattr(node, "value", "").rpartition("/")[2]: node for node in nodes}


def test_the_constitution_dates_a_membership_and_other_dates_agree_or_differ(folder: Folder) -> None:
    bind(folder, "FRA", "1992-11-25")
    rival = row(membership_date="1993-01", source_url=NEWS)
    rows = [coded("1992"), rival, row(observed_from="1994", observed_to="2014")]
    outcome = folder.imports("iom-members", rows)
    assert (outcome.made, outcome.merged, outcome.disputed) == (0, 2, 1)
    [membership] = memberships(folder).values()
    assert folder.text(membership, "mgo:startDate") == "1992-11-25"
    assert folder.node("ev:force") in folder.values(membership, "mgo:evidence")
    assert folder.node("ev:deposit") not in folder.values(membership, "mgo:evidence")
    assert len(folder.values(membership, "mgo:evidence")) == 3
    [claim] = folder.having("rdf:subject", membership)
    assert folder.text(claim, "rdf:object") == "1993-01"
    assert folder.values(claim, "mgo:rank") == {folder.node("rank:deprecated")}


def test_a_state_that_left_and_came_back_has_two_memberships(folder: Folder) -> None:
    bind(folder, "FRA", "1992-11-25")
    folder.imports("iom-members", [coded("1951", "1966"), coded("1992")])
    found = memberships(folder)
    assert set(found) == {"iom-FRA", "iom-FRA-2"}
    first = found["iom-FRA"]
    assert (folder.text(first, "mgo:startDate"), folder.text(first, "mgo:endDate")) == ("1951", "1966")
    assert folder.values(found["iom-FRA-2"], "mgo:endStatus") == {folder.node("end-status:ongoing")}


def test_two_spells_without_a_year_between_them_are_one(folder: Folder) -> None:
    folder.imports("iom-members", [coded("1965", "1989"), coded("1990")])
    [membership] = memberships(folder).values()
    assert folder.text(membership, "mgo:startDate") == "1965"
    assert folder.values(membership, "mgo:endDate") == set()
    assert len(folder.values(membership, "mgo:evidence")) == 2


def test_what_a_list_saw_outside_every_dated_spell_is_a_membership_of_its_own(folder: Folder) -> None:
    bind(folder, "FRA", "1992-11-25")
    folder.imports("iom-members", [row(observed_from="1952", observed_to="1952")])
    found = memberships(folder)
    assert set(found) == {"iom-FRA", "iom-FRA-listed-1952"}
    seen = found["iom-FRA-listed-1952"]
    assert folder.values(seen, "mgo:startDate") == set()
    assert folder.values(seen, "mgo:endStatus") == {folder.node("end-status:not-known")}
    assert folder.values(seen, "mgo:rank") == set()


def test_editions_that_show_a_member_too_early_are_set_aside_for_the_better_source(folder: Folder) -> None:
    bind(folder, "FRA", "1992-11-25")
    outcome = folder.imports("iom-members", [row(observed_from="1990", observed_to="1999")])
    assert outcome.disputed == 1
    early = memberships(folder)["iom-FRA-listed-1990-1999"]
    assert folder.values(early, "mgo:rank") == {folder.node("rank:deprecated")}


def test_editions_that_were_no_longer_kept_up_prove_nothing_late(folder: Folder) -> None:
    note = "edition years in which the entry lists IOM; the list was not updated after about 2015"
    folder.imports("iom-members", [row(status="observer", observed_from="2002", observed_to="2025", note=note)])
    [seen] = memberships(folder).values()
    assert folder.text(seen, "mgo:observedTo") == "2015"
    [evidence] = folder.of_class("mgo:Evidence")
    assert "2002 to 2025" in folder.text(evidence, "mgo:locator")


def test_an_observer_a_member_and_an_applicant_are_told_apart(folder: Folder) -> None:
    rows = [
        row(status="observer", membership_date="1992-05-27", source_url=NEWS),
        row(membership_date="2021-04-19", source_url=NEWS),
        row("KEN", "applicant", source_as_of="2019-11"),
        row("", state_name="Oldland", observed_from="2002", observed_to="2005"),
    ]
    folder.imports("iom-members", rows)
    found = memberships(folder)
    assert folder.values(found["iom-FRA-observer"], "mgo:endStatus") == {folder.node("end-status:not-known")}
    assert folder.values(found["iom-FRA"], "mgo:endStatus") == {folder.node("end-status:ongoing")}
    assert set(memberships(folder, "KEN")) == {"iom-KEN-applicant-listed-2019-11"}
    assert set(memberships(folder, "OLD")) == {"iom-OLD-listed-2002-2005"}


def test_a_second_import_changes_nothing(folder: Folder) -> None:
    bind(folder, "FRA", "1992-11-25")
    rows = [coded("1951", "1966"), coded("1991"), row("IDN", "observer", observed_from="1999", observed_to="2003")]
    folder.imports("iom-members", rows)
    assert folder.imports("iom-members", rows).files == []


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"state": "XYZ"}, "State 'XYZ' is unknown"),
        ({"status": "friend"}, "status 'friend' is unknown"),
        ({"membership_date": "1990", "status": "former"}, "has an end_date"),
        ({"membership_date": "1990", "end_date": "1980", "status": "former"}, "before it starts"),
        ({"observed_from": "1990"}, "go together"),
        ({"observed_from": "1990", "observed_to": "1989"}, "before 1990"),
        ({"membership_date": "31 May"}, "membership_date"),
        ({"source_as_of": "then"}, "is no date"),
        ({"source_url": "the radio"}, "no address"),
    ],
)
def test_a_table_with_a_row_that_makes_no_sense_is_refused_whole(
    folder: Folder, cells: dict[str, str], complaint: str
) -> None:
    before = folder.bytes()
    wrong = row(cells.get("state", "FRA")) | {name: cell for name, cell in cells.items() if name != "state"}
    wrong["date_precision"] = "year" if wrong["membership_date"] else ""
    with pytest.raises(TableRefused, match="row 3: ") as refused:
        folder.imports("iom-members", [row(observed_from="1990", observed_to="1990"), wrong])
    assert complaint in str(refused.value)
    assert folder.bytes() == before
