"""What the parameters of a question may be: days and numbers within bounds, things of a class, codes of a list."""

import re
from dataclasses import dataclass

from migov.library import Parameter, written
from migov.marking import E_, N_
from migov.store import Iri
from migov.vocabulary import BASE, compact, prefixes
from migov.web import words
from migov.web.language import collated
from migov.web.site import Site

MOST = 420
"""A choice of more is typed instead, by name."""
_UNREADABLE = {
    "date": N_("%(value)s is no day as in 2015-01-31."),
    "integer": N_("%(value)s is no integer."),
    "text": N_("%(value)s is no text."),
}
_BELOW = re.compile(r"a class of (\S+)")
_LISTED = re.compile(r"skos:Concept in (\S+)")


@dataclass(frozen=True)
class Choice:
    """One value of a parameter: as it stands in addresses, and what it is called."""

    value: str
    label: str


def choices(here: Site, parameter: Parameter) -> list[Choice]:
    """Everything that a parameter of type IRI may be, by name; nothing for other types."""
    if parameter.type != "iri":
        return []
    allowed = parameter.allowed
    if allowed == "skos:Concept":  # a list of codes is meant: that of the default
        allowed = f"skos:Concept in c:{parameter.default.split(':')[0]}"
    return here.reader.once(f"choices {allowed}", lambda: _choices(here, allowed))


def _choices(here: Site, allowed: str) -> list[Choice]:
    if match := _BELOW.fullmatch(allowed):
        return _classes(here, expanded(here, match[1]))
    if match := _LISTED.fullmatch(allowed):
        rows = here.reader.rows("options-in", scheme=Iri(expanded(here, match[1])))
    else:
        kinds = [Iri(expanded(here, name)) for name in allowed.split(" or ")]
        rows = [row for kind in kinds for row in here.reader.rows("options", **{"class": kind})]
    found = {row["node"].value: row["label"].value for row in rows}
    found = {iri: here.reader.translation(iri) or label for iri, label in found.items()}
    ordered = sorted(found.items(), key=lambda item: (collated(item[1]), item[0]))
    return [Choice(short(here, iri), label) for iri, label in ordered]


def _classes(here: Site, top: str) -> list[Choice]:
    """The classes below one that have individuals."""
    found = [iri for iri in here.release.manifest.counts if top in here.reader.ancestors(iri)]
    named = [Choice(short(here, iri), words.sentence_case(here.reader.term_label(iri))) for iri in found]
    return sorted(named, key=lambda choice: collated(choice.label))


def expanded(here: Site, name: str) -> str:
    """The IRI of a prefixed name in this release."""
    prefix, _, key = name.partition(":")
    return f"{prefixes()[prefix]}{key}".replace(BASE, here.base, 1)


def short(here: Site, iri: str) -> str:
    """An IRI as it stands in addresses: as a prefixed name where it has one that can be written so."""
    name = compact(iri.replace(here.base, BASE, 1))
    return name if "://" not in name and "/" not in name else iri


def chosen(here: Site, parameter: Parameter, offered: list[Choice], given: str) -> tuple[str, str]:
    """The value of a parameter and what is wrong with it, '' when nothing is; without one given, the default.

    A thing may be given by its prefixed name, its IRI or its name in full.
    """
    value = given or parameter.default
    if parameter.type == "iri":
        return _one_of(here, offered, value)
    try:
        written(value, parameter.type)
    except ValueError:
        return value, E_(_UNREADABLE.get(parameter.type, _UNREADABLE["text"]), value=repr(value[:40]))
    least, most = parameter.bounds
    if least and not _within(parameter.type, least, value, most):
        return value, E_("%(value)s is not between %(least)s and %(most)s.", value=value, least=least, most=most)
    return value, ""


def _within(type: str, least: str, value: str, most: str) -> bool:
    return int(least) <= int(value) <= int(most) if type == "integer" else least <= value <= most


def _one_of(here: Site, offered: list[Choice], value: str) -> tuple[str, str]:
    name = short(here, value) if "://" in value else value
    for choice in offered:
        if name in {choice.value, choice.label}:
            return choice.value, ""
    inexact = [choice.label for choice in offered if value.casefold() in choice.label.casefold()][:5]
    said = {"value": repr(value[:60]), "count": f"{len(offered):,}"}
    if not inexact:
        return value, E_("%(value)s is none of the %(count)s that may be chosen.", **said)
    near = f"{', '.join(inexact[:-1])}{' or ' if len(inexact) > 1 else ''}{inexact[-1]}"
    return value, E_("%(value)s is none of the %(count)s that may be chosen. Is it %(near)s?", **said, near=near)
