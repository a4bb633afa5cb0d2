"""Advice on queries that met a limit, from their form; queries that are well formed for the engine get none of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov import resources
from migov.store import advice

CROSS = "share no variable"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1", "?a and ?d"),
        ("SELECT ?x { ?x a o:Y . ?y a o:Z . FILTER(?x != ?y) } LIMIT 1", "?x and ?y"),
        ("SELECT ?x { ?x a o:Y OPTIONAL { ?y a o:Z } } LIMIT 1", "?x and ?y"),
        ("SELECT ?a { { SELECT ?a { ?a a ?b } } { SELECT ?c { ?c a ?d } } } LIMIT 1", "?a and ?c"),
        ("SELECT ?x { { ?x a ?y } UNION { ?z a ?w } ?w a ?k . ?i a ?j } LIMIT 1", "?k and ?i"),
        ("SELECT ?x { ?x a o:Y { SELECT (MAX(?d) AS ?l) { ?y o:day ?d } GROUP BY ?y } } LIMIT 1", "?x and ?d"),
        ("ASK { _:a a ?x . ?y a ?z }", "?x and ?y"),
    ],
)
def test_parts_that_share_nothing_are_named(text: str, parts: str) -> None:
    assert advice.on(text)[0] == advice.CROSS.format(parts=parts)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { ?x a o:Y ; o:p ?z . ?z o:q ?w }",
        "SELECT ?x { ?x a o:Y FILTER(?x > 3) ?x o:p ?k }",
        "SELECT ?x { VALUES ?on { 1 } ?x a o:Y . FILTER(?x > ?on) }",
        "SELECT ?x { ?x a o:Y . BIND(STR(?x) AS ?k) ?z o:k ?k }",
        "SELECT ?x { ?x a o:Y . BIND(EXISTS { ?x o:p ?q } AS ?k) }",
        "SELECT ?x { ?x a o:Y MINUS { ?q a ?p } }",
        "SELECT ?x { GRAPH ?g { ?x a ?y } ?y a ?z }",
        "SELECT ?x { { ?x a ?y } UNION { ?z a ?w } }",
        "SELECT ?x { ?x a [ o:p ?y ] . ?y a ?z }",
        "SELECT ?x { ?x o:p _:b . _:b a ?z }",
        "SELECT ?x { ?x a o:Y { SELECT (MAX(?d) AS ?last) { ?y o:day ?d } } FILTER(?x > ?last) }",
        "SELECT ?x { { SELECT ?x (COUNT(*) AS ?n) { ?x a ?y } GROUP BY ?x } ?x o:p ?z }",
        "SELECT ?x { { SELECT (MAX(?w) AS ?n) { ?v o:w ?w } } ?x o:p ?z }",
        "SELECT ?x { { SELECT ?y (MAX(?w) AS ?n) { ?y o:w ?w } GROUP BY ?y } ?x o:p ?n }",
    ],
)
def test_what_is_joined_is_not_called_a_cross_product(text: str) -> None:
    assert not any(CROSS in sentence for sentence in advice.on(text))


def test_no_question_of_the_library_is_called_a_cross_product() -> None:
    texts = [path.read_text("utf-8") for path in (resources.default().queries / "library").glob("*.rq")]
    assert texts
    assert not [text for text in texts if any(CROSS in sentence for sentence in advice.on(text))]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s (a|<b:c>)* ?o }", advice.PATH),
        ("SELECT ?n { ?s !<a:a>+ ?o } LIMIT 1", advice.PATH),
        ("SELECT ?x { ?x a o:Y FILTER NOT EXISTS { ?x a ?z } } LIMIT 1", advice.ABSENCE),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", advice.EVERYTHING),
        ("SELECT ?x { ?x a o:Y ; o:p ?n FILTER(regex(?n, 'x')) } LIMIT 1", advice.TEXT),
        ("SELECT ?x { ?x a o:Y } ORDER BY ?x LIMIT 1", advice.SORTING),
        ("SELECT ?x { ?x a o:Y }", advice.ALL),
    ],
)
def test_each_usual_cause_is_told(text: str, says: str) -> None:
    assert advice.on(text) == [says]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?n { o:iom o:in* ?o } LIMIT 1",
        "SELECT (?a*?b AS ?c) { ?a a ?b } LIMIT 1",
        "SELECT (COUNT(*) AS ?n) { ?x a o:Y }",
        "ASK {}",
        "",
    ],
)
def test_a_harmless_form_gets_no_advice(text: str) -> None:
    assert advice.on(text) == []


@given(st.text(st.sampled_from("{}()[]<>?ab:.;,*+\"'\\ \n_#"), max_size=60) | st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for sentence in advice.on(text + " LIMIT 1 COUNT"):
        assert sentence.endswith(".") or CROSS in sentence
