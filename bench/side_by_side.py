"""Measures this server beside others on the same graphs, in one run; see README.md beside this file.

``python bench/side_by_side.py [--quads real,100000,1000000,10000000] [--engines migov,Oxigraph …] [--quick]``
Answers are compared before times are; every ratio is of medians taken in the same run.
"""

import argparse
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse, parse_query_results

import client
import engines
import shaped
from client import Connection, Failed, Request
from migov.vocabulary import prefixes

HERE = Path(__file__).resolve().parent
CONNECTIONS = (1, 8, 64)
SLOW = 5.0
"""Seconds; an engine that takes longer over one query is asked it less often."""


@dataclass(frozen=True)
class Kind:
    """One kind of query: its name, its form, its text for each of some values."""

    name: str
    form: str
    queries: tuple[str, ...]


@dataclass
class Rounds:
    """How long to measure."""

    values: int
    repeats: int
    seconds: float


def kinds(store: Store, most: int) -> list[Kind]:
    """Return the mix, its values drawn from a graph, the same for the same graph."""
    found = []
    for path in sorted((HERE / "mix").glob("*.rq")):
        text = path.read_text()
        name, wanted = (re.search(rf"^# {head}: (.+)$", text, re.MULTILINE)[1] for head in ("kind", "values"))
        rows = store.query(_declared(wanted), use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        values = sorted({str(row["value"]) for row in rows})
        if not values:
            raise SystemExit(f"{path.name}: the graph has no value to ask about")
        chosen = random.Random(name).sample(values, min(most, len(values)))
        body = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
        form = re.search(r"SELECT|CONSTRUCT|ASK", body)[0]
        found.append(Kind(name, form, tuple(_declared(body.replace("$value", value)) for value in chosen)))
    return found


def _declared(query: str) -> str:
    """Return the query with the prefixes that it uses."""
    used = {prefix: iri for prefix, iri in prefixes().items() if re.search(rf"(?<![\w-]){prefix}:", query)}
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(used.items())) + query


def answers(engine: engines.Engine, kind: Kind, query: str) -> object:
    """Return what an engine answers, in a form that can be compared."""
    connection = Connection(engine.url)
    try:
        body = connection.get(client.question(engine.path, query, kind.form))
    finally:
        connection.close()
    if kind.form == "CONSTRUCT":
        return sorted({str(quad.triple) for quad in parse(body, format=RdfFormat.N_TRIPLES)})
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return bool(found)
    names = sorted(variable.value for variable in found.variables)
    return sorted("\t".join(_term(row, name) for name in names) for row in found)


def _term(row: object, name: str) -> str:
    return str(row[name]).replace("^^<http://www.w3.org/2001/XMLSchema#integer>", "")


def compare(running: list[engines.Engine], mix: list[Kind]) -> None:
    """Print where an engine answers otherwise than the first."""
    for kind in mix:
        for query in kind.queries[:2]:
            expected = answers(running[0], kind, query)
            for other in running[1:]:
                try:
                    same = answers(other, kind, query) == expected
                except (Failed, SyntaxError, ValueError) as error:
                    print(f"  {other.name} fails at {kind.name}: {str(error)[:150]}")
                    continue
                if not same:
                    print(f"  {other.name} answers otherwise at: {kind.name}")


def cold(engine: engines.Engine, kind: Kind, rounds: Rounds) -> float | None:
    """Return the median milliseconds of queries that no cache has seen; None when the engine fails."""
    queries = list(kind.queries)
    try:
        first = client.latencies(engine.url, [client.question(engine.path, client.fresh(queries[0]), kind.form)])
        if first[0] > SLOW:
            return first[0] * 1000
        asked = [client.fresh(query) for _ in range(rounds.repeats) for query in queries]
        return 1000 * statistics.median(
            client.latencies(engine.url, [client.question(engine.path, query, kind.form) for query in asked])
        )
    except Failed:
        return None


def table(title: str, heads: Iterable[str], rows: Iterable[tuple[str, list[str]]]) -> None:
    """Print a table that reads as Markdown too."""
    heads = list(heads)
    print(f"\n{title}\n")
    print(f"| {'':<22} | " + " | ".join(f"{head:>16}" for head in heads) + " |")
    print("|---|" + "---:|" * len(heads))
    for name, cells in rows:
        print(f"| {name:<22} | " + " | ".join(f"{cell:>16}" for cell in cells) + " |", flush=True)


def one_by_one(running: list[engines.Engine], mix: list[Kind], rounds: Rounds) -> dict[str, list[float | None]]:
    """Measure each kind on one connection, engines in turn; print milliseconds, and how many times ours."""
    times = {kind.name: [cold(engine, kind, rounds) for engine in running] for kind in mix}
    rows = [(name, [_beside(found, row[0]) for found in row]) for name, row in times.items()]
    table("Cold, one connection: median ms (times ours)", [engine.name for engine in running], rows)
    means = []
    for number in range(1, len(running)):
        ratios = [row[0] / row[number] for row in times.values() if row[0] and row[number]]
        means.append(f"{running[number].name} {statistics.geometric_mean(ratios):.2f}, worst {max(ratios):.2f}")
    print("\nOur time as a multiple of theirs, geometric mean: " + "; ".join(means))
    return times


def _beside(found: float | None, ours: float | None) -> str:
    if found is None:
        return "failed"
    return f"{found:.2f} ({found / ours:.2f})" if ours else f"{found:.2f}"


def together(running: list[engines.Engine], mix: list[Kind], rounds: Rounds) -> None:
    """Measure the whole mix, shuffled, over 1, 8 and 64 connections; print answers a second."""
    rows = []
    for connections in CONNECTIONS:
        cells = []
        for engine in running:
            asked = [(query, kind.form) for kind in mix for query in kind.queries]
            random.Random(1).shuffle(asked)
            endless = cycle(asked)

            def ask(engine: engines.Engine = engine, endless: Iterable[tuple[str, str]] = endless) -> Request:
                query, form = next(endless)
                return client.question(engine.path, client.fresh(query), form)

            rate, failed = client.throughput(engine.url, ask, connections, rounds.seconds)
            cells.append(f"{rate:.0f}" + (f" ({failed} failed)" if failed else ""))
        rows.append((f"{connections} connections", cells))
    table("Cold, whole mix: answers a second", [engine.name for engine in running], rows)


def repeated(running: list[engines.Engine], mix: list[Kind], rounds: Rounds) -> None:
    """Measure the same small question again and again, with ``wrk``; print answers a second."""
    if not shutil.which("wrk"):
        print("\nwrk is not installed: repeated answers are left out")
        return
    small = next(kind for kind in mix if kind.name == "small select")
    rows = []
    for connections in CONNECTIONS:
        cells = []
        for engine in running:
            url = f"{engine.url}{client.question(engine.path, small.queries[0], 'SELECT').path}"
            cells.append(_wrk(url, connections, rounds.seconds, f"Accept: {client.SELECT}"))
        rows.append((f"{connections} connections", cells))
    table("The same small select again: answers a second", [engine.name for engine in running], rows)
    ours = running[0]
    if isinstance(ours, engines.Migov):
        rows = []
        for path in ("/", "/page/org/iom", "/sparql?" + urlencode({"query": small.queries[0]})):
            tag = _tag(ours, path)
            cells = [
                _wrk(ours.url + path, connections, rounds.seconds, *heads)
                for heads in ((), (f"If-None-Match: {tag}",))
                for connections in CONNECTIONS
            ]
            rows.append((path[:22], cells))
        heads = [f"{status} at {connections}" for status in (200, 304) for connections in CONNECTIONS]
        table("Our cached answers a second", heads, rows)


def _tag(engine: engines.Engine, path: str) -> str:
    connection = Connection(engine.url)
    connection._http.request("GET", path)
    answer = connection._http.getresponse()
    answer.read()
    return answer.headers.get("ETag", "")


def _wrk(url: str, connections: int, seconds: float, *heads: str) -> str:
    options = [part for head in heads for part in ("-H", head)]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", *options, url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return f"{float(rate[1]):.0f}" + (f" ({wrong[1]} wrong)" if wrong else "") if rate else "failed"


def measure(graph: Path, chosen: list[type[engines.Engine]], folder: Path, rounds: Rounds) -> dict[str, float | None]:
    """Measure all engines on one graph; return our milliseconds by kind."""
    store = Store()
    store.bulk_load(path=graph, format=RdfFormat.N_QUADS)
    mix, size = kinds(store, rounds.values), len(store)
    del store
    print(f"\n## {size:,} quads", flush=True)
    running = [engine(folder) for engine in chosen]
    try:
        for engine in running:
            engine.start(graph)
        compare(running, mix)
        times = one_by_one(running, mix, rounds)
        together(running, mix, rounds)
        repeated(running, mix, rounds)
        rooms = [engine.memory() for engine in running]
        table(
            "Memory",
            [engine.name for engine in running],
            [
                ("MiB", [f"{room / 2**20:.0f}" for room in rooms]),
                ("bytes a quad", [f"{room / size:.0f}" for room in rooms]),
            ],
        )
    finally:
        for engine in running:
            engine.stop()
    return {name: row[0] for name, row in times.items()}


def growth(found: dict[str, dict[str, float | None]]) -> None:
    """Print how our times grow with the graph."""
    first = next(iter(found.values()))
    rows = [(kind, [_beside(times[kind], first[kind]) for times in found.values()]) for kind in first]
    table("Growth: our median ms (times the first)", list(found), rows)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description="Measure this server beside others.")
    parser.add_argument("--releases", type=Path, default=Path("releases"), help="where the real graph's release is")
    parser.add_argument("--quads", default="real,100000,1000000", help="sizes; `real` is the graph as it is")
    parser.add_argument("--engines", default="", help="names of engines, all that are installed by default")
    parser.add_argument("--quick", action="store_true", help="fewer values and shorter runs")
    options = parser.parse_args()
    rounds = Rounds(5, 2, 2.0) if options.quick else Rounds(10, 3, 5.0)
    wanted = [name.lower() for name in options.engines.split(",") if name]
    chosen = [e for e in engines.ENGINES if not wanted or any(e.name.lower().startswith(name) for name in wanted)]
    for engine in [engine for engine in chosen if not engine.installed()]:
        print(f"{engine.name} is not installed: left out")
        chosen.remove(engine)
    engines.Migov.frame = options.releases
    graph = engines.release.current(options.releases).graph
    found: dict[str, dict[str, float | None]] = {}
    with tempfile.TemporaryDirectory(prefix="migov-bench-") as place:
        for size in options.quads.split(","):
            target = Path(place) / "graph.nq"
            target.unlink(missing_ok=True)
            if size == "real":
                shutil.copyfile(graph, target)
            else:
                shaped.write(graph, target, int(size))
            found[size] = measure(target, chosen, Path(place) / f"engines-{size}", rounds)
    if len(found) > 1:
        growth(found)


if __name__ == "__main__":
    sys.exit(main())
