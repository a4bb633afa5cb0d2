"""The figures about an entity: by what they count, the latest first; long series in full on a page of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from migov.store import Iri
from migov.vocabulary import RDF_TYPE
from migov.web import registers, wording, words
from migov.web.census import Many
from migov.web.facts import figure
from migov.web.language import N_, _
from migov.web.listing import Cell, Line, Listing, Part, cell, listing
from migov.web.reader import Node
from migov.web.record import Record, Value

NAME = "observedEntity.Observation"
_FEW = 2
"""So many figures of a series stand on the entity's own page."""
_ROWS = 200


def read(record: Record) -> list[Node]:
    """Every figure about the entity that is not broken down by country."""
    found: dict[str, Node] = {}
    ours = f"{record.reader.base}ontology/"
    for row in registers.figures(record.reader, record.iri):
        node = found.setdefault(row["node"].value, Node(row["node"].value))
        node.add(RDF_TYPE, Iri(f"{ours}Observation"))
        node.add(f"{ours}observedEntity", Iri(record.iri))
        for slot in row.keys() - {"entity", "node"}:
            node.add(f"{ours}{slot}", row[slot])
    slots = ("indicator", "unit", "rank")
    record.found.names.join(
        record.reader.names_of({node.one(slot) for node in found.values() for slot in slots if node.one(slot)})
    )
    return list(found.values())


def table(record: Record, many: Many, part: Part, nodes: Sequence[Node], *, whole: bool) -> Listing:
    """The figures by what is counted: all of them, or the latest of each series."""
    series: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        series[words.sentence_case(record.link(node.one("indicator")).text)].append(node)
    lines, cut = [], False
    for name, members in sorted(series.items(), key=lambda item: (-len(item[1]), item[0])):
        members.sort(key=lambda node: (node.one("asOf"), node.iri), reverse=True)
        shown = members if whole or len(members) <= _FEW + 1 else members[:_FEW]
        cut = cut or len(shown) < len(members)
        lines += [_line(record, node, name) for node in shown]
    place = part(many.name, len(lines), _ROWS)
    about = _("The latest of each series.") if cut else ""
    made = listing(
        record, many.name, N_("Figures"), (N_("As of"), N_("Figure")), lines, place, about=about, style="figures"
    )
    counted = {name: len(members) for name, members in series.items()}
    return replace(made, groups=counted, part=part(many.name, len(nodes), _ROWS))


def _line(record: Record, node: Node, group: str) -> Line:
    when = wording.date(node.one("asOf")) if node.one("asOf") else _("undated")
    stands = Cell([(figure(record, node), _(words.local(node.one("rank")).replace("normal", "")))])
    for note in (*node.all("rankReason"), *node.all("editorialNote")):
        stands.add(Value(""), note.value)
    return Line([cell(when), stands], [node.iri], group)
