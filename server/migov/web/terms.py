"""The ontology and its code lists as plain data for pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from migov.errors import NoSuchEntity
from migov.marking import E_, N_
from migov.store import Iri, Literal, Term
from migov.web import words
from migov.web.addresses import Addresses
from migov.web.language import LANGUAGES, collated
from migov.web.reader import Node, Reader, in_language
from migov.web.record import Value, other_language, said

_CLASS_KINDS = {"Class"}
_PROPERTY_KINDS = {"ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Property"}


@dataclass(frozen=True)
class Entry:
    """A line of a list: its name, where it leads, and a count where there is one."""

    label: str
    href: str | None
    count: int | None = None
    language: str | None = None


@dataclass(frozen=True)
class TermView:
    """One term of the ontology, ready to print."""

    anchor: str
    iri: str
    label: str
    labels: list[tuple[str, str]]
    definition: Value
    notes: list[str]
    examples: list[str]
    links: list[tuple[str, list[Entry]]]
    status: str
    uses: Entry | None

    @property
    def domain(self) -> list[str]:
        """The labels of what a property belongs to."""
        return self._labels("Of")

    @property
    def range(self) -> list[str]:
        """The labels of what the value of a property is."""
        return self._labels("Value")

    def _labels(self, wanted: str) -> list[str]:
        return [entry.label for label, entries in self.links if label == wanted for entry in entries]


@dataclass
class Branch:
    """A class with those right below it."""

    entry: Entry
    below: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """The whole ontology, ready to print."""

    title: Value
    description: Value
    facts: list[tuple[str, str]]
    tree: list[Branch]
    classes: list[TermView]
    properties: list[TermView]
    reused: list[Entry]


@dataclass(frozen=True)
class Code:
    """One code of a list, with its label in each language."""

    notation: str
    href: str | None
    labels: list[tuple[str, str]]
    definition: Value
    broader: list[Entry]


@dataclass(frozen=True)
class CodeList:
    """A code list with its codes."""

    label: str
    definition: Value
    notes: list[str]
    codes: list[Code]


def in_languages(values: Iterable[Term]) -> list[tuple[str, str]]:
    """Language and text of the literals in each of the project's languages."""
    found = {(value.language or "")[:2]: value.value for value in values if isinstance(value, Literal)}
    return [(language, found[language]) for language in LANGUAGES if language in found]


def is_kind(node: Node, kinds: set[str]) -> bool:
    """Tell whether a term is one of these kinds of thing."""
    return any(words.local(kind) in kinds for kind in node.classes)


def book(reader: Reader, addresses: Addresses, counts: Mapping[str, int]) -> Book:
    """The ontology with all its terms in alphabetical order."""
    header = reader.terms.get(reader.base + "ontology/", Node(""))
    own = [
        node for iri, node in reader.terms.items() if iri.startswith(reader.base + "ontology/") and node is not header
    ]
    views = {node.iri: term_view(reader, addresses, node, counts) for node in own}
    classes = [node for node in own if is_kind(node, _CLASS_KINDS)]
    properties = [node for node in own if is_kind(node, _PROPERTY_KINDS)]
    return Book(
        _said(header, "title"),
        _said(header, "description"),
        [(label, header.one(slot)) for label, slot in _HEADER if header.one(slot)],
        tree(reader, addresses),
        [views[node.iri] for node in classes],
        [views[node.iri] for node in properties],
        [
            _entry(reader, iri, iri)
            for iri in sorted(reader.terms)
            if not iri.startswith(reader.base) and addresses.href(iri)
        ],
    )


_HEADER = (
    (N_("Version"), "versionInfo"),
    (N_("Version IRI"), "versionIRI"),
    (N_("Prior version"), "priorVersion"),
    (N_("Preferred prefix"), "preferredNamespacePrefix"),
    (N_("Namespace"), "preferredNamespaceUri"),
    (N_("Modified"), "modified"),
    (N_("Licence"), "license"),
    (N_("Cite as"), "bibliographicCitation"),
)
_LINKS = (
    (N_("Narrower than"), "subClassOf"),
    (N_("Special case of"), "subPropertyOf"),
    (N_("Of"), "domain"),
    (N_("Value"), "range"),
    (N_("Codes from"), "inScheme"),
    (N_("Inverse"), "inverseOf"),
    (N_("Never also"), "disjointWith"),
    (N_("See also"), "seeAlso"),
)


def _text(node: Node, slot: str) -> str:
    found = in_language(node.all(slot))
    return found.value if found else ""


def _entry(reader: Reader, iri: str, href: str | None) -> Entry:
    """A term by its name, with the language where it is not the reader's."""
    name = reader.term_name(iri)
    return Entry(name.value, href, language=other_language(name))


def _said(node: Node, *slots: str) -> Value:
    """The text of the first of these slots that has one."""
    return said(next(filter(None, (in_language(node.all(slot)) for slot in slots)), None))


def term_view(reader: Reader, addresses: Addresses, node: Node, counts: Mapping[str, int]) -> TermView:
    """A term with everything that the ontology says of it."""
    name = words.local(node.iri)
    links = [(label, _entries(reader, addresses, node.all(slot))) for label, slot in _LINKS]
    count = counts.get(node.iri)
    return TermView(
        name,
        node.iri,
        reader.term_label(node.iri),
        in_languages(node.all("label")),
        _said(node, "definition", "comment"),
        sorted(v.value for v in (*node.all("scopeNote"), *node.all("editorialNote")) if isinstance(v, Literal)),
        sorted(value.value for value in node.all("example") if isinstance(value, Literal)),
        [(label, entries) for label, entries in links if entries],
        node.one("term_status"),
        Entry(name, addresses.link(f"/browse/{name}") if is_kind(node, _CLASS_KINDS) else None, count)
        if count
        else None,
    )


def _entries(reader: Reader, addresses: Addresses, values: Iterable[Term]) -> list[Entry]:
    found = [_entry(reader, v.value, addresses.href(v.value)) for v in values if isinstance(v, Iri)]
    return sorted(found, key=lambda entry: collated(entry.label))


def tree(reader: Reader, addresses: Addresses) -> list[Branch]:
    """The classes as a tree; one with two parents stands below each."""
    below: dict[str, list[str]] = {}
    classes = [iri for iri, node in reader.terms.items() if is_kind(node, _CLASS_KINDS)]
    for iri in classes:
        parents = [v.value for v in reader.terms[iri].all("subClassOf") if v.value in reader.terms and v.value != iri]
        for parent in parents or [""]:
            below.setdefault(parent, []).append(iri)

    def grow(parent: str, above: frozenset[str]) -> list[Branch]:
        found = sorted(set(below.get(parent, ())) - above, key=lambda iri: collated(reader.term_label(iri)))
        return [Branch(_entry(reader, iri, addresses.href(iri)), grow(iri, above | {iri})) for iri in found]

    return [branch for branch in grow("", frozenset()) if branch.below or _is_own(branch, addresses)]


def _is_own(branch: Branch, addresses: Addresses) -> bool:
    return (branch.entry.href or "").startswith(addresses.link("/page/"))


def code_list(reader: Reader, addresses: Addresses, iri: str) -> CodeList:
    """A code list; NoSuchEntity when the graph has no such list."""
    nodes: dict[str, Node] = {}
    for row in reader.rows("codes", entity=Iri(iri)):
        concept = row["concept"].value if "concept" in row else iri
        nodes.setdefault(concept, Node(concept)).add(row["p"].value, row["o"])
    scheme = nodes.pop(iri, Node(iri))
    if not (scheme.slots or nodes):
        raise NoSuchEntity(E_("There is no code list <%(iri)s>.", iri=iri))
    return CodeList(
        _text(scheme, "prefLabel") or _text(scheme, "title") or words.local(iri),
        _said(scheme, "definition", "description"),
        sorted(note.value for note in scheme.all("scopeNote")),
        [_code(nodes, addresses, node) for _, node in sorted(nodes.items())],
    )


def _code(nodes: Mapping[str, Node], addresses: Addresses, node: Node) -> Code:
    broader = [Entry(_label(nodes, v.value), addresses.href(v.value)) for v in node.all("broader")]
    return Code(
        node.one("notation") or words.local(node.iri),
        addresses.href(node.iri),
        in_languages(node.all("prefLabel")),
        _said(node, "definition"),
        sorted(broader, key=lambda entry: entry.label),
    )


def _label(nodes: Mapping[str, Node], iri: str) -> str:
    known = in_language(nodes[iri].all("prefLabel")) if iri in nodes else None
    return known.value if known else words.local(iri)
