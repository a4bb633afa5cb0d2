"""The web application: one release of the graph as pages, linked data and a SPARQL endpoint."""

from datetime import date

from flask import Flask, request
from markupsafe import Markup

from migov import __version__
from migov.graph.release import Release
from migov.marking import N_
from migov.store import Store
from migov.web import (
    about,
    asking,
    assets,
    catalogue,
    citing,
    complete,
    crawling,
    dump,
    entity,
    graphstore,
    guide,
    language,
    negotiation,
    network,
    ontology,
    problem,
    quality,
    representation,
    rows,
    sheets,
    sparql,
    suggesting,
    welcome,
    wording,
    words,
)
from migov.web.addresses import Addresses
from migov.web.compare import views as compare
from migov.web.matrix import views as matrix
from migov.web.reader import Reader, spaced
from migov.web.site import NAME, Config, Site

BLUEPRINTS = (
    about.blueprint,
    asking.blueprint,
    catalogue.blueprint,
    citing.blueprint,
    compare.blueprint,
    complete.blueprint,
    crawling.blueprint,
    dump.blueprint,
    entity.blueprint,
    graphstore.blueprint,
    guide.blueprint,
    matrix.blueprint,
    network.blueprint,
    ontology.blueprint,
    quality.blueprint,
    sheets.blueprint,
    sparql.blueprint,
    suggesting.blueprint,
    welcome.blueprint,
)
NAVIGATION = (
    (N_("Browse"), "/browse"),
    (N_("Matrix"), "/matrix"),
    (N_("Compare"), "/compare"),
    (N_("Questions"), "/library"),
    (N_("SPARQL"), "/sparql"),
    (N_("Ontology"), "/page/ontology"),
    (N_("Sources"), "/sources"),
    (N_("Quality"), "/quality"),
    (N_("About"), "/about"),
)


def create_app(store: Store, release: Release, config: Config | None = None) -> Flask:
    """Return the WSGI application for one release; it keeps nothing between requests but what the release fixes."""
    config = config or Config()
    addresses = Addresses(release.manifest.base, config.public_url)
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # its redirect would name a host
    app.config["MAX_CONTENT_LENGTH"] = config.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = config.body_bytes
    reader = Reader(store, release.manifest.base, release.answers, release.each)
    site = Site(store, release, config, addresses, reader)
    app.extensions[NAME] = site
    app.extensions["migov.suggest"] = lambda words: site.find(words, 5)
    language.init_app(app)
    representation.init_app(app)
    problem.init_app(app, addresses)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _dress(app, site)
    return app


def _dress(app: Flask, site: Site) -> None:
    """Give the templates what they all use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "date": wording.date,
        "as_of": wording.as_of,
        "number": lambda value: wording.number(str(value)),
        "sentence": words.sentence_case,
        "spaced": lambda name: words.sentence_case(spaced(name)),
    }
    app.jinja_env.globals |= {
        "link": site.addresses.link,
        "absolute": site.addresses.absolute,
        "page_of": site.addresses.href,
        "counted": wording.counted,
        "local": words.local,
        "row": rows.row,
        "many_rows": rows.MANY,
        "near": lambda: rows.near(request.path, site.addresses.link("/page/")),
        "navigation": NAVIGATION,
        "release": site.release,
        "release_date": lambda: _release_date(site.release),
        "shown_release": Markup('<span class="iri">{}</span>').format(site.release.id[:12]),
        "root": site.addresses.root,
        "version": __version__,
        "formats": negotiation.GRAPH_FORMATS,
        "style": assets.address("site.css"),
        "editor": assets.address("editor.js"),
        "editor_style": assets.address("editor.css"),
        "preview": site.addresses.public and site.addresses.absolute(assets.address("preview.png")),
        "suggesting": assets.address("suggest.js"),
    }


def _release_date(release: Release) -> str:
    created = release.manifest.created
    return wording.date(date.fromisoformat(created[:10]).isoformat()) if created else ""
