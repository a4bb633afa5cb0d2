"""A row of a long list as markup: a list has thousands of fields, and a template takes five times as long for each."""

import re

from markupsafe import Markup, escape

from migov.web import language
from migov.web.listing import Cell, Line
from migov.web.record import Value

MANY = 120
"""Rows of a list that is long."""
_DEPTH = 3  # slashes in /page/state/FRA
_PLAIN = re.compile(r"""[^&<>'"]*""")


def row(line: Line, near: str = "", short: bool = False) -> Markup:
    """The row of a table; whatever comes from the graph is escaped.

    Fields have no end tags: HTML needs none there (13.1.2.4). In a list of hundreds it makes a page a tenth smaller
    when rows are ``short``, and have no others either, and when links to addresses that begin with ``near``, two steps
    above the page, are relative (RFC 3986, 4.2).
    """
    first, *others = line.cells
    fields = "".join([f"<td>{_field(cell, near)}" for cell in others])
    return Markup(
        f'<tr><th scope="row">{_field(first, near)}{"" if short else "</th>"}{fields}{"" if short else "</tr>"}'
    )


def near(path: str, pages: str) -> str:
    """What the addresses of pages begin with, where that may be left out of them; '' where it may not.

    It may on a page two steps below ``pages`` whose words, or addresses, are longer than those of a plain English one.
    """
    longer = language.variant() != language.DEFAULT
    return pages if longer and path.startswith("/page/") and path.count("/") == _DEPTH else ""


def _field(cell: Cell, near: str) -> str:
    told = "<br>".join(
        [_value(value, near) + (f" <small>{_safe(after)}</small>" if after else "") for value, after in cell.values]
    )
    marks = [f'<a href="{_safe(mark.href)}">{_safe(mark.told or str(mark.number))}</a>' for mark in cell.marks]
    return told + " ".join(marks)


def _value(value: Value, near: str) -> str:
    """As the macro ``value`` has it."""
    spoken = f' lang="{_safe(value.language)}"' if value.language else ""
    if value.href:
        outside = ' rel="external noopener"' if value.external else ""
        short = near and value.href.startswith(near)
        href = f"../{value.href[len(near) :]}" if short else value.href
        return f'<a href="{_safe(href)}"{spoken}{outside}>{_safe(value.text)}</a>'
    return f"<span{spoken}>{_safe(value.text)}</span>" if spoken else _safe(value.text)


def _safe(text: str) -> str:
    """A text with what is markup in it escaped; most have none, and that is found out sooner."""
    return text if _PLAIN.fullmatch(text) else str(escape(text))
