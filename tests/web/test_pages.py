"""Pages as people read them: facts with their sources, disagreements, names, lists, search, limits."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from migov import queries
from migov.graph.release import Release
from migov.settings import LIMITS
from migov.store import Iri
from migov.web import catalogue, wording
from migov.web.negotiation import BINDINGS_FORMATS, GRAPH_FORMATS
from migov.web.problems import PROBLEMS, Problem
from migov.web.site import NAME, Site

IOM = "/page/org/iom"


class Text(HTMLParser):
    """The words of a page, and the ids and fragments in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.fragments: set[str] = set()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            elif name == "href" and value and value.startswith("#"):
                self.fragments.add(value[1:])

    def __str__(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def section(page: str, name: str) -> str:
    return page.split(f'id="h-{name}"', 1)[1].split("</section>", 1)[0]


@pytest.mark.parametrize("path", [IOM, "/page/org/un", "/page/person/antonio-vitorino", "/page/document/icrmw"])
def test_every_number_leads_to_a_place_in_a_source(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    page = Text(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.fragments <= set(page.ids)
    numbers = re.findall(r'class="src" href="([^"]+)"', html)
    assert numbers
    for target in sorted({target for target in numbers if not target.startswith("#")})[:5]:
        assert target.startswith("/page/evidence/")
        assert client.get(target).status_code == 200


def test_a_source_is_named_with_place_and_printed_words(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    rows = site.store.rows(
        "SELECT ?a ?quote ?locator { ?a mgo:observedEntity o:iom ; mgo:evidence ?e . ?e mgo:paragraph ?paragraph ."
        " ?e mgo:quote ?quote ; mgo:locator ?locator } ORDER BY ?a LIMIT 12"
    )
    assert rows
    for row in rows:
        sources = str(Text(section(client.get(str(site.addresses.href(row["a"].value))).text, "sources")))
        assert re.sub(r"\s+", " ", row["quote"].value) in sources
        assert re.sub(r"\s+", " ", row["locator"].value) in sources


def test_figures_keep_their_hedge_and_rivals_stand_side_by_side(client: FlaskClient) -> None:
    name = "observedEntity.Observation"
    assert "more than 7,800" in str(Text(client.get(f"{IOM}?list={name}").text))
    page = client.get(IOM).text
    assert "member States" in str(Text(section(page, name))).replace("Member", "member")
    rivals = str(Text(section(page, "differ")))
    assert "174" in rivals
    assert "175" in rivals
    assert "undated" in rivals


def test_periods_are_in_words(client: FlaskClient) -> None:
    text = str(Text(client.get("/page/person/antonio-vitorino").text))
    assert "since 1 October 2018" in text
    assert "appointed June 2018" in text


def test_a_source_document_lists_what_rests_on_it(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    read = site.store.rows("SELECT ?document ?digest { ?document mgo:sha256 ?digest }")
    assert read
    for row in read:
        page = client.get(str(site.addresses.href(row["document"].value))).text
        assert section(page, "resting").count("“") > 20
        assert row["digest"].value in page


def test_every_kind_of_thing_has_a_page_that_names_it(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    one = "SELECT ?one { ?one a <%s> FILTER(CONTAINS(STR(?one), '/id/')) } LIMIT 1"  # all at once takes the engine long
    rows = [row for found in site.reader.rows("classes") for row in site.store.rows(one % found["class"].value)]
    assert len(rows) > 20
    for row in rows:
        iri = row["one"].value
        page = client.get("/page/" + iri.removeprefix("https://w3id.org/migov/id/"))
        assert page.status_code == 200, iri
        assert iri in page.text
        title = str(Text(page.text.split("<h1", 1)[1].split("</h1>")[0])).split(">", 1)[-1]
        assert title.strip()
        assert not title.startswith("http"), f"{iri} has no name"


def test_terms_read_by_their_labels(client: FlaskClient) -> None:
    headings = re.findall(r"<dt>([^<]+)", client.get(IOM).text)
    assert headings
    assert not [h for h in headings if (":" in h and "/" in h) or "_" in h or re.search(r"[a-z][A-Z]", h)]


def test_the_ontology_page_has_every_term_at_its_anchor(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    html = client.get("/page/ontology").text
    page = Text(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.fragments <= set(page.ids)
    for iri, node in site.reader.terms.items():
        if iri.startswith(site.base) and "Ontology" not in "".join(node.classes):
            assert iri.rsplit("/", 1)[-1] in page.ids
            assert f'href="/page/ontology/{iri.rsplit("/", 1)[-1]}"' in html


def test_a_code_list_shows_each_code_in_three_languages(client: FlaskClient) -> None:
    text = str(Text(client.get("/page/concept/qualifier").text))
    for word in ("more than", "más de", "plus de", "more-than"):
        assert word in text


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("iom", "/page/org/iom"),
        ("intern org migr", "/page/org/iom"),
        ("vitorino antonio", "/page/person/antonio-vitorino"),
        ("UNHCR", "/page/org/unhcr"),
    ],
)
def test_search_finds_by_acronym_part_and_accent(client: FlaskClient, words: str, target: str) -> None:
    page = client.get("/search", query_string={"q": words}, headers={"Accept": "text/html"}).text
    assert re.findall(r'<a href="([^"]+)"', page.split('class="hits"')[1])[0] == target
    told = client.get("/search", query_string={"q": words}, headers={"Accept": "application/json"}).get_json()
    assert told["results"][0]["iri"].endswith(target.removeprefix("/page/"))


@pytest.mark.parametrize("words", ["", "   ", '"', "* OR (", "NEAR(a b)", "' --", "\u202e", "a" * 5000])
def test_no_search_words_break_the_search(client: FlaskClient, words: str) -> None:
    assert client.get("/search", query_string={"q": words}, headers={"Accept": "text/html"}).status_code == 200


def test_the_home_page_counts_what_is_served(client: FlaskClient, release: Release) -> None:
    text = str(Text(client.get("/").text))
    assert f"{release.manifest.quads:,}" in text
    site: Site = client.application.extensions[NAME]
    rows = site.store.rows(
        "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a mgo:evidence ?e . ?a a/rdfs:subClassOf* mgo:Assertion }"
    )
    assert f"statements{int(rows[0]['n'].value):,}" in text.replace(" ", "")


def test_long_lists_come_in_pages(client: FlaskClient, release: Release) -> None:
    ours = "https://w3id.org/migov/ontology/"
    counts = {iri.removeprefix(ours): n for iri, n in release.manifest.counts.items() if iri.startswith(ours)}
    name = min((name for name, n in counts.items() if n > 2 * catalogue.PER_PAGE), key=lambda name: counts[name])
    first = client.get(f"/browse/{name}").text
    assert f"{counts[name]:,} in the graph" in first
    assert f'rel="next" href="/browse/{name}?page=2"' in first
    found: set[str] = set()
    path: str | None = f"/browse/{name}"
    while path:
        page = client.get(path).text
        listed = page.split("</h1>", 1)[1].split("</main>")[0]
        found |= set(re.findall(r'href="(/page/(?!ontology/)[^"/]+/[^"]+)"', listed))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following and following[1]
    assert len(found) == counts[name]
    for bad in ("0", "-1", "x", "1e3", "٣", "9" * 30):
        assert client.get(f"/browse/{name}", query_string={"page": bad}).status_code == 400


def test_every_limit_is_documented(small: FlaskClient) -> None:
    text = str(Text(small.get("/limits").text))
    for setting in LIMITS:
        assert setting.name in text
        assert setting.help in text
        assert wording.number(str(setting.default)) in text


def test_every_format_is_documented(small: FlaskClient) -> None:
    text = str(Text(small.get("/formats").text))
    for form in (*GRAPH_FORMATS, *BINDINGS_FORMATS):
        assert form.media_type in text
        assert form.key in text


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_every_problem_type_has_its_page(small: FlaskClient, problem: Problem) -> None:
    page = small.get(f"/problem/{problem.slug}").text
    assert problem.title in page
    assert problem.advice in unescape(page)
    assert f'href="/problem/{problem.slug}"' in small.get("/problem/").text


def test_the_dump_holds_the_whole_graph_in_every_format(small: FlaskClient, tiny: Release) -> None:
    page = small.get("/dump/").text
    for form in GRAPH_FORMATS:
        assert f'href="/dump/migov.{form.extension}"' in page
        answer = small.get(f"/dump/migov.{form.extension}", buffered=True)
        assert answer.headers["Content-Type"] == form.content_type
        assert answer.data == tiny.dump(form.extension).read_bytes()
    assert small.get("/validation.ttl", buffered=True).headers["Content-Type"].startswith("text/turtle")


def test_robots_stay_out_of_what_has_no_end(small: FlaskClient) -> None:
    assert "Disallow: /sparql" in small.get("/robots.txt").text
    assert small.get("/favicon.svg", buffered=True).mimetype == "image/svg+xml"


def test_every_page_query_says_what_it_is_for(small: FlaskClient) -> None:
    from migov import resources

    site: Site = small.application.extensions[NAME]
    files = sorted((resources.default().queries / "pages").glob("*.rq"))
    assert files
    for path in files:
        text = queries.text(f"pages/{path.name}")
        assert re.match(r"# title: .+\n# parameters: .+\n", text), path
        if "parameters: entity" in text:
            site.reader.rows(path.stem, entity=Iri("https://w3id.org/migov/id/org/iom"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2018-10-01", "1 October 2018"),
        ("2018-06", "June 2018"),
        ("2018", "2018"),
        ("2018-13-01", "2018-13-01"),
        ("long ago", "long ago"),
    ],
)
def test_a_date_is_as_precise_as_it_was(text: str, words: str) -> None:
    assert wording.date(text) == words


@pytest.mark.parametrize(
    ("start", "end", "status", "words"),
    [
        ("1998", "", "ongoing", "since 1998"),
        ("1998", "", "", "since 1998"),
        ("1998", "", "ended-unknown-day", "from 1998, ended on a day not known"),
        ("1998", "2003-05", "ended", "1998 to May 2003"),
        ("", "2003", "", "until 2003"),
        ("1998", "1998", "", "1998"),
        ("", "", "", ""),
    ],
)
def test_no_end_is_invented(start: str, end: str, status: str, words: str) -> None:
    assert wording.period(start, end, status) == words


def test_a_group_of_members_is_not_counted_as_one_more(client: FlaskClient) -> None:
    site: Site = client.application.extensions[NAME]
    rows = site.store.rows(
        "SELECT (COUNT(DISTINCT ?member) AS ?n) { ?member mgo:memberOf o:iom MINUS { ?member a foaf:Group } }"
    )
    count = int(rows[0]["n"].value)
    assert count > 100
    assert f", {count} members," in client.get("/page/org/iom").text
