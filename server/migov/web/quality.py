"""The quality of the data, told by the data itself: lists, validation, disagreements, and the ledger of the import."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from migov import resources
from migov.graph import reported
from migov.store import Iri
from migov.vocabulary import BASE, prefixes
from migov.web import differences, language, ledger, words
from migov.web.catalogue import html_page
from migov.web.language import N_
from migov.web.paging import Pages, pages
from migov.web.reader import Names, Node, Row
from migov.web.record import Record, Value
from migov.web.site import Site, site
from migov.web.statements import Neighbourhood

blueprint = Blueprint("quality", __name__, url_prefix="/quality")
FEW = 8
_SHORT = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z0-9][\w.-]*\w")
DIFFERENCES_PER_PAGE = 40
LISTS = {
    "parties": N_("Parties"),
    "members": N_("Members"),
    "observers": N_("Observers"),
    "signatories": N_("Signatories"),
}
SEVERITIES = {"Violation": "errors", "Warning": "warnings", "Info": "notes"}


@blueprint.get("")
def overview() -> Response:
    """What is complete, what validation found, where sources differ, and what became of the tables' rows."""
    here = site()
    claims, figures = _keys(here)
    kinds = report(here)
    body = render_template(
        "quality.html",
        path="/quality",
        lists=coverage(here),
        count=Counter(SEVERITIES[kind.severity] for kind in kinds for _ in kind.findings),
        kinds=kinds,
        claims=len(claims),
        figures=len(figures),
        some=differences.shown(here, claims[:FEW]),
        tables=_tables(here),
        shape_name=shape_name,
        about=_about(here),
        examples=Telling(here, [kind.findings[0].message for kind in kinds]),
    )
    return html_page(here, "/quality", body)


@blueprint.get("/lists")
def lists() -> Response:
    """Every list with what each source says of its completeness."""
    here = site()
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in here.reader.rows("lists"):
        groups.setdefault((row["list"].value, row["kind"].value), []).append(row)
    part = pages("/quality/lists", len(groups))
    shown = part.cut(list(groups.values()))
    tell = teller(here, [row for rows in shown for row in rows])
    lines = [
        (tell.value(rows[0]["list"]), tell.value(rows[0]["kind"]), [_in_words(tell, row) for row in rows])
        for rows in shown
    ]
    body = render_template("quality_lists.html", path="/quality/lists", lines=lines, part=part)
    return html_page(here, part.own, body)


def _in_words(tell: Record, row: Row) -> dict[str, Value]:
    return {name: tell.value(value) for name, value in row.items()}


def coverage(here: Site) -> list[tuple[str, dict[str, int], int]]:
    """By kind of list: how many lists are complete, partial or not known to be either, by their best source."""
    return here.reader.once("coverage", lambda: _coverage(here))


def _coverage(here: Site) -> list[tuple[str, dict[str, int], int]]:
    best: dict[tuple[str, str], str] = {}
    order = ("complete", "partial", "unknown")
    for row in here.reader.rows("lists"):
        key = words.local(row["kind"].value), row["list"].value
        given = words.local(row["completeness"].value)
        best[key] = min(best.get(key, given), given, key=lambda code: order.index(code) if code in order else 9)
    kinds = sorted({kind for kind, _ in best})
    found = []
    for kind in kinds:
        count = Counter(given for (of, _), given in best.items() if of == kind)
        found.append(
            (
                LISTS.get(kind, words.sentence_case(kind.replace("-", " "))),
                {code: count[code] for code in order},
                count.total(),
            )
        )
    return found


def teller(here: Site, rows: list[Row], names: Names | None = None) -> Record:
    """Puts the values of rows in words and links; what they name is looked up once for all."""
    iris = {value.value for row in rows for value in row.values() if isinstance(value, Iri)}
    return Record(here.reader, here.addresses, Neighbourhood(Node(""), names=names or here.reader.names_of(iris)))


@blueprint.get("/validation/<name>")
def validation(name: str) -> Response:
    """What one shape or check found, with links to the entities."""
    here = site()
    kind = next((kind for kind in report(here) if shape_name(kind.shape) == name), None)
    if kind is None:
        raise NotFound
    path = f"/quality/validation/{name}"
    part = pages(path, len(kind.findings))
    shown = part.cut(kind.findings)
    names = here.reader.names_of({finding.focus for finding in shown})
    tell = teller(here, [], names)
    telling = Telling(here, [finding.message for finding in shown])
    rows = [(tell.link(finding.focus) if finding.focus else None, telling.of(finding.message)) for finding in shown]
    title = words.sentence_case(_about(here).get(kind.shape, name))
    body = render_template("quality_kind.html", path=path, kind=kind, name=name, title=title, rows=rows, part=part)
    return html_page(here, part.own, body)


def _about(here: Site) -> dict[str, str]:
    return here.reader.once("about checks", lambda: reported.names(resources.default()), worded=False)


class Telling:
    """Puts messages of checks in words: what they call by a short name is called by its own, and linked."""

    def __init__(self, here: Site, messages: Iterable[str]) -> None:
        self._here = here
        named = {self._iri(match[0]) for message in messages for match in _SHORT.finditer(message)} - {""}
        self._tell = teller(here, [], here.reader.names_of(named))

    def of(self, message: str) -> list[Value]:
        """The message cut where it names something, in English as the message itself."""
        found, at = [], 0
        with language.english():
            for match in _SHORT.finditer(message):
                iri = self._iri(match[0])
                if iri:
                    found += [Value(message[at : match.start()]), self._tell.link(iri)]
                    at = match.end()
        return [*found, Value(message[at:])]

    def _iri(self, name: str) -> str:
        """The IRI of a prefixed name of the graph, '' for any other text."""
        prefix, _, key = name.partition(":")
        space = prefixes().get(prefix, "").replace(BASE, self._here.base, 1)
        return space + key if space.startswith(self._here.base) else ""


def report(here: Site) -> tuple[reported.Kind, ...]:
    """What validation found in this release; nothing where the release has no report."""
    return _report(here.release.report) if here.release.report.is_file() else ()


@cache
def _report(path: Path) -> tuple[reported.Kind, ...]:
    return reported.read(path)


def shape_name(iri: str) -> str:
    """The short name of a shape or check, as in the address of its page."""
    return words.local(iri)


@blueprint.get("/differences")
def claims() -> Response:
    """Every property on which claims differ."""
    here = site()
    return _differences(here, "/quality/differences", N_("Where sources differ on facts"), _keys(here)[0])


@blueprint.get("/figures")
def figures() -> Response:
    """Every figure on which sources differ for one time."""
    here = site()
    return _differences(here, "/quality/figures", N_("Where sources differ on figures"), _keys(here)[1])


def _keys(here: Site) -> tuple[differences.Groups, differences.Groups]:
    return here.reader.once("differences", lambda: differences.keys(here), worded=False)


def _differences(here: Site, path: str, title: str, groups: differences.Groups) -> Response:
    part: Pages = pages(path, len(groups), DIFFERENCES_PER_PAGE)
    shown = differences.shown(here, part.cut(groups))
    body = render_template("quality_differences.html", path=path, title=title, differences=shown, part=part)
    return html_page(here, part.own, body)


def _tables(here: Site) -> list[ledger.Table]:
    return here.reader.once("ledger", lambda: ledger.tables(here))


@blueprint.get("/ledger")
def accounts() -> Response:
    """For every table and source: rows in, made, merged, disputed, set aside and why."""
    here = site()
    tables = _tables(here)
    body = render_template("ledger.html", path="/quality/ledger", tables=tables, total=ledger.total(tables))
    return html_page(here, "/quality/ledger", body)


@blueprint.get("/ledger/<name>")
def account(name: str) -> Response:
    """The ledger of one table, source by source."""
    here = site()
    table = next((table for table in _tables(here) if table.name == name), None)
    if table is None:
        raise NotFound
    path = f"/quality/ledger/{name}"
    part = pages(path, len(table.lines), 200)
    body = render_template("ledger_table.html", path=path, table=table, lines=part.cut(table.lines), part=part)
    return html_page(here, part.own, body)
