"""The site in English, French and Spanish: which language a reader gets, and that nothing mixes them."""

import re

import pytest
from flask.testing import FlaskClient

from migov.web import language
from migov.web.cache import Cache
from migov.web.environ import Answer, environ_of, headers_of, run_wsgi
from web.test_shell import Headers, Scope

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


def test_a_language_that_was_chosen_stays_while_browsing(small: FlaskClient) -> None:
    page = small.get("/browse?lang=fr", headers=HTML)
    links = re.findall(r'<a href="(/[^"]*)"', page.text)
    inside = [link for link in links if "lang=" not in link]
    assert len(links) > 20
    assert inside == ["/validation.ttl"]
    assert '<input type="hidden" name="lang" value="fr">' in page.text
    assert "lang=" not in re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.text)[0]
    negotiated = small.get("/browse", headers=HTML | {"Accept-Language": "fr"})
    assert "lang=fr" not in "".join(re.findall(r"<main.*</main>", negotiated.text, re.DOTALL))


def test_the_switch_leads_to_the_same_page(small: FlaskClient) -> None:
    page = small.get("/search?q=a%26b&lang=fr", headers=HTML).text
    switch = re.search(r'<nav class="languages".*?</nav>', page, re.DOTALL)
    assert switch
    assert 'href="/search?q=a%26b&amp;lang=es" lang="es" hreflang="es">Español' in switch[0]
    assert 'href="/search?q=a%26b&amp;lang=fr" lang="fr" hreflang="fr" aria-current="true">Français' in switch[0]
    assert '<link rel="canonical" href="/search?q=a%26b">' in page
    assert '<link rel="alternate" hreflang="es" href="/search?q=a%26b&amp;lang=es">' in page


def test_the_switch_never_leads_to_another_host(small: FlaskClient) -> None:
    page = small.get("//evil.example/x", headers=HTML).text
    assert 'href="//' not in page


def test_answers_kept_in_memory_are_kept_by_language(small: FlaskClient) -> None:
    kept = Cache()

    def ask(query: str, header: str) -> Answer:
        scope = Scope(path="/about", query_string=query, headers=Headers({"accept": "text/html"}))
        if header:
            scope.headers["accept-language"] = header
        headers = headers_of(scope)
        found = kept.answer(scope, headers)
        if found is None:
            found = run_wsgi(small.application, environ_of(scope, headers))
            kept.keep(scope, headers, found)
        return found

    for _ in range(2):
        assert ask("", "").header("content-language") == "en"
        assert ask("", "fr, en;q=0.1").header("content-language") == "fr"
        assert ask("", "es").header("content-language") == "es"
        assert ask("lang=fr", "es").header("content-language") == "fr"
    same = ask("", "fr")
    assert same is ask("", "fr-FR,fr;q=0.9")  # differently worded, the same language
