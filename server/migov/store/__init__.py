"""The query engine behind one interface: it takes SPARQL text and gives bytes, and knows nothing of HTTP."""

from migov.store.interface import Answer, Cancel, Dataset, Kind, Limits, Store
from migov.store.terms import Blank, Iri, Literal, Term

__all__ = ["Answer", "Blank", "Cancel", "Dataset", "Iri", "Kind", "Limits", "Literal", "Store", "Term"]
