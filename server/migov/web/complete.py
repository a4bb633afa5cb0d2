"""``/complete``: what may be written next in a query, for editors: prefixes, classes, properties, codes, entities.

Everything comes from memory or from the index of names; no query of a reader's is ever put to the store.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, request

from migov import errors
from migov.vocabulary import prefixes
from migov.web import representation, words
from migov.web.choices import expanded, short
from migov.web.gazetteer import Gazetteer, gazetteer
from migov.web.negotiation import JSON
from migov.web.paging import single
from migov.web.reader import Reader
from migov.web.site import Site, site
from migov.web.terms import is_kind

blueprint = Blueprint("complete", __name__)
MOST = 40
LONGEST = 200
_FEW = 8
_UNFIT = 3
Uses = dict[str, dict[str, int]]
_PROPERTY_KINDS = {"ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Property"}


@dataclass(frozen=True)
class Suggestion:
    """One thing that may be written: as it stands in a query, what it is called, what sort of thing it is."""

    name: str
    label: str
    kind: str
    about: str = ""
    count: int = 0
    insert: str = ""

    def shown(self) -> dict[str, str | int]:
        """As JSON has it: without what is not known."""
        return {key: value for key, value in vars(self).items() if value}


@blueprint.get("/complete")
def complete() -> Response:
    """Suggestions of one kind for what has been typed, the likeliest first."""
    here = site()
    kind, text = single("kind"), single("q")
    if kind not in MAKERS:
        raise errors.BadRequest(f"The parameter kind is one of {', '.join(MAKERS)}.")
    if len(text) > LONGEST:
        raise errors.BadRequest(f"The parameter q has {LONGEST} characters at most.")
    found = MAKERS[kind](here, text)
    document = {"kind": kind, "q": text, "results": [suggestion.shown() for suggestion in found]}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return representation.respond(body, JSON, here.release.id)


def _prefixes(here: Site, text: str) -> list[Suggestion]:
    """Every prefix of the project, which queries need not declare."""
    known = prefixes(here.base).items()
    found = [Suggestion(f"{name}:", space, "prefix", insert=f"{name}: <{space}>") for name, space in known]
    return [suggestion for suggestion in found if suggestion.name.startswith(text.lower())]


def _classes(here: Site, text: str) -> list[Suggestion]:
    counts = here.release.manifest.counts
    terms = {iri for iri, node in here.reader.terms.items() if is_kind(node, {"Class"})}
    found = [_term(here, iri, "class", counts.get(iri, 0)) for iri in terms | counts.keys()]
    return best(text, found)


def _properties(here: Site, text: str) -> list[Suggestion]:
    """Properties: first those that things of the subject's class have, the commonest first, then what may be had."""
    uses = _uses_known(here)
    classes = _classes_of_subject(here, uses)
    wider = classes.union(*(here.reader.ancestors(iri) for iri in classes))
    used: dict[str, int] = {}
    for iri in classes or uses:
        for name, count in uses.get(iri, {}).items():
            used[name] = used.get(name, 0) + count
    terms = {iri: node for iri, node in here.reader.terms.items() if is_kind(node, _PROPERTY_KINDS)}
    known = terms.keys() | {name for counts in uses.values() for name in counts}
    fitting = {iri for iri in terms if wider & {value.value for value in terms[iri].all("domain")}}
    found = [_term(here, iri, "property", used.get(iri, 0)) for iri in known]
    if text in ("", "a"):
        found.append(Suggestion("a", "is of the class", "keyword", count=max(used.values(), default=0) + 1))
    fits = {short(here, iri) for iri in fitting | (used.keys() if classes else set())} | {"a"}
    return best(text, found, first=lambda suggestion: suggestion.name in fits)


def _uses_known(here: Site) -> Uses:
    """How often things of each class have each property; nothing where a busy store has not told yet."""
    try:
        return here.reader.once("class-properties", lambda: _uses(here.reader))
    except errors.LimitExceeded:  # suggestions are not worth an error
        return {}


def _uses(reader: Reader) -> Uses:
    found: Uses = {}
    for row in reader.rows("class-properties"):
        found.setdefault(row["class"].value, {})[row["property"].value] = int(row["n"].value)
    return found


def _classes_of_subject(here: Site, uses: Uses) -> set[str]:
    """The classes of the subject: as the request names them, those of the entity, or those with all its properties."""
    given = {iri for name in request.args.getlist("class")[:_FEW] if (iri := iri_of(here, name))}
    named = gazetteer(here).by_iri.get(iri_of(here, single("subject")))
    if named is not None:
        labelled = {here.reader.term_label(iri).casefold(): iri for iri in here.release.manifest.counts}
        given |= {iri for iri in [labelled.get(named.kind.casefold())] if iri}
    beside = {iri_of(here, name) for name in request.args.getlist("with")[:_FEW]}
    if not given and beside:
        given = {iri for iri, properties in uses.items() if beside <= properties.keys()}
    return given


def _values(here: Site, text: str) -> list[Suggestion]:
    """What the property may have: codes of its list, things of its range first; without a property any entity."""
    iri = iri_of(here, single("property"))
    node = here.reader.terms.get(iri)
    if node is None:
        return _entities(here, text)
    known = gazetteer(here)
    lists = [value.value for value in node.all("codeList")]
    if lists:
        codes = [entry for scheme in lists for entry in known.below(f"{scheme}/")]
        return best(text, [_entity(here, known, entry.iri) for entry in codes])
    ranges = {value.value for value in node.all("range")}
    below = {iri for iri in here.reader.terms if ranges & {iri, *here.reader.ancestors(iri)}}
    kinds = {here.reader.term_label(iri).casefold() for iri in below}
    if not text:
        return best(text, [_entity(here, known, e.iri) for e in known.entries if e.kind.casefold() in kinds])
    return sorted(_entities(here, text), key=lambda suggestion: suggestion.kind.casefold() not in kinds)


def _entities(here: Site, text: str) -> list[Suggestion]:
    """Entities and codes by the beginning of their name in queries, or by any name they have."""
    if not text.strip(":"):
        return []
    known = gazetteer(here)
    prefix, colon, local = text.partition(":")
    space = prefixes(here.base).get(prefix, "") if colon else ""
    begun = known.below(space + local)[:MOST] if space else []
    hits = here.find(local if space else text, 5 * MOST)
    iris = [entry.iri for entry in begun] + [hit.iri for hit in hits if hit.iri.startswith(space)]
    own = [iri for iri in dict.fromkeys(iris) if not iri.startswith(here.addresses.iri("ontology/"))]
    return [_entity(here, known, iri) for iri in own[:MOST]]


MAKERS: dict[str, Callable[[Site, str], list[Suggestion]]] = {
    "prefix": _prefixes,
    "class": _classes,
    "property": _properties,
    "value": _values,
    "entity": _entities,
}


def iri_of(here: Site, name: str) -> str:
    """The IRI of a name as it stands in a query; '' for one that means nothing here."""
    if name.startswith("<"):
        return name.strip("<>")
    if name.partition(":")[0] not in prefixes():
        return ""
    return expanded(here, name)


def _written(here: Site, iri: str) -> str:
    name = short(here, iri)
    return f"<{iri}>" if name == iri else name


def _term(here: Site, iri: str, kind: str, count: int) -> Suggestion:
    return Suggestion(_written(here, iri), here.reader.term_label(iri), kind, here.reader.definition(iri), count)


def _entity(here: Site, known: Gazetteer, iri: str) -> Suggestion:
    entry = known.by_iri[iri]
    return Suggestion(_written(here, iri), entry.label, words.sentence_case(entry.kind))


def best(
    text: str, found: Iterable[Suggestion], first: Callable[[Suggestion], bool] = lambda _: False
) -> list[Suggestion]:
    """Those that fit what was typed: what begins so before what holds it, the likelier and commoner before others."""
    wanted = text.casefold()
    prefix, colon, part = wanted.rpartition(":")

    def rank(suggestion: Suggestion) -> int:
        name, label = suggestion.name.casefold(), suggestion.label.casefold()
        if colon and not name.startswith(f"{prefix}:"):
            return _UNFIT
        if name.partition(":")[2].startswith(part) or label.startswith(part) or name == wanted:
            return 0
        if any(word.startswith(part) for word in label.split()) or name.startswith(wanted):
            return 1
        return 2 if part in label or part in name else _UNFIT

    ranked = [(rank(suggestion), suggestion) for suggestion in found]
    fitting = [(place, suggestion) for place, suggestion in ranked if place < _UNFIT]
    fitting.sort(key=lambda pair: (pair[0] > 1, not first(pair[1]), pair[0], -pair[1].count, pair[1].name))
    return [suggestion for _, suggestion in fitting[:MOST]]
