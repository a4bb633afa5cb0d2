"""The view of a treaty."""

from migov.web.kinds.about import About, Shown


def shown(about: About) -> Shown:
    """The page of a treaty."""
    return Shown("kinds/treaty.html")
