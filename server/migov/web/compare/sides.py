"""One side of a comparison: what a State, a treaty or an organisation has on a day, and how surely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from migov.web import day, neighbours, registers, wording
from migov.web.compare.things import ORGANISATION, STATE, Thing
from migov.web.language import N_, _
from migov.web.matrix import standings as known
from migov.web.matrix import table
from migov.web.matrix.standings import Standing, standings
from migov.web.neighbours import HOLDS, PERHAPS, Tie
from migov.web.reader import Names, Row
from migov.web.site import Site
from migov.web.words import local, sentence_case

YES, MAYBE, NO, UNKNOWN = "yes", "maybe", "no", "unknown"
TREATIES, PARTIES, MEMBER_OF, VOTES, NAMES = "treaties", "parties", "member-of", "votes", "names"
_STATUS: Final = {
    known.PARTY: YES,
    known.PERHAPS: MAYBE,
    known.DISPUTED: MAYBE,
    known.CONSENTED: NO,
    known.LEFT: NO,
    known.NOT: NO,
}
HEADINGS: Final = {
    TREATIES: N_("Treaties"),
    PARTIES: N_("States"),
    MEMBER_OF: N_("Memberships"),
    VOTES: N_("Votes"),
    NAMES: N_("Names"),
}
"""What sections are called; those of organisations by the groups of ``neighbours``."""


@dataclass(frozen=True)
class Entry:
    """What one side has in a row: yes, maybe, no or unknown; the word, since when, and the page that says so.

    ``letter`` is the class of an answer of the matrix, '' elsewhere; ``iri`` the statement behind it.
    """

    status: str
    word: str
    when: str
    href: str
    letter: str = ""
    iri: str = ""


Entries = Mapping[str, Entry]
"""By what the rows are about: an IRI, or a text with what tells two rows about the same thing apart."""


class Sides:
    """Reads what things have on days; everything about two things or two days is read once."""

    def __init__(self, here: Site, things: Sequence[Thing], *, dated: bool) -> None:
        """``dated`` says that days are compared, so that links without any time tell nothing."""
        self.here = here
        self._dated = dated
        self.names = Names()
        self._standings = standings(here.reader)
        organisations = [thing.iri for thing in things if thing.kind == ORGANISATION]
        self._rows = {iri: neighbours.rows(here.reader, [iri]) for iri in organisations}  # one alone is planned best
        self._used = here.reader.rows_of("names-used", organisations)

    def of(self, thing: Thing, on: str, latest: str) -> dict[str, Entries]:
        """By section, what a thing has on a day, '' for that of the release, which is the ``latest``."""
        if thing.kind == STATE:
            found = {TREATIES: self._treaties(thing, on, latest), VOTES: self._votes(thing, on or latest)}
            return {TREATIES: found[TREATIES], MEMBER_OF: self._memberships(thing, on), VOTES: found[VOTES]}
        if thing.kind == ORGANISATION:
            return {NAMES: self._names_used(thing, on), **self._ties(thing, on)}
        return {PARTIES: self._parties(thing, on, latest)}

    def _treaties(self, thing: Thing, on: str, latest: str) -> Entries:
        actor = self._standings.actors[thing.path.partition("/")[2]]
        treaties = self._standings.treaties.values()
        judged = ((treaty, self._standings.column(treaty, on or latest)[actor.iri]) for treaty in treaties)
        return {treaty.iri: self._entry(found, table.address(actor, treaty, on)) for treaty, found in judged}

    def _parties(self, thing: Thing, on: str, latest: str) -> Entries:
        treaty = self._standings.treaties[thing.path.partition("/")[2]]
        column = self._standings.column(treaty, on or latest)
        actors = self._standings.actors.values()
        return {actor.iri: self._entry(column[actor.iri], table.address(actor, treaty, on)) for actor in actors}

    def _entry(self, found: Standing, path: str) -> Entry:
        """An answer of the matrix; a signature is a no only where a complete list leaves the signatory out."""
        status = _STATUS.get(found.code) or (NO if found.code == known.SIGNED and found.listed else UNKNOWN)
        period = found.period
        when = wording.between(period.first, period.last) if period else ""
        if period and period.later and when:
            when = _("%(day)s or later", day=when)
        if found.kept:
            when = _("kept: %(answer)s", answer=_(table.WORDS[found.kept]))
        href, iri = self.here.addresses.link(path), period.iri if period else ""
        return Entry(status, _(table.WORDS[found.code]), when, href, table.LETTERS[found.code], iri)

    def _memberships(self, thing: Thing, on: str) -> Entries:
        rows: dict[tuple[str, str, str, str], list[Row]] = {}
        for row in registers.memberships(self.here.reader, "member", thing.iri):
            key = (MEMBER_OF, thing.iri, row["org"].value, row["node"].value)
            rows.setdefault(key, []).append({**row, "code": row["type"]} if "type" in row else row)
        return self._by_other(neighbours.tie(key, found, on) for key, found in rows.items())

    def _ties(self, thing: Thing, on: str) -> dict[str, Entries]:
        found: dict[str, list[Tie]] = {}
        for tie in neighbours.ties(self._rows[thing.iri], self.here.base, on):
            found.setdefault(tie.group, []).append(tie)
        return {group: self._by_other(found[group]) for group in neighbours.GROUPS if group in found}

    def _by_other(self, ties: Iterable[Tie]) -> Entries:
        """Links by what is at their other end; of several the one that holds most surely, with the first words."""
        standing = [tie for tie in ties if tie.state in {HOLDS, PERHAPS}]
        if self._dated:
            standing = [tie for tie in standing if tie.since or tie.until or any(tie.bounds) or tie.state == PERHAPS]
        codes = {code for tie in standing for code in tie.codes}
        self.names.join(self.here.reader.names_of(codes | {tie.other for tie in standing}))
        found: dict[str, Entry] = {}
        for tie in sorted(standing, key=lambda tie: (tie.state != HOLDS, tie.bounds, tie.link)):
            entry = self._of_tie(tie)
            kept = found.get(tie.other)
            if kept is None:
                found[tie.other] = entry
            elif entry.word and entry.word not in kept.word and kept.status == entry.status:
                word = "; ".join(filter(None, (kept.word, entry.word)))
                found[tie.other] = Entry(kept.status, word, kept.when, kept.href, "", kept.iri)
        return found

    def _of_tie(self, tie: Tie) -> Entry:
        word = ", ".join(sentence_case(self.name(code)) for code in tie.codes)
        since = " – ".join(filter(None, (tie.since, tie.until)))
        href = self.here.addresses.href(tie.link or tie.other) or ""
        return Entry(YES if tie.state == HOLDS else MAYBE, word, since, href, "", tie.link)

    def _votes(self, thing: Thing, on: str) -> Entries:
        rows = self.here.reader.once("votes", lambda: self.here.reader.rows("all-votes"), worded=False)
        own = [row for row in rows if row["voter"].value == thing.iri]
        own = [row for row in own if "last" not in row or row["last"].value <= on]
        self.names.join(self.here.reader.names_of({row[slot].value for row in own for slot in ("instrument", "cast")}))
        found = {}
        for row in own:
            when = wording.date(row["date"].value) if "date" in row else ""
            href = self.here.addresses.href(row["node"].value) or ""
            word = sentence_case(self.name(row["cast"].value))
            found[row["instrument"].value] = Entry(YES, word, when, href, "", row["node"].value)
        return found

    def _names_used(self, thing: Thing, on: str) -> Entries:
        """The names in use on a day; of one whose time is not told nothing can be said, so it is one that may be."""
        found = {}
        self.names.join(self.here.reader.names_of({row["type"].value for row in self._used if "type" in row}))
        for row in self._used:
            if row["node"].value != thing.iri:
                continue
            state = _of_name(row, on)
            if state:
                word = sentence_case(self.name(row["type"].value)) if "type" in row else ""
                when = wording.period(_text(row, "start"), _text(row, "end"), local(_text(row, "status")))
                href = self.here.addresses.href(row["use"].value) or ""
                found[f"“{row['name'].value}”"] = Entry(state, word, when, href, "", row["use"].value)
        return found

    def name(self, iri: str) -> str:
        """What a thing is called in the reader's language."""
        names = self.names if iri in self.names.labels else self._standings.names
        return self.here.reader.label(iri, names).value

    def link(self, iri: str, on: str) -> str | None:
        """The page about a thing, as on the day."""
        href = self.here.addresses.href(iri)
        dated = any(f"/id/{kind}/" in iri for kind in ("state", "document", "org"))
        return day.kept(href, on) if href and dated else href


def _of_name(row: Row, on: str) -> str:
    if not any(slot in row for slot in ("begun", "lastBegun", "over", "lastOver", "status")):
        return MAYBE
    if not on:
        return "" if local(_text(row, "status")) in {"ended", "ended-unknown-day"} or "end" in row else YES
    if _text(row, "begun") > on or ("lastOver" in row and row["lastOver"].value < on):
        return ""
    begun = "lastBegun" in row and row["lastBegun"].value <= on
    lasts = _text(row, "over") >= on or local(_text(row, "status")) in {"", "ongoing"}
    return YES if begun and lasts else MAYBE


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
