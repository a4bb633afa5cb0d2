"""Two sides row by row, in groups: what both have, what only one has, what came, what ended, what is not sure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from migov.web.compare.sides import MAYBE, NO, UNKNOWN, YES, Entries, Entry
from migov.web.language import N_

BOTH, FIRST, FIRST_KNOWN, SECOND, SECOND_KNOWN, UNSURE, NEITHER = (
    "both",
    "first",
    "first-known",
    "second",
    "second-known",
    "unsure",
    "neither",
)
ADDED, ENDED, CHANGED, SAME, UNDATED = "added", "ended", "changed", "same", "undated"
OF_TWO: Final = {
    BOTH: N_("Both"),
    FIRST: N_("Only %(first)s"),
    FIRST_KNOWN: N_("%(first)s; nothing is recorded of %(second)s"),
    SECOND: N_("Only %(second)s"),
    SECOND_KNOWN: N_("%(second)s; nothing is recorded of %(first)s"),
    UNSURE: N_("Not certain"),
    NEITHER: N_("Neither is bound"),
}
OF_DAYS: Final = {
    ADDED: N_("Added"),
    ENDED: N_("Ended"),
    CHANGED: N_("Changed"),
    UNSURE: N_("Not certain"),
    SAME: N_("On both days"),
    UNDATED: N_("Perhaps on both days: the time is not known well enough"),
}
"""The groups in the order to show them, with their headings."""
FOLDED: Final = (NEITHER, SAME, UNDATED)
"""Those that stand closed on a page."""


@dataclass(frozen=True)
class Line:
    """A row: what it is about, and what each side has; None where nothing is known of a side."""

    key: str
    first: Entry | None
    second: Entry | None


@dataclass(frozen=True)
class Group:
    """Rows that tell the same of both sides."""

    code: str
    lines: list[Line]


@dataclass(frozen=True)
class Section:
    """The groups of rows about one sort of thing."""

    code: str
    groups: list[Group]

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)


Judge = Callable[[Entry | None, Entry | None], str]


def of_two(first: Entry | None, second: Entry | None) -> str:
    """The group of a row about two things; '' for one that tells nothing."""
    states = _status(first), _status(second)
    if MAYBE in states:
        return UNSURE
    if states == (YES, YES):
        return BOTH
    if YES in states:
        mine = states[0] == YES
        other = states[1] if mine else states[0]
        return (FIRST if mine else SECOND) if other == NO else (FIRST_KNOWN if mine else SECOND_KNOWN)
    return NEITHER if any(entry and entry.iri for entry in (first, second)) else ""


def of_days(first: Entry | None, second: Entry | None) -> str:
    """The group of a row about one thing on two days; '' for one that tells nothing."""
    before, after = _status(first), _status(second)
    if YES in (before, after) and MAYBE not in (before, after):
        if before == after:
            return SAME if first and second and first.word == second.word else CHANGED
        return ADDED if after == YES else ENDED
    if not any(entry and entry.iri for entry in (first, second)):
        return ""  # not on a list then, and not recorded later: no change of the world
    if first and second and (first.word, first.when) == (second.word, second.when):
        return UNDATED if MAYBE in (before, after) else SAME
    return UNSURE if MAYBE in (before, after) else CHANGED


def _status(entry: Entry | None) -> str:
    return entry.status if entry else UNKNOWN


def sections(
    first: Mapping[str, Entries],
    second: Mapping[str, Entries],
    judge: Judge,
    order: Mapping[str, str],
    name: Callable[[str], str],
) -> list[Section]:
    """The rows of both sides by section and group, by name within a group; sections without rows are left out."""
    found = []
    for code in dict.fromkeys((*first, *second)):
        mine, theirs = first.get(code, {}), second.get(code, {})
        groups: dict[str, list[Line]] = {group: [] for group in order}
        for key in dict.fromkeys((*mine, *theirs)):
            line = Line(key, mine.get(key), theirs.get(key))
            if group := judge(line.first, line.second):
                groups[group].append(line)
        for lines in groups.values():
            lines.sort(key=lambda line: (name(line.key).casefold(), line.key))
        made = Section(code, [Group(group, lines) for group, lines in groups.items() if lines])
        if made.groups:
            found.append(made)
    return found
