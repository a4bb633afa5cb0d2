"""Nasty queries: each gets a clear answer in bounded time, and nobody else notices."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from migov import errors
from migov.store import Limits
from migov.store.local import LocalStore
from store.processes import Process, eventually, stat

ALL = {"bindings": "json", "boolean": "json", "graph": "turtle"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(8)) + " }"
SOON = Limits(deadline=0.4, result_bytes=2**30)  # so that no size ends what the clock should


def outcome(store: LocalStore, text: str, limits: Limits = SOON) -> str:
    """The kind of the result, or the name of the error."""
    try:
        return store.query(text, ALL, limits=limits).kind
    except errors.MigovError as error:
        return type(error).__name__


def fine(store: LocalStore) -> bool:
    """Tell whether the next query is answered as ever."""
    return store.query("ASK { o:alpha a org:Organization }", ALL).body == b'{"head":{},"boolean":true}'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RUNAWAY, id="cross product"),
        pytest.param(RUNAWAY.replace("COUNT(*)", "GROUP_CONCAT(?a1)"), id="grouping of a cross product"),
        pytest.param(f"ASK {{ FILTER NOT EXISTS {{ {{ {RUNAWAY} }} FILTER(?n < 0) }} }}", id="inside an expression"),
        pytest.param("CONSTRUCT { ?a0 ?b1 ?c2 } " + RUNAWAY[RUNAWAY.index("{") :], id="construct"),
        pytest.param("SELECT * { " + "".join(f"?a{i} !<a:{i}>* ?b{i} . " for i in range(8)) + "}", id="paths"),
        pytest.param("SELECT * { ?s ?p " + ", ".join(map(str, range(1_500))) + " }", id="planner"),
        pytest.param("SELECT * " + RUNAWAY[RUNAWAY.index("{") :] + " ORDER BY RAND()", id="sorting"),
    ],
)
def test_a_runaway_is_ended_at_its_deadline(store: LocalStore, text: str) -> None:
    start = time.monotonic()
    with pytest.raises(errors.QueryTimeout, match=r"deadline of 0\.4 seconds") as ended:
        store.query(text, ALL, limits=SOON)
    assert 0.3 < time.monotonic() - start < 5
    assert ended.value.facts == {"limit": 0.4, "unit": "seconds"}
    assert fine(store)


@pytest.mark.parametrize("deadline", [0, -1, 0.001])
def test_a_deadline_of_nothing_is_not_a_deadline_of_for_ever(store: LocalStore, deadline: float) -> None:
    assert outcome(store, RUNAWAY, Limits(deadline=deadline)) in {"QueryTimeout", "TooBusy"}


def test_others_are_answered_meanwhile(process: Process) -> None:
    """Four runaways on any number of cores: they are set back after 0.2 s, so small queries overtake them."""
    store, limits = process.store(connections=8), Limits(deadline=6)

    with ThreadPoolExecutor(4) as pool:
        runaways = [pool.submit(outcome, store, RUNAWAY, limits) for _ in range(4)]
        time.sleep(0.6)
        assert all(fine(store) for _ in range(20))
        overtaken = not any(future.done() for future in runaways)
        assert {future.result() for future in runaways} == {"QueryTimeout"}
    store.close()
    assert overtaken, "all twenty were answered before the first runaway ended"


def test_a_long_query_sinks_to_the_lowest_priority_and_its_child_is_not_used_again(process: Process) -> None:
    before = set(process.children())
    store = process.store(connections=1)

    def lowest() -> bool:
        ours = set(process.children()) - before
        return bool(ours) and all(stat(pid, 18) == 19 for pid in ours)

    some = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(4))
    long = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * 12} }} {some} }}"
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(store.query, long, ALL, limits=Limits(deadline=60))  # a busy machine is no failure
        assert eventually(lowest)
        assert answer.result().kind == "bindings"
    assert eventually(lambda: set(process.children()) <= before)
    assert fine(store)
    store.close()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "SELECT ?x28 { BIND('" + "a" * 64 + "' AS ?x0) "
            + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(28)) + " }",
            id="doubling",
        ),
        pytest.param("SELECT * " + RUNAWAY[RUNAWAY.index("{") :] + " ORDER BY ?a1", id="sorting"),
        pytest.param("SELECT DISTINCT * " + RUNAWAY[RUNAWAY.index("{") :] + " OFFSET 1000000000", id="distinct"),
    ],
)  # fmt: skip
def test_a_memory_bomb_is_ended_as_one(store: LocalStore, text: str) -> None:
    with pytest.raises(errors.QueryMemory, match="33,554,432 bytes") as ended:
        store.query(text, ALL, limits=Limits(deadline=20, child_memory=2**25))
    assert ended.value.facts == {"limit": 2**25, "unit": "bytes"}
    assert fine(store)


def nested(count: int, start: str, middle: str, end: str, around: str) -> str:
    return around % (start * count + middle + end * count)


@pytest.mark.parametrize(
    ("start", "middle", "end", "around"),
    [
        ("{", "", "}", "SELECT * { %s }"),
        ("{", "", "", "SELECT * { %s"),
        ("FILTER EXISTS {", "?s ?p ?o", "}", "ASK { %s }"),
        ("STR(", "1", ")", "SELECT (%s AS ?x) {}"),
        ("IF(1,1,", "1", ")", "SELECT (%s AS ?x) {}"),
        ("(", "1", ")", "SELECT (%s AS ?x) {}"),
        ("[ ?p ", "1", "]", "SELECT * { %s }"),
        ("( 1 ", "", ")", "SELECT * { ?s ?p %s }"),
        ("<< ", "?s", " ?p ?o >>", "SELECT * { %s ?p ?o }"),
        ("(", "<a:b>", ")*", "SELECT * { ?s %s ?o }"),
        ("{ SELECT * ", "{}", "}", "SELECT * { %s }"),
        ("GRAPH ?g { OPTIONAL {", "", "} }", "SELECT * { %s }"),
    ],
)
def test_deep_nesting_is_turned_away_and_what_is_let_in_does_no_harm(
    store: LocalStore, start: str, middle: str, end: str, around: str
) -> None:
    with pytest.raises(errors.QueryTooComplex, match="nested more than 100 deep") as refusal:
        store.query(nested(20_000, start, middle, end, around), ALL)
    assert refusal.value.facts["line"] == 1
    most = 97 // max(start.count("{") + start.count("("), 1)
    inside = nested(most, start, middle, end, around)
    assert outcome(store, inside) in ({"bindings", "boolean", "QueryTimeout"} if end else {"QuerySyntax"})
    assert fine(store)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (" + "+".join(["1"] * 950) + " AS ?x) {}",
        "SELECT (" + "!" * 1_900 + "?x AS ?y) {}",
        "SELECT * { FILTER(" + "||".join(["?x"] * 950) + ") }",
        "SELECT * {" + " UNION ".join(["{?s ?p 1}"] * 390) + "}",
        "SELECT * {" + "OPTIONAL {?s ?p 1}" * 380 + "}",
        "SELECT * { ?s ?p ?o " + "MINUS {?s ?p 1}" * 380 + "}",
        "SELECT * {?s " + "|".join(["<a:b>"] * 950) + " ?o}",
        "SELECT * {?s " + "/".join(["<a:b>"] * 950) + " ?o}",
        "SELECT * {?s ?p (" + " 1" * 1_900 + ")}",
        "SELECT " + " ".join(f"(1 AS ?x{i})" for i in range(480)) + " {}",
        "SELECT (COALESCE(" + ",".join(["?x"] * 1_900) + ") AS ?y) {}",
    ],
)
def test_long_chains_within_the_limit_do_not_break_the_engine(store: LocalStore, text: str) -> None:
    assert outcome(store, text) in {"bindings", "QueryTimeout"}, "the planner may be slow, the engine may not break"
    assert fine(store)


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [("(a+)+$", ""), ("(a|aa)*b", ""), ("(.*)*x", "s"), ("(", ""), ("a{1000}{1000}", ""), ("[", "q")],
)
def test_regular_expressions_do_no_harm(store: LocalStore, pattern: str, flags: str) -> None:
    many = "a" * 5_000
    regex, replace = f"REGEX('{many}', '{pattern}', '{flags}')", f"REPLACE('{many}', '{pattern}', '')"
    assert len(store.rows(f"SELECT ({regex} AS ?x) ({replace} AS ?y) {{}}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p 'a\x00b' }",
        "ASK { ?s ?p '\\u0000' }",
        "\x00",
        "ASK { ?s ?p <http://example.org/" + "a" * 61_000 + "> }",
        "ASK { ?s ?p '" + "é" * 30_000 + "' }",
        "ASK { ?" + "a" * 60_000 + " ?p ?o }",
        "#" * 60_000,
        "ASK { ?s ?p ?o } " + "\n" * 60_000,
        "PREFIX : <a:> " * 660 + "ASK {}",
        "\ufeffASK {}",
    ],
)
def test_odd_bytes_and_long_words_are_answered_or_refused(store: LocalStore, text: str) -> None:
    assert outcome(store, text, Limits()) in {"boolean", "QuerySyntax", "QueryTooComplex"}
    assert fine(store)


@pytest.mark.parametrize("key", ["json", "xml", "csv", "tsv"])
def test_a_result_beyond_the_limit_is_refused_whole(store: LocalStore, key: str) -> None:
    text = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"
    size = len(store.query(text, {"bindings": key}).body)
    assert len(store.query(text, {"bindings": key}, limits=Limits(result_bytes=size)).body) == size
    with pytest.raises(errors.ResultTooLarge) as refusal:
        store.query(text, {"bindings": key}, limits=Limits(result_bytes=size - 1))
    assert refusal.value.facts == {"limit": size - 1, "unit": "bytes"}


def test_a_large_result_comes_whole(store: LocalStore) -> None:
    text = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g foaf:name ?h }"
    body = store.query(text, {"bindings": "csv"}).body
    assert len(body) > 2**16
    everything = len(store.rows("SELECT ?s { ?s ?p ?o }"))
    assert body.count(b"\r\n") == 1 + everything**2
    assert body.endswith(b"\r\n")


def test_many_threads_share_few_connections(process: Process) -> None:
    store = process.store(connections=3)
    with ThreadPoolExecutor(12) as pool:
        text = "SELECT ?n { BIND(%d AS ?n) }"
        answers = list(pool.map(lambda n: str(store.rows(text % n)[0]["n"]), range(300)))
    assert answers == [str(n) for n in range(300)]
    store.close()


def test_time_spent_waiting_is_taken_off_the_deadline(process: Process) -> None:
    store = process.store(connections=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL, limits=Limits(deadline=1.2))
        assert eventually(running.running)
        time.sleep(0.1)
        with pytest.raises(errors.QueryTimeout) as ended:
            store.query(RUNAWAY, ALL, limits=Limits(deadline=2))
        assert ended.value.facts["limit"] < 1.7
        assert isinstance(running.exception(), errors.QueryTimeout)
    store.close()


def test_a_query_that_finds_no_place_in_time_is_told_so(process: Process) -> None:
    store = process.store(connections=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, RUNAWAY, ALL, limits=Limits(deadline=1))
        assert eventually(running.running)
        time.sleep(0.1)
        with pytest.raises(errors.TooBusy) as busy:
            store.query("ASK {}", ALL, limits=Limits(deadline=0.2))
        assert busy.value.facts["retry_after"] == 1
        assert isinstance(running.exception(), errors.QueryTimeout)
    store.close()
