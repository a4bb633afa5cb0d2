"""Reports of what validation found: a text that a person can act on, and a SHACL validation report in Turtle."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from migov import vocabulary
from migov.graph import findings, turtle
from migov.graph.findings import Result

_SH = "http://www.w3.org/ns/shacl#"
_REPORT = vocabulary.SHAPES + "report"
SHOWN = 5  # results of one shape in one file that the text shows in full


def fails(results: Iterable[Result]) -> bool:
    """Tell whether the graph may not be built: at least one Violation."""
    return any(result.severity == "Violation" for result in results)


def as_text(results: Sequence[Result]) -> str:
    """Return the report for people: what to act on, file by file, then notes by kind, then totals."""
    act = sorted((r for r in results if r.severity != "Info"), key=lambda r: (r.file or "~", *findings.order(r)))
    blocks = [_file(name, list(group)) for name, group in groupby(act, key=lambda r: r.file)]
    notes = Counter((result.shape, result.severity) for result in results if result.severity == "Info")
    if notes:
        lines = (f"  {count:>6}  {vocabulary.compact(shape)}" for (shape, _), count in sorted(notes.items()))
        blocks.append("\n".join(["For information:", *lines]))
    return "\n\n".join([*blocks, totals(results)]) + "\n"


def totals(results: Iterable[Result]) -> str:
    """Return one line that counts results by severity, such as ``1 violation, 2 warnings, 0 notes``."""
    count = Counter(result.severity for result in results)
    names = zip(findings.SEVERITIES, ("violation", "warning", "note"), strict=True)
    return ", ".join(f"{count[key]} {word}{'' if count[key] == 1 else 's'}" for key, word in names) + "."


def _file(name: str | None, results: Sequence[Result]) -> str:
    lines = [name or "In no single file"]
    by_shape: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_shape[result.shape].append(result)
    for shape, group in by_shape.items():
        lines += [line for result in group[:SHOWN] for line in _lines(result)]
        if len(group) > SHOWN:
            lines.append(f"  … and {len(group) - SHOWN} more of {vocabulary.compact(shape)}")
    return "\n".join(lines)


def _lines(result: Result) -> Iterable[str]:
    place = f"{result.file}:{result.line}: " if result.line else ""
    facts = [vocabulary.compact(result.focus)]
    if result.path:
        facts.append(vocabulary.compact(result.path))
    if result.value is not None:
        facts.append(_value(result.value))
    yield f"  {place}{result.severity}: {' '.join(facts)}"
    yield f"      {result.message} ({vocabulary.compact(result.shape)})"
    if result.suggestion:
        yield f"      Did you mean {result.suggestion}?"


def _value(term: findings.Term) -> str:
    return vocabulary.compact(term.value) if isinstance(term, NamedNode) else str(term)


def as_turtle(results: Iterable[Result]) -> bytes:
    """Return a ``sh:ValidationReport`` (SHACL 1.0, 3.6) in canonical Turtle: the same results give the same bytes.

    Results have IRIs made from what they say. A blank node as focus or value is named by a literal, since the
    report has no blank nodes itself. ``sh:conforms`` is true only when there is no result of any severity.
    """
    found = list(results)
    report = NamedNode(_REPORT)
    triples = [_type(report, "ValidationReport"), Triple(report, _sh("conforms"), _boolean(not found))]
    for result in found:
        node = NamedNode(f"{_REPORT}/{_digest(result)}")
        triples += [Triple(report, _sh("result"), node), _type(node, "ValidationResult"), *_facts(node, result)]
    return turtle.serialise(triples)


def _facts(node: NamedNode, result: Result) -> Iterable[Triple]:
    focus = Literal(result.focus) if result.focus.startswith("_:") else NamedNode(result.focus)
    yield Triple(node, _sh("focusNode"), focus)
    yield Triple(node, _sh("resultSeverity"), _sh(result.severity))
    yield Triple(node, _sh("sourceShape"), NamedNode(result.shape))
    yield Triple(node, _sh("sourceConstraintComponent"), NamedNode(result.component))
    yield Triple(node, _sh("resultMessage"), Literal(result.message, language="en"))
    if result.path:
        yield Triple(node, _sh("resultPath"), NamedNode(result.path))
    if result.value is not None:
        yield Triple(
            node, _sh("value"), Literal(str(result.value)) if isinstance(result.value, BlankNode) else result.value
        )


def _digest(result: Result) -> str:
    said = (result.shape, result.focus, result.path or "", str(result.value), result.message, result.component)
    return hashlib.sha1("|".join(said).encode(), usedforsecurity=False).hexdigest()[:12]


def _type(node: NamedNode, name: str) -> Triple:
    return Triple(node, NamedNode(vocabulary.RDF_TYPE), _sh(name))


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)


def _boolean(value: bool) -> Literal:
    return Literal(str(value).lower(), datatype=NamedNode(vocabulary.XSD + "boolean"))
