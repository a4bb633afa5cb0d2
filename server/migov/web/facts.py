"""The facts of an entity page: each assertion as one line, in groups that say what it is to the entity."""

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from migov.store import Iri
from migov.web import wording, words
from migov.web.language import _, collated
from migov.web.reader import Node
from migov.web.record import Detail, Mark, Record, Value, when
from migov.web.statements import class_name, is_number, view_of

PARTS = ("own", "work", "related")


@dataclass(frozen=True)
class Fact:
    """One assertion on a page: its message, its period, the numbers of its sources, its own page.

    ``sources`` are documents by name, where the page has no numbers for them. ``name`` says by which property it
    mentions the entity and what it is: ``adoptedDocument.Adoption``, or ``subject.depositary`` for a claim.
    """

    main: list[Value]
    details: list[Detail]
    when: str
    marks: list[Mark]
    href: str | None
    rank: str = ""
    notes: list[str] = field(default_factory=list)
    order: tuple[str, ...] = ()
    sources: list[Value] = field(default_factory=list)
    name: str = ""


@dataclass(frozen=True)
class Group:
    """Facts that read under one heading."""

    heading: str
    facts: list[Fact]


@dataclass(frozen=True)
class Facts:
    """The parts of a page: what the entity is, what it does, and where else it is mentioned."""

    own: list[Group]
    work: list[Group]
    related: list[Group]

    def named(self, *names: str) -> list[Fact]:
        """The facts with these names, those of the first name first."""
        found = [fact for part in (self.own, self.work, self.related) for group in part for fact in group.facts]
        return [fact for name in names for fact in found if fact.name == name]

    def without(self, names: Container[str]) -> "Facts":
        """The facts but for those with these names, which the page shows in another way."""
        return Facts(*(_left(part, names) for part in (self.own, self.work, self.related)))


def _left(groups: list[Group], names: Container[str]) -> list[Group]:
    left = (Group(group.heading, [fact for fact in group.facts if fact.name not in names]) for group in groups)
    return [group for group in left if group.facts]


def figure(record: Record, node: Node) -> Value:
    """An observed value with its hedge and unit in words."""
    number = next((wording.number(v.value) if is_number(v) else v.value for v in node.all("value")), "")
    unit = record.link(node.one("unit")).text if node.one("unit") else ""
    unit = unit if number == "1" else words.plural(unit) if unit else ""
    hedged = wording.hedged(number, words.local(node.one("valueQualifier")))
    return Value(f"{hedged} {unit}".strip(), record.addresses.href(node.iri))


def parts(record: Record, node: Node, role: str) -> tuple[list[Value], list[Detail]]:
    """The message of an assertion and its further slots, as they read where ``role`` mentions the entity."""
    view = view_of(node)
    if words.local(role) not in view.owners:
        return [record.link(node.iri)], []
    main: dict[str, list[Value]] = {}
    details = []
    for predicate, terms in node.slots.items():
        name = words.local(predicate)
        others = [term for term in terms if term != Iri(record.iri)]
        if not others or name in words.HIDDEN or name in words.DATES:
            continue
        if name in view.main:
            main[name] = record.values(others)
        elif name not in words.UNSAID.get(class_name(node), ()):
            label = "" if name in words.PLAIN else record.reader.term_label(predicate)
            details.append(Detail(label, record.values(others)))
    ordered = [value for name in view.main for value in main.get(name, ())]
    return ordered or [record.link(node.iri)], sorted(details, key=lambda detail: detail.label)


def fact(record: Record, node: Node, role: str) -> Fact:
    """One assertion as it reads on this page."""
    main, details = parts(record, node, role)
    if class_name(node) == "Observation" and words.local(role) == "observedEntity":
        main = [figure(record, node)]
    period = when(node)
    owned = words.local(role) in view_of(node).owners
    if period and owned and main == [record.link(node.iri)]:  # it has no message but its date
        main, period = [Value(period, record.addresses.href(node.iri))], ""
    moment = node.one("startDate") or node.one("date") or node.one("asOf")
    return Fact(
        main,
        details,
        period,
        record.marks(node),
        record.addresses.href(node.iri),
        words.local(node.one("rank")),
        [note.value for note in (*node.all("rankReason"), *node.all("editorialNote"))],
        (moment or "9", *(collated(value.text) for value in main), node.iri),
        name=f"{words.local(role)}.{words.local(node.one('predicate')) or class_name(node)}",
    )


def heading(record: Record, node: Node, role: str) -> str:
    """What an assertion is to the entity, in a few words."""
    view, slot, name = view_of(node), words.local(role), class_name(node)
    if name == "Claim":
        predicate = node.one("predicate")
        if slot == "subject":
            return words.sentence_case(record.reader.term_label(predicate))
        inverse = words.INVERSES.get(words.local(predicate))
        return inverse or words.sentence_case(_("%(property)s: of", property=record.reader.term_label(predicate)))
    if name == "Observation" and slot == "observedEntity":
        return words.sentence_case(record.link(node.one("indicator")).text)
    if slot == "evidence":
        return _("Statements that rest on this place")
    given = view.owners.get(slot) or view.others.get(slot)
    if given:
        return given
    label = words.plural(record.reader.term_label(record.reader.main_class(node.classes)), name)
    return words.sentence_case(_("%(things)s, as %(role)s", things=label, role=record.reader.term_label(role)))


def facts(record: Record) -> Facts:
    """Every assertion that mentions the entity, under its heading, in the order of ``words.ORDER``."""
    found: dict[str, dict[tuple[int, str], list[Fact]]] = {part: defaultdict(list) for part in PARTS}
    for node in record.found.assertions.values():
        role = record.found.role(node)
        name, owned = class_name(node), words.local(role) in view_of(node).owners
        part = words.PARTS.get(name, "own") if owned else "related"
        rank = words.ORDER.index(name) if name in words.ORDER else len(words.ORDER)
        found[part][rank, heading(record, node, role)].append(fact(record, node, role))
    return Facts(*(_groups(found[part]) for part in PARTS))


def _groups(found: dict[tuple[int, str], list[Fact]]) -> list[Group]:
    return [Group(title, sorted(listed, key=lambda fact: fact.order)) for (_, title), listed in sorted(found.items())]
