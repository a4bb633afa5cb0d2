"""The questions of ``queries/library`` as their files tell them: head, parameters, and the query with other values."""

import re
from dataclasses import dataclass
from pathlib import Path

from migov import resources

FOLDER = resources.default().queries / "library"
_HEAD = re.compile(r"^# (title|about|group|featured|question|lacks|parameter): (\S.*)$")
TYPES = {"iri": r"[\w-]+:[\w.-]+", "date": r"\d{4}-\d\d-\d\d", "integer": r"-?\d+", "text": r".+"}


@dataclass(frozen=True)
class Parameter:
    """A variable that a reader may bind: its type, the value it has by default, what it may be, and what it means."""

    name: str
    type: str
    default: str
    allowed: str
    help: str


@dataclass(frozen=True)
class Question:
    """One file of the library."""

    name: str
    head: dict[str, str]
    parameters: tuple[Parameter, ...]
    text: str

    def bound(self, values: dict[str, str]) -> str:
        """Return the query with other values for some of its parameters, each as its type is written in SPARQL."""
        text = self.text
        types = {parameter.name: parameter.type for parameter in self.parameters}
        for name, value in values.items():
            text = re.sub(rf"VALUES \?{name} {{ .* }}", f"VALUES ?{name} {{ {written(value, types[name])} }}", text)
        return text


def written(value: str, type: str) -> str:
    """Return a value as a SPARQL term; IRIs are given as prefixed names of the graph."""
    if not re.fullmatch(TYPES[type], value):
        raise ValueError(f"{value!r} is no {type}")
    return {"date": f'"{value}"^^xsd:date', "text": f'"{value}"'}.get(type, value)


def read(path: Path) -> Question:
    """Read a file; ValueError for a line of the head that is of no known kind."""
    head: dict[str, str] = {}
    parameters: list[Parameter] = []
    text = path.read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _HEAD.match(line)
        if match is None:
            raise ValueError(f"{path.name}: {line}")
        if match[1] == "parameter":
            parameters.append(Parameter(*match[2].split(" | ")))
        else:
            head[match[1]] = match[2]
    return Question(path.stem, head, tuple(parameters), text)


QUESTIONS = [read(path) for path in sorted(FOLDER.glob("*.rq"))]
