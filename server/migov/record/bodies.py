"""What rows tell of one body: how it is called, how it began, and what became of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import changing, naming
from migov.record.citing import TRUST, Cited, Citer, Said, best, compatible, rival
from migov.record.draft import Draft, Slots, key, node
from migov.record.evidence import Term, claim, text
from migov.record.keys import slug, term
from migov.record.ledger import Outcome
from migov.record.sources import addresses
from migov.record.tables import Row

PREDECESSOR = "predecessor organisation"  # an earlier name of the same body: renaming is not succession
NAMES, CHANGES = "relations/organisations/names", "relations/organisations/changes"
AS_GIVEN = " (as given in the source)"
_ELSEWHERE = re.compile(r"date from the (?:extra source|Spanish Wikipedia copy)|seat as of 1998")
_OF_1998 = "country_fields_1998"  # the appendix that gives founding days and seats where other lists give neither


_EXACT = "More exact than the date kept, and of the same time."


@dataclass(frozen=True)
class Body:
    """A body that rows tell of: its IRI, its class if this import makes it, its label, and the rows."""

    node: NamedNode
    kind: str
    label: str
    rows: Sequence[Row]

    @property
    def is_post(self) -> bool:
        return "/id/post/" in self.node.value


@dataclass
class Told:
    """One row as evidence, and what became of it."""

    row: Row
    citer: Citer
    as_of: Literal | None
    rival: bool = False
    main: Cited = field(init=False)

    def __post_init__(self) -> None:
        where = f"{self.name} ({self.row['kind']})"
        self.main = self.cite(self.row["source_url"], where, self.name, note=self.row["note"])

    @property
    def name(self) -> str:
        return self.row["name_en"].removesuffix(AS_GIVEN)

    @property
    def short(self) -> str:
        return self.row["abbreviation"] or self.name

    def outcome(self, first: bool) -> Outcome:
        """Return what became of the row: the first of a body makes it, others dispute it or only add evidence."""
        return "made" if first else "disputed" if self.rival else "merged"

    def cite(self, url: str, locator: str, quote: str, language: str = "en", note: str = "") -> Cited:
        as_of = self.as_of if url == self.row["source_url"] else None
        dated = as_of is not None or any(sign.isdigit() for sign in quote)
        return self.citer.cite(url, locator, quote, as_of=as_of, language=language, note=note, dated=dated)

    def elsewhere(self, locator: str, quote: str) -> list[Cited]:
        """Return evidence for a founding day or a seat, which another source than the main one may give."""
        extra = addresses(self.row["extra_sources"])
        urls = [url for url in extra if _OF_1998 in url]
        if not urls and _ELSEWHERE.search(self.row["note"]):
            urls = [url for url in extra if self.citer.languages(url) == ["en"]] or extra
        return [self.cite(url, locator, quote) for url in urls or [self.row["source_url"]]]

    def in_language(self, language: str, name: str) -> list[Cited]:
        """Return evidence for a name in French or Spanish: the further sources in that language, else all further."""
        extra = addresses(self.row["extra_sources"])
        urls = [url for url in extra if language in self.citer.languages(url)]
        urls = urls or [url for url in extra if self.citer.languages(url) == ["en"] and _OF_1998 not in url]
        return [self.cite(url, self.name, name, language) for url in urls or [self.row["source_url"]]]


def names(draft: Draft, body: Body, told: Sequence[Told]) -> None:
    """State each name and short form of a body, in each language, and its former and other names."""
    for one in told:
        row, earlier = one.row, body.kind == PREDECESSOR
        period = _period(row) if earlier else []
        kind = "former" if earlier else "title" if body.is_post else "official"
        _name(draft, body, one.name, "en", kind, period, [one.main])
        for language in ("fr", "es"):
            if words := row[f"name_{language}"]:
                _name(draft, body, words, language, kind, period, one.in_language(language, words))
        if row["abbreviation"]:
            _name(draft, body, row["abbreviation"], "en", "acronym", period, [one.main])
        if row["abbreviation_fr"]:
            cited = one.in_language("fr", row["abbreviation_fr"])
            _name(draft, body, row["abbreviation_fr"], "fr", "acronym", period, cited)
        for name in naming.former(row["former_names"]):
            _former(draft, body, name, one)


def _period(row: Row) -> Slots:
    told = changing.fate(row["status"])
    end = told.date if told else None
    start = naming.date(row["established"]) if row["established"] else None
    return [
        ("mgo:startDate", start),
        ("mgo:endDate", end),
        ("mgo:endStatus", term("end-status:ended") if end else None),
    ]


def _name(
    draft: Draft, body: Body, words: str, language: str, kind: str, period: Slots, cited: Sequence[Cited]
) -> None:
    slots: list[tuple[str, Term | None]] = [("mgo:named", body.node), ("mgo:name", text(words, language))]
    there = None if any(value for _, value in period) else draft.found("mgo:NameUse", slots)
    tail = language if language != "en" else ""
    assertion = there or node("relation", key(body.node), "name", slug(words)[:60].strip("-"), tail)
    slots += [("mgo:nameType", term(f"name-type:{kind}")), *period]
    draft.state(NAMES, assertion, "mgo:NameUse", slots, cited)


def _former(draft: Draft, body: Body, name: naming.Name, one: Told) -> None:
    ended = term("end-status:ended") if name.end else None
    seen = [("mgo:observedFrom", name.seen), ("mgo:observedTo", name.seen)]
    period = [("mgo:startDate", name.start), ("mgo:endDate", name.end), ("mgo:endStatus", ended), *seen]
    current = name.other or (name.start and not name.end)
    cited = [one.cite(one.row["source_url"], f"{one.name}, other names", name.text)]
    _name(draft, body, name.text, "en", "variant" if current else "former", period, cited)
    if name.acronym:
        _name(draft, body, name.acronym, "en", "acronym", [], cited)


def beginning(draft: Draft, body: Body, told: Sequence[Told]) -> None:
    """State when and by what a body began; dates that disagree stand beside the one that is kept."""
    if body.kind == PREDECESSOR:
        return
    said = [
        (one, Said(naming.date(one.row["established"]), cited))
        for one in told
        if one.row["established"]
        for cited in one.elsewhere(f"{one.name}, established", f"{one.short} {one.row['established']}")
    ]
    founders = [one for one in told if one.row["established_by"]]
    if not said and not founders:
        return
    kind, slots = _beginning_slots(body)
    there = draft.found(kind, slots)
    event = there or node("event", key(body.node), "creation" if body.is_post else "foundation")
    draft.state(CHANGES, event, kind, slots, [one.main for one in founders])
    notes = [text(f"Founded by: {one.row['established_by']}.", "en") for one in founders]
    draft.add(CHANGES, [Triple(event, term("skos:editorialNote"), note) for note in notes])
    if said:
        _date(draft, event, said)


def _beginning_slots(body: Body) -> tuple[str, list[tuple[str, Term | None]]]:
    if body.is_post:
        return "mgo:PostChange", [("mgo:changedPost", body.node), ("mgo:changeType", term("change-type:creation"))]
    foundation = term("change-type:foundation")
    return "mgo:OrganisationChange", [("org:resultingOrganization", body.node), ("mgo:changeType", foundation)]


def _date(draft: Draft, event: NamedNode, said: Sequence[tuple[Told, Said]]) -> None:
    """Give an event its date, or lay dates beside the one that it has by hand; a more exact one is preferred."""
    held = draft.value(event, "mgo:date")
    kept = best(date for _, date in said)
    if not isinstance(held, Literal):
        draft.add(CHANGES, [Triple(event, term("mgo:date"), kept.date)])
    elif compatible(held, kept.date) and len(kept.date.value) > len(held.value):
        made = claim(event, "mgo:date", kept.date, [kept.by.node], rank="preferred", reason=_EXACT)
        draft.dispute(CHANGES, made, [kept.by])
    else:
        kept = Said(held, Cited(event, event, TRUST.index("official")))
    for one, date in said:
        if not compatible(date.date, kept.date):
            one.rival = True
            draft.dispute(CHANGES, rival(event, "mgo:date", date, kept), [date.by])
        elif not isinstance(held, Literal) or len(date.date.value) <= len(held.value):
            draft.add(CHANGES, draft.support(event, [date.by]))


def end(draft: Draft, body: Body, told: Sequence[Told], bodies: Mapping[str, Body]) -> None:
    """State what became of a body, by what its rows say of its status."""
    for one in told:
        fate = changing.fate(one.row["status"])
        if fate is None:
            continue
        slots: list[tuple[str, Term | None]] = [
            ("mgo:changeType", term(f"change-type:{fate.change}")),
            ("org:originalOrganization", body.node),
        ]
        if fate.change != "dissolution":
            after = successor(fate.by, bodies) if fate.by else body.node
            slots.append(("org:resultingOrganization", after))
        quote = " ".join((one.short, one.row["status"]))
        cited = one.cite(one.row["source_url"], f"{one.name}, status", quote)
        there = draft.found("mgo:OrganisationChange", slots) if fate.by else None
        when = fate.date.value if fate.date and fate.change == "renaming" else ""
        event = there or node("event", key(body.node), fate.change, when)
        draft.state(CHANGES, event, "mgo:OrganisationChange", [*slots, ("mgo:date", fate.date)], [cited])


def successor(name: str, bodies: Mapping[str, Body]) -> NamedNode | None:
    """Return the body of the table that goes by a name or short form, or None."""
    wanted = {name, name.replace("UN ", "United Nations ", 1)}
    return next(
        (body.node for body in bodies.values() for row in body.rows if wanted & {row["name_en"], row["abbreviation"]}),
        None,
    )
