"""The ontology at a glance, drawn by the server: things, what is said of them, when, in which codes, and who says so.

What stands in a box is read from the ontology, so that a new kind of situation or event appears by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from migov.web.addresses import Addresses
from migov.web.language import N_, _
from migov.web.netlayout import width_of
from migov.web.reader import Reader
from migov.web.words import local

WIDE, NARROW = 870, 380
_LINE, _PAD, _TITLE, _BETWEEN = 20, 12, 27, 13
_THINGS = (
    "State",
    "Territory",
    "org/Organization",
    "IntergovernmentalOrganisation",
    "Organ",
    "TreatyBody",
    "InterAgencyMechanism",
    "ConsultationProcess",
    "org/OrganizationalUnit",
    "org/Post",
    "foaf/Person",
    "foaf/Group",
    "Place",
    "Document",
    "LegalInstrument",
    "Treaty",
    "Provision",
)
_ELSEWHERE = {"org": "http://www.w3.org/ns/org#", "foaf": "http://xmlns.com/foaf/0.1/"}
_SLOTS = {
    "Observation": ("observedEntity", "indicator", "value", "valueQualifier", "unit"),
    "Claim": ("rank", "rankReason"),
    "Evidence": ("source", "locator", "quote", "confidence", "supports", "retrieved"),
}
_WHEN = (
    "startDate",
    "endDate",
    "endStatus",
    "date",
    "asOf",
    "startEarliest",
    "startLatest",
    "endEarliest",
    "endLatest",
)
_ACCOUNT = ("ListCompleteness", "SourceRanking", "ImportRecord", "ImportedTable")


@dataclass(frozen=True)
class Word:
    """A word at its place, with what it leads to."""

    x: float
    y: float
    text: str
    href: str


@dataclass(frozen=True)
class Box:
    """A frame with a heading and words in it."""

    x: float
    y: float
    width: float
    height: float
    title: Word
    words: list[Word]
    style: str


@dataclass(frozen=True)
class Arrow:
    """A line with a head, and what it says."""

    line: str
    x: float
    y: float
    anchor: str
    text: str


@dataclass
class Diagram:
    """What a template draws."""

    name: str
    width: int
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, content: "Content") -> float:
        """Put a box with its words in lines; return where it ends."""
        words, across, line = [], x + _PAD, y + _TITLE + _LINE - 6
        for text, href in content.words:
            room = width_of(text)
            if across > x + _PAD and across + room > x + width - _PAD:
                across, line = x + _PAD, line + _LINE
            words.append(Word(round(across, 1), line, text, href))
            across += room + _BETWEEN
        height = line + _PAD - y if words else _TITLE + 10
        title = Word(x + _PAD, y + 20, content.title, content.href)
        self.boxes.append(Box(x, y, width, height, title, words, content.style))
        self.height = max(self.height, y + height)
        return y + height


@dataclass(frozen=True)
class Content:
    """What stands in a box, before its place is known."""

    title: str
    href: str
    words: Sequence[tuple[str, str]]
    style: str = ""


def pictures(reader: Reader, addresses: Addresses) -> list[Diagram]:
    """The overview for screens of usual width, and for phones."""
    content = _contents(reader, addresses)
    return [_wide(content), _narrow(content)]


def _contents(reader: Reader, addresses: Addresses) -> dict[str, Content]:
    def iri(name: str) -> str:
        prefix, _slash, rest = name.partition("/")
        return _ELSEWHERE[prefix] + rest if rest else f"{reader.base}ontology/{name}"

    def words(names: Sequence[str]) -> list[tuple[str, str]]:
        known = [iri(name) for name in names if iri(name) in reader.terms]
        return [(reader.term_label(one), addresses.href(one) or "") for one in known]

    def below(name: str) -> list[tuple[str, str]]:
        top = iri(name)
        found = [one for one, node in reader.terms.items() if any(v.value == top for v in node.all("subClassOf"))]
        return sorted(words([local(one) for one in found if local(one) not in _ACCOUNT]))

    def term(name: str, inside: Sequence[tuple[str, str]], style: str = "") -> Content:
        return Content(reader.term_label(iri(name)), addresses.href(iri(name)) or "", inside, style)

    def plain(title: str, anchor: str, names: Sequence[str], style: str = "") -> Content:
        return Content(_(title), addresses.link("/page/ontology") + anchor, words(names), style)

    return {
        "things": plain(N_("Things, timeless"), "#h-classes", _THINGS, "thing"),
        "situation": term("Situation", below("Situation"), "said"),
        "event": term("Event", below("Event"), "said"),
        "observation": term("Observation", words(_SLOTS["Observation"]), "said"),
        "claim": term("Claim", words(_SLOTS["Claim"]), "said"),
        "evidence": term("Evidence", words(_SLOTS["Evidence"]), "source"),
        "source": term("Document", words(("sourceTier", "howRead", "readOn")), "source"),
        "when": plain(N_("Time"), "#h-properties", _WHEN),
        "account": plain(N_("How far it goes"), "#h-classes", _ACCOUNT),
        "codes": plain(N_("Codes"), "#code-lists", ("codeList",)),
    }


def _wide(content: dict[str, Content]) -> Diagram:
    made = Diagram("wide", WIDE)
    left, middle, right = (0.5, 214), (282.5, 306), (655.5, 214)
    end = made.box(left[0], 1, left[1], content["things"])
    made.box(left[0], end + 26, left[1], content["codes"])
    y = 1.0
    for name in ("situation", "event", "observation", "claim"):
        y = made.box(middle[0], y, middle[1], content[name]) + 14
    top = made.box(right[0], 1, right[1], content["evidence"])
    source = made.box(right[0], top + 56, right[1], content["source"])
    when = made.box(right[0], source + 26, right[1], content["when"])
    made.box(right[0], when + 26, right[1], content["account"])
    edge, gap = left[0] + left[1], middle[0] + middle[1]
    made.arrows += [
        Arrow(f"M{middle[0]} 60H{edge + 2}", (middle[0] + edge) / 2, 50, "middle", _("is said of")),
        Arrow(f"M{gap} 60H{right[0] - 2}", (gap + right[0]) / 2, 50, "middle", _("rests on")),
        Arrow(f"M{right[0] + 30} {top}V{top + 54}", right[0] + 42, top + 32, "start", _("a place in a source")),
    ]
    made.height += 1
    return made


def _narrow(content: dict[str, Content]) -> Diagram:
    made = Diagram("narrow", NARROW)
    width, x = NARROW - 1, 0.5
    y = made.box(x, 1, width, content["things"])
    made.arrows.append(Arrow(f"M40 {y + 40}V{y + 8}", 52, y + 30, "start", _("is said of")))
    y += 42
    for name in ("situation", "event", "observation", "claim"):
        y = made.box(x, y, width, content[name]) + 10
    y -= 10
    for name, told in (("evidence", _("rests on")), ("source", _("a place in a source"))):
        made.arrows.append(Arrow(f"M40 {y}V{y + 32}", 52, y + 24, "start", told))
        y = made.box(x, y + 42, width, content[name])
    for name in ("when", "account", "codes"):
        y = made.box(x, y + 14, width, content[name])
    made.height += 1
    return made
