"""The query files: each ``.rq`` is a whole query with its own prefixes; values are bound, never pasted."""

from functools import cache

from migov import resources


@cache
def text(name: str) -> str:
    """Return the query in ``queries/<name>``, for example ``pages/entity.rq``; OSError when there is none."""
    return (resources.default().queries / name).read_text("utf-8")
