"""The read side of the SPARQL 1.1 Graph Store HTTP Protocol: each named graph by its own address, and by parameter.

Direct (section 4.1) is the graph's IRI, indirect (section 4.2) ``/graph-store?graph=`` or ``?default``. There is no
write side: routes know GET and HEAD, so everything else is 405 with ``Allow``.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from migov import errors
from migov.store import Dataset
from migov.store.formats import DATASETS
from migov.web import dump, protocol, representation, teaching
from migov.web.entity import acceptable, dereference
from migov.web.negotiation import GRAPH_FORMATS, HTML, Format
from migov.web.ontology import entry, graph_document
from migov.web.site import Site, site

blueprint = Blueprint("graphstore", __name__)
PATH: Final = "/graph-store"
_ONE_GRAPH: Final = tuple(form for form in GRAPH_FORMATS if form.key not in DATASETS)


@blueprint.get("/graph/<path:key>")
def direct(key: str) -> Response:
    """A named graph by its own IRI: its triples for programs, for people 303 to the page about it.

    Other things that ``graph/meta`` tells of, such as the making of a graph, are led to as everything else is.
    """
    here = site()
    form = acceptable((HTML, *GRAPH_FORMATS)) if entry(here, key) else HTML
    return dereference(here, f"graph/{key}", f"graph/{key}") if form is HTML else _found_here(here, key, form)


@blueprint.get(PATH)
def indirect() -> Response:
    """The graph that ``graph`` names, or the default graph, which is the union of them all."""
    here = site()
    given = protocol.pairs(request.query_string, "address")
    named = [value for name, value in given if name == "graph"]
    default = [value for name, value in given if name == "default"]
    if len(named) + len(default) != 1 or any(default):
        told = f"Name one graph by {PATH}?graph=IRI, or all of them together by {PATH}?default."
        raise errors.BadRequest(told)
    if default:
        return _union(here)
    (iri,) = named
    if not urlsplit(iri).scheme:
        raise errors.BadRequest("The parameter graph is an absolute IRI (Graph Store Protocol, section 4.2).")
    key = iri.removeprefix(here.base + "graph/")
    if key == iri or entry(here, key) is None:
        known = [graph.iri for graph in here.release.manifest.graphs]
        raise errors.NoSuchEntity(teaching.no_graph(iri, known))
    return _found_here(here, key, acceptable(GRAPH_FORMATS))


def _found_here(here: Site, key: str, form: Format) -> Response:
    """A graph's document, under an address that is negotiated."""
    response = graph_document(here, key, form)
    response.headers["Content-Location"] = here.addresses.link(f"/data/graph/{key}.{form.extension}")
    response.vary.add("Accept")
    return response


def _union(here: Site) -> Response:
    form = acceptable(_ONE_GRAPH)
    if here.release.dump(form.extension).is_file():
        response = dump.stream(here, here.release.dump(form.extension), form, "/dump/migov")
        response.headers["Content-Location"] = here.addresses.link(f"/dump/migov.{form.extension}")
        response.vary.add("Accept")
        return response
    query = here.reader.text("pages/graph-triples.rq")
    body = here.store.query(query, {"graph": form.key}, dataset=Dataset(), limits=here.config.limits).body
    return representation.respond(body, form, here.release.id, negotiated=True)
