"""Imports States and territories: their codes, names in three languages, region of United Nations statistics."""

from pyoxigraph import Triple

from migov.record import tables
from migov.record.context import Context
from migov.record.evidence import Term, text, triples
from migov.record.keys import iri, term
from migov.record.sources import Source
from migov.record.tables import Column, Layout, Row, Table

LAYOUT = Layout(
    "states",
    "States and territories",
    (
        Column("iso3", "ISO 3166-1 alpha-3 code, which also is the key", True),
        Column("iso2", "ISO 3166-1 alpha-2 code", True),
        Column("m49", "UN M49 code, three digits", True),
        Column("name_en", "name in English", True),
        Column("name_fr", "name in French", True),
        Column("name_es", "name in Spanish", True),
        Column("other_names", "further English names, divided by ' | '"),
        Column("kind", "state or territory", True),
        Column("region", "code of the M49 region, such as western-africa", True),
        Column("source_ids", "sources of codes and names, divided by ' | '", True),
    ),
    key=("iso3",),
)
FILE = "entities/states"
_KINDS = {"state": "mgo:State", "territory": "mgo:Territory"}
_CODES = {"iso3": (3, str.isupper), "iso2": (2, str.isupper), "m49": (3, str.isdigit)}


def run(table: Table, context: Context) -> None:
    """Write the entities of a table; a row replaces what the file said of its entity before."""
    told = [triple for row in table for triple in _entity(row, table, context)]
    table.problems.refuse()
    subjects = {triple.subject for triple in told}
    kept = {triple for triple in context.files.read(FILE) if triple.subject not in subjects}
    context.files.replace(FILE, kept | set(told))
    context.register.learn(told)


def _entity(row: Row, table: Table, context: Context) -> list[Triple]:
    for column, (length, fits) in _CODES.items():
        if len(row[column]) != length or not fits(row[column]):
            table.problems.add(row, f"{column} {row[column]!r} is not such a code")
    kind = tables.code(row, "kind", _KINDS, table.problems)
    sources = _sources(row, table, context)
    if kind is None:
        return []
    node = iri("state", row["iso3"])
    for source in sources[:1]:
        context.ledger.record(source.document, "made")
    slots: list[tuple[str, Term | None]] = [
        *(("skos:prefLabel", text(row[f"name_{language}"], language)) for language in ("en", "fr", "es")),
        *(("skos:altLabel", text(name, "en")) for name in filter(None, row["other_names"].split(" | "))),
        ("mgo:iso3166alpha3", text(row["iso3"])),
        ("mgo:iso3166alpha2", text(row["iso2"])),
        ("mgo:m49", text(row["m49"])),
        ("mgo:region", term(f"m49-region:{row['region']}")),
        *(("dcterms:source", source.document) for source in sources),
    ]
    return triples(node, kind, slots)


def _sources(row: Row, table: Table, context: Context) -> list[Source]:
    found = []
    for source_id in row["source_ids"].split(" | "):
        source = context.sources.find(source_id)
        if source is None:
            table.problems.add(row, f"source {source_id!r} is unknown: describe it")
        else:
            found.append(source)
    return found
