"""What the stories about imports share: a small graphs folder to import into."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from record.folder import Folder

STATES = """
state:FRA a mgo:State ; skos:prefLabel "France"@en ; mgo:iso3166alpha3 "FRA" .
state:IDN a mgo:State ; skos:prefLabel "Indonesia"@en ; mgo:iso3166alpha3 "IDN" .
state:KEN a mgo:State ; skos:prefLabel "Kenya"@en ; mgo:iso3166alpha3 "KEN" .
place:moon a mgo:Place ; skos:prefLabel "Moon"@en ; mgo:tableKey "MOO" .
"""


@pytest.fixture
def folder_with(tmp_path: Path) -> Callable[..., Folder]:
    """Make a graphs folder with three States, some entities in Turtle, and sources: address and tier."""

    def make(entities: str, sources: Mapping[str, str]) -> Folder:
        folder = Folder(tmp_path / "graphs", entities, sources)
        folder.write("entities/states", STATES)
        return folder

    return make
