"""Marks for texts that pages say in the reader's language: for modules that know nothing of pages, and load nothing.

Programs, logs and the command line get the English text.
"""

from typing import Any


def marked(text: str) -> str:
    """Mark a text for translation and leave it as it is."""
    return text


class Told(str):
    """An English sentence that knows what it was made of, so that a page can say it in another language."""

    __slots__ = ("text", "values")

    text: str
    values: dict[str, Any]


def told(text: str, /, **values: Any) -> Told:
    """A sentence for the ``detail`` of an error, with values in the places that they have by name."""
    made = Told(text % values if values else text)
    made.text, made.values = text, values
    return made


N_ = marked
E_ = told
