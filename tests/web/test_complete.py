"""Somebody writes a query in an editor, which asks the server at each step what may come next."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Store

from migov.vocabulary import BASE, ONTOLOGY, RDF_TYPE, SKOS, prefixes


def suggested(client: FlaskClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/complete", query_string=asked)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return list(json.loads(answer.text)["results"])


def names(client: FlaskClient, **asked: Any) -> list[str]:
    return [result["name"] for result in suggested(client, **asked)]


def test_prefixes_are_those_that_queries_need_not_declare(client: FlaskClient) -> None:
    found = suggested(client, kind="prefix")
    assert {result["name"][:-1]: result["label"] for result in found} == prefixes()
    assert "doc:" in names(client, kind="prefix", q="do")


def test_a_class_is_found_by_its_name_or_a_word_of_its_label(client: FlaskClient) -> None:
    assert "mgo:Treaty" in names(client, kind="class", q="mgo:Trea")[:3]
    assert "mgo:IntergovernmentalOrganisation" in names(client, kind="class", q="organ")


def test_properties_of_the_class_of_the_subject_come_first(client: FlaskClient, released: Store) -> None:
    found = suggested(client, kind="property", **{"class": "mgo:Membership"})
    subjects = {q.subject for q in released.quads_for_pattern(None, NamedNode(RDF_TYPE), iri("Membership"), None)}
    for result in found[:8]:
        if result["name"] == "a":
            continue
        assert any(subjects & {q.subject for q in released.quads_for_pattern(None, of(result["name"]), None, None)})


def test_the_class_is_known_from_the_subject_or_from_its_other_properties(client: FlaskClient) -> None:
    assert "mgo:iso3166alpha2" in names(client, kind="property", subject="state:TTO")[:15]
    beside = names(client, kind="property", q="mgo:b", **{"with": ["mgo:instrument", "mgo:status"]})
    assert beside[0].startswith("mgo:bound")


def test_a_property_with_a_code_list_has_its_codes_and_nothing_else(client: FlaskClient, released: Store) -> None:
    found = names(client, kind="value", property="mgo:status")
    scheme = NamedNode(f"{BASE}concept/participation-status")
    codes = {q.subject.value for q in released.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), scheme, None)}  # type: ignore[union-attr]
    assert {of(name).value for name in found} == codes


def test_things_of_the_range_of_a_property_come_first(client: FlaskClient) -> None:
    found = suggested(client, kind="value", property="mgo:instrument", q="migrant")
    kinds = [result["kind"] for result in found]
    assert kinds[0] == "Treaty"
    assert "Concept" in kinds[kinds.index("Treaty") :]


@pytest.mark.parametrize("typed", ["icrmw", "doc:icr", "migrant-workers", "ICRMW"])
def test_an_entity_is_found_by_any_of_its_names_or_its_key(client: FlaskClient, typed: str) -> None:
    found = {result["name"]: result for result in suggested(client, kind="entity", q=typed)}
    assert found["doc:icrmw"]["kind"] == "Treaty"


def test_what_is_suggested_stands_for_something(client: FlaskClient, released: Store) -> None:
    for typed in ("a", "un", "state:", "o:i"):
        for result in suggested(client, kind="entity", q=typed):
            assert next(released.quads_for_pattern(of(result["name"]), None, None, None), None), result
            labels = released.quads_for_pattern(of(result["name"]), NamedNode(SKOS + "prefLabel"), None, None)
            assert result["label"] in {q.object.value for q in labels if isinstance(q.object, Literal)}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "everything"},
        {"kind": "entity", "q": "x" * 201},
        {"kind": ["class", "property"]},
        {"kind": "class", "q": ["a", "b"]},
    ],
)
def test_what_cannot_be_answered_is_refused(small: FlaskClient, asked: dict[str, Any]) -> None:
    assert small.get("/complete", query_string=asked).status_code == 400


@pytest.mark.parametrize("typed", ['"', "<", "a:b:c", "%", "'; DROP", "\u202e", "nosuch:thing", ":", "<javascript:x>"])
@pytest.mark.parametrize("kind", ["prefix", "class", "property", "value", "entity"])
def test_any_text_is_answered(hostile: FlaskClient, kind: str, typed: str) -> None:
    more = {"class": typed, "subject": typed, "property": typed, "with": typed}
    assert len(suggested(hostile, kind=kind, q=typed, **more)) <= 40


def test_answers_are_short_and_may_be_kept(client: FlaskClient) -> None:
    answer = client.get("/complete?kind=property&q=&class=mgo:Participation")
    assert "public" in answer.headers["Cache-Control"]
    assert len(answer.data) < 20_000
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def iri(name: str) -> NamedNode:
    return NamedNode(ONTOLOGY + name)


def of(name: str) -> NamedNode:
    """The node that a name in a query stands for."""
    if name.startswith("<"):
        return NamedNode(name[1:-1])
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes()[prefix] + local)
