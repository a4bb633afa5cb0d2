"""Long lists a page at a time: the number asked for, the part to show, and the links before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from migov import errors
from migov.marking import E_

PER_PAGE = 100
Item = TypeVar("Item")


@dataclass(frozen=True)
class Pages:
    """Where a reader is in a long list; ``path`` is the page's address with all its parameters but ``page``."""

    path: str
    number: int
    count: int
    per_page: int = PER_PAGE

    @property
    def last(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.per_page))

    @property
    def offset(self) -> int:
        """How many items stand on the pages before."""
        return (self.number - 1) * self.per_page

    def address(self, number: int) -> str:
        """The address of a page of the list."""
        if number == 1:
            return self.path
        return f"{self.path}{'&' if '?' in self.path else '?'}{urlencode({'page': number})}"

    @property
    def own(self) -> str:
        """The address of this page."""
        return self.address(self.number)

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items of this page."""
        return items[self.offset : self.offset + self.per_page]


def pages(path: str, count: int, per_page: int = PER_PAGE) -> Pages:
    """The page that the request asks for; NoSuchEntity beyond the last one."""
    found = Pages(path, page_number(), count, per_page)
    if found.number > found.last:
        raise errors.NoSuchEntity(
            E_("This list has one page.") if found.last == 1 else E_("This list has %(count)s pages.", count=found.last)
        )
    return found


def single(name: str) -> str:
    """The one value of a query parameter, '' when it is not there; given twice it is an error."""
    values = request.args.getlist(name)
    if len(values) > 1:
        told = E_("The parameter %(name)s is given %(count)s times; give it once.", name=name, count=len(values))
        raise errors.BadRequest(told)
    return values[0].strip() if values else ""


def page_number() -> int:
    """The page asked for, from 1."""
    text = single("page") or "1"
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10**8):
        raise errors.BadRequest(E_("page counts from 1, in digits; %(value)s does not.", value=repr(text[:20])))
    return int(text)
