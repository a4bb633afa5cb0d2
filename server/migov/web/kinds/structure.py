"""The parts of an organisation as a tree, as far as sources tell of them, and what it is itself a part of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from migov.web import memberships, registers, words
from migov.web.reader import Row
from migov.web.record import Record, Value

_ORDER = ("organ", "subsidiary-organ", "secretariat", "administration", "post", "department", "division", "unit")
_HIGHEST, _SHOWN = 6, 3
"""How many levels of wholes are named, and of parts; those one level further down are counted."""


@dataclass(frozen=True)
class Kin:
    """The parts of one kind: organs, departments, offices; counted only, where they lie deep."""

    kind: str
    count: int
    parts: Sequence["Part"]

    @property
    def size(self) -> int:
        """How many things stand below this heading, at any depth shown."""
        below = sum(kin.size for part in self.parts for kin in part.below)
        return self.count + below


@dataclass(frozen=True)
class Part:
    """A part of something: its name, for which time a source tells of it, the statement that says so, its own parts."""

    name: Value
    when: str
    href: str | None
    below: Sequence[Kin] = field(default_factory=list)


@dataclass(frozen=True)
class Structure:
    """What an organisation is a part of, the outermost first, and its own parts by kind."""

    above: Sequence[Part]
    below: Sequence[Kin]

    @property
    def size(self) -> int:
        """How many parts there are, at any depth."""
        return sum(kin.size for kin in self.below)


def structure(record: Record) -> Structure | None:
    """The tree around an organisation on the day asked about, or all that is told; None where nothing is."""
    rows = _within(record, record.iri, frozenset({record.iri}))
    chain = _above(record)
    if not (rows or chain):
        return None
    named = {row[slot].value for row in [*rows, *chain] for slot in ("whole", "part", "type") if slot in row}
    record.found.names.join(record.reader.names_of(named - record.found.names.labels.keys()))
    above = [_part(record, record.link(row["whole"].value), [row]) for row in reversed(chain)]
    return Structure(above, _kin(record, record.iri, frozenset({record.iri})))


def _within(record: Record, whole: str, seen: frozenset[str]) -> list[Row]:
    """Every row of the tree below something; what would be within itself is left out."""
    found: list[Row] = []
    if len(seen) > _SHOWN + 1:
        return found
    for row in _parts(record, whole, seen):
        found += [row, *_within(record, row["part"].value, seen | {row["part"].value})]
    return found


def _parts(record: Record, whole: str, seen: frozenset[str]) -> list[Row]:
    rows = registers.compositions(record.reader, "whole", whole)
    return [row for row in rows if row["part"].value not in seen and _held(row, record.day)]


def _kin(record: Record, whole: str, seen: frozenset[str]) -> list[Kin]:
    kinds: dict[str, dict[str, list[Row]]] = {}
    for row in _parts(record, whole, seen):
        kind = row["type"].value if "type" in row else ""
        kinds.setdefault(kind, {}).setdefault(row["part"].value, []).append(row)
    found = []
    for kind, parts in sorted(kinds.items(), key=lambda item: _place(item[0])):
        heading = words.sentence_case(record.link(kind).text) if kind else ""
        if len(seen) > _SHOWN:
            found.append(Kin(heading, len(parts), []))
            continue
        made = [_part(record, record.link(iri), rows, _kin(record, iri, seen | {iri})) for iri, rows in parts.items()]
        made.sort(key=lambda part: (-len(part.below), words.natural(part.name.text)))
        found.append(Kin(heading, len(made), made))
    return found


def _part(record: Record, name: Value, rows: Sequence[Row], below: Sequence[Kin] = ()) -> Part:
    times = dict.fromkeys(filter(None, (memberships.period(row) for row in rows)))
    return Part(name, "; ".join(times), record.addresses.href(rows[0]["node"].value), below)


def _place(kind: str) -> tuple[int, str]:
    code = words.local(kind)
    return (_ORDER.index(code) if code in _ORDER else len(_ORDER), code)


def _held(row: Row, day: str) -> bool:
    """Whether something may have been a part on a day; always where no day is asked about."""
    late = "begun" in row and row["begun"].value > day
    return not day or not (late or ("lastOver" in row and row["lastOver"].value < day))


def _above(record: Record) -> list[Row]:
    """The chain of wholes, the nearest first; of several the first by name of the statement."""
    chain: list[Row] = []
    iri, seen = record.iri, {record.iri}
    while len(chain) < _HIGHEST:
        rows = registers.compositions(record.reader, "part", iri)
        row = next((row for row in rows if row["whole"].value not in seen and _held(row, record.day)), None)
        if row is None:
            break
        chain.append(row)
        iri = row["whole"].value
        seen.add(iri)
    return chain
