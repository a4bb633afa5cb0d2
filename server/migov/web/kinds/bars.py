"""How many States of each region are parties to a treaty: bars drawn by the server, and the table they show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from migov.web import day, participations, words
from migov.web.language import _
from migov.web.record import Record, Value
from migov.web.regions import regions

_LEFT, _RIGHT, _WIDTH, _ROW, _BAR = 110, 90, 640, 30, 18


@dataclass(frozen=True)
class Count:
    """The States of one region: how many there are, are parties, have only signed; and the smaller regions in it.

    ``href`` leads to where each of them stands.
    """

    region: Value
    href: str
    states: int
    parties: int
    signed: int
    parts: list["Count"]

    @property
    def others(self) -> int:
        return self.states - self.parties - self.signed


@dataclass(frozen=True)
class Bars:
    """Bars as paths for all States, for parties and for signatories, and the counts they show with their places."""

    counts: list[Count]
    rows: list[tuple[float, str, str]]
    track: str
    party: str
    signed: str
    left: int
    width: int
    height: int
    told: str


def bars(record: Record) -> Bars | None:
    """The parties of a treaty by region on the day asked about; None where no region is known."""
    known, status = regions(record.reader), participations.statuses(record)
    record.found.names.join(record.reader.names_of(known.states))
    counts = []
    for large in known.large:
        parts = [_count(record, small, known.states[small], status, []) for small in known.within(large)]
        counts.append(_count(record, large, known.states[large], status, [p for p in parts if p.parties or p.signed]))
    if words.local(record.found.entity.one("reach")) != "universal":
        counts = [count for count in counts if count.parties or count.signed]
    return _drawn(sorted(counts, key=lambda count: count.region.text)) if counts else None


def _count(record: Record, region: str, states: Sequence[str], status: Mapping[str, str], parts: list[Count]) -> Count:
    codes = [status.get(state, "") for state in states]
    parameters = urlencode({"region": words.local(region), "treaty": words.local(record.iri)})
    href = day.kept(f"/matrix?{parameters}", record.day)
    return Count(record.link(region), href, len(states), codes.count("party"), codes.count("signatory"), parts)


def _drawn(counts: list[Count]) -> Bars:
    unit = (_WIDTH - _LEFT - _RIGHT) / max(count.states for count in counts)
    track, party, signed, rows = [], [], [], []
    for number, count in enumerate(counts):
        top, middle = number * _ROW + 6, number * _ROW + 6 + _BAR * 0.72
        track.append(_bar(_LEFT, top, count.states * unit))
        party.append(_bar(_LEFT, top, count.parties * unit))
        signed.append(_bar(_LEFT + count.parties * unit, top, count.signed * unit))
        of = _("%(parties)s of %(states)s", parties=count.parties, states=count.states)
        rows.append((round(middle, 1), count.region.text, of))
    told = "; ".join(f"{name} {of}" for _middle, name, of in rows)
    height = len(counts) * _ROW + 8
    return Bars(counts, rows, "".join(track), "".join(party), "".join(signed), _LEFT, _WIDTH, height, told)


def _bar(x: float, y: float, width: float) -> str:
    return f"M{round(x, 1):g} {y}h{round(width, 1):g}v{_BAR}h-{round(width, 1):g}z" if width else ""
