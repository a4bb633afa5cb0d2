"""The view of a treaty: what it is, who is bound by it where in the world, and how that came about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from urllib.parse import urlencode

from migov.web import day, dealings, participations, spans, standing, wording, words
from migov.web.dealings import Act, Dealings
from migov.web.facts import Fact, Group
from migov.web.kinds.about import About, Shown
from migov.web.kinds.bars import bars
from migov.web.kinds.panel import groups, line, properties, shown_day
from migov.web.language import _, collated, ngettext
from migov.web.record import Record, Value
from migov.web.spans import Span

_FACTS = (
    "adoptedDocument.Adoption",
    "instrument.EntryIntoForce",
    "subject.depositary",
    "subject.registrationId",
    "subject.symbol",
    "subject.adoptionDate",
    "instrument.Monitoring",
    "subject.protocolTo",
    "object.protocolTo",
    "object.amends",
    "listOf.ListCompleteness",
)
"""The facts that the panel, or the banner above the list, shows."""
_PROPERTIES = frozenset({"instrumentType", "reach", "protocolTo", "amends"})
_FEW = 3


def shown(about: About) -> Shown:
    """The page of a treaty; one that nobody acted on has no lists."""
    listed, came = about.listed(participations.NAME), _Came.about(about.record)
    more = {
        "panel": _panel(about, came),
        "parties": listed,
        "world": bars(about.record) if listed else None,
        "shown_day": shown_day(about.record),
        "undrawn": came.undrawn(),
        "matrix": day.kept(
            f"/matrix?{urlencode({'treaty': about.path.rpartition('/')[2], 'view': 'map'})}", about.record.day
        ),
    }
    return Shown("kinds/treaty.html", more, frozenset({participations.NAME}), frozenset(_FACTS), _PROPERTIES)


def _panel(about: About, came: "_Came") -> list[Group]:
    record, named = about.record, about.facts.named
    return groups(
        (_("Kind"), _kind(record)),
        (_("Adopted"), [*map(_dated, named("adoptedDocument.Adoption")), *named("subject.adoptionDate")]),
        (_("In force"), [*named("instrument.EntryIntoForce"), *came.into_force(about)]),
        (_("Parties"), came.parties()),
        (_("First to consent"), came.first(earliest=True)),
        (_("Last to consent"), came.first(earliest=False)),
        (_("Signature to consent"), came.delays()),
        (_("Withdrawals"), came.withdrawals()),
        (_("Depositary"), named("subject.depositary")),
        (_("Registration"), named("subject.registrationId")),
        (_("Symbol"), named("subject.symbol")),
        (_("Monitored by"), named("instrument.Monitoring")),
        (_("Protocol to"), named("subject.protocolTo")),
        (_("Protocols"), _pointing(record, "protocolTo")),
        (_("Amendments"), _pointing(record, "amends")),
        (_("Reservations"), came.reservations()),
    )


def _kind(record: Record) -> list[Fact]:
    kinds = [Value(words.sentence_case(value.text), value.href) for value in properties(record, "instrumentType")]
    reach = {"universal": _("open to all States"), "regional": _("of a region")}
    told = reach.get(words.local(record.found.entity.one("reach")), "")
    return [line(kind, told) for kind in kinds]


def _dated(fact: Fact) -> Fact:
    """An adoption by its day, which says more than what it is called."""
    return replace(fact, main=[Value(fact.when, fact.href)], when="") if fact.when else fact


def _pointing(record: Record, slot: str) -> list[Fact]:
    """What says of itself that it amends the treaty, or is a protocol to it, with the sources of that."""
    found = {
        iri: line(record.link(iri))
        for property_, iris in record.found.incoming.items()
        if words.local(property_) == slot
        for iri in iris
    }
    for node in record.found.assertions.values():
        if words.local(node.one("predicate")) == slot and node.one("object") == record.iri:
            subject = record.link(node.one("subject"))
            found[node.one("subject")] = Fact([subject], [], "", record.marks(node), record.addresses.href(node.iri))
    return sorted(found.values(), key=lambda fact: collated(fact.main[0].text))


@dataclass(frozen=True)
class _Came:
    """How a treaty came to its parties, as far as it is told on the day asked about."""

    record: Record
    done: Dealings
    told: dict[str, list[Act]]
    status: dict[str, str]

    @classmethod
    def about(cls, record: Record) -> "_Came":
        return cls(record, dealings.read(record), participations.told_of(record), participations.statuses(record))

    def parties(self) -> list[Fact]:
        """How many are parties, of which kind, and how many have another status."""
        parties = [other for other, code in self.status.items() if code == "party"]
        if not self.status:
            return []
        states = sum("/id/state/" in other for other in parties)
        home = f"#h-{participations.NAME}"
        told = [ngettext("%(num)s State", "%(num)s States", states)]
        if len(parties) > states:
            told.append(ngettext("%(num)s organisation", "%(num)s organisations", len(parties) - states))
        after = [participations.counted(self.status, code) for code in ("signatory", "former-party", "unsure")]
        return [
            line(Value(wording.listed(told), home)),
            *(line(Value(words.sentence_case(told))) for told in after if told),
        ]

    def undrawn(self) -> int:
        """How many are parties now of whom nothing tells since when, so that no year can count them."""
        parties = (other for other, periods in self.done.periods.items() if standing.now(periods) == "party")
        return sum(not any(p.is_party and p.start_latest for p in self.done.periods[other]) for other in parties)

    def first(self, *, earliest: bool) -> list[Fact]:
        """Who consented first, or last: those whose consent has the earliest or latest day."""
        given = [act for acts in self.told.values() if (act := dealings.consent(acts))]
        days = [act for act in given if wording.is_day(act.date)]
        if len(days) < 2:
            return []
        when = (min if earliest else max)(act.date for act in days)
        return self._on(when, [act for act in days if act.date == when])

    def _on(self, when: str, acts: Sequence[Act]) -> list[Fact]:
        """Those who acted on a day: by name if they are few."""
        if len(acts) > _FEW:
            number = ngettext("%(num)s State or organisation", "%(num)s States and organisations", len(acts))
            return [line(Value(number), wording.date(when))]
        return [
            line(self.record.link(act.other), wording.date(when), self.record.addresses.href(act.node))
            for act in sorted(acts, key=lambda act: collated(self.record.link(act.other).text))
        ]

    def into_force(self, about: About) -> list[Fact]:
        """Whose consent brought the treaty into force, where sources tell; else how many had consented by then."""
        force = self._force()
        if not force or not self.told or (self.record.day and force > self.record.day):
            return []
        periods = (period for group in self.done.periods.values() for period in group if period.is_party)
        bound = {p.other for p in periods if p.basis == "own-entry-into-force" and p.start == p.start_latest == force}
        given = [act for other in bound if (act := dealings.consent(self.told.get(other, ())))]
        days = sorted(act.date for act in given if wording.is_day(act.date) and act.date < force)
        if days and len(days) == len(given):
            last = [act for act in given if act.date == days[-1]]
            told = _("the latest consent of those first bound on that day")
            return [
                line(
                    self.record.link(act.other),
                    f"{wording.date(act.date)}, {told}",
                    about.here.addresses.href(act.node),
                )
                for act in last[:_FEW]
            ]
        number = sum(
            bool((act := dealings.consent(acts)) and act.date <= force[: len(act.date)]) for acts in self.told.values()
        )
        return (
            [line(Value(ngettext("%(num)s had consented by then", "%(num)s had consented by then", number)))]
            if number
            else []
        )

    def _force(self) -> str:
        found = self.record.found.assertions.values()
        known = [node.one("date") for node in found if any(words.local(c) == "EntryIntoForce" for c in node.classes)]
        return min(filter(wording.is_day, known), default="")

    def delays(self) -> list[Fact]:
        """The middle and the longest time from a signature to the consent that followed, where both are days."""
        taken = {other: span for other, acts in self.told.items() if (span := dealings.delay(acts)) and span.is_exact}
        if len(taken) < 5:
            return []
        middle = median_low(span.least for span in taken.values())
        longest = max(taken, key=lambda other: (taken[other].least, other))
        half = _("or less for half of the %(num)s that had signed", num=len(taken))
        return [
            line(Value(spans.told(Span(middle, middle))), half),
            line(self.record.link(longest), _("the longest: %(time)s", time=spans.told(taken[longest]))),
        ]

    def withdrawals(self) -> list[Fact]:
        """Each withdrawal; and who is known to have left, with no act that tells how."""
        if not self.told:
            return []
        acts = sorted((a for acts in self.told.values() for a in acts if a.ends), key=lambda act: (act.date, act.node))
        found = [line(self.record.link(act.other), _ended(act), self.record.addresses.href(act.node)) for act in acts]
        known = {act.other for act in acts}
        found += [
            line(self.record.link(other), _("on a day not known"))
            for other, code in self.status.items()
            if code == "former-party" and other not in known
        ]
        return found or [line(Value(_("None recorded")))]

    def reservations(self) -> list[Fact]:
        """The graph holds none yet: that nothing stands here does not mean that there are none."""
        if not self.told:
            return []
        return [line(Value(_("Not recorded: no source that was read gives reservations, declarations or objections.")))]


def _ended(act: Act) -> str:
    notice = _("notice %(date)s", date=wording.date(act.date)) if act.date else ""
    effect = _("effect %(date)s", date=wording.date(act.effect)) if act.effect else ""
    return ", ".join(filter(None, (notice, effect))) or _("on a day not known")
