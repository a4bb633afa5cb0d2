"""What is to be known of a file of sorted N-Quads, such as a build writes, before it is loaded."""

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Final

_PART: Final = 2**20


def quads(file: Path) -> int:
    """The number of lines; raises OSError."""
    with file.open("rb") as parts:
        return sum(part.count(b"\n") for part in iter(lambda: parts.read(_PART), b""))


def digest(file: Path) -> str:
    """The SHA-256 in hex, which is the generation of the graph; raises OSError."""
    with file.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()


def distinct(file: Path) -> bool:
    """Whether no triple stands in two graphs; raises OSError."""
    with file.open("rb") as lines:
        return all(one != other for one, other in pairwise(line.rpartition(b" <")[0] for line in lines))
