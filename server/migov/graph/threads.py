"""Work side by side: the engine answers a query without holding the interpreter, so several use all cores."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def each(work: Callable[[_Item], _Made], items: Iterable[_Item]) -> list[_Made]:
    """Return what ``work`` makes of each item, in their order; raises what the first of them that failed raised."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))
