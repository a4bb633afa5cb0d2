"""A row of a long list as markup: a list has thousands of fields, and a template takes five times as long for each."""

import re

from markupsafe import Markup, escape

from migov.web.listing import Cell, Line
from migov.web.record import Value

_PLAIN = re.compile(r"""[^&<>'"]*""")


def row(line: Line) -> Markup:
    """The row of a table; whatever comes from the graph is escaped.

    Fields have no end tags: HTML needs none there (13.1.2.4), and the longest lists are shorter by a fourteenth.
    """
    first, *others = line.cells
    fields = "".join([f"<td>{_field(cell)}" for cell in others])
    return Markup(f'<tr><th scope="row">{_field(first)}</th>{fields}</tr>')


def _field(cell: Cell) -> str:
    told = "<br>".join(
        [_value(value) + (f" <small>{_safe(after)}</small>" if after else "") for value, after in cell.values]
    )
    marks = [f'<a href="{_safe(mark.href)}">{_safe(mark.told or str(mark.number))}</a>' for mark in cell.marks]
    return told + " ".join(marks)


def _value(value: Value) -> str:
    """As the macro ``value`` has it."""
    spoken = f' lang="{_safe(value.language)}"' if value.language else ""
    if value.href:
        outside = ' rel="external noopener"' if value.external else ""
        return f'<a href="{_safe(value.href)}"{spoken}{outside}>{_safe(value.text)}</a>'
    return f"<span{spoken}>{_safe(value.text)}</span>" if spoken else _safe(value.text)


def _safe(text: str) -> str:
    """A text with what is markup in it escaped; most have none, and that is found out sooner."""
    return text if _PLAIN.fullmatch(text) else str(escape(text))
