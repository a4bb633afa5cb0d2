"""migov: the open, fully sourced knowledge graph of migration governance."""

__version__ = "0.2.0"
