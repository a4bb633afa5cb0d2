"""The page about one entity as plain data: facts in groups, numbered sources, figures, names, disagreements."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from migov.store import Iri, Literal, Term
from migov.web import day, wording, words
from migov.web.addresses import Addresses
from migov.web.language import N_, _, collated, pgettext
from migov.web.reader import Made, Node, Reader, Row, is_spoken
from migov.web.statements import Neighbourhood, is_assertion, is_date, is_number

BRIEF = 60
MOST_PASSAGES = 80
FEW = 2
"""So many words are shown of a source without paragraphs, a table say; its own page lists them all."""
_NAMES: Final = (
    ("prefLabel", N_("Name")),
    ("altLabel", N_("Also")),
    ("acronym", N_("Short form")),
    ("hiddenLabel", N_("Search name")),
)
_DATED = ("state", "document", "org")
"""The kinds of things on whose pages a day may be asked about."""
_STATEMENT = re.compile(r"/id/(relation|event|observation|claim|evidence|record)/")
_ASSERTION = re.compile(r"/id/(relation|event|observation|claim)/")


@dataclass(frozen=True)
class Value:
    """Words, with the link and the language they have."""

    text: str
    href: str | None = None
    language: str | None = None
    external: bool = False


@dataclass(frozen=True)
class Detail:
    """A further property of a fact: what, and its values; ``name`` is that of the property itself."""

    label: str
    values: list[Value]
    name: str = ""


@dataclass(frozen=True)
class Mark:
    """A small number behind a fact: that of the document, leading to the paragraph on the same page or to its own.

    ``told`` is what stands there instead of the number, for a range of them.
    """

    number: int
    href: str
    title: str
    told: str = ""


@dataclass(frozen=True)
class Passage:
    """One paragraph of a source with the words read in it, each leading to the page of its evidence."""

    anchor: str
    locator: str
    quotes: list[Value]
    confidence: str


@dataclass(frozen=True)
class Source:
    """A document, under its number, with the passages in it that a page rests on."""

    number: int
    document: Value
    passages: list[Passage]


def other_language(literal: Literal) -> str | None:
    """The language of words that are not in the reader's, to be said where they stand."""
    return None if is_spoken(literal) else literal.language


def said(literal: Literal | None) -> Value:
    """A text of the graph, with its language where that is not the reader's; empty where there is none."""
    return Value(literal.value, language=other_language(literal)) if literal else Value("")


def when(node: Node) -> str:
    """The period or date of an assertion in words; that of a participation is known by its bounds."""
    if any(words.local(kind) == "Participation" for kind in node.classes):
        return _bounded(node)
    spans = [wording.period(node.one("startDate"), node.one("endDate"), words.local(node.one("endStatus")))]
    for slot, told in _MOMENTS:
        spans += [told(value.value) for value in sorted(node.all(slot), key=str)]
    return ", ".join(filter(None, spans))


def _appointed(text: str) -> str:
    said = wording.date(text)
    return (
        pgettext("day", "appointed %(date)s", date=said) if wording.is_day(text) else _("appointed %(date)s", date=said)
    )


def _effective(text: str) -> str:
    said = wording.date(text)
    if wording.is_day(text):
        return pgettext("day", "with effect from %(date)s", date=said)
    return _("with effect from %(date)s", date=said)


_MOMENTS: Final = (
    ("date", wording.date),
    ("asOf", wording.as_of),
    ("appointmentDate", _appointed),
    ("effectiveDate", _effective),
)


def _bounded(node: Node) -> str:
    earliest, latest = node.one("startEarliest"), node.one("startLatest")
    start = wording.between(earliest, latest, wording.date) or _("a day not known")
    whole = earliest == latest and wording.is_day(earliest)  # one day is known
    if node.one("endLatest"):
        end = wording.between(node.one("endEarliest"), node.one("endLatest"), wording.date)
        ends = whole and node.one("endEarliest") == node.one("endLatest")
        both = {"start": start, "end": end}
        return pgettext("day", "%(start)s to %(end)s", **both) if ends else _("%(start)s to %(end)s", **both)
    if words.local(node.one("endStatus")) in {"ended", "ended-unknown-day", "not-known"}:
        if whole:
            return pgettext("day", "from %(date)s, end not known", date=start)
        return _("from %(date)s, end not known", date=start)
    return wording.since(earliest if whole else "", start)


class Record:
    """A neighbourhood put in words and links; every list is in a stable order."""

    def __init__(self, reader: Reader, addresses: Addresses, found: Neighbourhood, on: str = "") -> None:
        """``on`` is the day that a reader asks about, '' for the day of the release; links to things keep it."""
        self.day = on
        self.reader = reader
        self.addresses = addresses
        self.found = found
        self.iri = found.entity.iri
        self._links: dict[tuple[str, int], Value] = {}
        self._kept: dict[str, Any] = {}

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What several parts of the page need, made once."""
        if name not in self._kept:
            self._kept[name] = make()
        made: Made = self._kept[name]
        return made

    def rows(self, query: str) -> list[Row]:
        """The rows of a query about the entity, read once however many parts of the page need them."""
        return self.kept(f"rows of {query}", lambda: self.reader.rows(query, entity=Iri(self.iri)))

    # -- values ---------------------------------------------------------------------------------------------

    def link(self, iri: str, longest: int = 1000) -> Value:
        """A thing by its name, cut where it is longer."""
        if (iri, longest) not in self._links:
            self._links[iri, longest] = self._link(iri, longest)
        return self._links[iri, longest]

    def _link(self, iri: str, longest: int) -> Value:
        name = self.reader.label(iri, self.found.names)
        text = name.value if len(name.value) <= longest else name.value[:longest].rsplit(" ", 1)[0] + " …"
        language = other_language(name)
        href = self.addresses.href(iri)
        if self.day and href and iri.startswith(tuple(f"{self.reader.base}id/{kind}/" for kind in _DATED)):
            href = day.kept(href, self.day)
        return Value(text, href, language, not iri.startswith(self.reader.base))

    def value(self, term: Term) -> Value:
        """Any term in words; an address given as text becomes a link only if it is http(s)."""
        if isinstance(term, Iri):
            return self.link(term.value, BRIEF if _ASSERTION.search(term.value) else 1000)
        if is_date(term):
            return Value(wording.date(term.value))
        if is_number(term):
            return Value(wording.number(term.value))
        if isinstance(term, Literal):
            typed = (term.datatype or "").endswith("#anyURI")
            language = other_language(term)
            return Value(term.value, self.addresses.href(term.value) if typed else None, language, typed)
        return Value(term.value)

    def values(self, terms: Iterable[Term]) -> list[Value]:
        return sorted((self.value(term) for term in terms), key=lambda v: (collated(v.text), v.text))

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
        found = ((_(heading), self.found.entity.all(slot)) for slot, heading in _NAMES)
        return [Detail(heading, self.values(terms)) for heading, terms in found if terms]

    @cached_property
    def properties(self) -> list[Detail]:
        """The plain triples of the entity that identify it or, for an assertion or a place, make it up."""
        hidden = (words.NAMING | words.HIDDEN) - {"wasDerivedFrom"}
        if is_assertion(self.found.entity):
            hidden = hidden | set(words.DATES)
        slots = (
            (self._place_of(predicate), self.reader.term_label(predicate), words.local(predicate), terms)
            for predicate, terms in self.found.entity.slots.items()
            if words.local(predicate) not in hidden
        )
        return [Detail(words.sentence_case(label), self.values(terms), name) for _, label, name, terms in sorted(slots)]

    def _place_of(self, predicate: str) -> int:
        """Where a property stands among those of a statement or record; what tells the copy that was read is last."""
        name = words.local(predicate)
        if name in words.COPY:
            return len(words.FIRST) + 1
        ranked = name in words.FIRST and _STATEMENT.search(self.iri)
        return words.FIRST.index(name) if ranked else len(words.FIRST)

    @cached_property
    def incoming(self) -> list[Detail]:
        """What points to the entity without being an assertion, by property: posts of a body, parts of a text."""
        return [
            Detail(
                _(words.INVERSES.get(words.local(predicate), ""))
                or words.sentence_case(_("%(property)s: of", property=self.reader.term_label(predicate))),
                sorted((self.link(iri) for iri in subjects), key=lambda v: (words.natural(v.text), v.href or "")),
                words.local(predicate),
            )
            for predicate, subjects in sorted(self.found.incoming.items())
        ]

    @cached_property
    def own_marks(self) -> list[Mark]:
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
    def _read(self) -> dict[str, dict[str, list[Node]]]:
        """Evidence by document and paragraph, both in order."""
        grouped: dict[str, dict[str, list[Node]]] = {}
        for node in sorted(self.found.evidence.values(), key=self._place):
            grouped.setdefault(node.one("source"), {}).setdefault(_paragraph(node), []).append(node)
        return grouped

    def _place(self, node: Node) -> tuple[str, str, int, str, str]:
        paragraph = node.one("paragraph")
        number = int(paragraph) if paragraph.isdigit() else 0
        return (self.link(node.one("source")).text, node.one("source"), number, node.one("locator"), node.iri)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {document: number for number, document in enumerate(self._read, 1)}

    @cached_property
    def brief(self) -> bool:
        """Whether the places in sources are too many to stand on the page: then numbers lead to their own pages."""
        return len(self.found.evidence) > MOST_PASSAGES

    @cached_property
    def sources(self) -> list[Source]:
        """Documents, numbered, with their passages in the order of the text."""
        return [
            Source(number, self.link(document), [self._passage(number, *item) for item in self._read[document].items()])
            for document, number in self._numbers.items()
        ]

    def _passage(self, number: int, paragraph: str, nodes: list[Node]) -> Passage:
        grades = {
            self.link(grade).text
            for node in nodes
            if (grade := node.one("confidence")) and words.local(grade) != "high"
        }
        return Passage(
            f"s{number}-{paragraph}",
            nodes[0].one("locator"),
            [self._quote(node) for node in (nodes if paragraph != "p" else nodes[:FEW])],
            ", ".join(sorted(grades)),
        )

    def _quote(self, node: Node) -> Value:
        words_read = next((value for value in node.all("quote")), None)
        shown = other_language(words_read) if isinstance(words_read, Literal) else None
        return Value(words_read.value if words_read else _("the place"), self.addresses.href(node.iri), shown)

    def marks(self, node: Node) -> list[Mark]:
        """The numbers of the sources of an assertion, one for each paragraph."""
        places = [self.found.evidence[e.value] for e in node.all("evidence") if e.value in self.found.evidence]
        found = {}
        for place in sorted(places, key=self._place):
            number, paragraph = self._numbers[place.one("source")], _paragraph(place)
            paragraph = "p" if self.brief else paragraph  # where they are many, one number for each source
            title = (
                _("Source %(number)s, paragraph %(paragraph)s", number=number, paragraph=paragraph[1:])
                if paragraph != "p"
                else _("Source %(number)s", number=number)
            )
            own = self.addresses.href(place.iri) if self.brief else None
            title = "" if own else title  # a page with so many is heavy enough
            if (number, paragraph) in found and self.brief:
                continue
            found[number, paragraph] = Mark(number, own or f"#s{number}-{paragraph}", title)
        return list(found.values())


def _paragraph(node: Node) -> str:
    """The paragraph of a place as a part of an anchor: ``p17``."""
    paragraph = node.one("paragraph")
    return f"p{paragraph}" if paragraph.isdigit() else "p"
