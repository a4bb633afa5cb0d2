"""The view of a code: its list, its neighbours, the properties that take their values there, where it is used."""

from migov.web import words
from migov.web.facts import Fact
from migov.web.kinds.about import About, Shown
from migov.web.kinds.panel import groups, line, properties
from migov.web.language import _
from migov.web.record import Record, Value

_PROPERTIES = frozenset({"inScheme", "topConceptOf", "broader", "narrower", "notation"})


def shown(about: About) -> Shown:
    """The page of a code."""
    record = about.record
    panel = groups(
        (_("Code list"), _lines(record, "inScheme")),
        (_("Code"), _lines(record, "notation")),
        (_("Broader"), _lines(record, "broader")),
        (_("Narrower"), [*_lines(record, "narrower"), *_pointing(record, "broader")]),
        (_("Property that takes its values there"), [line(value) for value in _takers(record)]),
        (_("Where it is used"), _uses(about)),
    )
    return Shown("kinds/panelled.html", {"panel": panel}, properties=_PROPERTIES)


def _lines(record: Record, slot: str) -> list[Fact]:
    return [line(value) for value in properties(record, slot)]


def _pointing(record: Record, slot: str) -> list[Fact]:
    found = {iri for name, iris in record.found.incoming.items() if words.local(name) == slot for iri in iris}
    known = {term.value for term in record.found.entity.all("narrower")}
    return [
        line(record.link(iri)) for iri in sorted(found - known, key=lambda iri: words.natural(record.link(iri).text))
    ]


def _takers(record: Record) -> list[Value]:
    """The properties of the ontology whose values are codes of the same list."""
    lists = {term.value for term in record.found.entity.all("inScheme")}
    found = [iri for iri, node in record.reader.terms.items() if lists & {term.value for term in node.all("codeList")}]
    return [record.link(iri) for iri in found]


def _uses(about: About) -> list[Fact]:
    """How often each property of things of each class points to the code."""
    reader, said = about.record.reader, []
    for many in sorted((*about.known.apart, *about.known.rest), key=lambda many: (-many.count, many.name)):
        kind = words.sentence_case(words.plural(reader.term_label(many.kind), words.local(many.kind)))
        place = about.part(many.name, many.count, 1).path
        said.append(
            line([Value(kind, about.record.addresses.link(place))], f"{reader.term_label(many.slot)} · {many.count:,}")
        )
    return said
