"""The words of tables for codes: each concept of a list says with ``mgo:tableKey`` by which words tables mean it."""

from collections.abc import Mapping
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from migov import resources
from migov.record.keys import TABLE_KEY
from migov.vocabulary import CONCEPT


@cache
def words(scheme: str) -> Mapping[str, str]:
    """Return the code that each word stands for, from ``ontology/concepts/<scheme>.ttl``."""
    path = resources.default().ontology / "concepts" / f"{scheme}.ttl"
    prefix = f"{CONCEPT}{scheme}/"
    return {
        triple.object.value: triple.subject.value.removeprefix(prefix)
        for triple in parse(path.read_bytes(), format=RdfFormat.TURTLE)
        if triple.predicate.value == TABLE_KEY
        and isinstance(triple.object, Literal)
        and isinstance(triple.subject, NamedNode)
    }
