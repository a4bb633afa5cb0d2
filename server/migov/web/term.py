"""One term of the ontology as plain data for its page: what it means, where it is used, what is checked, examples."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from migov.errors import LimitExceeded
from migov.store import Iri
from migov.vocabulary import BASE, RDF_TYPE, compact, prefixes
from migov.web import checked, library, specimen, words
from migov.web.addresses import Addresses
from migov.web.language import N_, _, tongue
from migov.web.reader import Node, Reader, Row
from migov.web.record import Detail, Value
from migov.web.terms import Entry, in_languages, is_kind

NAMED = re.compile(r"(?<![\w:/])([a-z][\w-]*):([A-Za-z0-9_](?:[\w./-]*[\w-])?)")
_KINDS = {
    "Class": N_("Class"),
    "ObjectProperty": N_("Property whose values are things"),
    "DatatypeProperty": N_("Property whose values are texts, dates or figures"),
    "AnnotationProperty": N_("Annotation property"),
    "SymmetricProperty": N_("Symmetric property: it reads the same both ways"),
}
_LINKS = (
    (N_("Narrower than"), "subClassOf"),
    (N_("Special case of"), "subPropertyOf"),
    (N_("Never also"), "disjointWith"),
    (N_("Belongs to"), "domain"),
    (N_("Its value is"), "range"),
    (N_("Takes its codes from"), "codeList"),
    (N_("Inverse"), "inverseOf"),
    (N_("Replaced by"), "isReplacedBy"),
    (N_("See also"), "seeAlso"),
    (N_("Same meaning elsewhere"), "exactMatch"),
)


@dataclass(frozen=True)
class Slot:
    """A property on the individuals of a class: how often it is there, and how many values the shapes allow."""

    entry: Entry
    name: str
    count: int
    allowed: str


class Term:
    """What a page says of one term; each part is made when it is asked for."""

    def __init__(self, reader: Reader, addresses: Addresses, node: Node, counts: Mapping[str, int]) -> None:
        self.reader, self.addresses, self.node = reader, addresses, node
        self.iri, self.name = node.iri, words.local(node.iri)
        self.counts = counts
        self.is_class = is_kind(node, {"Class"})

    @property
    def short(self) -> str:
        """The term as queries write it."""
        return self.short_of(self.iri)

    def short_of(self, iri: str) -> str:
        """Any IRI as queries write it."""
        found = compact(iri.replace(self.reader.base, BASE, 1))
        return f"<{iri}>" if "://" in found else found

    @property
    def label(self) -> str:
        return self.reader.term_label(self.iri)

    @property
    def labels(self) -> list[tuple[str, str]]:
        return in_languages(self.node.all("label"))

    @property
    def definition(self) -> Value:
        said = self.reader.defined(self.iri)
        return Value(said.value, language=said.language) if said else Value("")

    @property
    def status(self) -> str:
        return self.node.one("term_status")

    # -- what the ontology says -------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> list[Detail]:
        """What kind of term it is, where it stands among the others, and how it reads from the other end."""
        kinds = [Value(_(_KINDS[kind])) for kind in map(words.local, self.node.classes) if kind in _KINDS]
        found = [Detail(_("Kind of term"), kinds)] if kinds else []
        found += [
            Detail(_(label), self._values(value.value for value in self.node.all(slot) if isinstance(value, Iri)))
            for label, slot in _LINKS
            if any(isinstance(value, Iri) for value in self.node.all(slot))
        ]
        if below := self._below:
            found.append(Detail(_("Wider than"), self._values(below)))
        if backwards := self._backwards:
            found.append(Detail(_("Read from the other end"), [Value(_(text)) for text in backwards]))
        if self.node.one("derived") == "true":
            found.append(Detail(_("Written by"), [Value(_("the build alone, from what sources state"))]))
        return found

    def _values(self, iris: Iterable[str]) -> list[Value]:
        found = [Value(self._label(iri), self.addresses.href(iri)) for iri in iris]
        return sorted(found, key=lambda value: value.text.casefold())

    def _label(self, iri: str) -> str:
        if iri in self.reader.terms:
            return self.reader.term_label(iri)
        found = self.reader.names_of([iri]).of(iri) if iri.startswith(self.reader.base) else None
        return found.value if found else self.short_of(iri).strip("<>")

    @property
    def _below(self) -> list[str]:
        """The terms right below this one."""
        slot = "subClassOf" if self.is_class else "subPropertyOf"
        return [
            iri
            for iri, node in self.reader.terms.items()
            if any(value.value == self.iri for value in node.all(slot)) and iri != self.iri
        ]

    @property
    def _backwards(self) -> list[str]:
        """How pages of what the property points to call it."""
        if self.is_class:
            return []
        headings = [view.owners | view.others for view in words.VIEWS.values()]
        found = [heading[self.name] for heading in headings if heading.get(self.name)]
        return list(dict.fromkeys([*([words.INVERSES[self.name]] if self.name in words.INVERSES else []), *found]))

    @cached_property
    def notes(self) -> list[list[Value]]:
        """Scope and editorial notes; names of things in them are links."""
        texts = sorted(v.value for slot in ("scopeNote", "editorialNote") for v in self.node.all(slot))
        return [self._linked(text) for text in texts]

    @cached_property
    def examples(self) -> list[list[Value]]:
        """What is of this class and what is not, as the ontology says."""
        texts = sorted((v.value for v in self.node.all("example")), key=lambda text: not text.startswith("Yes"))
        return [self._linked(text) for text in texts]

    @cached_property
    def changes(self) -> list[Detail]:
        """When the term came in, and what changed since."""
        found = [(_("Created"), self.node.all("created")), (_("Changed"), self.node.all("changeNote"))]
        return [Detail(label, [Value(value.value) for value in values]) for label, values in found if values]

    def _linked(self, text: str) -> list[Value]:
        """A text in pieces, those that name something of ours as links."""
        pieces, end = [], 0
        for match in NAMED.finditer(text):
            iri = self.named(match)
            if iri:
                pieces += [Value(text[end : match.start()]), Value(match[0], self.addresses.href(iri))]
                end = match.end()
        return [*pieces, Value(text[end:])]

    def iri_of(self, piece: Value) -> str:
        """The IRI of ours that a piece of a text names, '' for none."""
        match = NAMED.fullmatch(piece.text)
        return self.named(match) if match else ""

    def named(self, match: re.Match[str]) -> str:
        """The IRI of ours that a prefixed name in a text stands for, '' for any other."""
        namespace = prefixes(self.reader.base).get(match[1], "")
        return namespace + match[2] if namespace.startswith(self.reader.base) else ""

    # -- where it is used -------------------------------------------------------------------------------------

    @cached_property
    def count(self) -> int:
        """How many individuals the class has of its own, or how many triples the property."""
        if self.is_class:
            return self.counts.get(self.iri, 0)
        if self.reader.is_answered("property-uses"):
            return uses(self.reader).get(self.iri, 0)
        return sum(int(row["n"].value) for row in self._asked("property-count"))

    def _asked(self, query: str) -> list[Row]:
        """The rows of a query about this term, asked once for a release."""
        try:
            return self.reader.once(
                f"{query} {self.iri}", lambda: self.reader.rows(query, entity=Iri(self.iri)), worded=False
            )
        except LimitExceeded:  # a busy store has not told yet: the rest of the page does not wait for it
            return []

    @cached_property
    def pairs(self) -> list[tuple[str, str, int]]:
        """Classes and properties that go together, one of the two being this term, the most frequent first."""
        own, other = ("class", "property") if self.is_class else ("property", "class")
        if self.reader.is_answered("class-properties"):
            rows = self.reader.once("term-properties", lambda: self.reader.rows("class-properties"), worded=False)
            rows = [row for row in rows if row[own].value == self.iri]
        else:
            rows = self._asked("properties-of-class" if self.is_class else "classes-with-property")
        ends = [{own: self.iri, other: row[other].value, "n": row["n"].value} for row in rows]
        found = [(end["class"], end["property"], int(end["n"])) for end in ends if end["property"] != RDF_TYPE]
        return sorted(found, key=lambda pair: (-pair[2], pair))

    @cached_property
    def slots(self) -> list[Slot]:
        """The properties of the individuals of a class, the most used first, then those that none has yet."""
        if not self.is_class:
            return []
        allowed: dict[str, str] = {}
        for one in checked.of_class(self.reader, self.iri):
            if one.path:
                allowed.setdefault(one.path, checked.count(one))
        used = {p: n for _class, p, n in self.pairs}
        order = [*used, *sorted(allowed.keys() - used.keys())]
        return [
            Slot(checked.entry(self.reader, self.addresses, p), self.short_of(p), used.get(p, 0), allowed.get(p, ""))
            for p in order
        ]

    @cached_property
    def places(self) -> list[Entry]:
        """The classes whose individuals have the property, with how often they have it."""
        if self.is_class:
            return []
        return [Entry(self._label(kind), self.addresses.href(kind), n) for kind, _p, n in self.pairs]

    # -- what is checked --------------------------------------------------------------------------------------

    @cached_property
    def rules(self) -> list[checked.Rule]:
        """What the shapes ask: of the individuals of a class, or of the values of a property."""
        found = checked.of_class(self.reader, self.iri) if self.is_class else checked.of_property(self.reader, self.iri)
        return checked.rules(self.reader, self.addresses, found)

    @cached_property
    def queries(self) -> list[checked.Rule]:
        """The checks that go beyond one slot and speak of the term."""
        return checked.rules(self.reader, self.addresses, checked.by_query(self.reader, self.iri))

    # -- examples ---------------------------------------------------------------------------------------------

    @cached_property
    def example(self) -> specimen.Example | None:
        """One thing of the data that is of the class, or that has the property."""
        return self.reader.once(f"example {self.iri}", lambda: specimen.example(self))

    @cached_property
    def query(self) -> str:
        """A query to start from, which finds something wherever the term is used."""
        return specimen.query(self)

    @cached_property
    def questions(self) -> list[Entry]:
        """The questions of the library whose query uses the term."""
        used = re.compile(rf"(?<![\w:]){re.escape(self.short)}(?![\w-])")
        return [
            Entry(_(question.title), self.addresses.link(f"/library/{question.name}"), language=tongue(question.title))
            for question in library.questions(self.reader)
            if used.search(question.body)
        ]


def uses(reader: Reader) -> Mapping[str, int]:
    """How many triples each property has, where the build has counted them: the store would take too long."""
    if not reader.is_answered("property-uses"):
        return {}
    return reader.once(
        "property-uses",
        lambda: {row["p"].value: int(row["n"].value) for row in reader.rows("property-uses")},
        worded=False,
    )


def inherited(rules: Sequence[checked.Rule], own: str | None) -> tuple[list[checked.Rule], list[checked.Rule]]:
    """The rules of a class itself, and those that it has from the classes above it."""
    mine = [rule for rule in rules if rule.target and rule.target.href == own]
    return mine, [rule for rule in rules if rule not in mine]
