"""What an entity is linked to: each link with its kind, its time and how surely it holds on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from migov.web import wording
from migov.web.language import N_, _
from migov.web.reader import Reader, Row
from migov.web.words import local

KINDS: Final = ("org", "state", "person", "post", "place", "document", "group")
"""The kinds of things that a network joins; statements join them and are no nodes themselves."""
AGENTS: Final = ("org", "state", "group")
HOLDS, PERHAPS, PAST = "holds", "perhaps", "past"
STATES: Final = (HOLDS, PERHAPS, PAST)
_ENDED = {"ended", "ended-unknown-day", "not-known"}

RELATIONS: Final = {
    "membership": N_("Membership"),
    "structure": N_("Structure"),
    "post": N_("Posts and who held them"),
    "mandate": N_("Mandates"),
    "cooperation": N_("Cooperation"),
    "monitoring": N_("Monitoring"),
    "funding": N_("Funding"),
    "participation": N_("Treaty participation"),
    "vote": N_("Votes"),
    "adoption": N_("Adoption of texts"),
    "authorship": N_("Authorship"),
    "succession": N_("Succession"),
    "citation": N_("Citation"),
    "text": N_("Amendments, protocols, founding texts"),
    "depositary": N_("Depositaries"),
    "activity": N_("Activities"),
    "position": N_("Policy positions"),
    "place": N_("Seats, places, nationality"),
}
OUT, IN, BOTH = "out", "in", "both"


@dataclass(frozen=True)
class Group:
    """Links of one kind seen from one end: ``way`` tells whether they lead from the entity or to it."""

    relation: str
    heading: str
    way: str


GROUPS: Final = {
    "member-of": Group("membership", N_("Member of"), OUT),
    "members": Group("membership", N_("Members"), IN),
    "takes-together": Group("membership", N_("Takes together"), OUT),
    "counted-among": Group("membership", N_("Counted among"), IN),
    "treaties": Group("participation", N_("Treaties"), OUT),
    "parties": Group("participation", N_("Parties and signatories"), IN),
    "part-of": Group("structure", N_("Part of"), OUT),
    "parts": Group("structure", N_("Parts"), IN),
    "officers": Group("post", N_("Officers"), IN),
    "posts-held": Group("post", N_("Posts held"), OUT),
    "holders": Group("post", N_("Holders"), IN),
    "post-in": Group("post", N_("Post in"), OUT),
    "posts": Group("post", N_("Posts"), IN),
    "mandate-from": Group("mandate", N_("Mandated by"), IN),
    "mandate-to": Group("mandate", N_("Gives mandates to"), OUT),
    "works-with": Group("cooperation", N_("Works with"), BOTH),
    "monitors": Group("monitoring", N_("Monitors"), OUT),
    "monitored-by": Group("monitoring", N_("Monitored by"), IN),
    "contributes-to": Group("funding", N_("Contributes to"), OUT),
    "funded-by": Group("funding", N_("Funded by"), IN),
    "constituted-by": Group("text", N_("Constituted by"), IN),
    "constitutes": Group("text", N_("Constitutes"), OUT),
    "amends": Group("text", N_("Amends"), OUT),
    "amended-by": Group("text", N_("Amended by"), IN),
    "protocol-to": Group("text", N_("Protocol to"), OUT),
    "protocols": Group("text", N_("Protocols"), IN),
    "came-from": Group("succession", N_("Came from"), IN),
    "became": Group("succession", N_("Became, or gave rise to"), OUT),
    "adopted-by": Group("adoption", N_("Adopted by"), IN),
    "adopted": Group("adoption", N_("Texts adopted"), OUT),
    "voted-on": Group("vote", N_("Voted on"), OUT),
    "votes": Group("vote", N_("Votes of"), IN),
    "depositary": Group("depositary", N_("Depositary"), OUT),
    "depositary-of": Group("depositary", N_("Depositary of"), IN),
    "issued-by": Group("authorship", N_("Issued by"), OUT),
    "issued": Group("authorship", N_("Issued"), IN),
    "cites": Group("citation", N_("Cites"), OUT),
    "cited-by": Group("citation", N_("Cited by"), IN),
    "active-for": Group("activity", N_("Activities for or on"), OUT),
    "activities-by": Group("activity", N_("Activities of"), IN),
    "position-on": Group("position", N_("Takes a position on"), OUT),
    "positions-by": Group("position", N_("Positions of"), IN),
    "nationality": Group("place", N_("Nationality"), OUT),
    "nationals": Group("place", N_("Nationals"), IN),
    "present-in": Group("place", N_("Present in"), OUT),
    "present-here": Group("place", N_("Present here"), IN),
    "territory-of": Group("place", N_("Territory of"), OUT),
    "places": Group("place", N_("Places"), IN),
    "within": Group("place", N_("Lies within"), OUT),
    "places-within": Group("place", N_("Places within"), IN),
}
"""By the name that ``queries/pages/neighbours.rq`` gives them, in the order to show them."""
_ORDER: Final = {name: number for number, name in enumerate(GROUPS)}


@dataclass(frozen=True)
class Tie:
    """One link of ``node`` to ``other``; ``link`` is the assertion that says so, '' where none is needed.

    ``bounds`` are the earliest and the latest first day, then those of the last day, each '' where not known.
    """

    group: str
    node: str
    other: str
    link: str
    codes: tuple[str, ...]
    since: str
    until: str
    state: str
    bounds: tuple[str, str, str, str]

    @property
    def relation(self) -> str:
        return GROUPS[self.group].relation

    @property
    def ends(self) -> tuple[str, str]:
        """From where to where it leads."""
        return (self.other, self.node) if GROUPS[self.group].way == IN else (self.node, self.other)


def kind_of(iri: str, base: str) -> str:
    """The kind of thing in an IRI such as ``…/id/org/iom``, '' for all else."""
    head, _, rest = iri.removeprefix(base + "id/").partition("/")
    return head if rest and head in KINDS and iri.startswith(base + "id/") else ""


def read(reader: Reader, iris: Iterable[str], day: str = "") -> list[Tie]:
    """Every link of some entities, in the order of ``GROUPS``; with a day those that do not hold then are left out."""
    return ties(rows(reader, iris), reader.base, day)


def rows(reader: Reader, iris: Iterable[str]) -> list[Row]:
    """What the graph says of the links of some entities: to be made into links for several days."""
    return reader.rows_of("neighbours", iris)


def ties(rows: Iterable[Row], base: str, day: str = "") -> list[Tie]:
    """The links that rows tell of, as ``read`` gives them."""
    return _ties(rows, base, day, KINDS)


def beyond(reader: Reader, iris: Iterable[str], day: str = "") -> list[Tie]:
    """Every link of the neighbours of an entity but those of long lists, as ``read`` gives them."""
    return _ties(reader.rows_of("neighbours-beyond", iris), reader.base, day, KINDS)


def whole(reader: Reader, day: str = "") -> list[Tie]:
    """Every link between organisations and States, from the end that acts."""
    rows = reader.once("network", lambda: reader.rows("network"), worded=False)
    return [tie for tie in _ties(rows, reader.base, day, AGENTS) if kind_of(tie.node, reader.base) in AGENTS]


def _ties(rows: Iterable[Row], base: str, day: str, kinds: Sequence[str]) -> list[Tie]:
    grouped: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["group"].value in GROUPS and kind_of(row["other"].value, base) in kinds:
            key = tuple(_text(row, name) for name in ("group", "node", "other", "link"))
            grouped[key[0], key[1], key[2], key[3]].append(row)
    ties = (tie(key, found, day) for key, found in grouped.items())
    return sorted((found for found in ties if found.state), key=_place)


def tie(key: tuple[str, str, str, str], rows: Sequence[Row], day: str) -> Tie:
    """The link that some rows of the query tell of: they differ in their codes only."""
    row = rows[0]
    codes = tuple(sorted({found["code"].value for found in rows if "code" in found}))
    bounds = tuple(_text(row, name) for name in ("begun", "lastBegun", "over", "lastOver"))
    state = standing(key[0], row, codes, day)
    return Tie(*key, codes, _since(row), _until(row), state, (bounds[0], bounds[1], bounds[2], bounds[3]))


def _place(tie: Tie) -> tuple[int, int, str, str, str]:
    return (_ORDER[tie.group], STATES.index(tie.state), tie.other, tie.bounds[0], tie.link)


def standing(group: str, row: Row, codes: Iterable[str], day: str) -> str:
    """Whether a link holds on a day, or that of the release for ''; '' where it surely does not hold on a day."""
    if local(_text(row, "rank")) == "deprecated" or "former-party" in {local(code) for code in codes}:
        return PAST if not day else ""
    dated = any(name in row for name in ("start", "seen", "date", "begun", "lastBegun", "over", "lastOver", "status"))
    if not dated and ("link" not in row or "/claim/" in row["link"].value):
        return HOLDS  # a plain property such as the body that a post is in: it has no time
    return _on(group, row, day) if day else _now(group, row)


def _now(group: str, row: Row) -> str:
    marked = GROUPS[group].relation in {"membership", "structure", "cooperation", "monitoring", "participation"}
    if marked or group in {"posts-held", "holders", "officers"}:  # the build marks those that stand
        return HOLDS if "valid" in row else PAST
    return PAST if local(_text(row, "status")) in _ENDED or "end" in row else HOLDS


def _on(group: str, row: Row, day: str) -> str:
    if _text(row, "begun") > day or ("lastOver" in row and row["lastOver"].value < day):
        return ""
    begun = "lastBegun" in row and row["lastBegun"].value <= day
    status = local(_text(row, "status"))
    open_ended = status == "ongoing" or (GROUPS[group].relation == "participation" and status not in _ENDED)
    lasts = "date" in row or _text(row, "over") >= day or open_ended
    return HOLDS if begun and lasts else PERHAPS


def _since(row: Row) -> str:
    """The first day in words, as precise as it is known."""
    for name in ("start", "date"):
        if name in row:
            return wording.date(row[name].value)
    if "seen" in row:
        return _("seen %(day)s", day=wording.date(row["seen"].value))
    return wording.between(_text(row, "begun"), _text(row, "lastBegun"), wording.date)


def _until(row: Row) -> str:
    """The last day in words; an end whose day nobody gives is said to be one."""
    if "end" in row:
        return wording.date(row["end"].value)
    if "until" in row:
        return _("last seen %(day)s", day=wording.date(row["until"].value))
    if "lastOver" in row or ("over" in row and "seen" not in row):
        return wording.between(_text(row, "over"), _text(row, "lastOver"), wording.date)
    status = local(_text(row, "status"))
    if status in {"ended", "ended-unknown-day"}:
        return _("a day not known")
    return _("not known") if status == "not-known" else ""


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
