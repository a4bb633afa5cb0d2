"""Names for what the graph gives none: a place in a source, a vote, an import record, a rank among sources."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from migov.store import Iri, Literal, Term
from migov.web import language, wording
from migov.web.language import N_, _
from migov.web.words import local

Row = Mapping[str, Term]
PATTERNS: Final = {  # by class; a part in brackets is left out where one of its slots is empty
    "Evidence": N_("{source}[, {locator}]"),
    "Vote": N_("Vote of {voter} on {instrument}[: {voteCast}]"),
    "ImportRecord": N_("Import of {table}[ from {importedFrom}]"),
    "SourceRanking": N_("Source {position} for {instrument}[: {rankedSource}]"),
    "Participation": N_("Participation: {agent} in {instrument}[, {status}][, {startEarliest}]"),
}
_SHORT: Final = {"instrument"}
_PART = re.compile(r"\[(.*?)\]")
_SLOT = re.compile(r"{(\w+)}")


def made(rows: Iterable[Row], called: Callable[[str], str]) -> Iterator[tuple[str, Literal]]:
    """Yield each node of ``queries/pages/slots-of.rq`` whose class has a pattern, with the name made for it.

    ``called`` gives the name of a thing in the reader's language, '' where there is only the one that a row brings.
    """
    classes: dict[str, set[str]] = defaultdict(set)
    slots: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        node = row["node"].value
        classes[node].add(local(row["class"].value))
        slots[node].setdefault(local(row["slot"].value), _text(row, called))
    for node, given in slots.items():
        pattern = next((PATTERNS[name] for name in sorted(classes[node]) if name in PATTERNS), "")
        text = _filled(_(pattern) if pattern else "", given)
        if text:
            yield node, Literal(text, language.current(), None)


def _text(row: Row, called: Callable[[str], str]) -> str:
    slot = local(row["slot"].value)
    if slot == "table":
        return row["value"].value.replace("-", " ")
    if slot == "startEarliest":
        return wording.date(row["value"].value)
    if slot in _SHORT and "short" in row:
        return row["short"].value
    if "label" in row:
        return called(row["value"].value) or row["label"].value
    return local(row["value"].value) if isinstance(row["value"], Iri) else row["value"].value


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    """The pattern with its slots; '' where one that is not in brackets has no value."""

    def part(match: re.Match[str]) -> str:
        return match[1] if all(slots.get(name) for name in _SLOT.findall(match[1])) else ""

    text = _PART.sub(part, pattern)
    if not all(slots.get(name) for name in _SLOT.findall(text)):
        return ""
    return _SLOT.sub(lambda match: slots[match[1]], text)
