"""A curator imports what States did towards treaties: one act from all who report it, rivals where they contradict."""

from collections.abc import Callable, Sequence
from itertools import permutations

import pytest

from migov.errors import TableRefused
from record.folder import Folder, Node, Rows

Make = Callable[..., Folder]
RANKED = ("depositary", "ministry", "coders", "press")
UNDISTINGUISHED = "ratification or accession (not distinguished)"


@pytest.fixture
def folder(folder_with: Make) -> Folder:
    tiers = {"depositary": "depositary", "ministry": "official", "coders": "secondary", "press": "tertiary"}
    made = folder_with(
        """
        doc:pact a mgo:Treaty ; skos:prefLabel "Pact"@en .
        o:eu a mgo:IntergovernmentalOrganisation ; skos:prefLabel "EU"@en ; mgo:tableKey "Union européenne" .
        """,
        sources=tiers,
    )
    made.write(
        "sources/authority",
        "".join(
            f"record:ranking-pact-{place} a mgo:SourceRanking ; mgo:instrument doc:pact ; mgo:position {place} ;"
            f' mgo:rankedSource doc:source-{name} ; mgo:rankingReason "Because of {name}."@en .\n'
            for place, name in enumerate(RANKED, 1)
        ),
    )
    return made


def row(source: str, action: str, date: str = "", state: str = "KEN", name: str = "Kenya") -> dict[str, str]:
    precision = {0: "", 4: "year", 7: "month", 10: "day"}.get(len(date), "day")
    made = {"treaty_key": "PACT", "state_iso3": state, "state_name_in_source": name, "action": action}
    return made | {"date": date, "date_precision": precision, "source_id": source}


def acts(folder: Folder) -> dict[str, tuple[str, str, int]]:
    """Each act by key: its day, its day of effect, and how many sources it rests on."""
    return {
        str(act).strip("<>").rpartition("/")[2]: (
            day(folder, act, "mgo:date"),
            day(folder, act, "mgo:effectiveDate"),
            n,
        )
        for act in folder.of_class("mgo:TreatyAction")
        if (n := len(folder.values(act, "mgo:evidence")))
    }


def day(folder: Folder, node: Node, slot: str) -> str:
    return folder.text(node, slot) if folder.values(node, slot) else ""


def rivals(folder: Folder) -> list[tuple[str, str, bool]]:
    """Each rival: the slot it disputes, its value, and whether it is set aside."""
    return sorted(
        (
            str(next(iter(folder.values(claim, "rdf:predicate")))).strip("<>").rpartition("/")[2],
            str(getattr(next(iter(folder.values(claim, "rdf:object"))), "value", "")).rpartition("/")[2],
            bool(folder.values(claim, "mgo:rank")),
        )
        for claim in folder.of_class("mgo:Claim")
    )


def test_what_several_sources_report_is_one_act_with_the_evidence_of_each(folder: Folder) -> None:
    rows = [
        row("depositary", "accession", "1994-05-10"),
        row("ministry", "accession", "1994-05-10"),
        row("coders", UNDISTINGUISHED, "1994"),
        row("press", UNDISTINGUISHED),
    ]
    done = folder.imports("treaty-actions", rows)
    assert (done.made, done.merged, done.disputed, done.set_aside) == (1, 3, 0, 0)
    assert acts(folder) == {"pact-KEN-accession": ("1994-05-10", "", 4)}
    assert rivals(folder) == []


def test_dates_are_as_precise_as_printed(folder: Folder) -> None:
    rows = [
        row("press", "signature"),
        row("press", "accession", "2018", "FRA", "France"),
        row("press", "accession", "2018-03", "IDN", "Indonesia"),
    ]
    folder.imports("treaty-actions", rows)
    assert {key: value[0] for key, value in acts(folder).items()} == {
        "pact-KEN-signature": "",
        "pact-FRA-accession": "2018",
        "pact-IDN-accession": "2018-03",
    }


def test_a_finer_date_that_fits_is_taken_even_from_a_lesser_source(folder: Folder) -> None:
    folder.imports("treaty-actions", [row("ministry", "accession", "2018"), row("press", "accession", "2018-12-10")])
    assert acts(folder) == {"pact-KEN-accession": ("2018-12-10", "", 2)}


def test_the_source_that_goes_first_is_kept_and_the_other_stands_beside_it(folder: Folder) -> None:
    rows = [row("ministry", "ratification", "1973-03-27"), row("depositary", "accession", "1969-05-16")]
    done = folder.imports("treaty-actions", rows)
    assert (done.made, done.disputed) == (1, 1)
    assert acts(folder) == {"pact-KEN-accession": ("1969-05-16", "", 1)}
    assert rivals(folder) == [("actionType", "ratification", True), ("date", "1973-03-27", True)]


def test_a_rival_that_more_sources_give_is_not_set_aside(folder: Folder) -> None:
    rows = [
        row("depositary", "signature", "1990-01-26"),
        row("ministry", "signature", "1990-08-26"),
        row("press", "signature", "1990-08-26"),
    ]
    folder.imports("treaty-actions", rows)
    assert acts(folder) == {"pact-KEN-signature": ("1990-01-26", "", 1)}
    assert rivals(folder) == [("date", "1990-08-26", False)]


def test_entry_into_force_for_the_state_is_the_day_of_effect_of_its_consent(folder: Folder) -> None:
    rows = [
        row("depositary", "ratification", "2012-05-31"),
        row("depositary", "entry into force for the State", "2012-09-01"),
        row("press", "entry into force for the State", "2017-12-20", "FRA", "France"),
    ]
    folder.imports("treaty-actions", rows)
    assert acts(folder) == {
        "pact-KEN-ratification": ("2012-05-31", "2012-09-01", 2),
        "pact-FRA-consent-not-distinguished": ("", "2017-12-20", 1),
    }


def test_notice_and_effect_make_one_withdrawal_and_a_return_is_an_act_of_its_own(folder: Folder) -> None:
    rows = [
        row("depositary", "accession", "1980-11-14"),
        row("coders", UNDISTINGUISHED, "1980"),
        row("depositary", "withdrawal"),
        row("ministry", "notification of withdrawal", "1998-05-26"),
        row("ministry", "withdrawal", "1998-08-26"),
        row("ministry", "accession", "1998-08-26"),
        row("press", "notification of withdrawal", "2000-03-27"),
        row("press", "withdrawal", "2000-06-27"),
    ]
    folder.imports("treaty-actions", rows)
    assert acts(folder) == {
        "pact-KEN-accession": ("1980-11-14", "", 2),
        "pact-KEN-accession-2": ("1998-08-26", "", 1),
        "pact-KEN-denunciation": ("1998-05-26", "1998-08-26", 2),
        "pact-KEN-denunciation-2": ("2000-03-27", "2000-06-27", 3),
    }
    assert rivals(folder) == []


def test_two_days_for_one_withdrawal_are_rivals(folder: Folder) -> None:
    rows = [
        row("depositary", "ratification", "2011-08-30"),
        row("ministry", "withdrawal", "2019-03-17"),
        row("press", "withdrawal", "2019-03-19"),
    ]
    folder.imports("treaty-actions", rows)
    assert acts(folder)["pact-KEN-denunciation"] == ("", "2019-03-17", 1)
    assert rivals(folder) == [("effectiveDate", "2019-03-19", True)]


def test_where_a_source_prints_the_deposit_apart_the_deposit_binds(folder: Folder) -> None:
    rows = [row("ministry", "ratification", "2015-04-06"), row("ministry", "deposit of ratification", "2017-05-24")]
    folder.imports("treaty-actions", rows)
    assert acts(folder) == {
        "pact-KEN-ratification-before-deposit": ("2015-04-06", "", 1),
        "pact-KEN-ratification": ("2017-05-24", "", 1),
    }


def test_an_organisation_acts_under_its_name(folder: Folder) -> None:
    folder.imports("treaty-actions", [row("press", "formal confirmation", "2010-12-23", "", "Union européenne")])
    assert acts(folder) == {"pact-eu-formal-confirmation": ("2010-12-23", "", 1)}


ROWS = (
    (row("depositary", "accession", "1994-05-10"), row("depositary", "signature", "1990-01-01")),
    (row("ministry", "ratification", "1994-05-11"), row("ministry", "signature", "1990-01-01")),
    (row("coders", UNDISTINGUISHED, "1994"), row("coders", "signature")),
)


def test_a_second_run_changes_nothing(folder: Folder) -> None:
    rows = [row for rows in ROWS for row in rows]
    assert folder.imports("treaty-actions", rows).files
    before = folder.bytes()
    assert folder.imports("treaty-actions", rows).files == []
    assert folder.bytes() == before


@pytest.mark.parametrize("order", list(permutations(ROWS)))
def test_the_order_of_imports_makes_no_difference(folder: Folder, order: Sequence[Rows]) -> None:
    for rows in order:
        folder.imports("treaty-actions", rows)
    apart = folder.bytes()
    for path in (*(folder.path / "relations").rglob("*.ttl"), *(folder.path / "sources").rglob("pact.ttl")):
        path.unlink()
    (folder.path / "sources" / "ledger.ttl").unlink()
    folder.imports("treaty-actions", [row for rows in ROWS for row in rows])
    assert folder.bytes() == apart


def test_what_editors_add_to_an_act_stays(folder: Folder) -> None:
    folder.imports("treaty-actions", ROWS[0])
    path = folder.path / "relations" / "treaty-actions" / "pact.ttl"
    text = path.read_text("utf-8").partition("\n\n")[2]
    noted = text.replace("a mgo:TreatyAction ;", 'a mgo:TreatyAction ; skos:editorialNote "Misprint."@en ;')
    folder.write("relations/treaty-actions/pact", noted)
    folder.imports("treaty-actions", [row for rows in ROWS for row in rows])
    assert path.read_text("utf-8").count("Misprint.") == 2


BAD = {
    "an unknown State": row("depositary", "accession", "1994-05-10", "XYZ"),
    "an unknown treaty": row("depositary", "accession", "1994-05-10") | {"treaty_key": "PACTUM"},
    "an unknown source": row("blog", "accession", "1994-05-10"),
    "an unknown word": row("depositary", "adhesion", "1994-05-10"),
    "no day of the calendar": row("depositary", "accession", "1994-02-30"),
    "a date of another form": row("depositary", "accession", "10/05/1994"),
    "another precision than printed": row("depositary", "accession", "1994-05-10") | {"date_precision": "year"},
    "no name": row("depositary", "accession", "1994-05-10", name=""),
    "the same row again": ROWS[0][0],
}


@pytest.mark.parametrize("why", BAD)
def test_one_bad_row_refuses_the_table_and_nothing_is_written(folder: Folder, why: str) -> None:
    before = folder.bytes()
    with pytest.raises(TableRefused, match="row 4:") as refused:
        folder.imports("treaty-actions", [*ROWS[0], BAD[why]])
    assert refused.value.facts["rows"] == [4]
    assert folder.bytes() == before


def test_every_bad_row_is_told_at_once(folder: Folder) -> None:
    bad = [BAD["an unknown State"], *ROWS[0], BAD["an unknown word"]]
    with pytest.raises(TableRefused) as refused:
        folder.imports("treaty-actions", bad)
    assert refused.value.facts["rows"] == [2, 5]


def test_a_source_without_a_place_in_the_order_of_authority_is_refused(folder: Folder) -> None:
    (folder.path / "sources" / "authority.ttl").unlink()
    with pytest.raises(TableRefused, match="order of authority"):
        folder.imports("treaty-actions", ROWS[0])


def test_a_dry_run_tells_and_writes_nothing(folder: Folder) -> None:
    before = folder.bytes()
    done = folder.imports("treaty-actions", ROWS[0], dry=True)
    assert done.files == ["relations/treaty-actions/pact", "sources/ledger", "sources/treaty-actions/pact"]
    assert folder.bytes() == before
