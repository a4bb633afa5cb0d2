"""What somebody did towards treaties, or all towards one: acts, the periods that follow, and the sources of acts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from migov.web import spans
from migov.web.reader import Plain
from migov.web.record import Record
from migov.web.spans import Span
from migov.web.words import local

SIGNING: Final = frozenset({"signature", "succession-to-signature"})
ENDING: Final = frozenset({"denunciation"})
_NO_CONSENT: Final = SIGNING | ENDING | {"ratification-before-deposit"}


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the ``other`` is the treaty on the page of an actor, and the actor on that of a treaty.

    Dates are as precise as the source, '' where there is none. ``consents`` says that it gives the consent to be bound,
    and stands; ``disputed`` that sources differ on it.
    """

    node: str
    other: str
    type: str
    code: str
    date: str
    effect: str
    signs: bool
    ends: bool
    consents: bool
    deprecated: bool
    disputed: bool
    noted: bool

    @classmethod
    def read(cls, row: Plain) -> "Act":
        code, deprecated = local(row["type"]), bool(row["rank"]) and local(row["rank"]) == "deprecated"
        consents = code not in _NO_CONSENT and not deprecated
        dates = (row["date"], row["effect"])
        told = (row["disputed"] == "true", row["noted"] == "true")
        signs, ends = code in SIGNING, code in ENDING
        return cls(row["node"], row["other"], row["type"], code, *dates, signs, ends, consents, deprecated, *told)


@dataclass(frozen=True, slots=True)
class Period:
    """A period with one status, by the bounds of its first and of its last day, '' where there are none."""

    node: str
    other: str
    status: str
    start: str
    start_latest: str
    end: str
    end_latest: str
    ended: str
    basis: str
    valid: str

    @property
    def is_party(self) -> bool:
        return self.status == "party"


@dataclass
class Dealings:
    """Acts, by day, and periods, by first day, of whatever stands at the other end; and the documents behind acts."""

    acts: dict[str, list[Act]] = field(default_factory=lambda: defaultdict(list))
    periods: dict[str, list[Period]] = field(default_factory=lambda: defaultdict(list))
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def as_of(self) -> str:
        """The day for which the graph knows the present, that of the release."""
        return max((period.valid for group in self.periods.values() for period in group), default="")


def consent(acts: Sequence[Act]) -> Act | None:
    """The first act that gave the consent to be bound and has a date."""
    return next((act for act in acts if act.consents and act.date), None)


def signature(acts: Sequence[Act]) -> Act | None:
    """The first signature that has a date."""
    return next((act for act in acts if act.signs and act.date), None)


def delay(acts: Sequence[Act]) -> Span | None:
    """The time from the first signature to the first consent; None where one is missing or consent came first."""
    signed, given = signature(acts), consent(acts)
    return spans.between(signed.date, given.date) if signed and given else None


def read(record: Record) -> Dealings:
    """What the entity did, or what was done towards it; read once for a page."""
    return record.kept("dealings", lambda: _read(record))


def _read(record: Record) -> Dealings:
    acts, periods, behind = record.reader.tables_about(record.iri, "acts", "participations", "act-sources")
    found = Dealings()
    for row in acts:
        found.acts[row["other"]].append(Act.read(row))
    for row in periods:
        found.periods[row["other"]].append(
            Period(
                row["node"],
                row["other"],
                local(row["status"]),
                row["from"],
                row["fromLatest"],
                row["to"],
                row["toLatest"],
                local(row["end"]),
                local(row["basis"]),
                row["valid"],
            )
        )
    sources: dict[str, list[str]] = defaultdict(list)
    for row in behind:
        sources[row["node"]].append(row["source"])
    found.sources = sources
    for done in found.acts.values():
        done.sort(key=lambda act: (act.date, act.node))
    for held in found.periods.values():
        held.sort(key=lambda period: (period.start, period.node))
    return found
