"""From Turtle files to an immutable release; knows nothing of HTTP."""
