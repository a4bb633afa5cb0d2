"""Where somebody stood towards a treaty on a day: read from the bounds of periods, never surer than they are.

``docs/participation.md`` says what the periods mean.
"""

from collections.abc import Sequence

from migov.web.dealings import Period

ORDER = ("party", "former-party", "signatory", "unsure", "")
_ENDED = {"ended", "ended-unknown-day", "not-known"}


def of(day: str, periods: Sequence[Period]) -> str:
    """The status on a day, or with '' on that of the release."""
    return on(day, periods) if day else now(periods)


def now(periods: Sequence[Period]) -> str:
    """The status on the day of the release: that of the period marked to hold then, '' where none is."""
    held = {period.status for period in periods if period.valid}
    return next((code for code in ORDER if code in held), "")


def on(day: str, periods: Sequence[Period]) -> str:
    """The status on a day: that of a period that surely holds then; "unsure" where one only may; else ''."""
    sure = {period.status for period in periods if _surely(period, day)}
    found = next((code for code in ORDER if code in sure), "")
    return found or ("unsure" if any(_perhaps(period, day) for period in periods) else "")


def _surely(period: Period, day: str) -> bool:
    begun = "" < period.start_latest <= day
    return begun and (not _ends(period) or period.end >= day)


def _perhaps(period: Period, day: str) -> bool:
    begun = period.start <= day
    return begun and (not _ends(period) or not period.end_latest or period.end_latest >= day)


def _ends(period: Period) -> bool:
    return period.ended in _ENDED
