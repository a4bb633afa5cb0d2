"""Where somebody stood towards a treaty on a day: read from the bounds of periods, never surer than they are.

``docs/participation.md`` says what the periods mean.
"""

from collections.abc import Sequence

from migov.web.reader import Row
from migov.web.words import local

ORDER = ("party", "former-party", "signatory", "unsure", "")
_ENDED = {"ended", "ended-unknown-day", "not-known"}


def now(periods: Sequence[Row]) -> str:
    """The status on the day of the release: that of the period marked to hold then, '' where none is."""
    held = {local(row["status"].value) for row in periods if "valid" in row}
    return next((code for code in ORDER if code in held), "")


def on(day: str, periods: Sequence[Row]) -> str:
    """The status on a day: that of a period that surely holds then; "unsure" where one only may; else ''."""
    sure = {local(row["status"].value) for row in periods if _surely(row, day)}
    found = next((code for code in ORDER if code in sure), "")
    return found or ("unsure" if any(_perhaps(row, day) for row in periods) else "")


def _surely(row: Row, day: str) -> bool:
    begun = "fromLatest" in row and row["fromLatest"].value <= day
    return begun and (not _ends(row) or ("to" in row and row["to"].value >= day))


def _perhaps(row: Row, day: str) -> bool:
    begun = "from" not in row or row["from"].value <= day
    return begun and (not _ends(row) or "toLatest" not in row or row["toLatest"].value >= day)


def _ends(row: Row) -> bool:
    return "end" in row and local(row["end"].value) in _ENDED
