"""References in the formats that programs for literature read: BibTeX, RIS, CSL-JSON, and one line of plain text.

What is cited is a release, so the date is that of the release; when somebody read a page is for him to add.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from migov.web import wording
from migov.web.language import _

AUTHOR: Final = "migov contributors"
DATASET: Final = "migov: the open, fully sourced knowledge graph of migration governance"
_SHORT: Final = 12
_CONTROL: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_KEY: Final = re.compile(r"[^A-Za-z0-9]+")
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
"""BibTeX counts every brace, even one behind a backslash: so braces go by their names."""
_IN_URLS: Final = ":/?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True)
class Work:
    """What is cited: the dataset, or a record or an answer in it, as one release has it.

    ``day`` is the day that a record was asked about, '' for none; ``issued`` is the day of the release.
    """

    key: str
    title: str
    address: str
    release: str
    issued: str = ""
    day: str = ""
    part: bool = True

    @property
    def full_title(self) -> str:
        """The title on one line, with the day asked about."""
        title = _CONTROL.sub(" ", self.title).strip()
        return _("%(title)s, as it stood on %(date)s", title=title, date=wording.date(self.day)) if self.day else title

    @property
    def edition(self) -> str:
        """The release in words."""
        return _("release %(id)s", id=self.release[:_SHORT])

    @property
    def url(self) -> str:
        """The address with everything in it encoded that could end it somewhere."""
        return quote(self.address, safe=_IN_URLS)


@dataclass(frozen=True)
class Style:
    """One format of references."""

    extension: str
    media_type: str
    label: str
    write: Callable[[Work], str]


def plain(work: Work) -> str:
    """One line for people."""
    title = f"“{work.full_title}”, " if work.part else ""
    dated = f", {wording.date(work.issued)}" if work.issued else ""
    return f"{AUTHOR}, {title}{DATASET}, {work.edition}{dated}, {work.url}\n"


def bibtex(work: Work) -> str:
    """An entry that BibTeX and biblatex both take."""
    fields = {"author": f"{{{_tex(AUTHOR)}}}", "title": f"{{{_tex(work.full_title)}}}"}
    if work.part:
        fields["howpublished"] = f"In: {_tex(DATASET)}"
    if work.issued:
        fields |= {"year": work.issued[:4], "date": work.issued}
    fields |= {"version": work.edition, "url": work.url, "note": f"{work.edition.capitalize()}"}
    key = "-".join(filter(None, ("migov", _KEY.sub("-", work.key).strip("-"), work.day, work.release[:_SHORT])))
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def ris(work: Work) -> str:
    """A record of type DATA; every tag on a line of its own, which no value can leave."""
    lines = [("TY", "DATA"), ("AU", AUTHOR), ("TI", work.full_title)]
    if work.part:
        lines.append(("T2", DATASET))
    if work.issued:
        lines += [("PY", work.issued[:4]), ("DA", work.issued.replace("-", "/"))]
    lines += [("ET", work.edition), ("UR", work.url), ("ER", "")]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def csl(work: Work) -> str:
    """The items of CSL-JSON, one of them, as Zotero, Pandoc and citeproc read them."""
    item: dict[str, object] = {
        "id": "/".join(filter(None, ("migov", work.key, work.day, work.release[:_SHORT]))),
        "type": "dataset",
        "title": work.full_title,
        "author": [{"literal": AUTHOR}],
        "version": work.edition,
        "URL": work.url,
    }
    if work.part:
        item["container-title"] = DATASET
    if work.issued:
        item["issued"] = {"date-parts": [[int(part) for part in work.issued.split("-")]]}
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


STYLES: Final = (
    Style("bib", "application/x-bibtex", "BibTeX", bibtex),
    Style("ris", "application/x-research-info-systems", "RIS", ris),
    Style("json", "application/vnd.citationstyles.csl+json", "CSL-JSON", csl),
    Style("txt", "text/plain", "Text", plain),
)
BY_EXTENSION: Final = {style.extension: style for style in STYLES}
