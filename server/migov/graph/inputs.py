"""What a release hangs on besides the as-of day and the base: the input files, the code of the build, its tools."""

import hashlib
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

from migov import __version__
from migov.resources import Resources

_LIBRARIES = ("pyoxigraph", "pyshacl", "rdflib", "oxrdflib")
_CODE = Path(__file__).parents[1]


def tools() -> dict[str, str]:
    """Return name and version of everything whose version may change the bytes of a release."""
    found = {name: version(name) for name in _LIBRARIES}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"migov": __version__, "python": python, "sqlite": sqlite3.sqlite_version, **found}


def digest(resources: Resources) -> str:
    """Return the SHA-256 over names and bytes of all input files and of the build's code, and over ``tools``."""
    sums = [f"{name} {number}" for name, number in sorted(tools().items())]
    code = [*sorted(_CODE.glob("graph/*.py")), _CODE / "vocabulary.py"]
    for root, paths in ((resources.root, resources.files), (_CODE, code)):
        for path in paths:
            sums.append(f"{path.relative_to(root).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()
