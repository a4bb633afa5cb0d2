"""The scan of query text: what it lets pass, what it stops, and that nothing fools it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov import errors
from migov.store import guard
from migov.store.local import LocalStore

AWKWARD = st.text(st.sampled_from("(){}[]<>\"'\\#?$:.,;@^&|!=*+-/ \n\rabcVALUES1é\x00"), max_size=80)
HIDDEN = st.text(st.sampled_from("(){}[]<>#?;,.\\\"' é"), max_size=12)


def literal(text: str, quote: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    return f"{quote}{escaped}{quote}"


HIDERS = st.one_of(
    st.builds(literal, HIDDEN, st.sampled_from(["'", '"', "'''", '"""'])),
    st.builds(lambda text: f"#{text}\n", HIDDEN),
    st.builds(lambda text: f"<http://example.org/{text}>", st.text(st.sampled_from("()[]#'.;,?"), max_size=12).map(
        lambda text: text.replace("[", "").replace("]", ""))),
    st.just("ex:a\\(\\(\\("),
)  # fmt: skip


@given(AWKWARD, st.integers(0, 6), st.integers(0, 30))
def test_any_text_passes_or_is_too_complex(text: str, nesting: int, terms: int) -> None:
    place = {"line": 1, "column": 1}
    try:
        guard.check(text, nesting, terms)
    except errors.QueryTooComplex as refusal:
        place = refusal.facts
    lines = text.split("\n")
    assert 1 <= place["column"] <= len(lines[place["line"] - 1]) + 1


@given(AWKWARD)
def test_tokens_are_the_text_without_space_and_comments(text: str) -> None:
    end = 0
    for token in guard.tokens(text):
        assert text[token.start : token.start + len(token.text)] == token.text
        between = text[end : token.start]
        assert not between.strip() or "#" in between
        end = token.start + len(token.text)


@given(st.lists(HIDERS, max_size=12), st.integers(1, 5))
def test_brackets_in_strings_iris_comments_and_names_do_not_count(hiders: list[str], depth: int) -> None:
    inside = " ".join(f"?s ex:p {hider} ;" for hider in hiders)
    guard.check("SELECT * " + "{" * depth + inside + "}" * depth, nesting=depth, terms=1_000)


@given(st.lists(HIDERS, max_size=6), st.sampled_from(["()", "{}", "[]"]), st.integers(1, 5))
def test_brackets_after_them_count(hiders: list[str], pair: str, depth: int) -> None:
    text = "ASK { ?s ?p " + " , ".join(hiders) + " . " + pair[0] * depth
    with pytest.raises(errors.QueryTooComplex) as refusal:
        guard.check(text + pair[1] * depth + "}", nesting=depth, terms=1_000)
    lines = text.split("\n")
    assert refusal.value.facts["line"] == len(lines)
    assert refusal.value.facts["column"] == len(lines[-1])


@given(st.text(max_size=30), st.sampled_from(["'", '"', "'''", '"""']))
def test_a_string_ends_where_the_engine_ends_it(store: LocalStore, text: str, quote: str) -> None:
    text = text.replace("\r", "").replace("\n", "").encode(errors="replace").decode()
    written = literal(text, quote)
    assert [token.text for token in guard.tokens(written)] == [written]
    assert [str(row["x"]) for row in store.rows(f"SELECT ({written} AS ?x) {{}}")] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { FILTER(?a<((((((1))))))&&?b>2) }",
        "SELECT * { FILTER(?a<'x>' && ((((((1)))))) || '' != 'b') }",
        "SELECT * { FILTER(?a<#b>\n((((((1)))))) }",
        "SELECT * { FILTER(STR(?a)<((((((1))))))&&?b>2) }",
        "SELECT * { FILTER(1<((((((1))))))&&?b>2) }",
    ],
)
def test_less_than_cannot_hide_brackets_as_an_iri_would(text: str) -> None:
    with pytest.raises(errors.QueryTooComplex):
        guard.check(text, nesting=5, terms=1_000)
    guard.check(text.replace("<", "< ").replace("((((((1))))))", "(1)"), nesting=5, terms=20)


def test_stray_brackets_close_nothing_they_did_not_open() -> None:
    with pytest.raises(errors.QueryTooComplex):
        guard.check("{ ( { ) ( { ) ( { ) ( {", nesting=6)
    guard.check("{ (((( } { (((( } { (((( }", nesting=5, terms=5_000)


@pytest.mark.parametrize("text", ["''' x' ((((((", "('' ''' x' ((((((", '""" \'\'\' "{{{{{{', "'''\\''' ' ((((((\\"])
def test_a_long_string_without_end_is_read_as_the_engine_reads_it(text: str) -> None:
    with pytest.raises(errors.QueryTooComplex):
        guard.check(text, nesting=5, terms=20)


@pytest.mark.parametrize("rows", ["<http://example.org/{}>", "'{}'", "ex:n{}", "(<http://example.org/{}> UNDEF 1)"])
def test_long_lists_of_values_pass(store: LocalStore, rows: str) -> None:
    variables = "(?a ?b ?c)" if rows.startswith("(") else "?a"
    body = " ".join(rows.format(number) for number in range(1_500))
    text = f"PREFIX ex: <http://example.org/> SELECT (COUNT(*) AS ?n) {{ VALUES {variables} {{ {body} }} }}"
    guard.check(text)
    assert str(store.rows(text)[0]["n"]) == "1500"


def test_long_lists_of_alternatives_pass(store: LocalStore) -> None:
    body = ", ".join(f"<http://example.org/{number}>" for number in range(1_000))
    guard.check(f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({body})) }}")
    assert store.rows(f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({body})) }}") == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (" + "+".join(["1"] * 3_000) + " AS ?x) {}",
        "SELECT * {" + " UNION ".join(["{?s ?p 1}"] * 1_000) + "}",
        "SELECT * {?s ?p " + ",".join(["1"] * 3_000) + "}",
        "SELECT * {?s ?p (" + " 1" * 3_000 + ")}",
        "SELECT * {?s " + "/".join(["ex:p"] * 2_000) + " ?o}",
        "SELECT (" + "!" * 3_000 + "?x AS ?y) {}",
        "SELECT * { VALUES ?x { 1 } " + "VALUES ?x { 1 } " * 1_000 + "}",
        "VALUES " * 3_000,
        "VALUES ?x { { " + "1 " * 3_000,
    ],
)
def test_long_chains_are_stopped(text: str) -> None:
    with pytest.raises(errors.QueryTooComplex, match="more than 2,000 terms") as refusal:
        guard.check(text)
    assert refusal.value.facts["limit"] == 2_000
    assert refusal.value.facts["line"] == 1


PIECES = [
    *"\"'<>#@?^\\.:_",
    "'''",
    '"\\',
    '"""\\',
    "'''\\",
    "<<",
    "<a",
    "a.",
    "a:.",
    "a-",
    "{(",
    "1.",
    "1e",
    ")>>",
    "@a-",
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("end", ["", "\\", "\n'"])
def test_the_scan_is_linear(piece: str, end: str) -> None:
    """Ten times the text may take about ten times as long; quadratic would be a hundred."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece)) + end
        start = time.process_time()
        for _ in guard.tokens(text):
            pass
        return time.process_time() - start

    small = min(seconds(2_000) for _ in range(3))
    assert min(seconds(20_000) for _ in range(2)) < 30 * small + 0.01
