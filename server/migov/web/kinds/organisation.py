"""The view of an organisation, of whatever kind: key facts, the years in one drawing, parts, figures."""

from collections.abc import Sequence

from migov.web import figures, lists, registers, wording, words
from migov.web.census import Many
from migov.web.facts import Fact, Group, figure
from migov.web.kinds import membership_facts as ties
from migov.web.kinds import offices, over_time, series
from migov.web.kinds.about import About, Shown
from migov.web.kinds.proof import fact_of, learn
from migov.web.kinds.structure import structure
from migov.web.language import _, ngettext
from migov.web.reader import Node, Row
from migov.web.record import Detail, Record, Value, when
from migov.web.statements import class_name

_UNREAD = frozenset({figures.NAME, "whole.Composition", "part.Composition", "organization.PostTenure"})
"""By name, the lists that the page shows in another way."""
_MEMBERS = "organization.Membership"
_REPLACED = frozenset({"subject.classification", "participant.Cooperation"})
"""By name, the facts that stand among the key facts."""
_SHOWN_TENURES, _SHOWN_FIGURES, _LISTS = 1, 3, 2


def shown(about: About) -> Shown:
    """The page of an organisation."""
    record = about.record
    until = record.day or about.here.release.manifest.as_of
    own, tenures = ties.own(record), registers.tenures(record.reader, "org", record.iri)
    ties.learn_names(record, own)
    offices.learn_names(record, tenures)
    united, serves = ties.with_united_nations(record, own), ties.of_kind(own, ties.SERVING)
    stated = _stated(about.counted, record.day)
    found = registers.constitutions(record.reader, record.iri)
    record.found.names.join(record.reader.names_of({row["document"].value for row in found}))
    read = [row["node"].value for row in (*united, *serves, *tenures)] + [node.iri for node in stated]
    proofs = learn(record, [*read, *(row["claim"].value for row in found)])
    held = offices.offices(record, proofs, tenures, "post", "person")
    key = [
        _type(about),
        Group(_("Founded"), [_event(record, node) for node in _foundations(record)]),
        Group(_("Constitution"), _constitution(record, proofs, found)),
        Group(_("Relation to the United Nations"), [ties.told(record, proofs, row) for row in united]),
        Group(_("Headquarters"), _headquarters(record)),
        *(Group(office.who.text, list(office.facts[:_SHOWN_TENURES])) for office in offices.leading(held)),
        _members(record, proofs, stated, until),
        Group(_("Leads or serves"), [ties.told(record, proofs, row) for row in serves]),
        Group(_("Works with"), about.facts.named("participant.Cooperation")),
    ]
    return Shown(
        "kinds/organisation.html",
        {
            "key": [group for group in key if group.facts],
            "over_time": over_time.over_time(record, about.counted, held, ties.periods(record, united), until),
            "structure": structure(record),
            "series": series.series(record, about.counted, about.rivalries),
            "all_figures": about.part(figures.NAME, len(about.counted), 200).path,
            "offices": held,
            "elsewhere": _elsewhere(about),
            "rest": {many.name for many in about.known.rest},
            "list_of": lambda name: about.part(name, 0, 1).path,
        },
        facts=_REPLACED,
        unread=_UNREAD | {many.name for many in _listed(about)},
    )


def _listed(about: About) -> list[Many]:
    """The lists of names that a page with many of them only leads to: all but the mandates."""
    own = {*_UNREAD, _MEMBERS, "member.Membership", "observedEntity.Observation.in-country"}
    names = [many for many in about.known.apart if many.name not in own]
    return [many for many in names if many.name != "mandateHolder.Mandate"] if len(names) > _LISTS else []


def _elsewhere(about: About) -> list[tuple[str, str, int]]:
    """The heading, the name and the length of each list that the page only leads to."""
    return [(lists.heading(about.record, many), many.name, many.count) for many in _listed(about)]


def _nodes(record: Record, kind: str, slot: str) -> list[Node]:
    """The assertions of a class that name the entity in one slot and that nobody set aside, in order."""
    found = [
        node
        for node in record.found.assertions.values()
        if class_name(node) == kind
        and any(value.value == record.iri for value in node.all(slot))
        and words.local(node.one("rank")) != "deprecated"
    ]
    return sorted(found, key=lambda node: (node.one("date"), node.iri))


def _type(about: About) -> Group:
    """What kind of organisation sources call it; where no claim says so, as its own triples do."""
    said = about.facts.named("subject.classification")
    values = about.record.values(about.record.found.entity.all("classification"))
    return Group(_("Type"), said or [Fact([value], [], "", [], None) for value in values])


def _foundations(record: Record) -> list[Node]:
    changes = _nodes(record, "OrganisationChange", "resultingOrganization")
    return [node for node in changes if words.local(node.one("changeType")) == "foundation"]


def _event(record: Record, node: Node) -> Fact:
    """An event as its date."""
    notes = [note.value for note in node.all("editorialNote")]
    said = Value(when(node) or _("on a day not known"), record.addresses.href(node.iri))
    return Fact([said], [], "", record.marks(node), record.addresses.href(node.iri), notes=notes)


def _constitution(record: Record, proofs: dict[str, Node], rows: Sequence[Row]) -> list[Fact]:
    """The instruments that constitute the entity, each with its adoption and entry into force."""
    facts: dict[str, Fact] = {}
    for row in rows:
        claim = row["claim"].value
        made = facts.setdefault(
            row["document"].value, fact_of(record, proofs, claim, [record.link(row["document"].value)])
        )
        if "date" in row:
            adopted = words.local(row["kind"].value) == "Adoption"
            said = Value(wording.date(row["date"].value), record.addresses.href(row["node"].value))
            made.details.append(Detail(_("adopted") if adopted else _("in force"), [said]))
    return list(facts.values())


def _headquarters(record: Record) -> list[Fact]:
    seats = [n for n in _nodes(record, "Presence", "agent") if words.local(n.one("presenceType")) == "headquarters"]
    return [
        Fact([record.link(node.one("venue"))], [], when(node), record.marks(node), record.addresses.href(node.iri))
        for node in seats
    ]


def _stated(nodes: Sequence[Node], day: str) -> list[Node]:
    """The latest figures of members that sources state, as of the day asked about: those of the latest year."""
    told = [
        node
        for node in nodes
        if words.local(node.one("indicator")) in over_time.STATED
        and words.local(node.one("rank")) != "deprecated"
        and node.one("asOfEarliest")
        and (not day or node.one("asOfEarliest") <= day)
    ]
    told.sort(key=lambda node: (node.one("asOfLatest"), node.iri), reverse=True)
    return [node for node in told if node.one("asOfLatest")[:4] == told[0].one("asOfLatest")[:4]][:_SHOWN_FIGURES]


def _members(record: Record, proofs: dict[str, Node], stated: Sequence[Node], until: str) -> Group:
    """How many members there are: counted from their memberships, and as sources state it."""
    said = []
    number = over_time.members_on(record, until)
    if number:
        counted = Value(ngettext("%(num)s counted", "%(num)s counted", number), f"#h-{_MEMBERS}")
        said.append(
            Fact([counted], [], _("on %(date)s, from memberships one by one", date=wording.date(until)), [], None)
        )
    for node in stated:
        date = wording.as_of(node.one("asOf"))
        said.append(fact_of(record, proofs, node.iri, [figure(record, node)], date, [_("as stated")]))
    return Group(_("Members"), said)
