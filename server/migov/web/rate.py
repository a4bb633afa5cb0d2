"""How fast a client may ask: one table for all workers, of a size that no number of clients changes."""

import math
import mmap
import struct
import time
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

SETS: Final = 2**14
"""Four clients a set: 65,536 clients in 1 MiB."""
_WAYS: Final = 4
_ENTRY: Final = struct.Struct("=Qd")
_SALT_BYTES: Final = 16
SIZE: Final = _SALT_BYTES + SETS * _WAYS * _ENTRY.size


class Verdict(NamedTuple):
    """What is left of a client's allowance: requests now, and seconds until it is whole again."""

    allowed: bool
    remaining: int
    reset: int
    retry_after: int


class Rate:
    """A bucket for each client that leaks at a steady rate (the generic cell rate algorithm, ITU-T I.371).

    Of a client one number is kept: the time at which its bucket will be empty. Once that is past the client is as one
    never seen, so its place is free. Where four busy clients share a set the one nearest to that time gives way: it
    gains a little. Workers write without a lock: of two that write at once one request goes uncounted, no more.
    """

    def __init__(self, table: Path, rate: float, burst: float) -> None:
        with table.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), SIZE)
        self._salt = self._map[:_SALT_BYTES]
        self._each = 1 / rate
        self._burst = burst
        self.policy = f'"requests";q={int(burst)};w={math.ceil(burst / rate)}'

    def take(self, client: str, now: float | None = None) -> Verdict:
        """Count one request of a client."""
        now = time.monotonic() if now is None else now
        key, place, empty = self._find(client, now)
        filled = max(empty, now) + self._each
        ahead = filled - now
        allowed = ahead <= self._burst * self._each + 1e-9
        if allowed:
            _ENTRY.pack_into(self._map, place, key, filled)
        else:
            ahead -= self._each
        remaining = int(self._burst - ahead / self._each + 1e-6)
        retry = 0 if allowed else max(1, math.ceil(filled - now - self._burst * self._each))
        return Verdict(allowed, max(remaining, 0), math.ceil(ahead), retry)

    def _find(self, client: str, now: float) -> tuple[int, int, float]:
        """Return a client's key, the place of its entry, and when its bucket is empty."""
        digest = int.from_bytes(blake2b(client.encode(), digest_size=8, key=self._salt).digest(), "big") or 1
        start = _SALT_BYTES + digest % SETS * _WAYS * _ENTRY.size
        free, soonest = start, math.inf
        for place in range(start, start + _WAYS * _ENTRY.size, _ENTRY.size):
            key, empty = _ENTRY.unpack_from(self._map, place)
            if key == digest:
                return digest, place, empty
            if empty < soonest:
                free, soonest = place, empty
        return digest, free, now


def make_table(path: Path, salt: bytes) -> None:
    """Make an empty table; the salt (16 bytes nobody knows) keeps clients from choosing their neighbours."""
    path.write_bytes(salt[:_SALT_BYTES].ljust(_SALT_BYTES, b"\0") + bytes(SIZE - _SALT_BYTES))


def allowance(policy: str, verdict: Verdict) -> list[tuple[str, str]]:
    """The header fields that tell a client of its allowance (draft-ietf-httpapi-ratelimit-headers-10)."""
    return [
        ("ratelimit-policy", policy),
        ("ratelimit", f'"requests";r={verdict.remaining};t={verdict.reset}'),
    ]
