"""A row of a long list as markup: a list has thousands of fields, and a template takes five times as long for each."""

from markupsafe import Markup, escape

from migov.web.listing import Cell, Line
from migov.web.record import Value


def row(line: Line) -> Markup:
    """The row of a table; whatever comes from the graph is escaped."""
    first, *others = line.cells
    fields = "".join(f"<td>{_field(cell)}</td>" for cell in others)
    return Markup(f'<tr><th scope="row">{_field(first)}</th>{fields}</tr>')


def _field(cell: Cell) -> str:
    told = "<br>".join(
        _value(value) + (f" <small>{escape(after)}</small>" if after else "") for value, after in cell.values
    )
    marks = (f'<a href="{escape(mark.href)}">{escape(mark.told or str(mark.number))}</a> ' for mark in cell.marks)
    return told + "".join(marks)


def _value(value: Value) -> str:
    """As the macro ``value`` has it."""
    spoken = f' lang="{escape(value.language)}"' if value.language else ""
    if value.href:
        outside = ' rel="external noopener"' if value.external else ""
        return f'<a href="{escape(value.href)}"{spoken}{outside}>{escape(value.text)}</a>'
    return f"<span{spoken}>{escape(value.text)}</span>" if spoken else str(escape(value.text))
