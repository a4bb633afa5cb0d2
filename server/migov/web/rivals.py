"""Where sources differ: figures for the same thing, and claims on the same property, that are not the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import combinations

from migov.web import words
from migov.web.facts import Fact, fact
from migov.web.language import N_
from migov.web.reader import Node
from migov.web.record import Record, Value
from migov.web.statements import class_name

VERDICTS = (
    "",  # they fit together once their hedges are read
    "",  # they are of different times: change, not disagreement
    N_("At least one figure is undated, so nobody can tell change from disagreement."),
    N_("The sources disagree."),
)
DOUBT = 2
"""The least verdict that is a disagreement, or may be one."""
SERIES = 3
"""Figures of more times than this make a series."""


@dataclass(frozen=True)
class Rivalry:
    """Values that stand side by side: of what, the values with their sources, and what can be said of them."""

    subject: Value
    matter: str
    facts: list[Fact]
    verdict: str


def rivalries(record: Record, counted: Sequence[Node] = ()) -> list[Rivalry]:
    """Every disagreement about the entity; both sides always, none is chosen silently. ``counted`` are its figures."""
    figures: dict[tuple[str, str], list[Node]] = defaultdict(list)
    claims: dict[tuple[str, str], list[Node]] = defaultdict(list)
    nodes = [*record.found.assertions.values(), record.found.entity, *counted]
    for node in nodes:
        if class_name(node) == "Observation":
            figures[node.one("observedEntity"), node.one("indicator")].append(node)
        elif class_name(node) == "Claim":
            claims[node.one("subject"), node.one("predicate")].append(node)
    compared = [
        (key, group)
        for key, series in figures.items()
        for group in _compared(series)
        if _differ(group, "value") and _worst(group) >= DOUBT
    ]
    behind = _sources(record, (node for _, group in compared for node in group))
    found = [_of_figures(record, key, group, behind) for key, group in compared]
    found += [
        _of_claims(record, key, group)
        for key, group in claims.items()
        if _differ(group, "object") and _single_valued(record, key[1], group)
    ]
    return sorted(found, key=lambda rivalry: (rivalry.subject.text, rivalry.matter))


def _compared(series: list[Node]) -> list[list[Node]]:
    """The figures to compare: a few as they are; of a long series those of one year that cannot all be right.

    Figures of different years show change, which the table of figures shows already; those without a date stand
    beside the latest.
    """
    if len(series) <= SERIES:
        return [series]
    by_year: dict[str, list[Node]] = defaultdict(list)
    for node in sorted(series, key=lambda node: node.one("asOf")):
        by_year[node.one("asOf")[:4]].append(node)
    undated = by_year.pop("", [])
    found = [group for group in by_year.values() if _worst(group) == len(VERDICTS) - 1]
    latest = [node for year in sorted(by_year)[-1:] for node in by_year[year]]
    return found + ([undated + latest] if undated else [])


def _differ(group: Iterable[Node], slot: str) -> bool:
    return len({node.one(slot) for node in group}) > 1


def _single_valued(record: Record, predicate: str, group: Iterable[Node]) -> bool:
    """Tell properties that can hold but one value: functional ones, and those for which a rank was given."""
    term = record.reader.terms.get(predicate)
    kinds = {words.local(kind) for kind in term.classes} if term else set()
    dated = words.local(predicate) in {"issued", "created", "adoptionDate", "entryIntoForceDate"}
    return dated or "FunctionalProperty" in kinds or any(node.all("rank") for node in group)


def _of_figures(record: Record, key: tuple[str, str], group: list[Node], behind: dict[str, list[Value]]) -> Rivalry:
    entity, indicator = key
    predicate = next((p for p in group[0].slots if words.local(p) == "observedEntity"), "")
    made = [(node.iri, fact(record, node, predicate)) for node in group]
    facts = sorted((replace(f, sources=behind.get(iri, [])) for iri, f in made), key=lambda f: f.order)
    return Rivalry(record.link(entity), record.link(indicator).text, facts, VERDICTS[_worst(group)])


def _of_claims(record: Record, key: tuple[str, str], group: list[Node]) -> Rivalry:
    subject, predicate = key
    slot = next((p for p in group[0].slots if words.local(p) == "subject"), "")
    facts = sorted((fact(record, node, slot) for node in group), key=lambda f: f.order)
    return Rivalry(record.link(subject), record.reader.term_label(predicate), facts, VERDICTS[-1])


def _sources(record: Record, nodes: Iterable[Node]) -> dict[str, list[Value]]:
    """The documents behind figures whose places in them were not read."""
    found: dict[str, list[Value]] = defaultdict(list)
    rows = record.reader.rows_of("sources-of", (node.iri for node in nodes if not record.marks(node)))
    record.found.names.read({"node": row["source"], "label": row["label"]} for row in rows if "label" in row)
    for row in rows:
        found[row["node"].value].append(record.link(row["source"].value))
    return found


def _worst(group: Iterable[Node]) -> int:
    return max((_verdict(a, b) for a, b in combinations(group, 2)), default=0)


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
