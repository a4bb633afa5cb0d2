"""Other engines under test: skipped where they are not installed, and asked as ``migov serve --store`` asks them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines.programs import LOGIN, Engine, Settings, program, started
from migov.graph.release import Release
from migov.publish import publish
from migov.store.engine import PASSWORD, USER
from migov.store.local import LocalStore
from store.processes import ENVIRONMENT, Process, finish


@contextmanager
def running(name: str, folder: Path) -> Iterator[Engine]:
    """Run an engine as long as the block lasts; skips where it is not installed, but never in CI."""
    if program(name) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed; .ci/run must see to it")
        pytest.skip(f"{name} is not installed (docs/engines.md says how)")
    with started(name, folder, Settings()) as engine:
        yield engine


@contextmanager
def logged_in(engine: Engine) -> Iterator[None]:
    """Have the user and password in the environment that may write; the Oxigraph server asks for none."""
    with pytest.MonkeyPatch.context() as patch:
        if engine.name == "virtuoso":
            for name, value in zip((USER, PASSWORD), LOGIN, strict=True):
                patch.setenv(name, value)
        yield


@contextmanager
def store_of(engine: Engine, release: Release, folder: Path) -> Iterator[LocalStore]:
    """Publish a release and give a store over it, as ``migov serve --store`` has it."""
    with logged_in(engine):
        publish(release, engine.graphs)
    socket_ = folder / "s"
    source = ["--engine", engine.query, "--release", release.id, "--base", release.manifest.base]
    command = [sys.executable, "-m", "migov.store.process", *source, "--socket", str(socket_)]
    process = Process(subprocess.Popen(command, env=ENVIRONMENT, text=True), socket_)
    try:
        yield process.store()
    finally:
        finish(process)
