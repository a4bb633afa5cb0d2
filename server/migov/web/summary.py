"""One line on what an entity is, put together from its own data and from nothing else."""

from collections.abc import Sequence

from migov.store import Literal
from migov.web import wording, words
from migov.web.language import _, ngettext, pgettext
from migov.web.reader import Node, in_language
from migov.web.record import Record, Value, other_language
from migov.web.statements import class_name, is_assertion


def summary(record: Record, numbers: Sequence[str] = (), apart: int = 0) -> Value:
    """A sentence on the entity: what it is, then the facts that place it, then how much is known of it.

    ``numbers`` are what its lists say of it, ``apart`` is how many statements they hold.
    """
    node = record.found.entity
    definition = in_language([*node.all("definition"), *node.all("description")])
    if definition:
        return Value(definition.value, language=other_language(definition))
    kind = words.sentence_case(record.reader.term_label(record.kind)) if record.kind else _("Mentioned in the graph")
    if is_assertion(node):
        return Value(_resting(record, kind))
    if node.all("locator") and node.all("source"):
        return Value(_place(record, node))
    told = [*_placing(record), *numbers]
    if not (told or record.found.assertions or apart):
        meant = record.reader.defined(record.kind) if "/id/record/" in record.iri else None
        return Value(meant.value, language=other_language(meant)) if meant else Value(f"{_published(record, kind)}.")
    return Value(_("%(facts)s; %(known)s.", facts=", ".join([kind, *told]), known=_known(record, apart)))


def _resting(record: Record, kind: str) -> str:
    documents = [source.document.text for source in record.sources]
    if not documents:
        return _("%(kind)s: a statement.", kind=kind)
    return _("%(kind)s: a statement that rests on %(documents)s.", kind=kind, documents=wording.listed(documents))


def _place(record: Record, node: Node) -> str:
    return ngettext(
        "A place in %(document)s; %(num)s statement rests on it.",
        "A place in %(document)s; %(num)s statements rest on it.",
        len(record.found.assertions),
        document=record.link(node.one("source")).text,
    )


def _published(record: Record, kind: str) -> str:
    """What a source is, when it is of, and who published it, as far as its own triples tell."""
    node = record.found.entity
    dated = f", {wording.date(node.one('issued'))}" if node.one("issued") else ""
    by = next((value.value for value in node.all("publisher") if isinstance(value, Literal)), "")
    return f"{kind}{dated}" + (f", {by}" if by else "")


def _known(record: Record, apart: int) -> str:
    count = len(record.found.assertions) + apart
    statements = ngettext("%(num)s statement", "%(num)s statements", count)
    if apart or not record.sources:
        return statements
    sources = ngettext("%(num)s source", "%(num)s sources", len(record.sources))
    return _("%(statements)s from %(sources)s", statements=statements, sources=sources)


def _placing(record: Record) -> list[str]:
    """At most two facts that say where an entity belongs: founded, part of, post held, date."""
    region = record.found.entity.one("region")
    found: dict[str, str] = {"region": _("in %(place)s", place=record.link(region).text)} if region else {}
    for node in sorted(record.found.assertions.values(), key=lambda node: (node.one("date"), node.iri)):
        kind, told = _told(record, node) if words.local(node.one("rank")) != "deprecated" else ("", "")
        if told:
            found.setdefault(kind, told)  # the first day of a kind: later ones are in the facts
    return list(found.values())[:2]


def _told(record: Record, node: Node) -> tuple[str, str]:
    """What an assertion says in a few words, and under which kind of saying."""
    name, day = class_name(node), node.one("date")
    founding = name == "OrganisationChange" and words.local(node.one("changeType")) == "foundation"
    if founding and _names(record, node, "resultingOrganization") and day:
        return "founded", _founded(day)
    if name == "Adoption" and _names(record, node, "adoptedDocument") and day:
        return "adopted", _adopted(day)
    if name == "EntryIntoForce" and _names(record, node, "instrument") and day:
        return "in force", _in_force(day)
    if name == "Composition" and _names(record, node, "part") and node.one("whole"):
        return "part", _("part of %(whole)s", whole=record.link(node.one("whole")).text)
    if name == "PostTenure" and _names(record, node, "member") and node.one("post"):
        return node.one("post"), record.link(node.one("post")).text
    if name == "Claim" and _names(record, node, "subject") and words.local(node.one("predicate")) == "issued":
        values = [value for value in node.all("object") if isinstance(value, Literal)]
        return ("issued", _issued(values[0].value)) if values else ("", "")
    return "", ""


def _founded(day: str) -> str:
    said = wording.date(day)
    return pgettext("day", "founded %(date)s", date=said) if wording.is_day(day) else _("founded %(date)s", date=said)


def _adopted(day: str) -> str:
    said = wording.date(day)
    return pgettext("day", "adopted %(date)s", date=said) if wording.is_day(day) else _("adopted %(date)s", date=said)


def _in_force(day: str) -> str:
    said = wording.date(day)
    if wording.is_day(day):
        return pgettext("day", "in force since %(date)s", date=said)
    return _("in force since %(date)s", date=said)


def _issued(day: str) -> str:
    said = wording.date(day)
    return pgettext("day", "issued %(date)s", date=said) if wording.is_day(day) else _("issued %(date)s", date=said)


def _names(record: Record, node: Node, slot: str) -> bool:
    return any(value.value == record.iri for value in node.all(slot))
