"""One page of every kind that the site has: what must hold of each kind is told of these."""

from urllib.parse import quote

LISTED = "SELECT ?state ?label { ?state a mgo:State ; skos:prefLabel ?label } LIMIT 5"
PAGES: dict[str, tuple[str, int]] = {
    "home": ("/", 200),
    "search": ("/search?q=migra", 200),
    "search, nothing found": ("/search?q=migrashun", 200),
    "classes": ("/browse", 200),
    "individuals": ("/browse/Treaty", 200),
    "State": ("/page/state/PHL", 200),
    "State on a day": ("/page/state/PHL?on=2005-06-30", 200),
    "treaty": ("/page/document/icrmw", 200),
    "organisation": ("/page/org/iom", 200),
    "list of its own": ("/page/org/iom?list=named.NameUse", 200),
    "person": ("/page/person/amy-pope", 200),
    "post": ("/page/post/iom-director-general", 200),
    "document": ("/page/document/world-migration-report", 200),
    "code list": ("/page/concept/treaty-action", 200),
    "code": ("/page/concept/treaty-action/ratification", 200),
    "ontology": ("/page/ontology", 200),
    "named graph": ("/page/graph/sources/documents", 200),
    "library": ("/library", 200),
    "question": ("/library/standing", 200),
    "question with a wrong value": ("/library/standing?on=never", 400),
    "SPARQL": ("/sparql", 200),
    "SPARQL with a result": (f"/sparql?query={quote(LISTED)}", 200),
    "SPARQL with an error": (f"/sparql?query={quote(LISTED.replace('}', '', 1))}", 400),
    "sources": ("/sources", 200),
    "quality": ("/quality", 200),
    "quality, differences": ("/quality/differences", 200),
    "quality, lists": ("/quality/lists", 200),
    "ledger": ("/quality/ledger", 200),
    "downloads": ("/dump/", 200),
    "formats": ("/formats", 200),
    "limits": ("/limits", 200),
    "problems": ("/problem/", 200),
    "problem type": ("/problem/query-syntax", 200),
    "nothing there": ("/page/org/nobody-knows-it", 404),
    "bad request": ("/page/state/PHL?on=yesterday", 400),
    "how we know": ("/about", 200),
}
"""What a kind of page is called, the address of one, and the status it is answered with."""
