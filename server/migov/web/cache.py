"""Answers that stay the same until the release changes, kept as the bytes that were sent."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from migov.web import language, negotiation
from migov.web.environ import Answer, Scope

CACHE_BYTES: Final = 64 * 2**20
REPEAT_BYTES: Final = 32 * 2**20
CACHEABLE_BYTES: Final = 2**20
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
_ELSEWHERE: Final = ("if-match", "if-modified-since", "if-unmodified-since", "if-range", "range")
_NOT_OF_304: Final = frozenset({"content-length", "content-type", "content-encoding", "content-language"})
Key = tuple[str, str, str, str]


class Cache:
    """Answers by request, the least used leaving first; only for the event loop's own thread."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._left = most_bytes
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._coming: dict[Key, asyncio.Event] = {}

    def answer(self, scope: Scope) -> Answer | None:
        """Answer a GET or HEAD from memory: 200, or 304 where the client's copy is the same (RFC 9110, 13.1.2)."""
        if scope.method not in ("GET", "HEAD"):
            return None
        headers = scope.headers
        kept = self.get(_key(scope))
        if kept is None or any(name in headers for name in _ELSEWHERE):
            return None
        if "if-none-match" in headers and _names(headers["if-none-match"], kept.header("etag")):
            return Answer(304, [pair for pair in kept.headers if pair[0] not in _NOT_OF_304])
        return kept

    async def coming(self, scope: Scope, seconds: float) -> Answer | None:
        """Wait for the answer to the same request, if it is being made; None if it is not, or cannot be given again.

        Raises TimeoutError.
        """
        made = self._coming.get(_key(scope)) if scope.method in ("GET", "HEAD") else None
        if made is None:
            return None
        async with asyncio.timeout(seconds):
            await made.wait()
        return self.answer(scope)

    @contextmanager
    def making(self, scope: Scope) -> Iterator[None]:
        """Have those who ask the same meanwhile wait until the block ends, so that it is made once."""
        key = _key(scope)
        if scope.method != "GET" or key in self._coming:
            yield
            return
        made = self._coming[key] = asyncio.Event()
        try:
            yield
        finally:
            del self._coming[key]
            made.set()

    def keep(self, scope: Scope, answer: Answer) -> None:
        """Remember the answer to a request, if the same request will be answered the same."""
        if scope.method == "GET":
            self.put(_key(scope), answer)

    def get(self, key: Key) -> Answer | None:
        """The answer kept under a key, which makes it the most recently used."""
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
        return kept

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer that may be given again: whole, validated, and not to be checked each time."""
        keep = answer.status == 200 and not (answer.file or answer.spooled) and len(answer.body) <= CACHEABLE_BYTES
        if not keep or "public" not in answer.header("cache-control") or key in self._answers:
            return
        self._answers[key] = answer
        self._left -= _size(key, answer)
        while self._left < 0:
            old, dropped = self._answers.popitem(last=False)
            self._left += _size(old, dropped)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The answer to a request that came before, byte for byte: its head up to what differs each time, and its body."""

    scope: Scope
    status: int
    head: bytes
    body: bytes


class Repeats:
    """Answers by all bytes of a request, so that a repeated one need not be read again; the least used leave first."""

    def __init__(self, most_bytes: int = REPEAT_BYTES) -> None:
        self._left = most_bytes
        self._kept: OrderedDict[bytes, Repeat] = OrderedDict()

    def get(self, request: bytes) -> Repeat | None:
        """The answer to a request."""
        kept = self._kept.get(request)
        if kept is not None:
            self._kept.move_to_end(request)
        return kept

    def put(self, request: bytes, repeat: Repeat) -> None:
        """Keep an answer of the memory under the bytes of its request."""
        if request in self._kept:
            return
        self._kept[request] = repeat
        self._left -= _weight(request, repeat)
        while self._left < 0:
            old, dropped = self._kept.popitem(last=False)
            self._left += _weight(old, dropped)


def _weight(request: bytes, repeat: Repeat) -> int:
    return 2 * len(request) + len(repeat.head) + len(repeat.body)


def _key(scope: Scope) -> Key:
    """What answers to GET differ by; languages count by the one that is spoken, not by the header's wording.

    All browsers are answered alike, however they word that they want a page.
    """
    spoken = language.key_of(scope.query_string, scope.headers.get("accept-language", ""))
    return (scope.path, scope.query_string, negotiation.kept_as(scope.headers.get("accept", "")), spoken)


def _size(key: Key, answer: Answer) -> int:
    return len(answer.body) + sum(map(len, key))


def _names(condition: str, tag: str) -> bool:
    """Tell whether an If-None-Match names a tag; the comparison is weak (RFC 9110, 8.8.3.2)."""
    known = _TAG.fullmatch(tag)
    return condition.strip() == "*" or (known is not None and known[1] in _TAG.findall(condition))
