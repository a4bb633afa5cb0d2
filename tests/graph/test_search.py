"""Finding entities by any name or address they have."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.story import store_of
from migov.graph import search
from migov.vocabulary import compact

WORLD = """
    o:iom a mgo:IntergovernmentalOrganisation , org:Organization ; mgo:acronym "IOM"@en , "OIM"@fr ;
        skos:prefLabel "International Organization for Migration"@en ,
            "Organización Internacional para las Migraciones"@es .
    o:iml a org:OrganizationalUnit ; skos:prefLabel "IOM International Migration Law Unit"@en .
    o:network a mgo:InterAgencyMechanism ; skos:prefLabel "United Nations Network on Migration"@en ;
        skos:hiddenLabel "UN migration network" .
    person:vitorino a foaf:Person ; skos:prefLabel "António Vitorino"@pt , "António Vitorino"@en .
    doc:report a mgo:Document ; skos:prefLabel "Report of the Director General"@en ; mgo:symbol "MC/INF/287" .
    membership-type:observer a skos:Concept ; skos:prefLabel "observer"@en , "observateur"@fr .
    rel:old a mgo:NameUse ; mgo:named o:iom ; mgo:name "Provisional Committee"@en ;
        rdfs:label "NameUse: IOM as Provisional Committee"@en .
    rel:office a mgo:Contact ; mgo:agent o:network ; mgo:streetAddress "17 Route des Morillons" ;
        mgo:telephone "+41 22 717 91 11" ; mgo:email "office@example.org" ; mgo:locality "Geneva" .
    rel:title a mgo:NameUse ; mgo:named doc:report ; mgo:name "People in a Changing World"@en .
    mgo:Membership a owl:Class ; rdfs:label "membership"@en .
    mgo:InterAgencyMechanism rdfs:label "inter-agency mechanism"@en .
    mgo:IntergovernmentalOrganisation rdfs:label "intergovernmental organisation"@en ;
        rdfs:subClassOf org:Organization .
    place:odd skos:prefLabel "C'est l'été — “100 %” (AND NOT) *"@fr .
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    search.build(path, store_of(WORLD))
    return path


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("iom", "o:iom"),
        ("OIM", "o:iom"),
        ("international organization", "o:iom"),
        ("intern organ migr", "o:iom"),
        ("organizacion", "o:iom"),
        ("Provisional Committee", "o:iom"),
        ("antonio", "person:vitorino"),
        ("António VITORINO", "person:vitorino"),
        ("vitorino antonio", "person:vitorino"),
        ("anto\u0301nio", "person:vitorino"),
        ("MC/INF/287", "doc:report"),
        ("mc inf 287", "doc:report"),
        ("Changing World", "doc:report"),
        ("un migration network", "o:network"),
        ("Morillons", "o:network"),
        ("office@example.org", "o:network"),
        ("+41 22 717 91 11", "o:network"),
        ("observ", "membership-type:observer"),
        ("membership", "mgo:Membership"),
        ("été", "place:odd"),
        ("AND NOT", "place:odd"),
    ],
)
def test_what_people_type_finds_what_they_mean(index: Path, text: str, first: str) -> None:
    assert compact(search.find(index, text)[0].iri) == first


def test_a_hit_tells_the_name_the_match_and_the_kind(index: Path) -> None:
    (hit,) = search.find(index, "provisional")
    assert hit.label == "International Organization for Migration"
    assert hit.matched == "Provisional Committee"
    assert hit.kind == "intergovernmental organisation"


def test_the_whole_name_comes_before_longer_ones(index: Path) -> None:
    assert [compact(hit.iri) for hit in search.find(index, "iom")] == ["o:iom", "o:iml"]


def test_an_entity_comes_once(index: Path) -> None:
    hits = search.find(index, "migra")
    assert len(hits) == len({hit.iri for hit in hits}) == 3


def test_every_word_must_be_there(index: Path) -> None:
    assert search.find(index, "migration zebra") == []


def test_assertions_are_not_found(index: Path) -> None:
    assert search.find(index, "NameUse") == []


def test_no_more_than_asked_for(index: Path) -> None:
    assert len(search.find(index, "migra", 2)) == 2
    assert search.find(index, "migra", 0) == []


@given(st.text())
@example('"')
@example("iom*")
@example("label:iom")
@example("NEAR(iom, 2) OR NOT ^ - + { } \\ \x00")
@example("\u0df4\U0001fbf0²½ⅷ")
@example(" ".join(["iom"] * 5000))
def test_no_text_is_an_error(index: Path, text: str) -> None:
    assert all(hit.iri and hit.matched for hit in search.find(index, text))


SCRIPTS = st.one_of(  # those of the six official languages; newer ones are unknown to the index
    st.characters(categories=("L", "Nd"), max_codepoint=0x52F),
    st.characters(categories=("Lo",), min_codepoint=0x621, max_codepoint=0x64A),
    st.characters(categories=("Lo",), min_codepoint=0x4E00, max_codepoint=0x9FA5),
)


@settings(max_examples=30)  # each builds an index
@given(st.text(SCRIPTS, min_size=1))
def test_a_name_of_one_word_is_found_by_itself(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.mktemp("one") / "search.sqlite"
    search.build(path, store_of(f'state:XYZ skos:prefLabel "{name}"@en .'))
    assert [hit.label for hit in search.find(path, name)] == [name]


def test_the_same_names_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    search.build(one, store_of(WORLD))
    search.build(other, store_of("\n".join(WORLD.split("\n\n")[::-1])))
    assert one.read_bytes() == other.read_bytes()
