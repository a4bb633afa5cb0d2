"""The view of a State."""

from migov.web.kinds.about import About, Shown


def shown(about: About) -> Shown:
    """The page of a State."""
    return Shown("kinds/state.html")
