"""The texts to be translated: from code, templates and heads of questions, merged into catalogues (``make messages``).

What has no translation yet stands in a catalogue with an empty one, and is shown in English; ``main`` tells how many
there are. What nothing says any more is dropped.
"""

from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from migov import library
from migov.web.language import DEFAULT, LANGUAGES

SOURCE: Final = Path(__file__).parents[1]
CATALOGUES: Final = Path(__file__).with_name("translations")
_METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_OPTIONS: Final = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
_KEYWORDS: Final = {
    "_": None,
    "N_": None,
    "E_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_PLURALS: Final = {"fr": "nplurals=2; plural=(n > 1);", "es": "nplurals=2; plural=(n != 1);"}
_HEADER: Final = """# What migov says in {name}; kept by `make messages`, see CONTRIBUTING.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def extracted() -> Catalog:
    """Every text that pages say, with the files that say it."""
    found = Catalog()
    for file, _line, text, _comments, context in extract_from_dir(SOURCE, _METHODS, _OPTIONS, _KEYWORDS):
        found.add(text, locations=[(Path(file).name, 0)], context=context)
    for question in library.questions():
        for text in question.said:
            found.add(text, locations=[(f"{question.name}.rq", 0)])
    return found


def catalogue(language: str) -> Catalog:
    """The translations into a language as they are."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, texts: Catalog) -> Catalog:
    """The translations into a language for these texts; new ones have none yet."""
    known = catalogue(language)
    made = Catalog(language)
    made.mime_headers = [("Plural-Forms", _PLURALS[language])]
    for message in sorted(texts, key=lambda message: (str(message.id), message.context or "")):
        if message.id:
            old = known.get(message.id, message.context)
            locations = sorted({(name, 0) for name, _ in message.locations})
            made.add(message.id, old.string if old else "", locations, context=message.context)
    return made


def missing(language: str) -> list[str]:
    """The texts that have no translation into a language, in full or in one of their plurals."""
    known = merged(language, extracted())
    return [str(m.id) for m in known if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def main() -> None:
    """Bring every catalogue up to date with the code."""
    texts = extracted()
    for language in LANGUAGES:
        if language == DEFAULT:
            continue
        made = merged(language, texts)
        with (CATALOGUES / f"{language}.po").open("wb") as file:
            name = LANGUAGES[language]
            file.write(_HEADER.format(name=name, language=language, plurals=_PLURALS[language]).encode())
            write_po(file, made, width=116, include_lineno=False, omit_header=True)
        print(f"{language}: {len(made)} texts, {len(missing(language))} without translation")


if __name__ == "__main__":
    main()
