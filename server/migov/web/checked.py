"""What the shapes ask of a term, in words: how many values, of what kind, and what the shape itself says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from migov.graph import constraints
from migov.graph.constraints import Constraint
from migov.vocabulary import BASE, compact
from migov.web.addresses import Addresses
from migov.web.language import _
from migov.web.reader import Reader
from migov.web.terms import Entry
from migov.web.words import local

_SHACL = "http://www.w3.org/ns/shacl#"
_BLANK = re.compile(r"\{[?$]\w+\}")


@dataclass(frozen=True)
class Rule:
    """One constraint ready to print: on what, on which slot, what it asks, and the message of its shape."""

    shape: str
    target: Entry | None
    path: Entry | None
    count: str
    kinds: list[Entry]
    further: list[str]
    message: str
    warning: bool


def known(reader: Reader) -> tuple[Constraint, ...]:
    """Every constraint, its IRIs on the base of the release."""
    return reader.once(
        "constraints", lambda: tuple(_rebased(one, reader.base) for one in constraints.every()), worded=False
    )


def _rebased(one: Constraint, base: str) -> Constraint:
    if base == BASE:
        return one
    moved = {name: getattr(one, name).replace(BASE, base, 1) for name in ("target", "path")}
    moved |= {name: tuple(iri.replace(BASE, base, 1) for iri in getattr(one, name)) for name in ("kinds", "named")}
    return Constraint(**{**vars(one), **moved})


def of_class(reader: Reader, iri: str) -> list[Constraint]:
    """What is asked of the individuals of a class: of its own, then of those of the classes above it."""
    above = reader.ancestors(iri)
    found = [one for one in known(reader) if not one.by_property and one.target in {iri, *above}]
    return sorted(found, key=lambda one: (one.target != iri, one.target, bool(one.path), one.shape))


def of_property(reader: Reader, iri: str) -> list[Constraint]:
    """What is asked of the values of a property, and of what has it."""
    return [one for one in known(reader) if one.path == iri or (one.by_property and one.target == iri)]


def by_query(reader: Reader, iri: str) -> list[Constraint]:
    """The checks by a query that speaks of a term."""
    return [one for one in known(reader) if iri in one.named]


def rules(reader: Reader, addresses: Addresses, found: Iterable[Constraint]) -> list[Rule]:
    """Constraints ready to print, each once."""
    made = [
        Rule(
            one.shape,
            entry(reader, addresses, one.target) if one.target else None,
            entry(reader, addresses, one.path) if one.path else None,
            count(one) if one.path else _("no other property") if one.closed else "",
            [entry(reader, addresses, kind) for kind in one.kinds],
            further(one),
            _BLANK.sub("…", one.message),
            one.warning,
        )
        for one in found
    ]
    return list({(rule.shape, rule.target.href if rule.target else "", rule.message): rule for rule in made}.values())


def entry(reader: Reader, addresses: Addresses, iri: str) -> Entry:
    """A class, property or datatype by its label; kinds of node by what they are."""
    if iri.startswith(_SHACL):
        return Entry({"IRI": _("an IRI"), "Literal": _("a literal")}.get(local(iri), local(iri)), None)
    if iri in reader.terms:
        return Entry(reader.term_label(iri), addresses.href(iri))
    return Entry(compact(iri.replace(reader.base, BASE, 1)), addresses.href(iri))


def count(one: Constraint) -> str:
    """How many values a slot takes, in words."""
    if one.least == one.most == 1:
        return _("exactly one")
    if one.most == 1:
        return _("at most one")
    if one.most is not None:
        return _("between %(least)s and %(most)s", least=one.least, most=one.most)
    if one.least == 1:
        return _("at least one")
    return _("at least %(least)s", least=one.least) if one.least else _("any number")


def further(one: Constraint) -> list[str]:
    """What else a value must be, each in a few words."""
    found = []
    if one.pattern:
        found.append(_("fits the pattern %(pattern)s", pattern=one.pattern))
    if one.lower:
        found.append(_("at least %(least)s", least=one.lower))
    if one.upper:
        found.append(_("at most %(most)s", most=one.upper))
    if one.filled:
        found.append(_("not empty"))
    if one.per_language:
        found.append(_("one for each language"))
    return found
