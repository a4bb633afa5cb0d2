"""``/library``: the questions by group, and a page for each with a form, its answer, files and its query."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from migov import errors
from migov.library import Question
from migov.marking import E_
from migov.store import Answer
from migov.web import answer as answers
from migov.web import citation, problem, representation, results, sparql, spreadsheet
from migov.web.choices import MOST, Choice, choices, chosen
from migov.web.language import _
from migov.web.library import INTRODUCTIONS, address, changed, grouped, questions
from migov.web.negotiation import BINDINGS_FORMATS, HTML, SPREADSHEET
from migov.web.paging import single
from migov.web.site import Site, site

blueprint = Blueprint("library", __name__, url_prefix="/library")
FILES = {**{form.extension: form for form in BINDINGS_FORMATS}, "sheet": SPREADSHEET}
"""The files of an answer by the end of their address."""


@dataclass(frozen=True)
class Field:
    """A parameter on the form: what it is, the value shown, what may be chosen, and what is wrong with the value."""

    name: str
    type: str
    help: str
    value: str
    bounds: tuple[str, str]
    choices: list[Choice]
    wrong: str = ""


@blueprint.get("")
def index() -> Response:
    """Every question by group, with what it answers, and what those lack that have no answer yet."""
    here = site()
    found = questions(here.reader)
    body = render_template(
        "library.html", path="/library", groups=grouped(found), count=len(found), introductions=INTRODUCTIONS
    )
    return representation.respond(body.encode(), HTML, here.release.id, links=[canonical(here, "/library")])


def canonical(here: Site, path: str) -> representation.Link:
    return representation.Link(here.addresses.absolute(path), "canonical")


@blueprint.get("/<name>")
def page(name: str) -> Response:
    """One question with its answer for the values asked for; what is wrong with them stands beside the form."""
    here = site()
    question = called(here, name)
    fields = fields_of(here, question)
    found: dict[str, str] = {field.name: field.value for field in fields}
    answer, fault = None, None
    if not any(field.wrong for field in fields):
        question = question.bound(found)
        try:
            answer = ask(here, question, "json")
        except errors.MigovError as error:
            fault = problem.occurrence_of(error)
    path = address(question, found)
    shown = answers.page(here, question, answer, path, sum(map(weight, fields))) if answer else None
    own = shown.part.own if shown else path
    body = render_template(
        "question.html",
        path=own,
        question=question,
        fields=fields,
        answer=shown,
        fault=fault,
        files=[(form, address(question, found, extension)) for extension, form in FILES.items()],
        code=results.highlighted(question.body),
        editor="/sparql?" + urlencode({"query": question.body}),
        citation=citation.cited(
            here, citation.answer(here, _(question.title), path), f"library/{name}", changed(question, found)
        ),
    )
    if fault is None and not any(field.wrong for field in fields):
        return representation.respond(body.encode(), HTML, here.release.id, links=[canonical(here, own)])
    response = Response(body, fault.status if fault else 400, content_type=HTML.content_type)
    response.headers.extend(fault.headers if fault else {})
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<name>.<extension>")
def file(name: str, extension: str) -> Response:
    """The answer as a file."""
    here = site()
    form = FILES.get(extension)
    if form is None:
        raise errors.NoSuchEntity(E_("An answer comes as %(types)s.", types=", ".join(FILES)))
    question = called(here, name)
    fields = fields_of(here, question)
    for field in fields:
        if field.wrong:
            raise errors.BadRequest(field.wrong)
    found = {field.name: field.value for field in fields}
    answer = ask(here, question.bound(found), "json" if form is SPREADSHEET else form.key)
    until = here.config.limits.deadline + sparql.arrived()
    written = spreadsheet.write(here, answer, until) if form is SPREADSHEET else answer.body
    links = [representation.Link(here.addresses.link(address(question, found)), "alternate", HTML.media_type)]
    response = representation.respond(written, form, here.release.id, links=links)
    kept = "attachment" if form is SPREADSHEET else "inline"
    response.headers["Content-Disposition"] = f'{kept}; filename="migov-{name}.{form.extension}"'
    return response


def called(here: Site, name: str) -> Question:
    """The question of a name; NoSuchEntity when there is none."""
    for question in questions(here.reader):
        if question.name == name:
            return question
    raise errors.NoSuchEntity(E_("The library has no question called %(name)s.", name=repr(name[:60])))


def fields_of(here: Site, question: Question) -> list[Field]:
    """The form of a question with the values that the request gives."""
    fields = []
    for parameter in question.parameters:
        offered = choices(here, parameter)
        value, wrong = chosen(here, parameter, offered, single(parameter.name))
        fields.append(Field(parameter.name, parameter.type, parameter.help, value, parameter.bounds, offered, wrong))
    return fields


def weight(field: Field) -> int:
    """About how many bytes of a page the choices of a field take; many are not listed but typed."""
    return sum(len(c.value) + len(c.label) + 40 for c in field.choices) if len(field.choices) <= MOST else 0


def ask(here: Site, question: Question, form: str) -> Answer:
    """Put a question to the store under the limits of the server."""
    limits = sparql.remaining(here.config.limits)
    cancel = request.environ.get("migov.cancel")
    return here.store.query(question.text, {"bindings": form}, base=here.base, limits=limits, cancel=cancel)
