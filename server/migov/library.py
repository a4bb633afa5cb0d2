"""The questions of ``queries/library``: what the head of each file promises, and its query with other values.

A head is the comment lines that a file begins with, each ``# key: text``; a parameter reads
``# parameter: name | type | default | allowed | help``, and the query binds it in a line ``VALUES ?name { default }``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from migov import queries, resources
from migov.marking import N_

GROUPS: Final = (
    N_("Who is bound"),
    N_("Acts towards treaties"),
    N_("Who belongs"),
    N_("Bodies, mandates and cooperation"),
    N_("People and posts"),
    N_("Documents and names"),
    N_("Figures"),
    N_("Votes and money"),
    N_("Evidence"),
)
TYPES: Final = {"iri": r"[\w-]+:[\w.-]*[\w-]", "date": r"\d{4}-\d\d-\d\d", "integer": r"-?\d+", "text": r"(?s:.+)"}
_HEAD = re.compile(r"^# (title|about|group|featured|question|lacks|chart|parameter): (\S.*)$")
_RANGE = re.compile(r"(\S+) to (\S+)")
_LAST = 1000


@dataclass(frozen=True)
class Parameter:
    """A variable that a reader may bind: its type, the value it has by default, what it may be, and what it means."""

    name: str
    type: str
    default: str
    allowed: str
    help: str

    @property
    def bounds(self) -> tuple[str, str]:
        """The least and the greatest value of a day or number, both as text; ('', '') where there are none."""
        match = _RANGE.fullmatch(self.allowed) if self.type in {"date", "integer"} else None
        if match is None:
            return "", ""
        return match[1], date.today().isoformat() if match[2] == "today" else match[2]


@dataclass(frozen=True)
class Question:
    """One file of the library."""

    name: str
    head: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def title(self) -> str:
        return self.head["title"]

    @property
    def about(self) -> str:
        return self.head.get("about", "")

    @property
    def group(self) -> str:
        return self.head.get("group", "")

    @property
    def lacks(self) -> str:
        """What the graph does not know yet, so that there is no answer; '' where there is one."""
        return self.head.get("lacks", "")

    @property
    def chart(self) -> str:
        """How its answer may be drawn, and after ``|`` what the chart shows; '' where its table is all there is."""
        return self.head.get("chart", "")

    @property
    def caption(self) -> str:
        """What its chart shows; '' where it has none."""
        return self.chart.partition(" | ")[2]

    @property
    def said(self) -> list[str]:
        """The texts of its head that people read, in English."""
        texts = (self.title, self.about, self.lacks, self.caption, *(parameter.help for parameter in self.parameters))
        return [text for text in texts if text]

    @property
    def featured(self) -> int:
        """The place among the featured questions; a high number for the others."""
        return int(self.head.get("featured", _LAST))

    @property
    def body(self) -> str:
        """The query without its head."""
        return "\n".join(line for line in self.text.splitlines() if not _HEAD.match(line)).strip() + "\n"

    def bound(self, values: Mapping[str, str]) -> "Question":
        """Return the question with other values for some of its parameters; ValueError for one not of its type.

        A query may bind a parameter in several places: a sub-select does not see what is bound outside of it.
        """
        text = self.text
        types = {parameter.name: parameter.type for parameter in self.parameters}
        for name, value in values.items():
            line = f"VALUES ?{name} {{ {written(value, types[name])} }}".replace("\\", "\\\\")
            text = re.sub(rf"VALUES \?{name} {{ .* }}$", line, text, flags=re.MULTILINE)
        return Question(self.name, self.head, self.parameters, text)


def written(value: str, type: str) -> str:
    """Return a value as a SPARQL term that cannot be anything else; ValueError when it is not of the type.

    An IRI is given in full or as a prefixed name of the graph.
    """
    if type == "iri" and "://" in value:
        return str(NamedNode(value))
    if not re.fullmatch(TYPES[type], value, re.ASCII if type != "text" else 0):
        raise ValueError(f"{value!r} is no {type}")
    if type == "date":
        date.fromisoformat(value)
    return {"date": f'"{value}"^^xsd:date', "text": str(Literal(value))}.get(type, value)


def names() -> list[str]:
    """The names of all questions, in order."""
    return sorted(path.stem for path in (resources.default().queries / "library").glob("*.rq"))


def read(name: str, text: str) -> Question:
    """Read the text of a file; ValueError for a line of the head that is of no known kind."""
    head: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _HEAD.match(line)
        if match is None:
            raise ValueError(f"{name}.rq: {line}")
        if match[1] == "parameter":
            parameters.append(Parameter(*match[2].split(" | ")))
        else:
            head[match[1]] = match[2]
    return Question(name, head, tuple(parameters), text)


def questions() -> list[Question]:
    """Every question of the library, by name."""
    return [read(name, queries.text(f"library/{name}.rq")) for name in names()]
