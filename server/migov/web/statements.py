"""One entity with everything said about it: its own triples, assertions, evidence, and names of all they name."""

from dataclasses import dataclass, field

from migov.errors import NoSuchEntity
from migov.marking import E_
from migov.store import Iri, Literal, Term
from migov.web import words
from migov.web.census import Census
from migov.web.reader import Names, Node, Reader


@dataclass
class Neighbourhood:
    """What ``queries/pages/record.rq`` and ``evidence.rq`` say of an entity, sorted by part."""

    entity: Node
    assertions: dict[str, Node] = field(default_factory=dict)
    evidence: dict[str, Node] = field(default_factory=dict)
    incoming: dict[str, list[str]] = field(default_factory=dict)
    names: Names = field(default_factory=Names)

    def role(self, assertion: Node) -> str:
        """The property by which an assertion mentions the entity: one that it is chiefly about, if any."""
        slots = [p for p, values in assertion.slots.items() if any(_is(v, self.entity.iri) for v in values)]
        owners = view_of(assertion).owners
        return min(slots, key=lambda p: (words.local(p) not in owners, p), default="")


PROV = "http://www.w3.org/ns/prov#"
_DERIVING = "TreatyAction"
"""The class of what the build derives periods from."""
PLACE = {"source", "locator", "paragraph", "quote", "confidence"}


def _is(value: Term, iri: str) -> bool:
    return isinstance(value, Iri) and value.value == iri


def view_of(assertion: Node) -> words.View:
    """How assertions of this one's class read."""
    return next(
        (words.VIEWS[words.local(c)] for c in assertion.classes if words.local(c) in words.VIEWS),
        words.View({}, ()),
    )


def class_name(assertion: Node) -> str:
    """The local name of the class by which an assertion reads, '' for one that no view knows."""
    return next((words.local(c) for c in assertion.classes if words.local(c) in words.VIEWS), "")


def read(reader: Reader, iri: str, known: Census) -> Neighbourhood:
    """Read the neighbourhood of an IRI but for what its census sets apart; NoSuchEntity when there is nothing."""
    found = Neighbourhood(Node(iri))
    for row in reader.about("record", iri, known.pairs):
        role, predicate = row["role"].value, row["p"].value
        if role == "self":
            found.entity.add(predicate, row["o"])
        elif role == "incoming":
            found.incoming.setdefault(predicate, []).append(row["s"].value)
        else:
            subject = row["s"].value
            if subject not in found.assertions:
                found.assertions[subject] = Node(subject)
            found.assertions[subject].add(predicate, row["o"])
    if not (found.entity.slots or found.assertions or found.incoming or known.apart):
        raise NoSuchEntity(E_("The graph says nothing of <%(iri)s>.", iri=iri))
    found.assertions.pop(iri, None)
    for row in reader.about("evidence", iri, known.pairs):
        place = found.evidence.setdefault(row["place"].value, Node(row["place"].value))
        for slot in PLACE & row.keys():
            place.add(slot, row[slot])
    if _DERIVING in {words.local(kind) for kind in found.entity.classes}:
        follows = [row["node"].value for row in reader.rows("follows", entity=Iri(iri))]
        found.incoming |= {f"{PROV}wasDerivedFrom": follows} if follows else {}
    found.names.join(reader.names_of(_named(found)))
    return found


def _named(found: Neighbourhood) -> set[str]:
    """Everything that the page may call by its name."""
    nodes = (found.entity, *found.assertions.values(), *found.evidence.values())
    named = {
        value.value for node in nodes for values in node.slots.values() for value in values if isinstance(value, Iri)
    }
    for node in found.assertions.values():
        named -= {place.value for place in node.all("evidence")}
    named |= {subject for subjects in found.incoming.values() for subject in subjects}
    return named | {found.entity.iri, *found.assertions} | {place.value for place in found.entity.all("evidence")}


def is_assertion(node: Node) -> bool:
    """An assertion is what names evidence."""
    return bool(node.all("evidence"))


def is_date(value: Term) -> bool:
    """Tell literals that hold a year, a month or a day."""
    if not isinstance(value, Literal) or not value.datatype:
        return False
    return words.local(value.datatype) in {"date", "gYear", "gYearMonth"}


def is_number(value: Term) -> bool:
    """Tell literals that hold a figure."""
    if not isinstance(value, Literal) or not value.datatype:
        return False
    return words.local(value.datatype) in {"integer", "decimal", "positiveInteger", "nonNegativeInteger", "double"}
