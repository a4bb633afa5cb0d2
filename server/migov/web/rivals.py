"""Where sources differ: figures for the same thing, and claims on the same property, that are not the same."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations

from migov.web import words
from migov.web.facts import Fact, fact
from migov.web.reader import Node
from migov.web.record import Record, Value
from migov.web.statements import class_name

VERDICTS = (
    "These figures fit together once their hedges are read.",
    "These figures are of different times: they may show change, not disagreement.",
    "At least one figure is undated, so nobody can tell change from disagreement.",
    "The sources disagree.",
)


SERIES = 3
"""Figures of more times than this make a series."""


@dataclass(frozen=True)
class Rivalry:
    """Values that stand side by side: of what, the values with their sources, and what can be said of them."""

    subject: Value
    matter: str
    facts: list[Fact]
    verdict: str


def rivalries(record: Record) -> list[Rivalry]:
    """Every disagreement about the entity; both sides always, none is chosen silently."""
    figures: dict[tuple[str, str], list[Node]] = defaultdict(list)
    claims: dict[tuple[str, str], list[Node]] = defaultdict(list)
    nodes = [*record.found.assertions.values(), record.found.entity]
    for node in nodes:
        if class_name(node) == "Observation":
            figures[node.one("observedEntity"), node.one("indicator")].append(node)
        elif class_name(node) == "Claim":
            claims[node.one("subject"), node.one("predicate")].append(node)
    found = [
        _of_figures(record, key, group)
        for key, group in figures.items()
        if _differ(group, "value") and not _is_series(group)
    ]
    found += [
        _of_claims(record, key, group)
        for key, group in claims.items()
        if _differ(group, "object") and _single_valued(record, key[1], group)
    ]
    return sorted(found, key=lambda rivalry: (rivalry.subject.text, rivalry.matter))


def _is_series(group: list[Node]) -> bool:
    """Tell a run of dated figures, no two for one time: change that the table of figures shows already."""
    times = [node.one("asOf") for node in group]
    return len(group) > SERIES and all(times) and len(set(times)) == len(times)


def _differ(group: Iterable[Node], slot: str) -> bool:
    return len({node.one(slot) for node in group}) > 1


def _single_valued(record: Record, predicate: str, group: Iterable[Node]) -> bool:
    """Tell properties that can hold but one value: functional ones, and those for which a rank was given."""
    term = record.reader.terms.get(predicate)
    kinds = {words.local(kind) for kind in term.classes} if term else set()
    dated = words.local(predicate) in {"issued", "created", "adoptionDate", "entryIntoForceDate"}
    return dated or "FunctionalProperty" in kinds or any(node.all("rank") for node in group)


def _of_figures(record: Record, key: tuple[str, str], group: list[Node]) -> Rivalry:
    entity, indicator = key
    predicate = next((p for p in group[0].slots if words.local(p) == "observedEntity"), "")
    facts = sorted((fact(record, node, predicate) for node in group), key=lambda f: f.order)
    worst = max(_verdict(a, b) for a, b in combinations(group, 2))
    return Rivalry(record.link(entity), record.link(indicator).text, facts, VERDICTS[worst])


def _of_claims(record: Record, key: tuple[str, str], group: list[Node]) -> Rivalry:
    subject, predicate = key
    slot = next((p for p in group[0].slots if words.local(p) == "subject"), "")
    facts = sorted((fact(record, node, slot) for node in group), key=lambda f: f.order)
    return Rivalry(record.link(subject), record.reader.term_label(predicate), facts, VERDICTS[-1])


def _verdict(a: Node, b: Node) -> int:
    """How far two figures differ, as an index of ``VERDICTS``."""
    if _bounds(a)[0] <= _bounds(b)[1] and _bounds(b)[0] <= _bounds(a)[1]:
        return 0
    if not (a.all("asOfEarliest") and b.all("asOfEarliest")):
        return 2 if not (a.all("asOf") and b.all("asOf")) else 1
    apart = a.one("asOfLatest") < b.one("asOfEarliest") or b.one("asOfLatest") < a.one("asOfEarliest")
    return 1 if apart else 3


def _bounds(node: Node) -> tuple[Decimal, Decimal]:
    """The least and the greatest value that a figure allows; the build has written them beside it."""
    hedged = words.local(node.one("valueQualifier")) not in {"", "exact"}
    stated = _decimal(node.one("value"), Decimal("-Infinity"))
    low = _decimal(node.one("valueLower"), Decimal("-Infinity") if hedged else stated)
    return low, _decimal(node.one("valueUpper"), Decimal("Infinity") if hedged else stated)


def _decimal(text: str, otherwise: Decimal) -> Decimal:
    try:
        return Decimal(text) if text else otherwise
    except InvalidOperation:
        return otherwise
