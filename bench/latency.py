"""Measures what small queries wait while four clients run queries that never end; see README.md beside this file.

python bench/latency.py http://127.0.0.1:8000 [--seconds 20] [--runaways 4]
"""

import argparse
import http.client
import statistics
import threading
import time
from urllib.parse import quote, urlsplit

SMALL = "SELECT ?name { <https://w3id.org/migov/id/org/iom> skos:prefLabel ?name } LIMIT %d"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(8)) + " }"
PROMISED = 3.0


class Client(threading.Thread):
    """Asks one query after the other on one connection until it is stopped; keeps each time and each status."""

    def __init__(self, host: str, port: int, text: str, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self._host, self._port, self._text, self._pause = host, port, text, pause
        self._stop_ = threading.Event()
        self.taken: list[float] = []
        self.statuses: dict[int, int] = {}

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=60)
        count = 0
        while not self._stop_.is_set():
            count += 1
            text = self._text % (count % 900 + 1) if "%d" in self._text else self._text
            text += f" # {id(self)}-{count}"  # what was asked before would be answered from memory
            start = time.perf_counter()
            try:
                connection.request("GET", "/sparql?query=" + quote(text), headers={"Accept": "text/csv"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
                status = 0
            self.taken.append(time.perf_counter() - start)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            time.sleep(self._pause)

    def stop(self) -> None:
        self._stop_.set()


def small_queries(host: str, port: int, seconds: float) -> tuple[list[float], int]:
    """Ask small queries from two clients for a while; the times in milliseconds, and how many were not answered."""
    clients = [Client(host, port, SMALL, pause=0.005) for _ in range(2)]
    for client in clients:
        client.start()
    time.sleep(seconds)
    for client in clients:
        client.stop()
        client.join()
    failures = sum(count for client in clients for status, count in client.statuses.items() if status != 200)
    return sorted(1000 * taken for client in clients for taken in client.taken), failures


def tell(name: str, times: list[float], failures: int) -> float:
    """Print one line of figures; the 99th percentile."""
    p99 = statistics.quantiles(times, n=100)[98]
    middle = statistics.median(times)
    print(
        f"{name:<24}{len(times):>7} queries   median {middle:7.2f} ms   p99 {p99:7.2f} ms   max {times[-1]:7.2f} ms",
        end="",
    )
    print(f"   {failures} failed")
    return p99


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--runaways", type=int, default=4)
    options = parser.parse_args()
    parts = urlsplit(options.url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    small_queries(host, port, 2)
    idle = tell("idle", *small_queries(host, port, options.seconds))
    runaways = [Client(host, port, RUNAWAY) for _ in range(options.runaways)]
    for runaway in runaways:
        runaway.start()
    time.sleep(0.5)
    busy = tell(f"beside {options.runaways} runaways", *small_queries(host, port, options.seconds))
    for runaway in runaways:
        runaway.stop()
    print(f"p99 grows by a factor of {busy / idle:.1f}, promised: at most {PROMISED:g}")
    for runaway in runaways:
        runaway.join()
    statuses = {status: sum(r.statuses.get(status, 0) for r in runaways) for r in runaways for status in r.statuses}
    print(f"the runaways were answered with {statuses}")


if __name__ == "__main__":
    main()
