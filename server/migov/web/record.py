"""The page about one entity as plain data: facts in groups, numbered sources, figures, names, disagreements."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from migov.store import Iri, Literal, Term
from migov.web import wording, words
from migov.web.addresses import Addresses
from migov.web.reader import Node, Reader
from migov.web.statements import Neighbourhood, is_assertion, is_date, is_number


@dataclass(frozen=True)
class Value:
    """Words, with the link and the language they have."""

    text: str
    href: str | None = None
    language: str | None = None
    external: bool = False


@dataclass(frozen=True)
class Detail:
    """A further property of a fact: what, and its values."""

    label: str
    values: list[Value]


@dataclass(frozen=True)
class Spot:
    """One place in a source, under its number."""

    number: int
    locator: str
    quote: Literal | None
    confidence: str
    href: str | None


@dataclass(frozen=True)
class Source:
    """A document with the places in it that a page rests on."""

    document: Value
    places: list[Spot]


def when(node: Node) -> str:
    """The period or date of an assertion in words."""
    spans = [wording.period(node.one("startDate"), node.one("endDate"), words.local(node.one("endStatus")))]
    for slot, before in words.MOMENTS:
        spans += [before + wording.date(value.value) for value in sorted(node.all(slot), key=str)]
    return ", ".join(filter(None, spans))


class Record:
    """A neighbourhood put in words and links; every list is in a stable order."""

    def __init__(self, reader: Reader, addresses: Addresses, found: Neighbourhood) -> None:
        self.reader = reader
        self.addresses = addresses
        self.found = found
        self.iri = found.entity.iri

    # -- values ---------------------------------------------------------------------------------------------

    def link(self, iri: str) -> Value:
        """A thing by its name."""
        name = self.reader.label(iri, self.found.names)
        language = name.language if name.language and not name.language.startswith("en") else None
        return Value(name.value, self.addresses.href(iri), language, not iri.startswith(self.reader.base))

    def value(self, term: Term) -> Value:
        """Any term in words; an address given as text becomes a link only if it is http(s)."""
        if isinstance(term, Iri):
            return self.link(term.value)
        if is_date(term):
            return Value(wording.date(term.value))
        if is_number(term):
            return Value(wording.number(term.value))
        if isinstance(term, Literal):
            typed = (term.datatype or "").endswith("#anyURI")
            language = term.language if term.language and not term.language.startswith("en") else None
            return Value(term.value, self.addresses.href(term.value) if typed else None, language, typed)
        return Value(term.value)

    def values(self, terms: Iterable[Term]) -> list[Value]:
        return sorted((self.value(term) for term in terms), key=lambda v: (v.text.casefold(), v.text))

    # -- what the page is about -----------------------------------------------------------------------------

    @cached_property
    def title(self) -> Value:
        return self.link(self.iri)

    @cached_property
    def kind(self) -> str:
        """The class that the entity reads by."""
        return self.reader.main_class(self.found.entity.classes)

    @cached_property
    def tags(self) -> list[Value]:
        """The classes of the entity, the telling one first."""
        classes = sorted(self.found.entity.classes, key=lambda iri: (iri != self.kind, iri))
        return [
            Value(words.sentence_case(self.reader.term_label(iri)), self.addresses.link("/browse/" + words.local(iri)))
            for iri in classes
        ]

    @cached_property
    def names(self) -> list[Detail]:
        """Every label and short form in every language."""
        kinds = (("prefLabel", "Name"), ("altLabel", "Also"), ("acronym", "Short form"), ("hiddenLabel", "Search name"))
        found = ((heading, self.found.entity.all(slot)) for slot, heading in kinds)
        return [Detail(heading, self.values(terms)) for heading, terms in found if terms]

    @cached_property
    def properties(self) -> list[Detail]:
        """The plain triples of the entity that identify it or, for an assertion or a place, make it up."""
        hidden = words.NAMING | words.HIDDEN
        if is_assertion(self.found.entity):
            hidden = hidden | set(words.DATES)
        slots = (
            (self.reader.term_label(predicate), terms)
            for predicate, terms in self.found.entity.slots.items()
            if words.local(predicate) not in hidden
        )
        return [Detail(words.sentence_case(label), self.values(terms)) for label, terms in sorted(slots)]

    @cached_property
    def incoming(self) -> list[Detail]:
        """What points to the entity without being an assertion, by property: posts of a body, parts of a text."""
        return [
            Detail(
                words.INVERSES.get(words.local(predicate))
                or words.sentence_case(f"{self.reader.term_label(predicate)}: of"),
                sorted((self.link(iri) for iri in subjects), key=lambda v: (v.text.casefold(), v.href or "")),
            )
            for predicate, subjects in sorted(self.found.incoming.items())
        ]

    @cached_property
    def own_marks(self) -> list[int]:
        """The numbers of the sources of the entity, where it is an assertion itself."""
        return self.marks(self.found.entity)

    @cached_property
    def own_when(self) -> str:
        """The period or date of the entity in words, where it is an assertion itself."""
        return when(self.found.entity)

    @cached_property
    def notes(self) -> list[str]:
        """Editorial notes, and the reason for a rank, of the entity itself."""
        node = self.found.entity
        return [note.value for note in (*node.all("rankReason"), *node.all("editorialNote"))]

    # -- sources --------------------------------------------------------------------------------------------

    @cached_property
    def _ordered(self) -> list[tuple[Value, Node]]:
        pairs = [(self.link(node.one("source")), node) for node in self.found.evidence.values()]

        def order(pair: tuple[Value, Node]) -> tuple[str, int, str, str]:
            document, node = pair
            paragraph = node.one("paragraph")
            return (document.text, int(paragraph) if paragraph.isdigit() else 0, node.one("locator"), node.iri)

        return sorted(pairs, key=order)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each place in a source, in the order of documents and paragraphs."""
        return {node.iri: number for number, (_, node) in enumerate(self._ordered, 1)}

    @cached_property
    def sources(self) -> list[Source]:
        """Documents with their places, numbered through."""
        grouped: dict[Value, list[Spot]] = {}
        for document, node in self._ordered:
            quote = next((q for q in node.all("quote") if isinstance(q, Literal)), None)
            grouped.setdefault(document, []).append(
                Spot(
                    self.numbers[node.iri],
                    node.one("locator"),
                    quote,
                    self.link(node.one("confidence")).text if node.one("confidence") else "",
                    self.addresses.href(node.iri),
                )
            )
        return [Source(document, places) for document, places in grouped.items()]

    def marks(self, node: Node) -> list[int]:
        """The numbers of the sources of an assertion."""
        return sorted(self.numbers[e.value] for e in node.all("evidence") if e.value in self.numbers)
