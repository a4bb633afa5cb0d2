"""Numbers that all processes of a server share: one file in memory, one row of it for each worker.

Nobody but its own process writes a row, so no locks are needed; whoever is asked for the metrics adds up the rows. A
row outlives its process: the worker that takes the place of a dead one counts on from there.
"""

import fcntl
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from migov.web.problems import PROBLEMS

KINDS: Final = ("cache", "page", "query")
STATUSES: Final = ("200", "204", "206", "301", "303", "304", *sorted({str(p.status) for p in PROBLEMS}), "other")
OUTCOMES: Final = ("answered", *sorted(p.slug for p in PROBLEMS), "left")
REASONS: Final = ("deadline", "memory", "total-memory", "crash", "left", "restart")
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PARTS: Final = ("store", "front")

Number = tuple[str, str, str]
"""Where a number stands: its family and up to two label values."""


def _numbers() -> Iterator[Number]:
    for kind in KINDS:
        yield from (("requests", kind, status) for status in STATUSES)
        yield from (("seconds", kind, f"{bound:g}") for bound in BUCKETS)
        yield ("seconds", kind, "+Inf")
        yield ("seconds_sum", kind, "")
        yield ("bytes", kind, "")
    yield from (("queries", outcome, "") for outcome in OUTCOMES)
    yield from (("children", reason, "") for reason in REASONS)
    yield from (("restarts", part, "") for part in PARTS)
    yield from ((name, "", "") for name in ("swaps", "dropped", "in_flight", "sending", "edition", "oldest"))


PLACES: Final = {number: place for place, number in enumerate(_numbers())}
GAUGES: Final = ("in_flight", "sending", "edition", "oldest")
_ROW: Final = 8 * len(PLACES)


class Row:
    """The numbers of one process."""

    def __init__(self, numbers: "memoryview[float]") -> None:
        self._numbers = numbers

    def add(self, family: str, first: str = "", second: str = "", amount: float = 1) -> None:
        """Add to a number."""
        self._numbers[PLACES[family, first, second]] += amount

    def put(self, family: str, value: float) -> None:
        """Set a number that has no labels."""
        self._numbers[PLACES[family, "", ""]] = value

    def get(self, family: str, first: str = "", second: str = "") -> float:
        """Return a number."""
        return self._numbers[PLACES[family, first, second]]

    def answered(self, kind: str, status: int, seconds: float, size: int) -> None:
        """Count one answer; its time falls into the first bucket that holds it."""
        self.add("requests", kind, str(status) if str(status) in STATUSES else "other")
        bucket = next((f"{bound:g}" for bound in BUCKETS if seconds <= bound), "+Inf")
        self.add("seconds", kind, bucket)
        self.add("seconds_sum", kind, amount=seconds)
        self.add("bytes", kind, amount=size)


class Board:
    """All rows: the first is the supervisor's, each further one a worker's."""

    def __init__(self, path: Path) -> None:
        """Open a board that ``make`` has made."""
        self._path = path
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._cells = memoryview(self._map).cast("d")
        self._locks: list[IO[bytes]] = []

    def rows(self) -> list[Row]:
        """Every row, also those whose process has died."""
        width = len(PLACES)
        return [Row(self._cells[start : start + width]) for start in range(0, len(self._cells), width)]

    def supervisor(self) -> Row:
        """The supervisor's own row."""
        return self.rows()[0]

    def claim(self) -> Row:
        """Take a worker's row that no living process has; raises LookupError when there is none."""
        for index, row in enumerate(self.rows()[1:], 1):
            lock = self._lock(index)
            if lock is not None:
                self._locks.append(lock)  # the kernel lets go of it when this process ends
                for gauge in GAUGES:
                    row.put(gauge, 0)
                return row
        raise LookupError("every row of the board is taken")

    def living(self) -> list[Row]:
        """The rows of workers that are alive."""
        found = []
        for index, row in enumerate(self.rows()[1:], 1):
            lock = self._lock(index)
            if lock is None:
                found.append(row)
            else:
                lock.close()
        return found

    def total(self) -> dict[Number, float]:
        """Every number, added up over all rows."""
        rows = self.rows()
        return {number: sum(row.get(*number) for row in rows) for number in PLACES}

    def _lock(self, index: int) -> IO[bytes] | None:
        """Lock a row; None when a living process holds it."""
        file = self._path.with_name(f"{self._path.name}-{index}").open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file


def make(path: Path, workers: int) -> Board:
    """Make a board for a number of workers, with room for as many that have not quite ended yet."""
    path.write_bytes(bytes(_ROW * (1 + 2 * workers)))
    return Board(path)
