"""A curator imports who held which post; terms are told apart, and what sources dispute stands beside what is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from migov.errors import TableRefused
from migov.record.citing import Cited, as_of
from migov.record.people import LAYOUT, chosen_on
from migov.record.tenures import Report, gather
from record.folder import Folder

A, B, C = "https://a.example/list", "https://b.example/life", "https://c.example/news"
Make = Callable[..., Folder]


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    return folder_with(
        """
        o:club a org:Organization ; skos:prefLabel "Club"@en .
        o:club-board a org:Organization ; skos:prefLabel "Board of the Club"@en .
        post:club-head a org:Post ; skos:prefLabel "Head of the Club"@en ; org:postIn o:club .
        post:club-head mgo:tableKey "club-boss" .
        person:ada-lee a foaf:Person ; skos:prefLabel "Ada Lee"@en .
        """,
        sources={A: "official", B: "secondary", C: "tertiary"},
    )


def row(person: str, post: str = "club-chair", label: str = "Chair of the Club", **cells: str) -> dict[str, str]:
    made = {column.name: "" for column in LAYOUT.columns}
    made |= {"person": person, "post_key": post, "post_label": label, "source_url": A, "source_as_of": "2020"}
    made |= cells
    for slot in ("start", "end"):
        made[f"{slot}_precision"] = {0: "", 4: "year", 7: "month", 10: "day"}[len(made[slot])]
    return made


def test_rows_of_one_term_become_one_tenure_with_the_most_exact_dates(folder: Folder) -> None:
    outcome = folder.imports(
        "people",
        [
            row("Ann Roe", start="2001", end="2005", nationality_iso3="FRA"),
            row("Ann Roe", start="2001-03-01", source_url=B, nationality_iso3="FRA"),
            row("Ann Roe", end="2005-06", source_url=C, note="elected 3 February 2001"),
        ],
    )
    assert (outcome.made, outcome.merged, outcome.disputed) == (1, 2, 0)
    [tenure] = folder.having("mgo:post", "post:club-chair")
    assert folder.text(tenure, "mgo:startDate") == "2001-03-01"
    assert folder.text(tenure, "mgo:endDate") == "2005-06"
    assert folder.text(tenure, "mgo:appointmentDate") == "2001-02-03"
    assert folder.values(tenure, "mgo:endStatus") == {folder.node("end-status:ended")}
    assert len(folder.values(tenure, "mgo:evidence")) == 3
    assert folder.values(folder.node("post:club-chair"), "org:postIn") == {folder.node("o:club")}
    [claim] = folder.having("rdf:predicate", "mgo:nationality")
    assert folder.values(claim, "rdf:object") == {folder.node("state:FRA")}
    assert len(folder.values(claim, "mgo:evidence")) == 2


def test_a_start_and_an_end_of_two_rows_make_one_term_but_terms_years_apart_stay_two(folder: Folder) -> None:
    folder.imports(
        "people",
        [
            row("Ann Roe", end="2008"),
            row("Ann Roe", start="2004-10-08", source_url=B),
            row("Bo Day", start="2010-01-01"),
            row("Bo Day", start="2014-01-01"),
        ],
    )
    assert len(folder.having("org:member", "person:ann-roe")) == 1
    starts = [folder.text(tenure, "mgo:startDate") for tenure in folder.having("org:member", "person:bo-day")]
    assert sorted(starts) == ["2010-01-01", "2014-01-01"]


def test_the_date_of_the_better_source_is_kept_and_the_other_set_aside_with_the_reason(folder: Folder) -> None:
    outcome = folder.imports(
        "people",
        [
            row("Ann Roe", start="1946-02-02", end="1952", source_url=C),
            row("Ann Roe", start="1946-02-01", end="1952-11", source_url=B),
        ],
    )
    assert (outcome.made, outcome.disputed) == (1, 1)
    [tenure] = folder.having("mgo:post", "post:club-chair")
    assert folder.text(tenure, "mgo:startDate") == "1946-02-01"
    [rival] = folder.having("rdf:subject", tenure)
    assert folder.text(rival, "rdf:object") == "1946-02-02"
    assert folder.values(rival, "mgo:rank") == {folder.node("rank:deprecated")}
    assert "secondary before tertiary" in folder.text(rival, "mgo:rankReason")


def test_somebody_seen_in_post_is_no_date_of_start(folder: Folder) -> None:
    folder.imports(
        "people",
        [
            row("Ann Roe", source_as_of="1975-05-14"),
            row("Ann Roe", source_as_of="1976-04", source_url=B),
            row("Bo Day", start="2019", source_as_of="2020"),
            row("Bo Day", source_as_of="2026-08", source_url=B),
        ],
    )
    [seen] = folder.having("org:member", "person:ann-roe")
    assert folder.text(seen, "mgo:observedFrom") == "1975-05-14"
    assert folder.text(seen, "mgo:observedTo") == "1976-04"
    assert not folder.values(seen, "mgo:startDate")
    [since] = folder.having("org:member", "person:bo-day")
    assert folder.values(since, "mgo:endStatus") == {folder.node("end-status:ongoing")}


def test_a_name_left_on_a_list_does_not_undo_an_end(folder: Folder) -> None:
    outcome = folder.imports(
        "people", [row("Ann Roe", start="2016", end="2025-12-31", source_url=C), row("Ann Roe", source_as_of="2026-08")]
    )
    assert (outcome.made, outcome.disputed) == (1, 1)
    [tenure] = folder.having("org:member", "person:ann-roe")
    assert folder.text(tenure, "mgo:endDate") == "2025-12-31"
    assert not folder.values(tenure, "mgo:observedTo")


def test_a_term_that_still_runs_has_no_end(folder: Folder) -> None:
    folder.imports("people", [row("Ann Roe", start="2026-01-01", end="2130-12-31")])
    [tenure] = folder.having("org:member", "person:ann-roe")
    assert not folder.values(tenure, "mgo:endDate")
    assert "2130-12-31" in folder.text(tenure, "skos:editorialNote")


def test_candidates_and_titles_in_place_of_names_hold_no_post(folder: Folder) -> None:
    outcome = folder.imports(
        "people",
        [
            row("Ann Roe", note="candidate of two governments", nationality_iso3="FRA"),
            row("Club Chair", label="Chair, Club"),
        ],
    )
    assert outcome.set_aside == 2
    assert not folder.of_class("mgo:PostTenure")
    assert len(folder.having("rdf:predicate", "mgo:nationality")) == 1
    assert not folder.values(folder.node("person:club-chair"), "rdf:type")


def test_capacity_body_and_known_entities_are_found(folder: Folder) -> None:
    folder.imports(
        "people",
        [
            row("Ada Lee", "club-boss", "Boss (Acting)", start="2001"),
            row("Judge Bo Day", "club-board-clerk", "Clerk of the Board ad interim", start="2002"),
        ],
    )
    [head] = folder.having("mgo:post", "post:club-head")
    assert folder.values(head, "org:member") == {folder.node("person:ada-lee")}
    assert folder.values(head, "mgo:actingCapacity") == {folder.node("acting-capacity:acting")}
    assert folder.values(folder.node("post:club-board-clerk"), "org:postIn") == {folder.node("o:club-board")}
    assert folder.text(folder.node("post:club-board-clerk"), "skos:prefLabel") == "Clerk of the Board"
    assert folder.text(folder.node("person:bo-day"), "skos:prefLabel") == "Bo Day"


def test_a_tenure_kept_by_hand_gains_evidence_and_keeps_its_words(folder: Folder) -> None:
    folder.write(
        "relations/by-hand",
        """rel:kept a mgo:PostTenure ; mgo:post post:club-head ; org:member person:ada-lee ;
           mgo:startDate "2018-10-01"^^xsd:date .""",
    )
    outcome = folder.imports("people", [row("Ada Lee", "club-boss", start="2018")])
    assert (outcome.made, outcome.merged) == (0, 1)
    [tenure] = folder.having("mgo:post", "post:club-head")
    assert tenure == folder.node("rel:kept")
    assert folder.text(tenure, "mgo:startDate") == "2018-10-01"
    assert len(folder.values(tenure, "mgo:evidence")) == 1


def test_a_second_import_changes_nothing(folder: Folder) -> None:
    rows = [row("Ann Roe", start="2001", nationality_iso3="FRA"), row("Bo Day", source_as_of="1999")]
    assert folder.imports("people", rows).files
    assert folder.imports("people", rows).files == []


def test_what_cannot_be_understood_is_refused_row_by_row_and_nothing_is_written(folder: Folder) -> None:
    bad = [
        row("Ann Roe", "guild-chair"),
        row("Bo Day", nationality_iso3="ZZZ"),
        row("Cy Fox", start="2001-13"),
        row("Di Gray", start="2005", end="2001"),
        row("Ed Hill", start="2005") | {"start_precision": "day"},
    ]
    before = folder.bytes()
    with pytest.raises(TableRefused) as refused:
        folder.imports("people", bad)
    assert refused.value.facts["rows"] == [2, 3, 4, 5, 6]
    assert folder.bytes() == before


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("elected 29 June 2018 for a term", "2018-06-29"),
        ("approved by the General Assembly on 4 May 1994", "1994-05-04"),
        ("appointment announced in May 2021", "2021-05"),
        ("re-elected by acclamation on 4 June 2004", None),
        ("elected in the Spring 2004", None),
    ],
)
def test_the_day_of_choice_is_read_from_plain_words(note: str, day: str | None) -> None:
    found = chosen_on(note)
    assert (found.value if found else None) == day


def _reports(dates: list[tuple[int, int | None, int | None, int | None]]) -> list[Report]:
    by = {trust: Cited(NamedNode(f"urn:e:{trust}"), NamedNode(f"urn:d:{trust}"), trust) for trust in range(7)}
    year = {number: as_of(str(number)) for number in range(1900, 2000)}
    return [
        Report(
            number,
            by[trust],
            start=year[start] if start else None,
            end=year[end] if end else None,
            seen=year[seen] if seen and not start and not end else None,
        )
        for number, (trust, start, end, seen) in enumerate(dates)
    ]


YEARS = st.none() | st.integers(1900, 1999)


@given(st.lists(st.tuples(st.integers(0, 6), YEARS, YEARS, YEARS), max_size=8))
def test_every_report_is_in_one_tenure_and_dates_kept_come_from_reports(
    dates: list[tuple[int, int | None, int | None, int | None]],
) -> None:
    reports = _reports(dates)
    tenures = gather(reports)
    placed = [report.number for tenure in tenures for report in (*tenure.reports, *tenure.late)]
    assert sorted(placed) == [report.number for report in reports]
    for tenure in tenures:
        assert tenure.reports
        for slot in ("start", "end"):
            kept = tenure.kept(slot)
            assert kept is None or kept.date in [report.date(slot) for report in tenure.reports]


def test_the_folder_is_left_as_it_was_by_a_dry_run(folder: Folder, tmp_path: Path) -> None:
    before = folder.bytes()
    outcome = folder.imports("people", [row("Ann Roe", start="2001")], dry=True)
    assert outcome.made == 1
    assert outcome.files
    assert folder.bytes() == before
