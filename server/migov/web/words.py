"""How the terms of the ontology read on a page: headings by class and slot, and the order of slots.

What is not named here reads by the label that the ontology gives it.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from migov.web import language, plurals
from migov.web.language import N_, _


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
        {"originalOrganization": N_("History"), "resultingOrganization": N_("History")},
        ("changeType", "originalOrganization", "resultingOrganization"),
    ),
    "NameUse": View({"named": N_("Names in use")}, ("name",)),
    "Characterisation": View({"characterisedEntity": N_("Qualities")}, ("characteristic",)),
    "Membership": View(
        {"member": N_("Member of"), "organization": N_("Members")},
        ("member", "organization"),
        {"membershipType": N_("Memberships")},
    ),
    "Composition": View({"part": N_("Part of"), "whole": N_("Parts")}, ("part", "whole")),
    "PostTenure": View(
        {"member": N_("Posts held"), "post": N_("Holders"), "organization": N_("Officers")},
        ("member", "post", "organization"),
    ),
    "PostChange": View({"changedPost": N_("History")}, ("changeType",), {"decidedBy": N_("Decisions on posts")}),
    "Mandate": View(
        {"mandateHolder": N_("Charged with")}, ("function", "mandateHolder"), {"conferredBy": N_("Mandates given")}
    ),
    "Designation": View({"agent": N_("Designated as")}, ("agent", "function"), {"concerns": N_("Designations")}),
    "Monitoring": View({"monitor": N_("Monitors"), "instrument": N_("Monitored by")}, ("monitor", "instrument")),
    "PolicyPosition": View({"holder": N_("Aims, principles and views")}, ("concerns",)),
    "TermDefinition": View(
        {"definingAgent": N_("Terms defined"), "definedTerm": N_("Defined by")},
        ("definedTerm", "definingAgent", "criterion"),
    ),
    "Presence": View({"agent": N_("Present in"), "venue": N_("Present here")}, ("agent", "venue")),
    "Contact": View(
        {"agent": N_("Contact")},
        ("streetAddress", "postalCode", "locality", "countryName", "telephone", "fax", "email", "website"),
    ),
    "MeetingPattern": View({"agent": N_("Meetings")}, ("recurrence",)),
    "Session": View({"sessionOf": N_("Sessions")}, ("sessionNumber",), {"venue": N_("Sessions held here")}),
    "Activity": View(
        {"organiser": N_("Activities")},
        ("activityType", "organiser", "areaOfWork"),
        {
            "venue": N_("Activities here"),
            "beneficiary": N_("Activities for them"),
            "areaOfWork": N_("Activities in this area"),
        },
    ),
    "Cooperation": View({"participant": N_("Works with")}, ("participant",), {"concerns": N_("Cooperation on this")}),
    "Funding": View(
        {"recipient": N_("Funding"), "contributor": N_("Contributes to")}, ("contributor", "recipient", "fundingType")
    ),
    "Adoption": View(
        {"adoptedDocument": N_("Adoption"), "adoptedBy": N_("Documents adopted")},
        ("adoptedDocument", "adoptedBy", "adoptionType"),
    ),
    "EntryIntoForce": View({"instrument": N_("Entry into force")}, ("instrument",)),
    "TreatyAction": View(
        {"actor": N_("Treaty actions"), "instrument": N_("Treaty actions")}, ("actor", "actionType", "instrument")
    ),
    "Participation": View(
        {"agent": N_("Treaties"), "instrument": N_("States by status")}, ("agent", "instrument", "status")
    ),
    "Observation": View(
        {"observedEntity": N_("Figures")},
        ("value",),
        {"indicator": N_("Figures for this"), "inCountry": N_("Figures by country")},
    ),
    "Vote": View({"voter": N_("Votes"), "instrument": N_("Votes")}, ("voter", "instrument", "voteCast")),
    "ListCompleteness": View({"listOf": N_("How far the lists go")}, ("listKind", "completeness")),
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
    "cites": N_("Cited by"),
    "within": N_("Places within"),
    "related": N_("Related to"),
    "subject": N_("Documents on this"),
    "amends": N_("Amended by"),
    "constitutes": N_("Constituted by"),
    "atSession": N_("Documents of this session"),
    "member": N_("Counted among"),
    "partOf": N_("Parts"),
    "territoryOf": N_("Territory"),
    "basedOn": N_("Basis of"),
    "depositary": N_("Depositary of"),
    "importedFrom": N_("Accounts of its import"),
    "rankedSource": N_("Place among the sources of treaties"),
    "wasDerivedFrom": N_("Periods that follow from it"),
    "region": N_("States and territories"),
    "protocolTo": N_("Protocols"),
    "postIn": N_("Posts"),
    "broader": N_("Narrower codes"),
    "narrower": N_("Broader codes"),
    "classification": N_("Classified so"),
    "instrumentType": N_("Instruments of this kind"),
    "sourceTier": N_("Sources of this grade"),
    "inScheme": N_("Codes"),
    "topConceptOf": N_("Top codes"),
    "unit": N_("Indicators in this unit"),
    "evidence": N_("Rests on this place"),
}
DATES: Final = ("startDate", "endDate", "endStatus", "date", "asOf", "appointmentDate", "effectiveDate")
HIDDEN: Final = frozenset(
    {"type", "evidence", "rank", "rankReason", "editorialNote", "label", "valid", "wasDerivedFrom"}
    | {f"{stem}{end}" for stem in ("start", "end", "date", "effective", "asOf") for end in ("Earliest", "Latest")}
    | {"valueLower", "valueUpper", "tableKey", "row", "columns"}
)
NAMING: Final = frozenset({"prefLabel", "altLabel", "acronym", "hiddenLabel", "definition", "description"})
PLURALS: Final = {
    "State": N_("States"),
    "Person": N_("Persons"),
    "PostTenure": N_("Tenures of posts"),
    "Monitoring": N_("Monitoring"),
    "Evidence": N_("Places in sources"),
    "EntryIntoForce": N_("Entries into force"),
    "NameUse": N_("Names in use"),
}


RANKS: Final = (N_("preferred"), N_("deprecated"))
"""What is said of a statement that is not of normal rank; templates say it."""
STAGES: Final = (N_("unstable"), N_("archaic"))
"""What is said of a term of the ontology that may change or is out of use."""

_DIGITS: Final = re.compile(r"(\d+)")


@lru_cache(maxsize=8192)
def local(iri: str) -> str:
    """The last part of an IRI: the name of a term whatever its vocabulary."""
    return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def plural(label: str, term: str = "") -> str:
    """The plural of a noun, or of the head of "area of work"; the name of a class for a list of its individuals."""
    if term in PLURALS:
        return _(PLURALS[term])
    if language.current() in plurals.RULES:
        return plurals.plural(label, language.current())
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
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(language.collated(text)) if part
    ]


def sentence_case(text: str) -> str:
    """Give a text a capital letter to start with and leave the rest alone."""
    return text[:1].upper() + text[1:]
