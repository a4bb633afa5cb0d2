"""Who belongs to an organisation, and to which organisations somebody belongs: a row for each membership."""

from collections.abc import Sequence

from migov.web import coverage, registers, wording, words
from migov.web.census import Many
from migov.web.language import N_, _, collated
from migov.web.listing import Cell, Line, Listing, Part, cell, listing
from migov.web.reader import Row
from migov.web.record import Record

_ROWS, _ALL_ROWS = 6, 250
MEMBER = N_("Member")
UNCERTAIN = N_("Not certain on that day")
PAST = N_("No longer, or not known to last")
TOGETHER = N_("Members taken together")  # a group, such as "member States", is no further member
_KINDS = {"member": "members", "observer": "observers"}
"""The kinds of list whose completeness sources speak of, by the type of a membership."""


def table(record: Record, many: Many, part: Part, heading: str, *, whole: bool) -> Listing:
    """The memberships that name the entity in one slot, as on the day asked about if there is one."""
    of_members = words.local(many.slot) == "organization"
    rows = _read(record, many)
    shown = [(row, _group(record, row)) for row in rows]
    shown = [(row, group) for row, group in shown if group]
    shown.sort(key=lambda item: (item[1] in {UNCERTAIN, PAST}, item[1] != MEMBER, item[1]))  # stable: by name within
    place = part(many.name, len(shown), _ALL_ROWS if whole or len(shown) <= _ROWS + 5 else _ROWS)
    here = range(place.offset, place.offset + place.per_page)  # what stands on other pages is only counted
    first = MEMBER if of_members else N_("Organisation")
    kinds = {words.local(row["type"].value) for row in rows if "type" in row}
    disputed = sum(row["disputed"].value == "true" for row, _ in shown)
    return listing(
        record,
        many.name,
        heading,
        [first, N_("Kind"), N_("When")] if len(kinds) > 1 else [first, N_("When")],
        [
            _line(record, row, group, kinded=len(kinds) > 1) if number in here else Line([], [], group)
            for number, (row, group) in enumerate(shown)
        ],
        place,
        style="members",
        coverage=coverage.of(record, "members", disputed=disputed) if of_members and kinds & _KINDS.keys() else None,
    )


def _read(record: Record, many: Many) -> Sequence[Row]:
    """The memberships that name the entity in one slot, by the name of what else they name, which is ``other``."""
    own, other = ("org", "member") if words.local(many.slot) == "organization" else ("member", "org")
    rows = [{**row, "other": row[other]} for row in registers.memberships(record.reader, own, record.iri)]
    named = {row[slot].value for row in rows for slot in ("other", "type") if slot in row}
    record.found.names.join(record.reader.names_of(named))
    return sorted(rows, key=lambda row: (collated(record.link(row["other"].value).text), row["other"].value))


def _line(record: Record, row: Row, group: str, *, kinded: bool) -> Line:
    kind = record.link(row["type"].value).text if "type" in row else ""
    after = ", ".join(filter(None, (_ranked(row), _differ(row), row["note"].value if "note" in row else "")))
    when = cell(period(row) or _("time not given"), record.addresses.href(row["node"].value), after)
    first = Cell([(record.link(row["other"].value), "")])
    return Line([first, cell(kind), when] if kinded else [first, when], [row["node"].value], group)


def _group(record: Record, row: Row) -> str:
    """Under which heading a membership stands on the day asked about, or now; '' where it does not stand."""
    plain = "type" not in row or words.local(row["type"].value) == "member"
    kind = MEMBER if plain else words.sentence_case(record.link(row["type"].value).text)
    kind = TOGETHER if "/id/group/" in row["other"].value else kind
    if not record.day:
        return kind if "valid" in row and not _ranked(row) else PAST
    if _ranked(row) or _text(row, "begun") > record.day or ("lastOver" in row and row["lastOver"].value < record.day):
        return ""
    begun = "lastBegun" in row and row["lastBegun"].value <= record.day
    lasts = words.local(_text(row, "status")) == "ongoing" or _text(row, "over") >= record.day
    return kind if begun and lasts else UNCERTAIN


def period(row: Row) -> str:
    """The period of a membership in words; where only a window was seen, that."""
    said = {name: row[name].value for name in ("start", "end", "status", "seen", "until", "asOf") if name in row}
    told = wording.period(said.get("start", ""), said.get("end", ""), words.local(said.get("status", "")))
    if "seen" in said and "start" not in said:
        last = said.get("until", said["seen"])
        span = wording.date(last) if last == said["seen"] else wording.from_to(said["seen"], last)
        seen = _("seen %(when)s", when=span)
        told = f"{told}, {seen}" if told else seen
    return told or (wording.as_of(said["asOf"]) if "asOf" in said else "")


def _ranked(row: Row) -> str:
    return _("deprecated") if "rank" in row and words.local(row["rank"].value) == "deprecated" else ""


def _differ(row: Row) -> str:
    return _("sources differ") if row["disputed"].value == "true" else ""


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
