"""Where every State stands towards every treaty on a day: party, signed, left, no party, not recorded, or in dispute.

The answers are those of the question ``standing`` of the library; ``docs/completeness.md`` says when each is given.
What they are judged from is the same for every request of a release and kept in memory: periods as one text for each
treaty, taken apart when a treaty is first asked for.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Final

from migov.web.reader import Names, Reader, Row
from migov.web.words import local

PARTY, PERHAPS, CONSENTED, LEFT, SIGNED, UNSURE, NOT, UNKNOWN, DISPUTED = (
    "party",
    "perhaps",
    "consented",
    "left",
    "signed",
    "maybe-signed",
    "not-party",
    "not-recorded",
    "disputed",
)
CODES: Final = (PARTY, PERHAPS, CONSENTED, LEFT, SIGNED, UNSURE, NOT, UNKNOWN, DISPUTED)
_GRADES: Final = {6: PARTY, 5: PERHAPS, 4: CONSENTED, 3: LEFT, 2: SIGNED, 1: UNSURE}
_COLUMNS: Final = 300
"""So many columns, each a treaty on a day, are kept in memory."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period with its status, and the bounds of its first and last day; '' for what is not known."""

    status: str
    first: str
    last: str
    end: str
    over: str
    consent: str
    later: bool
    iri: str

    def grade(self, day: str, made: str) -> int:
        """How much it says of a day, as in the question ``standing``: from 6, surely a party, to 0, nothing."""
        surely = bool(self.last) and self.last <= day and not (self.end and self.end < day)
        perhaps = self.first <= day and not (self.over and self.over < day) and made <= day
        if self.status == "party":
            if surely or perhaps:
                return 6 if surely else 5
            return 4 if self.consent and self.consent <= day < self.first else 0
        if self.status == "former-party":
            return 3 if surely else 0
        return 2 if surely else int(perhaps)


@dataclass(frozen=True, slots=True)
class Rival:
    """What another source says: a date, a consent that was set aside, or a complete list without the party.

    ``node`` is the claim, the act or the statement on the list, ``value`` the date or the day of the list.
    """

    kind: str
    value: str
    node: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer for one State, treaty and day.

    ``kept`` is the answer that stands where sources disagree, ``period`` what it follows from, ``listed`` the day of a
    complete list that says so of whoever is not on it, ``earlier`` that of the last such list before the day, where
    nothing else is recorded.
    """

    code: str
    period: Period | None = None
    listed: str = ""
    rivals: tuple[Rival, ...] = ()
    kept: str = ""
    earlier: str = ""

    @property
    def best(self) -> str:
        """The answer but for disagreement."""
        return self.kept or self.code


@dataclass(frozen=True)
class Treaty:
    """A treaty as a column: its key in addresses, and what groups are made by."""

    iri: str
    key: str
    short: str
    reach: str
    registered: str
    depositary: str
    made: str


@dataclass(frozen=True)
class Actor:
    """A State, or whoever else acted, as a row: its key in addresses, its code, and its part of the world."""

    iri: str
    key: str
    code: str
    part: str = ""
    whole: str = ""


@dataclass
class Complete:
    """A list of parties that a source calls complete: its day, its sources, and whose rows were not read."""

    node: str
    day: str
    sources: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


class Standings:
    """All treaties, all actors, and where they stand; made once for a release and safe to use from every thread."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._things = f"{reader.base}id/"
        self._lines = {row["node"].value: row["lines"].value for row in reader.rows("standing-periods")}
        self.treaties = {made.key: made for made in map(self._treaty, reader.rows("standing-treaties"))}
        self.lists = _lists(reader.rows("standing-lists"))
        self._rivals = _by_pair(reader.rows("standing-rivals"))
        self._left_out = _by_pair(reader.rows("standing-left-out"))
        self._periods: dict[str, Mapping[str, Sequence[Period]]] = {}
        self._kept: OrderedDict[tuple[str, str], Mapping[str, Standing]] = OrderedDict()
        self._lock = Lock()

    def _treaty(self, row: Row) -> Treaty:
        said = {name: value.value for name, value in row.items()}
        iri = said["node"]
        short = said.get("short") or said.get("known", "")
        known = (said.get(name, "") for name in ("registered", "depositary", "made"))
        return Treaty(iri, iri.rsplit("/", 1)[-1], short, local(said.get("reach", "")), *known)

    @cached_property
    def actors(self) -> Mapping[str, Actor]:
        """By key: every State with a code, and whoever else acted towards a treaty."""
        found: dict[str, Actor] = {}
        for row in self._reader.rows("standing-states"):
            key = self._key(row["node"].value)
            parts = [row[name].value if name in row else "" for name in ("part", "whole")]
            found.setdefault(key, Actor(row["node"].value, key, row["code"].value, *parts))
        for treaty in self._lines:
            for agent in self.periods(treaty):
                found.setdefault(self._key(agent), Actor(agent, self._key(agent), ""))
        return found

    def _key(self, iri: str) -> str:
        """What an actor is called in addresses: the key of a State, the kind and the key of anything else."""
        return iri.removeprefix(self._things).removeprefix("state/")

    @cached_property
    def names(self) -> Names:
        """What the treaties, the actors and the parts of the world are called."""
        actors = self.actors.values()
        parts = {part for actor in actors for part in (actor.part, actor.whole) if part}
        iris = {actor.iri for actor in actors} | {treaty.iri for treaty in self.treaties.values()} | parts
        return self._reader.names_of(iris)

    def periods(self, treaty: str) -> Mapping[str, Sequence[Period]]:
        """The periods of a treaty by the IRI of whoever took part."""
        if treaty not in self._periods:
            self._periods[treaty] = self._parsed(self._lines.get(treaty, ""))
        return self._periods[treaty]

    def _parsed(self, lines: str) -> Mapping[str, Sequence[Period]]:
        found: dict[str, list[Period]] = defaultdict(list)
        for line in lines.splitlines():
            agent, status, first, last, end, over, consent, later, period = line.split(" ", 8)
            first, end = first.strip("-"), end.strip("-")
            last = first if last == "=" else last.strip("-")
            over = end if over == "=" else over.strip("-")
            iri = self._things + period
            made = Period(status, first, last, end, over, consent.strip("-"), later == "later", iri)
            found[self._things + agent].append(made)
        return dict(found)

    def complete(self, treaty: str, day: str, actor: str) -> str:
        """The latest day of a complete list that tells of an actor on a day, '' where there is none."""
        told = (made.day for made in self.lists.get(treaty, ()) if made.day >= day and actor not in made.unread)
        return max(told, default="")

    def column(self, treaty: Treaty, day: str) -> Mapping[str, Standing]:
        """Where everybody stands towards a treaty on a day, by IRI; whoever is missing there never acted."""
        with self._lock:
            if (treaty.iri, day) in self._kept:
                self._kept.move_to_end((treaty.iri, day))
                return self._kept[treaty.iri, day]
        silent = self.judge(treaty, "", day)  # whoever did nothing, and is on no list by halves, shares this answer
        spoken = self._spoken_of(treaty.iri)
        made = {
            actor.iri: self.judge(treaty, actor.iri, day) if actor.iri in spoken else silent
            for actor in self.actors.values()
        }
        with self._lock:
            self._kept[treaty.iri, day] = made
            while len(self._kept) > _COLUMNS:
                self._kept.popitem(last=False)
        return made

    def _spoken_of(self, treaty: str) -> set[str]:
        """Of whom more can be said than of anybody."""
        unread = {actor for made in self.lists.get(treaty, ()) for actor in made.unread}
        rivals = {actor for about, actor in (*self._rivals, *self._left_out) if about == treaty}
        return unread | rivals | self.periods(treaty).keys()

    def judge(self, treaty: Treaty, actor: str, day: str) -> Standing:
        """Where one stands towards one treaty on a day."""
        grade, period = 0, None
        for one in self.periods(treaty.iri).get(actor, ()):
            own = one.grade(day, treaty.made)
            if own and (period is None or (own, one.last, one.first) > (grade, period.last, period.first)):
                grade, period = own, one
        listed = self.complete(treaty.iri, day, actor)
        code = _GRADES.get(grade) or (NOT if listed else UNKNOWN)
        rivals = self._rivals_on(treaty.iri, actor, day)
        if rivals:
            return Standing(DISPUTED, period, listed, rivals, code)
        earlier = self.complete(treaty.iri, "", actor) if code == UNKNOWN else ""
        return Standing(code, period, listed if code in {NOT, SIGNED} else "", earlier=earlier)

    def _rivals_on(self, treaty: str, actor: str, day: str) -> tuple[Rival, ...]:
        """What speaks against the answer for a day."""
        found: dict[tuple[str, str], Rival] = {}
        for row in self._rivals.get((treaty, actor), ()):
            value, aside = row["rival"].value, "early" in row
            node = row["act" if aside else "claim"].value
            against = row["early"].value <= day if aside else (row["kept"].value <= day) != (value <= day[: len(value)])
            if against:
                made = Rival("set-aside" if aside else "date", value, node, row["source"].value)
                found.setdefault((node, made.source), made)
        for row in self._left_out.get((treaty, actor), ()):
            listed, seen = row["day"].value, row["seen"].value if "seen" in row else ""
            held = row["last"].value <= day and not ("end" in row and row["end"].value < day)
            if held and (listed <= day or not (seen and seen < listed)):
                made = Rival("list", listed, row["list"].value, row["source"].value)
                found.setdefault((made.node, made.source), made)
        return tuple(found.values())


def standings(reader: Reader) -> Standings:
    """Those of the release."""
    return reader.once("standings", lambda: Standings(reader), worded=False)


def _lists(rows: Sequence[Row]) -> dict[str, list[Complete]]:
    """The lists of parties called complete, by treaty, in the order of their days."""
    found: dict[str, dict[str, Complete]] = defaultdict(dict)
    for row in rows:
        if local(row["kind"].value) != "parties" or local(row["completeness"].value) != "complete":
            continue
        node = row["list"].value
        made = found[row["node"].value].setdefault(node, Complete(node, row["day"].value))
        if "source" in row and row["source"].value not in made.sources:
            made.sources.append(row["source"].value)
        if "unread" in row:
            made.unread.add(row["unread"].value)
    return {treaty: list(lists.values()) for treaty, lists in found.items()}


def _by_pair(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["node"].value, row["agent"].value].append(row)
    return dict(found)
