"""What a reader asks to be compared: two things on a day, or one thing on two days."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from migov import errors
from migov.web import day
from migov.web.compare import things
from migov.web.compare.things import Thing
from migov.web.language import E_
from migov.web.paging import single
from migov.web.site import Site

SECOND_DAY: Final = "on2"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Choice:
    """``days`` are those of the two sides, '' for that of the release, which is ``latest``."""

    first: Thing
    second: Thing
    days: tuple[str, str]
    latest: str

    @property
    def dated(self) -> bool:
        """Whether it is one thing on two days."""
        return self.first == self.second

    def address(self, path: str = "/compare", **further: str) -> str:
        """The address of the comparison, or of a part or file of it."""
        said = [("a", self.first.path)]
        said += [] if self.dated else [("b", self.second.path)]
        said += [(day.NAME, self.days[0])]
        said += [(SECOND_DAY, self.days[1])] if self.dated else []
        query = urlencode([(name, value) for name, value in (*said, *further.items()) if value], safe="/")
        return f"{path}?{query}"


def second_day() -> str:
    """The second day asked for as ``YYYY-MM-DD``, '' for none; BadRequest for what is no day."""
    text = single(SECOND_DAY)
    if not text:
        return ""
    with suppress(ValueError):
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    raise errors.BadRequest(E_("on2 is a day as in 2015-01-31; %(given)s is none.", given=text[:20]))


def asked(here: Site) -> Choice | None:
    """What the request asks for; None where it says too little yet, so that a form is to be shown."""
    first, second, days = single("a"), single("b"), (day.asked(), second_day())
    latest = here.release.manifest.as_of
    if not first and second:
        first, second = second, ""
    if not first or not (second or any(days)):
        if first:
            things.called(here, first)
        return None
    one = things.called(here, first)
    other = things.called(here, second) if second else one
    if one == other:
        return Choice(one, other, _two_days(days, latest), latest)
    if days[1]:
        told = E_("Two things are compared on one day (on), and one thing on two days (on, on2); not both at once.")
        raise errors.BadRequest(told)
    if one.kind != other.kind:
        told = E_("A State is compared with a State, a treaty with a treaty, an organisation with an organisation.")
        raise errors.BadRequest(told)
    return Choice(one, other, (days[0], days[0]), latest)


def _two_days(days: tuple[str, str], latest: str) -> tuple[str, str]:
    """The earlier day before the later one; '' stands for the latest."""
    before, after = sorted(days, key=lambda text: text or latest)
    if (before or latest) == (after or latest):
        raise errors.BadRequest(E_("The same on the same day is no comparison: choose something else, or another day."))
    return before, after
