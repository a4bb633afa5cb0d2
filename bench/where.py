"""Where the time of a small query goes: the engine itself, the way to its process, and HTTP around both.

``python bench/where.py [--queries 2000]`` needs a release. Everything is asked in turn, one after the other, and with a
comment that no cache has seen. Times are medians; processor time is that of each process of the server, a query.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

import engines
from client import Connection, fresh, question
from local import family
from migov.store.interface import Limits
from migov.store.local import LocalStore
from migov.store.process import command

PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
QUERIES = {
    "nothing": "SELECT (1 AS ?one) {}",
    "three labels": PREFIX + "SELECT ?s ?l { ?s skos:prefLabel ?l } LIMIT 3",
    "no": PREFIX + 'ASK { ?s skos:prefLabel "nobody is called so" }',
}
JSON = {"bindings": "json", "boolean": "json"}
_TICK = os.sysconf("SC_CLK_TCK")


def median(ask: Callable[[], object], count: int) -> float:
    """Return the median seconds of one call."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def within(graph: Path, count: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of each query in this process, and in a child of a store process."""
    store, found = ox.Store(), {}
    store.load(path=graph, format=ox.RdfFormat.N_QUADS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "socket"
        process = subprocess.Popen(command(graph, path))
        local = LocalStore(path, 1)
        try:
            while not local.ready():
                time.sleep(0.1)
            for name, query in QUERIES.items():
                direct = median(lambda query=query: _direct(store, query), count)
                child = median(lambda query=query: local.query(fresh(query), JSON, limits=Limits()), count)
                found[name] = (1e3 * direct, 1e3 * child)
        finally:
            local.close()
            process.terminate()
            process.wait()
    return found


def _direct(store: ox.Store, query: str) -> bytes:
    result = store.query(fresh(query), use_default_graph_as_union=True)
    assert isinstance(result, ox.QuerySolutions | ox.QueryBoolean)
    body: bytes = result.serialize(format=ox.QueryResultsFormat.JSON)
    return body


def over_http(engine: engines.Engine, count: int) -> dict[str, tuple[float, dict[str, float]]]:
    """Milliseconds of each query over HTTP, and the processor time in each process of the engine and in this one."""
    connection, found = Connection(engine.url), {}
    for name, query in QUERIES.items():
        requests = [question(engine.path, fresh(query), "SELECT") for _ in range(count + 200)]
        for request in requests[:200]:
            connection.get(request)
        pids = family(engine._process.pid) | {os.getpid()} if engine._process else set()
        before, waiting = {pid: _processor(pid) for pid in pids}, iter(requests[200:])
        took = median(lambda waiting=waiting: connection.get(next(waiting)), count)
        spent: dict[str, float] = {}
        for pid in pids:
            spent[_name(pid)] = spent.get(_name(pid), 0) + 1e3 * (_processor(pid) - before[pid]) / count
        found[name] = (1e3 * took, spent)
    connection.close()
    return found


def _processor(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _name(pid: int) -> str:
    if pid == os.getpid():
        return "client"
    told = Path(f"/proc/{pid}/cmdline").read_bytes()
    return "store" if b"store.process" in told else "web" if b"web.front" in told else "server"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Where the time of a small query goes.")
    parser.add_argument("--releases", type=Path, default=Path("releases"))
    parser.add_argument("--queries", type=int, default=2000, help="how often each is asked")
    options = parser.parse_args()
    release = engines.release.current(options.releases)
    engines.Migov.frame = options.releases
    print("Milliseconds a query: in the engine, in a child of the store process, and what the way there costs")
    for name, (direct, child) in within(release.graph, options.queries).items():
        print(f"  {name:14}{direct:8.3f}{child:8.3f}{child - direct:8.3f}")
    with tempfile.TemporaryDirectory(prefix="migov-bench-") as place:
        for kind in (engines.Migov, engines.Oxigraph):
            if not kind.installed():
                continue
            engine = kind(Path(place))
            try:
                engine.start(release.graph)
                print(f"{engine.name}: milliseconds over HTTP, and processor time of each process")
                for name, (took, spent) in over_http(engine, options.queries).items():
                    parts = "  ".join(f"{who} {ms:.2f}" for who, ms in sorted(spent.items()) if ms >= 0.005)
                    print(f"  {name:14}{took:8.3f}   {parts}")
            finally:
                engine.stop()


if __name__ == "__main__":
    sys.exit(main())
