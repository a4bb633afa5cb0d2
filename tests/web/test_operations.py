"""What operators and busy clients see: health, metrics, lines of the log, ids, and how much one client may ask."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from migov.resources import Resources
from web.running import ASK, RUNAWAY, Running, eventually, put_release

BOMB = "/sparql?query=" + quote(
    "SELECT DISTINCT * { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(4)) + " } OFFSET 1000000000"
)
LARGE = "/sparql?query=" + quote(
    "SELECT ?a ?b { ?a ?p ?b . ?c <https://w3id.org/migov/ontology/acronym> ?d } LIMIT 300000"
)
Start = Callable[..., Running]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small release."""
    place = tmp_path_factory.mktemp("operations") / "releases"
    put_release(place, "mark", filler=20_000)
    return place


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    running.wait()
    yield running
    assert running.end() == 0


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start servers whose environment the story chooses."""
    started: list[Running] = []

    def start(**environment: str) -> Running:
        started.append(Running(folder, **environment))
        started[-1].wait()
        return started[-1]

    yield start
    for running in started:
        assert running.end() == 0


def metrics(server: Running) -> dict[str, float]:
    """The samples of the exposition by their names with labels."""
    answer, body = server.ask("/metrics")
    assert answer.getheader("content-type") == "text/plain; version=0.0.4; charset=utf-8"
    samples = [line.rpartition(" ") for line in body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in samples}


def test_health_tells_life_readiness_and_the_release(server: Running, folder: Path) -> None:
    answer, body = server.ask("/health/live")
    assert (answer.status, json.loads(body)) == (200, {"status": "alive"})
    for path in ("/health", "/health/ready"):
        answer, body = server.ask(path)
        assert answer.status == 200
        assert answer.getheader("cache-control") == "no-store"
        manifest = json.loads((folder / "current" / "manifest.json").read_text())
        assert json.loads(body)["release"] == manifest["id"]
    assert server.ask("/health", "POST", b"")[0].status == 405
    assert server.ask("/health", "HEAD")[1] == b""


def test_every_answer_has_an_id_and_problems_repeat_it(server: Running) -> None:
    ids = {str(server.ask(path)[0].getheader("x-request-id")) for path in ("/about", "/about", "/nothing", "/health")}
    assert len(ids) == 4
    answer, body = server.ask("/nothing", Accept="application/json")
    assert json.loads(body)["request"] == answer.getheader("x-request-id")
    answer, body = server.ask("/nothing", Accept="text/html")
    assert str(answer.getheader("x-request-id")) in body.decode()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0d5b0c2e-6f0a-4a57-9a54-9e0f6c2d6e11", True),
        ("short", False),
        ("x" * 65, False),
        ("has blanks in it", False),
        ('quote"quote"', False),
        ("{jndi:ldap}", False),
    ],
)
def test_a_clients_own_id_is_kept_if_it_is_well_formed(server: Running, sent: str, kept: bool) -> None:
    answer, _ = server.ask("/about", X_Request_Id=sent)
    assert (answer.getheader("x-request-id") == sent) == kept


def test_each_request_is_one_line_that_holds_no_secrets(server: Running) -> None:
    answer, body = server.ask("/search?q=hidden-word", Accept="text/html", Authorization="Bearer hidden-word")
    name = answer.getheader("x-request-id")
    assert eventually(lambda: bool(server.lines(request=name)))
    (line,) = server.lines(request=name)
    assert (line["method"], line["path"], line["status"], line["bytes"]) == ("GET", "/search", 200, len(body))
    assert line["client"] == "127.0.0.1"
    assert line["ms"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    server.ask("/page/" + quote('"}\n{"status": 1, "é": "'))
    assert "hidden-word" not in server.told()
    assert all(json.loads(text) for text in server.told().splitlines())


def test_the_log_says_what_became_of_a_query(server: Running) -> None:
    ends = {ASK: "answered", RUNAWAY + "&timeout=0.3": "query-timeout", "/sparql?query=ASK": "query-syntax"}
    for path, outcome in ends.items():
        name = server.ask(path)[0].getheader("x-request-id")
        assert eventually(lambda name=name: bool(server.lines(request=name)))
        assert server.lines(request=name)[0]["outcome"] == outcome


def test_metrics_count_over_all_workers(server: Running) -> None:
    before = metrics(server)
    for _ in range(20):
        assert server.ask(ASK)[0].status == 200
    server.ask(RUNAWAY + "&timeout=0.3")
    for _ in range(20):
        server.ask("/about", Accept="text/html")
    now = metrics(server)

    def grown(name: str) -> float:
        return now.get(name, 0) - before.get(name, 0)

    assert grown('migov_queries_total{outcome="answered"}') == 20
    assert grown('migov_queries_total{outcome="query-timeout"}') == 1
    assert grown('migov_children_killed_total{reason="deadline"}') == 1
    assert grown('migov_requests_total{kind="query",status="200"}') == 20
    assert grown('migov_request_seconds_count{kind="query"}') == 21
    assert grown('migov_request_seconds_bucket{kind="query",le="+Inf"}') == 21
    assert grown('migov_cache_requests_total{result="hit"}') >= 18, "each worker makes the page once"
    assert now["migov_requests_in_flight"] == 1, "this one"
    assert now["migov_store_ready"] == 1
    assert now["migov_workers"] == 2
    assert any(name.startswith("migov_release_info{release=") for name in now)


def test_buckets_of_a_histogram_never_fall(server: Running) -> None:
    server.ask(ASK)
    buckets = [value for name, value in metrics(server).items() if 'bucket{kind="query"' in name]
    assert buckets == sorted(buckets)
    assert buckets[-1] > 0


def test_metrics_are_not_for_visitors_who_come_through_a_proxy(server: Running) -> None:
    answer, body = server.ask("/metrics", X_Forwarded_For="127.0.0.1")
    assert answer.status == 403
    assert json.loads(body)["type"].endswith("/problem/forbidden")
    assert eventually(lambda: any("MIGOV_TRUSTED_PROXIES" in line.get("event", "") for line in server.lines()))


def test_metrics_are_for_the_addresses_that_the_operator_names(start: Start) -> None:
    proxied = start(MIGOV_TRUSTED_PROXIES="127.0.0.0/8", MIGOV_METRICS_FROM="192.0.2.0/24, 2001:db8::1")
    assert proxied.status("/metrics") == 403
    for client, status in [("192.0.2.7", 200), ("198.51.100.7", 403), ("2001:db8::1", 200), ("2001:db8::2", 403)]:
        assert proxied.status("/metrics", X_Forwarded_For=client) == status
    assert proxied.status("/metrics", X_Forwarded_For="192.0.2.7, 198.51.100.7") == 403, "the client wrote the first"
    assert proxied.status("/metrics", X_Forwarded_For="198.51.100.7, 192.0.2.7, 127.0.0.2") == 200


def test_a_client_that_asks_too_fast_is_told_when_to_come_back(start: Start) -> None:
    slow = start(MIGOV_TRUSTED_PROXIES="127.0.0.1", MIGOV_CLIENT_RATE="0.5", MIGOV_CLIENT_BURST="5")
    first = slow.ask(ASK, X_Forwarded_For="192.0.2.1")[0]
    assert first.getheader("ratelimit-policy") == '"requests";q=5;w=10'
    assert first.getheader("ratelimit") == '"requests";r=4;t=2'
    for _ in range(4):
        assert slow.status(ASK, X_Forwarded_For="192.0.2.1") == 200
    answer, body = slow.ask(ASK, X_Forwarded_For="192.0.2.1")
    assert answer.status == 429
    assert json.loads(body)["type"].endswith("/problem/too-many-requests")
    assert 1 <= int(str(answer.getheader("retry-after"))) <= 2
    assert str(answer.getheader("ratelimit")).startswith('"requests";r=0;')
    assert slow.status(ASK, X_Forwarded_For="192.0.2.2") == 200, "others are not meant"
    assert slow.status(ASK, X_Forwarded_For="192.0.2.9, 192.0.2.1") == 429, "no name that it gives itself helps it"
    time.sleep(int(str(answer.getheader("retry-after"))) + 0.5)
    assert slow.status(ASK, X_Forwarded_For="192.0.2.1") == 200


def test_what_memory_answers_is_not_counted_and_a_network_of_64_bits_is_one_client(start: Start) -> None:
    slow = start(MIGOV_TRUSTED_PROXIES="127.0.0.1", MIGOV_CLIENT_RATE="0.1", MIGOV_CLIENT_BURST="5", MIGOV_WORKERS="1")
    for _ in range(20):
        assert slow.status("/about", X_Forwarded_For="2001:db8:0:1::1") == 200
    for number in range(3):
        assert slow.status(ASK, X_Forwarded_For=f"2001:db8:0:1::{number}") in {200, 429}
    assert slow.status(ASK, X_Forwarded_For="2001:db8:0:1:f::f") in {200, 429}
    for number in range(3):
        last = slow.status(ASK, X_Forwarded_For=f"[2001:db8:0:1::a{number}]:443")
    assert last == 429
    assert slow.status(ASK, X_Forwarded_For="2001:db8:0:2::1") == 200


def test_the_machines_own_requests_are_counted_only_if_the_operator_says_so(start: Start, server: Running) -> None:
    assert server.ask(ASK)[0].getheader("ratelimit") is None
    strict = start(MIGOV_UNCOUNTED="", MIGOV_CLIENT_BURST="3", MIGOV_CLIENT_RATE="0.1")
    assert [strict.status(ASK) for _ in range(5)] == [200, 200, 200, 429, 429]


def test_one_client_cannot_take_every_place(start: Start) -> None:
    busy = start(MIGOV_TRUSTED_PROXIES="127.0.0.1", MIGOV_CLIENT_PLACES="2")
    greedy = RUNAWAY + "&timeout=3"
    request = f"GET {greedy} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n".encode()
    connections = [socket.create_connection(("127.0.0.1", busy.port)) for _ in range(8)]
    for connection in connections:
        connection.sendall(request)
    statuses = []
    assert busy.status(ASK, X_Forwarded_For="192.0.2.2") == 200
    for connection in connections:
        with connection:
            statuses.append(int(connection.recv(100).split()[1]))
    assert set(statuses) == {429, 504}
    assert 2 <= statuses.count(504) <= 4, "two in each worker"


def test_connections_that_say_nothing_are_cut(start: Start) -> None:
    short = start(MIGOV_IDLE_SECONDS="1")
    with socket.create_connection(("127.0.0.1", short.port), 10) as silent, closing(short.connect("/about")) as used:
        used.recv(65536)
        silent.sendall(b"GET / HTTP/1.1\r\nHo")
        began = time.monotonic()
        while used.recv(65536):
            continue
        while silent.recv(65536):
            continue
        assert time.monotonic() - began < 8


def test_idle_and_slow_connections_keep_nobody_waiting(server: Running) -> None:
    with contextlib.ExitStack() as opened:
        for number in range(400):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            if number < 60:
                connection.sendall(b"GET /about HTTP/1.1\r\nHost: x\r\nX-")
            elif number < 120:
                connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nA")
        began = time.monotonic()
        for path in (ASK, "/about", "/health", "/page/org/o3"):
            assert server.status(path) == 200
        assert time.monotonic() - began < 8, "less than anything waits for a slow client"


def test_a_client_that_reads_too_slowly_is_cut_and_cannot_think_it_has_all(start: Start) -> None:
    hasty = start(MIGOV_SENDING_SECONDS="1")
    time.sleep(0.5)  # the workers ask this of the kernel when they already listen
    with closing(hasty.connect(LARGE, buffer=4096)) as connection:
        head = connection.recv(2000)
        assert head.startswith(b"HTTP/1.1 200")
        found = re.search(rb"content-length: (\d+)", head)
        assert found is not None
        promised = int(found[1])
        assert promised > 8 * 2**20, "more than the buffers of the kernel hold"
        assert eventually(lambda: metrics(hasty)["migov_sending_bytes"] == promised)
        assert eventually(lambda: metrics(hasty)["migov_sending_bytes"] == 0), "and nothing of it is kept"
        received = len(head)
        try:
            while part := connection.recv(65536):
                received += len(part)
        except ConnectionError:
            pass
    assert received < promised


def test_a_large_result_comes_whole_to_those_who_read_it(server: Running) -> None:
    answer, body = server.ask(LARGE, Accept="text/csv")
    assert len(body) == int(str(answer.getheader("content-length"))) > 2**20
    assert body.count(b"\r\n") == 300_001


def test_what_sends_too_much_at_once_is_refused_for_now(start: Start) -> None:
    narrow = start(MIGOV_SENDING_BYTES="2000000")
    answer, body = narrow.ask(LARGE, Accept="text/csv")
    assert answer.status == 503
    assert json.loads(body)["type"].endswith("/problem/unavailable")
    assert answer.getheader("retry-after")


def test_only_so_much_is_made_at_once(start: Start) -> None:
    narrow = start(MIGOV_MAKING_BYTES="10000000")
    answer, body = narrow.ask(LARGE, Accept="text/csv")
    assert answer.status == 503
    assert "large results" in json.loads(body)["detail"]
    smaller = LARGE.replace("300000", "100000")
    for _ in range(4):
        assert narrow.status(smaller, Accept="text/csv") == 200, "what was given back is there for the next"


def test_a_query_that_breaks_its_process_is_one_line_of_the_log(start: Start) -> None:
    small = start(MIGOV_CHILD_MEMORY="33554432")
    answer, body = small.ask(BOMB)
    assert answer.status == 507
    assert json.loads(body)["limit"] == 33554432
    assert eventually(lambda: bool(small.lines(event="the process of a query broke")))
    (line,) = small.lines(event="the process of a query broke")
    assert line["how"] == "SIGABRT"
    assert "memory allocation" in line["said"]
    assert all(text.startswith("{") for text in small.told().splitlines()), "no backtrace beside it"
    assert metrics(small)['migov_children_killed_total{reason="memory"}'] == 1


def test_all_queries_together_have_a_bound_of_memory_too(start: Start) -> None:
    small = start(MIGOV_TOTAL_MEMORY="100000000")
    answer, body = small.ask(BOMB)
    assert answer.status == 507
    assert json.loads(body)["limit"] == 100000000
    assert metrics(small)['migov_children_killed_total{reason="total-memory"}'] == 1
    assert small.status(ASK) == 200


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MIGOV_DEADLINE", "soon", "MIGOV_DEADLINE is 'soon': it must be a positive number of seconds."),
        ("MIGOV_CLIENT_RATE", "-1", "MIGOV_CLIENT_RATE is '-1'"),
        ("MIGOV_TRUSTED_PROXIES", "proxy.example", "MIGOV_TRUSTED_PROXIES: 'proxy.example' is neither an address"),
        ("MIGOV_LOG", "loud", "MIGOV_LOG is 'loud'"),
    ],
)
def test_a_setting_that_nobody_can_read_is_said_plainly(folder: Path, variable: str, value: str, said: str) -> None:
    running = Running(folder, **{variable: value})
    running.process.communicate(timeout=30)
    assert running.process.returncode == 1
    assert running.told().startswith(said)
    assert running.told().count("\n") == 1


def test_every_metric_is_documented(server: Running, resources: Resources) -> None:
    told = (resources.root / "docs" / "operations.md").read_text("utf-8")
    for name in metrics(server):
        family = re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name)
        assert f"`{family}`" in told
