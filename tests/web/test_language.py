"""The site in English, French and Spanish: which language a reader gets, and that nothing mixes them."""

import re
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from migov import library
from migov.web import language, messages, plurals, wording
from migov.web.cache import Cache
from migov.web.environ import Answer, Scope, environ_of, run_wsgi

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH, en;q=0.9", "fr"),
        ("FR-ca;Q=0.4, ES;q=0.5", "es"),
        ("de, es;q=0.3, en;q=0.2", "es"),
        ("de", "en"),
        ("*", "en"),
        ("fr;q=0, *;q=0.5", "en"),
        ("en;q=0, *;q=0.5", "fr"),
        ("es;q=0.5, fr;q=0.5", "es"),
        ("en-GB, en;q=0.9, fr;q=0.95", "en"),
        ("zh-Hant-TW, fr-Latn-FR-1990", "fr"),
        ("fr;q=2, es;q=0.1", "es"),
        ("fr;q=nan, es", "es"),
        (";;;,,,q=1,fr;level=1,\x00, es;q=0.001", "es"),
        ("fr" * 2000, "en"),
        ("en;q=0", "en"),
    ],
)
def test_the_header_is_read_by_weight_and_nonsense_in_it_is_passed_over(header: str, spoken: str) -> None:
    assert language.key_of("", header) == spoken


def test_a_language_in_the_address_goes_before_that_of_the_header() -> None:
    assert language.key_of("lang=es", "fr") == "es"
    assert language.key_of("on=2015-01-31&lang=en&list=x", "fr") == "en"
    assert language.key_of("slang=es&language=es", "fr") == "fr"
    assert language.key_of("lang=xx", "fr") == "fr"


def attributes(html: str) -> str:
    found = re.search(r'<html lang="([^"]*)"', html)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/", "/about", "/browse", "/library", "/sparql", "/search?q=iom"])
def test_pages_are_negotiated_and_say_so(small: FlaskClient, path: str) -> None:
    french = small.get(path, headers=HTML | {"Accept-Language": "fr-BE, en;q=0.5"})
    assert french.headers["Content-Language"] == attributes(french.text) == "fr"
    assert "Accept-Language" in french.vary
    chosen = small.get(f"{path}{'&' if '?' in path else '?'}lang=es", headers=HTML | {"Accept-Language": "fr"})
    assert chosen.headers["Content-Language"] == attributes(chosen.text) == "es"
    assert "Accept-Language" not in chosen.vary
    plain = small.get(path, headers=HTML)
    assert plain.headers["Content-Language"] == attributes(plain.text) == "en"


def test_data_do_not_vary_by_language(small: FlaskClient) -> None:
    one = small.get("/data/dataset.nt")
    other = small.get("/data/dataset.nt", headers={"Accept-Language": "fr"})
    assert one.data == other.data
    assert "Accept-Language" not in other.vary
    assert "Content-Language" not in other.headers


@pytest.mark.parametrize("value", ["xx", "FR", "fr-FR", "../es", "%3Cscript%3E", "en%00", "fr&lang=es", "é"])
def test_an_unknown_language_is_refused(small: FlaskClient, value: str) -> None:
    answer = small.get(f"/about?lang={value}", headers=HTML | {"Accept-Language": "es"})
    assert answer.status_code == 400
    assert attributes(answer.text) == "es"
    assert "<script" not in answer.text
    told = small.get(f"/about?lang={value}", headers={"Accept-Language": "es", "Accept": "application/problem+json"})
    assert told.status_code == 400
    assert told.json is not None
    assert "lang" in told.json["detail"]


@pytest.mark.parametrize("path", ["/browse?lang=fr", "/fr/browse", "/es/browse?lang=fr"])
def test_a_language_that_was_chosen_stays_while_browsing(small: FlaskClient, path: str) -> None:
    page = small.get(path, headers=HTML | {"Accept-Language": "es"})
    assert page.headers["Content-Language"] == attributes(page.text) == "fr"
    assert "Accept-Language" not in page.vary
    links = re.findall(r'<a href="(/[^"]*)"', page.text)
    elsewhere = [link for link in links if not link.startswith("/fr/")]
    assert len(links) > 20
    assert elsewhere == ["/en/browse", "/es/browse", "/validation.ttl"]
    assert all(action.startswith("/fr/") for action in re.findall(r'<form[^>]* action="([^"]*)"', page.text))
    assert not re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.text)[0].startswith("/fr")
    negotiated = small.get("/browse", headers=HTML | {"Accept-Language": "fr"})
    assert '"/fr/' not in "".join(re.findall(r"<main.*</main>", negotiated.text, re.DOTALL))


def test_the_short_links_of_a_long_list_keep_the_language_too(client: FlaskClient) -> None:
    page = client.get("/fr/page/document/icerd", headers=HTML).text
    links = set(re.findall(r'href="(\.\./[^"]*)"', page))
    assert {link.split("/")[1] for link in links} == {"state", "relation"}
    for link in sorted(links)[::20]:
        answer = client.get(urljoin("/fr/page/document/icerd", link), headers=HTML)
        assert (answer.status_code, answer.headers["Content-Language"]) == (200, "fr")
    assert not re.search(r'href="\.\./', client.get("/fr/page/ontology/Treaty", headers=HTML).text)


@pytest.mark.parametrize("path", ["/fr", "/fr/", "/fr/page/org/iom", "/fr/sparql?query=ASK%20%7B%7D", "/fr/nothing"])
def test_an_address_may_begin_with_a_language(small: FlaskClient, path: str) -> None:
    page = small.get(path, headers=HTML)
    plain = small.get(path.removeprefix("/fr") or "/", headers=HTML)
    assert page.status_code == plain.status_code
    assert (attributes(page.text), attributes(plain.text)) == ("fr", "en")


def test_a_language_before_the_address_of_data_changes_nothing(small: FlaskClient) -> None:
    assert small.get("/fr/data/dataset.nt").data == small.get("/data/dataset.nt").data
    answer = small.get("/fr/id/org/iom", headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/fr/page/org/iom")
    assert small.get("/de/about", headers=HTML).status_code == 404


def test_the_switch_leads_to_the_same_page(small: FlaskClient) -> None:
    page = small.get("/search?q=a%26b&lang=fr", headers=HTML).text
    switch = re.search(r'<nav class="languages".*?</nav>', page, re.DOTALL)
    assert switch
    assert 'href="/es/search?q=a%26b" lang="es" hreflang="es">Español' in switch[0]
    assert 'href="/fr/search?q=a%26b" lang="fr" hreflang="fr" aria-current="true">Français' in switch[0]
    assert '<link rel="canonical" href="/search?q=a%26b">' in page
    assert '<link rel="alternate" hreflang="es" href="/es/search?q=a%26b">' in page


def test_the_switch_never_leads_to_another_host(small: FlaskClient) -> None:
    page = small.get("//evil.example/x", headers=HTML).text
    assert 'href="//' not in page


def test_answers_kept_in_memory_are_kept_by_language(small: FlaskClient) -> None:
    kept = Cache()

    def ask(query: str, header: str) -> Answer:
        fields = {"accept": "text/html"} | ({"accept-language": header} if header else {})
        scope = Scope("GET", "/about", query, fields)
        found = kept.answer(scope)
        if found is None:
            found = run_wsgi(small.application, environ_of(scope))
            kept.keep(scope, found)
        return found

    for _ in range(2):
        assert ask("", "").header("content-language") == "en"
        assert ask("", "fr, en;q=0.1").header("content-language") == "fr"
        assert ask("", "es").header("content-language") == "es"
        assert ask("lang=fr", "es").header("content-language") == "fr"
    same = ask("", "fr")
    assert same is ask("", "fr-FR,fr;q=0.9")  # differently worded, the same language


# -- texts ------------------------------------------------------------------------------------------------------

OTHERS = [tag for tag in language.LANGUAGES if tag != language.DEFAULT]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[a-z]|\{\w+\}|</?\w+[^>]*>|&\w+;", text))


@pytest.mark.parametrize("tag", OTHERS)
def test_every_text_has_a_translation_with_the_same_placeholders(tag: str) -> None:
    texts = messages.extracted()
    assert len(texts) > 700
    assert messages.missing(tag) == [], "run `make messages` and translate what is empty"
    known = messages.catalogue(tag)
    assert {(m.id, m.context) for m in known} == {(m.id, m.context) for m in texts} | {("", None)}
    for message in known:
        if isinstance(message.id, tuple):
            one, many = message.string
            assert placeholders(many) == placeholders(message.id[1]), message.id
            assert set(placeholders(one)) <= set(placeholders(many)), message.id
        elif message.id:
            assert placeholders(str(message.string)) == placeholders(message.id), message.id


def test_every_form_keeps_the_language() -> None:
    for path in Path(language.__file__).with_name("templates").rglob("*.html"):
        for form in re.findall(r"<form.*?</form>", path.read_text("utf-8"), re.DOTALL):
            assert re.search(r'<form[^>]* action="{{ link\(', form), path


class Texts(HTMLParser):
    """The texts of a page that stand in its own language, outside of code."""

    QUIET = frozenset({"script", "style", "code", "pre", "option", "textarea"})
    VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle", "line", "col", "wbr"})

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag, self.open = tag, [False]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            given = dict(attrs)
            other = bool(given.get("lang")) and given["lang"] != self.tag
            same = given.get("lang") == self.tag
            self.open.append(tag in self.QUIET or other or (self.open[-1] and not same))
        self.found += [value or "" for name, value in attrs if name in ("aria-label", "title", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open[-1] and data.strip():
            self.found.append(data.strip())


PAGES = [
    "/",
    "/browse",
    "/browse/Treaty",
    "/sources",
    "/search",
    "/search?q=migration",
    "/search?q=qqqq",
    "/library",
    "/library/party-not-member",
    "/library/consents-by-year",
    "/library/objections",
    "/sparql",
    "/quality",
    "/quality/lists",
    "/quality/differences",
    "/quality/ledger",
    "/about",
    "/limits",
    "/formats",
    "/problem/",
    "/problem/not-found",
    "/dump/",
    "/matrix",
    "/page/ontology",
    "/page/concept/rank",
    "/page/state/MEX",
    "/page/state/MEX?on=2003-01-01",
    "/page/document/icrmw",
    "/page/org/iom",
    "/page/org/iom?list=organization.Membership",
    "/page/concept/topic/migration",
    "/network/org/iom",
    "/no/such/page",
]


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_english_left_over(client: FlaskClient, tag: str, path: str) -> None:
    page = client.get(path, headers=HTML | {"Accept-Language": tag})
    assert page.status_code in (200, 404)
    assert attributes(page.text) == tag
    assert "%(" not in page.text
    reader = Texts(tag)
    reader.feed(page.text)
    english = {
        str(m.id) for m in messages.catalogue(tag) if isinstance(m.id, str) and m.string != m.id and len(m.id) > 3
    }
    spoken = {str(m.string) for m in messages.catalogue(tag) if isinstance(m.id, str)}
    assert [text for text in reader.found if text in english - spoken] == []


def test_names_are_those_of_the_language_and_a_fallback_is_shown_as_such(client: FlaskClient) -> None:
    spanish = client.get("/page/state/MEX", headers=HTML | {"Accept-Language": "es"}).text
    assert "<h1>México</h1>" in spanish
    assert re.search(r'<a href="[^"]*" lang="en">Abolition of Forced Labour Convention', spanish)
    english = client.get("/page/state/MEX", headers=HTML).text
    assert "<h1>Mexico</h1>" in english
    assert 'lang="en">Abolition' not in english
    again = client.get("/page/state/MEX", headers=HTML | {"Accept-Language": "es"}).text
    assert again == spanish  # nothing that was remembered meanwhile is in another language


def test_states_are_sorted_as_in_the_language(client: FlaskClient) -> None:
    french = client.get("/page/document/crc", headers=HTML | {"Accept-Language": "fr"}).text
    order = [french.index(f">{name}</a>") for name in ("Estonie", "Éthiopie", "Fidji", "Finlande")]
    assert order == sorted(order)


# -- questions --------------------------------------------------------------------------------------------------

QUESTION = "/library/party-not-member"


def test_a_question_is_asked_in_french_and_its_query_and_files_stay_the_same(client: FlaskClient) -> None:
    page = client.get(f"/fr{QUESTION}", headers=HTML).text
    title = "Quels États étaient, un jour donné, parties à un traité sans être membres d’une organisation\u202f?"
    assert f"<title>{title} · migov</title>" in page
    assert f"<h1>{title}</h1>" in page
    assert '<p class="lead">Les États liés ce jour-là, «\u00a0sûrement\u00a0»' in page
    assert '<label for="p-treaty">Le traité</label>' in page
    assert '<label for="p-on">Le jour demandé</label>' in page
    english = client.get(f"/en{QUESTION}", headers=HTML).text
    assert "<h1>Which States were party to a treaty but not members of an organisation on a day?</h1>" in english
    query = re.search(r"<pre.*?</pre>", english, re.DOTALL)
    assert query
    assert query[0] in page
    for file in (f"{QUESTION}.csv", f"{QUESTION}.srj", "/cite/library/party-not-member.bib"):
        answer = client.get(file, headers={"Accept-Language": "fr"})
        assert answer.status_code == 200
        assert answer.data == client.get(file).data == client.get(f"/fr{file}").data


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/library", "¿En qué orden se incorporaron los Estados a dos tratados?</a><p>Cada Estado por el día en que"),
        ("/library/objections", "<span>Reservas, objeciones y su retiro: las fuentes leídas solo dan firmas"),
        ("/library/consents-by-year", "<figcaption>Total de consentimientos al final de cada año: "),
        ("/sparql", ">¿A qué órganos y procesos pertenece un Estado?</a>"),
        ("/", ">¿Qué Estados consintieron en un tratado en los años siguientes a su adopción?</a>"),
        ("/page/ontology/Membership", ">¿A qué órganos y procesos pertenece un Estado?</a>"),
    ],
)
def test_questions_are_in_the_language_wherever_they_are_shown(client: FlaskClient, path: str, shown: str) -> None:
    page = client.get(f"/es{path}", headers=HTML).text
    assert shown in page
    asked = {question.title for question in library.questions()}
    assert not [title for title in asked if title in page]


def test_a_question_without_translation_is_shown_in_english_and_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "catalogue", lambda _tag: NullTranslations())
    page = client.get(f"/fr{QUESTION}", headers=HTML).text
    assert '<h1 lang="en">Which States were party to a treaty' in page
    assert '<label for="p-treaty" lang="en">The treaty</label>' in page


def test_the_service_description_and_citations_for_programs_stay_english(client: FlaskClient) -> None:
    described = client.get("/fr/sparql", headers={"Accept": "text/turtle", "Accept-Language": "fr"})
    assert described.data == client.get("/sparql", headers={"Accept": "text/turtle"}).data
    assert '"Which States were party to a treaty but not members of an organisation on a day?"@en' in described.text


# -- dates, numbers, lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "en", "fr", "es"),
    [
        ("2018-10-01", "1 October 2018", "1er octobre 2018", "1 de octubre de 2018"),
        ("2018-10-02", "2 October 2018", "2 octobre 2018", "2 de octubre de 2018"),
        ("2018-10", "October 2018", "octobre 2018", "octubre de 2018"),
        ("2018", "2018", "2018", "2018"),
        ("about 1950", "about 1950", "about 1950", "about 1950"),
    ],
)
def test_dates_are_written_as_precisely_as_they_are_in_each_language(text: str, en: str, fr: str, es: str) -> None:
    for tag, expected in (("en", en), ("fr", fr), ("es", es)):
        with language.using(tag):
            assert wording.date(text) == expected


def test_what_stands_before_a_date_fits_its_precision() -> None:
    with language.using("fr"):
        assert wording.since("2018-10-01") == "depuis le 1er octobre 2018"
        assert wording.since("2018") == "depuis 2018"
        assert wording.until("2018-10-05") == "jusqu’au 5 octobre 2018"
        assert wording.until("2018-10") == "jusqu’en octobre 2018"
        assert wording.period("2001-02-03", "2004-05-06", "") == "du 3 février 2001 au 6 mai 2004"
        assert wording.period("2001", "2004", "") == "2001 – 2004"
    with language.using("es"):
        assert wording.since("2018-10-01") == "desde el 1 de octubre de 2018"
        assert (
            wording.period("2001-02-03", "", "ended") == "desde el 3 de febrero de 2001, terminado en fecha desconocida"
        )
    assert wording.period("2001", "2004", "") == "2001 to 2004"


def test_numbers_and_lists_are_those_of_the_language() -> None:
    assert wording.number("12345.50") == "12,345.50"
    assert [wording.brief(f"2018-{month:02}-03").split(" ")[1] for month in (1, 6, 9)] == ["Jan", "Jun", "Sep"]
    with language.using("fr"):
        assert wording.number("12345.50") == "12\u202f345,50"
        assert wording.listed(["a", "b", "c"]) == "a, b et c"
        assert language.ngettext("%(num)s row", "%(num)s rows", 0) == "0 ligne"
    with language.using("es"):
        assert wording.listed(["España", "Irlanda"]) == "España e Irlanda"
        assert wording.either(["uno", "otro"]) == "uno u otro"
        assert language.ngettext("%(num)s row", "%(num)s rows", 1234) == "1\u00a0234 filas"


@pytest.mark.parametrize(
    ("tag", "name", "many"),
    [
        ("fr", "Organisation intergouvernementale", "Organisations intergouvernementales"),
        ("fr", "Acte relatif à un traité", "Actes relatifs à un traité"),
        ("fr", "Instrument national", "Instruments nationaux"),
        ("fr", "Tableau importé", "Tableaux importés"),
        ("fr", "Changement d’un poste", "Changements d’un poste"),
        ("es", "Organización intergubernamental", "Organizaciones intergubernamentales"),
        ("es", "Período de sesiones", "Períodos de sesiones"),
        ("es", "Voz", "Voces"),
        ("es", "País", "Países"),
        ("es", "Órgano de tratado", "Órganos de tratado"),
    ],
)
def test_names_of_kinds_have_plurals(tag: str, name: str, many: str) -> None:
    assert plurals.plural(name, tag) == many
