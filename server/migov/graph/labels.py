"""Makes ``graph/derived/labels``: a short English label for every Assertion and Evidence, from its own slots.

``Membership: IOM in United Nations system, related organisation, 2016``. Entities, concepts and terms carry their
labels themselves; an assertion has no name in the world, so it is told by what it says, and where two assertions would
be told alike, by the printed words that tell them apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

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
    "TermDefinition": "{definedTerm}| by {definingAgent}",
    "TreatyAction": "{actionType}| of {instrument}| by {actor}",
    "Claim": "{rdf:subject}|, {rdf:predicate}|: {rdf:object}",
    "Evidence": "{source}|, {locator}",
}
_SLOT = re.compile(r"\{([^}]+)\}")
_NAMES = (SKOS + "prefLabel", RDFS_LABEL, SKOS + "altLabel")
_ACRONYM = ONTOLOGY + "acronym"
_EXACT = NamedNode(vocabulary.CONCEPT + "qualifier/exact")  # goes without saying


class Names:
    """Says how things are called in English, from the labels in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: dict[str, str] = {}
        self._texts: dict[tuple[str, str], str | None] = {}  # states, treaties and codes are named again and again

    def remember(self, iri: str, text: str) -> None:
        """Take note of what the build has just told of an assertion, without the word for its class."""
        self._made[iri] = text

    def nameless(self, iri: str) -> bool:
        """Whether the IRI is known only by what the build told of it."""
        return iri in self._made

    def short(self, iri: str) -> str:
        """Return the English acronym where there is one, else the label."""
        return self._text(iri, _ACRONYM) or self.full(iri)

    def full(self, iri: str) -> str:
        """Return the English label, else any label, else the last part of an IRI of ours, else the IRI."""
        if iri in self._made:
            return self._made[iri]
        found = (self._text(iri, predicate) for predicate in _NAMES)
        known = vocabulary.compact(iri) != iri
        return next(filter(None, found), re.split(r"[/#]", iri.rstrip("/#"))[-1] if known else iri)

    def _text(self, iri: str, predicate: str) -> str | None:
        if (iri, predicate) not in self._texts:
            self._texts[iri, predicate] = self._look_up(iri, predicate)
        return self._texts[iri, predicate]

    def _look_up(self, iri: str, predicate: str) -> str | None:
        quads = self._store.quads_for_pattern(NamedNode(iri), NamedNode(predicate), None, None)
        texts = [q.object for q in quads if isinstance(q.object, Literal)]
        best = min(texts, key=lambda t: (t.language != "en", t.language or "", t.value), default=None)
        if best is None or (predicate == _ACRONYM and best.language != "en"):
            return None
        return best.value


def labels(store: Store) -> list[Quad]:
    """Return one ``rdfs:label`` in English for every node of a class in ``PATTERNS``, the same for the same data."""
    names = Names(store)
    _told(store, names)  # a first time, so that an assertion about another can tell of it
    told = _told(store, names)
    nodes = defaultdict(list)
    for node, label in told.items():
        nodes[label].append(node)
    for node, words in _printed(store, [same for same in nodes.values() if len(same) > 1]):
        told[node] = f"{_cut(told[node], LONGEST - len(words) - 4)}, “{words}”"
    return [
        Quad(NamedNode(node), NamedNode(RDFS_LABEL), Literal(label, language="en"), LABELS)
        for node, label in told.items()
    ]


def _printed(store: Store, alike: Iterable[list[str]]) -> Iterable[tuple[str, str]]:
    """Give each of some assertions told alike the words of its evidence, rather words that the others lack."""
    for nodes in alike:
        words = {node: _quotes(store, node) for node in nodes}
        for node, own in words.items():
            others = {quote for other in nodes if other != node for quote in words[other]}
            if own:
                yield node, _cut(min(own - others or own), LONGEST // 2)


def _quotes(store: Store, node: str) -> set[str]:
    return {
        quote.object.value
        for link in store.quads_for_pattern(NamedNode(node), NamedNode(ONTOLOGY + "evidence"), None, None)
        if isinstance(link.object, NamedNode)
        for quote in store.quads_for_pattern(link.object, NamedNode(ONTOLOGY + "quote"), None, None)
        if isinstance(quote.object, Literal)
    }


def _told(store: Store, names: Names) -> dict[str, str]:
    labels, texts = {}, {}
    for name, pattern in PATTERNS.items():
        nodes = store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(ONTOLOGY + name), None)
        for node in sorted({q.subject.value for q in nodes if isinstance(q.subject, NamedNode)}):
            texts[node] = text = _text(store, names, node, name, pattern)
            head = "" if name == "Evidence" else _upper(names.full(ONTOLOGY + name)) + ": "
            labels[node] = _cut(head + text, LONGEST)
    for node, text in texts.items():
        names.remember(node, text)
    return labels


def _text(store: Store, names: Names, node: str, kind: str, pattern: str) -> str:
    slots = _slots(store, node)
    parts = [_fill(part, slots, names) for part in pattern.split("|")]
    told = "".join(filter(None, parts)).lstrip(" ,:")
    period = "" if kind in ("Claim", "Evidence") else _period(slots)
    text = ", ".join(filter(None, (told, period)))
    return " ".join((text or vocabulary.compact(node)).split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip(" ,:…") + "…"


def _slots(store: Store, node: str) -> dict[str, list[NamedNode | Literal]]:
    slots: dict[str, set[NamedNode | Literal]] = defaultdict(set)
    for quad in store.quads_for_pattern(NamedNode(node), None, None, None):
        if isinstance(quad.object, NamedNode | Literal):
            slots[vocabulary.compact(quad.predicate.value)].add(quad.object)
    return {slot: sorted(values, key=str) for slot, values in slots.items()}


def _fill(part: str, slots: dict[str, list[NamedNode | Literal]], names: Names) -> str:
    """Tell one part of a pattern; nothing when its last slot is empty."""
    told = [_slot(match[1], slots, names) for match in _SLOT.finditer(part)]
    if told and not told[-1]:
        return ""
    rest = iter(told)
    return _SLOT.sub(lambda _: next(rest), part)


def _slot(keys: str, slots: dict[str, list[NamedNode | Literal]], names: Names) -> str:
    wanted = (key if ":" in key else f"mgo:{key}" for key in keys.split("/"))
    values = next((slots[key] for key in wanted if key in slots), [])
    named = [value for value in values if not names.nameless(value.value)]  # what has a name says more
    return "" if values == [_EXACT] else _join([_tell(value, names) for value in named or values])


def _tell(value: NamedNode | Literal, names: Names) -> str:
    if isinstance(value, NamedNode):
        return names.short(value.value)
    return f"{int(value.value):,}" if value.datatype.value == XSD + "integer" else value.value


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _join(told: list[str]) -> str:
    rest = len(told) - _MOST
    shown = [*told[:_MOST], f"{rest} more"] if rest > 0 else told
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _period(slots: dict[str, list[NamedNode | Literal]]) -> str:
    def text(slot: str) -> str:
        return next((str(v.value) for v in slots.get(f"mgo:{slot}", ())), "")

    start, end = text("startDate") or text("startEarliest"), text("endDate") or text("endLatest")
    if start and end:
        return start if start == end else f"{start} to {end}"
    if end:
        return f"until {end}"
    seen = sorted({text("observedFrom"), text("observedTo")} - {""})
    return start or text("date") or text("asOf") or (f"as reported for {' to '.join(seen)}" if seen else "")
