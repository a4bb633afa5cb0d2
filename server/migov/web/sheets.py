"""The list of a treaty's parties and signatories, or of a State's treaties, as CSV: all that the page tells."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response

from migov.errors import NoSuchEntity
from migov.web import actrows, day, dealings, language, participations, representation, standing
from migov.web.dealings import Act, Dealings, Period
from migov.web.entity import must_exist
from migov.web.language import E_, collated
from migov.web.negotiation import BY_KEY, HTML
from migov.web.reader import Node
from migov.web.record import Record
from migov.web.representation import Link
from migov.web.site import site
from migov.web.spreadsheet import harmless
from migov.web.statements import Neighbourhood

blueprint = Blueprint("sheets", __name__)
_CSV: Final = BY_KEY["csv"]
HEAD: Final = (
    "name",
    "iri",
    "status",
    "signed",
    "consent",
    "consent_act",
    "years_after_signing",
    "days_beyond",
    "bound_from_earliest",
    "bound_from_latest",
    "bound_basis",
    "notice_of_leaving",
    "left_from",
    "sources_differ",
    "acts",
    "sources",
)


@blueprint.get("/lists/<any(state, document, org):kind>/<path:key>.csv")
def sheet(kind: str, key: str) -> Response:
    """The list of acts and periods about one treaty, State or organisation as a file, on the day asked about."""
    here, asked = site(), day.asked()
    iri = here.addresses.iri(f"id/{kind}/{key}")
    must_exist(here, iri)
    found = Neighbourhood(Node(iri), names=here.reader.names_of([iri]))
    record = Record(here.reader, here.addresses, found, asked)
    if not dealings.read(record).acts:
        raise NoSuchEntity(E_("No act towards a treaty is known of <%(iri)s>.", iri=iri))
    with language.using(language.DEFAULT):  # a file is the same in every language
        body = _written(record)
    page = here.addresses.link(day.kept(f"/page/{kind}/{key}", asked))
    response = representation.respond(body, _CSV, here.release.id, links=[Link(page, "alternate", HTML.media_type)])
    name = "-".join(filter(None, ("migov", key.replace("/", "-"), asked)))
    response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    return response


def _written(record: Record) -> bytes:
    done, told = dealings.read(record), participations.told_of(record)
    status = participations.statuses(record)
    record.found.names.join(record.reader.names_of(told))
    order = sorted(told, key=lambda iri: (standing.ORDER.index(status[iri]), collated(record.link(iri).text), iri))
    text = io.StringIO(newline="")
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(HEAD)
    for iri in order:
        row = (record.link(iri).text, iri, status[iri], *_cells(record, done, told[iri], done.periods[iri]))
        sheet.writerow(map(harmless, row))
    return text.getvalue().encode()


def _cells(record: Record, done: Dealings, acts: list[Act], periods: list[Period]) -> list[str]:
    signed, given, left = (
        [act for act in acts if act.signs],
        [act for act in acts if not act.signs and not act.ends],
        [act for act in acts if act.ends],
    )
    took = dealings.delay(acts)
    exact = took if took and took.is_exact else None
    bound = [p for p in periods if p.is_party and not actrows.after(record.day, p.start)]
    sources = sorted({source for act in acts for source in done.sources.get(act.node, ())})
    return [
        _several(act.date for act in signed),
        _several(act.date for act in given),
        _several(act.code for act in given),
        str(exact.least[0]) if exact else "",
        str(exact.least[1]) if exact else "",
        _several(p.start for p in bound),
        _several(p.start_latest for p in bound),
        _several(p.basis for p in bound),
        _several(act.date for act in left),
        _several(act.effect for act in left),
        "true" if any(act.disputed for act in acts) else "false",
        " ".join(act.node for act in acts),
        " ".join(sources),
    ]


def _several(values: Iterable[str]) -> str:
    """Values of one field, in their order; a place between two semicolons is one that is not known."""
    found = list(values)
    return "; ".join(found) if any(found) else ""
