"""How the terms of the ontology read on a page: headings by class and slot, and the order of slots.

What is not named here reads by the label that the ontology gives it.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final


@dataclass(frozen=True)
class View:
    """How assertions of one class read.

    ``owners``: the slots whose value the assertion is chiefly about, with the heading it gets on their pages.
    ``others``: headings on the pages of what else it mentions. ``main``: the slots that carry the message.
    """

    owners: dict[str, str]
    main: tuple[str, ...]
    others: dict[str, str] = field(default_factory=dict)


VIEWS: Final[dict[str, View]] = {
    "OrganisationChange": View(
        {"originalOrganization": "History", "resultingOrganization": "History"},
        ("changeType", "originalOrganization", "resultingOrganization"),
    ),
    "NameUse": View({"named": "Names in use"}, ("name",)),
    "Characterisation": View({"characterisedEntity": "Qualities"}, ("characteristic",)),
    "Membership": View(
        {"member": "Member of", "organization": "Members"},
        ("member", "organization"),
        {"membershipType": "Memberships"},
    ),
    "Composition": View({"part": "Part of", "whole": "Parts"}, ("part", "whole")),
    "PostTenure": View(
        {"member": "Posts held", "post": "Holders", "organization": "Officers"}, ("member", "post", "organization")
    ),
    "PostChange": View({"changedPost": "History"}, ("changeType",), {"decidedBy": "Decisions on posts"}),
    "Mandate": View(
        {"mandateHolder": "Charged with"}, ("function", "mandateHolder"), {"conferredBy": "Mandates given"}
    ),
    "Designation": View({"agent": "Designated as"}, ("agent", "function"), {"concerns": "Designations"}),
    "Monitoring": View({"monitor": "Monitors", "instrument": "Monitored by"}, ("monitor", "instrument")),
    "PolicyPosition": View({"holder": "Aims, principles and views"}, ("concerns",)),
    "TermDefinition": View(
        {"definingAgent": "Terms defined", "definedTerm": "Defined by"}, ("definedTerm", "definingAgent", "criterion")
    ),
    "Presence": View({"agent": "Present in", "venue": "Present here"}, ("agent", "venue")),
    "Contact": View(
        {"agent": "Contact"},
        ("streetAddress", "postalCode", "locality", "countryName", "telephone", "fax", "email", "website"),
    ),
    "MeetingPattern": View({"agent": "Meetings"}, ("recurrence",)),
    "Session": View({"sessionOf": "Sessions"}, ("sessionNumber",), {"venue": "Sessions held here"}),
    "Activity": View(
        {"organiser": "Activities"},
        ("activityType", "organiser", "areaOfWork"),
        {"venue": "Activities here", "beneficiary": "Activities for them", "areaOfWork": "Activities in this area"},
    ),
    "Cooperation": View({"participant": "Works with"}, ("participant",), {"concerns": "Cooperation on this"}),
    "Funding": View(
        {"recipient": "Funding", "contributor": "Contributes to"}, ("contributor", "recipient", "fundingType")
    ),
    "Adoption": View(
        {"adoptedDocument": "Adoption", "adoptedBy": "Documents adopted"},
        ("adoptedDocument", "adoptedBy", "adoptionType"),
    ),
    "EntryIntoForce": View({"instrument": "Entry into force"}, ("instrument",)),
    "TreatyAction": View(
        {"actor": "Treaty actions", "instrument": "Treaty actions"}, ("actor", "actionType", "instrument")
    ),
    "Participation": View({"agent": "Treaties", "instrument": "States by status"}, ("agent", "instrument", "status")),
    "Observation": View(
        {"observedEntity": "Figures"}, ("value",), {"indicator": "Figures for this", "inCountry": "Figures by country"}
    ),
    "Vote": View({"voter": "Votes", "instrument": "Votes"}, ("voter", "instrument", "voteCast")),
    "ListCompleteness": View({"listOf": "How far the lists go"}, ("listKind", "completeness")),
    "Claim": View({"subject": ""}, ("object",), {}),
}

PARTS: Final = {  # the part of a page for owned assertions; the rest stand among the facts
    "Composition": "work",
    "Mandate": "work",
    "Activity": "work",
    "Cooperation": "work",
    "Monitoring": "work",
    "Funding": "work",
    "PolicyPosition": "work",
}
FIRST: Final = (  # the slots of a statement or record in the order to read them; the rest follow by label
    "subject",
    "predicate",
    "object",
    "actor",
    "agent",
    "voter",
    "member",
    "observedEntity",
    "listOf",
    "importedFrom",
    "table",
    "instrument",
    "position",
    "organization",
    "post",
    "actionType",
    "status",
    "voteCast",
    "membershipType",
    "indicator",
    "value",
    "listKind",
    "completeness",
    "onAdoption",
    "rankedSource",
    "rankingReason",
    "rowsIn",
    "rowsMade",
    "rowsMerged",
    "rowsDisputed",
    "rowsSetAside",
    "setAsideReason",
    "assertionsMade",
    "evidenceMade",
    "source",
    "locator",
    "paragraph",
    "quote",
    "confidence",
    "retrieved",
)
COPY: Final = frozenset({"fileName", "sha256"})  # what tells the copy that was read, so last
ORDER: Final = tuple(VIEWS)  # the order of groups on a page

MOMENTS: Final = (
    ("date", ""),
    ("asOf", "as of "),
    ("appointmentDate", "appointed "),
    ("effectiveDate", "with effect from "),
)
UNSAID: Final = {  # slots that the heading or the message already tells
    "Observation": ("indicator", "valueQualifier", "unit"),
    "Claim": ("predicate", "subject"),
    "NameUse": ("named",),
    "Vote": ("onAdoption",),
    "PostTenure": ("organization",),
}
PLAIN: Final = frozenset(  # slots whose value needs no words before it
    {
        "membershipType",
        "compositionType",
        "positionType",
        "cooperationType",
        "nameType",
        "presenceType",
        "fundingType",
        "fundingShare",
        "adoptionType",
        "actingCapacity",
        "meetingMode",
        "recurrence",
        "function",
        "status",
        "actionType",
    }
)
INVERSES: Final = {  # what a claim is to the object of its triple
    "cites": "Cited by",
    "within": "Places within",
    "related": "Related to",
    "subject": "Documents on this",
    "amends": "Amended by",
    "constitutes": "Constituted by",
    "atSession": "Documents of this session",
    "member": "Counted among",
    "partOf": "Parts",
    "territoryOf": "Territory",
    "basedOn": "Basis of",
    "depositary": "Depositary of",
    "importedFrom": "Accounts of its import",
    "rankedSource": "Place among the sources of treaties",
    "wasDerivedFrom": "Periods that follow from it",
    "region": "States and territories",
    "protocolTo": "Protocols",
    "postIn": "Posts",
    "broader": "Narrower codes",
    "narrower": "Broader codes",
    "classification": "Classified so",
    "instrumentType": "Instruments of this kind",
    "sourceTier": "Sources of this grade",
    "inScheme": "Codes",
    "topConceptOf": "Top codes",
    "unit": "Indicators in this unit",
    "evidence": "Rests on this place",
}
DATES: Final = ("startDate", "endDate", "endStatus", "date", "asOf", "appointmentDate", "effectiveDate")
HIDDEN: Final = frozenset(
    {"type", "evidence", "rank", "rankReason", "editorialNote", "label", "valid", "wasDerivedFrom"}
    | {f"{stem}{end}" for stem in ("start", "end", "date", "effective", "asOf") for end in ("Earliest", "Latest")}
    | {"valueLower", "valueUpper", "tableKey", "row", "columns"}
)
NAMING: Final = frozenset({"prefLabel", "altLabel", "acronym", "hiddenLabel", "definition", "description"})
PLURALS: Final = {
    "State": "States",
    "Person": "Persons",
    "PostTenure": "Tenures of posts",
    "Monitoring": "Monitoring",
    "Evidence": "Places in sources",
    "EntryIntoForce": "Entries into force",
    "NameUse": "Names in use",
}


_DIGITS: Final = re.compile(r"(\d+)")


@lru_cache(maxsize=8192)
def local(iri: str) -> str:
    """The last part of an IRI: the name of a term whatever its vocabulary."""
    return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def plural(label: str, term: str = "") -> str:
    """The plural of a noun, or of the head of "area of work"; the name of a class for a list of its individuals."""
    if term in PLURALS:
        return PLURALS[term]
    head, of, rest = label.partition(" of ")
    if head.endswith("cent"):
        return label
    if head.endswith("y") and head[-2:-1] not in set("aeiou"):
        head = head[:-1] + "ies"
    else:
        head += "es" if head.endswith(("s", "x", "ch")) else "s"
    return head + of + rest


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts texts as people do: case aside, "objective 2" before "objective 10"."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(text.casefold()) if part]


def sentence_case(text: str) -> str:
    """Give a text a capital letter to start with and leave the rest alone."""
    return text[:1].upper() + text[1:]
