"""Who was bound by what, when: the cases of docs/participation.md, told as acts and read as periods."""

from collections.abc import Callable

import pytest

Facts = Callable[..., set[str]]


def action(name: str, kind: str, day: str = "", effect: str = "", more: str = "") -> str:
    date_ = f'; mgo:date "{day}"^^xsd:date' if day else ""
    effect_ = f'; mgo:effectiveDate "{effect}"^^xsd:date' if effect else ""
    return f"""rel:{name} a mgo:TreatyAction ; mgo:actor state:AAA ; mgo:instrument doc:treaty ;
        mgo:actionType treaty-action:{kind} ; mgo:evidence ev:{name} {date_} {effect_} {more} .\n"""


PARTY, SIGNATORY = "state:AAA mgo:partyTo doc:treaty", "state:AAA mgo:signatoryTo doc:treaty"


@pytest.mark.parametrize("kind", ["ratification", "acceptance", "approval", "accession", "succession"])
def test_consent_makes_a_party_from_the_day_of_its_effect(derived: Facts, kind: str) -> None:
    story = action("yes", kind, "2012-05-31", "2012-09-01")
    assert [PARTY in derived(story, day) for day in ("2012-08-31", "2012-09-01")] == [False, True]


def test_consent_without_a_day_of_effect_counts_from_its_own_day(derived: Facts) -> None:
    story = action("yes", "accession", "2012-05-31")
    assert [PARTY in derived(story, day) for day in ("2012-05-30", "2012-05-31")] == [False, True]


def test_signing_alone_makes_a_signatory(derived: Facts) -> None:
    story = action("pen", "signature", "2004-09-22")
    assert [SIGNATORY in derived(story, day) for day in ("2004-09-21", "2004-09-22")] == [False, True]
    assert PARTY not in derived(story)


def test_whoever_consented_is_no_mere_signatory(derived: Facts) -> None:
    story = action("pen", "signature", "2004-09-22") + action("yes", "ratification", "2012-05-31")
    assert SIGNATORY in derived(story, "2012-05-30")
    made = derived(story, "2012-05-31")
    assert PARTY in made
    assert SIGNATORY not in made


def test_denunciation_ends_consent_and_a_new_consent_revives_it(derived: Facts) -> None:
    story = action("yes", "ratification", "2005-01-01") + action("no", "denunciation", "2013-01-01", "2014-01-01")
    again = story + action("again", "accession", "2015-01-01")
    days = ("2013-12-31", "2014-01-01", "2015-01-01")
    assert [PARTY in derived(story, day) for day in days] == [True, False, False]
    assert [PARTY in derived(again, day) for day in days] == [True, False, True]


@pytest.mark.parametrize("kind", ["reservation", "objection", "signature"])
def test_other_acts_make_no_party(derived: Facts, kind: str) -> None:
    assert PARTY not in derived(action("act", kind, "2005-01-01"))


def test_a_deprecated_act_has_no_effect(derived: Facts) -> None:
    story = action("yes", "ratification", "2005-01-01", more="; mgo:rank rank:deprecated")
    assert derived(story) == set()


FORCE = """event:force a mgo:EntryIntoForce ; mgo:instrument doc:treaty ; mgo:date "2003-07-01"^^xsd:date ;
    mgo:evidence ev:force ."""


def period(facts: set[str], name: str) -> dict[str, str]:
    """What is said of the participation that came of an act, without its evidence and what it was derived from."""
    told = (fact.split(" ", 2)[1:] for fact in facts if fact.startswith(f"rel:{name}-participation "))
    left_out = {"rdf:type", "mgo:agent", "mgo:instrument", "mgo:evidence", "prov:wasDerivedFrom", "mgo:rule"}
    return {slot.partition(":")[2]: value for slot, value in told if slot not in left_out}


def test_accession_before_general_entry_into_force_binds_from_that_day_at_the_earliest(derived: Facts) -> None:
    made = derived(action("yes", "accession", "1999-03-08") + FORCE)
    assert period(made, "yes") == {
        "status": "participation-status:party",
        "consentEarliest": "1999-03-08",
        "consentLatest": "1999-03-08",
        "startEarliest": "2003-07-01",
        "startLatest": "2003-07-01",
        "boundBasis": "bound-basis:earliest-possible-day",
        "valid": "2026-11-23",
    }


def test_the_day_of_effect_that_a_source_gives_is_taken(derived: Facts) -> None:
    told = period(derived(action("yes", "ratification", "2012-05-31", "2012-09-01") + FORCE), "yes")
    assert (told["consentEarliest"], told["startEarliest"]) == ("2012-05-31", "2012-09-01")
    assert told["boundBasis"] == "bound-basis:own-entry-into-force"


def test_a_day_of_effect_may_be_all_that_is_known(derived: Facts) -> None:
    told = period(derived(action("yes", "consent-not-distinguished", "", "2017-12-20")), "yes")
    assert told["startEarliest"] == told["startLatest"] == "2017-12-20"
    assert "consentEarliest" not in told


def test_withdrawal_and_return_make_four_periods(derived: Facts) -> None:
    made = derived(
        action("yes", "accession", "1980-11-14")
        + action("no", "denunciation", "1998-05-26", "1998-08-26")
        + action("again", "accession", "1999-08-26")
        + action("gone", "denunciation", "2000-03-27", "2000-06-27")
    )
    periods = {name: period(made, name) for name in ("yes", "no", "again", "gone")}
    assert [(t["status"].partition(":")[2], t["startEarliest"], t.get("endLatest")) for t in periods.values()] == [
        ("party", "1980-11-14", "1998-08-25"),
        ("former-party", "1998-08-26", "1999-08-25"),
        ("party", "1999-08-26", "2000-06-26"),
        ("former-party", "2000-06-27", None),
    ]
    assert [name for name, told in periods.items() if "valid" in told] == ["gone"]


def test_who_leaves_and_returns_on_one_day_was_never_away(derived: Facts) -> None:
    made = derived(
        action("yes", "accession", "1980-11-14")
        + action("no", "denunciation", "1998-05-26", "1998-08-26")
        + action("again", "accession", "1998-08-26")
    )
    assert period(made, "yes")["endLatest"] == "1998-08-25"
    assert period(made, "no") == {}
    assert PARTY in made


def test_an_undated_withdrawal_ends_by_the_day_of_the_source_that_tells_it(derived: Facts) -> None:
    source = """ev:no mgo:source doc:list . doc:list dcterms:issued "2012-04-06"^^xsd:date ."""
    made = derived(action("yes", "accession", "1972-11-13") + action("no", "denunciation") + source)
    told = period(made, "yes")
    assert (told["endEarliest"], told["endLatest"]) == ("1972-11-13", "2012-04-06")
    assert told["endStatus"] == "end-status:ended-unknown-day"
    assert PARTY not in made


def test_a_notice_without_a_day_of_effect_leaves_the_end_open(derived: Facts) -> None:
    made = derived(action("yes", "accession", "2001-01-01") + action("no", "denunciation", "2020-02-02"))
    told = period(made, "yes")
    assert told["endStatus"] == "end-status:not-known"
    assert "endLatest" not in told
    assert "valid" not in told


def test_a_year_is_an_interval_of_days(derived: Facts) -> None:
    story = action("yes", "consent-not-distinguished", "2018").replace("xsd:date", "xsd:gYear")
    told = period(derived(story + FORCE), "yes")
    assert (told["startEarliest"], told["startLatest"]) == ("2018-01-01", "2018-12-31")


def test_an_undated_consent_makes_a_party_without_a_first_day(derived: Facts) -> None:
    made = derived(action("yes", "ratification") + FORCE)
    assert period(made, "yes") == {
        "status": "participation-status:party",
        "boundBasis": "bound-basis:not-known",
        "valid": "2026-11-23",
    }


def test_a_second_consent_begins_no_second_period(derived: Facts) -> None:
    made = derived(
        action("yes", "signature", "2000-01-01")
        + action("one", "acceptance", "2001-01-01")
        + action("two", "ratification", "2002-02-02")
    )
    assert period(made, "one")["startEarliest"] == "2001-01-01"
    assert period(made, "two") == {}


def test_a_signatory_is_one_until_the_day_before_it_is_bound(derived: Facts) -> None:
    made = derived(action("pen", "signature", "1991-05-22") + action("yes", "ratification", "1999-03-08") + FORCE)
    told = period(made, "pen")
    assert (told["startEarliest"], told["endLatest"]) == ("1991-05-22", "2003-06-30")
    assert SIGNATORY not in made


def test_a_participation_carries_the_evidence_of_its_acts_and_its_rule(derived: Facts) -> None:
    made = derived(
        action("yes", "ratification", "2005-01-01") + action("no", "denunciation", "2013-01-01", "2014-01-01")
    )
    about = {fact.partition(" ")[2] for fact in made if fact.startswith("rel:yes-participation ")}
    assert about >= {
        "mgo:evidence ev:yes",
        "mgo:evidence ev:no",
        "prov:wasDerivedFrom rel:yes",
        "prov:wasDerivedFrom rel:no",
        "mgo:rule participation",
    }
