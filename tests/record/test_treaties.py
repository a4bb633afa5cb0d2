"""A curator imports treaties: each fact with its own source, a page under one name, a hand-kept treaty told once."""

from collections.abc import Callable, Mapping

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from migov.errors import TableRefused
from record.folder import Folder

LIST, PAGE = "list", "https://page.example/pact"
ENTITIES = f"""
doc:pact a mgo:Treaty ; skos:prefLabel "Pact"@en ; mgo:instrumentType instrument-type:convention .
doc:source-long-read a mgo:Document ; skos:prefLabel "The page on the Pact"@en ; foaf:page <{PAGE}> ;
    mgo:readOn "2026-11-23"^^xsd:date ; mgo:sourceTier source-tier:tertiary .
"""


@pytest.fixture
def folder(folder_with: Callable[..., Folder]) -> Folder:
    folder = folder_with("", sources={LIST: "depositary"})
    first, _, described = ENTITIES.partition("doc:source")
    folder.write("entities/known", first)
    folder.write("sources/documents-pages", f"doc:source{described}")
    return folder


def treaty(key: str, **cells: str) -> Mapping[str, str]:
    return {"key": key, "title_en": f"Treaty {key}", "source": LIST, **cells}


def test_a_page_that_was_described_is_not_described_anew(folder: Folder) -> None:
    folder.imports(
        "treaties", [treaty("PACT", entry_into_force="1990-01-01", source=f"{LIST} | entry into force: {PAGE}")]
    )
    [evidence] = folder.having("mgo:source", "doc:source-long-read")
    assert folder.text(evidence, "mgo:quote") == "1990-01-01"
    assert folder.values(evidence, "mgo:confidence") == {folder.node("confidence:low")}
    assert len(folder.having("mgo:readOn", Literal("2026-11-23", datatype=folder.node("xsd:date")))) == 2


def test_a_day_that_was_reckoned_says_so(folder: Folder) -> None:
    notes = "entry_into_force derived: earliest entry of a State; CETS No. 1"
    folder.imports("treaties", [treaty("PACT", entry_into_force="1990-01-01", notes=notes)])
    [event] = folder.of_class("mgo:EntryIntoForce")
    assert folder.text(event, "skos:editorialNote") == "Derived: earliest entry of a State."


def test_what_a_file_kept_by_hand_says_is_not_said_twice(folder: Folder) -> None:
    folder.imports("treaties", [treaty("PACT")])
    assert folder.text(folder.node("doc:pact"), "skos:prefLabel") == "Pact"
    assert folder.text(folder.node("doc:pact"), "skos:altLabel") == "Treaty PACT"
    files = [set(parse(path=str(path), format=RdfFormat.TURTLE)) for path in (folder.path / "entities").glob("*.ttl")]
    assert len(set().union(*files)) == sum(map(len, files))


def test_what_is_unknown_is_told_row_by_row(folder: Folder) -> None:
    rows = [treaty("PACT"), treaty("ANNEX", parent_treaty_key="TREATY", source="a rumour", depositary="Nobody")]
    with pytest.raises(TableRefused) as refused:
        folder.imports("treaties", rows)
    for told in ("treaty 'TREATY' is unknown", "source 'a rumour' is unknown", "'Nobody' is no agent"):
        assert f"row 3: {told}" in str(refused.value)
