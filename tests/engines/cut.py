"""A release small enough to be put into other engines in each run: a few States with all that is said of them."""

import re
from collections.abc import Iterable
from pathlib import Path

from migov.graph.release import Release
from store.processes import release_of

STATES = frozenset({b"BDI", b"EGY", b"FRA", b"KWT", b"MAR", b"MEX", b"OMN", b"TTO"})
_OF_STATE = re.compile(rb"/id/(?:relation|observation|vote)/[^>]*-([A-Z]{3})(?:-|>)")
_SUBJECT = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#subject>"
_EVIDENCE = b"<https://w3id.org/migov/ontology/evidence>"
_PLACE = b"<https://w3id.org/migov/id/evidence/"


def cut(release: Release, folder: Path) -> Release:
    """Return a release without the assertions on other States, without claims on these and evidence of nothing left."""
    with release.graph.open("rb") as file:
        lines = [line for line in file if not _elsewhere(line.partition(b" ")[0])]
    claims = {line.split(b" ", 3)[0] for line in lines if _SUBJECT in line and _elsewhere(line.split(b" ", 3)[2])}
    lines = [line for line in lines if line.partition(b" ")[0] not in claims]
    places = set(_objects(lines, _EVIDENCE))
    lines = [line for line in lines if not line.startswith(_PLACE) or line.partition(b" ")[0] in places]
    whole = folder / "cut.nq"
    whole.write_bytes(b"".join(lines))
    return release_of(whole, folder)


def _elsewhere(iri: bytes) -> bool:
    match = _OF_STATE.search(iri)
    return match is not None and match[1] not in STATES


def _objects(lines: Iterable[bytes], predicate: bytes) -> Iterable[bytes]:
    return (line.split(b" ", 3)[2] for line in lines if line.split(b" ", 3)[1] == predicate)
