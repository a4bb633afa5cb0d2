"""HEAD is GET without a body (RFC 9110, 9.3.2), and OPTIONS tells what there is, at every kind of address."""

import pytest
from flask.testing import FlaskClient

ASK = "/sparql?query=ASK%20%7B%7D"
ADDRESSES = [
    "/", "/about", "/limits", "/formats", "/problem/", "/problem/query-timeout", "/browse", "/sources", "/library",
    "/search?q=migration", "/robots.txt", "/favicon.ico", "/static/site.css", "/.well-known/void", "/data/dataset.ttl",
    "/id/org/iom", "/page/org/iom", "/data/org/iom.ttl", "/data/org/iom.nq", "/ontology/", "/page/ontology",
    "/data/ontology.nt", "/graph/ontology", "/graph-store?default", "/dump/", "/dump/migov.ttl", "/dump/migov.nq",
    "/sparql", ASK, "/sparql?query=ASK%20%7B", "/id/org/nobody", "/nothing", "/graph-store",
]  # fmt: skip


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "*/*"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_a_body(small: FlaskClient, address: str, accept: str) -> None:
    got = small.get(address, headers={"Accept": accept}, buffered=True)
    head = small.head(address, headers={"Accept": accept}, buffered=True)
    assert head.data == b""
    assert head.status_code == got.status_code
    for name in ("Content-Type", "Content-Length", "ETag", "Location", "Vary", "Link", "Cache-Control"):
        assert head.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("address", ADDRESSES[:-4])
def test_options_tell_the_methods_to_scripts(small: FlaskClient, address: str) -> None:
    answer = small.options(address, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"})
    assert answer.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.data == b""
