"""The figures about an entity as one line for each indicator: the latest, a small drawing of all, and its disputes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from migov.web import wording, words
from migov.web.facts import figure
from migov.web.reader import Node
from migov.web.record import Record, Value
from migov.web.rivals import Rivalry
from migov.web.scale import among

WIDTH, HEIGHT = 120, 28
_EDGE = 4


@dataclass(frozen=True)
class Series:
    """One indicator: its latest figure, how many figures there are and for which years, and a path of dots."""

    name: Value
    latest: Value
    when: str
    count: int
    years: str
    dots: str
    disputes: int


def series(record: Record, nodes: Sequence[Node], rivalries: Sequence[Rivalry]) -> list[Series]:
    """Every indicator, that with the most figures first."""
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        groups[node.one("indicator")].append(node)
    disputes: dict[str, int] = defaultdict(int)
    for rivalry in rivalries:
        disputes[rivalry.matter] += rivalry.subject.text == record.title.text
    found = [_series(record, indicator, group, disputes) for indicator, group in groups.items()]
    return sorted(found, key=lambda one: (-one.count, one.name.text.casefold()))


def _series(record: Record, indicator: str, nodes: list[Node], disputes: dict[str, int]) -> Series:
    nodes.sort(key=lambda node: (node.one("asOf"), node.iri))
    kept = [node for node in nodes if words.local(node.one("rank")) != "deprecated"] or nodes
    last = kept[-1]
    when = wording.date(last.one("asOf")) if last.one("asOf") else ""
    years = sorted({node.one("asOf")[:4] for node in nodes if node.one("asOf")})
    span = years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""
    name = record.link(indicator)
    shown = Value(words.sentence_case(name.text), name.href, name.language)
    return Series(shown, figure(record, last), when, len(nodes), span, _dots(nodes), disputes[name.text])


def _dots(nodes: Sequence[Node]) -> str:
    """A dot for each dated figure, as the data of a path; '' where there are too few to see anything."""
    points = []
    for node in nodes:
        try:
            points.append((node.one("asOfEarliest"), Decimal(node.one("value"))))
        except InvalidOperation:
            continue
    points = [(day, value) for day, value in points if day and value.is_finite()]
    scale = among([day for day, _ in points], "", _EDGE, WIDTH - _EDGE)
    most = max((value for _, value in points), default=Decimal(0))
    if len({day[:4] for day, _ in points}) < 3 or scale is None or most <= 0:
        return ""
    room = HEIGHT - 2 * _EDGE
    return "".join(f"M{scale.x(day):g} {_EDGE + room * (1 - float(value / most)):.1f}h0" for day, value in points)
