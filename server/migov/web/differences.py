"""Where sources differ, over the whole graph: every value that stands beside another, with its sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migov.store import Term
from migov.web import wording, words
from migov.web.language import collated
from migov.web.reader import Node, Row
from migov.web.record import Record, Value
from migov.web.site import Site
from migov.web.statements import Neighbourhood

_Key = tuple[str, ...]
Groups = Sequence[tuple[_Key, list["_Said"]]]


@dataclass(frozen=True)
class Version:
    """One of the values given: what is said, by which documents, how it is ranked and why."""

    value: Value
    href: str | None
    sources: list[Value]
    rank: str
    reason: str


@dataclass(frozen=True)
class Difference:
    """A thing, a property or indicator, its circumstances, and the values that sources give."""

    subject: Value
    matter: str
    circumstances: list[Value]
    versions: list[Version]


@dataclass(frozen=True)
class _Said:
    """One value as read: the assertion that gives it, or for a value of an assertion that assertion itself."""

    node: str
    value: Term
    rank: str = ""
    reason: str = ""


def keys(here: Site) -> tuple[Groups, Groups]:
    """Every matter on which claims differ, then every one on which figures of one time differ; both in order."""
    claims, figures = here.reader.rows("rival-claims"), here.reader.rows("rival-figures")
    return _grouped(claims, ()), _grouped(figures, ("asOf", "country"))


def _grouped(rows: Iterable[Row], further: Sequence[str]) -> Groups:
    groups: dict[_Key, dict[tuple[str, str], _Said]] = defaultdict(dict)
    for row in rows:
        key = (_text(row, "subject"), _text(row, "predicate"), *(_text(row, name) for name in further))
        node, value = row["node"].value, row["object"]
        if "stated" in row:
            groups[key].setdefault((row["subject"].value, ""), _Said(row["subject"].value, row["stated"]))
        groups[key][node, value.value] = _Said(node, value, words.local(_text(row, "rank")), _text(row, "reason"))
    return [(key, list(said.values())) for key, said in groups.items()]


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def shown(here: Site, groups: Groups) -> list[Difference]:
    """Some of the groups in words, with the documents behind each value."""
    said = [one for _, group in groups for one in group]
    sources: dict[str, dict[str, None]] = defaultdict(dict)
    for row in here.reader.rows_of("sources-of", {one.node for one in said}):
        sources[row["node"].value][row["source"].value] = None
    named = {one.value.value for one in said} | {iri for key, _ in groups for iri in key}
    named |= {document for documents in sources.values() for document in documents}
    teller = Record(here.reader, here.addresses, Neighbourhood(Node(""), names=here.reader.names_of(named)))
    return [_difference(teller, key, group, sources) for key, group in groups]


def _difference(teller: Record, key: _Key, group: Sequence[_Said], sources: dict[str, dict[str, None]]) -> Difference:
    subject, predicate, *further = key
    versions = [
        Version(
            teller.value(one.value),
            teller.addresses.href(one.node),
            sorted((teller.link(document) for document in sources[one.node]), key=lambda value: collated(value.text)),
            one.rank,
            one.reason,
        )
        for one in group
    ]
    circumstances = [teller.link(text) if text.startswith("http") else _moment(text) for text in further if text]
    matter = words.sentence_case(teller.link(predicate).text)
    return Difference(teller.link(subject), matter, circumstances, versions)


def _moment(text: str) -> Value:
    return Value(wording.as_of(text))
