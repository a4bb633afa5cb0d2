"""Gathers the assertions of one import and merges them with those kept by hand: one relation, one node.

Files in the folders of ``graphs/`` themselves are kept by hand, files in their subfolders are made by imports. An
assertion that is there already only gains evidence; what it says is never changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from migov.record.citing import Cited
from migov.record.context import Context
from migov.record.evidence import Term, claim, triples
from migov.record.keys import slug, term
from migov.vocabulary import ID, RDF_TYPE

Slots = Sequence[tuple[str, Term | None]]
EVIDENCE = "mgo:evidence"


def node(kind: str, *parts: str) -> NamedNode:
    """Return the IRI of an assertion from the keys of what takes part; States keep their capitals."""
    keys = [part if part.isupper() and len(part) == 3 else slug(part) for part in parts if part]
    return NamedNode(f"{ID}{kind}/{'-'.join(keys)}")


def key(entity: NamedNode) -> str:
    """Return the last part of an IRI."""
    return entity.value.rpartition("/")[2]


class Draft:
    """The assertions of an import, by file, over those that are kept by hand."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.stated: set[NamedNode] = set()
        self._said: dict[str, set[Triple]] = defaultdict(set)
        self._kept: dict[NamedNode, set[tuple[NamedNode, Term]]] = defaultdict(set)
        self._kinds: dict[Term, set[NamedNode]] = defaultdict(set)
        for name in context.files.named("relations/*"):
            for triple in context.files.read(name):
                subject, value = triple.subject, triple.object
                if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                    self._kept[subject].add((triple.predicate, value))
                    if triple.predicate.value == RDF_TYPE:
                        self._kinds[value].add(subject)

    def found(self, kind: str, slots: Slots) -> NamedNode | None:
        """Return the assertion kept by hand that is of a kind and has all these slots, or None."""
        wanted = {(term(slot), value) for slot, value in slots if value is not None}
        return min((n for n in self._kinds[term(kind)] if wanted <= self._kept[n]), key=str, default=None)

    def value(self, assertion: NamedNode, slot: str) -> Term | None:
        """Return a value that an assertion kept by hand has for a slot."""
        about = term(slot)
        return next((value for predicate, value in sorted(self._kept[assertion], key=str) if predicate == about), None)

    def by_hand(self, assertion: NamedNode) -> bool:
        """Tell whether an assertion is kept by hand."""
        return assertion in self._kept

    def state(self, file: str, assertion: NamedNode, kind: str, slots: Slots, cited: Iterable[Cited]) -> NamedNode:
        """State an assertion, or only add evidence to it when it is kept by hand or stated before; return it."""
        said = list(slots) if assertion not in self._kept and assertion not in self.stated else []
        self.stated.add(assertion)
        made = triples(assertion, kind, said) if said else []
        self.add(file, [*made, *self.support(assertion, cited)])
        return assertion

    def support(self, assertion: NamedNode, cited: Iterable[Cited]) -> list[Triple]:
        """Return the links from an assertion to its evidence, and note what rests on each source."""
        links = []
        for one in cited:
            links.append(Triple(assertion, term(EVIDENCE), one.node))
            self._context.ledger.made(one.document, assertions=(assertion,))
        return links

    def claim(self, file: str, subject: NamedNode, predicate: str, value: Term, cited: Sequence[Cited]) -> None:
        """State one plain fact about an entity."""
        self.dispute(file, claim(subject, predicate, value, [one.node for one in cited]), cited)

    def dispute(self, file: str, made: Sequence[Triple], cited: Iterable[Cited]) -> None:
        """Take in a claim and note what it rests on."""
        self.add(file, made)
        nodes = tuple({triple.subject for triple in made if isinstance(triple.subject, NamedNode)})
        for one in cited:
            self._context.ledger.made(one.document, assertions=nodes)

    def add(self, file: str, made: Iterable[Triple]) -> None:
        """Put triples into a file of this import."""
        self._said[file].update(made)

    def save(self, folder: str) -> None:
        """Make the files of this import, which lie in ``folder`` or are named whole, say just what was drafted."""
        for name in {*self._context.files.named(f"{folder}/*"), *self._said}:
            self._context.files.replace(name, self._united(self._said.get(name, set())))

    def _united(self, said: set[Triple]) -> set[Triple]:
        """Make one claim of those that say the same: it has the evidence of all, and the name its first one gives."""
        slots: dict[NamedNode, set[tuple[NamedNode, object]]] = defaultdict(set)
        for triple in said:
            if isinstance(triple.subject, NamedNode) and "/id/claim/" in triple.subject.value:
                slots[triple.subject].add((triple.predicate, triple.object))
        alike: dict[frozenset[tuple[NamedNode, object]], list[NamedNode]] = defaultdict(list)
        about = term(EVIDENCE)
        for claimed in sorted(slots, key=lambda one: min(str(o) for p, o in slots[one] if p == about)):
            alike[frozenset(slot for slot in slots[claimed] if slot[0] != about)].append(claimed)
        first: dict[object, NamedNode] = {}
        for one, *others in alike.values():
            for other in others:
                first[other] = one
                self._context.ledger.united(other, one)
        return {Triple(first[t.subject], t.predicate, t.object) if t.subject in first else t for t in said}
