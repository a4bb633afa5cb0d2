"""How far a list goes: as of when it is complete and by which source, and so what absence from it means."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from migov.store import Iri, Term
from migov.web import wording, words
from migov.web.language import N_, _, ngettext
from migov.web.reader import Reader, Row
from migov.web.record import Record, Value

_ABSENT = {
    "parties": (
        N_("Whoever has no row here was not a party on %(date)s."),
        N_("Whoever has no row here was not a party on that day; for later days that is not recorded."),
        N_("Whoever has no row here is not recorded, which does not mean: not a party."),
    ),
    "members": (
        N_("Whoever has no row here was not a member on %(date)s."),
        N_("Whoever has no row here was not a member on that day; for later days that is not recorded."),
        N_("Whoever has no row here is not recorded, which does not mean: not a member."),
    ),
    "observers": (
        N_("Whoever has no row here was not an observer on %(date)s."),
        N_("Whoever has no row here was not an observer on that day; for later days that is not recorded."),
        N_("Whoever has no row here is not recorded, which does not mean: not an observer."),
    ),
}
"""By kind of list, what absence from it means: on a day for which it is complete, on another, and where it is not."""


@dataclass(frozen=True)
class Said:
    """What one source says of a list."""

    verdict: Value
    when: str
    sources: list[Value]
    note: str


@dataclass(frozen=True)
class Coverage:
    """The banner above a list: its state, the sentence that says so, what absence means, and all that is said.

    ``order`` says which source goes first where they differ, ``until`` is the last day of a list that is complete.
    """

    state: str
    told: str
    source: list[Value]
    absence: str
    said: list[Said]
    disputed: str = ""
    missing: Sequence[tuple[Value, str]] = ()
    order: Sequence[tuple[Value, str]] = ()
    until: str = ""


def of(record: Record, kind: str, *, disputed: int = 0, missing: Sequence[Value] = ()) -> Coverage:
    """How far the list of one kind about the entity goes, on the day asked about or on that of the release.

    ``disputed`` counts its rows on which sources differ, ``missing`` are those who might have a row and have none.
    """
    found = statements(record)
    first = [rows[0] for rows in found.values()]
    record.found.names.read(
        {"node": row["source"], "label": row["name"]} for rows in found.values() for row in rows if "name" in row
    )
    unread = (row for rows in found.values() for row in rows if "who" in row)
    record.found.names.read({"node": row["unread"], "label": row["who"]} for row in unread)
    record.found.names.join(
        record.reader.names_of({row[slot].value for row in first for slot in ("completeness", "kind")})
    )
    own = [rows for rows in found.values() if words.local(rows[0]["kind"].value) == kind]
    whole = [rows for rows in own if words.local(rows[0]["completeness"].value) == "complete"]
    state, told, source, absence = _judged(record, kind, whole, bool(own))
    said = [_said(record, node, rows) for node, rows in found.items()]
    until = max((rows[0]["latest"].value for rows in whole if "latest" in rows[0]), default="")
    order = _order(record) if kind == "parties" else []
    absent = [(value, "") for value in missing]
    differ = ngettext(
        "%(num)s row says that sources differ; its link leads to every value.",
        "%(num)s rows say that sources differ; its link leads to every value.",
        disputed,
    )
    return Coverage(state, told, source, absence, said, differ if disputed else "", absent, order, until)


def statements(record: Record) -> dict[str, list[Row]]:
    """What sources say of the completeness of lists about the entity, the latest first: the rows of each statement."""
    found: dict[str, list[Row]] = {}
    for row in record.rows("completeness"):
        found.setdefault(row["node"].value, []).append(row)
    return found


def treaty_lists(record: Record) -> dict[str, list[str]]:
    """By treaty, by name, the days for which a list of its parties is complete and says something of a State.

    A treaty without such a list has an empty day; where the entity is no State there is nothing at all.
    """
    return record.kept("treaty lists", lambda: _treaty_lists(record))


def _treaty_lists(record: Record) -> dict[str, list[str]]:
    if record.iri not in _states(record.reader):
        return {}
    rows = record.reader.once("treaty lists", lambda: record.reader.rows("treaty-lists"), worded=False)
    record.found.names.read({row["node"].value: row for row in rows}.values())
    silent = {row["list"] for row in rows if "unread" in row and row["unread"].value == record.iri}
    days: dict[str, dict[Term, str]] = {}
    for row in rows:
        lists = days.setdefault(row["node"].value, {})
        if "list" in row and row["list"] not in silent:
            lists[row["list"]] = row["day"].value
    return {treaty: [*lists.values()] or [""] for treaty, lists in days.items()}


def _states(reader: Reader) -> frozenset[str]:
    def read() -> frozenset[str]:
        return frozenset(row["node"].value for row in reader.rows("every-state"))

    return reader.once("every-state", read, worded=False)


def of_treaties(record: Record, shown: Container[str]) -> Coverage | None:
    """What it means that treaties have no row on the page of a State; None for what is no State."""
    days = treaty_lists(record)
    if not days:
        return None
    missing = [(record.link(iri), absent(record.day, given)) for iri, given in days.items() if iri not in shown]
    told = ngettext(
        "%(num)s treaty of the %(all)s in the graph without a row here.",
        "%(num)s treaties of the %(all)s in the graph without a row here.",
        len(missing),
        all=wording.number(str(len(days))),
    )
    absence = _(
        "“Not a party” means: left out of a list that is complete as of that day; without one it is not recorded."
    )
    return Coverage("unknown", told, [], absence, [], "", missing)


def absent(asked: str, days: Sequence[str]) -> str:
    """What the days of complete lists without somebody say of a day, or of the latest one known."""
    known = sorted(filter(None, days))
    if not known:
        return _("not recorded")
    if not asked or known[-1] < asked:
        return _("not a party as of %(date)s", date=wording.date(known[-1]))
    return _("not a party")


def _judged(
    record: Record, kind: str, whole: Sequence[Sequence[Row]], anything: bool
) -> tuple[str, str, list[Value], str]:
    then, only_then, unknown = _ABSENT[kind]
    dated = [rows for rows in whole if "latest" in rows[0]]
    late = [rows for rows in dated if rows[0]["latest"].value >= record.day] if record.day else []
    if late:
        rows = min(late, key=lambda rows: rows[0]["latest"].value)
        asked = wording.date(record.day)
        told = _("Complete for %(asked)s: it holds the whole list as of %(date)s by", asked=asked, date=_as_of(rows[0]))
        absence = _(then, date=asked) + _unread(record, rows)
        return "complete", told, _sources(record, rows), absence
    if dated:
        rows, day = dated[0], _as_of(dated[0][0])
        told = (
            _("Complete only as of %(date)s, by", date=day)
            if record.day
            else _("Complete as of %(date)s, by", date=day)
        )
        absence = _(only_then) + _unread(record, rows)
        return ("partial" if record.day else "complete"), told, _sources(record, rows), absence
    if anything:
        return "partial", _("Partial: no source gives the whole list."), [], _(unknown)
    return "unknown", _("No source says how far this list goes."), [], _(unknown)


def _order(record: Record) -> list[tuple[Value, str]]:
    """The sources of a treaty in their order of authority, each with the reason for its place."""
    rows = record.reader.rows("rankings", entity=Iri(record.iri))
    record.found.names.read({"node": row["source"], "label": row["name"]} for row in rows if "name" in row)
    return [(record.link(row["source"].value), row["reason"].value if "reason" in row else "") for row in rows]


def _as_of(row: Row) -> str:
    return wording.date(row["asOf"].value if "asOf" in row else row["latest"].value)


def _sources(record: Record, rows: Sequence[Row]) -> list[Value]:
    return [record.link(iri) for iri in dict.fromkeys(row["source"].value for row in rows if "source" in row)]


def _unread(record: Record, rows: Sequence[Row]) -> str:
    """Whose rows of a list could not be read, so that it says nothing of them."""
    iris = dict.fromkeys(row["unread"].value for row in rows if "unread" in row)
    names = wording.listed([record.link(iri).text for iri in iris])
    return " " + _("The rows of %(names)s could not be read in that list.", names=names) if names else ""


def _said(record: Record, node: str, rows: Sequence[Row]) -> Said:
    verdict = ", ".join(record.link(rows[0][slot].value).text for slot in ("kind", "completeness"))
    return Said(
        Value(verdict, record.addresses.href(node)),
        wording.as_of(rows[0]["asOf"].value) if "asOf" in rows[0] else _("undated"),
        _sources(record, rows),
        rows[0]["note"].value if "note" in rows[0] else "",
    )
