"""Reads back the validation report of a release: what was found, by the shape or check that found it."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, parse

from migov.graph import checks
from migov.graph.findings import SEVERITIES
from migov.resources import Resources

_SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True)
class Finding:
    """One result: the IRI it is about, '' where it is a node without one, and what was said of it."""

    focus: str
    message: str


@dataclass(frozen=True)
class Kind:
    """All results of one shape or check, by focus; ``severity`` is Violation, Warning or Info."""

    severity: str
    shape: str
    findings: tuple[Finding, ...]


def read(path: Path) -> tuple[Kind, ...]:
    """Return the results of a report in Turtle, the gravest kinds first, then those with most results."""
    nodes: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        value = quad.object
        if quad.predicate.value.startswith(_SH):
            nodes[str(quad.subject)][quad.predicate.value.removeprefix(_SH)] = getattr(value, "value", "")
    kinds: dict[tuple[str, str], set[Finding]] = defaultdict(set)
    for said in nodes.values():
        if "sourceShape" in said:
            focus = said["focusNode"] if said["focusNode"].startswith("http") else ""
            key = said["resultSeverity"].removeprefix(_SH), said["sourceShape"]
            kinds[key].add(Finding(focus, said["resultMessage"]))
    found = [
        Kind(severity, shape, tuple(sorted(all_, key=lambda f: (f.focus, f.message))))
        for (severity, shape), all_ in kinds.items()
    ]
    return tuple(sorted(found, key=lambda k: (SEVERITIES.index(k.severity), -len(k.findings), k.shape)))


def names(resources: Resources) -> dict[str, str]:
    """Return in a few words what each shape and check is about, by its IRI."""
    found = {check.shape: check.title for check in checks.read(resources.queries / "checks")}
    for path in sorted(resources.shapes.glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            if quad.predicate.value == f"{_SH}name" and isinstance(quad.object, Literal):
                found[str(getattr(quad.subject, "value", ""))] = quad.object.value
    return found
