"""The best view of each kind of entity, chosen by its classes: the one table that says which kind is shown by what.

A view is a function from an ``About`` to a ``Shown``. It lives in a module of this package named after its kind, and
its template in ``templates/kinds/``, where it extends ``entity.html`` and fills or replaces its blocks.
"""

from migov.web import words
from migov.web.kinds import assertion, career, concept, document, organisation, state, treaty
from migov.web.kinds.about import About, Shown, View

__all__ = ["VIEWS", "About", "Shown", "View", "shown"]

VIEWS: tuple[tuple[str, View], ...] = (
    ("State", state.shown),
    ("Treaty", treaty.shown),
    ("Organization", organisation.shown),
    ("Person", career.person),
    ("Post", career.post),
    ("Provision", document.provision),
    ("LegalInstrument", document.instrument),
    ("Document", document.document),
    ("Assertion", assertion.shown),
    ("Concept", concept.shown),
)
"""By the local name of a class, how its individuals are shown; the first that fits the entity or a class above it."""


def shown(about: About) -> Shown:
    """How the page about an entity is put together; entities of other kinds are shown by ``entity.html`` alone."""
    reader = about.here.reader
    classes = {iri for own in about.record.found.entity.classes for iri in (own, *reader.ancestors(own))}
    names = {words.local(iri) for iri in classes}
    return next((view(about) for name, view in VIEWS if name in names), Shown())
