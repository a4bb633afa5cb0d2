"""Measures how soon pages come and how large they are; see README.md beside this file.

    python bench/pages.py [--releases FOLDER]

A server is started for each language; when it has warmed up, each page is asked for once, and then again until both
workers have made it. What is timed is the first byte, over a connection of its own.
"""

import argparse
import http.client
import os
import time
from dataclasses import dataclass
from typing import Final

from local import Server, family, server

PAGES: Final = {
    "home": ("/", "/browse"),
    "State": ("/page/state/DEU", "/page/state/VUT"),
    "treaty": ("/page/document/crc", "/page/document/icrmw"),
    "organisation": ("/page/org/iom", "/page/org/unhcr"),
    "person": ("/page/person/antonio-vitorino", "/page/person/amy-pope"),
    "post": ("/page/post/iom-director-general", "/page/post/srsg-migration"),
    "document": ("/page/document/source-hrc-belarus-2022", "/page/document/iom-constitution"),
    "list": ("/page/org/iom?list=organization.Membership", "/page/state/DEU?list=treaty-actions"),
    "network": ("/network/org/iom", "/network/state/VUT"),
    "matrix": ("/matrix", "/matrix/DEU/icrmw"),
    "comparison": ("/compare?a=state/DEU&b=state/FRA", "/compare"),
    "sources": ("/sources", "/quality"),
    "search": ("/search?q=migration", "/search?q=iom"),
    "questions": ("/library", "/sparql"),
    "sitemap": ("/sitemap.xml", "/sitemap/evidence-1.xml"),
}
"""By kind of page, the heaviest and a usual one."""
LANGUAGES: Final = ("en", "fr")
MOST_MILLISECONDS: Final = 50
MOST_BYTES: Final = 100_000
_AGAIN: Final = 12
_QUIET_TICKS: Final = 25
"""So many hundredths of a second of processor a server may use in a second and be called at rest."""


@dataclass(frozen=True)
class Seen:
    """The milliseconds to the first byte of an answer, its status and its bytes."""

    milliseconds: float
    status: int
    size: int


def ask(running: Server, path: str, language: str) -> Seen:
    """Ask for a page as a browser does."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    connection.connect()
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": language})
    answer = connection.getresponse()
    took = time.perf_counter() - start
    size = len(answer.read())
    connection.close()
    return Seen(1000 * took, answer.status, size)


def rest(running: Server) -> None:
    """Wait until the processes of a server do nothing."""
    before = -1
    while (now := sum(map(ticks, family(os.getpid())))) - before > _QUIET_TICKS:
        before = now
        time.sleep(1)


def ticks(pid: int) -> int:
    """The hundredths of a second of processor that a process has used; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))
    except OSError:
        return 0


def measure(language: str) -> bool:
    """Print a line for each page; whether all keep what is promised."""
    kept = True
    with server() as running:
        rest(running)
        for kind, paths in PAGES.items():
            for path in paths:
                first = ask(running, path, language)
                again = min(ask(running, path, language).milliseconds for _ in range(_AGAIN))
                good = first.status == 200 and first.milliseconds <= MOST_MILLISECONDS
                good = good and (first.size <= MOST_BYTES or kind == "sitemap")
                kept = kept and good
                told = f"{first.milliseconds:8.1f} ms {again:6.1f} ms again {first.size / 1000:7.1f} kB"
                print(f"{language}  {kind:<13} {path:<48} {told} {'' if good else f' ({first.status})!'}", flush=True)
    return kept


def main() -> None:
    """Measure every kind of page in two languages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", help="the folder of the release to serve")
    if folder := parser.parse_args().releases:
        os.environ["MIGOV_RELEASES"] = folder
    kept = [measure(language) for language in LANGUAGES]
    print(f"promised: at most {MOST_MILLISECONDS} ms and {MOST_BYTES:,} bytes: {'kept' if all(kept) else 'not kept'}")


if __name__ == "__main__":
    main()
