"""Imports organisations: their kind, names over time, larger wholes, seats, websites, beginnings and ends.

Rows that repeat a key are what several sources say of one body. A body that the graph has already keeps its class and
its labels; it only gains what is new. Kinds that are offices held by one person make posts.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from migov.record import bodies, changing, naming, placing, tables
from migov.record.bodies import PREDECESSOR, Body, Told
from migov.record.citing import TRUST, Citer, as_of
from migov.record.codes import words
from migov.record.context import Context
from migov.record.draft import Draft
from migov.record.evidence import claim, text, triples
from migov.record.keys import iri, term
from migov.record.tables import Column, Layout, Problems, Row, Table
from migov.vocabulary import RDF_TYPE

LAYOUT = Layout(
    "organisations",
    "Organisations, their parts and their organs; a key may be repeated where sources differ",
    (
        Column("key", "short key, by which other tables name it", True),
        Column(
            "name_en",
            "name in English, with '(as given in the source)' where nothing spells it out",
            True,
        ),
        Column("name_fr", "name in French"),
        Column("name_es", "name in Spanish"),
        Column("abbreviation", "short form in English"),
        Column("abbreviation_fr", "short form in French"),
        Column("former_names", "former and other names, divided by semicolons, with their time in brackets"),
        Column("kind", "what it is, in the words of the code list organisation-type", True),
        Column("parent_key", "key of the larger whole"),
        Column("established", "day, month or year of its beginning"),
        Column("established_precision", "day, month or year"),
        Column("established_by", "what it was founded by"),
        Column("hq_city", "town of its seat"),
        Column("hq_country_iso3", "ISO 3166-1 alpha-3 code of the State in which that town lies"),
        Column("website", "its address on the Web"),
        Column("status", "its fate: renamed, replaced by, became, abolished or ended, and when"),
        Column("source_url", "address of the source", True),
        Column("source_as_of", "the state that the source shows; 'undated' where that is not known"),
        Column("extra_sources", "further addresses, divided by blanks"),
        Column("note", "what to beware of"),
    ),
)
ENTITIES, KINDS = "entities/bodies", "claims/organisations/kinds"
_BRACKET = re.compile(r"\((.+)\)$")
POSTS = {"special procedure", "special representative"}
_CLASSES = {
    "intergovernmental-organisation": "mgo:IntergovernmentalOrganisation",
    "regional-organisation": "mgo:IntergovernmentalOrganisation",
    "specialised-agency": "mgo:IntergovernmentalOrganisation",
    "treaty-body": "mgo:TreatyBody",
    "principal-organ": "mgo:Organ",
    "functional-commission": "mgo:Organ",
    "regional-commission": "mgo:Organ",
    "subsidiary-organ": "mgo:Organ",
    "political-body": "mgo:Organ",
    "governing-body": "mgo:Organ",
    "human-rights-body": "mgo:Organ",
    "inter-agency-network": "mgo:InterAgencyMechanism",
    "campaign-network": "mgo:InterAgencyMechanism",
    "consultation-mechanism": "mgo:ConsultationProcess",
    "regional-consultative-process": "mgo:ConsultationProcess",
    "interregional-forum": "mgo:ConsultationProcess",
    **dict.fromkeys(
        ("secretariat", "secretariat-department", "headquarters-unit", "regional-office", "country-office",
         "liaison-office", "service-centre", "knowledge-platform"),
        "org:OrganizationalUnit",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the graph says of entities outside the file that this import writes."""

    entities: set[NamedNode]
    labels: set[tuple[NamedNode, str, str | None]]  # entity, label property, language


def run(table: Table, context: Context) -> None:
    """Check every row, refuse the table if one is wrong, and put what the rows say into the files."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        groups[row["key"]].append(row)
    found = {key: _body(key, rows, groups, context) for key, rows in groups.items()}
    _check(table, found, context)
    draft, citer = Draft(context), Citer(context)
    entities = _entities(found, _known(context))
    context.register.learn(entities)
    draft.add(ENTITIES, entities)
    for body in found.values():
        told = [Told(row, citer, as_of(row["source_as_of"])) for row in body.rows]
        _kinds(draft, body, told)
        bodies.names(draft, body, told)
        bodies.beginning(draft, body, told)
        bodies.end(draft, body, told, found)
        for number, one in enumerate(told):
            _place(draft, body, one, found, context)
            context.ledger.record(one.main.document, one.outcome(first=number == 0))
    draft.save("relations/organisations")
    citer.save("sources/organisations")


def _body(key: str, rows: list[Row], groups: dict[str, list[Row]], context: Context) -> Body:
    row = rows[0]
    kind = row["kind"] if row["kind"] in {PREDECESSOR, *POSTS} else words("organisation-type").get(row["kind"], "")
    sort = "post" if kind in POSTS else "org"
    label = row["name_en"].removesuffix(bodies.AS_GIVEN)
    bracket = _BRACKET.search(row["kind"])
    if bracket and any(other[0]["name_en"] == row["name_en"] for name, other in groups.items() if name != key):
        label += f" ({bracket[1]})"
    return Body(context.register.find(sort, key) or iri(sort, key), kind, label, rows)


def _check(table: Table, found: dict[str, Body], context: Context) -> None:
    for row in table:
        problems = table.problems
        if row["kind"] not in {PREDECESSOR, *POSTS}:
            tables.code(row, "kind", words("organisation-type"), problems)
        if row["kind"] == PREDECESSOR and not context.register.find("org", row["key"]):
            problems.add(row, f"{row['key']!r} is no key of the body that went by this name: add it as mgo:tableKey")
        if row["parent_key"] and not _above(row, found, context):
            problems.add(row, f"organisation {row['parent_key']!r} is unknown")
        if row["hq_country_iso3"] and not context.register.find("state", row["hq_country_iso3"]):
            problems.add(row, f"State {row['hq_country_iso3']!r} is unknown")
        tables.moment(row, "established", problems, "established_precision")
        _check_words(row, found, problems)
    table.problems.refuse()


def _check_words(row: Row, found: dict[str, Body], problems: Problems) -> None:
    try:
        naming.former(row["former_names"])
        fate = changing.fate(row["status"])
    except ValueError as error:
        problems.add(row, str(error))
        return
    if fate and fate.by and not bodies.successor(fate.by, found):
        problems.add(row, f"no organisation of the table is called {fate.by!r}")
    if row["source_as_of"] not in ("", "undated") and as_of(row["source_as_of"]) is None:
        problems.add(row, f"source_as_of {row['source_as_of']!r} is no date: write 'undated' where there is none")


def _above(row: Row, found: dict[str, Body], context: Context) -> NamedNode | None:
    parent = row["parent_key"]
    return found[parent].node if parent in found else context.register.find("org", parent)


def _known(context: Context) -> Known:
    known = Known(set(), set())
    for name in context.files.named("entities/*"):
        for triple in context.files.read(name) if name != ENTITIES else ():
            if not isinstance(triple.subject, NamedNode):
                continue
            if triple.predicate.value == RDF_TYPE:
                known.entities.add(triple.subject)
            elif isinstance(triple.object, Literal):
                known.labels.add((triple.subject, triple.predicate.value, triple.object.language))
    return known


def _entities(found: dict[str, Body], known: Known) -> list[Triple]:
    made: list[Triple] = []
    for body in found.values():
        if body.kind == PREDECESSOR:
            continue
        if body.node not in known.entities:
            kind = "org:Post" if body.is_post else _CLASSES.get(body.kind, "org:Organization")
            parent = body.rows[0]["parent_key"]
            above = found[parent].node if body.is_post and parent else None
            made += triples(body.node, kind, [("org:postIn", above)])
        for predicate, label in _labels(body):
            if (body.node, predicate.value, label.language) not in known.labels:
                made.append(Triple(body.node, predicate, label))
    return made


def _labels(body: Body) -> list[tuple[NamedNode, Literal]]:
    labels = [(term("skos:prefLabel"), text(body.label, "en"))]
    for column, language in (("name_fr", "fr"), ("name_es", "es")):
        if name := _first(body, column):
            labels.append((term("skos:prefLabel"), text(name, language)))
    for column, language in (("abbreviation", "en"), ("abbreviation_fr", "fr")):
        if (name := _first(body, column)) and not body.is_post:
            labels.append((term("mgo:acronym"), text(name, language)))
    return labels


def _first(body: Body, column: str) -> str:
    """Return what the first row says that fills a column, or nothing."""
    return next((row[column] for row in body.rows if row[column]), "")


def _kinds(draft: Draft, body: Body, told: Sequence[Told]) -> None:
    """State what kind of body it is; a kind that a less trusted source gives is set aside."""
    codes = words("organisation-type")
    by_code: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        if one.row["kind"] in codes:
            by_code[codes[one.row["kind"]]].append(one)
    most = min((one.main.trust for one in told), default=0)
    for code, those in by_code.items():
        cited = [one.main for one in those]
        lower = min(one.trust for one in cited) > most
        reason = f"A source of a higher tier ({TRUST[most]}) gives another kind." if lower else None
        made = claim(
            body.node,
            "org:classification",
            term(f"organisation-type:{code}"),
            [one.node for one in cited],
            rank="deprecated" if lower else None,
            reason=reason,
        )
        draft.dispute(KINDS, made, cited)
        if len(by_code) > 1 and those[0] is not told[0]:
            those[0].rival = True


def _place(draft: Draft, body: Body, one: Told, found: dict[str, Body], context: Context) -> None:
    row = one.row
    above = _above(row, found, context) if row["parent_key"] and not body.is_post else None
    if above is not None and above != body.node:
        placing.whole(draft, body.node, above, words("organisation-type").get(row["kind"], ""), one.as_of, [one.main])
    if row["hq_city"]:
        cited = one.elsewhere(f"{one.name}, seat", f"{one.short} {row['hq_city']}")
        day = as_of("1998") if "seat as of 1998" in row["note"] else one.as_of
        state = context.register.find("state", row["hq_country_iso3"]) if row["hq_country_iso3"] else None
        placing.seat(draft, body.node, row, context.register.find("place", row["hq_city"]), state, day, cited)
    if row["website"]:
        placing.website(draft, body.node, row["website"], one.main)
