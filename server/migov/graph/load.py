"""Reads the Turtle files of a checkout or wheel: one file, one named graph, nothing doubtful let through.

``ontology/x.ttl`` is the graph ``graph/x`` (the ontology itself, ``ontology/migov.ttl``, is ``graph/ontology``), and
``graphs/a/b.ttl`` is ``graph/a/b``.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import overload

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from migov import vocabulary
from migov.errors import DataError
from migov.graph import literals, memory, outlines
from migov.graph.memory import Memory
from migov.graph.outlines import Outline
from migov.resources import Resources

RESERVED = ("derived", "meta")
_STEP = re.compile(r"[a-z0-9][a-z0-9-]*")
_PREFIX = re.compile(r"^@prefix\s+([\w.-]*):\s*<([^>]*)>", re.MULTILINE)
_OPAQUE = re.compile(  # long and short strings, IRIs, comments
    r'''"""(?:[^\\]|\\.)*?"""|\'{3}(?:[^\\]|\\.)*?\'{3}|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*''',
    re.DOTALL,
)
_BLANK = re.compile(r"_:|[\[(]")


@dataclass(frozen=True)
class ParsedFile:
    """One file of the graph: its path below the root, the graph it makes up, its quads, and its text."""

    path: Path
    graph_iri: str
    quads: Sequence[Quad]
    text: str = field(default="", repr=False)
    known: Outline | None = field(default=None, repr=False, compare=False)

    @cached_property
    def outline(self) -> Outline:
        """The outline of the file, as remembered or made from its quads."""
        return self.known or outlines.outline(self.quads)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the text of the file."""
        return memory.digest([self.text])


class _Later(Sequence[Quad]):
    """The quads of a file known to be sound, parsed when somebody looks at them."""

    def __init__(self, text: str, graph: str) -> None:
        self._text = text
        self._graph = NamedNode(graph)

    @cached_property
    def _quads(self) -> list[Quad]:
        found = parse(self._text, format=RdfFormat.TURTLE)
        return [Quad(t.subject, t.predicate, t.object, self._graph) for t in found]

    @overload
    def __getitem__(self, index: int) -> Quad: ...
    @overload
    def __getitem__(self, index: slice) -> list[Quad]: ...
    def __getitem__(self, index: int | slice) -> Quad | list[Quad]:
        return self._quads[index]

    def __len__(self) -> int:
        return len(self._quads)


def graph_iri(path: Path) -> str:
    """Return the named graph of a file, given its path below the root; DataError when the name cannot be one."""
    folder, *steps = path.with_suffix("").parts
    if path == Path("ontology/migov.ttl"):
        steps = ["ontology"]
    if not all(_STEP.fullmatch(step) for step in steps):
        raise DataError("name files and folders in lower-case letters, digits and hyphens", file=str(path))
    if folder == "graphs" and steps[0] in RESERVED:
        raise DataError(f"graph/{steps[0]} is made by the build: move this file", file=str(path))
    return vocabulary.GRAPH + "/".join(steps)


def load(
    resources: Resources, progress: Callable[[int, int], None] | None = None, notes: Memory | None = None
) -> list[ParsedFile]:
    """Parse every ``.ttl`` of ``ontology/`` and ``graphs/``, sorted by path; ``progress`` gets (done, total).

    A file that ``notes`` knows to be sound is parsed only when its quads are asked for.
    DataError with file and line for text that is not Turtle, an ill-typed literal, a blank node, anything of RDF 1.2,
    or two files that would share one graph.
    """
    paths = sorted(p for folder in (resources.ontology, resources.graphs) for p in folder.rglob("*.ttl"))
    files: list[ParsedFile] = []
    seen: dict[str, Path] = {}
    notes = notes or Memory()
    loader = memory.code("load", "literals", "dates", "outlines")
    for number, path in enumerate(paths, 1):
        file = _recall(path, path.relative_to(resources.root), notes, loader)
        if file.graph_iri in seen:
            raise DataError(f"{seen[file.graph_iri]} already is {file.graph_iri}", file=str(file.path))
        seen[file.graph_iri] = file.path
        files.append(file)
        if progress:
            progress(number, len(paths))
    return files


def _recall(path: Path, relative: Path, notes: Memory, loader: str) -> ParsedFile:
    if not notes.keeps:
        return parse_file(path, relative)
    data = path.read_bytes()
    key = memory.digest(["file", loader, data])
    if (known := notes.recall(key)) is not None:
        text, graph = data.decode(), graph_iri(relative)
        return ParsedFile(relative, graph, _Later(text, graph), text, Outline(*known))
    file = parse_file(path, relative)
    notes.note(key, file.outline)
    return file


def fill(store: Store, files: Iterable[ParsedFile]) -> None:
    """Add the quads of files to a store, by the engine's own parser, which need not check again what is known sound."""
    for file in files:
        store.load(file.text, format=RdfFormat.TURTLE, to_graph=NamedNode(file.graph_iri), lenient=True)


def parse_file(path: Path, relative: Path) -> ParsedFile:
    """Parse and check one file; ``relative`` is the name that errors and graph IRI are made from."""
    name, graph = relative.as_posix(), NamedNode(graph_iri(relative))
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
        triples = list(parse(data, format=RdfFormat.TURTLE))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError("this line is not UTF-8 text: save the file as UTF-8", file=name, line=line) from error
    except SyntaxError as error:
        place = f"{error.msg.removeprefix('Parser error ')}"
        raise DataError(f"this is not Turtle: {place}", file=name, line=error.lineno, column=error.offset) from error
    for triple in triples:
        if problem := _fault(triple):
            raise DataError(problem, file=name, line=_line_of_fault(text, triple))
    return ParsedFile(relative, graph.value, [Quad(t.subject, t.predicate, t.object, graph) for t in triples], text)


def _fault(triple: Triple | Quad) -> str | None:
    subject, value = triple.subject, triple.object
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
        kind = "triple term" if isinstance(value, Triple) else "blank node"
        return f"a {kind} cannot be cited or compared: give the thing an IRI"
    if isinstance(value, Literal) and (problem := literals.fault(value)):
        short = vocabulary.compact
        return f"{short(subject.value)} {short(triple.predicate.value)}: {problem}"
    return None


def _line_of_fault(text: str, triple: Triple | Quad) -> int | None:
    if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, Literal):
        return _first_line(text, _BLANK)
    start = line_of(text, triple.subject.value) or 1
    lines = text.splitlines()
    wanted = (str(Literal(triple.object.value)), f"'{triple.object.value}'", triple.object.value)
    for form in wanted:
        for number in chain(range(start, len(lines) + 1), range(1, start)):
            if form in lines[number - 1]:
                return number
    return start


def _first_line(text: str, pattern: re.Pattern[str]) -> int | None:
    bare = _OPAQUE.sub(lambda match: "\n" * match[0].count("\n") + " ", text)
    match = pattern.search(bare)
    return bare.count("\n", 0, match.start()) + 1 if match else None


def line_of(text: str, iri: str) -> int | None:
    """Return the line (from 1) on which a Turtle text begins to describe ``iri``; best effort, None when unknown.

    Looks for the IRI, whole or shortened by the text's own prefixes, first at the start of a line, then anywhere.
    """
    forms = [f"<{iri}>"]
    for prefix, namespace in _PREFIX.findall(text):
        if namespace and iri.startswith(namespace):
            local = iri[len(namespace) :]
            forms += [f"{prefix}:{local}", f"{prefix}:{local.replace('/', chr(92) + '/')}"]
    either = "|".join(map(re.escape, forms))
    for start in (r"^\s{0,3}", r"(?<![\w:-])"):
        if match := re.search(rf"{start}({either})(?![\w:/-])", text, re.MULTILINE):
            return text.count("\n", 0, match.start(1)) + 1
    return None
