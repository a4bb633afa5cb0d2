"""Dates, periods and figures in words, exactly as precise as the data: nothing is rounded or guessed.

Dates and numbers are written as CLDR has them for the language of the request. What stands around a date may differ by
its precision ("depuis le 3 mai 2010", but "depuis 2010"), so such phrases are texts of their own for whole days.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Final

from babel import Locale

from migov.web import language
from migov.web.language import _, pgettext

_LOCALES: Final = {"en": "en_001"}
"""English as it is written outside of North America."""


@cache
def _pattern(spoken: str, skeleton: str) -> str:
    """How a language writes a date of some precision (CLDR, availableFormats)."""
    return str(Locale.parse(_LOCALES.get(spoken, spoken)).datetime_skeletons[skeleton].format)


@cache
def _months(spoken: str, width: str) -> tuple[str, ...]:
    names = Locale.parse(spoken).months["format"][width]
    return tuple(names[number] for number in range(1, 13))


def _dated(text: str, width: str, skeleton: str) -> str:
    return _written(text, width, skeleton, language.current())


@lru_cache(maxsize=8192)  # lists tell the same days again and again
def _written(text: str, width: str, skeleton: str, spoken: str) -> str:
    parts = text.rsplit("Z", 1)[0].split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return text
    if len(parts) > 1 and not 1 <= int(parts[1]) <= 12:
        return text
    if len(parts) == 1:
        return parts[0]
    month = _months(spoken, width)[int(parts[1]) - 1]
    values = {"y": parts[0], "MMM": month, "MMMM": month}
    if len(parts) == 3:
        values["d"] = "1er" if spoken == "fr" and int(parts[2]) == 1 else str(int(parts[2]))
        skeleton += "d"
    return _pattern(spoken, skeleton) % values


def date(text: str) -> str:
    """Put a year, a month or a day in words: ``2018-10-01`` is "1 October 2018", ``2018`` is "2018"."""
    return _dated(text, "wide", "yMMMM")


def brief(text: str) -> str:
    """A date for a narrow table: ``2018-10-01`` is "1 Oct 2018"; what is no day or month reads as elsewhere."""
    return _dated(text, "abbreviated", "yMMM")


def is_day(text: str) -> bool:
    """Whether a date is that of a day, not of a month or year."""
    return text.count("-") == 2


def between(earliest: str, latest: str, tell: Callable[[str], str] = brief) -> str:
    """The bounds of a day in words: the day, its year or month, or both bounds."""
    if earliest == latest or not latest:
        return tell(earliest) if earliest else ""
    if whole := _whole(earliest, latest):
        return tell(whole)
    if not earliest:
        return _("before – %(date)s", date=tell(latest))
    return f"{tell(earliest)} – {tell(latest)}"


def _whole(earliest: str, latest: str) -> str:
    """The year or month that two days bound, '' where they bound none."""
    year, month = earliest[:4], earliest[:7]
    if (earliest, latest) == (f"{year}-01-01", f"{year}-12-31"):
        return year
    ends = earliest[:7] == latest[:7] and earliest.endswith("-01") and latest[8:] in {"28", "29", "30", "31"}
    return month if ends else ""


def since(text: str, shown: str = "") -> str:
    """ "since 1 October 2018"; ``shown`` are the words for the date where they are not the usual ones."""
    said = shown or date(text)
    return pgettext("day", "since %(date)s", date=said) if is_day(text) else _("since %(date)s", date=said)


def until(text: str) -> str:
    """ "until 1 October 2018"."""
    said = date(text)
    return pgettext("day", "until %(date)s", date=said) if is_day(text) else _("until %(date)s", date=said)


def as_of(text: str) -> str:
    """ "as of 1 October 2018"."""
    said = date(text)
    return pgettext("day", "as of %(date)s", date=said) if is_day(text) else _("as of %(date)s", date=said)


def from_to(start: str, end: str) -> str:
    """ "1 October 2018 to 2 May 2019"."""
    values = {"start": date(start), "end": date(end)}
    days = is_day(start) and is_day(end)
    return pgettext("day", "%(start)s to %(end)s", **values) if days else _("%(start)s to %(end)s", **values)


def period(start: str, end: str, status: str) -> str:
    """Put a period in words; ``status`` is the code of its end: an end that nobody stated is never invented."""
    if start and end:
        return date(start) if start == end else from_to(start, end)
    if end:
        return until(end)
    ended = status in {"ended", "ended-unknown-day"}
    if not start:
        return _("ended on a day not known") if ended else ""
    if not ended:
        return since(start)
    said = date(start)
    if is_day(start):
        return pgettext("day", "from %(date)s, ended on a day not known", date=said)
    return _("from %(date)s, ended on a day not known", date=said)


def number(text: str) -> str:
    """Group the digits of a number in threes: "7,800", "1,200,000,000"; other text stays as it is."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return language.grouped(f"{value:,f}") if value.is_finite() else text


def hedged(value: str, qualifier: str) -> str:
    """A figure with its hedge in words, as in "more than 7,800"; ``qualifier`` is a code or its label."""
    known = {
        "exact": value,
        "more-than": _("more than %(value)s", value=value),
        "at-least": _("at least %(value)s", value=value),
        "at-most": _("at most %(value)s", value=value),
        "approximately": _("around %(value)s", value=value),
    }
    return known.get(qualifier, f"{qualifier} {value}" if qualifier else value)


def listed(items: Sequence[str]) -> str:
    """Join words as a list in a sentence: "a, b and c"."""
    return _joined(items, _("%(items)s and %(last)s"), "e", "i", "hi")


def either(items: Sequence[str]) -> str:
    """Join words as a choice in a sentence: "a, b or c"."""
    return _joined(items, _("%(items)s or %(last)s"), "u", "o", "ho")


def _joined(items: Sequence[str], pattern: str, euphonic: str, *sounds: str) -> str:
    """Items with commas and a word before the last; in Spanish y and o give way before their own sound."""
    if len(items) < 2:
        return "".join(items)
    last = items[-1]
    sounding = last.casefold().startswith(sounds) and not last.casefold().startswith(("hia", "hie", "ia", "ie", "io"))
    if language.current() == "es" and sounding:
        pattern = f"%(items)s {euphonic} %(last)s"
    return pattern % {"items": ", ".join(items[:-1]), "last": last}


def size(count: int) -> str:
    """The size of a file, to three digits at most: "54 MB"."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun, in English: for texts that are not translated."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
