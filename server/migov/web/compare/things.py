"""What can be compared, and how readers name it: by its path, its IRI, its code, or any of its names in full."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from migov import errors
from migov.store import Iri
from migov.web.language import E_, N_
from migov.web.matrix.standings import standings
from migov.web.reader import Names
from migov.web.record import Value, other_language
from migov.web.site import Site

STATE, TREATY, ORGANISATION = "state", "document", "org"
KINDS: Final = {STATE: N_("Two States"), TREATY: N_("Two treaties"), ORGANISATION: N_("Two organisations")}
"""By the first part of their paths."""
_ORGANISATIONS: Final = "http://www.w3.org/ns/org#Organization"


@dataclass(frozen=True)
class Thing:
    """A State, a treaty or an organisation: its kind, its path as in ``state/MEX``, and its IRI."""

    kind: str
    path: str
    iri: str


@dataclass(frozen=True)
class Known:
    """Everything that can be compared, by path, with all its names, and the paths by name without regard to case."""

    things: Mapping[str, Thing]
    names: Names
    by_name: Mapping[str, str]


def known(here: Site) -> Known:
    """Those of the release."""
    return here.reader.once("comparable", lambda: _known(here), worded=False)


def _known(here: Site) -> Known:
    found = standings(here.reader)
    base = f"{here.base}id/"
    iris = [actor.iri for actor in found.actors.values()] + [treaty.iri for treaty in found.treaties.values()]
    iris += [row["node"].value for row in here.reader.rows("options", **{"class": Iri(_ORGANISATIONS)})]
    things = {}
    for iri in iris:
        path = iri.removeprefix(base)
        if (kind := path.partition("/")[0]) in KINDS:
            things[path] = Thing(kind, path, iri)
    names = here.reader.names_of(thing.iri for thing in things.values())
    by_name: dict[str, str] = {}
    for thing in things.values():
        for label in names.labels.get(thing.iri, ()):
            by_name.setdefault(label.value.casefold(), thing.path)
    for treaty in found.treaties.values():
        by_name.setdefault(treaty.short.casefold(), f"{TREATY}/{treaty.key}")
    for actor in found.actors.values():
        by_name.setdefault(actor.code.casefold(), actor.iri.removeprefix(base))
    by_name.pop("", None)
    return Known(things, names, by_name)


def called(here: Site, text: str) -> Thing:
    """What a reader means by a text; NoSuchEntity where it is nothing that can be compared."""
    every = known(here)
    path = text.removeprefix(f"{here.base}id/").removeprefix("id/").removeprefix("page/")
    path = path if path in every.things else every.by_name.get(text.casefold(), "")
    if path:
        return every.things[path]
    near = get_close_matches(text.casefold(), every.by_name, 3, 0.6)
    if near:
        told = E_("Nothing that can be compared is called %(given)s. Is it %(near)s?", given=text[:60], near=_or(near))
    else:
        told = E_(
            "Nothing that can be compared is called %(given)s: States, treaties and organisations can be.",
            given=text[:60],
        )
    raise errors.NoSuchEntity(told)


def _or(names: list[str]) -> str:
    return ", ".join(names)


def value(here: Site, thing: Thing) -> Value:
    """A thing by its name, linked to its page."""
    name = here.reader.label(thing.iri, known(here).names)
    return Value(name.value, here.addresses.href(thing.iri), other_language(name))


def offered(here: Site, kind: str) -> list[str]:
    """The names of everything of a kind, each of which a reader may give."""
    every = known(here)
    found = (thing for thing in every.things.values() if thing.kind == kind)
    return sorted({here.reader.label(thing.iri, every.names).value for thing in found}, key=str.casefold)
