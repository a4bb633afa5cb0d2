"""Validates the graph against ``shapes/*.ttl``, before any inference (``sh:class`` would pass after it).

Shapes with a class of targets are run by pySHACL over chunks of nodes, each with its own triples, the classes of what
it points to and the tree of classes, so that chunks can be checked side by side. What was found in a file stays true
while the file, those that describe the same nodes, the classes of what it points to, the shapes and the tools are the
same: that is remembered, and a changed file is validated with the few that hang on it. Shapes with ``sh:targetNode``
are singletons: one query over everything, the offender as ``?value``; they see the whole graph each time.

A large graph is checked in processes that Python starts anew, so a script that calls this needs the usual
``if __name__ == "__main__":``.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from migov import resources, vocabulary
from migov.graph import findings, memory, singletons
from migov.graph.findings import Places, Result, Term, key
from migov.graph.load import ParsedFile
from migov.graph.memory import Memory

CHUNK = 1_500  # nodes in one chunk
FEW = 6  # with fewer jobs, starting processes costs more than it saves
_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_TYPE = NamedNode(vocabulary.RDF_TYPE)


def structure(
    files: Sequence[ParsedFile],
    ontology: Iterable[Quad] = (),
    *,
    graph: Store | None = None,
    notes: Memory | None = None,
) -> list[Result]:
    """Check each node of ``files`` by itself; ``ontology`` adds classes to look up, and is not checked.

    ``graph`` is a store that holds all of this already; ``notes`` remember what was found in unchanged files, and are
    used only when ``files`` hold the ontology too.
    """
    extra = list(ontology)
    store = graph if graph is not None else _store(files, extra)
    places = Places(files)
    found = {places.place(result) for result in singletons.run("structure", store)}
    found.update(_by_file(files, extra, store, Memory() if extra or notes is None else notes, places))
    return sorted(found, key=findings.order)


def coherence(
    files: Sequence[ParsedFile],
    ontology: Iterable[Quad] = (),
    bounds: Iterable[Quad] = (),
    *,
    graph: Store | None = None,
) -> list[Result]:
    """Check nodes against each other; ``bounds`` are the derived first and last days of dates."""
    return _joint("coherence", files, graph if graph is not None else _store(files, [*ontology, *bounds]))


def release(files: Sequence[ParsedFile], ontology: Iterable[Quad] = (), *, graph: Store | None = None) -> list[Result]:
    """Check what a published release may not leave open."""
    return _joint("release", files, graph if graph is not None else _store(files, ontology))


def _joint(name: str, files: Sequence[ParsedFile], store: Store) -> list[Result]:
    places = Places(files)
    return sorted({places.place(result) for result in singletons.run(name, store)}, key=findings.order)


def _store(files: Sequence[ParsedFile], extra: Iterable[Quad]) -> Store:
    store = Store()
    store.extend([*(quad for file in files for quad in file.quads), *extra])
    return store


def _by_file(
    files: Sequence[ParsedFile], extra: Sequence[Quad], store: Store, notes: Memory, places: Places
) -> Iterator[Result]:
    """Yield what pySHACL finds in each file, remembered or new."""
    types = _types(files, extra)
    tree = _tree(store)
    shared = _shared(files)
    keys = _keys(files, types, tree, shared) if notes.keeps else {}
    todo: list[ParsedFile] = []
    for file in files:
        known = notes.recall(keys[file.graph_iri]) if keys else None
        if known is None:
            todo.append(file)
        else:
            yield from (_result(members) for members in known)
    new: dict[str, list[Result]] = {str(file.path): [] for file in todo}
    for results in _run(list(_chunks(todo, extra, types, tree, shared, places))):
        for result in set(results):
            placed = places.place(result)
            new[str(placed.file)].append(placed)
    for file in todo:
        results = sorted(new[str(file.path)], key=findings.order)
        if keys:
            notes.note(keys[file.graph_iri], [_members(result) for result in results])
        yield from results


def _types(files: Iterable[ParsedFile], extra: Iterable[Quad]) -> dict[str, tuple[str, ...]]:
    """Return the classes of every node."""
    types: dict[str, tuple[str, ...]] = {}
    for file in files:
        for subject, kinds in file.outline.types.items():
            types[subject] = (*types[subject], *kinds) if subject in types else tuple(kinds)
    for quad in extra:
        if quad.predicate == _TYPE:
            types[key(quad.subject)] = (*types.get(key(quad.subject), ()), key(quad.object))
    return types


def _tree(store: Store) -> list[Triple]:
    """Return the tree of classes, and the same tree of those instances that a chunk is to check."""
    above = {quad.triple for quad in store.quads_for_pattern(None, _SUBCLASS, None, None)}
    return sorted({*above, *(Triple(_own(t.subject), t.predicate, _own(t.object)) for t in above)}, key=str)


def _shared(files: Iterable[ParsedFile]) -> dict[str, list[ParsedFile]]:
    """Return, for each file, the others that describe a node which it describes too."""
    describe: dict[str, list[ParsedFile]] = {}
    for file in files:
        for subject in file.outline.types:
            describe.setdefault(subject, []).append(file)
    beside: dict[str, dict[str, ParsedFile]] = defaultdict(dict)
    for several in (some for some in describe.values() if len(some) > 1):
        for file in several:
            beside[file.graph_iri].update((other.graph_iri, other) for other in several if other is not file)
    return {graph: [others[name] for name in sorted(others)] for graph, others in beside.items()}


def _keys(
    files: Iterable[ParsedFile],
    types: Mapping[str, tuple[str, ...]],
    tree: Iterable[Triple],
    shared: Mapping[str, Sequence[ParsedFile]],
) -> dict[str, str]:
    """Return, for each file, the digest of everything that the results in it hang on."""
    shapes = (resources.default().shapes / "structure.ttl").read_bytes()
    same = memory.digest([shapes, memory.code("validate", "shacl", "findings"), *map(str, tree)])
    keys = {}
    for file in files:
        named = (name for of in (file, *shared.get(file.graph_iri, ())) for name in of.outline.names)
        known = "\n".join(" ".join((name, *sorted(types.get(name, ())))) for name in named)
        beside = (other.digest for other in shared.get(file.graph_iri, ()))
        keys[file.graph_iri] = memory.digest([same, file.path.as_posix(), file.digest, known, *beside])
    return keys


def _chunks(
    todo: Sequence[ParsedFile],
    extra: Sequence[Quad],
    types: Mapping[str, tuple[str, ...]],
    tree: Sequence[Triple],
    shared: Mapping[str, Sequence[ParsedFile]],
    places: Places,
) -> Iterator[bytes]:
    """Yield sets of nodes, file by file, each with all the triples that its validation needs."""
    subjects = [s for file in todo for s in file.outline.types if places.home(s) == str(file.path)]
    wanted = set(subjects)
    read = {file.graph_iri: file for start in todo for file in (start, *shared.get(start.graph_iri, ()))}
    said: dict[str, list[Triple]] = defaultdict(list)
    for quads in (*(file.quads for file in read.values()), extra):
        for quad in quads:
            if (subject := key(quad.subject)) in wanted:
                said[subject].append(quad.triple)
    for start in range(0, len(subjects), CHUNK):
        nodes = dict.fromkeys(subjects[start : start + CHUNK])
        mine = [triple for node in nodes for triple in said[node]]
        named = {t.object.value for t in mine if isinstance(t.object, NamedNode)} - nodes.keys()
        checked = [Triple(t.subject, _TYPE, _own(t.object)) for t in mine if t.predicate == _TYPE]
        theirs = [Triple(NamedNode(n), _TYPE, NamedNode(kind)) for n in sorted(named) for kind in types.get(n, ())]
        yield serialize([*mine, *checked, *theirs, *tree], format=RdfFormat.N_TRIPLES) or b""


def _own(kind: object) -> NamedNode:
    """Return the class of those instances of a class that a chunk is to check."""
    return NamedNode(findings.OWN + key(kind))


def _run(chunks: list[bytes]) -> Iterator[list[Result]]:
    """Validate the chunks, in processes of their own where that pays."""
    workers = min(os.cpu_count() or 1, len(chunks))
    if len(chunks) < FEW or workers < 2:
        yield from map(_job, chunks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_job, chunks)


def _job(chunk: bytes) -> list[Result]:
    from migov.graph import shacl  # loads pySHACL, which a check of unchanged files does without

    return shacl.run("structure", chunk)


def _members(result: Result) -> dict[str, Any]:
    """Return a result as JSON can hold it."""
    value = result.value
    term: list[str | None] | None = None
    if isinstance(value, Literal):
        term = ["literal", value.value, value.language, value.datatype.value]
    elif value is not None:
        term = ["iri" if isinstance(value, NamedNode) else "blank", value.value]
    return {**vars(result), "value": term}


def _result(members: Mapping[str, Any]) -> Result:
    """Return the result that ``_members`` was made from."""
    return Result(**{**members, "value": _term(*members["value"]) if members["value"] else None})


def _term(kind: str, value: str, language: str | None = None, datatype: str | None = None) -> Term:
    if kind == "literal":
        return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(str(datatype)))
    return NamedNode(value) if kind == "iri" else BlankNode(value)
