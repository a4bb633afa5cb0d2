"""``python -m migov`` is the ``migov`` command."""

from migov.cli import main

main()
