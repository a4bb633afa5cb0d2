"""The language that a page is written in; what is said to people goes through ``_`` and ``ngettext``.

Modules write ``_("…")`` where a text is made for a request, and ``N_("…")`` around a text in a table made once, which
is then shown through ``_``; the detail of an error is made by ``E_("…")``, since programs get it in English.
Placeholders are named, as in ``_("%(count)s rows", count=12)``, so that a translation may move them. English is the
language of the texts themselves; the others stand in ``translations/<language>.po``.

A request is answered in the language that ``?lang=`` names, else in that of an address such as ``/fr/about``, else in
the one that ``Accept-Language`` prefers. Links go on in the language that an address named.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, request
from markupsafe import Markup, escape

from migov import errors
from migov.marking import E_, N_, Told

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["E_", "N_", "_", "gettext", "ngettext", "pgettext"]

LANGUAGES: Final = {"en": "English", "fr": "Français", "es": "Español"}
"""The languages there are, by tag, each by its own name."""
DEFAULT: Final = "en"
PARAMETER: Final = "lang"
_NAMED: Final = "migov.language"
_CATALOGUES: Final = Path(__file__).with_name("translations")
_ASKED: Final = re.compile(rf"(?:^|&){PARAMETER}=([^&]*)")
_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)((?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)
_USUAL: Final = 300  # characters; what is longer is not remembered
_LONGEST: Final = 2_000  # characters of parameters that a link to another language keeps
_NO_PAGE: Final = ("/static/", "/data/", "/favicon", "/graph-store", "/.well-known", "/complete")
_spoken: ContextVar[str] = ContextVar("language", default=DEFAULT)
_kept: ContextVar[bool] = ContextVar("language in links", default=False)


# -- which language ---------------------------------------------------------------------------------------------


def current() -> str:
    """The language of the request under way; English outside of requests."""
    return _spoken.get()


@contextmanager
def using(language: str, *, kept: bool = False) -> Iterator[None]:
    """Speak a language for a while; ``kept`` says whether links are to keep it."""
    spoken, links = _spoken.set(language), _kept.set(kept)
    try:
        yield
    finally:
        _spoken.reset(spoken)
        _kept.reset(links)


@contextmanager
def english() -> Iterator[None]:
    """Speak English for a while, inside a text that is not translated; links go on as they were."""
    spoken = _spoken.set(DEFAULT)
    try:
        yield
    finally:
        _spoken.reset(spoken)


def key_of(query_string: str, accept_language: str) -> str:
    """The language that a request is answered in, by its parameters as they came and its ``Accept-Language``.

    A language that is not there is not judged here: such a request is refused in the language of the header.
    """
    asked = _ASKED.findall(query_string) if PARAMETER in query_string else ()
    if len(asked) == 1 and asked[0] in LANGUAGES:
        return str(asked[0])
    return (_remembered if len(accept_language) <= _USUAL else _preferred)(accept_language)


def _preferred(header: str) -> str:
    """The language that a header likes best (RFC 9110, 12.5.4, with lookup as in RFC 4647, 3.4); English otherwise.

    What breaks the grammar is passed over. Between equals the one named first wins, for so people read the list.
    """
    weights: dict[str, float] = {}
    refused: set[str] = set()
    for element in header.split(","):
        matched = _RANGE.fullmatch(element)
        if matched is None:
            continue
        tag, further, weight = matched[1].lower(), matched[2], float(matched[3] or 1)
        if weight > 1:
            continue
        if weight == 0:
            refused |= set() if further else {tag}
        else:
            weights[tag] = max(weight, weights.get(tag, 0))
    if "*" in weights:
        for language in LANGUAGES:
            weights.setdefault(language, weights["*"])
    found = {tag: weight for tag, weight in weights.items() if tag in LANGUAGES and tag not in refused}
    return max(found, key=lambda tag: found[tag], default=DEFAULT)


_remembered = lru_cache(maxsize=1024)(_preferred)  # browsers send few such headers, and each many times


# -- texts ------------------------------------------------------------------------------------------------------


class _Values(dict[str, Any]):
    """The values of placeholders; one that is not given stays, for the templates fill in their own."""

    def __missing__(self, name: str) -> str:
        return f"%({name})s"


def gettext(text: str, /, **values: Any) -> str:
    """The text in the language of the request, with the values in their places."""
    language = _spoken.get()
    if language != DEFAULT and text:
        text = catalogue(language).gettext(text)
    return text % values if values else text


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """The text for a number, which stands in it as ``%(num)s``, in the language of the request."""
    language = _spoken.get()
    text = (one if count == 1 else many) if language == DEFAULT else catalogue(language).ngettext(one, many, count)
    return text % _Values(num=grouped(f"{count:,}"), **values)


def pgettext(context: str, text: str, /, **values: Any) -> str:
    """The text as it reads in a context, for words that other languages tell apart."""
    language = _spoken.get()
    if language != DEFAULT:
        text = catalogue(language).pgettext(context, text)
    return text % values if values else text


def spoken(text: str) -> str:
    """A sentence in the language of the request, if it is one that knows how (``E_``); else as it is, in English."""
    return gettext(text.text, **text.values) if isinstance(text, Told) else text


def language_of(text: str) -> str:
    """The language that ``spoken`` says a sentence in."""
    return current() if isinstance(text, Told) else DEFAULT


def tongue(text: str) -> str:
    """The language that ``gettext`` says a text in: that of the request where there is a translation, else English."""
    language = _spoken.get()
    return language if text and language != DEFAULT and catalogue(language).gettext(text) != text else DEFAULT


_ = gettext


@cache
def catalogue(language: str) -> GNUTranslations:
    """The translations into a language, read once."""
    with (_CATALOGUES / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    written = BytesIO()
    write_mo(written, read)
    written.seek(0)
    return GNUTranslations(written)


_SEPARATORS: Final = {"fr": ("\u202f", ","), "es": ("\u00a0", ",")}
"""Between groups of three digits, and before decimals: the thin space of CLDR; a space in Spanish (RAE, 2.4.1)."""


def grouped(number: str) -> str:
    """A number with grouped digits, as English writes it, in the language of the request."""
    group, point = _SEPARATORS.get(_spoken.get(), (",", "."))
    return number if group == "," else number.replace(",", "\0").replace(".", point).replace("\0", group)


def collated(text: str) -> str:
    """A key that sorts names as people do: case aside, in French and Spanish accents too ("État" before "Fidji")."""
    if _spoken.get() == DEFAULT:
        return text.casefold()
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


# -- links ------------------------------------------------------------------------------------------------------


def is_file(path: str) -> bool:
    """Whether a path is that of data or of a file, which are the same in every language."""
    return path.startswith(_NO_PAGE) or ("." in path.rsplit("/", 1)[-1] and not path.startswith("/page/"))


def kept(path: str) -> str:
    """An address of this server with the language that the reader chose, if he chose one and it is that of a page."""
    return path if not _kept.get() or is_file(path.partition("?")[0]) else in_language(path, _spoken.get())


def in_language(path: str, tag: str) -> str:
    """The address of a page in a language."""
    return f"/{tag}{path}"


def variant() -> str:
    """Tells apart what pages are made of where words or links differ: the language, and whether links keep it."""
    return f"{_spoken.get()}{'!' if _kept.get() else ''}"


def switch(root: str = "") -> list[tuple[str, str, str]]:
    """Tag, name and address of this page in each language."""
    own = "/" + quote(request.path.lstrip("/\\"), safe="/:@!$&'()*+,;=~-._")
    pairs = parse_qsl(request.query_string[:_LONGEST].decode("utf-8", "replace"), keep_blank_values=True)
    if request.method not in ("GET", "HEAD") or len(request.query_string) > _LONGEST:
        pairs = []
    further = [(name, value) for name, value in pairs if name != PARAMETER]
    query = f"?{urlencode(further, safe=':/')}" if further else ""
    return [(tag, name, f"{root}{in_language(own, tag)}{query}") for tag, name in LANGUAGES.items()]


def attribute(tag: str | None) -> Markup:
    """The attribute ``lang`` of an element in another language than its page; nothing where it is in the same."""
    return Markup(' lang="{}"').format(escape(tag)) if tag and tag.split("-")[0].lower() != current() else Markup()


# -- requests ---------------------------------------------------------------------------------------------------


class Named:
    """WSGI middleware that takes the language off the front of an address; what follows is the address of a page."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request as one for the page, in the language named."""
        _, tag, rest = f"{environ['PATH_INFO']}//".split("/", 2)
        if tag in LANGUAGES:
            environ[_NAMED] = tag
            environ["SCRIPT_NAME"] += f"/{tag}"
            environ["PATH_INFO"] = f"/{rest[:-2]}"
        return self._app(environ, start_response)


def init_app(app: Flask) -> None:
    """Find out the language of each request, say which it was, and give the templates what they need."""
    app.wsgi_app = Named(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=False, pgettext=pgettext
    )
    app.jinja_env.globals |= {
        "language": current,
        "languages": LANGUAGES,
        "language_switch": switch,
        "in_language": in_language,
        "lang_of": attribute,
        "spoken": spoken,
        "language_of": language_of,
        "tongue": tongue,
    }
    app.before_request(_find)
    app.after_request(_told)
    app.teardown_request(_forget)


def _find() -> None:
    query = request.query_string.decode("latin-1")
    asked = [value for value in _ASKED.findall(query) if value]
    named = request.environ.get(_NAMED, "")
    header = named or request.headers.get("Accept-Language", "")
    _spoken.set(DEFAULT if is_file(request.path) else key_of(query, header))
    chosen = len(asked) == 1 and asked[0] in LANGUAGES
    _kept.set(chosen or (named != "" and not asked))
    if len(asked) > 1:
        told = E_("The parameter %(name)s is given %(count)s times; give it once.", name=PARAMETER, count=len(asked))
        raise errors.BadRequest(told)
    if asked and not chosen:
        told = E_("lang is one of %(tags)s; “%(given)s” is none.", tags=", ".join(LANGUAGES), given=asked[0][:20])
        raise errors.BadRequest(told)


def _told(response: Response) -> Response:
    """Name the language of a page, and that it was negotiated (RFC 9110, 8.5 and 12.5.5)."""
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current()
        if not _kept.get():
            response.vary.add("Accept-Language")
    return response


def _forget(_error: BaseException | None = None) -> None:
    _spoken.set(DEFAULT)
    _kept.set(False)
