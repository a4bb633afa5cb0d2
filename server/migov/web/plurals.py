"""Plurals of French and Spanish names of kinds: a rule, not a dictionary, for nouns with adjectives behind them."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_REST: Final = {  # where the head of a name ends: what follows stays as it is
    "fr": re.compile(r" (?:de|du|des|à|au|aux|en|sur|pour|par|et|ou|dans|avec|envers|d['’]|l['’]).*| \(.*"),
    "es": re.compile(r" (?:de|del|a|al|en|sobre|para|por|y|o|con|entre|hacia)\b.*| \(.*"),
}
_ACCENTS: Final = str.maketrans("áéíóú", "aeiou")


def _french(word: str) -> str:
    if word.endswith(("s", "x", "z")) or not word[-1:].isalpha():
        return word
    if word.endswith(("au", "eu")):
        return f"{word}x"
    return f"{word[:-2]}aux" if word.endswith("al") else f"{word}s"


def _spanish(word: str) -> str:
    if not word[-1:].isalpha():
        return word
    if word[-1] in "aeiouáéó":
        return f"{word}s"
    if word.endswith("z"):
        return f"{word[:-1]}ces"
    if word.endswith("s") and word[-2:-1] not in set("áéíóú"):
        return word
    return f"{word[:-2]}{word[-2:].translate(_ACCENTS) if word[-2] != 'í' or word[-1] != 's' else word[-2:]}es"


RULES: Final[Mapping[str, Callable[[str], str]]] = {"fr": _french, "es": _spanish}
"""By language, the plural of one word."""


def plural(name: str, spoken: str) -> str:
    """The plural of a name in a language: of each word before the first preposition."""
    end = _REST[spoken].search(name)
    head = name[: end.start()] if end else name
    return " ".join(RULES[spoken](word) for word in head.split(" ")) + name[len(head) :]
