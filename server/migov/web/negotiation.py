"""Content negotiation (RFC 9110, sections 12.4 and 12.5) and the one table of media types.

Redirects, ``Link`` headers, the SPARQL endpoint, the service description, the documentation and the tests
all read ``FORMATS``; nothing else in the server spells a media type of a representation.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from migov.marking import N_


@dataclass(frozen=True)
class Format:
    """One representation: the store's key for it, its media type, file extension and name for people.

    ``charset`` tells whether the type takes a charset parameter; ``uri`` is the W3C identifier of the format;
    ``aliases`` are other media types under which clients ask for it.
    """

    key: str
    media_type: str
    extension: str
    label: str
    uri: str = ""
    charset: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The Content-Type to send: with a charset where the type's registration knows one."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type

    @property
    def accepted_as(self) -> tuple[str, ...]:
        """Every media type that this format answers to, its own first."""
        return (self.media_type, *self.aliases)


_W3 = "http://www.w3.org/ns/formats/"

FORMATS: Final[tuple[Format, ...]] = (
    Format("html", "text/html", "html", "HTML", charset=True, aliases=("application/xhtml+xml",)),
    Format(
        "turtle",
        "text/turtle",
        "ttl",
        "Turtle",
        _W3 + "Turtle",
        True,
        ("application/x-turtle", "application/turtle", "text/n3"),
    ),
    Format("jsonld", "application/ld+json", "jsonld", "JSON-LD", _W3 + "JSON-LD", aliases=("application/json",)),
    Format("rdfxml", "application/rdf+xml", "rdf", "RDF/XML", _W3 + "RDF_XML"),
    Format("ntriples", "application/n-triples", "nt", "N-Triples", _W3 + "N-Triples", aliases=("text/plain",)),
    Format("trig", "application/trig", "trig", "TriG", _W3 + "TriG", aliases=("application/x-trig",)),
    Format("nquads", "application/n-quads", "nq", "N-Quads", _W3 + "N-Quads"),
    Format(
        "json",
        "application/sparql-results+json",
        "srj",
        "SPARQL JSON",
        _W3 + "SPARQL_Results_JSON",
        aliases=("application/json",),
    ),
    Format(
        "xml",
        "application/sparql-results+xml",
        "srx",
        "SPARQL XML",
        _W3 + "SPARQL_Results_XML",
        aliases=("application/xml", "text/xml"),
    ),
    Format("csv", "text/csv", "csv", "CSV", _W3 + "SPARQL_Results_CSV", True),
    Format("tsv", "text/tab-separated-values", "tsv", "TSV", _W3 + "SPARQL_Results_TSV", True),
    Format("spreadsheet", "text/csv", "csv", N_("CSV for spreadsheets"), charset=True),
    Format("problem", "application/problem+json", "json", N_("Problem details"), aliases=("application/json",)),
    Format("plainjson", "application/json", "json", "JSON"),
    Format("gexf", "application/gexf+xml", "gexf", "GEXF"),
    Format("graphml", "application/graphml+xml", "graphml", "GraphML"),
)

BY_KEY: Final = {form.key: form for form in FORMATS}
HTML: Final = BY_KEY["html"]
PROBLEM: Final = BY_KEY["problem"]
JSON: Final = BY_KEY["plainjson"]
SPREADSHEET: Final = BY_KEY["spreadsheet"]
"""Given only to who asks by name: it is made for people, and no W3C format."""


def _family(*keys: str) -> tuple[Format, ...]:
    return tuple(BY_KEY[key] for key in keys)


GRAPH_FORMATS: Final = _family("turtle", "jsonld", "rdfxml", "ntriples", "trig", "nquads")
BINDINGS_FORMATS: Final = _family("json", "xml", "csv", "tsv")
BOOLEAN_FORMATS: Final = _family("json", "xml")
NETWORK_FORMATS: Final = _family("gexf", "graphml")
"""For networks, by name only: files for tools that draw and measure graphs."""
BY_EXTENSION: Final = {form.extension: form for form in GRAPH_FORMATS}

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:({_TOKEN})|"((?:[^"\\]|\\.)*)")\s*')
_RANGE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*")
_PARTS = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)*')
_USUAL = 300  # characters; what is longer is not remembered
_BY_NAME = 3  # the least precedence of a range that names a type in full
_WEIGHT = re.compile(r"(?:0(?:\.\d*)?|1(?:\.0*)?)\Z")


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept header: ``kind/subkind``, its weight, and whether it carried parameters."""

    kind: str
    subkind: str
    weight: float
    qualified: bool

    def precedence(self, media_type: str) -> int:
        """How closely this range fits (RFC 9110, 12.5.1): 0 not at all, 4 exactly.

        None of our representations carries a parameter of its own, so a range with parameters only counts
        where no plain range of the same type is there.
        """
        kind, _, subkind = media_type.partition("/")
        if self.kind == "*":
            return 1 if self.subkind == "*" else 0
        if self.kind != kind:
            return 0
        if self.subkind == "*":
            return 2
        if self.subkind != subkind:
            return 0
        return 3 if self.qualified else 4


def _parse_element(element: str) -> MediaRange | None:
    parts = [part for part in _PARTS.findall(element) if part.strip()]
    matched = _RANGE.fullmatch(parts[0]) if parts else None
    if matched is None:
        return None
    weight, qualified = 1.0, False
    for part in parts[1:]:
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None:
            return None
        name, value = parameter[1].lower(), parameter[2] or parameter[3] or ""
        if name == "q":
            if not _WEIGHT.match(value):
                return None
            weight = float(value)
        elif (name, value.lower()) != ("charset", "utf-8"):
            qualified = True
    return MediaRange(matched[1].lower(), matched[2].lower(), weight, qualified)


def parse_accept(header: str | None) -> list[MediaRange]:
    """Read an Accept header; elements that break the grammar are passed over.

    A missing header, an empty one and one with no readable element all mean ``*/*``.
    """
    elements = (_parse_element(element) for element in _ELEMENT.findall(header or ""))
    ranges = [element for element in elements if element]
    return ranges or [MediaRange("*", "*", 1.0, False)]


def weight_of(form: Format, ranges: Sequence[MediaRange]) -> float:
    """The weight that a client gives a format: that of its most specific matching range, 0 for none."""
    best, weight = 0, 0.0
    for media_type in form.accepted_as:
        for element in ranges:
            fit = element.precedence(media_type)
            if media_type != form.media_type and fit < _BY_NAME:
                continue  # an alias is not what we send, so a wildcard cannot mean it
            if fit > best or (fit == best and fit and element.weight > weight):
                best, weight = fit, element.weight
        if best >= _BY_NAME:  # the type's own name was given: its aliases say nothing more
            break
    return weight


def choose(header: str | None, offered: Iterable[Format]) -> Format | None:
    """The offered format that the client likes best; None if none fits.

    Between equals one that is wanted as much by its own type goes before one wanted by an alias only (a browser on
    a text terminal that takes text/html and text/plain does not think of N-Triples); then the order offered decides.
    """
    usual = len(header or "") <= _USUAL
    return _remembered(header, tuple(offered)) if usual else _chosen(header, tuple(offered))


def _chosen(header: str | None, offered: tuple[Format, ...]) -> Format | None:
    ranges = parse_accept(header)
    weighed = [(weight_of(form, ranges), form) for form in offered]
    best = max((weight for weight, _ in weighed), default=0.0)
    equals = [form for weight, form in weighed if weight == best > 0]
    own = (form for form in equals if weight_of(replace(form, aliases=()), ranges) == best)
    return next(own, equals[0] if equals else None)


_remembered = lru_cache(maxsize=1024)(_chosen)  # clients send few headers, and each several times


def kept_as(header: str) -> str:
    """What answers are kept by: an Accept header, or the type of pages for whoever likes them best of all there is."""
    return header if len(header) > _USUAL else _kept_as(header)


@lru_cache(maxsize=1024)
def _kept_as(header: str) -> str:
    ranges = parse_accept(header)
    weight = weight_of(HTML, ranges)
    best = all(weight_of(form, ranges) < weight for form in FORMATS if form is not HTML)
    return HTML.media_type if best else header
