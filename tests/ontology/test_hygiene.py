"""An author changes the ontology; each check of ``hygiene/`` finds one kind of slip and says how to mend it.

A check is a query that must find nothing in the ontology. Beside it stands ``<name>.bad.ttl``, a few terms of which
those with "bad" in their IRI must be found, each of them, and no other.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

HYGIENE = Path(__file__).parent / "hygiene"
CHECKS = sorted(path.stem for path in HYGIENE.glob("*.rq"))
BANNER = re.compile(r"# title: (?P<title>.+)\n# pitfall: (?P<pitfall>.+)\n# remedy: (?P<remedy>.+)\n")


def offenders(store: Store, check: str) -> dict[str, str]:
    """Run one check: the IRI of each offending term, and the row that tells why."""
    rows = list(store.query((HYGIENE / f"{check}.rq").read_text("utf-8")))
    return {row["term"].value: " ".join(map(str, row)) for row in rows}


@pytest.mark.parametrize("check", CHECKS)
def test_the_ontology_has_none_of_the_known_slips(check: str, ontology: Store) -> None:
    banner = BANNER.match((HYGIENE / f"{check}.rq").read_text("utf-8"))
    assert banner, f"{check}.rq begins with the three lines title, pitfall and remedy"
    found = offenders(ontology, check)
    assert not found, f"{banner['title']}: {banner['remedy']}\n" + "\n".join(sorted(found.values()))


@pytest.mark.parametrize("check", CHECKS)
def test_each_check_finds_its_slip_and_spares_the_innocent(
    check: str, ontology: Store, load: Callable[..., Store]
) -> None:
    fixture = HYGIENE / f"{check}.bad.ttl"
    subjects = {quad.subject.value for quad in parse(path=str(fixture), format=RdfFormat.TURTLE)}
    guilty = {iri for iri in subjects if "bad" in iri.lower()}
    assert guilty, "a fixture shows the slip"
    assert subjects - guilty, "a fixture shows a near miss too"
    found = offenders(load(fixture), check).keys() - offenders(ontology, check).keys()
    assert found == guilty


def test_no_fixture_has_lost_its_check() -> None:
    fixtures = sorted(path.name.removesuffix(".bad.ttl") for path in HYGIENE.glob("*.bad.ttl"))
    assert fixtures == CHECKS
