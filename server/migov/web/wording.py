"""Dates, periods and figures in words, exactly as precise as the data: nothing is rounded or guessed."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
HEDGES = {
    "exact": "",
    "more-than": "more than ",
    "at-least": "at least ",
    "at-most": "at most ",
    "approximately": "around ",
}


def date(text: str) -> str:
    """Put a year, a month or a day in words: ``2018-10-01`` is "1 October 2018", ``2018`` is "2018"."""
    parts = text.rsplit("Z", 1)[0].split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return text
    if len(parts) > 1 and not 1 <= int(parts[1]) <= 12:
        return text
    if len(parts) == 3:
        return f"{int(parts[2])} {MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}" if len(parts) == 2 else parts[0]


def brief(text: str) -> str:
    """A date for a narrow table: ``2018-10-01`` is "1 Oct 2018"; what is no day or month reads as elsewhere."""
    words = date(text).split(" ")
    return " ".join(word[:3] if word in MONTHS else word for word in words)


def between(earliest: str, latest: str, tell: Callable[[str], str] = brief) -> str:
    """The bounds of a day in words: the day, its year or month, or both bounds."""
    if earliest == latest or not latest:
        return tell(earliest) if earliest else ""
    year, month = earliest[:4], earliest[:7]
    if (earliest, latest) == (f"{year}-01-01", f"{year}-12-31"):
        return year
    if earliest[:7] == latest[:7] and earliest.endswith("-01") and latest[8:] in {"28", "29", "30", "31"}:
        return tell(month)
    return f"{tell(earliest) if earliest else 'before'} – {tell(latest)}"


def period(start: str, end: str, status: str) -> str:
    """Put a period in words; ``status`` is the code of its end: an end that nobody stated is never invented."""
    if start and end:
        return date(start) if start == end else f"{date(start)} to {date(end)}"
    if end:
        return f"until {date(end)}"
    ended = status in {"ended", "ended-unknown-day"}
    if start:
        return f"from {date(start)}, ended on a day not known" if ended else f"since {date(start)}"
    return "ended on a day not known" if ended else ""


def number(text: str) -> str:
    """Group the digits of a number in threes: "7,800", "1,200,000,000"; other text stays as it is."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,f}" if value.is_finite() else text


def hedged(value: str, qualifier: str) -> str:
    """A figure with its hedge in words, as in "more than 7,800"; ``qualifier`` is a code or its label."""
    return HEDGES.get(qualifier, f"{qualifier} " if qualifier else "") + value


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 statement", "2 statements"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """Join words as a list in a sentence: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
