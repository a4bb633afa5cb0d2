"""The views of documents that are no treaties: instruments, their provisions, and sources."""

from collections.abc import Sequence

from migov.store import Iri
from migov.web import registers, wording, words
from migov.web.facts import Fact
from migov.web.kinds.about import About, Shown
from migov.web.kinds.panel import groups, line, properties
from migov.web.kinds.votes import votes
from migov.web.language import _, ngettext
from migov.web.reader import Row
from migov.web.record import Record, Value

_INSTRUMENT = ("instrumentType", "symbol", "amends")
_PROVISION = ("partOf", "number")
_SOURCE = ("sourceTier", "publisher", "issued", "readOn", "howRead", "license", "page")
_VOTES = "instrument.Vote"
_EVENTS = ("adoptedDocument.Adoption", "instrument.EntryIntoForce")
_FEW = 12


def instrument(about: About) -> Shown:
    """The page of an instrument that is no treaty: what it is, how it came about, who voted how."""
    record, named = about.record, about.facts.named
    panel = groups(
        (_("Kind"), _lines(record, "instrumentType")),
        (_("Symbol"), named("subject.symbol") or _lines(record, "symbol")),
        (_("Adopted"), named("adoptedDocument.Adoption", "subject.adoptionDate")),
        (_("In force"), named("instrument.EntryIntoForce")),
        (_("Amends"), named("subject.amends") or _lines(record, "amends")),
        (_("Amended by"), [line(value) for value in _pointing(record, "amends")]),
        (_("Provisions in the graph"), _counted(_pointing(record, "partOf"))),
    )
    more = {"panel": panel, "votes": votes(record)}
    facts = frozenset({*_EVENTS, "subject.symbol", "subject.amends", "subject.adoptionDate", _VOTES})
    return Shown(
        "kinds/document.html", more, facts=facts, properties=frozenset(_INSTRUMENT), unread=frozenset({_VOTES})
    )


def provision(about: About) -> Shown:
    """The page of a provision: what it is a part of, and its neighbours there."""
    record, rows = about.record, about.record.rows("siblings")
    record.found.names.read({"node": row["node"], "label": row["label"]} for row in rows if "label" in row)
    record.found.names.join(record.reader.names_of({row["whole"].value for row in rows}))
    siblings = sorted({row["node"].value for row in rows}, key=lambda iri: words.natural(record.link(iri).text))
    panel = groups(
        (_("Part of"), [line(record.link(iri)) for iri in sorted({row["whole"].value for row in rows})]),
        (_("Number"), _lines(record, "number")),
    )
    more = {"panel": panel, "siblings": [(record.link(iri), iri == record.iri) for iri in siblings]}
    return Shown("kinds/document.html", more, properties=frozenset(_PROVISION))


def document(about: About) -> Shown:
    """The page of any other document; of a source, with what rests on it."""
    record = about.record
    kinds = registers.statements_by_kind(record.reader, record.iri)
    aside = record.rows("set-aside") if kinds else []
    record.found.names.read({"node": row["node"], "label": row["label"]} for row in aside if "label" in row)
    panel = groups(
        (_("Tier"), _lines(record, "sourceTier")),
        (_("Publisher"), _lines(record, "publisher")),
        (_("Issued"), _lines(record, "issued")),
        (_("Read on"), _lines(record, "readOn")),
        (_("How it was read"), _lines(record, "howRead")),
        (_("Licence"), _lines(record, "license")),
        (_("Page"), _lines(record, "page")),
        (_("Statements that rest on it"), [_kind(record, row) for row in kinds]),
        (_("In disagreements"), _disagreements(aside)),
    )
    more = {"panel": panel, "aside": [_aside(record, row) for row in aside[:_FEW]], "aside_more": len(aside) - _FEW}
    return Shown("kinds/document.html", more, properties=frozenset(_SOURCE))


def _lines(record: Record, slot: str) -> list[Fact]:
    return [line(value) for value in properties(record, slot)]


def _pointing(record: Record, slot: str) -> list[Value]:
    found = [iri for name, iris in record.found.incoming.items() if words.local(name) == slot for iri in iris]
    return sorted((record.link(iri) for iri in found), key=lambda value: words.natural(value.text))


def _counted(values: Sequence[Value]) -> list[Fact]:
    if not values:
        return []
    return [line(Value(ngettext("%(num)s provision", "%(num)s provisions", len(values)), "#h-work"))]


def _kind(record: Record, row: Row) -> Fact:
    """How many statements of one class rest on the document."""
    kind, number = row["kind"].value, int(row["n"].value)
    name = words.sentence_case(words.plural(record.reader.term_label(kind), words.local(kind)))
    return line(Value(_(name), record.addresses.href(kind)), wording.number(str(number)))


def _disagreements(rows: Sequence[Row]) -> list[Fact]:
    """How many of its statements were set aside for other sources, or preferred to theirs."""
    aside = sum(words.local(row["rank"].value) == "deprecated" for row in rows)
    preferred = sum(words.local(row["rank"].value) == "preferred" for row in rows)
    said = []
    if aside:
        said.append(
            line(Value(ngettext("%(num)s statement set aside", "%(num)s statements set aside", aside), "#h-aside"))
        )
    if preferred:
        said.append(
            line(Value(ngettext("%(num)s statement preferred", "%(num)s statements preferred", preferred), "#h-aside"))
        )
    return said


def _aside(record: Record, row: Row) -> Fact:
    reason = row["reason"].value if "reason" in row else ""
    fact = line(record.value(Iri(row["node"].value)), note=reason)
    return Fact(fact.main, [], "", [], None, words.local(row["rank"].value), fact.notes)
