"""One interface to a query engine; the engine that runs inside this machine."""
