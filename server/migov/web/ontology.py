"""The ontology, its code lists and the named graphs: each IRI leads to a page to read and to its data."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from werkzeug.exceptions import Gone
from werkzeug.wrappers import Response as BaseResponse

from migov import errors
from migov.marking import E_
from migov.store import Dataset, Iri, formats
from migov.vocabulary import prefixes
from migov.web import overview, representation, results, terms
from migov.web.entity import acceptable, data_document, dereference, record_page, split, with_links
from migov.web.negotiation import GRAPH_FORMATS, HTML, Format
from migov.web.reader import Names
from migov.web.representation import Link
from migov.web.site import Site, site
from migov.web.term import Term, inherited, uses

blueprint = Blueprint("ontology", __name__)
PER_PAGE = 200


@blueprint.get("/ontology")
@blueprint.get("/ontology/")
@blueprint.get("/ontology/<path:term>")
def name(term: str = "") -> Response:
    """Send a client from the ontology, a version of it or a term to the document that tells of it."""
    here = site()
    page = "/page/ontology"
    iri = here.addresses.iri(f"ontology/{term}")
    if iri in versions(here, "priorVersion"):
        raise Gone
    if term and iri not in versions(here, "versionIRI"):
        if iri not in here.reader.terms:
            raise errors.NoSuchEntity(E_("The ontology has no term %(term)s.", term=term))
        page += f"/{iri.removeprefix(here.addresses.iri('ontology/'))}"
    form = acceptable((HTML, *GRAPH_FORMATS))
    target = page if form is HTML else f"/data/ontology.{form.extension}"
    return representation.see_other(here.addresses.link(target), here.alternates(page, "/data/ontology"))


def versions(here: Site, slot: str) -> set[str]:
    """The versions of the ontology that its header names: the one served, or those before it."""
    header = here.reader.terms.get(here.addresses.iri("ontology/"))
    return {value.value for value in header.all(slot)} if header else set()


@blueprint.get("/page/ontology")
def page() -> Response:
    """The ontology to read: class tree, then every term with its definition, domain, range and notes."""
    here = site()
    html = render_template(
        "ontology.html",
        book=terms.book(here.reader, here.addresses, {**uses(here.reader), **here.release.manifest.counts}),
        data_links=here.data_links("/data/ontology"),
        schemes=schemes(here),
        pictures=overview.pictures(here.reader, here.addresses),
    )
    links = here.alternates("/page/ontology", "/data/ontology")[1:]
    links += [
        Link(here.addresses.absolute("/page/ontology"), "canonical"),
        Link(here.addresses.iri("ontology/"), "describes"),
    ]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


@blueprint.get("/page/ontology/<path:name>")
def term_page(name: str) -> Response:
    """One term: what it means, where it is used, what is checked, an example and a query to start from."""
    here = site()
    iri = here.addresses.iri(f"ontology/{name}")
    if iri in versions(here, "versionIRI"):
        return representation.see_other(here.addresses.link("/page/ontology"), ())
    if iri in versions(here, "priorVersion"):
        raise Gone
    node = here.reader.terms.get(iri)
    if node is None:
        raise errors.NoSuchEntity(E_("The ontology has no term %(term)s.", term=name))
    found = Term(here.reader, here.addresses, node, here.release.manifest.counts)
    header = here.reader.terms.get(here.addresses.iri("ontology/"))
    path = f"/page/ontology/{name}"
    html = render_template(
        "term.html",
        term=found,
        own=inherited(found.rules, here.addresses.href(iri)) if found.is_class else (found.rules, []),
        version=header.one("versionInfo") if header else "",
        example=results.highlighted_turtle(found.example.turtle) if found.example else "",
        query=results.highlighted(found.query),
        run=here.addresses.link("/sparql?" + urlencode({"query": found.query})),
        path=path,
        data_links=here.data_links("/data/ontology"),
    )
    links = [*here.alternates(path, "/data/ontology")[1:], Link(here.addresses.absolute(path), "canonical")]
    links += [Link(iri, "describes"), Link(here.addresses.link("/page/ontology"), "up")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


@blueprint.get("/data/<any(ontology):document>.<extension>")
def ontology_data(document: str, extension: str) -> Response:
    """The ontology as one document."""
    here = site()
    _, form = split(f"{document}.{extension}")
    body = graph_body(here, here.addresses.iri("graph/ontology"), form)
    return with_links(here, body, form, here.addresses.iri("ontology/"), document)


def graph_body(here: Site, graph: str, form: Format) -> bytes:
    """The triples of one named graph, sorted, in a format; those for datasets keep the name of the graph."""
    named = form.key in formats.DATASETS
    body = here.store.query(
        here.reader.text("pages/graph-triples.rq"),
        {"graph": "ntriples" if named else form.key},
        dataset=Dataset(default=(graph,)),
        limits=here.config.limits,
    ).body
    if not named:
        return body
    quads = [Quad(q.subject, q.predicate, q.object, NamedNode(graph)) for q in parse(body, format=RdfFormat.N_TRIPLES)]
    return formats.write_graph(quads, form.key, here.config.limits.result_bytes, prefixes())


def schemes(here: Site) -> list[terms.Entry]:
    """Every code list with its name and number of codes."""
    rows = here.reader.rows("schemes")
    return [
        terms.Entry(
            here.reader.translation(row["scheme"].value)
            or (row["label"].value if "label" in row else row["scheme"].value),
            here.addresses.href(row["scheme"].value),
            int(row["codes"].value),
        )
        for row in rows
    ]


@blueprint.get("/concept")
@blueprint.get("/concept/")
def concepts() -> BaseResponse:
    """The namespace of the code lists: their index is on the page of the ontology."""
    return redirect(site().addresses.link("/page/ontology#code-lists"), 303)


@blueprint.get("/concept/<path:key>")
def concept(key: str) -> Response:
    """A code list or one of its codes."""
    return dereference(site(), f"concept/{key}", f"concept/{key}")


@blueprint.get("/page/concept/<scheme>")
def scheme_page(scheme: str) -> Response:
    """A code list as a table."""
    here = site()
    iri = here.addresses.iri(f"concept/{scheme}")
    listed = terms.code_list(here.reader, here.addresses, iri)
    path, data = f"/page/concept/{scheme}", f"/data/concept/{scheme}"
    html = render_template("scheme.html", scheme=listed, iri=iri, path=path, data_links=here.data_links(data))
    links = here.alternates(path, data)[1:]
    links += [Link(here.addresses.absolute(path), "canonical"), Link(iri, "describes")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


@blueprint.get("/page/concept/<scheme>/<path:code>")
def code_page(scheme: str, code: str) -> Response:
    """A code: what it means and everything that uses it."""
    return record_page(site(), f"concept/{scheme}/{code}", f"concept/{scheme}/{code}")


@blueprint.get("/data/concept/<path:file>")
def concept_data(file: str) -> Response:
    """A code list, whole, or one code with what is said by it."""
    here = site()
    key, form = split(file)
    if "/" not in key:
        iri = here.addresses.iri(f"concept/{key}")
        body = graph_body(here, here.addresses.iri(f"graph/concepts/{key}"), form)
        terms.code_list(here.reader, here.addresses, iri)
        return with_links(here, body, form, iri, f"concept/{key}")
    return data_document(here, f"concept/{key}", f"concept/{key}", form)


@blueprint.get("/graph")
@blueprint.get("/graph/")
def graphs() -> BaseResponse:
    """The namespace of the named graphs: their index is on the page of the dumps."""
    return redirect(site().addresses.link("/dump/"), 303)


def entry(here: Site, key: str) -> terms.Entry | None:
    """A named graph in the manifest; None for any other name."""
    iri = here.addresses.iri(f"graph/{key}")
    known = (graph for graph in here.release.manifest.graphs if graph.iri == iri)
    return next((terms.Entry(key, graph.file, graph.quads) for graph in known), None)


@blueprint.get("/page/graph/<path:key>")
def graph_page(key: str) -> Response:
    """What a named graph speaks of, where it comes from, and how large it is."""
    here = site()
    known = entry(here, key)
    if known is None:
        return record_page(here, f"graph/{key}", f"graph/{key}")
    iri = here.addresses.iri(f"graph/{key}")
    rows = here.reader.rows("graph", entity=Iri(iri))
    names = Names().read(row for row in rows if "label" in row)
    listed = [
        terms.Entry(here.reader.label(row["node"].value, names).value, here.addresses.href(row["node"].value))
        for row in rows
    ]
    path, data = f"/page/graph/{key}", f"/data/graph/{key}"
    html = render_template(
        "graph.html", known=known, iri=iri, listed=listed, path=path, data_links=here.data_links(data)
    )
    links = [*here.alternates(path, data)[1:], Link(here.addresses.absolute(path), "canonical")]
    return representation.respond(html.encode(), HTML, here.release.id, links=links)


@blueprint.get("/data/graph/<path:file>")
def graph_data(file: str) -> Response:
    """The triples of a named graph."""
    here = site()
    key, form = split(file)
    if entry(here, key) is None:
        return data_document(here, f"graph/{key}", f"graph/{key}", form)
    return graph_document(here, key, form)


def graph_document(here: Site, key: str, form: Format) -> Response:
    """The triples of a named graph of the manifest, with links."""
    iri = here.addresses.iri(f"graph/{key}")
    # The document is the graph; what describes it is the graph of descriptions.
    about = Link(here.addresses.link(f"/data/graph/meta.{form.extension}"), "describedby", form.media_type)
    return with_links(here, graph_body(here, iri, form), form, iri, f"graph/{key}", about=about)
