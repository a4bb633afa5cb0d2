"""Answers to questions that every server would ask of a release when it starts, found once by the build.

They are the queries of ``queries/pages`` whose head says ``# answered: by the build``; they take no parameter.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from migov.errors import DataError
from migov.graph import threads

_MARK = re.compile(r"^# answered: by the build$", re.MULTILINE)


def write(path: Path, store: Store, queries: Path, rename: Callable[[str], str] = str) -> None:
    """Write the rows of each such query by its name, as SPARQL 1.1 Query Results JSON writes them.

    Rows that the query leaves unordered are sorted. ``rename`` turns an IRI of the store into the one to be answered.
    """
    texts = {query.stem: query.read_text("utf-8") for query in sorted(queries.glob("*.rq"))}
    names = [name for name, text in texts.items() if _MARK.search(text)]
    rows = threads.each(lambda name: _rows(name, texts[name], store, rename), names)
    path.write_text(json.dumps(dict(zip(names, rows, strict=True)), ensure_ascii=False, indent=0), "utf-8")


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
