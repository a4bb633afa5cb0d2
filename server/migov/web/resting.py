"""What rests on a source document: every statement read in it, in the order of its paragraphs."""

from dataclasses import dataclass

from migov.store import Iri, Literal
from migov.web.record import Record, Value
from migov.web.site import Site


@dataclass(frozen=True)
class Read:
    """One place of a document that was read, with the statements resting on it."""

    locator: str
    quote: Literal | None
    href: str | None
    statements: list[Value]


def resting_on(here: Site, record: Record) -> list[Read]:
    """The places read in a document; empty for anything that is no source."""
    places: dict[str, Read] = {}
    for row in here.reader.rows("resting", entity=Iri(record.iri)):
        place = row["place"].value
        quote = row.get("quote")
        if place not in places:
            locator = row["locator"].value if "locator" in row else ""
            shown = quote if isinstance(quote, Literal) else None
            places[place] = Read(locator, shown, here.addresses.href(place), [])
        assertion = row["assertion"].value
        label = row["label"].value if "label" in row else record.link(assertion).text
        places[place].statements.append(Value(label, here.addresses.href(assertion)))
    return list(places.values())
