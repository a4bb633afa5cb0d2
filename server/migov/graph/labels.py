"""Makes ``graph/derived/labels``: a short English label for every Assertion and record, from its own slots.

``Membership: IOM in United Nations system, related organisation, 2016``. Entities, concepts and terms carry their
labels themselves; an assertion has no name in the world, so it is told by what it says, and where two assertions would
be told alike, by the printed words that tell them apart. Evidence needs none: its source and locator tell it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store

from migov import vocabulary
from migov.vocabulary import GRAPH, ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOS, XSD

LABELS = NamedNode(GRAPH + "derived/labels")
LONGEST = 160
_MOST = 3  # names told of one slot; the rest are counted

# Per class the sentence that tells its slots; a part between bars is left out when its last slot is empty,
# and `a/b` means: the first of these slots that has a value.
PATTERNS = {
    "Activity": (
        "{activityType/areaOfWork}| by {organiser}| on {concerns}| in {venue}| for {beneficiary}"
        "|, {stage}|, {recurrence}"
    ),
    "Adoption": "{adoptedDocument}| by {adoptedBy}",
    "Characterisation": "{characterisedEntity}|, {characteristic}|, on {concerns}",
    "Composition": "{part}| in {whole}|, {compositionType}",
    "Contact": "{agent}|, {streetAddress/email/telephone/fax/website}|, {locality}",
    "Cooperation": "{participant}|, {cooperationType}| by {provider}|, on {concerns}",
    "Designation": "{agent}| as {function}|, on {concerns}|, by {decidedBy}",
    "EntryIntoForce": "{instrument}",
    "Funding": "{recipient}| from {contributor}|, {fundingType}|, {fundingShare}",
    "ImportRecord": "{table}| from {importedFrom}",
    "ListCompleteness": "{listKind}| of {listOf}|, {completeness}",
    "Mandate": "{mandateHolder}|, {function}|, on {concerns}|, for {beneficiary}|, when {condition}",
    "MeetingPattern": "{agent}|, {recurrence}|, {meetingMode}",
    "Membership": "{org:member}| in {org:organization}|, {membershipType}",
    "Monitoring": "{monitor}| on {instrument}|, {procedure}",
    "NameUse": "{named}| as “{name}”|, {nameType}",
    "Observation": "{indicator}| of {observedEntity}|: {valueQualifier} {value}| ({unit})",
    "OrganisationChange": "{changeType}| of {org:originalOrganization/org:resultingOrganization}",
    "Participation": "{agent}| in {instrument}|, {status}",
    "PolicyPosition": "{holder}|, {positionType}|, on {concerns}|, for {beneficiary}",
    "PostChange": "{changeType}| of {changedPost}",
    "PostTenure": "{org:member}| as {post}|, {actingCapacity}",
    "Presence": "{agent}| in {venue}|, {presenceType}",
    "Session": "{sessionOf}|, session {sessionNumber}|, in {venue}",
    "SourceRanking": "{instrument}|, source {position}|: {rankedSource}",
    "TermDefinition": "{definedTerm}| by {definingAgent}",
    "TreatyAction": "{actionType}| of {instrument}| by {actor}",
    "Vote": "{voter}| on {instrument}|, {voteCast}",
    "Claim": "{rdf:subject}|, {rdf:predicate}|: {rdf:object}",
}
_SLOT = re.compile(r"\{([^}]+)\}")
_PERIOD = ("startDate", "startEarliest", "endDate", "endLatest", "observedFrom", "observedTo", "date", "asOf")
_NAMES = (SKOS + "prefLabel", RDFS_LABEL, SKOS + "altLabel")
_ACRONYM = ONTOLOGY + "acronym"
Slots = Mapping[str, Sequence[NamedNode | Literal]]
_EXACT = NamedNode(vocabulary.CONCEPT + "qualifier/exact")  # goes without saying


class Names:
    """Says how things are called in English, from the labels in a store."""

    def __init__(self, store: Store) -> None:
        self._made: dict[str, str] = {}
        self._texts = {predicate: _texts(store, predicate) for predicate in (*_NAMES, _ACRONYM)}

    def remember(self, iri: str, text: str) -> None:
        """Take note of what the build has just told of an assertion, without the word for its class."""
        self._made[iri] = text

    def nameless(self, iri: str) -> bool:
        """Whether the IRI is known only by what the build told of it."""
        return iri in self._made

    def short(self, iri: str) -> str:
        """Return the English acronym where there is one, else the label."""
        acronym = self._texts[_ACRONYM].get(iri)
        return acronym.value if acronym and acronym.language == "en" else self.full(iri)

    def full(self, iri: str) -> str:
        """Return the English label, else any label, else the last part of an IRI of ours, else the IRI."""
        if iri in self._made:
            return self._made[iri]
        found = next(filter(None, (self._texts[predicate].get(iri) for predicate in _NAMES)), None)
        if found:
            return found.value
        return re.split(r"[/#]", iri.rstrip("/#"))[-1] if vocabulary.compact(iri) != iri else iri


def _texts(store: Store, predicate: str) -> dict[str, Literal]:
    """Return what is read in English, or else in another language, for each node that has this property."""
    best: dict[str, Literal] = {}
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            node, text = quad.subject.value, quad.object
            best[node] = min(best.get(node, text), text, key=_foreign)
    return best


def _foreign(text: Literal) -> tuple[bool, str, str]:
    return (text.language != "en", text.language or "", text.value)


def labels(store: Store) -> list[Quad]:
    """Return one ``rdfs:label`` in English for every node of a class in ``PATTERNS``, the same for the same data."""
    names, said = Names(store), _said(store)
    told = _told(store, names, said)
    nodes = defaultdict(list)
    for node, label in told.items():
        nodes[label].append(node)
    for node, words in _printed(store, names, [same for same in nodes.values() if len(same) > 1]):
        told[node] = f"{_cut(told[node], LONGEST - len(words) - 2)}, {words}"
    return [
        Quad(NamedNode(node), NamedNode(RDFS_LABEL), Literal(label, language="en"), LABELS)
        for node, label in told.items()
    ]


def _printed(store: Store, names: Names, alike: Iterable[list[str]]) -> Iterable[tuple[str, str]]:
    """Give each of some assertions told alike words of its evidence that the others lack, or else words and source."""
    for nodes in alike:
        words = {node: _quotes(store, node) for node in nodes}
        whole = {node: _quotes(store, node, names) for node in nodes}
        for node in nodes:
            if words[node]:
                yield node, min(_own(words, node) or _own(whole, node) or words[node])


def _own(words: Mapping[str, set[str]], node: str) -> set[str]:
    return words[node].difference(*(words[other] for other in words if other != node))


def _quotes(store: Store, node: str, names: Names | None = None) -> set[str]:
    """Return the words printed in each evidence of an assertion, with what its source is called if names are given."""
    quotes = set()
    for link in store.quads_for_pattern(NamedNode(node), NamedNode(ONTOLOGY + "evidence"), None, None):
        if isinstance(link.object, NamedNode):
            slots = {quad.predicate.value: quad.object for quad in store.quads_for_pattern(link.object, None, None)}
            quote, source = slots.get(ONTOLOGY + "quote"), slots.get(ONTOLOGY + "source")
            if isinstance(quote, Literal):
                told = f"“{_cut(quote.value, LONGEST // 2)}”"
                named = names and isinstance(source, NamedNode) and _cut(names.full(source.value), LONGEST // 2)
                quotes.add(f"{told}, {named}" if named else told)
    return quotes


def _told(store: Store, names: Names, said: Mapping[str, Slots]) -> dict[str, str]:
    """Tell every node; an assertion about others once more, when it is known how they are told."""
    kinds = {node: name for name in PATTERNS for node in _instances(store, ONTOLOGY + name)}
    texts = {node: _text(said.get(node, {}), names, node, PATTERNS[name]) for node, name in kinds.items()}
    for node, text in texts.items():
        names.remember(node, text)
    of_others = [
        node for node in texts if any(value.value in texts for slot in said.get(node, {}).values() for value in slot)
    ]
    texts |= {node: _text(said[node], names, node, PATTERNS[kinds[node]]) for node in of_others}
    heads = {name: _upper(names.full(ONTOLOGY + name)) for name in PATTERNS}
    return {node: _cut(f"{heads[kinds[node]]}: {text}", LONGEST) for node, text in texts.items()}


def _instances(store: Store, kind: str) -> list[str]:
    quads = store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(kind), None)
    return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)})


def _text(slots: Slots, names: Names, node: str, pattern: str) -> str:
    parts = [_fill(part, slots, names) for part in pattern.split("|")]
    told = "".join(filter(None, parts)).lstrip(" ,:")
    period = "" if pattern == PATTERNS["Claim"] else _period(slots)
    text = ", ".join(filter(None, (told, period)))
    return " ".join((text or vocabulary.compact(node)).split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip(" ,:…") + "…"


def _said(store: Store) -> dict[str, Slots]:
    """Return the values of all slots that some pattern tells, by node and slot, read property by property."""
    told = (key for pattern in PATTERNS.values() for keys in _SLOT.findall(pattern) for key in keys.split("/"))
    said: dict[str, dict[str, set[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(set))
    for slot in {*told, *_PERIOD}:
        prefix, _, name = slot.rpartition(":")
        predicate = NamedNode(vocabulary.prefixes()[prefix or "mgo"] + name)
        for quad in store.quads_for_pattern(None, predicate, None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                said[quad.subject.value][slot].add(quad.object)
    return {node: {slot: sorted(values, key=str) for slot, values in slots.items()} for node, slots in said.items()}


def _fill(part: str, slots: Slots, names: Names) -> str:
    """Tell one part of a pattern; nothing when its last slot is empty."""
    told = [_slot(keys, slots, names) for keys in _SLOT.findall(part)]
    if told and not told[-1]:
        return ""
    rest = iter(told)
    return _SLOT.sub(lambda _: next(rest), part)


def _slot(keys: str, slots: Slots, names: Names) -> str:
    values = next((slots[key] for key in keys.split("/") if key in slots), [])
    named = [value for value in values if not names.nameless(value.value)]  # what has a name says more
    return "" if values == [_EXACT] else _join([_tell(value, names) for value in named or values])


def _tell(value: NamedNode | Literal, names: Names) -> str:
    if isinstance(value, NamedNode):
        told = names.short(value.value)
        return _cut(told, LONGEST // 2) if names.nameless(value.value) else told
    return f"{int(value.value):,}" if value.datatype.value == XSD + "integer" else value.value


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _join(told: list[str]) -> str:
    rest = len(told) - _MOST
    shown = [*told[:_MOST], f"{rest} more"] if rest > 0 else told
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _period(slots: Slots) -> str:
    def text(slot: str) -> str:
        return next((str(v.value) for v in slots.get(slot, ())), "")

    start, end = text("startDate") or text("startEarliest"), text("endDate") or text("endLatest")
    if start and end:
        return start if start == end else f"{start} to {end}"
    if end:
        return f"until {end}"
    seen = sorted({text("observedFrom"), text("observedTo")} - {""})
    return start or text("date") or text("asOf") or (f"as reported for {' to '.join(seen)}" if seen else "")
