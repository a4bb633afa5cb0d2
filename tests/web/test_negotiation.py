"""Accept headers as clients send them, well and badly, and the format that each gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov.web.negotiation import (
    BINDINGS_FORMATS,
    BY_KEY,
    FORMATS,
    GRAPH_FORMATS,
    HTML,
    choose,
    parse_accept,
    weight_of,
)

OFFERED = (HTML, *GRAPH_FORMATS)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "key"),
    [
        (None, "html"),
        ("", "html"),
        ("*/*", "html"),
        (FIREFOX, "html"),
        ("text/turtle", "turtle"),
        ("TEXT/Turtle", "turtle"),
        ("text/turtle;charset=utf-8", "turtle"),
        ('text/turtle; charset="utf-8"', "turtle"),
        ("text/*", "html"),
        ("text/*, text/html;q=0", "turtle"),
        ("application/*", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("text/turtle;q=0.5, application/rdf+xml", "rdfxml"),
        ("text/turtle;q=0.5, application/rdf+xml;q=0.4", "turtle"),
        ("application/rdf+xml;q=0.9, */*;q=0.1", "rdfxml"),
        ("*/*;q=0.1, application/n-quads", "nquads"),
        ("text/html;q=0, */*", "turtle"),
        ("text/html;level=1;q=0.1, text/html;q=0.9, text/turtle;q=0.5", "html"),
        ("text/html;level=1, text/turtle;q=0.5", "html"),
        ("text/turtle;q=1.000", "turtle"),
        ("application/x-turtle", "turtle"),
        ("image/png, text/turtle;q=0.1", "turtle"),
        ("text/plain, */*;q=0.1", "ntriples"),  # rdflib, format="nt"
        ("text/html, text/plain, */*;q=0.01", "html"),  # lynx
        ("application/json, text/plain, */*", "html"),
        ("text/n3", "turtle"),
        ("application/json", "jsonld"),
        ("application/json, text/html;q=0.9", "jsonld"),
        ("application/n-quads,application/trig,application/rdf+xml,text/turtle,application/ld+json", "turtle"),
        ("image/png", None),
        ("text/html;q=0, text/turtle;q=0.0", None),
        ("*/*;q=0", None),
        # what breaks the grammar is passed over (RFC 9110 leaves the answer to us)
        ("text/turtle;q=high, text/html;q=0.1", "html"),
        ("text/turtle;q=2, application/rdf+xml", "rdfxml"),
        ("text, /, ;;;, application/n-triples", "ntriples"),
        (",,, ,text/turtle,", "turtle"),
        ("nonsense", "html"),
        ('text/turtle;x="a,b;c";q=0.4, application/rdf+xml;q=0.3', "turtle"),
        ('text/turtle;x="unclosed, text/html', "html"),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, key: str | None) -> None:
    found = choose(accept, OFFERED)
    assert (found and found.key) == key


def test_results_are_json_for_anybody_and_csv_for_who_asks() -> None:
    assert choose("*/*", BINDINGS_FORMATS) is BY_KEY["json"]
    assert choose("application/json", BINDINGS_FORMATS) is BY_KEY["json"]
    assert choose("application/json, text/plain, */*", BINDINGS_FORMATS) is BY_KEY["json"]
    assert choose("text/html, text/plain, */*;q=0.01", (*GRAPH_FORMATS, HTML)) is HTML
    assert choose("text/csv, */*;q=0.1", BINDINGS_FORMATS) is BY_KEY["csv"]


@given(st.text(max_size=200))
def test_no_header_breaks_the_reading(header: str) -> None:
    ranges = parse_accept(header)
    assert ranges
    assert all(0 <= element.weight <= 1 for element in ranges)
    found = choose(header, OFFERED)
    assert found is None or weight_of(found, ranges) == max(weight_of(form, ranges) for form in OFFERED)


weights = st.sampled_from(["0", "0.1", "0.5", "0.999", "1"])


@given(st.dictionaries(st.sampled_from(OFFERED), weights, min_size=1))
def test_the_highest_weight_wins_whatever_the_order(wanted: dict[object, str]) -> None:
    weighed = {form: float(weight) for form, weight in wanted.items() if form in OFFERED}
    header = ", ".join(f"{form.media_type};q={wanted[form]}" for form in OFFERED if form in weighed)
    found = choose(header, OFFERED)
    if not any(weighed.values()):
        assert found is None
    else:
        assert found is not None
        assert weighed[found] == max(weighed.values())
        assert choose(", ".join(reversed(header.split(", "))), OFFERED) is found


def test_each_media_type_is_one_representation_of_a_family() -> None:
    for family in (OFFERED, (*BINDINGS_FORMATS, HTML)):
        names = [name for form in family for name in form.accepted_as]
        assert len(names) == len(set(names))
    assert len({form.key for form in FORMATS}) == len(FORMATS)
