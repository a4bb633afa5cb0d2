"""The view of a State: what binds it and since when, how that compares with its region, where it and its people sit."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low
from urllib.parse import urlencode

from migov.web import actrows, coverage, day, dealings, memberships, participations, registers, spans, wording, words
from migov.web.dealings import Act
from migov.web.facts import Fact, Group
from migov.web.kinds.about import About, Shown
from migov.web.kinds.panel import groups, line, properties, shown_day
from migov.web.language import _, collated, ngettext
from migov.web.peers import Peers, peers
from migov.web.reader import Row
from migov.web.record import Mark, Record, Value
from migov.web.spans import Span

_CODES = {"iso3166alpha3": "ISO 3166-1 alpha-3", "iso3166alpha2": "ISO 3166-1 alpha-2", "m49": "M49"}
_PROPERTIES = frozenset({*_CODES, "region", "source", "nationality"})
_FACTS = frozenset({"voter.Vote", "object.nationality"})
_MEMBER = "member.Membership"
_FEW = 4
"""Of fewer spans a middle one says nothing."""


@dataclass(frozen=True)
class Differing:
    """A treaty towards which a State stands otherwise than most of its region: how many others are party, and it."""

    treaty: Value
    others: int
    own: Value
    after: str = ""


@dataclass(frozen=True)
class Compared:
    """A State beside the other States of its region: what it alone, or nearly, is party to, and what it is not."""

    region: Value
    others: int
    more: list[Differing]
    fewer: list[Differing]


@dataclass(frozen=True)
class Tenure:
    """A national in a post: who, which post, where, when, the statement itself, and what says the nationality."""

    person: Value
    post: Value
    when: Value
    marks: list[Mark]


def shown(about: About) -> Shown:
    """The page of a State."""
    record = about.record
    compared = _compared(record)
    more = {
        "panel": _panel(about, compared),
        "compared": compared,
        "nationals": _nationals(record),
        "shown_day": shown_day(record),
        "matrix": day.kept(f"/matrix?{urlencode({'region': record.iri.rpartition('/')[2]})}", record.day),
    }
    return Shown("kinds/state.html", more, facts=_FACTS, properties=_PROPERTIES)


# -- the panel --------------------------------------------------------------------------------------------------


def _panel(about: About, compared: Compared | None) -> list[Group]:
    record, told = about.record, participations.told_of(about.record)
    return groups(
        (_("Region"), _region(record)),
        (_("Codes"), _codes(record)),
        (_("Treaties"), _treaties(record)),
        (_("First consent"), _consent(record, earliest=True)),
        (_("Latest consent"), _consent(record, earliest=False)),
        (_("Signature to consent"), _times(record, {iri: dealings.delay(acts) for iri, acts in told.items()})),
        (_("Adoption to consent"), _times(record, _since_adoption(record, told))),
        (_("Beside its region"), _beside(compared)),
        (_("Memberships"), _memberships(about)),
        (_("Votes"), about.facts.named("voter.Vote")),
        (_("Sources differ on"), _disputed(record, told)),
        (_("Names, codes from"), [line(value) for value in properties(record, "source")]),
    )


def _region(record: Record) -> list[Fact]:
    iri = record.found.entity.one("region")
    return [line(record.link(iri))] if iri else []


def _codes(record: Record) -> list[Fact]:
    found = [(value.text, name) for slot, name in _CODES.items() for value in properties(record, slot)]
    return [line(Value(code), name) for code, name in found]


def _treaties(record: Record) -> list[Fact]:
    status = participations.statuses(record)
    count = {code: sum(found == code for found in status.values()) for code in set(status.values())}
    told = [
        ngettext("Party to %(num)s treaty", "Party to %(num)s treaties", count.get("party", 0)),
        ngettext("Former party to %(num)s", "Former party to %(num)s", count.get("former-party", 0)),
        ngettext("Signatory, not party to %(num)s", "Signatory, not party to %(num)s", count.get("signatory", 0)),
        ngettext("Not certain for %(num)s", "Not certain for %(num)s", count.get("unsure", 0)),
    ]
    codes = ("party", "former-party", "signatory", "unsure")
    kept = [text for code, text in zip(codes, told, strict=True) if count.get(code) or (code == "party" and status)]
    home = f"#h-{participations.NAME}"
    return [line(Value(text, home if number == 0 else None)) for number, text in enumerate(kept)]


def _consent(record: Record, *, earliest: bool) -> list[Fact]:
    """The treaty that the State consented to first, or last, of those whose day is known."""
    given = [act for acts in participations.told_of(record).values() if (act := dealings.consent(acts))]
    days = [act for act in given if wording.is_day(act.date)]
    if len(days) < 2:
        return []
    when = (min if earliest else max)(act.date for act in days)
    chosen = sorted((act for act in days if act.date == when), key=lambda act: collated(record.link(act.other).text))
    return [line(record.link(act.other), wording.date(when), record.addresses.href(act.node)) for act in chosen]


def _since_adoption(record: Record, told: dict[str, list[Act]]) -> dict[str, Span | None]:
    adopted = actrows.adoptions(record.reader)
    found = {iri: (adopted.get(iri, ""), dealings.consent(acts)) for iri, acts in told.items()}
    return {iri: spans.between(made, act.date) for iri, (made, act) in found.items() if made and act}


def _times(record: Record, found: dict[str, Span | None]) -> list[Fact]:
    """The middle and the longest of some times, where they are known to the day."""
    exact = {iri: span for iri, span in found.items() if span and span.is_exact}
    if len(exact) < _FEW:
        return []
    middle = median_low(span.least for span in exact.values())
    longest = max(exact, key=lambda iri: (exact[iri].least, iri))
    half = _("or less for half of %(num)s treaties", num=len(exact))
    return [
        line(Value(spans.told(Span(middle, middle))), half),
        line(record.link(longest), _("the longest: %(time)s", time=spans.told(exact[longest]))),
    ]


def _beside(compared: Compared | None) -> list[Fact]:
    if compared is None:
        return []
    more = ngettext(
        "Party to %(num)s treaty to which most others are not",
        "Party to %(num)s treaties to which most others are not",
        len(compared.more),
    )
    fewer = ngettext(
        "Not party to %(num)s to which most others are",
        "Not party to %(num)s to which most others are",
        len(compared.fewer),
    )
    return [line(Value(more, "#h-region")), line(Value(fewer, "#h-region"))]


def _memberships(about: About) -> list[Fact]:
    listed = about.listed(_MEMBER)
    if listed is None:
        return []
    counted = listed.groups.get(memberships.MEMBER, 0)
    told = ngettext("Member of %(num)s organisation", "Member of %(num)s organisations", counted)
    return [line(Value(told, f"#h-{_MEMBER}"))]


def _disputed(record: Record, told: dict[str, list[Act]]) -> list[Fact]:
    """The acts on which sources differ, each leading to every value."""
    acts = sorted(
        (act for acts in told.values() for act in acts if act.disputed),
        key=lambda act: (collated(record.link(act.other).text), act.date),
    )
    return [
        line(record.link(act.other), f"{record.link(act.type).text}, {_date(act)}", record.addresses.href(act.node))
        for act in acts
    ]


def _date(act: Act) -> str:
    return wording.date(act.date) if act.date else _("undated")


# -- beside its region ------------------------------------------------------------------------------------------


def _compared(record: Record) -> Compared | None:
    """Where the State stands otherwise than most other States of its region; None where no region is known."""
    near, lists = peers(record), coverage.treaty_lists(record)
    if near is None or not lists:
        return None
    status = participations.statuses(record)
    record.found.names.join(record.reader.names_of({near.region}))
    more = [iri for iri, code in status.items() if code == "party" and near.rarely(iri)]
    fewer = [iri for iri in lists if status.get(iri, "") not in {"party", "unsure"} and near.mostly(iri)]
    return Compared(
        record.link(near.region),
        near.others,
        [_party(record, near, iri) for iri in _ordered(record, near, more, 1)],
        [_missing(record, near, iri, status.get(iri, ""), lists[iri]) for iri in _ordered(record, near, fewer, -1)],
    )


def _ordered(record: Record, near: Peers, treaties: Sequence[str], sign: int) -> list[str]:
    """The treaties where the State differs most first."""
    return sorted(treaties, key=lambda iri: (sign * near.parties.get(iri, 0), collated(record.link(iri).text), iri))


def _party(record: Record, near: Peers, iri: str) -> Differing:
    act = dealings.consent(participations.told_of(record)[iri])
    own = Value(wording.date(act.date), record.addresses.href(act.node)) if act else Value(_("undated"))
    return Differing(record.link(iri), near.parties.get(iri, 0), own, record.link(act.type).text if act else "")


def _missing(record: Record, near: Peers, iri: str, code: str, days: Sequence[str]) -> Differing:
    acts = participations.told_of(record).get(iri, [])
    signed = dealings.signature(acts)
    if code == "former-party":
        own = Value(_("former party"), _cell(record, iri))
    elif signed:
        own = Value(_("signed %(date)s, not party", date=wording.date(signed.date)), record.addresses.href(signed.node))
    else:
        own = Value(coverage.absent(record.day, days), _cell(record, iri))
    return Differing(record.link(iri), near.parties[iri], own)


def _cell(record: Record, treaty: str) -> str:
    """The page on where the State stands towards a treaty, with all that it rests on."""
    key = "/".join(iri.rpartition("/")[2] for iri in (record.iri, treaty))
    return record.addresses.link(day.kept(f"/matrix/{key}", record.day))


# -- its people -------------------------------------------------------------------------------------------------


def _nationals(record: Record) -> list[Tenure]:
    """The posts of persons whom a source calls nationals, those that do not rule out the day asked about."""
    found = []
    for node in record.found.assertions.values():
        if words.local(node.one("predicate")) != "nationality" or node.one("object") != record.iri:
            continue
        for row in registers.tenures(record.reader, "person", node.one("subject")):
            if not (record.day and _outside(row, record.day)):
                found.append((row, record.marks(node)))
    record.found.names.join(
        record.reader.names_of({row[slot].value for row, _marks in found for slot in ("person", "post")})
    )
    found.sort(key=lambda item: (_text(item[0], "lastBegun") or "9", item[0]["node"].value))
    return [_tenure(record, row, marks) for row, marks in found]


def _outside(row: Row, asked: str) -> bool:
    over = _text(row, "lastOver")
    return _text(row, "begun") > asked or (bool(over) and over < asked)


def _tenure(record: Record, row: Row, marks: list[Mark]) -> Tenure:
    when = memberships.period(row) or _("time not given")
    return Tenure(
        record.link(row["person"].value),
        record.link(row["post"].value),
        Value(when, record.addresses.href(row["node"].value)),
        marks,
    )


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
