"""One line on what an entity is, put together from its own data and from nothing else."""

from collections.abc import Sequence

from migov.store import Literal
from migov.web import wording, words
from migov.web.reader import Node, in_language
from migov.web.record import Record
from migov.web.statements import class_name, is_assertion


def summary(record: Record, numbers: Sequence[str] = (), apart: int = 0) -> str:
    """A sentence on the entity: what it is, then the facts that place it, then how much is known of it.

    ``numbers`` are what its lists say of it, ``apart`` is how many statements they hold.
    """
    node = record.found.entity
    definition = in_language([*node.all("definition"), *node.all("description")])
    if definition:
        return definition.value
    kind = words.sentence_case(record.reader.term_label(record.kind)) if record.kind else "Mentioned in the graph"
    if is_assertion(node):
        return f"{kind}: {_resting(record)}."
    if node.all("locator") and node.all("source"):
        resting = wording.counted(len(record.found.assertions), "statement rests", "statements rest")
        return f"A place in {record.link(node.one('source')).text}; {resting} on it."
    told = [*_placing(record), *numbers]
    if not (told or record.found.assertions or apart):
        meant = record.reader.definition(record.kind) if "/id/record/" in record.iri else ""
        return meant or f"{_published(record, kind)}."
    return ", ".join([kind, *told]) + f"; {_known(record, apart)}."


def _resting(record: Record) -> str:
    documents = [source.document.text for source in record.sources]
    return f"a statement that rests on {wording.listed(documents)}" if documents else "a statement"


def _published(record: Record, kind: str) -> str:
    """What a source is, when it is of, and who published it, as far as its own triples tell."""
    node = record.found.entity
    dated = f", {wording.date(node.one('issued'))}" if node.one("issued") else ""
    by = next((value.value for value in node.all("publisher") if isinstance(value, Literal)), "")
    return f"{kind}{dated}" + (f", {by}" if by else "")


def _known(record: Record, apart: int) -> str:
    statements = wording.counted(len(record.found.assertions) + apart, "statement")
    if apart or not record.sources:
        return statements
    return f"{statements} from {wording.counted(len(record.sources), 'source')}"


def _placing(record: Record) -> list[str]:
    """At most two facts that say where an entity belongs: founded, part of, post held, date."""
    region = record.found.entity.one("region")
    found: dict[str, str] = {"in": f"in {record.link(region).text}"} if region else {}
    for node in sorted(record.found.assertions.values(), key=lambda node: (node.one("date"), node.iri)):
        told = _told(record, node) if words.local(node.one("rank")) != "deprecated" else ""
        if told:
            found.setdefault(told.split(" ")[0], told)  # the first day of a kind: later ones are in the facts
    return list(found.values())[:2]


def _told(record: Record, node: Node) -> str:
    name = class_name(node)
    founding = name == "OrganisationChange" and words.local(node.one("changeType")) == "foundation"
    if founding and _names(record, node, "resultingOrganization") and node.one("date"):
        return f"founded {wording.date(node.one('date'))}"
    if name == "Adoption" and _names(record, node, "adoptedDocument") and node.one("date"):
        return f"adopted {wording.date(node.one('date'))}"
    if name == "EntryIntoForce" and _names(record, node, "instrument") and node.one("date"):
        return f"in force since {wording.date(node.one('date'))}"
    if name == "Composition" and _names(record, node, "part") and node.one("whole"):
        return f"part of {record.link(node.one('whole')).text}"
    if name == "PostTenure" and _names(record, node, "member") and node.one("post"):
        return record.link(node.one("post")).text
    if name == "Claim" and _names(record, node, "subject") and words.local(node.one("predicate")) == "issued":
        values = [value for value in node.all("object") if isinstance(value, Literal)]
        return f"issued {wording.date(values[0].value)}" if values else ""
    return ""


def _names(record: Record, node: Node, slot: str) -> bool:
    return any(value.value == record.iri for value in node.all(slot))
