"""The views of a person and of a post: tenures along the years, and as a list."""

from collections.abc import Sequence

from migov.web import registers
from migov.web.bands import Drawing, Period, draw, scale_of
from migov.web.kinds import offices
from migov.web.kinds.about import About, Shown
from migov.web.kinds.proof import learn
from migov.web.language import _
from migov.web.reader import Row
from migov.web.record import Record, Value

_FEWEST = 2
"""A drawing needs so many bands."""


def person(about: About) -> Shown:
    """The page of a person: the posts held, by organisation."""
    rows = _read(about, "person")
    proofs = learn(about.record, (row["node"].value for row in rows))
    held = offices.offices(about.record, proofs, rows, "org", "post")
    groups = [
        (office.who.text, offices.periods(about.record, office.rows, "post", day=about.record.day)) for office in held
    ]
    return _shown(about, _("Posts held"), held, groups, "member.PostTenure")


def post(about: About) -> Shown:
    """The page of a post: its holders, the latest first."""
    record, rows = about.record, _read(about, "post")
    proofs = learn(record, (row["node"].value for row in rows))
    holders = [offices.told(record, proofs, row, "person") for row in offices.latest(rows)]
    held = [offices.Office(Value(_("Holders")), holders, rows)] if rows else []
    groups = [(_("Holders"), offices.periods(record, rows, "person", day=record.day))]
    return _shown(about, _("Holders over time"), held, groups, "post.PostTenure")


def _read(about: About, column: str) -> Sequence[Row]:
    rows = registers.tenures(about.record.reader, column, about.record.iri)
    offices.learn_names(about.record, rows)
    return rows


def _shown(
    about: About,
    heading: str,
    held: Sequence[offices.Office],
    groups: Sequence[tuple[str, Sequence[Period]]],
    name: str,
) -> Shown:
    more = {"career": heading, "offices": held, "drawing": _drawing(about, about.record, groups)}
    return Shown("kinds/career.html", more, unread=frozenset({name}))


def _drawing(about: About, record: Record, groups: Sequence[tuple[str, Sequence[Period]]]) -> Drawing | None:
    """The bands; None where there are too few to see anything."""
    until = record.day or about.here.release.manifest.as_of
    scale = scale_of(groups, until)
    if scale is None or sum(len(periods) for _label, periods in groups) < _FEWEST:
        return None
    drawing = draw(groups, scale, until)
    return drawing if sum(len(lane.bands) for lane in drawing.lanes) >= _FEWEST else None
