"""Graphs of any size in the shape of the real one: cut from it, or copied from it under other names."""

import re
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path

_THING = re.compile(rb"(<https://w3id\.org/migov/id/[a-z]+/[^>]+)>")
_TOPICS = (
    b"<https://w3id.org/migov/ontology/instrument>",
    b"<http://www.w3.org/ns/org#organization>",
    b"<https://w3id.org/migov/ontology/inCountry>",
)
_EVIDENCE = b"<https://w3id.org/migov/ontology/evidence>"


def write(graph: Path, target: Path, quads: int) -> int:
    """Write about ``quads`` N-Quads to ``target`` in the shape of ``graph``; return how many were written.

    A larger graph holds the real one once and then copies of its things, each under a name of its own and with the
    same codes, sources of time and links; a smaller one leaves out all that rests on some treaties,
    organisations and countries. The same input gives the same bytes.
    """
    lines = graph.read_bytes().splitlines(keepends=True)
    with target.open("wb") as file:
        if quads < len(lines):
            chosen = _cut(lines, quads)
            file.writelines(chosen)
            return len(chosen)
        written = 0
        for part in _copies(lines, quads):
            file.writelines(part)
            written += len(part)
        return written


def _copies(lines: list[bytes], quads: int) -> Iterator[list[bytes]]:
    yield lines
    things = [line for line in lines if line.startswith(b"<https://w3id.org/migov/id/")]
    left, number = quads - len(lines), 1
    while left > 0:
        suffix = rb"\1-x%d>" % number
        copy = [_THING.sub(suffix, line) for line in things[:left]]
        yield copy
        left -= len(copy)
        number += 1


def _cut(lines: list[bytes], quads: int) -> list[bytes]:
    """Leave out topics, in no order, until few enough statements are left."""
    topic_of: dict[bytes, bytes] = {}
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate in _TOPICS:
            topic_of[subject] = rest.split(b" ", 1)[0]
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate == _EVIDENCE:  # an assertion about nothing of these is a topic of its own
            topic = topic_of.setdefault(subject, subject)
            topic_of.setdefault(rest.split(b" ", 1)[0], topic)
    sizes: dict[bytes, int] = {}
    for line in lines:
        if topic := _topic(line, topic_of):
            sizes[topic] = sizes.get(topic, 0) + 1
    left, gone = len(lines), set()
    for topic in sorted(sizes, key=lambda name: sha1(name).digest()):
        if left <= quads:
            break
        gone.add(topic)
        left -= sizes[topic]
    return [line for line in lines if _topic(line, topic_of) not in gone]


def _topic(line: bytes, topic_of: dict[bytes, bytes]) -> bytes | None:
    """Return what a statement hangs on, such as a treaty: by its subject, or by what it points to."""
    subject, _, rest = line.split(b" ", 2)
    return topic_of.get(subject) or topic_of.get(rest.split(b" ", 1)[0])
