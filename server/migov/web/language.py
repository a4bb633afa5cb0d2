"""The language that a page is written in; what is said to people goes through ``_`` and ``ngettext``.

Modules write ``_("…")`` where a text is made for a request, and ``N_("…")`` around a text in a table made once, which
is then shown through ``_``. Placeholders are named, as in ``_("%(count)s rows", count=12)``, so that a translation may
move them.
"""

from typing import Any

from flask import Flask


def gettext(text: str, /, **values: Any) -> str:
    """The text in the language of the request, with the values in their places."""
    return text % values if values else text


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """The text for a number, which stands in it as ``%(num)s``, in the language of the request."""
    return (one if count == 1 else many) % {"num": count, **values}


def marked(text: str) -> str:
    """Mark a text for translation and leave it as it is."""
    return text


_ = gettext
N_ = marked


def init_app(app: Flask) -> None:
    """Give the templates ``_``, ``ngettext`` and ``{% trans %}``."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
