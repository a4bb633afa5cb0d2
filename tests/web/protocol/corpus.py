"""The corpus: queries that run away, explode, nest or are no text, and requests whose framing lies."""

import zlib
from urllib.parse import urlencode

COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s skos:prefLabel ?l }"}
SMALL = "/sparql?" + urlencode(COUNT)
ALL = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(8))


def nest(count: int, start: str, middle: str, end: str, around: str) -> str:
    return around % (start * count + middle + end * count)


RUNAWAYS = {
    "cross product": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    "cross product with all columns": f"SELECT * {{ {ALL} }}",
    "cross product that shows nothing": f"SELECT * {{ {ALL} FILTER(STR(?c0) = CONCAT(STR(?c7), 'no')) }}",
    "cross product far away": f"SELECT * {{ {ALL} }} OFFSET 1000000000 LIMIT 1",
    "cross product built": f"CONSTRUCT {{ ?a0 ?b1 ?c2 . ?c3 ?b4 ?a5 }} {{ {ALL} }}",
    "cross product described": f"DESCRIBE * {{ {ALL} }}",
    "cross product asked": f"ASK {{ {ALL} FILTER(STR(?a0) = CONCAT(STR(?c7), 'no')) }}",
    "sorted": f"SELECT * {{ {ALL} }} ORDER BY RAND()",
    "distinct": f"SELECT DISTINCT * {{ {ALL} }}",
    "grouped": f"SELECT ?a0 (COUNT(DISTINCT ?c1) AS ?n) {{ {ALL} }} GROUP BY ?a0 ?a2 ?a3",
    "paths of any length": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"?a{i} (!<a:{i}>)* ?b{i} ." for i in range(6))
    + " }",
    "paths over each other": "SELECT * { ?x ((!<a:a>)*/(!<a:b>)*/(!<a:c>)*)* ?y . "
    "?y ((!<a:a>|^!<a:b>)+)* ?z . ?z (!<a:d>)* ?w . ?a ?b ?c . ?d ?e ?f }",
    "absence of everything": f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {ALL} FILTER(?a1 = ?s && ?c2 = 'no') }} }}",
    "optional without end": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o "
    + "".join(f"OPTIONAL {{ ?a{i} ?b{i} ?c{i} }} " for i in range(8))
    + "}",
    "union of cross products": "SELECT (COUNT(*) AS ?n) { " + " UNION ".join([f"{{ {ALL} }}"] * 12) + " }",
    "sub-select for each": f"SELECT * {{ ?s ?p ?o {{ SELECT (COUNT(*) AS ?n) {{ {ALL} }} }} }}",
    "many values crossed": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(5))
    + " }",
    "texts compared": f"SELECT * {{ {ALL} "
    "FILTER(REGEX(CONCAT("
    + ", ".join(f"STR(?{n}{i})" for n in "abc" for i in range(8))
    + "), '(.+)+$')) } ORDER BY ?c0",
    "planner": "SELECT * { ?s ?p " + ", ".join(map(str, range(1_500))) + " }",
}
BOMBS = {
    "doubled strings": "SELECT ?x30 { BIND('"
    + "a" * 64
    + "' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
    + " }",
    "replaced strings": "SELECT ?x20 { BIND('aaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(REPLACE(?x{i}, 'a', 'aaaaaaaa') AS ?x{i + 1})" for i in range(20))
    + " }",
    "concatenated groups": "SELECT (GROUP_CONCAT(CONCAT(STR(?a0), STR(?a1), STR(?a2))) AS ?x) "
    "{ ?a0 ?b0 ?c0 . ?a1 ?b1 ?c1 . ?a2 ?b2 ?c2 }",
    "encoded strings": "SELECT ?x9 { BIND('"
    + "é" * 2_000
    + "' AS ?x0) "
    + " ".join(f"BIND(ENCODE_FOR_URI(CONCAT(?x{i},?x{i},?x{i})) AS ?x{i + 1})" for i in range(9))
    + " }",
}
DEEP = {
    "groups": ("{", "", "}", "SELECT * { %s }"),
    "groups left open": ("{", "", "", "SELECT * { %s"),
    "brackets": ("(", "1", ")", "SELECT (%s AS ?x) {}"),
    "brackets left open": ("(", "", "", "SELECT (%s"),
    "functions": ("STR(", "1", ")", "SELECT (%s AS ?x) {}"),
    "absences": ("FILTER NOT EXISTS {", "?s ?p ?o", "}", "ASK { %s }"),
    "blank nodes": ("[ ?p ", "1", "]", "SELECT * { %s }"),
    "lists": ("( 1 ", "", ")", "SELECT * { ?s ?p %s }"),
    "triples": ("<<( ", "?s", " ?p ?o )>>", "SELECT * { ?a ?b %s }"),
    "paths": ("(", "<a:b>", ")*", "SELECT * { ?s %s ?o }"),
    "sub-selects": ("{ SELECT * ", "{}", "}", "SELECT * { %s }"),
    "negations": ("!", "?x", "", "SELECT (%s AS ?y) {}"),
    "signs": ("-", "1", "", "SELECT (%s AS ?y) {}"),
    "comments and groups": ("{ # }\n", "", "}", "SELECT * { %s }"),
}
ODD = {
    "NUL in a string": b"ASK { ?s ?p 'a\x00b' }",
    "NUL alone": b"\x00",
    "NUL by escape": b"ASK { ?s ?p '\\u0000' }",
    "every control character": b"ASK { ?s ?p '" + bytes(range(1, 9)) + b"' }",
    "broken UTF-8": b"ASK { ?s ?p '\xff\xfe\xc3' }",
    "overlong UTF-8": b"ASK { ?s ?p '\xc0\xaf' }",
    "half a character": b"ASK { ?s ?p '\xed\xa0\x80' }",
    "half a character by escape": b"ASK { ?s ?p '\\uD800' }",
    "a character beyond all": b"ASK { ?s ?p '\\UFFFFFFFF' }",
    "UTF-16": "ASK {}".encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbfASK {}",
    "right to left": "ASK { ?s ?p '\u202e}{\u2066' }".encode(),
    "unclosed string": b'SELECT * { ?s ?p "' + b"a" * 5_000,
    "unclosed long string": b'SELECT * { ?s ?p """' + b'"a' * 5_000,
    "unclosed IRI": b"SELECT * { ?s <" + b"a:" * 5_000,
    "backslashes": b"SELECT * { ?s ?p '" + b"\\" * 5_001 + b"' }",
    "an IRI of 60 KiB": b"ASK { ?s ?p <http://example.org/" + b"a" * 61_000 + b"> }",
    "a variable of 60 KiB": b"ASK { ?" + b"a" * 61_000 + b" ?p ?o }",
    "a number of 60 KiB": b"SELECT (" + b"9" * 61_000 + b" AS ?x) {}",
    "a large exponent": b"SELECT (1e999999999 * 1e-999999999 AS ?x) (9e99999 AS ?y) {}",
    "a comment alone": b"#" * 60_000,
    "blanks alone": b" " * 60_000,
    "line ends": b"ASK {}" + b"\r\n" * 30_000,
    "six hundred prefixes": b"PREFIX : <a:> " * 600 + b"ASK {}",
    "words alone": b"SELECT " * 8_000,
    "an HTML page": b"<!doctype html><script>alert(1)</script>",
    "an XML entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "a zip bomb's start": zlib.compress(b"ASK {}" * 10_000),
}


HOST = b"Host: x\r\nConnection: close\r\n"
DIRECT = b"Content-Type: application/sparql-query\r\n"
POST = b"POST /sparql HTTP/1.1\r\n" + HOST + DIRECT
HEADERS = {
    "two lengths": (POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {} ", {400}),
    "two lengths in one": (POST + b"Content-Length: 6, 7\r\n\r\nASK {} ", {400}),
    "two equal lengths": (POST + b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {}", {200, 400}),
    "no number for a length": (POST + b"Content-Length: six\r\n\r\nASK {}", {400}),
    "a signed length": (POST + b"Content-Length: +6\r\n\r\nASK {}", {400}),
    "a negative length": (POST + b"Content-Length: -6\r\n\r\nASK {}", {400}),
    "a length beyond numbers": (POST + b"Content-Length: 99999999999999999999999\r\n\r\nASK {}", {400, 413}),
    "a body shorter than its length": (POST + b"Content-Length: 60\r\n\r\nASK {}", {0, 400, 408}),
    "a length and chunks": (
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
        {200, 400},
    ),
    "chunks twice": (
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
        {200, 400},
    ),
    "an unknown transfer coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n", {400, 501}),
    "chunked before another": (POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n", {400, 501}),
    "a blank before the colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n", {400}),
    "a chunk beyond numbers": (POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nASK {}", {0, 400}),
    "a chunk without end": (POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n", {0, 400, 408}),
    "chunks of one byte": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(b"1\r\n%c\r\n" % c for c in b"ASK {}") + b"0\r\n\r\n",
        {200},
    ),
    "a trailer": (POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\nX: y\r\n\r\n", {200, 400}),
    "a folded header": (b"GET /about HTTP/1.1\r\n" + HOST + b"Accept: text/html\r\n ,text/turtle\r\n\r\n", {200, 400}),
    "NUL in a header": (b"GET /about HTTP/1.1\r\n" + HOST + b"Accept: a\x00b\r\n\r\n", {400}),
    "CR in a header": (b"GET /about HTTP/1.1\r\n" + HOST + b"Accept: a\rX: b\r\n\r\n", {400}),
    "bytes beyond ASCII in a header": (b"GET /about HTTP/1.1\r\n" + HOST + b"Accept: \xff\xfe\r\n\r\n", {200, 400}),
    "a nameless header": (b"GET /about HTTP/1.1\r\n" + HOST + b": x\r\n\r\n", {400}),
    "a header of 1 MiB": (b"GET /about HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 2**20 + b"\r\n\r\n", {0, 431, 400}),
    "an Accept of 100 KiB": (
        b"GET /id/org/o1 HTTP/1.1\r\n" + HOST + b"Accept: " + b"text/x,;" * 12_500 + b"\r\n\r\n",
        {303, 431, 406, 400},
    ),
    "ten thousand headers": (b"GET /about HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 10_000 + b"\r\n", {0, 431, 400}),
    "no host": (b"GET /about HTTP/1.1\r\nConnection: close\r\n\r\n", {400}),
    "two hosts": (b"GET /about HTTP/1.1\r\nHost: a\r\n" + HOST + b"\r\n", {400}),
    "an upgrade": (
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\nAccept: text/turtle\r\n\r\n",
        {200, 400},
    ),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {0, 400, 505}),
    "a method in lower case": (b"get /about HTTP/1.1\r\n" + HOST + b"\r\n", {400, 501}),
    "a method of 1 KiB": (b"A" * 1024 + b" /about HTTP/1.1\r\n" + HOST + b"\r\n", {400, 501}),
    "CONNECT": (b"CONNECT example.org:443 HTTP/1.1\r\n" + HOST + b"\r\n", {400, 404, 405, 501}),
    "TRACE": (b"TRACE /about HTTP/1.1\r\n" + HOST + b"Cookie: secret\r\n\r\n", {405}),
    "an address with a fragment": (b"GET /about#x HTTP/1.1\r\n" + HOST + b"\r\n", {200, 400, 404}),
    "a path that climbs": (b"GET /static/../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", {400, 404}),
    "a path that climbs in hex": (
        b"GET /static/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\n" + HOST + b"\r\n",
        {400, 404},
    ),
    "a QUERY without a type": (b"QUERY /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: 6\r\n\r\nASK {}", {415}),
    "a QUERY": (b"QUERY /sparql HTTP/1.1\r\n" + HOST + DIRECT + b"Content-Length: 6\r\n\r\nASK {}", {200}),
    "a body in advance": (POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\nASK {}", {100, 200}),
    "two types": (POST + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nASK {}", {415}),
    "a range": (b"GET " + SMALL.encode() + b" HTTP/1.1\r\n" + HOST + b"Range: bytes=0-1,2-3,4-5\r\n\r\n", {200}),
    "forwarded": (
        b"GET /sparql HTTP/1.1\r\n"
        + HOST
        + b"Accept: text/turtle\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n\r\n",
        {200},
    ),
    "a rewritten address": (
        b"GET /about HTTP/1.1\r\n" + HOST + b"X-Original-URL: /metrics\r\nX-HTTP-Method-Override: DELETE\r\n\r\n",
        {200},
    ),
}
