"""The questions of ``queries/library``: each file's header lines say what it asks, its text how."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from migov import resources
from migov.web.reader import Reader

_LAST = 1000
_HEADER = re.compile(r"#\s*(title|about|featured):\s*(.+)")


@dataclass(frozen=True)
class Question:
    """A question with its query; ``path`` runs it on the form page."""

    name: str
    title: str
    about: str
    text: str
    featured: int

    @property
    def path(self) -> str:
        return "/sparql?" + urlencode({"query": self.text})

    @property
    def form_path(self) -> str:
        """Where the query waits in the form, not yet run."""
        return "/sparql?" + urlencode({"example": self.name})


def questions(reader: Reader) -> list[Question]:
    """Every question of the library: the featured ones first, in their order, then the rest by name."""
    folder = resources.default().queries / "library"
    found = [_question(reader, path.stem) for path in folder.glob("*.rq")]
    return sorted(found, key=lambda question: (question.featured, question.name))


def _question(reader: Reader, name: str) -> Question:
    text = reader.text(f"library/{name}.rq")
    header = {match[1]: match[2].strip() for line in text.splitlines() if (match := _HEADER.match(line))}
    body = "\n".join(line for line in text.splitlines() if not _HEADER.match(line)).strip() + "\n"
    return Question(name, header.get("title", name), header.get("about", ""), body, int(header.get("featured", _LAST)))
