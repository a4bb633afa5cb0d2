"""Answers to questions that every server would ask of a release when it starts, found once by the build.

They are the queries of ``queries/pages`` whose head says ``# answered: by the build``; they take no parameter. Where
it says ``# answered: by the build, for each entity`` they take the IRI of one thing, and are answered for all.
"""

import json
import re
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from migov.errors import DataError
from migov.graph import threads

_MARK = re.compile(r"^# answered: by the build$", re.MULTILINE)
_EACH = re.compile(r"^# answered: by the build, for each entity$", re.MULTILINE)
_SCHEMA = "CREATE TABLE answer (query TEXT, entity TEXT, rows BLOB, PRIMARY KEY (query, entity)) WITHOUT ROWID"


def write(path: Path, store: Store, queries: Path, rename: Callable[[str], str] = str) -> None:
    """Write the rows of each such query by its name, as SPARQL 1.1 Query Results JSON writes them.

    Rows that the query leaves unordered are sorted. ``rename`` turns an IRI of the store into the one to be answered.
    """
    rows = _answered(_MARK, store, queries, rename)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=0), "utf-8")


def write_each(path: Path, store: Store, queries: Path, rename: Callable[[str], str] = str) -> None:
    """Write the rows of each query that is answered for each entity, where they can be looked up by query and entity.

    They hold plain text, '' where a variable is unbound. That a query was answered is written under the entity ''.
    """
    lines = []
    for name, rows in _answered(_EACH, store, queries, rename).items():
        columns = sorted({column for row in rows for column in row} - {"entity"})
        by_entity: dict[str, list[list[str]]] = defaultdict(list)
        for row in rows:
            told = {column: term["value"] for column, term in row.items()}
            by_entity[told.pop("entity")].append([told.get(column, "") for column in columns])
        lines.append((name, "", b""))
        lines += [(name, entity, _packed([columns, *found])) for entity, found in sorted(by_entity.items())]
    with closing(sqlite3.connect(path)) as database:
        database.execute(_SCHEMA)
        database.executemany("INSERT INTO answer VALUES (?, ?, ?)", lines)
        database.commit()
        database.execute("VACUUM")


def look_up(path: Path, query: str, entity: str) -> list[Mapping[str, str]] | None:
    """The rows of a query for one entity, as ``write_each`` wrote them; None where the query was not answered."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        asked = "SELECT entity, rows FROM answer WHERE query = ? AND entity IN ('', ?)"
        found = dict(database.execute(asked, (query, entity)))
    if not found:
        return None
    columns, *rows = json.loads(zlib.decompress(found[entity])) if entity in found else [[]]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _packed(rows: list[list[str]]) -> bytes:
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def _answered(
    mark: re.Pattern[str], store: Store, queries: Path, rename: Callable[[str], str]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of every query whose head has a mark, by its name."""
    texts = {query.stem: query.read_text("utf-8") for query in sorted(queries.glob("*.rq"))}
    names = [name for name, text in texts.items() if mark.search(text)]
    rows = threads.each(lambda name: _rows(name, texts[name], store, rename), names)
    return dict(zip(names, rows, strict=True))


def _rows(name: str, text: str, store: Store, rename: Callable[[str], str]) -> list[dict[str, Any]]:
    found = store.query(text, use_default_graph_as_union=True)
    if not isinstance(found, QuerySolutions):
        del found  # the error goes to another thread, and results of the engine must not
        raise DataError("what the build answers is a SELECT query", file=f"{name}.rq")
    rows: list[dict[str, Any]] = json.loads(found.serialize(format=QueryResultsFormat.JSON) or b"")["results"][
        "bindings"
    ]
    for row in rows:
        for term in row.values():
            if term["type"] == "uri":
                term["value"] = rename(term["value"])
    return rows if "ORDER BY" in text else sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
