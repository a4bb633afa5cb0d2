"""Says of each list of members how complete it is, by the words of those who read it: complete, partial, not known."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from migov.record.citing import Cited, as_of
from migov.record.draft import Draft, key, node
from migov.record.evidence import Term
from migov.record.keys import term
from migov.record.tables import Row

FILE = "relations/memberships/lists"
_PARTIAL = re.compile(r"cut off|partial list|only these read|also named|are missing|first page only")
_TOTAL = re.compile(r"(\d+) in total")
_COUNTED = {  # the words by which a list says how many it holds
    "members": re.compile(r"list of (\d+) members"),
    "observers": re.compile(r"list of \d+ members and (\d+) observers"),
}
_LEAST = 6  # fewer rows of one edition are no list
KINDS = {"member": "members", "participant": "members", "observer": "observers"}


@dataclass(frozen=True)
class Told:
    """How complete one list is: whose, of what, for when, by which evidence."""

    body: NamedNode
    kind: str
    as_of: Literal | None
    completeness: str
    cited: tuple[Cited, ...]
    tag: str = ""


def told(group: str, rows: Iterable[tuple[Row, NamedNode, str, Cited]]) -> Iterator[Told]:
    """Yield what is known of the lists of one body: one for each kind of list, source and time."""
    by_list: dict[tuple[NamedNode, str, NamedNode, str], list[tuple[Row, Cited]]] = defaultdict(list)
    for row, body, code, cited in rows:
        if code in KINDS:
            by_list[body, KINDS[code], cited.document, row["as_of"]].append((row, cited))
    for (body, kind, source, moment), those in by_list.items():
        if len(those) > 1:
            notes = [row["note"] for row, _ in those]
            tag = key(source).removeprefix("source-")[:6]
            yield Told(body, kind, as_of(moment), degree(notes, len(those), kind), (those[0][1],), tag)


def editions(rows: Iterable[tuple[Row, NamedNode, str, Cited]]) -> Iterator[Told]:
    """Yield what is known of lists that one edition gives: those whose first and last time of report are the same."""
    by_list: dict[tuple[NamedNode, str, NamedNode, str], list[tuple[Row, Cited]]] = defaultdict(list)
    for row, body, code, cited in rows:
        if code in KINDS and row["observed_from"] and row["observed_from"] == row["observed_to"]:
            by_list[body, KINDS[code], cited.document, row["source"]].append((row, cited))
    for (body, kind, _, _), those in by_list.items():
        if len(those) >= _LEAST:
            row, cited = those[0]
            grade = degree([row["note"] for row, _ in those], len(those), kind)
            yield Told(body, kind, as_of(row["observed_from"]), grade, (cited,), key(cited.document)[-6:])


def degree(notes: Iterable[str], count: int, kind: str) -> str:
    """Return the degree of completeness that notes tell: a total that is met, something missing, or nothing."""
    texts = list(notes)
    if any(_PARTIAL.search(text) for text in texts):
        return "partial"
    totals = {int(match[1]) for text in texts for form in (_TOTAL, _COUNTED[kind]) if (match := form.search(text))}
    return "complete" if totals == {count} else "partial" if totals and max(totals) > count else "unknown"


def state(draft: Draft, one: Told, file: str = FILE) -> None:
    """State how complete a list is."""
    slots: list[tuple[str, Term | None]] = [
        ("mgo:listOf", one.body),
        ("mgo:listKind", term(f"list-kind:{one.kind}")),
        ("mgo:asOf", one.as_of),
        ("mgo:completeness", term(f"completeness:{one.completeness}")),
    ]
    moment = one.as_of.value if one.as_of else ""
    assertion = node("relation", key(one.body), one.kind, "completeness", moment, one.tag)
    draft.state(file, assertion, "mgo:ListCompleteness", slots, one.cited)
