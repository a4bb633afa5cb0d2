"""Tables that many pages read a few rows of: tenures, parts of organisations, memberships, figures.

The build answers each whole, and here it is looked up: a query with many OPTIONAL parts costs more for one large
organisation than all other queries of its page. In a release without the answers the store is asked for one thing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from migov.store import Iri
from migov.web.reader import Reader, Row

Index = Mapping[str, Sequence[Row]]

_TABLES: Final = {  # by query, the columns by which its rows are looked up
    "tenures": ("person", "post", "org"),
    "compositions": ("whole", "part"),
    "all-memberships": ("member", "org"),
    "all-figures": ("entity",),
    "constitutions": ("org",),
    "name-uses": ("named",),
    "statements-by-kind": ("document",),
}

_WALKED: Final = "compositions"
"""A page looks this up for many things, one after the other, so it is always read whole; it is small."""


def tenures(reader: Reader, column: str, iri: str) -> Sequence[Row]:
    """The tenures of a ``person``, of a ``post``, or in an ``org``, by post and first day."""
    return _rows(reader, "tenures", column, iri)


def compositions(reader: Reader, column: str, iri: str) -> Sequence[Row]:
    """What tells that something is a ``part``, or that it is the ``whole`` of parts."""
    return _rows(reader, "compositions", column, iri)


def memberships(reader: Reader, column: str, iri: str) -> Sequence[Row]:
    """The memberships of a ``member``, or in an ``org``, by first day."""
    return _rows(reader, "all-memberships", column, iri)


def figures(reader: Reader, iri: str) -> Sequence[Row]:
    """The figures about an entity that are not broken down by country."""
    return _rows(reader, "all-figures", "entity", iri)


def constitutions(reader: Reader, iri: str) -> Sequence[Row]:
    """What constitutes an organisation, a row for each day of its adoption and entry into force."""
    return _rows(reader, "constitutions", "org", iri)


def name_uses(reader: Reader, iri: str) -> Sequence[Row]:
    """The names of something of which at least one has a date, by first day; none for what has no dated name."""
    return _rows(reader, "name-uses", "named", iri)


def statements_by_kind(reader: Reader, iri: str) -> Sequence[Row]:
    """How many statements of which class rest on a source document, the most first."""
    return _rows(reader, "statements-by-kind", "document", iri)


def _rows(reader: Reader, query: str, column: str, iri: str) -> Sequence[Row]:
    if not reader.answers(query) and query != _WALKED:
        return reader.rows(query, **{column: Iri(iri)})
    return reader.once(f"register {query}", lambda: _indexed(reader, query), worded=False)[column].get(iri, ())


def _indexed(reader: Reader, query: str) -> Mapping[str, Index]:
    found: dict[str, dict[str, list[Row]]] = {column: defaultdict(list) for column in _TABLES[query]}
    for row in reader.rows(query):
        for column, index in found.items():
            if column in row:
                index[row[column].value].append(row)
    return found
