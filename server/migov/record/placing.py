"""Where a body belongs, sits and can be reached: its larger whole, its seat, its website."""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from migov.record.citing import Cited
from migov.record.draft import Draft, key, node
from migov.record.evidence import Term, text, triples
from migov.record.keys import iri, term
from migov.record.tables import Row
from migov.vocabulary import XSD

STRUCTURE, SEATS, CONTACTS = (f"relations/organisations/{part}" for part in ("structure", "seats", "contacts"))
PLACES = "entities/places-of-seats"
FRESH = 2024  # a list that shows the state of this year or a later one is taken to hold on the day it was read
_FAMILY = "un-system"  # organisations belong to it as members; other bodies are parts of it
_MEMBERS = {
    "specialised-agency": "system-entity",
    "court": "system-entity",
    "related-organisation": "related-organisation",
}
_PARTS = {
    "principal-organ": "organ",
    "court": "organ",
    "governing-body": "organ",
    "functional-commission": "subsidiary-organ",
    "regional-commission": "subsidiary-organ",
    "subsidiary-organ": "subsidiary-organ",
    "political-body": "subsidiary-organ",
    "human-rights-body": "subsidiary-organ",
    "secretariat": "secretariat",
    "secretariat-department": "department",
    "headquarters-unit": "department",
    "regional-office": "office",
    "country-office": "office",
    "liaison-office": "office",
    "service-centre": "office",
    "inter-agency-network": "unit",
    "knowledge-platform": "unit",
}


def seen(as_of: Literal | None) -> list[tuple[str, Term | None]]:
    """Return the slots of a situation that a source of an older state reports; none for a fresh or undated source."""
    if as_of is None or int(as_of.value[:4]) >= FRESH:
        return []
    return [("mgo:observedFrom", as_of), ("mgo:observedTo", as_of), ("mgo:endStatus", term("end-status:not-known"))]


def whole(
    draft: Draft, part: NamedNode, above: NamedNode, kind: str, as_of: Literal | None, cited: Sequence[Cited]
) -> None:
    """State what a body is a part of; a treaty body is served by its secretariat and no part of it."""
    if kind == "treaty-body":
        ends: list[tuple[str, Term | None]] = [
            ("mgo:participant", part),
            ("mgo:participant", above),
            ("mgo:provider", above),
            ("mgo:cooperationType", term("cooperation-type:secretariat-service")),
        ]
        draft.state(STRUCTURE, node("relation", key(part), key(above), "service"), "mgo:Cooperation", ends, cited)
    elif key(above) == _FAMILY and kind in _MEMBERS:
        member: list[tuple[str, Term | None]] = [
            ("org:member", part),
            ("org:organization", above),
            ("mgo:membershipType", term(f"membership-type:{_MEMBERS[kind]}")),
        ]
        there = draft.found("mgo:Membership", member)
        draft.state(STRUCTURE, there or node("relation", key(above), key(part)), "mgo:Membership", member, cited)
    else:
        slots: list[tuple[str, Term | None]] = [("mgo:part", part), ("mgo:whole", above)]
        there = draft.found("mgo:Composition", slots)
        slots += [("mgo:compositionType", term(f"composition-type:{_PARTS.get(kind, 'entity')}")), *seen(as_of)]
        name = there or node("relation", key(part), key(above), "composition")
        draft.state(STRUCTURE, name, "mgo:Composition", slots, cited)


def seat(
    draft: Draft,
    body: NamedNode,
    row: Row,
    place: NamedNode | None,
    state: NamedNode | None,
    day: Literal | None,
    cited: Sequence[Cited],
) -> None:
    """State where a body has its seat, and in whose land that place lies; ``place`` is None for one not yet known."""
    town = place or iri("place", row["hq_city"])
    if place is None:
        draft.add(PLACES, triples(town, "mgo:Place", [("skos:prefLabel", text(row["hq_city"], "en"))]))
    if state is not None:
        draft.claim("claims/organisations/places", town, "mgo:territoryOf", state, cited)
    kind = "office" if row["kind"].startswith("IOM ") else "headquarters"
    slots: list[tuple[str, Term | None]] = [
        ("mgo:agent", body),
        ("mgo:venue", town),
        ("mgo:presenceType", term(f"presence-type:{kind}")),
    ]
    there = draft.found("mgo:Presence", slots)
    slots += seen(day)
    name = there or node("relation", key(body), key(town), "seat")
    draft.state(SEATS, name, "mgo:Presence", slots, cited)


def website(draft: Draft, body: NamedNode, address: str, cited: Cited) -> None:
    """State the website of a body; an address printed without a scheme gets one, and a note that says so."""
    bare = "://" not in address
    slots: list[tuple[str, Term | None]] = [
        ("mgo:agent", body),
        ("mgo:website", Literal(f"http://{address}" if bare else address, datatype=NamedNode(XSD + "anyURI"))),
    ]
    there = draft.found("mgo:Contact", slots)
    slots.append(("skos:editorialNote", text(f"Printed without a scheme: {address}.", "en") if bare else None))
    draft.state(CONTACTS, there or node("relation", key(body), "website"), "mgo:Contact", slots, [cited])
