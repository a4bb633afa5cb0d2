"""Run one query on a loaded graph, with no thought of limits of time and memory: the child's kernel sees to those."""

import re
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from migov import errors
from migov.store import bind, formats, guard, syntax
from migov.store.dataset import seen
from migov.store.interface import Answer, Dataset, Kind
from migov.store.load import Graph
from migov.store.terms import Term

_PREFIX = re.compile(r"(?<![\w-])([A-Za-z][\w-]*+):")
_Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_FEDERATION = "Federation is off: SERVICE is not answered here, SILENT or not."


def evaluate(
    graph: Graph,
    text: str,
    accepted: Mapping[Kind, str | None],
    *,
    dataset: Dataset,
    base: str | None = None,
    bindings: Mapping[str, Term],
    result_bytes: int,
    prefixes: Mapping[str, str],
) -> Answer:
    """Answer a query as ``Store.query`` promises."""
    guard.check(text)
    declared = {prefix: prefixes[prefix] for prefix in set(_PREFIX.findall(text)) if prefix in prefixes}
    if guard.has_word(text, "service"):  # only to say so well: the kernel sees to it that no socket is opened
        raise errors.QueryRefused(_FEDERATION)
    given = bind.substitutions(bindings)
    try:
        store, options = seen(graph, text, dataset, declared, base)

        def run() -> _Result:
            if given:
                return bind.query(store, text, given, prefixes=declared, base_iri=base, **options)
            return store.query(text, prefixes=declared, base_iri=base, **options)

        return _write(run, accepted, result_bytes, prefixes)
    except SyntaxError:
        raise syntax.explain(text, declared, base, prefixes) from None
    except RuntimeError as error:
        raise _unusable(text, str(error)) from None
    except OSError as error:
        if graph.folder:
            raise errors.StoreUnavailable(f"The index on disk cannot be read: {error.strerror or error}.") from None
        # The graph is in memory, so only an attempt to fetch ends here.
        raise errors.QueryRefused(_FEDERATION) from None


def _write(
    run: Callable[[], _Result], accepted: Mapping[Kind, str | None], result_bytes: int, prefixes: Mapping[str, str]
) -> Answer:
    result = run()
    if isinstance(result, ox.QueryTriples):
        key = _chosen("graph", accepted)
        return Answer("graph", key, formats.write_graph(result, key, result_bytes, prefixes))
    kind: Kind = "boolean" if isinstance(result, ox.QueryBoolean) else "bindings"
    key = _chosen(kind, accepted)
    columns = len(result.variables) if isinstance(result, ox.QuerySolutions) else 0
    body = formats.write_solutions(result, key, result_bytes)
    if key == "csv" and not formats.is_even(body, columns) and isinstance(again := run(), ox.QuerySolutions):
        body = formats.write_csv(again, result_bytes)
    return Answer(kind, key, body)


def _chosen(kind: Kind, accepted: Mapping[Kind, str | None]) -> str:
    key = accepted.get(kind)
    available = formats.available(kind)
    if key not in available:
        form = {"bindings": "SELECT", "boolean": "ASK", "graph": "CONSTRUCT or DESCRIBE"}[kind]
        raise errors.NotAcceptable(
            f"The result of {form} comes as {', '.join(available)}.", kind=kind, available=available
        )
    return key


def _unusable(text: str, complaint: str) -> errors.MigovError:
    if "custom function" in complaint:
        return syntax.unknown_function(text, complaint.partition("<")[2].partition(">")[0])
    if "does not contains variable" in complaint:
        variable = complaint.partition("variable ")[2].partition(" ")[0]
        return errors.BadRequest(f"A value was given for {variable}, but the query does not select {variable}.")
    return errors.QuerySyntax(f"The engine cannot run this query: {complaint}")
