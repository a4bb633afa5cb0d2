"""A row of a long list as markup: a list has thousands of fields, and a template takes five times as long for each."""

import re

from markupsafe import Markup, escape

from migov.web import language
from migov.web.listing import Cell, Line
from migov.web.record import Value

_DEPTH = 3  # slashes in /page/state/FRA
_PLAIN = re.compile(r"""[^&<>'"]*""")


def row(line: Line, near: str = "") -> Markup:
    """The row of a table; whatever comes from the graph is escaped.

    Links to addresses that begin with ``near``, two steps above the page, are relative (RFC 3986, 4.2), and fields and
    rows have no end tags: HTML needs none there (13.1.2.4). The longest lists are shorter by a sixth.
    """
    first, *others = line.cells
    fields = "".join([f"<td>{_field(cell, near)}" for cell in others])
    return Markup(f'<tr><th scope="row">{_field(first, near)}{fields}')


def near(path: str, pages: str) -> str:
    """What the addresses of pages begin with, where they name a language each, and the page is two steps below."""
    return pages if language.is_kept() and path.startswith("/page/") and path.count("/") == _DEPTH else ""


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
