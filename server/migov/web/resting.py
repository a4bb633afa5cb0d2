"""What rests on a source document: every place read in it, in the order of its text, with its statements."""

from collections import defaultdict

from migov.store import Iri, Literal
from migov.web.language import N_, _
from migov.web.listing import Cell, Line, Listing, Part, listing
from migov.web.paging import Pages
from migov.web.reader import Row
from migov.web.record import Record, Value, other_language
from migov.web.site import Site

NAME = "resting"
_PER_PAGE = 100


def listing_of(here: Site, record: Record, part: Part) -> list[Listing]:
    """The list of the places read in a document; no list for anything that is no source."""
    counted = here.reader.table_about("resting-count", record.iri)
    count = int(counted[0]["n"]) if counted else 0
    if not count:
        return []
    place = part(NAME, count, _PER_PAGE)
    rows = here.reader.part_of("resting", place.per_page, place.offset, entity=Iri(record.iri))
    statements: dict[str, list[Value]] = defaultdict(list)
    for row in here.reader.rows_of("resting-on", (row["place"].value for row in rows)):
        statements[row["node"].value].append(_statement(record, row))
    lines = [_line(record, row, statements[row["place"].value]) for row in rows]
    whole = Pages(place.path, 1, len(lines), len(lines))  # only the rows of this page were read
    columns = (N_("Words"), N_("Where"), N_("Statements that rest on them"))
    made = listing(record, NAME, N_("Read in this document"), columns, lines, whole, sourced=False)
    about = _("In the order of the text.")
    return [Listing(NAME, made.heading, about, made.columns, made.lines, place, [])]


def _statement(record: Record, row: Row) -> Value:
    assertion = row["assertion"].value
    label = row["label"].value if "label" in row else record.link(assertion).text
    return Value(label, record.addresses.href(assertion))


def _line(record: Record, row: Row, statements: list[Value]) -> Line:
    quote = row.get("quote")
    language = other_language(quote) if isinstance(quote, Literal) else None
    words = Value(f"“{quote.value}”" if quote else _("the place"), record.addresses.href(row["place"].value), language)
    where = Cell([(Value(row["locator"].value), "")])
    return Line([Cell([(words, "")]), where, Cell([(value, "") for value in statements])], [])
