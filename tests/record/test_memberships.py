"""A curator imports who belongs to what: admissions, what lists show at a time, and how complete lists are."""

from collections.abc import Callable

import pytest

from migov.errors import TableRefused
from migov.record.memberships import LAYOUT
from record.folder import Folder

A, B = "https://a.example/list", "https://b.example/book"
Make = Callable[..., Folder]


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    made = folder_with(
        """
        o:club a org:Organization ; skos:prefLabel "Club"@en .
        o:guild a org:Organization ; skos:prefLabel "Guild"@en .
        """,
        sources={A: "official", B: "tertiary"},
    )
    made.write(
        "relations/kept",
        """
        rel:kept-guild a mgo:Membership ; org:member o:guild ; org:organization o:club ;
            mgo:membershipType membership-type:member ; mgo:evidence ev:kept .
        """,
    )
    return made


def row(member: str = "FRA", role: str = "member", **cells: str) -> dict[str, str]:
    made = {column.name: "" for column in LAYOUT.columns}
    made |= {"member_key": member, "member_type": "state", "group_key": "club", "role": role}
    made |= {"source_url": A, "source_as_of": "2020"} | cells
    for slot in ("start", "end"):
        made[f"{slot}_precision"] = {0: "", 4: "year", 7: "month", 10: "day"}[len(made[slot])]
    return made


def test_an_admission_lasts_an_office_need_not_and_what_ended_has_ended(folder: Folder) -> None:
    rows = [
        row("FRA", start="1990-05-01"),
        row("IDN", "chair", start="2015"),
        row("IDN", "chair", start="2009", end="2010-06"),
        row("KEN", "past chair"),
    ]
    assert folder.imports("memberships", rows).made == 4
    status = {
        "rel:club-FRA": "end-status:ongoing",
        "rel:club-IDN-chair": "end-status:ended",
        "rel:club-IDN-chair-2": "end-status:not-known",
        "rel:club-KEN-past-chair": "end-status:ended-unknown-day",
    }
    for membership, code in status.items():
        assert folder.values(folder.node(membership), "mgo:endStatus") == {folder.node(code)}
    assert folder.text(folder.node("rel:club-IDN-chair"), "mgo:endDate") == "2010-06"


def test_a_report_within_a_dated_membership_is_further_evidence(folder: Folder) -> None:
    rows = [row(start="1990"), row(as_of="2013", source_url=B), row(source_url=B, source_as_of="undated")]
    outcome = folder.imports("memberships", rows)
    assert (outcome.made, outcome.merged) == (1, 2)
    [membership] = folder.having("org:member", "state:FRA")
    assert len(folder.values(membership, "mgo:evidence")) == 3
    assert folder.values(membership, "mgo:observedFrom") == set()


def test_a_list_tells_when_it_was_so_and_not_since_when(folder: Folder) -> None:
    editions = "listed in every edition from 1995; edition list, not a date of joining"
    rows = [row("FRA", as_of="2013"), row("IDN", as_of="2025", note=editions), row("KEN", as_of="undated")]
    folder.imports("memberships", rows)
    old, new = folder.node("rel:club-FRA-listed-2013"), folder.node("rel:club-IDN-listed-1995-2025")
    assert (folder.text(old, "mgo:observedFrom"), folder.text(old, "mgo:observedTo")) == ("2013", "2013")
    assert folder.values(old, "mgo:endStatus") == {folder.node("end-status:not-known")}
    assert (folder.text(new, "mgo:observedFrom"), folder.text(new, "mgo:observedTo")) == ("1995", "2025")
    assert folder.values(new, "mgo:endStatus") == {folder.node("end-status:ongoing")}
    assert folder.values(new, "mgo:startDate") == set()
    assert folder.values(folder.node("rel:club-KEN"), "mgo:endStatus") == set()


def test_a_membership_kept_by_hand_gains_evidence_and_nothing_else(folder: Folder) -> None:
    outcome = folder.imports("memberships", [row("guild", member_type="organisation", as_of="2003")])
    assert (outcome.made, outcome.merged) == (0, 1)
    assert folder.having("org:member", "o:guild") == [folder.node("rel:kept-guild")]
    assert len(folder.values(folder.node("rel:kept-guild"), "mgo:evidence")) == 2
    assert folder.values(folder.node("rel:kept-guild"), "mgo:observedFrom") == set()


@pytest.mark.parametrize(
    ("note", "degree"),
    [
        ("2 in total", "complete"),
        ("3 in total", "partial"),
        ("the list is cut off in the stored copy", "partial"),
        ("", "unknown"),
    ],
)
def test_a_list_says_how_complete_it_is(folder: Folder, note: str, degree: str) -> None:
    folder.imports("memberships", [row("FRA", as_of="2013", note=note), row("IDN", as_of="2013", note=note)])
    [told] = folder.of_class("mgo:ListCompleteness")
    assert folder.values(told, "mgo:completeness") == {folder.node(f"completeness:{degree}")}
    assert folder.values(told, "mgo:listOf") == {folder.node("o:club")}
    assert folder.text(told, "mgo:asOf") == "2013"


def test_a_second_import_changes_nothing_and_a_row_taken_back_is_gone(folder: Folder) -> None:
    rows = [row(start="1990"), row("IDN", as_of="2013"), row("KEN", "observer")]
    folder.imports("memberships", rows)
    assert folder.imports("memberships", rows).files == []
    folder.imports("memberships", rows[:2], replace=True)
    assert folder.having("org:member", "state:KEN") == []


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"member_key": "XYZ"}, "state 'XYZ' is unknown"),
        ({"member_key": "nobody", "member_type": "organisation"}, "organisation 'nobody' is unknown"),
        ({"member_type": "planet"}, "member_type 'planet' is unknown"),
        ({"group_key": "nowhere"}, "organisation 'nowhere' is unknown"),
        ({"role": "mascot"}, "role 'mascot' is unknown"),
        ({"start": "2010", "end": "2009"}, "before it starts"),
        ({"as_of": "long ago"}, "is no date"),
        ({"source_url": "hearsay"}, "no address"),
    ],
)
def test_a_table_with_a_row_that_makes_no_sense_is_refused_whole(
    folder: Folder, cells: dict[str, str], complaint: str
) -> None:
    before = folder.bytes()
    with pytest.raises(TableRefused, match="row 3: ") as refused:
        folder.imports("memberships", [row(), row(**cells)])
    assert complaint in str(refused.value)
    assert folder.bytes() == before
