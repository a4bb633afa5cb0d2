"""The day that a reader asks about: ``?on=YYYY-MM-DD``, kept in links from page to page."""

import re
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from migov import errors
from migov.marking import E_
from migov.web.paging import single

NAME = "on"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def asked() -> str:
    """The day asked for as ``YYYY-MM-DD``, '' for none; BadRequest for what is no day."""
    text = single(NAME)
    if not text:
        return ""
    with suppress(ValueError):
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    raise errors.BadRequest(E_("on is a day as in 2015-01-31; %(value)s is none.", value=repr(text[:20])))


def kept(path: str, day: str) -> str:
    """An address with the day asked for, if there is one."""
    if not day:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode({NAME: day})}"
