"""The network of an entity as plain data for its page: the sectors of the picture, and the table that says the same."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from migov.web import words
from migov.web.language import _, collated, ngettext
from migov.web.listing import Cell, Line, Listing, Part, cell, listing
from migov.web.neighbours import BOTH, GROUPS, HOLDS, PAST, PERHAPS, RELATIONS, STATES, Tie, kind_of
from migov.web.netlayout import BEYOND, Chord, Item, Sector
from migov.web.record import Record, Value

NAME = "network"
MOST = 40
"""So many neighbours are drawn; the others are counted, and stand in the table."""
MOST_BEYOND = 20
"""So many things two steps away are drawn."""
SMALL = 30
"""The second step is shown where there are no more neighbours than this."""
ROWS = 80


@dataclass(frozen=True)
class Choice:
    """A kind of link to choose: its code and name, how many there are, and whether it is chosen."""

    code: str
    label: str
    count: int
    chosen: bool


def told_state(state: str) -> str:
    """How surely a link holds, in words; '' where it does."""
    return {PERHAPS: _("not certain on that day"), PAST: _("no longer, or not known to last")}.get(state, "")


def choices(ties: Iterable[Tie], chosen: Sequence[str]) -> list[Choice]:
    """The kinds of link that an entity has, in the order of ``RELATIONS``."""
    links: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for tie in ties:
        links[tie.relation].add((tie.group, tie.other, tie.link))
    return [
        Choice(code, _(label), len(links[code]), code in chosen)
        for code, label in RELATIONS.items()
        if code in links or code in chosen
    ]


def sectors(record: Record, ties: Sequence[Tie], address: Mapping[str, str], most: int = MOST) -> list[Sector]:
    """The neighbours to draw, each once, in the sector of the first kind of its links.

    Of each sector those come first that are linked now, then those linked in more than one way, then the latest;
    the sectors take turns until ``most`` are drawn. ``address`` is where all links of a kind are listed.
    """
    by_other: dict[str, list[Tie]] = defaultdict(list)
    for tie in sorted(ties, key=lambda tie: STATES.index(tie.state) == STATES.index(PAST)):
        by_other[tie.other].append(tie)
    waiting: dict[str, list[str]] = defaultdict(list)
    order = list(GROUPS)
    for other, found in by_other.items():
        waiting[min((tie.group for tie in found if tie.state == found[0].state), key=order.index)].append(other)
    for others in waiting.values():
        others.sort(key=lambda other: (collated(record.link(other).text), other))
        others.sort(key=lambda other: max(tie.bounds[1] for tie in by_other[other]), reverse=True)
        others.sort(key=lambda other: -len({tie.relation for tie in by_other[other]}))
        others.sort(key=lambda other: min(STATES.index(tie.state) for tie in by_other[other]))
    drawn = _in_turn(waiting, most)
    return [
        _sector(record, group, drawn[group], len(waiting[group]), by_other, address)
        for group in sorted(drawn, key=order.index)
    ]


def _in_turn(waiting: Mapping[str, list[str]], most: int) -> dict[str, list[str]]:
    """Those to draw of each sector: each gives one in turn until there are ``most``."""
    drawn: dict[str, list[str]] = {group: [] for group in waiting}
    left = most
    while left > 0 and any(len(drawn[group]) < len(others) for group, others in waiting.items()):
        for group, others in waiting.items():
            if left > 0 and len(drawn[group]) < len(others):
                drawn[group].append(others[len(drawn[group])])
                left -= 1
    return {group: others for group, others in drawn.items() if others}


def _sector(
    record: Record,
    group: str,
    others: Sequence[str],
    count: int,
    by_other: Mapping[str, Sequence[Tie]],
    address: Mapping[str, str],
) -> Sector:
    known = GROUPS[group]
    items = sorted((_item(record, group, by_other[other]) for other in others), key=lambda i: words.natural(i.label))
    items.sort(key=lambda item: STATES.index(item.state))
    left = count - len(others)
    more = ngettext("%(num)s more", "%(num)s more", left) if left else ""
    return Sector(_(known.heading), known.relation, known.way, tuple(items), more, address.get(known.relation, ""))


def _item(record: Record, group: str, ties: Sequence[Tie]) -> Item:
    """One neighbour with all that links it: its links in a sentence each, for who asks or cannot see."""
    other = record.link(ties[0].other)
    told = list(dict.fromkeys(_told(record, tie) for tie in ties))
    also = tuple(sorted({tie.relation for tie in ties} - {GROUPS[group].relation}, key=list(RELATIONS).index))
    state = min((tie.state for tie in ties if tie.group == group), key=STATES.index, default=HOLDS)
    kind = kind_of(ties[0].other, record.reader.base)
    return Item(other.text, other.href or "", "; ".join(told[:4]), kind, state, also, other.language or "")


def _told(record: Record, tie: Tie) -> str:
    """A link in words: "Members: observer, since 1990, until 2001"."""
    codes = ", ".join(record.link(code).text for code in tie.codes[:3])
    parts = [codes] if codes else []
    if tie.since:
        parts.append(_("since %(day)s", day=tie.since))
    if tie.until:
        parts.append(_("until %(day)s", day=tie.until))
    heading = _(GROUPS[tie.group].heading)
    told = f"{heading}: {', '.join(parts)}" if parts else heading
    return f"{told} ({told_state(tie.state)})" if told_state(tie.state) else told


def second_step(record: Record, ties: Sequence[Tie], first: Container[str]) -> tuple[list[Sector], list[Chord]]:
    """What the neighbours are linked to: chords between those drawn, and a sector of the things two steps away.

    Of these come first those that most neighbours lead to. ``ties`` are links of the neighbours to others than the
    entity itself, ``first`` the neighbours.
    """
    through: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.other not in first:
            through[tie.other].append(tie)
    order = sorted(
        through,
        key=lambda other: (
            min(STATES.index(tie.state) for tie in through[other]),
            -len({tie.node for tie in through[other]}),
            record.link(other).text.casefold(),
            other,
        ),
    )
    drawn = set(order[:MOST_BEYOND])
    items = [_further(record, through[other]) for other in order[:MOST_BEYOND]]
    left = len(order) - len(items)
    more = ngettext("%(num)s more", "%(num)s more", left) if left else ""
    chords = {
        (*sorted((tie.node, tie.other)), tie.relation): Chord(
            (record.link(tie.node).href or "", record.link(tie.other).href or ""), tie.relation, tie.state
        )
        for tie in ties
        if tie.other in first or tie.other in drawn
    }
    found = [Sector(_("Two steps away"), BEYOND, BOTH, tuple(items), more, "#h-network")] if items else []
    return found, list(chords.values())


def _further(record: Record, ties: Sequence[Tie]) -> Item:
    """A thing two steps away, with the neighbours that lead to it."""
    other = record.link(ties[0].other)
    told = list(dict.fromkeys(f"{record.link(tie.node).text} – {_told(record, tie)}" for tie in ties))
    state = min((tie.state for tie in ties), key=STATES.index)
    kind = kind_of(ties[0].other, record.reader.base)
    return Item(other.text, other.href or "", "; ".join(told[:4]), kind, state, (), other.language or "")


def table(record: Record, ties: Sequence[Tie], part: Part) -> Listing:
    """Every link as a row, by kind, with its sources: all that the picture says, and what it leaves out.

    Links of the neighbours come last; each names the neighbour first.
    """
    order = {tie: number for number, tie in enumerate(ties)}
    places = {group: number for number, group in enumerate(GROUPS)}
    rows = sorted(
        order,
        key=lambda tie: (
            tie.node != record.iri,
            places[tie.group],
            STATES.index(tie.state),
            words.natural(record.link(tie.other).text),
            order[tie],
        ),
    )
    columns = (_("Name"), _("How"), _("Since"), _("Until"))
    heading = _("Links as a table")
    return listing(record, NAME, heading, columns, [_line(record, tie) for tie in rows], part(NAME, len(rows), ROWS))


def _line(record: Record, tie: Tie) -> Line:
    how = Cell()
    href = record.addresses.href(tie.link) if tie.link else None
    codes = ", ".join(record.link(code).text for code in tie.codes) or (_("stated") if tie.link else _("by its record"))
    how.add(Value(codes, href), told_state(tie.state))
    heading = _(GROUPS[tie.group].heading)
    named = Cell([(record.link(tie.other), "")])
    if tie.node != record.iri:
        named = Cell([(record.link(tie.node), heading), (record.link(tie.other), "")])
        heading = _("Links of the neighbours")
    return Line([named, how, cell(tie.since), cell(tie.until)], [tie.link] if tie.link else [], heading)
