"""Who a client is, how its requests are counted, and what memory answers: each part by itself."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migov.web.cache import Cache
from migov.web.clients import Clients, Networks
from migov.web.environ import Answer, Scope
from migov.web.rate import SETS, SIZE, Rate, allowance, make_table

PROXIES = "10.0.0.0/8, 192.0.2.1 2001:db8::/32"


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        ("203.0.113.9:1234", "", "203.0.113.9"),
        ("203.0.113.9:1234", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1:1234", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1:1234", "198.51.100.66, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1:1234", "198.51.100.1, 10.9.9.9, 192.0.2.1", "198.51.100.1"),
        ("10.0.0.1:1234", "198.51.100.1:8080", "198.51.100.1"),
        ("10.0.0.1:1234", "[2001:db9::1]:8080", "2001:db9::1"),
        ("10.0.0.1:1234", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1:1234", "unknown", "10.0.0.1"),
        ("10.0.0.1:1234", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1:1234", "10.2.2.2", "10.2.2.2"),
        ("10.0.0.1:1234", " , ,", "10.0.0.1"),
        ("[2001:db8::7]:1234", "198.51.100.1", "198.51.100.1"),
        ("2001:db8::7:1234", "198.51.100.1", "198.51.100.1"),
        ("203.0.113.9:1234", "203.0.113.1, 10.0.0.1", "203.0.113.9"),
    ],
)
def test_the_client_is_the_last_who_is_no_trusted_proxy(peer: str, chain: str, client: str) -> None:
    clients = Clients(Networks(PROXIES))
    headers = {"x-forwarded-for": chain} if chain else {}
    for _ in range(2):
        assert clients.of(peer, headers).name == client


def test_a_proxy_that_is_not_trusted_is_seen_as_one() -> None:
    clients = Clients(Networks(""))
    assert not clients.of("203.0.113.9:1", {}).behind
    for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
        assert clients.of("203.0.113.9:1", {name: "127.0.0.1"}).behind


@given(st.text(max_size=60))
def test_no_header_breaks_the_reading_of_clients(text: str) -> None:
    name = Clients(Networks(PROXIES)).of("10.0.0.1:1", {"x-forwarded-for": text}).counted_as
    assert name
    assert len(name) < 50


@pytest.fixture
def rate(tmp_path: Path) -> Rate:
    make_table(tmp_path / "rate", b"0123456789abcdef")
    return Rate(tmp_path / "rate", rate=2, burst=10)


def test_a_burst_is_let_through_and_then_the_rate(rate: Rate) -> None:
    assert [rate.take("a", now=100.0).allowed for _ in range(12)] == [True] * 10 + [False] * 2
    assert [rate.take("a", now=101.0).allowed for _ in range(3)] == [True, True, False]
    assert rate.take("b", now=101.0).allowed
    assert [rate.take("a", now=200.0).allowed for _ in range(11)] == [True] * 10 + [False]


def test_a_client_is_told_what_is_left_and_when_to_come_back(rate: Rate) -> None:
    first = rate.take("a", now=100.0)
    assert (first.remaining, first.reset, first.retry_after) == (9, 1, 0)
    for _ in range(9):
        last = rate.take("a", now=100.0)
    assert (last.remaining, last.reset) == (0, 5)
    refused = rate.take("a", now=100.0)
    assert (refused.allowed, refused.remaining, refused.retry_after) == (False, 0, 1)
    assert rate.take("a", now=100.0 + refused.retry_after).allowed
    assert allowance(rate.policy, first) == [
        ("ratelimit-policy", '"requests";q=10;w=5'),
        ("ratelimit", '"requests";r=9;t=1'),
    ]


def test_all_workers_count_in_one_table(rate: Rate, tmp_path: Path) -> None:
    other = Rate(tmp_path / "rate", rate=2, burst=10)
    assert sum(each.take("a", now=100.0).allowed for _ in range(10) for each in (rate, other)) == 10


def test_the_table_never_grows_and_goes_on_counting_who_is_busy(rate: Rate, tmp_path: Path) -> None:
    for _ in range(10):
        rate.take("busy", now=100.0)
    for number in range(3 * SETS):
        assert rate.take(f"client {number}", now=100.0).allowed
    assert (tmp_path / "rate").stat().st_size == SIZE
    assert not rate.take("busy", now=100.0).allowed


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=80))
def test_no_client_ever_has_more_than_its_allowance(steps: list[tuple[str, float]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make_table(Path(folder) / "rate", b"salt")
        rate = Rate(Path(folder) / "rate", rate=2, burst=5)
        now, passed = 100.0, {name: list[float]() for name in "abc"}
        for name, pause in steps:
            now += pause
            if rate.take(name, now).allowed:
                passed[name].append(now)
    for times in passed.values():
        for start, first in enumerate(times):
            for count, last in enumerate(times[start:], 1):
                assert count <= 5 + 2 * (last - first) + 1e-6


KEPT = Answer(200, [("content-type", "text/html"), ("content-length", "4"), ("etag", '"new"'),
                    ("cache-control", "public"), ("vary", "Accept")], b"body")  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('"new"', 304),
        ('W/"new"', 304),
        ('"old", "new"', 304),
        ('"old",W/"new"', 304),
        ("*", 304),
        ('"old"', 200),
        ('"ne"', 200),
        ("new", 200),
        ('"old, new"', 200),
        ("", 200),
    ],
)
def test_memory_answers_conditions_itself(condition: str, status: int) -> None:
    cache = Cache()
    cache.keep(Scope("GET", "/x", "", {}), KEPT)
    answer = cache.answer(Scope("GET", "/x", "", {"if-none-match": condition}))
    assert answer is not None
    assert answer.status == status
    assert (answer.body == b"") == (status == 304)
    assert answer.header("etag") == '"new"'
    assert answer.header("vary") == "Accept"
    assert (answer.header("content-length") == "") == (status == 304)


def test_memory_leaves_other_conditions_and_methods_to_the_site() -> None:
    cache = Cache()
    cache.keep(Scope("GET", "/x", "", {}), KEPT)
    assert cache.answer(Scope("GET", "/x", "", {})) is KEPT
    assert cache.answer(Scope("HEAD", "/x", "", {})) is KEPT
    assert cache.answer(Scope("POST", "/x", "", {})) is None
    for name in ("if-match", "if-modified-since", "range", "if-range"):
        assert cache.answer(Scope("GET", "/x", "", {name: "x"})) is None
