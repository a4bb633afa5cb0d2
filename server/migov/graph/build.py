"""From Turtle files to an immutable release: parse, validate, bound, derive, check, write, swap.

Validation runs before anything is inferred, because after inference a wrong class looks right. The same files, day
and base always give the same bytes; a build that fails leaves no trace and the served release alone.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from migov import vocabulary
from migov.errors import ValidationFailed
from migov.graph import (
    answers,
    checks,
    export,
    findings,
    inputs,
    labels,
    load,
    meta,
    outlines,
    rebase,
    release,
    report,
    rules,
    search,
    validate,
)
from migov.graph.bounds import bounds
from migov.graph.findings import Result
from migov.graph.load import ParsedFile
from migov.graph.memory import Memory
from migov.graph.release import GraphEntry, Manifest, Release
from migov.resources import Resources

Progress = Callable[[str, int, int], None]
_TWICE = """PREFIX derived: <https://w3id.org/migov/graph/derived/>
SELECT DISTINCT ?s ?p ?o ?derived WHERE {
    VALUES ?derived { derived:bounds derived:claims derived:current }
    GRAPH ?derived { ?s ?p ?o }
    GRAPH ?other { ?s ?p ?o }
    FILTER(?other != ?derived && (!STRSTARTS(STR(?other), STR(derived:)) || STR(?other) < STR(?derived)))
}"""
STAGES = ("read", "structure", "bounds", "coherence", "rules", "checks", "write")


def _silent(stage: str, done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Graph:
    """A graph that went through the whole pipeline: its files, all quads, day, and what validation found."""

    files: list[ParsedFile]
    store: Store
    created: date
    as_of: date
    results: list[Result]


def make(
    resources: Resources, as_of: date | None = None, progress: Progress = _silent, notes: Memory | None = None
) -> Graph:
    """Read, validate and derive the graph without writing anything but ``notes`` of what was found in each file.

    The results hold everything that validation found, violations too: the caller decides. Coherence, rules and
    checks run only on a sound structure. DataError for files that cannot be used at all.
    """
    notes = notes or Memory()
    files = load.load(resources, lambda done, total: progress("read", done, total), notes)
    store = Store()
    load.fill(store, files)
    created = meta.modified(store.quads_for_pattern(meta.DATASET, None, None, None))
    graph = Graph(files, store, created, as_of or created, [])
    progress("structure", 0, 1)
    graph.results.extend(validate.structure(files, graph=store, notes=notes))
    notes.save()
    progress("structure", 1, 1)
    if not violations(graph.results):
        _derive(graph, resources, progress)
    return graph


def _derive(graph: Graph, resources: Resources, progress: Progress) -> None:
    graph.store.extend(bounds(graph.store))
    progress("bounds", 1, 1)
    graph.results.extend(validate.coherence(graph.files, graph=graph.store))
    progress("coherence", 1, 1)
    rules.run(
        rules.read(resources.queries / "rules"),
        graph.store,
        graph.as_of,
        lambda done, total: progress("rules", done, total),
    )
    passed = outlines.passed([file.outline for file in graph.files], graph.store)
    graph.results.extend(checks.run(graph.store, graph.files, passed=passed))
    progress("checks", 1, 1)


def _describe(graph: Graph) -> None:
    """Add what no check reads: the labels of assertions, and the description of the graphs."""
    _say_once(graph.store)
    graph.store.extend(labels.labels(graph.store))
    names = {file.graph_iri: file.path.as_posix() for file in graph.files}
    graph.store.extend(meta.describe(graph.store, names, graph.as_of))


def _say_once(store: Store) -> None:
    """Take out of the derived graphs what another graph says: a server has to copy a graph with repetitions."""
    rows = store.query(_TWICE)
    for row in list(rows) if isinstance(rows, QuerySolutions) else ():
        store.remove(Quad(row["s"], row["p"], row["o"], row["derived"]))


def violations(results: Sequence[Result]) -> list[Result]:
    """Return the results that stop a build."""
    return [result for result in results if result.severity == "Violation"]


def build(
    resources: Resources,
    releases: Path,
    *,
    as_of: date | None = None,
    base: str | None = None,
    progress: Progress = _silent,
) -> Release:
    """Build a release into ``releases`` and make it the current one; return it.

    ``as_of`` is the day the shortcuts hold for, by default the dataset's ``dcterms:modified``; ``base`` replaces the
    canonical base of every IRI. ``progress`` is called with (stage of ``STAGES``, done, total).
    DataError names file and line; ValidationFailed carries the results. Then ``releases`` is as it was.
    """
    known = inputs.digest(resources)  # before reading: a file changed meanwhile makes the release stale, never wrong
    with _workshop(releases) as folder:  # first, so that a folder that can't be written is told before the work
        graph = make(resources, as_of, progress, Memory(releases))
        if broken := violations(graph.results):
            raise ValidationFailed(_complaint(broken), graph.results)
        _describe(graph)
        manifest = _write(graph, folder, resources.queries, known, base or vocabulary.BASE, progress)
        return release.install(folder, manifest, releases)


def _complaint(broken: Sequence[Result]) -> str:
    count = "1 violation" if len(broken) == 1 else f"{len(broken)} violations"
    first = broken[0]
    place = ":".join(str(part) for part in (first.file, first.line) if part)
    return f"the graph has {count}, the first in {place or first.focus}: {first.message} `migov check` tells of all."


@contextmanager
def _workshop(releases: Path) -> Iterator[Path]:
    """Give one build at a time a folder to write in; whatever is left of it, or of a killed build, is removed."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in releases.glob(".building-*"):
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=".building-", dir=releases))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _write(graph: Graph, folder: Path, queries: Path, known: str, base: str, progress: Progress) -> Manifest:
    dump = export.Dump(graph.store, base)
    steps = len(export.FORMATS) + 1
    for number, format in enumerate(export.FORMATS, 1):
        name = release.GRAPH_FILE if format == "nq" else f"migov.{format}"
        (folder / name).write_bytes(dump.write(format))
        progress("write", number, steps)
    (folder / release.REPORT_FILE).write_bytes(report.as_turtle(graph.results))

    def rename(iri: str) -> str:
        return rebase.iri(iri, base)

    search.build(folder / release.SEARCH_FILE, graph.store, rename)
    answers.write(folder / release.ANSWERS_FILE, graph.store, queries / "pages", rename)
    answers.write_each(folder / release.EACH_FILE, graph.store, queries / "pages", rename)
    progress("write", steps, steps)
    return Manifest(
        id=_sha256(dump.lines),
        created=graph.created.isoformat(),
        base=base,
        as_of=graph.as_of.isoformat(),
        inputs=known,
        quads=len(dump.lines),
        graphs=_entries(graph, dump, base),
        tools=inputs.tools(),
        counts=_counts(graph.store, base),
    )


def _entries(graph: Graph, dump: export.Dump, base: str) -> tuple[GraphEntry, ...]:
    files = {rebase.iri(file.graph_iri, base): file.path.as_posix() for file in graph.files}
    graphs = sorted(dump.graphs().items())
    return tuple(GraphEntry(iri, files.get(iri), _sha256(lines), len(lines)) for iri, lines in graphs)


def _sha256(lines: Sequence[bytes]) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _counts(store: Store, base: str) -> dict[str, int]:
    """Return how often each class is stated."""
    quads = store.quads_for_pattern(None, NamedNode(vocabulary.RDF_TYPE), None, None)
    classes = Counter(rebase.iri(findings.key(quad.object), base) for quad in quads)
    return dict(sorted(classes.items()))
