"""Maltreats a server for a while, and tells whether polite visitors noticed; see README.md beside this file.

    python bench/soak.py [--seconds 60]

Four polite visitors ask small things and compare each answer with the first. Meanwhile others run queries that never
end or eat memory, leave before their answer, send bodies slowly and read slowly, and processes of the server are
killed.
"""

import argparse
import http.client
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from os import kill
from urllib.parse import quote

from local import Server, descriptors, parent, resident, server

CROSS = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
RUNAWAY = "/sparql?query=" + quote(f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}")
BOMB = "/sparql?query=" + quote(f"SELECT DISTINCT * {{ {CROSS} }} OFFSET 1000000000")
LARGE = "/sparql?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 100000")
ANEW = "FILTER(RAND() >= 0)"  # what may differ each time is not answered from memory
POLITE = (
    "/sparql?query=" + quote(f"SELECT ?name {{ o:iom skos:prefLabel ?name {ANEW} }} ORDER BY ?name"),
    "/sparql?query=" + quote(f"ASK {{ o:iom ?p ?o {ANEW} }}"),
    "/id/org/iom",
    "/about",
    "/search?q=iom",
    "/limits",
)
KILL_SECONDS = 7.0
REFUSALS = {429, 503, 504, 507}
GROWTH = 150  # mebibytes that a worker may grow by: its memory of answers, and what is under way


class Soak:
    """The visitors of one server, and what they were told."""

    def __init__(self, running: Server) -> None:
        self._server = running
        self._over = threading.Event()
        self._first: dict[str, bytes] = {}
        self.polite: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.rude: Counter[int] = Counter()
        self.killed: Counter[str] = Counter()
        self.slowest = 0.0

    def run(self, seconds: float) -> None:
        """Let everybody loose for a while."""
        for path in POLITE:
            self._first[path] = self._ask(path)[1]
        roles: list[tuple[Callable[[], None], int]] = [
            (self._be_polite, 4),
            (lambda: self._be_rude(RUNAWAY), 3),
            (lambda: self._be_rude(BOMB), 1),
            (self._leave, 2),
            (self._send_slowly, 20),
            (self._read_slowly, 4),
            (self._kill, 1),
        ]
        threads = [threading.Thread(target=self._again, args=(role,)) for role, count in roles for _ in range(count)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self._over.set()
        for thread in threads:
            thread.join()

    def _again(self, role: Callable[[], None]) -> None:
        while not self._over.is_set():
            try:
                role()
            except OSError:
                time.sleep(0.05)

    def _ask(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=40)
        try:
            connection.request("GET", path, headers={"Accept": "*/*"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def _be_polite(self) -> None:
        path = random.choice(POLITE)
        start = time.monotonic()
        status, body = self._ask(path)
        self.slowest = max(self.slowest, time.monotonic() - start)
        self.polite[status] += 1
        if status in {200, 303} and body != self._first[path]:
            self.wrong.append(path)

    def _be_rude(self, path: str) -> None:
        self.rude[self._ask(path)[0]] += 1

    def _connect(self, sent: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._server.port), 10)
        connection.sendall(sent)
        return connection

    def _leave(self) -> None:
        with self._connect(f"GET {RUNAWAY} HTTP/1.1\r\nHost: x\r\n\r\n".encode()):
            self._over.wait(random.random())

    def _send_slowly(self) -> None:
        head = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 90\r\n\r\n"
        )
        with self._connect(head) as connection:
            while not self._over.wait(1):
                connection.sendall(b"A")

    def _read_slowly(self) -> None:
        with self._connect(f"GET {LARGE} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()) as connection:
            for _ in range(100):
                if self._over.wait(0.1) or not connection.recv(1000):
                    return

    def _kill(self) -> None:
        if self._over.wait(KILL_SECONDS):
            return
        stores, fronts = self._server.processes("migov.store.process"), self._server.processes("migov.web.front")
        keeper = stores[0]
        parents = [pid for pid in stores if parent(pid) == keeper]
        victims = {
            "keeper of the store": [keeper],
            "parent of the queries": parents,
            "process of a query": [pid for pid in stores if parent(pid) in parents],
            "web worker": fronts,
        }
        what = random.choice([name for name, pids in victims.items() if pids])
        self.killed[what] += 1
        kill(random.choice(victims[what]), signal.SIGKILL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with server() as running:
        soak = Soak(running)
        soak.run(options.seconds)
        time.sleep(2)
        ready = soak._ask("/health/ready")[0] == 200
        time.sleep(12)  # what was under way has met its deadline
        workers = running.processes("migov.web.front")
        children = len(running.processes("migov.store.process"))
        memory, opened = max(map(resident, workers)), max(map(descriptors, workers))
    failed = {status: count for status, count in soak.polite.items() if status not in {200, 303}}
    print(f"polite requests        {sum(soak.polite.values()):,}, slowest {soak.slowest:.2f} s, not answered {failed}")
    print(f"wrong answers          {len(soak.wrong)}")
    print(f"others were told       {dict(soak.rude)}")
    print(f"killed                 {dict(soak.killed)}")
    print(f"ready after 2 s        {'yes' if ready else 'no'}")
    print(f"largest worker after   {memory} MiB, {opened} descriptors; processes of the store {children}")
    cut = soak.polite[0]  # connections of a worker that was killed
    broken = [
        bool(soak.wrong),
        not ready,
        set(failed) - {0} != set(),
        cut > 8 * soak.killed["web worker"],
        bool(set(soak.rude) - REFUSALS - {0}),
        memory > 70 + GROWTH,
    ]
    return int(any(broken))


if __name__ == "__main__":
    sys.exit(main())
