"""Whoever has the source documents can check every statement: the passage is there, unchanged, with the words quoted.

The documents are not ours to hand out. They lie in ``shared/sources`` beside the checkout where there is a copy, as in
continuous integration; without one there is nothing to compare with, and these stories are skipped.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from migov.resources import Resources

WORDS_IN_A_QUOTE = 12
WORDS_IN_A_LINE = 8  # a printed line no longer than this, such as a telephone number, may be quoted whole

DOCUMENTS = """
PREFIX mgo: <https://w3id.org/migov/ontology/>
SELECT ?document ?file ?sha256 WHERE { ?document mgo:fileName ?file OPTIONAL { ?document mgo:sha256 ?sha256 } }
"""
EVIDENCE = """
PREFIX mgo: <https://w3id.org/migov/ontology/>
SELECT ?evidence ?source ?locator ?paragraph ?quote ?digest WHERE {
  ?evidence mgo:source ?source ; mgo:locator ?locator ; mgo:paragraph ?paragraph ; mgo:quote ?quote ;
    mgo:passageDigest ?digest .
}
"""
# A row of a table has no paragraph: its source says on which day it was read, and where it is found.
UNCHECKABLE = """
PREFIX mgo: <https://w3id.org/migov/ontology/>
SELECT ?evidence WHERE {
  ?evidence a mgo:Evidence .
  FILTER NOT EXISTS {
    ?evidence mgo:source/mgo:fileName ?file ; mgo:paragraph ?paragraph ; mgo:quote ?quote ; mgo:passageDigest ?digest .
  }
  FILTER NOT EXISTS {
    ?evidence mgo:source ?source ; mgo:locator ?locator ; mgo:quote ?quote .
    ?source mgo:readOn ?day FILTER NOT EXISTS { ?source mgo:fileName ?file }
  }
}
"""


@dataclass(frozen=True)
class Place:
    """One Evidence as written, and the paragraph it points to ("" where the document has no such paragraph)."""

    iri: str
    locator: str
    paragraph: int
    quote: str
    digest: str
    passage: str


def fold(text: str) -> str:
    """Return the text stripped, with each run of white space made one space."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="session")
def sources(resources: Resources) -> Path:
    folder = resources.root.parent / "shared" / "sources"
    if not folder.is_dir():
        pytest.skip("no copy of the source documents beside the checkout")
    return folder


@pytest.fixture(scope="session")
def files(written: Store) -> Mapping[str, tuple[str, str]]:
    """File name and digest of each source document, by its IRI."""
    return {
        row["document"].value: (row["file"].value, row["sha256"].value if row["sha256"] else "")
        for row in written.query(DOCUMENTS, use_default_graph_as_union=True)
    }


@pytest.fixture(scope="session")
def places(written: Store, files: Mapping[str, tuple[str, str]], sources: Path) -> list[Place]:
    passages = {
        document: [fold(line) for line in (sources / name).read_text("utf-8").splitlines() if line.strip()]
        for document, (name, _) in files.items()
    }
    found = []
    for row in written.query(EVIDENCE, use_default_graph_as_union=True):
        number = int(row["paragraph"].value)
        passage = "".join(passages[row["source"].value][number - 1 : number])
        values = row["locator"].value, number, fold(row["quote"].value), row["digest"].value
        found.append(Place(row["evidence"].value, *values, passage))
    return found


def test_each_source_is_the_very_file_that_was_read(files: Mapping[str, tuple[str, str]], sources: Path) -> None:
    digests = {name: hashlib.sha256((sources / name).read_bytes()).hexdigest() for name, _ in files.values()}
    assert digests == dict(files.values())


def test_all_evidence_can_be_checked(written: Store, places: list[Place]) -> None:
    assert [row["evidence"].value for row in written.query(UNCHECKABLE, use_default_graph_as_union=True)] == []
    assert places


def test_the_passage_is_the_one_that_was_read(places: list[Place]) -> None:
    assert [p for p in places if hashlib.sha256(p.passage.encode()).hexdigest() != p.digest] == []


def test_the_words_quoted_stand_in_the_passage(places: list[Place]) -> None:
    assert [p for p in places if not p.quote or p.quote not in p.passage] == []


def test_the_locator_names_the_paragraph(places: list[Place]) -> None:
    assert [p for p in places if p.locator.split(" > ")[-1] != f"paragraph {p.paragraph}"] == []


def test_a_quote_is_a_few_words_and_never_a_sentence(places: list[Place]) -> None:
    assert [p for p in places if len(p.quote.split()) > WORDS_IN_A_QUOTE] == []
    assert [p for p in places if len(p.quote.split()) > WORDS_IN_A_LINE and p.quote in sentences(p.passage)] == []


def sentences(passage: str) -> list[str]:
    """Split a passage after each full stop, question or exclamation mark; the passage itself counts as one too."""
    return [passage, *re.split(r"(?<=[.!?])\s+", passage)]
