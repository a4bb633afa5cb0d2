"""Pages in a real browser. A package, so that its browser is ended before the tests that follow it."""
